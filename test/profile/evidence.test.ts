import { strict as assert } from "node:assert";
import type { LimitResult } from "../../lib/messages.ts";
import { createLimiter, type Limiter } from "../../lib/profile/limiter.ts";
import { worded } from "../../lib/profile/result.ts";
import type { TraitPatch } from "../../lib/station/capabilities/models/types.ts";
import { definition, type FakeConnection, StationBench, settle } from "../station/fake-charge-point.ts";

describe("What shows that a limit is obeyed, and what does not", () => {
  let bench: StationBench;
  let limiter: Limiter;
  let connection: FakeConnection;
  let results: LimitResult[];
  /** What its composite schedule shows, A. */
  let shownA: number;

  beforeEach(() => {
    bench = new StationBench();
    results = [];
    const { stations, store, clock } = bench;
    limiter = createLimiter({ stations, store, clock, setpoint: () => null });
    limiter.onResult(({ result }) => results.push(worded(result, "en-US")));
  });

  afterEach(() => {
    limiter.close();
    bench.close();
  });

  const connect = async (smart: TraitPatch["smart"] = {}): Promise<void> => {
    bench.stations.configure(definition({ overrides: { smart } }));
    connection = await bench.connect();
    bench.status("Charging");
    await bench.start();
    await settle();
    connection.answer = (action) => {
      if (action !== "GetCompositeSchedule") return { status: "Accepted" };
      const chargingSchedulePeriod = [{ startPeriod: 0, limit: shownA }];
      return { status: "Accepted", chargingSchedule: { chargingRateUnit: "A", chargingSchedulePeriod } };
    };
  };
  const ask = async (limitA: number): Promise<void> => {
    limiter.request({ chargePoint: "CP1", connector: 1, limitA, zone: null, ageMs: 0 });
    await settle();
  };
  const draw = async (seconds: number, drawA: number): Promise<void> => {
    for (let second = 0; second < seconds; second++) {
      bench.meter(drawA);
      await bench.clock.advanceAsync(1000, 250);
    }
    await settle();
  };
  const verified = (): string | undefined => results.at(-1)?.verified;
  const writes = (): number => connection.profiles.length;

  it("is not a car that takes nothing", async () => {
    await connect({ composite: "no" });
    await ask(10);
    await draw(60, 0);
    assert.equal(verified(), "no");
    await draw(5, 9.5);
    assert.equal(verified(), "measured");
  });

  it("is not a composite schedule while the car draws more", async () => {
    await connect();
    shownA = 10;
    await ask(10);
    await draw(3, 6);
    assert.equal(verified(), "composite");
    await draw(40, 16);
    assert.equal(verified(), "no");
    assert.match(results.at(-1)?.hint ?? "", /control by an external system/);
  });

  it("is not an idle car, where the composite schedule shows more than the limit", async () => {
    await connect();
    shownA = 32;
    await ask(10);
    await draw(60, 0);
    assert.equal(verified(), "no");
    assert.equal(bench.station.traits.smart.composite, "probe", "its schedule may be right");
    await draw(20, 6);
    assert.equal(verified(), "no", "so little proves nothing against its schedule");
    await draw(20, 9.8);
    assert.equal(verified(), "measured");
  });

  it("is, for a model that may ignore limits, a car that came down to one, not one that takes no more anyway", async () => {
    await connect({ composite: "no", supported: "probe" });
    await ask(16);
    await draw(60, 16);
    assert.equal(bench.station.traits.smart.supported, "probe");
    await ask(10);
    await draw(3, 16);
    await draw(30, 9.9);
    assert.equal(bench.station.traits.smart.supported, "yes");
    assert.match(bench.station.learntFacts.values["smart.supported"]?.how ?? "", /came down/);
  });

  it("that less than the limit is in force is looked into after a minute: a wrong clock looks the same", async () => {
    await connect();
    shownA = 6;
    await ask(16);
    await draw(55, 6);
    assert.equal(writes(), 2, "the baseline and the limit");
    await draw(10, 6);
    assert.ok(writes() > 2);
  });
});
