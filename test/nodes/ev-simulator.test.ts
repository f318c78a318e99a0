import { strict as assert } from "node:assert";
import testHelper from "node-red-node-test-helper";
import { drawOf } from "../../lib/simulator/charger/car/draws.ts";
import type { SimulatedState } from "../../lib/simulator/charger/state.ts";
import { TestCentral } from "../simulator/central.ts";
import { deploy, errorsOf, type FlowNode, lastStatus, nextMessage, node, redeploy, stop, until } from "./helper.ts";

interface StateMessage {
  topic: string;
  chargePoint: string;
  payload: Omit<SimulatedState, "transactionId"> & { transactionId: string | null };
}

describe("ev-simulator", () => {
  let central: TestCentral;
  const flow = (change: Record<string, unknown> = {}): FlowNode[] => [
    { id: "car", type: "ev-simulator", url: central.url, identity: "CP1", wires: [["out"]], ...change },
    { id: "catch1", type: "catch", scope: ["car"], wires: [["errors"]] },
    { id: "out", type: "helper" },
    { id: "errors", type: "helper" },
  ];
  const state = (accept: (message: StateMessage) => boolean): Promise<StateMessage> => nextMessage("out", accept);

  beforeEach(async () => {
    central = await new TestCentral().listening();
  });
  afterEach(async () => {
    await stop();
    await central.close();
  });

  it("connects, charges on the phases it is wired to and says so", async () => {
    await deploy(["ev-simulator"], flow({ phases: "1", rotation: "STR" }));
    const message = await state(({ payload }) => payload.currentA[0] > 1);
    assert.equal(message.topic, "simulator/CP1");
    assert.equal(message.chargePoint, "CP1");
    assert.equal(message.payload.status, "Charging");
    assert.equal(message.payload.online, true);
    assert.equal(message.payload.limitA, 16);
    assert.deepEqual(message.payload.siteCurrentA, [0, message.payload.currentA[0], 0]);
    await until("a status of the current", () => /^\d+\.\d A · /.test(lastStatus("car")?.text ?? ""));
    await until("a green status", () => lastStatus("car")?.fill === "green");
  });

  it("sends its password", async () => {
    await deploy(["ev-simulator"], flow(), { car: { password: "sesame" } });
    await until("a connection", () => central.connected);
    assert.equal(central.authorization, `Basic ${Buffer.from("CP1:sesame").toString("base64")}`);
  });

  it("acts out a model of the market, and serves the list of them to the dialog", async () => {
    await deploy(["ev-simulator"], flow({ vendorModel: "huawei", behaviour: "slow,noTrigger" }));
    await state(({ payload }) => payload.online);
    assert.equal(central.of("BootNotification")[0]?.["chargePointVendor"], "HUAWEI");
    const { body } = await testHelper.request().get("/ev-charging/simulated-models").expect(200);
    const huawei = (body as { id: string; name: string }[]).find(({ id }) => id === "huawei");
    assert.match(huawei?.name ?? "", /^Huawei/);
  });

  it("is yellow while it is not connected", async () => {
    central.reachable = false;
    await deploy(["ev-simulator"], flow({ plugged: false }));
    await until("a yellow status", () => lastStatus("car")?.fill === "yellow");
    assert.match(lastStatus("car")?.text ?? "", /^0\.0 A · /);
  });

  it("plugs and unplugs, and plays behaviours, as its input says", async () => {
    await deploy(["ev-simulator"], flow({ plugged: "false" }));
    await state(({ payload }) => payload.online);
    node("car").receive({ payload: "plug" } as never);
    await state(({ payload }) => payload.status === "Preparing" && payload.transactionId === "101");
    node("car").receive({ payload: { behaviour: "fault" } } as never);
    await state(({ payload }) => payload.status === "Faulted");
    await until("a red status", () => lastStatus("car")?.fill === "red");
    node("car").receive({ payload: { plugged: false, behaviour: "normal" } } as never);
    await state(({ payload }) => payload.status === "Available");
  });

  const bad: [unknown, RegExp][] = [
    ["charge", /: payload is "charge"/],
    [{ plugged: 1 }, /: payload\.plugged is 1/],
    [{ behaviour: "mad" }, /: payload\.behaviour is "mad"/],
    [{ wantA: "much" }, /: payload\.wantA/],
  ];
  it("refuses what it does not understand, naming the field", async () => {
    await deploy(["ev-simulator"], flow({ plugged: false }));
    for (const [payload, text] of bad) {
      const caught = nextMessage<{ error: { message: string; code?: string } }>("errors");
      node("car").receive({ payload } as never);
      const { error } = await caught;
      assert.match(error.message, text);
      assert.equal(error.code, "EV_MESSAGE_INVALID");
    }
  });

  const wrong: [string, Record<string, unknown>, RegExp][] = [
    ["an empty identity", { identity: "" }, /^identity is empty/],
    ["an address that is none", { url: "http://127.0.0.1" }, /^url is "http:\/\/127\.0\.0\.1"/],
    ["a maximum below 6 A", { maxA: "5" }, /^maxA is "5"/],
    ["four phases", { phases: 4 }, /^phases is 4/],
    ["an unknown rotation", { rotation: "SST" }, /^rotation is "SST"/],
    ["an unknown behaviour", { behaviour: "mad" }, /^behaviour is "mad"/],
    ["an unknown one among several", { behaviour: "slow,mad" }, /^behaviour is "slow,mad"/],
    ["an unknown model", { vendorModel: "nobody" }, /^vendorModel is "nobody"/],
  ];
  for (const [what, change, text] of wrong) {
    it(`refuses ${what}, and its input then fails`, async () => {
      await deploy(["ev-simulator"], flow(change));
      await until("an error", () => errorsOf("car").length > 0);
      assert.match(errorsOf("car")[0]!.message, text);
      assert.equal(lastStatus("car")?.fill, "red");
      const caught = nextMessage<{ error: { code?: string } }>("errors");
      node("car").receive({ payload: "plug" } as never);
      assert.equal((await caught).error.code, "EV_CONFIG_INVALID");
    });
  }

  it("leaves its connection and its car alone in a deploy that does not change it", async () => {
    await deploy(["ev-simulator"], flow());
    await state(({ payload }) => payload.transactionId === "101");
    await redeploy(flow());
    await state(({ payload }) => payload.status === "Charging" && payload.transactionId === "101");
    assert.equal(central.of("BootNotification").length, 1);
  });

  it("starts anew when it is changed, and is gone when it is deleted", async () => {
    await deploy(["ev-simulator"], flow());
    await state(({ payload }) => payload.transactionId === "101");
    await redeploy(flow({ identity: "CP2", maxA: 10 }));
    const { payload } = await state(({ chargePoint, payload: { online } }) => chargePoint === "CP2" && online);
    assert.equal(payload.limitA, 10);
    assert.deepEqual(drawOf(["CP1"]), [0, 0, 0]);
    await redeploy(flow().slice(2));
    await until("no connection", () => !central.connected);
    assert.deepEqual(drawOf(["CP2"]), [0, 0, 0]);
  });
});
