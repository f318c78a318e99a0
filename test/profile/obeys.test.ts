import { strict as assert } from "node:assert";
import { BEHAVIOUR_NAMES, BEHAVIOURS } from "../../lib/simulator/charger/presets.ts";
import type { TraitPatch } from "../../lib/station/capabilities/models/types.ts";
import { ObeyBench, SAFE_A } from "./obey-bench.ts";

/** What must come of a charge point that behaves like this. */
interface Row {
  /** Online: the car ends at every commanded current, or what it draws is kept free for it and a person is told why. */
  online: "obeys" | "reserved";
  /** Left alone: the car falls to the safe current when its lease ends, or its connector was reserved at the maximum. */
  alone: "safe" | "reserved";
  /** It cannot pause: at 0 A its draw is reserved. */
  cannotPause?: boolean;
  /** What somebody who knows the charger has entered. */
  known?: TraitPatch;
  /** The least it may draw at any limit; default: nearly the limit. */
  leastA?: number;
  /** What its profiles say when it is left alone; default: the safe current. */
  safeA?: number;
  /** What a person is told. */
  hint?: RegExp;
}

const obeys: Row = { online: "obeys", alone: "safe" };
const reserved: Row = { online: "reserved", alone: "reserved" };
const tellsOffline: TraitPatch = { smart: { keepsProfilesOffline: false } };

/** One or several behaviours at once, and what must come of them. */
const TABLE: Record<string, Row> = {
  normal: obeys,

  rejectsProfiles: { ...reserved, hint: /control by an external system/ },
  noAnswer: { ...reserved, hint: /did not answer/ },
  obeysUnanswered: { ...obeys, alone: "reserved", hint: /did not answer/ },
  notSupported: reserved,
  notImplemented: reserved,
  ampsOnly: obeys,
  wattsOnly: obeys,
  stackZeroOnly: obeys,
  stackZeroUnsaid: obeys,
  plainPeriodsOnly: obeys,
  optionalFieldsViolate: obeys,
  relativeOnly: obeys,
  absoluteOnly: obeys,
  needsStartSchedule: obeys,
  noTxProfile: obeys,
  needsTransactionId: obeys,
  noTxDefault: obeys,
  noChargePointMax: obeys,
  oneProfileSlot: obeys,
  twoSlotsNoReplacement: obeys,
  oneSlotNoReplacement: { online: "reserved", alone: "safe" },
  onePeriodOnly: obeys,
  rejectsZero: { ...obeys, cannotPause: true },
  rejectsWhileCharging: reserved,

  ignoresLimits: reserved,
  slow: obeys,
  relativeFromTransaction: obeys,
  relativeFromReceipt: obeys,
  defaultNextTransaction: obeys,
  ignoresTxDefault: obeys,
  ignoresTxProfile: obeys,
  ignoresChargePointMax: obeys,
  topProfileOnly: obeys,
  forgetsAfterPause: obeys,
  assumesOnePhase: obeys,
  switchesPhases: obeys,
  switchesPhasesPaused: obeys,
  switchesPhasesByKey: obeys,
  ignoresNumberPhases: obeys,
  wholeAmps: obeys,
  fixedSteps: obeys,
  pausesBelowSix: obeys,
  minimumEight: obeys,
  raisesToEight: { ...obeys, known: { smart: { minA: 8 } }, safeA: 0 },
  zeroIsMinimum: { ...obeys, cannotPause: true },
  clockAhead: obeys,
  clockBehind: obeys,

  forgetsSoon: reserved,
  dropsOnReconnect: obeys,
  dropsOffline: { ...obeys, alone: "reserved", known: tellsOffline },
  forgetsOnReboot: obeys,
  fullSpeedOffline: { ...obeys, alone: "reserved", known: tellsOffline },
  eightAmpsOffline: { ...obeys, alone: "reserved", known: tellsOffline },

  noComposite: obeys,
  compositeRejected: obeys,
  compositeError: obeys,
  compositeConnectorOnly: obeys,
  noCurrentOffered: obeys,
  metersEvery30s: obeys,
  metersEvery60s: obeys,
  noReservations: obeys,
  noTrigger: obeys,
  triggerWhileCharging: obeys,
  unitUnsaid: obeys,
  keysByName: obeys,
  fourKeys: obeys,
  oneKey: obeys,
  restartsOnQuery: obeys,

  bootsAlways: obeys,
  neverBoots: obeys,
  bootLoop: obeys,
  noPong: obeys,
  freeCharging: obeys,
  ownTransactionIds: obeys,
  singlePhaseCar: obeys,
  overdraws: obeys,

  "relativeOnly,relativeFromReceipt": obeys,
  "wattsOnly,unitUnsaid": obeys,
  "wattsOnly,assumesOnePhase": reserved,
  "stackZeroOnly,noTxProfile": obeys,
  "plainPeriodsOnly,ignoresNumberPhases": obeys,
  "optionalFieldsViolate,ignoresNumberPhases": obeys,
};

/** They are about a car or a line that is not there; tests of their own are elsewhere. */
const ELSEWHERE = ["offline", "fault", "weldedContactor"];

