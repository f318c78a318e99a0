import { strict as assert } from "node:assert";
import type { NodeMessage } from "node-red";
import type { LimitResult } from "../../lib/messages.ts";
import type { EvCentralSystemNode } from "../../nodes/runtime/node-types.ts";
import { Charger } from "./charger.ts";
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

const TYPES = ["ev-site", "ev-zone", "ev-central-system", "ev-charge-point", "ev-charging-profile"];

type ResultMessage = { topic: string; chargePoint: string; connector: number; payload: LimitResult };

describe("ev-charging-profile", () => {
  let port: number;
  let charger: Charger;

  beforeEach(async () => {
    port = await freePort();
    charger = new Charger();
  });

  afterEach(async () => {
    charger.close();
    await stop();
  });

  const flow = (properties: object = {}, chargePoint: object = {}): FlowNode[] => [
    { id: "site", type: "ev-site", dataDir },
    { id: "cs", type: "ev-central-system", site: "site", host: "127.0.0.1", port },
    { id: "cp", type: "ev-charge-point", centralSystem: "cs", identity: "CP1", ...chargePoint },
    { id: "limit", type: "ev-charging-profile", wires: [["out"]], ...properties },
    { id: "out", type: "helper" },
    { id: "catch", type: "catch", scope: ["limit"], wires: [["caught"]] },
    { id: "caught", type: "helper" },
  ];

  const start = async (properties: object = {}, chargePoint: object = {}): Promise<void> => {
    await deploy(TYPES, flow(properties, chargePoint));
    await until("the port is open", () => lastStatus("cs")?.text === "ev-central-system.status.open");
    const armed = charger.next("SetChargingProfile");
    await charger.connect(port);
    await charger.status("Charging");
    await armed;
  };
  const ask = (message: object): void => void node("limit").receive(message as NodeMessage);
  const byHand = (payload: unknown) => ({ chargePoint: "CP1", connector: 1, payload });
  const result = (accept: (message: ResultMessage) => boolean = () => true) =>
    nextMessage<ResultMessage>("out", accept);

  for (const payload of [10, { limitA: 10 }]) {
    it(`writes a limit given as ${JSON.stringify(payload)} and says what became of it`, async () => {
      await start();
      const lease = charger.nextLeaseA();
      const answer = result(({ payload }) => payload.status === "accepted");
      ask(byHand(payload));
      assert.equal(await lease, 10);
      const { topic, chargePoint, connector, payload: became } = await answer;
      assert.deepEqual([topic, chargePoint, connector], ["limit/CP1/1", "CP1", 1]);
      assert.equal(became.acceptedA, 10);
      assert.match(lastStatus("limit")?.text ?? "", /^10 A until \d\d:\d\d:\d\d, not verified yet; 10 A asked$/);
      assert.equal(lastStatus("limit")?.fill, "green");
    });
  }

  it("shows that the charger's own schedule confirms the limit, and until when", async () => {
    await start();
    charger.answer = (action) =>
      action === "GetCompositeSchedule"
        ? {
            status: "Accepted",
            chargingSchedule: {
              chargingRateUnit: "A",
              chargingSchedulePeriod: [
                { startPeriod: 0, limit: 10 },
                { startPeriod: 178, limit: 6 },
              ],
            },
          }
        : { status: "Accepted" };
    const verified = result(({ payload }) => payload.verified === "composite");
    ask(byHand(10.04));
    const { payload } = await verified;
    assert.deepEqual([payload.requestedA, payload.sentA, payload.acceptedA], [10.04, 10, 10]);
    const shown = /^10 A until \d\d:\d\d:\d\d, schedule checked; 10\.04 A asked, 10 A sent$/;
    await until("the status tells", () => shown.test(lastStatus("limit")?.text ?? ""));
  });

  it("releases to the safe current on null", async () => {
    await start();
    ask(byHand(16));
    await charger.nextLeaseA();
    const lease = charger.nextLeaseA();
    ask(byHand(null));
    assert.equal(await lease, 6);
  });

  for (const [what, change] of [
    ["deleted", (nodes: FlowNode[]) => nodes.filter(({ id }) => id !== "limit")],
    [
      "given a lease that cannot be",
      (nodes: FlowNode[]) => nodes.map((one) => (one.id === "limit" ? { ...one, leaseS: 1 } : one)),
    ],
  ] as const) {
    it(`stands behind its limits no more once the node is ${what}`, async () => {
      await deploy(TYPES, flow());
      const { limiter } = node<EvCentralSystemNode>("cs").site!;
      const withdrawn: string[] = [];
      limiter.withdraw = (source) => withdrawn.push(source);
      await redeploy(flow());
      assert.deepEqual(withdrawn, []);
      await redeploy(change(flow()));
      assert.deepEqual(withdrawn, ["limit"]);
    });
  }

  it("leases as its dialog says", async () => {
    await start({ leaseS: 90, refreshS: 30 });
    ask(byHand(16));
    const { csChargingProfiles } = (await charger.next("SetChargingProfile")) as {
      csChargingProfiles: { chargingSchedule: { chargingSchedulePeriod: { startPeriod: number }[] } };
    };
    assert.equal(csChargingProfiles.chargingSchedule.chargingSchedulePeriod[1]?.startPeriod, 150);
  });

  it("writes no more than the safe current in a zone whose load management has not spoken", async () => {
    await deploy(TYPES, [
      ...flow({}, { zone: "zone1" }),
      { id: "zone1", type: "ev-zone", site: "site", name: "garage" },
    ]);
    await until("the port is open", () => lastStatus("cs")?.text === "ev-central-system.status.open");
    const armed = charger.next("SetChargingProfile");
    await charger.connect(port);
    await charger.status("Charging");
    await armed;
    const lease = charger.nextLeaseA();
    ask({ ...byHand({ limitA: 32, ts: new Date().toISOString(), cycleS: 5 }), zone: "zone1" });
    assert.equal(await lease, 6);
  });

  it("shows and reports a charge point that is not connected", async () => {
    await deploy(TYPES, flow());
    const answer = result();
    ask(byHand(10));
    assert.equal((await answer).payload.status, "offline");
    assert.equal(lastStatus("limit")?.text, "1 of 1 not confirmed: CP1/1 offline");
    assert.equal(lastStatus("limit")?.fill, "yellow");
  });

  it("tells what a charge point that refuses needs", async () => {
    await start();
    charger.answer = (action) => ({ status: action === "SetChargingProfile" ? "Rejected" : "Accepted" });
    const answer = result();
    ask(byHand(10));
    const { payload } = await answer;
    assert.equal(payload.status, "rejected");
    assert.match(payload.hint ?? "", /allow control by an external system/);
  });

  it("gives results only to the node that fed the connector", async () => {
    await deploy(TYPES, [
      ...flow(),
      { id: "other", type: "ev-charging-profile", wires: [["otherOut"]] },
      { id: "otherOut", type: "helper" },
    ]);
    let heard = 0;
    node("otherOut").on("input", () => heard++);
    const answer = result();
    ask(byHand(10));
    await answer;
    assert.equal(heard, 0);
  });

  it("leaves a charge point without OCPP to its flow", async () => {
    await deploy(TYPES, [
      ...flow({}, { centralSystem: "", zone: "zone1" }),
      { id: "zone1", type: "ev-zone", site: "site", name: "garage" },
    ]);
    ask(byHand(10));
    ask({ ...byHand(10), chargePoint: "nobody" });
    await nextMessage("caught");
    assert.equal(errorsOf("limit").length, 1);
  });

  const bad: [object, RegExp][] = [
    [{ connector: 1, payload: 10 }, /^chargePoint is undefined; it must be the identity of a charge point$/],
    [
      { chargePoint: "nobody", connector: 1, payload: 10 },
      /^chargePoint is "nobody"; it must be the identity of an ev-charge-point$/,
    ],
    [{ chargePoint: "CP1", payload: 10 }, /^connector is undefined/],
    [{ chargePoint: "CP1", connector: "1", payload: 10 }, /^connector is "1"; it must be a whole number from 1$/],
    [{ chargePoint: "CP1", connector: 2, payload: 10 }, /^connector 2 of CP1 is not configured/],
    [{ chargePoint: "CP1", connector: 1, payload: -1 }, /^payload is -1/],
    [{ chargePoint: "CP1", connector: 1, payload: "10" }, /^payload is "10"/],
    [{ chargePoint: "CP1", connector: 1, payload: Number.NaN }, /^payload is NaN/],
    [{ chargePoint: "CP1", connector: 1, payload: {} }, /^payload\.limitA is undefined; it must be a current in A/],
    [{ chargePoint: "CP1", connector: 1, payload: { limitA: [10] } }, /^payload\.limitA is \[10\]/],
    [{ chargePoint: "CP1", connector: 1, zone: "z", payload: { limitA: 10, ts: "soon" } }, /^payload\.ts is "soon"/],
  ];
  for (const [message, text] of bad) {
    it(`refuses ${JSON.stringify(message)} by name, and changes nothing`, async () => {
      await deploy(TYPES, flow());
      const caught = nextMessage<NodeMessage & { error: { message: string; code: string } }>("caught");
      ask(message);
      const { error } = await caught;
      assert.match(error.message.replace(/^EvError: /, ""), text);
      assert.equal(error.code, "EV_MESSAGE_INVALID");
    });
  }

  for (const [properties, text] of [
    [{ leaseS: 30 }, /leaseS is 30; it must be a number from 60 to 900/],
    [{ leaseS: 90 }, /refreshS is .*; it must be at least 30 s below leaseS \(90 s\)/],
    [{ minIncreaseS: -1 }, /minIncreaseS is -1/],
  ] as const) {
    it(`is red with ${JSON.stringify(properties)}, and fails inputs`, async () => {
      await deploy(TYPES, flow(properties));
      assert.match(errorsOf("limit")[0]?.message ?? "", text);
      assert.equal(lastStatus("limit")?.fill, "red");
      const caught = nextMessage("caught");
      ask(byHand(10));
      await caught;
    });
  }
});
