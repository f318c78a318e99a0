import { strict as assert } from "node:assert";
import type { AlarmMessage } from "../../lib/messages.ts";
import { CarBench } from "./car-bench.ts";
import { CarsApart } from "./cars-apart.ts";
import type { FlowNode } from "./flows.ts";
import { until } from "./net.ts";

const IDENTITY = "GARAGE1";
/** A meter that does not follow the chargers behind it is called wrong within a minute of a steady charge, ms. */
const LOOKED_AT_MS = 90_000;

/** As *Adopt* adds it. */
const adopted = (flow: FlowNode[]): FlowNode => {
  const first = flow.find(({ type }) => type === "ev-charge-point");
  return { ...first, id: "adopted", type: "ev-charge-point", identity: IDENTITY };
};

/** A charger of another process, as one on the wall is: nothing of this Node-RED knows what it draws but from its own reports. */
describe("a real charger beside the simulated meter of the first example", () => {
  let bench: CarBench;
  let cars: CarsApart;

  before(async () => {
    bench = await CarBench.start("5", (flow) => [adopted(flow)]);
    cars = new CarsApart(bench.ports.ocpp, [IDENTITY]);
  });
  after(async () => {
    cars?.stop();
    await bench?.stop();
  });

  it("charges, is shown by the meter, and nothing is called wrong", async () => {
    const sinceMs = Date.now();
    await until("it charges", () => cars.drawnA(IDENTITY) > 5.9, 60_000);
    const chargesMs = Date.now();
    const last = (): number => bench.feed.of(bench.node("debug", "meter").id, chargesMs).at(-1)?.atMs ?? chargesMs;
    await until("the meter was read for a while", () => last() - chargesMs > LOOKED_AT_MS, LOOKED_AT_MS + 15_000);
    assert.equal(cars.state(IDENTITY)?.status, "Charging");
    const alarms = bench.feed.of<AlarmMessage>(bench.node("debug", "alarms").id, sinceMs);
    const ofMeters = alarms.filter(({ message }) => message.topic.startsWith("alarm/meter"));
    assert.deepEqual(
      ofMeters.map(({ message }) => message.payload.text),
      [],
    );
    const drawn = (): number => cars.drawnA(IDENTITY) + 5;
    await bench.reading("the meter shows house and charger", ({ payload }) => payload.currentA[0]! > drawn(), 15_000);
  });
});
