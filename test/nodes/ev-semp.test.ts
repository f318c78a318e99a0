import { strict as assert } from "node:assert";
import { createServer } from "node:http";
import type { NodeMessage } from "node-red";
import type { AllocationMessage } from "../../lib/messages.ts";
import { em2Device } from "../managers/semp/open-door.ts";
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

const TYPES = ["ev-site", "ev-zone", "ev-charge-point", "ev-dlm", "ev-semp", "ev-modbus-server"];
const SITE = { id: "site", type: "ev-site", dataDir };
const MAIN = { id: "z-main", type: "ev-zone", site: "site", name: "main", limitA: [32, 32, 32] };
const DLM = { id: "dlm", type: "ev-dlm", zone: "z-main", cycleS: 1, rampUpAps: 100, wires: [["alloc"], [], []] };
const CHARGER = { id: "cp", type: "ev-charge-point", centralSystem: "", identity: "CP1", zone: "z-main" };
const OUTPUTS: FlowNode[] = ["alloc", "out"].map((id) => ({ id, type: "helper" }));

describe("ev-semp", () => {
  let port: number;

  beforeEach(async () => {
    port = await freePort();
  });

  afterEach(stop);

  const server = (more: object = {}): FlowNode => ({
    ...{ id: "server", type: "ev-semp", site: "site", host: "127.0.0.1", port, announce: false, wires: [["out"]] },
    ...more,
  });
  const flow = (...more: FlowNode[]): FlowNode[] => [SITE, MAIN, DLM, CHARGER, ...OUTPUTS, ...more];
  const listens = () => until("it listens", () => lastStatus("server")?.fill === "green");
  const get = async () => (await fetch(`http://127.0.0.1:${port}/semp`)).text();
  const deviceId = async () => /<DeviceId>([^<]+)/.exec(await get())![1]!;
  const post = async (body: string) => (await fetch(`http://127.0.0.1:${port}/semp`, { method: "POST", body })).status;
  const allocated = (limitA: number) => {
    const message = { topic: "connector/CP1/1", payload: { state: "charging", measuredA: [10, 10, 10] } };
    const charging = setInterval(() => node("dlm").receive(message as NodeMessage), 500);
    const found = nextMessage<AllocationMessage>("alloc", ({ payload }) => payload.limitA === limitA, 20_000);
    return found.finally(() => clearInterval(charging));
  };

  it("shows chargers, and takes no recommendations until a person allows them", async () => {
    await deploy(TYPES, flow(server()));
    await listens();
    assert.match(lastStatus("server")?.text ?? "", /^1 connector · :\d+$/);
    const told = nextMessage("out");
    assert.equal(await post(em2Device(await deviceId(), false)), 403);
    assert.deepEqual((await told).payload, {
      writer: "127.0.0.1",
      deviceId: null,
      on: null,
      powerW: null,
      refused: "readOnly",
    });
  });

  it("limits a charger for a while: the reason names the manager, and when that is silent what was agreed holds", async () => {
    await deploy(TYPES, flow(server({ writable: true, leaseS: 10, fallbackA: 12 })));
    await listens();
    await allocated(12);
    const id = await deviceId();
    const began = nextMessage("out", ({ topic }) => topic === "lease/CP1/1");
    const lowered = allocated(8);
    assert.equal(await post(em2Device(id, true, 5520)), 200);
    const { payload } = await lowered;
    assert.match(payload.text, /^8 A: HEMS 127\.0\.0\.1 allows 8 A until (?:[\d-]+ )?\d+:\d\d$/);
    const lease = (await began) as NodeMessage & { chargePoint?: string; payload: { state: string; limitA: number } };
    assert.deepEqual([lease.chargePoint, lease.payload.state, lease.payload.limitA], ["CP1", "began", 8]);
    await until("the status tells it", () => lastStatus("server")?.fill === "blue");
    await allocated(12);
    await listens();
  });

  it("says that it takes no signals while a person sets managers aside", async () => {
    await deploy(TYPES, flow(server({ writable: true, leaseS: 600 })));
    await allocated(32);
    const id = await deviceId();
    await post(em2Device(id, true, 5520));
    await allocated(8);
    assert.ok((await get()).includes("<EMSignalsAccepted>true"));
    const aside = { topic: "override/CP1/1", payload: { aside: true, hours: 1, reason: "guests" }, by: "Anna" };
    node("dlm").receive(aside as NodeMessage);
    await allocated(32);
    // What a manager is shown may be a moment older than the allocation: facts of a site serve all that is asked at about one time.
    await until("it is shown", async () => (await get()).includes("<EMSignalsAccepted>false"));
    node("dlm").receive({ topic: "override/end", payload: { target: "CP1/1" } } as NodeMessage);
    await allocated(8);
    await redeploy(flow());
    await allocated(32);
  });

  it("is red while its port is taken, and names both places where both are ours", async () => {
    const modbus = {
      id: "other",
      type: "ev-modbus-server",
      name: "BMS",
      site: "site",
      host: "127.0.0.1",
      port,
      wires: [[]],
    };
    await deploy(TYPES, flow(modbus, server({ name: "SMA" })));
    const both = () => [...errorsOf("server"), ...errorsOf("other")];
    await until("one of them says so", () => both().length > 0);
    assert.match(both()[0]!.message, /ev-semp "SMA" \(server\)/);
    assert.match(both()[0]!.message, /ev-modbus-server "BMS" \(other\)/);
    await redeploy(flow());
    const stranger = createServer().listen(port, "127.0.0.1");
    await redeploy(flow(server()));
    const says = () => errorsOf("server").some(({ message }) => /^port \d+ is in use already/.test(message));
    await until("it says so", says);
    assert.equal(lastStatus("server")?.fill, "red");
    await new Promise((resolve) => stranger.close(resolve));
  });
});
