import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CarBench, drawnA, LIMIT_A, limitOf } from "./car-bench.ts";
import type { FlowNode } from "./flows.ts";
import type { Major } from "./node-red.ts";
import { ROOT } from "./package.ts";
import { RawCharger } from "./raw-charger.ts";
import { tellAsStory } from "./story.ts";

interface Manifest {
  "node-red": { nodes: Record<string, string> };
}

/** A second charger, played by the test itself; it hangs on no zone. */
const guest = (flow: FlowNode[]): FlowNode => {
  const first = flow.find(({ type }) => type === "ev-charge-point");
  return { ...first, id: "guest", type: "ev-charge-point", identity: "GUEST", zone: "" };
};

/** The first example, from a load step on the meter to the current in the car. The tests build on each other, as a day does. */
export function describeFirstCharger(major: Major): void {
  describe(`the first charger on Node-RED ${major}`, function () {
    tellAsStory(this);
    let bench: CarBench;

    before("deploy the shipped example", async () => {
      bench = await CarBench.start(major, (flow) => [guest(flow)]);
    });
    after(() => bench?.stop());

    it("loads every node set of the installed package", async () => {
      const ours = (await bench.nodeRed.nodes()).filter(({ module }) => module === "@phasewise/node-red-ev-charging");
      assert.deepEqual(
        ours.filter(({ err }) => err),
        [],
      );
      const { "node-red": wanted } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as Manifest;
      assert.equal(ours.length, Object.keys(wanted.nodes).length);
    });

    it("charges the car as far as the house leaves room", async () => {
      const { message } = await bench.car("the car draws more than 14 A", (car) => drawnA(car) > 14, 60_000, 0);
      assert.equal(message.payload.status, "Charging");
      assert.equal(message.payload.transactionId !== null, true);
    });

    it("answers a load step on the wire within 2 s of the sample, and the car follows", async () => {
      const steppedMs = Date.now();
      await bench.meter({ loadA: [5, 15, 5] });
      const over = await bench.reading(
        "over the limit",
        ({ payload }) => (payload.currentA[1] ?? 0) > LIMIT_A,
        5000,
        steppedMs,
      );
      const lower = await bench.tap.next(
        "server",
        "SetChargingProfile",
        steppedMs,
        (payload) => (limitOf(payload, Date.now()) ?? 99) < 11,
      );
      const answeredS = (lower.atMs - Date.parse(over.message.payload.ts)) / 1000;
      assert.ok(answeredS <= 2, `answered after ${answeredS} s`);
      await bench.car("the car draws what is left", (car) => drawnA(car) <= LIMIT_A - 15 + 0.5, 5000, lower.atMs);
      const settledMs = Date.now();
      await bench.reading(
        "three more readings",
        () => bench.feed.of(bench.node("debug", "meter").id, settledMs).length > 3,
        8000,
      );
      assert.ok(bench.highestReadingA(settledMs) <= LIMIT_A + 0.5, `${bench.highestReadingA(settledMs)} A on a phase`);
    });

    it("gives the current back when the load goes", async () => {
      await bench.meter({ loadA: [5, 5, 5] });
      await bench.car("the car draws more again", (car) => drawnA(car) > 12, 40_000);
    });

    it("keeps a charger's socket over full deploys, and answers on it", async () => {
      const charger = await RawCharger.dial(bench.ports.ocpp, "GUEST");
      const boot = await charger.call("BootNotification", { chargePointVendor: "Test", chargePointModel: "Bench" });
      assert.equal((boot[2] as { status: string }).status, "Accepted");
      for (const deploy of [1, 2, 3]) {
        await bench.nodeRed.deploy(bench.flow, "full");
        const answer = await charger.call("Heartbeat", {});
        assert.equal(answer[0], 3, `after deploy ${deploy}`);
        assert.equal(charger.closed, false, `after deploy ${deploy}`);
      }
      await bench.car("the car charges on", (car) => drawnA(car) > 6, 20_000);
      charger.close();
    });

    it("brings the car to 6 A when the meter dies, and says why", async () => {
      const diedMs = Date.now();
      await bench.meter({ fault: "stop" });
      const isSafe = (car: { payload: { currentA: number[] } }) => Math.max(...car.payload.currentA) <= 6.1;
      const safe = await bench.car("the car draws 6 A", isSafe, 20_000, diedMs);
      assert.ok(safe.atMs - diedMs < 16_000, `after ${(safe.atMs - diedMs) / 1000} s`);
      assert.ok(drawnA(safe.message) > 5, "it still charges");
      const dlm = await bench.feed.status(
        "a warning at ev-dlm",
        bench.node("ev-dlm").id,
        ({ fill }) => fill === "yellow" || fill === "red",
      );
      assert.match(dlm.text ?? "", /main|meter/i);
      await bench.feed.status(
        "a warning at ev-meter",
        bench.node("ev-meter").id,
        ({ fill }) => fill === "yellow" || fill === "red",
      );
      await bench.feed.next<{ payload: { state: string; text: string } }>(
        "an alarm that names the meter",
        bench.node("debug", "alarms").id,
        ({ payload }) => payload.state === "raised" && payload.text.includes("main"),
        5000,
        diedMs,
      );
    });

    it("restores the car when the meter is back", async () => {
      await bench.meter({ fault: "none" });
      await bench.car("the car draws more than 8 A", (car) => drawnA(car) > 8, 40_000);
      await bench.feed.status("no warning at ev-meter", bench.node("ev-meter").id, ({ fill }) => fill === "green");
    });

    it("stops without complaint", async () => {
      await bench.nodeRed.kill("SIGTERM");
      assert.doesNotMatch(bench.nodeRed.log, /uncaught|unhandled/i);
    });
  });
}
