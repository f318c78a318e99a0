import { strict as assert } from "node:assert";
import { judgeComposite } from "../../lib/profile/compliance/verify-composite.ts";
import { createLimiter, type Limiter, type Setpoint } from "../../lib/profile/limiter.ts";
import { baselineVariants, variants } from "../../lib/profile/variants/variant-order.ts";
import { phaseSwitchOf, statesPhases } from "../../lib/station/capabilities/models/phase-ability.ts";
import { DEFAULT_TRAITS } from "../../lib/station/capabilities/models/traits.ts";
import type { SmartTraits, TraitPatch } from "../../lib/station/capabilities/models/types.ts";
import { definition, type FakeConnection, StationBench, settle } from "../station/fake-charge-point.ts";
import { CompositeReading } from "./composite.ts";
import { compileBaseline, compileLimit } from "./profile-requests.ts";
import { KINDS, target } from "./targets.ts";

const NOW = Date.parse("2026-06-01T12:00:00Z");
const LEASE_S = 180;
const KEY = { key: "Phases", one: "1", three: "3" };

describe("whether a charge point can change its phases", () => {
  const how = (smart: Partial<SmartTraits>) => phaseSwitchOf({ ...DEFAULT_TRAITS.smart, ...smart });

  it("is no where nobody knows, where it takes watts only, where it takes no profiles, and without the key it needs", () => {
    assert.equal(how({}), null);
    assert.equal(how({ switchesPhases: "no" }), null);
    assert.equal(how({ switchesPhases: "yes", unit: "W" }), null);
    assert.equal(how({ switchesPhases: "yes", supported: "no" }), null);
    assert.equal(how({ switchesPhases: "yes", phaseSwitch: "key" }), null);
  });

  it("is what its model says of how it is told", () => {
    assert.equal(how({ switchesPhases: "yes" }), "charging");
    assert.equal(how({ switchesPhases: "yes", phaseSwitch: "paused" }), "paused");
    assert.equal(how({ switchesPhases: "yes", phaseSwitch: "key", phaseKey: KEY }), "key");
  });
});

describe("the phases in charging profiles", () => {
  for (const { name, smart } of KINDS.filter(
    (kind) => statesPhases(kind.smart) && kind.smart.switchesPhases === "yes",
  )) {
    it(`are those told, while the lease holds and after it, and all in the baseline: ${name}`, () => {
      for (const toldPhases of [1, 3] as const) {
        const of = target(smart, { connector: 1, connectors: 1, toldPhases });
        const reading = new CompositeReading({
          phases: 3,
          maxA: 32,
          relativeFrom: "txStart",
          defaultsGovernRunning: smart.txDefaultAppliesToRunningTx,
        });
        const transaction = { id: 5, fromMs: NOW - 60_000 };
        const moment = { chargerWallMs: NOW, transactionStartedChargerWallMs: transaction.fromMs };
        const baseline = compileBaseline(of, baselineVariants(of)[0]!);
        reading.take(baseline, NOW - 100_000);
        assert.equal(reading.phases(1, NOW, transaction), 3);
        for (const request of compileLimit(of, variants(of, "5")[0]!, 13, LEASE_S, moment)) reading.take(request, NOW);
        for (const [atS, currentA] of [
          [1, 13],
          [LEASE_S - 1, 13],
          [LEASE_S + 1, 6],
          [LEASE_S + 3600, 6],
        ] as const) {
          assert.equal(reading.currentA(1, NOW + atS * 1000, transaction), currentA, `${atS} s`);
          assert.equal(reading.phases(1, NOW + atS * 1000, transaction), toldPhases, `${atS} s`);
        }
      }
    });
  }

  it("make no difference to a composite schedule in amperes, and are read where it is in watts", () => {
    const expected = { limitA: 10, safeA: 6, leaseLeftS: 170, rateUnit: "A", phases: 3 } as const;
    const schedule = (chargingRateUnit: string, periods: object[]) => ({
      status: "Accepted",
      chargingSchedule: { chargingRateUnit, chargingSchedulePeriod: periods },
    });
    for (const answer of [
      schedule("A", [{ startPeriod: 0, limit: 10, numberPhases: 1 }]),
      schedule("W", [{ startPeriod: 0, limit: 2300, numberPhases: 1 }]),
      schedule("W", [{ startPeriod: 0, limit: 6900 }]),
    ]) {
      const finding = judgeComposite(answer, expected);
      assert.deepEqual([finding.kind, finding.kind === "confirmed" && finding.nowA], ["confirmed", 10]);
    }
  });
});

