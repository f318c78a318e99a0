import { strict as assert } from "node:assert";
import type { NodeMessage } from "node-red";
import type { SurplusMessage } from "../../lib/messages.ts";
import { deploy, errorsOf, lastStatus, nextMessage, node, stop, until } from "./helper.ts";

const send = (powerW: unknown, meter = "grid", more: object = {}) =>
  node("pv").receive({
    topic: `meter/${meter}`,
    meter,
    payload: { currentA: [0, 0, 0], powerW, quality: "good", ...more },
  } as NodeMessage);

async function start(properties: object = {}): Promise<void> {
  await deploy(
    ["ev-pv-surplus"],
    [
      { id: "pv", type: "ev-pv-surplus", ...properties, wires: [["out"]] },
      { id: "out", type: "helper" },
    ],
  );
}

const nextSurplus = () => nextMessage<SurplusMessage>("out");

describe("ev-pv-surplus", () => {
  afterEach(stop);

  it("turns a grid reading into a surplus message, with nothing but defaults", async () => {
    await start();
    const message = nextSurplus();
    send(-5200);
    const { topic, payload } = await message;
    assert.equal(topic, "surplus");
    assert.deepEqual(
      { ...payload, ts: "" },
      { ts: "", surplusW: 5200, gridW: -5200, residualW: 0, enableDelayS: 60, disableDelayS: 180 },
    );
    assert.ok(Math.abs(Date.parse(payload.ts) - Date.now()) < 5000);
    assert.deepEqual(lastStatus("pv"), { fill: "green", shape: "dot", text: "5.2 kW surplus" });
  });

  it("applies its properties, numbers as text, too", async () => {
    await start({ gridMeter: "grid", residualW: "100", enableDelayS: "30", disableDelayS: 90 });
    const message = nextSurplus();
    send(-9000, "roof");
    send(800);
    assert.deepEqual(
      { ...(await message).payload, ts: "" },
      { ts: "", surplusW: -900, gridW: 800, residualW: 100, enableDelayS: 30, disableDelayS: 90 },
    );
    assert.equal(lastStatus("pv")?.text, "0.9 kW short");
  });

  it("serves a battery by its rules", async () => {
    await start({ gridMeter: "grid", batteryMeter: "battery", batteryFirst: false, minSocPercent: 20 });
    let message = nextSurplus();
    send(3000, "battery", { socPercent: 50 });
    send(-500);
    assert.equal((await message).payload.surplusW, 3500);
    message = nextSurplus();
    send(3000, "battery", { socPercent: 10 });
    send(-500);
    assert.equal((await message).payload.surplusW, 500);
  });

  it("counts no more than a PV meter shows, and says nothing until it has shown it", async () => {
    await start({ gridMeter: "grid", pvMeter: "roof" });
    send(-5000);
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(lastStatus("pv")?.text, "ev-pv-surplus.status.pv");
    const message = nextSurplus();
    send(3000, "roof");
    send(-5000);
    assert.equal((await message).payload.surplusW, 3000);
  });

  it("says nothing while the grid meter or a battery meter has no good value, and shows which", async () => {
    await start({ gridMeter: "grid", batteryMeter: "battery" });
    const message = nextSurplus();
    send(-500);
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(lastStatus("pv")?.text, "ev-pv-surplus.status.battery");
    assert.equal(lastStatus("pv")?.fill, "yellow");
    send(0, "battery");
    send(-500, "grid", { quality: "bad" });
    send(-700);
    assert.equal((await message).payload.surplusW, 700);
  });

  it("refuses what is no measurement, naming the field", async () => {
    await start();
    send("much");
    send(1, "grid", { quality: "fine" });
    node("pv").receive({ topic: "lights", payload: {} } as NodeMessage);
    node("pv").receive({ topic: 5, payload: {} } as unknown as NodeMessage);
    await until("all four are refused", () => errorsOf("pv").length === 4);
    assert.deepEqual(
      (errorsOf("pv") as unknown as { code: string; message: string }[]).map(
        ({ code, message }) => `${code} ${message.split(" is ")[0]}`,
      ),
      [
        "EV_MESSAGE_INVALID payload.powerW",
        "EV_MESSAGE_INVALID payload.quality",
        "EV_MESSAGE_INVALID topic",
        "EV_MESSAGE_INVALID topic",
      ],
    );
  });

  it("shows a property it cannot use, and refuses input then", async () => {
    await start({ minSocPercent: 130 });
    assert.equal(lastStatus("pv")?.fill, "red");
    assert.match(errorsOf("pv")[0]!.message, /minSocPercent is 130; it must be a number from 0 to 100/);
  });
});
