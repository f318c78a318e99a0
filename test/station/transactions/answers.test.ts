import { strict as assert } from "node:assert";
import { saying } from "../../wire16.ts";
import { definition, StationBench } from "../fake-charge-point.ts";

describe("A charger that is asked what it draws", () => {
  let bench: StationBench;

  beforeEach(async () => {
    bench = new StationBench();
    bench.stations.configure(definition());
    await bench.connect();
    bench.status("Charging");
    bench.clock.advance(60_000);
  });

  afterEach(() => bench.close());

  const ask = () => void bench.station.call("TriggerMessage", { requestedMessage: "MeterValues", connectorId: 1 });
  const answer = (currentA: number, context?: "Trigger" | "Sample.Periodic"): void => {
    const value = { measurand: "Current.Import" as const, unit: "A" as const, ...(context && { context }) };
    const sampledValue = (["L1", "L2", "L3"] as const).map((phase) => ({ ...value, phase, value: String(currentA) }));
    const meterValue = [{ timestamp: bench.time(), sampledValue }];
    saying(bench.station).meterValues({ connectorId: 1, meterValue }, bench.context());
  };
  const drawn = () => bench.station.connectors.get(1)?.measuredA?.[0];
  const works = () => bench.station.traits.config.triggers.MeterValues ?? "yes";

  it("is not believed when it answers with zeros while its own samples show a current", () => {
    bench.meter(16);
    bench.clock.advance(10_000);
    ask();
    answer(0);
    assert.equal(drawn(), 16);
    answer(0, "Trigger");
    assert.equal(drawn(), 16);
    assert.equal(works(), "yes");
  });

  it("tells of zeros that nothing of its own accord has proven, and when it last sent any", () => {
    const unproven = () => bench.station.facts(bench.clock.nowMs())[0]!.unproven;
    assert.equal(unproven(), undefined);
    ask();
    answer(0);
    assert.deepEqual(unproven(), { ownAtMs: null });
    bench.clock.advance(10_000);
    answer(0, "Sample.Periodic");
    assert.equal(unproven(), undefined);
    const ownAtMs = bench.clock.nowMs();
    bench.clock.advance(10_000);
    answer(0, "Trigger");
    assert.deepEqual(unproven(), { ownAtMs });
    answer(7, "Trigger");
    assert.equal(unproven(), undefined);
  });

  it("is not asked any more after it did so twice", () => {
    bench.meter(16);
    for (let time = 0; time < 2; time++) {
      ask();
      answer(0, "Trigger");
      bench.clock.advance(30_000);
      bench.meter(16);
    }
    assert.equal(works(), "no");
  });

  it("is believed when it says so of its own accord, when its answer shows a current, and once nothing flows any more", () => {
    bench.meter(16);
    ask();
    answer(7);
    assert.equal(drawn(), 7);
    answer(0, "Sample.Periodic");
    assert.equal(drawn(), 0);
    bench.meter(16);
    bench.status("SuspendedEV");
    bench.status("Charging");
    ask();
    answer(0);
    assert.equal(drawn(), 0);
    assert.equal(works(), "yes");
  });
});
