import { strict as assert } from "node:assert";
import type { NodeMessage } from "node-red";
import type { AllocationMessage } from "../../lib/messages.ts";
import type { EvZoneNode } from "../../nodes/runtime/node-types.ts";
import { type Client, connect, exceptionOf, registers } from "../managers/modbus/client.ts";
import { signedIn } from "../rights/signed-in.ts";
import {
  dataDir,
  deploy,
  errorsOf,
  type FlowNode,
  freePort,
  lastStatus,
  nextMessage,
  node,
  redeploy,
  stop,
  until,
} from "./helper.ts";

const TYPES = ["ev-site", "ev-zone", "ev-charge-point", "ev-dlm", "ev-modbus-server"];
const SITE = { id: "site", type: "ev-site", dataDir };
const MAIN = { id: "z-main", type: "ev-zone", site: "site", name: "main", limitA: [32, 32, 32] };
const DLM = { id: "dlm", type: "ev-dlm", zone: "z-main", cycleS: 1, rampUpAps: 100, wires: [["alloc"], [], []] };
const charger = (identity: string): FlowNode => ({
  id: `node-${identity}`,
  type: "ev-charge-point",
  centralSystem: "",
  identity,
  zone: "z-main",
});
const OUTPUTS: FlowNode[] = ["alloc", "out"].map((id) => ({ id, type: "helper" }));