describe("A charge point", () => {
  let bench: ObeyBench | undefined;
  afterEach(() => bench?.close());

  for (const [behaviour, row] of Object.entries(TABLE)) {
    const online = row.online === "obeys" ? "ends at the commanded current" : "is reserved at its draw, with a hint";
    const alone = row.alone === "safe" ? "falls to the safe current" : "was reserved at its maximum";
    it(`that plays ${behaviour} ${online}; left alone it ${alone}`, async () => {
      bench = new ObeyBench({ behaviour }, { overrides: row.known ?? {} });
      await bench.command(16, 10);
      await bench.until("the car charges", () => bench!.drawnA >= 5, 120);
      await bench.pass(60);
      const outcomes = [];
      for (const limitA of [8, 0, 10]) {
        await bench.command(limitA, 240);
        outcomes.push(bench.judge(`commanded ${limitA} A`, limitA, row.leastA));
        if (limitA === 0 && row.cannotPause) assert.match(bench.hint ?? "", /does not pause at 0 A/);
      }
      await bench.away(10);
      await bench.pass(120);
      outcomes.push(bench.judge("after a lost connection", 10, row.leastA));
      bench.chargePoint.reboot("HardReset");
      await bench.pass(150);
      outcomes.push(bench.judge("after a restart", 10, row.leastA));
      if (row.online === "reserved") assert.ok(outcomes.includes("reserved"));
      else assert.deepEqual(outcomes, ["obeys", row.cannotPause ? "reserved" : "obeys", "obeys", "obeys", "obeys"]);
      bench.kill();
      await bench.pass(bench.leaseLeftS + 60);
      bench.judgeAlone(row.alone === "safe", row.safeA);
      assert.ok(bench.longestUncoveredS <= 75, `${bench.longestUncoveredS} s of draw that nobody knew of`);
      if (row.hint) assert.match(bench.hint ?? "", row.hint);
    });
  }

  it("that ignores its limit is reserved at its maximum when it is lost after 60 s of that", async () => {
    bench = new ObeyBench({ behaviour: "ignoresLimits" });
    await bench.until("the car charges", () => bench!.drawnA >= 5);
    await bench.command(8, 60);
    bench.kill();
    bench.judgeAlone(false);
    await bench.pass(300);
    bench.judgeAlone(false);
  });

  it("that ignores its limit is still known for it when it is lost soon after a restart", async () => {
    bench = new ObeyBench({ behaviour: "ignoresLimits" });
    await bench.until("the car charges", () => bench!.drawnA >= 5);
    await bench.command(8, 300);
    bench.chargePoint.reboot("HardReset");
    await bench.pass(20);
    assert.notEqual(bench.facts()[0]!.trouble, null);
    bench.kill();
    await bench.pass(300);
    bench.judgeAlone(false);
  });

  it("that raises every limit to 8 A is reserved at 8 A where it is to have 6 A", async () => {
    bench = new ObeyBench({ behaviour: "raisesToEight" });
    await bench.until("the car charges", () => bench!.drawnA >= 5);
    await bench.command(6, 240);
    assert.equal(bench.judge("commanded 6 A", 6), "reserved");
    assert.ok(bench.reservedA! >= 8);
  });

  for (const behaviour of ["clockAhead", "clockBehind"]) {
    it(`that plays ${behaviour} is not taken for one of other faults, and is known for it after the second restart`, async () => {
      bench = new ObeyBench({ behaviour });
      await bench.until("the car charges", () => bench!.drawnA >= 5);
      await bench.command(16, 180);
      assert.equal(bench.judge("commanded 16 A", 16), "obeys");
      bench.chargePoint.reboot("HardReset");
      await bench.pass(60);
      bench.chargePoint.reboot("HardReset");
      await bench.pass(20);
      assert.equal(bench.judge("soon after the second restart", 16), "obeys");
      assert.equal(bench.station.traits.smart.kind, "Absolute");
      assert.equal(bench.station.traits.smart.purposes[0], "TxProfile");
      assert.equal(bench.facts()[0]!.disconnectedA, 16);
    });
  }

  it("whose clock is behind never draws more than its safe current for that, before it is known", async () => {
    bench = new ObeyBench({ behaviour: "clockBehind" });
    let mostA = 0;
    for (let second = 0; second < 25; second++) {
      await bench.command(16, 1);
      mostA = Math.max(mostA, bench.drawnA);
    }
    assert.ok(mostA <= SAFE_A * 1.1, `${mostA} A`);
  });

  for (const behaviour of ["fullSpeedOffline", "dropsOffline", "eightAmpsOffline"]) {
    it(`that plays ${behaviour} is known for it after the first time it was away, and reserved at its maximum from then on`, async () => {
      bench = new ObeyBench({ behaviour });
      await bench.until("the car charges", () => bench!.drawnA >= 5);
      await bench.command(6, 120);
      await bench.away(1200);
      await bench.pass(60);
      assert.equal(bench.station.traits.smart.keepsProfilesOffline, false);
      bench.kill();
      bench.judgeAlone(false);
    });
  }

  it("that keeps to its limits while it is away is not suspected of anything", async () => {
    bench = new ObeyBench();
    await bench.until("the car charges", () => bench!.drawnA >= 5);
    await bench.command(16, 120);
    for (const seconds of [10, 100, 1200]) {
      await bench.away(seconds);
      await bench.pass(90);
    }
    assert.equal(bench.station.traits.smart.keepsProfilesOffline, true);
  });

  it("is tried with every behaviour that may matter to its limits", () => {
    const mayMatter = BEHAVIOUR_NAMES.filter((name) => BEHAVIOURS[name].group !== "upkeep");
    assert.deepEqual(
      mayMatter.filter((name) => !Object.hasOwn(TABLE, name) && !ELSEWHERE.includes(name)),
      [],
    );
    assert.equal(SAFE_A, 6);
  });
});