describe("a limit for a charger that changes its phases", () => {
  let bench: StationBench;
  let limiter: Limiter;
  let connection: FakeConnection;
  let setpoint: Setpoint | null = null;

  afterEach(() => {
    limiter.close();
    bench.close();
  });

  const connect = async (overrides: TraitPatch): Promise<void> => {
    bench = new StationBench();
    const { stations, store, clock } = bench;
    limiter = createLimiter({ stations, store, clock, setpoint: () => setpoint });
    stations.configure(definition({ zone: "garage", overrides }));
    connection = await bench.connect();
    bench.status("Charging");
  };

  /** What ev-dlm does each cycle. */
  const allocate = async (limitA: number, phases?: 1 | 3): Promise<void> => {
    setpoint = { limitA, atMs: bench.clock.nowMs(), cycleS: 5, ...(phases && { phases }) };
    limiter.request({ chargePoint: "CP1", connector: 1, limitA, zone: "garage", ageMs: 0, cycleS: 5 });
    await settle();
  };

  const pass = async (seconds: number): Promise<void> => {
    await bench.clock.advanceAsync(seconds * 1000, 250);
    await settle();
  };

  const sent = () =>
    connection.profiles.map(({ csChargingProfiles: { chargingSchedule } }) =>
      chargingSchedule.chargingSchedulePeriod.map(({ limit, numberPhases }) => [limit, numberPhases]),
    );
  const keys = () =>
    connection.calls.filter(({ action }) => action === "ChangeConfiguration").map(({ payload }) => payload["value"]);

  const YES = { smart: { switchesPhases: "yes" } } as const;
  const BY_KEY = { smart: { switchesPhases: "yes", phaseSwitch: "key", phaseKey: KEY } } as const;

  it("says the phases in every period, and is sent anew when they change, at the same current too", async () => {
    await connect(YES);
    await allocate(6, 3);
    await allocate(6, 1);
    await allocate(6, 1);
    assert.deepEqual(sent(), [
      [[6, 3]],
      [
        [6, 3],
        [6, 3],
      ],
      [
        [6, 1],
        [6, 1],
      ],
    ]);
  });

  it("of 0 A says them, too: some change only then", async () => {
    await connect(YES);
    await allocate(0, 3);
    await allocate(0, 1);
    assert.deepEqual(sent().at(-1), [
      [0, 1],
      [6, 1],
    ]);
  });

  it("without a word about phases is for all that are wired", async () => {
    await connect(YES);
    await allocate(10);
    assert.deepEqual(sent().at(-1), [
      [10, 3],
      [6, 3],
    ]);
  });

  it("is written for the phases told after the connection was lost", async () => {
    await connect(YES);
    await allocate(10, 1);
    connection.close();
    connection = await bench.connect();
    bench.status("Charging");
    await pass(1);
    await allocate(10, 1);
    assert.deepEqual(sent(), [
      [[6, 3]],
      [
        [10, 1],
        [6, 1],
      ],
    ]);
  });

  it("says nothing of phases where they are changed by a key, which is written once for each change", async () => {
    await connect(BY_KEY);
    await allocate(6, 3);
    await allocate(0, 1);
    await pass(20);
    await allocate(6, 1);
    assert.deepEqual(keys(), ["3", "1"]);
    assert.ok(sent().every((periods) => periods.every(([, phases]) => phases === undefined)));
  });

  it("writes a refused key three times and no more, until another change", async () => {
    await connect(BY_KEY);
    connection.answer = (action) => ({ status: action === "ChangeConfiguration" ? "Rejected" : "Accepted" });
    await allocate(0, 1);
    for (let s = 0; s < 60; s += 5) {
      await pass(5);
      await allocate(0, 1);
    }
    assert.deepEqual(keys(), ["1", "1", "1"]);
    await allocate(0, 3);
    assert.equal(keys().at(-1), "3");
  });

  it("writes the key anew after a restart", async () => {
    await connect(BY_KEY);
    await allocate(6, 1);
    connection.close();
    connection = await bench.connect();
    bench.status("Charging");
    await pass(1);
    await allocate(6, 1);
    assert.deepEqual(keys(), ["1"]);
  });

  it("that is refused for saying them is taken without, and the charger is known not to change", async () => {
    await connect({});
    bench.station.learn("smart.switchesPhases", "yes", "GetConfiguration");
    connection.answer = (action, payload) => {
      if (action !== "SetChargingProfile") return {};
      const refused = JSON.stringify(payload).includes("numberPhases");
      return { status: refused ? "Rejected" : "Accepted" };
    };
    await allocate(10, 1);
    await pass(80);
    assert.equal(bench.station.traits.smart.switchesPhases, "no");
    assert.equal(sent().at(-1)?.[0]?.[1], undefined);
    assert.equal(bench.station.facts(bench.clock.nowMs())[0]?.switchesPhases, undefined);
    assert.equal(bench.stations.limits.trouble("CP1", 1), null);
  });
});