describe("ev-modbus-server", () => {
  let port: number;
  const clients: Client[] = [];

  beforeEach(async () => {
    port = await freePort();
  });

  afterEach(async () => {
    for (const client of clients.splice(0)) client.destroy(() => {});
    await stop();
  });

  const server = (more: object = {}): FlowNode => ({
    ...{ id: "server", type: "ev-modbus-server", site: "site", host: "127.0.0.1", port, wires: [["out"]] },
    ...more,
  });
  const flow = (...more: FlowNode[]): FlowNode[] => [SITE, MAIN, DLM, charger("CP1"), ...OUTPUTS, ...more];
  const listens = () => until("it listens", () => lastStatus("server")?.fill === "green");
  const dial = async (): Promise<Client> => {
    const client = await connect(port);
    clients.push(client);
    return client;
  };
  const charge = () =>
    node("dlm").receive({
      topic: "connector/CP1/1",
      payload: { state: "charging", measuredA: [10, 10, 10] },
    } as NodeMessage);
  const allocated = (limitA: number) => {
    const charging = setInterval(charge, 500);
    const found = nextMessage<AllocationMessage>("alloc", ({ payload }) => payload.limitA === limitA, 20_000);
    return found.finally(() => clearInterval(charging));
  };

  it("shows chargers, and takes no writes until a person allows them", async () => {
    await deploy(TYPES, flow(server()));
    await listens();
    assert.match(lastStatus("server")?.text ?? "", /^1 connector · :\d+$/);
    const client = await dial();
    assert.deepEqual(await registers(client, 0, 3), [1, 1, 1]);
    const told = nextMessage("out");
    assert.equal(await exceptionOf(client.writeRegister(1040, 60)), 1);
    assert.deepEqual((await told).payload, {
      writer: "127.0.0.1",
      register: 1040,
      name: null,
      value: null,
      refused: "readOnly",
    });
  });

  it("lets a writer lower a charger for a while: the reason names it, and the charger comes back by itself", async () => {
    await deploy(TYPES, flow(server({ writable: true, leaseS: 10 })));
    await listens();
    await allocated(32);
    const client = await dial();
    const began = nextMessage("out", ({ topic }) => topic === "lease/CP1/1");
    const lowered = allocated(8);
    await client.writeRegister(1040, 80);
    const { payload } = await lowered;
    assert.equal(payload.reasons[0]?.code, "BMS");
    assert.match(payload.text, /^8 A: BMS 127\.0\.0\.1 allows 8 A until (?:[\d-]+ )?\d+:\d\d$/);
    const lease = (await began) as NodeMessage & { chargePoint?: string; payload: { state: string; limitA: number } };
    assert.deepEqual([lease.chargePoint, lease.payload.state, lease.payload.limitA], ["CP1", "began", 8]);
    await until("the status tells it", () => lastStatus("server")?.fill === "blue");
    const ended = nextMessage<NodeMessage & { payload: { state: string } }>(
      "out",
      (m) => m.payload.state === "ended",
      15_000,
    );
    await allocated(32);
    await ended;
    await listens();
  });

  it("a deploy ends no word of a writer, its removal ends them all, and a person sets them aside", async () => {
    await deploy(TYPES, flow(server({ writable: true, leaseS: 600 })));
    await listens();
    await (await dial()).writeRegister(1040, 80);
    await allocated(8);
    await redeploy(flow(server({ writable: true, leaseS: 600, name: "again" })));
    await allocated(8);
    const aside = { topic: "override/CP1/1", payload: { aside: true, hours: 1, reason: "guests" }, by: "Anna" };
    node("dlm").receive(aside as NodeMessage);
    await allocated(32);
    node("dlm").receive({ topic: "override/end", payload: { target: "CP1/1" } } as NodeMessage);
    await allocated(8);
    await redeploy(flow());
    await allocated(32);
  });

  it("a person with the right sets a writer aside for a while; who did, and why, is logged, and it ends by itself", async () => {
    const people = { otherUsers: "viewer", roles: [{ user: "ana", role: "operator" }] };
    await deploy(
      TYPES,
      flow(server({ writable: true, leaseS: 600 })).map((one) => (one.id === "site" ? { ...one, ...people } : one)),
    );
    await listens();
    await (await dial()).writeRegister(1040, 80);
    await allocated(8);
    const aside = { topic: "override/CP1/1", payload: { aside: true, hours: 0.001, reason: "guests" } };
    node("dlm").receive({ ...aside, ...signedIn("eve") } as NodeMessage);
    await until("it is refused", () => errorsOf("dlm").length > 0);
    assert.match(errorsOf("dlm")[0]!.message, /eve/);
    const free = allocated(32);
    node("dlm").receive({ ...aside, ...signedIn("ana") } as NodeMessage);
    await free;
    await allocated(8);
    const { site } = node("z-main") as EvZoneNode;
    const log = () => site!.store.audit.find({ fromWallMs: 0, toWallMs: Date.now() + 1000, most: 10 });
    await until("both are in the log", () => log().length === 2);
    assert.deepEqual(
      log()
        .map(({ user, allowed, reason }) => [user, allowed, reason])
        .sort(),
      [
        ["ana", true, "guests"],
        ["eve", false, "guests"],
      ],
    );
  });

  it("gives each connector what was agreed while no writer speaks", async () => {
    await deploy(TYPES, flow(server({ writable: true, fallbackA: 7 })));
    const { payload } = await allocated(7);
    assert.match(payload.text, /^7 A: no energy manager speaks, so 7 A is agreed$/);
  });

  it("is red while its connector is gone, and listens once it is there", async () => {
    await deploy(TYPES, flow(server({ connector: "CP2/1" })));
    await until("it says so", () => lastStatus("server")?.fill === "red");
    assert.match(errorsOf("server")[0]?.message ?? "", /^connector: CP2\/1 is missing/);
    await redeploy([...flow(server({ connector: "CP2/1" })), charger("CP2")]);
    await listens();
  });

  it("is red while another server of ours has its port, and names both", async () => {
    const other = { ...server({ name: "GX" }), id: "other", wires: [[]] };
    await deploy(TYPES, flow(other, server({ name: "BMS" })));
    const both = () => [...errorsOf("server"), ...errorsOf("other")];
    await until("one of them says so", () => both().length > 0);
    assert.equal(both().length, 1);
    assert.match(both()[0]!.message, /^port "\d+" is claimed by ev-modbus-server "(GX|BMS)".* and by ev-modbus-server/);
  });
});
