import { strict as assert } from "node:assert";
import { allocate } from "../../../lib/dlm/allocation/allocate.ts";
import type { AllocationConfig, Connector, Reason, Zone, ZoneMeter } from "../../../lib/dlm/types.ts";

const zone = (more: Partial<Zone> = {}): Zone => ({ id: "z", parent: null, limitA: 63, ...more });
const car = (id: string, more: Partial<Connector> = {}): Connector => ({ id, zone: "z", ...more });
const meter = (more: Partial<ZoneMeter>): ZoneMeter => ({
  id: "m",
  location: "excluding",
  currentA: [0, 0, 0],
  ageS: 0,
  ...more,
});

function run(zones: Zone[], connectors: Connector[], config: Partial<AllocationConfig> = {}, surplusW?: number) {
  return allocate({ zones, connectors, config, ...(surplusW === undefined ? {} : { pv: { surplusW } }) });
}

function limits(result: ReturnType<typeof allocate>): Record<string, number> {
  return Object.fromEntries(Object.entries(result.connectors).map(([id, { limitA }]) => [id, limitA]));
}

const binding = (result: ReturnType<typeof allocate>, id: string): Reason => result.connectors[id]!.reasons[0]!;
const backgroundOf = (zones: Zone[], connectors: Connector[], config: Partial<AllocationConfig> = {}) =>
  run(zones, connectors, config).zones["z"]!.backgroundA;

describe("allocate: background load", () => {
  const including = meter({ location: "including", currentA: [20, 30, 40] });

  it("takes from an including meter what the chargers draw, through their rotation", () => {
    const connectors = [car("a", { rotation: "STR", measuredA: [10, 6, 1] }), car("b", { measuredA: [2, null, 3] })];
    assert.deepEqual(backgroundOf([zone({ meters: [including] })], connectors), [20 - 1 - 2, 30 - 10, 40 - 6 - 3]);
  });

  it("takes nothing for an offline connector and what it is certain of for an unknown rotation", () => {
    const offline = car("a", { state: "offline", measuredA: [10, 10, 10] });
    assert.deepEqual(backgroundOf([zone({ meters: [including] })], [offline]), [20, 30, 40]);
    const unknown = car("a", { rotation: "Unknown", measuredA: [10, 4, 7] });
    assert.deepEqual(backgroundOf([zone({ meters: [including] })], [unknown]), [16, 26, 36]);
    const single = car("a", { rotation: "Unknown", phases: 1, measuredA: [10] });
    assert.deepEqual(backgroundOf([zone({ meters: [including] })], [single]), [20, 30, 40]);
  });

  it("counts chargers of the zones below and adds the zone's excluding meters", () => {
    const zones = [
      zone({ meters: [including, meter({ id: "n", currentA: [1, 2, 3] })] }),
      zone({ id: "sub", parent: "z", assumedLoadA: 50 }),
    ];
    assert.deepEqual(backgroundOf(zones, [car("a", { zone: "sub", measuredA: [5, 5, 5] })]), [16, 27, 38]);
  });

  it("adds up excluding meters, zones below and the assumed load where no meter includes the chargers", () => {
    const zones = [
      zone({ assumedLoadA: [1, 1, 1], meters: [meter({ currentA: [2, 0, 0] })] }),
      zone({ id: "s1", parent: "z", meters: [meter({ currentA: [0, 4, 0] })] }),
      zone({ id: "s2", parent: "z", assumedLoadA: [0, 0, 8] }),
    ];
    assert.deepEqual(backgroundOf(zones, []), [3, 5, 9]);
  });

  it("credits generation only where that is allowed", () => {
    const zones = [zone({ limitA: 10, meters: [meter({ currentA: [-5, 3, -1] })] })];
    assert.deepEqual(backgroundOf(zones, []), [0, 3, 0]);
    assert.deepEqual(backgroundOf(zones, [], { creditGeneration: true }), [-5, 3, -1]);
    assert.deepEqual(run(zones, [], { creditGeneration: true }).zones["z"]!.capacityA, [15, 7, 11]);
  });
});

describe("allocate: stale meters", () => {
  it("caps every connector below at the lowest fail-safe current of its path", () => {
    const zones = [
      zone({ failSafeA: 10, meters: [meter({ ageS: 31 })] }),
      zone({ id: "sub", parent: "z", failSafeA: 8 }),
      zone({ id: "other", parent: null }),
    ];
    const result = run(zones, [car("a"), car("b", { zone: "sub" }), car("c", { zone: "other" })]);
    assert.deepEqual(limits(result), { a: 10, b: 8, c: 32 });
    assert.deepEqual(binding(result, "b"), { code: "FAILSAFE", zone: "z" });
    assert.deepEqual([result.zones["z"]!.failSafe, result.zones["sub"]!.failSafe], [true, false]);
  });

  it("takes a missing value on a phase with a limit as stale, on one without as nothing", () => {
    const broken = [meter({ currentA: [3, null, 3] })];
    assert.equal(run([zone({ meters: broken })], [car("a")]).connectors["a"]!.limitA, 6);
    const twoPhase = run([zone({ limitA: [63, 0, 63], meters: broken })], [car("a", { phases: 1 })]);
    assert.equal(twoPhase.connectors["a"]!.limitA, 32);
  });

  it("uses the fallback load where that is the rule", () => {
    const fallback = (fallbackA: number) => [meter({ currentA: null, onStale: "fallbackLoad", fallbackA })];
    const result = run([zone({ meters: fallback(40) })], [car("a")]);
    assert.deepEqual([limits(result), result.zones["z"]!.failSafe], [{ a: 23 }, false]);
    assert.deepEqual(limits(run([zone({ meters: fallback(9999) })], [car("a")])), { a: 0 });
  });

  it("stops a car whose minimum is above the fail-safe current", () => {
    const result = run([zone({ failSafeA: 6, meters: [meter({ currentA: null })] })], [car("a", { minA: 7 })]);
    assert.deepEqual(result.connectors["a"], {
      limitA: 0,
      phasesA: [0, 0, 0],
      reasons: [{ code: "MAX_BELOW_MIN" }, { code: "FAILSAFE", zone: "z" }],
    });
  });
});

describe("allocate: limits", () => {
  it("keeps to the smaller of breaker and operator limit, less headroom and background, per phase", () => {
    const tight = zone({ limitA: 40, operatorLimitA: [50, 30, 50], headroomA: [1, 2, 3], assumedLoadA: [0, 0, 30] });
    assert.deepEqual(run([tight], []).zones["z"]!.capacityA, [39, 28, 7]);
  });

  it("holds an outside limit for the chargers alone or for everything", () => {
    const limited = (scope: "evse" | "total") =>
      run([zone({ assumedLoadA: 10, gridLimit: { currentA: 20, scope } })], [car("a")]);
    assert.deepEqual(limits(limited("evse")), { a: 20 });
    assert.deepEqual(limits(limited("total")), { a: 10 });
    assert.deepEqual(binding(limited("evse"), "a"), { code: "GRID", zone: "z", phase: 1 });
  });

  it("keeps to power limits, in which a single-phase car weighs a third", () => {
    const power = run([zone({ maxPowerW: 8280 })], [car("a"), car("b", { phases: 1, rotation: "STR" })]);
    assert.deepEqual(limits(power), { a: 9, b: 9 });
    assert.deepEqual(binding(power, "a"), { code: "POWER", zone: "z" });
    const grid = zone({ assumedLoadA: 4, gridLimit: { powerW: 6900, scope: "total", creditW: 2760 } });
    assert.deepEqual(limits(run([grid], [car("a")])), { a: 10 });
    assert.deepEqual(binding(run([grid], [car("a")]), "a"), { code: "GRID", zone: "z" });
  });

  it("reserves what an offline connector may draw on all its wired phases, whatever was detected", () => {
    const offline = car("a", { state: "offline", disconnectedA: 20, detectedPhases: [1], rotation: "TRS" });
    const result = run([zone({ limitA: 32 })], [offline, car("b")]);
    assert.deepEqual(limits(result), { a: 0, b: 12 });
    assert.deepEqual(result.zones["z"]!.loadA, [32, 32, 32]);
    assert.deepEqual(binding(result, "a"), { code: "OFFLINE" });
    assert.deepEqual(limits(run([zone({ limitA: 32 })], [car("a", { state: "offline" }), car("b")])), { a: 0, b: 0 });
  });

  it("reserves what an uncontrollable connector draws on its phases only", () => {
    const wild = car("a", { phases: 1, rotation: "STR", reservedA: 25 });
    const result = run(
      [zone({ limitA: 32 })],
      [wild, car("b", { phases: 1 }), car("c", { phases: 1, rotation: "STR" })],
    );
    assert.deepEqual(limits(result), { b: 32, c: 7, a: 0 });
    assert.deepEqual(result.zones["z"]!.loadA, [32, 32, 0]);
  });

  it("loads all phases where the rotation is unknown", () => {
    const result = run([zone({ limitA: [63, 63, 10] })], [car("a", { phases: 1, rotation: "Unknown" })]);
    assert.deepEqual(result.connectors["a"]!.phasesA, [10, 10, 10]);
  });

  it("puts a single-phase car between two lines on a network without neutral", () => {
    const result = run([zone()], [car("a", { phases: 1, rotation: "TRS", maxA: 16 })], { itNetwork: true });
    assert.deepEqual(result.connectors["a"]!.phasesA, [16, 0, 16]);
  });

  it("gives nothing where what is reserved already exceeds the limit", () => {
    const result = run([zone({ limitA: 10 })], [car("a", { state: "offline" }), car("b", { minA: 0.1 })]);
    assert.equal(result.connectors["b"]!.limitA, 0);
  });
});

describe("allocate: chargers that do not fall back", () => {
  const root: Zone = { id: "z", parent: null, limitA: 63 };

  it("keep what they take alone from the others, and nothing from themselves", () => {
    const result = run([root], [car("stays", { aloneA: 32 }), car("a"), car("b"), car("c")]);
    const { stays, a, b, c } = limits(result);
    assert.ok(Math.abs(a! + b! + c! - 31) < 0.2, `${a} + ${b} + ${c} A beside 32 A`);
    assert.ok(stays! >= 15 && stays! + a! + b! + c! <= 63, `${stays} A`);
    assert.deepEqual(result.connectors["a"]!.reasons[0], { code: "ZONE", zone: "z", phase: 1 });
  });

  it("do so in every zone above them, on their phases alone", () => {
    const below: Zone = { id: "sub", parent: "z", limitA: 32 };
    const stays = car("stays", { zone: "sub", phases: 1, aloneA: 20, state: "available" });
    const result = run([root, below], [stays, car("one", { zone: "sub", phases: 1 }), car("three", { zone: "z" })]);
    const { one, three } = limits(result);
    assert.ok(one! <= 12 && one! + three! <= 43, `${one} A, ${three} A`);
    const elsewhere = run([root, below], [stays, car("one", { zone: "sub", phases: 1, rotation: "STR" })]);
    assert.equal(limits(elsewhere)["one"], 32);
  });

  it("keep it of a power, too, the zone's own or one from outside", () => {
    const cars = [car("stays", { aloneA: 16 }), car("a"), car("single", { phases: 1, rotation: "STR" })];
    const held = (more: Partial<Zone>) => run([{ ...root, ...more }], cars);
    const powers: [Partial<Zone>, Reason][] = [
      [{ maxPowerW: 20_700 }, { code: "POWER", zone: "z" }],
      [{ gridLimit: { powerW: 20_700, scope: "evse" } }, { code: "GRID", zone: "z" }],
      [
        { maxPowerW: 27_600, gridLimit: { powerW: 20_700, scope: "total" } },
        { code: "GRID", zone: "z" },
      ],
      [
        { maxPowerW: 20_700, gridLimit: { powerW: 27_600, scope: "total" } },
        { code: "POWER", zone: "z" },
      ],
    ];
    for (const [limit, reason] of powers) {
      const result = held(limit);
      const { stays, a, single } = limits(result);
      // 20,700 W are 90 A over all phases, of which 48 A are kept.
      assert.ok(Math.abs(3 * a! + single! - 42) < 0.3, `3 × ${a} A + ${single} A beside 48 A`);
      assert.ok(stays! >= 15.9, `${stays} A`);
      assert.deepEqual(binding(result, "a"), reason);
    }
  });

  it("name a current from outside where it leaves the others so little", () => {
    const limited: Zone = { ...root, gridLimit: { currentA: 40, scope: "evse" } };
    const result = run([limited], [car("stays", { aloneA: 32 }), car("a")]);
    assert.equal(limits(result)["a"], 8);
    assert.deepEqual(binding(result, "a"), { code: "GRID", zone: "z", phase: 1 });
  });

  it("leave the others nothing where their maximum does not fit, and charge on", () => {
    const result = run([{ ...root, limitA: 30 }], [car("stays", { aloneA: 32 }), car("a")]);
    assert.deepEqual(limits(result), { stays: 30, a: 0 });
  });
});

describe("allocate: surplus", () => {
  it("takes a missing surplus as none", () => {
    const result = run([zone()], [car("a", { mode: "pv" }), car("b", { mode: "minpv" })]);
    assert.deepEqual(limits(result), { a: 0, b: 6 });
    assert.deepEqual(result.connectors["a"]!.reasons, [{ code: "WAIT" }, { code: "PV" }]);
    assert.deepEqual(result.connectors["b"]!.reasons, [{ code: "PV" }, { code: "MIN" }]);
  });

  it("shares one surplus among all cars that live on it", () => {
    const cars = [car("a", { mode: "pv" }), car("b", { mode: "minpv" }), car("c")];
    assert.deepEqual(limits(run([zone()], cars, {}, 13_800)), { a: 10, b: 10, c: 32 });
  });

  it("takes an export that has turned into import as none", () => {
    assert.deepEqual(limits(run([zone()], [car("a", { mode: "pv" })], {}, -500)), { a: 0 });
  });
});

describe("allocate: who gets how much", () => {
  it("sheds in order of class, incumbents, shedding key, arrival and id", () => {
    const order = (cars: Connector[], config: Partial<AllocationConfig> = {}) =>
      Object.entries(limits(run([zone({ limitA: 6 })], cars, config))).find(([, limitA]) => limitA > 0)![0];
    assert.equal(order([car("a"), car("b", { priorityClass: 0, state: "waiting" })]), "b");
    assert.equal(order([car("a", { state: "waiting" }), car("b")]), "b");
    assert.equal(order([car("a", { incumbent: false }), car("b", { state: "waiting", incumbent: true })]), "b");
    assert.equal(order([car("a", { energyWh: 2 }), car("b", { energyWh: 1 })], { shedding: "energy" }), "b");
    assert.equal(order([car("a", { arrivalS: 5 }), car("b", { arrivalS: 4 })]), "b");
    assert.equal(order([car("b"), car("a")]), "a");
    assert.equal(order([car("\u{1f600}"), car("\uff5e")]), "\uff5e");
  });

  it("orders many ids of one arrival by code point, long or short", () => {
    const ids = Array.from({ length: 200 }, (_, i) => `CP${(i * 7919) % 1000}${i % 3 === 0 ? "/1" : ""}`);
    for (const suffix of ["", "x".repeat(60)]) {
      const keys = Object.keys(
        run(
          [zone()],
          ids.map((id) => car(id + suffix)),
        ).connectors,
      );
      assert.deepEqual(keys, ids.map((id) => id + suffix).sort());
    }
  });

  it("gives every class its minimum first, or serves a class wholly before the next", () => {
    const cars = [car("vip", { priorityClass: 0 }), car("a"), car("b")];
    assert.deepEqual(limits(run([zone({ limitA: 40 })], cars)), { vip: 28, a: 6, b: 6 });
    assert.deepEqual(limits(run([zone({ limitA: 40 })], cars, { priorityPolicy: "strict" })), { vip: 32, a: 8, b: 0 });
  });

  it("shares by weight, in current or in power", () => {
    const weighted = [car("a", { weight: 2 }), car("b")];
    assert.deepEqual(limits(run([zone({ limitA: 30 })], weighted)), { a: 20, b: 10 });
    const mixed = [car("a"), car("b", { phases: 1 })];
    assert.deepEqual(limits(run([zone({ limitA: 32 })], mixed, { fairness: "power" })), { a: 8, b: 24 });
  });

  it("keeps a floor for the small weight while the level is below it", () => {
    const result = run([zone({ limitA: 26 })], [car("a", { weight: 10 }), car("b")]);
    assert.deepEqual(limits(result), { a: 20, b: 6 });
    assert.deepEqual(result.connectors["b"]!.reasons, [{ code: "ZONE", zone: "z", phase: 1 }, { code: "MIN" }]);
  });

  it("gives an idle car its minimum from what is left, if that is the policy", () => {
    const cars = [car("a", { maxA: 20 }), car("b", { state: "idle" })];
    assert.deepEqual(limits(run([zone({ limitA: 26 })], cars)), { a: 20, b: 6 });
    assert.deepEqual(binding(run([zone({ limitA: 26 })], cars), "b"), { code: "IDLE_MIN" });
    assert.deepEqual(limits(run([zone({ limitA: 25 })], cars)), { a: 20, b: 0 });
    assert.deepEqual(limits(run([zone()], cars, { idlePolicy: "zero" })), { a: 20, b: 0 });
  });

  it("gives nothing where nothing is asked for, and says why", () => {
    const result = run([zone()], [car("a", { mode: "off" }), car("b", { state: "available" })]);
    assert.deepEqual([binding(result, "a").code, binding(result, "b").code], ["OFF", "NOT_REQUESTING"]);
    assert.deepEqual(limits(result), { a: 0, b: 0 });
  });

  it("freezes the reasons, which connectors share, and nothing else", () => {
    const { connectors } = run([zone({ limitA: 10 })], [car("a"), car("b", { state: "idle" }), car("c")]);
    for (const { reasons } of Object.values(connectors)) {
      assert.ok(Object.isFrozen(reasons) && reasons.every((reason) => Object.isFrozen(reason)));
    }
    connectors["a"]!.phasesA[0] = 99;
    assert.deepEqual(connectors["b"]!.phasesA, [0, 0, 0]);
  });

  it("honours the demand cap, never below the minimum, and the limit from outside", () => {
    const cars = [car("a", { demandCapA: 13 }), car("b", { demandCapA: 2 }), car("c", { externalLimitA: 9.5 })];
    assert.deepEqual(limits(run([zone()], cars)), { a: 13, b: 6, c: 9.5 });
    assert.deepEqual(binding(run([zone()], [car("a", { externalLimitA: 4 })]), "a"), { code: "MAX_BELOW_MIN" });
  });

  it("never rounds below a minimum that is off the charger's grid", () => {
    const cars = [car("a", { minA: 6.25 }), car("b", { minA: 6.25 })];
    assert.deepEqual(limits(run([zone({ limitA: 12.5 })], cars, { stepA: 1 })), { a: 6.25, b: 6.25 });
  });
});

describe("allocate: whole steps", () => {
  it("hands out what rounding left over to the first class before the largest remainder", () => {
    const zones = [zone({ limitA: 111.9 }), zone({ id: "sub", parent: "z", limitA: 101 })];
    const vips = Array.from({ length: 10 }, (_, i) => car(`v${i}`, { zone: "sub", priorityClass: 0 }));
    const result = limits(run(zones, [...vips, car("a")], { stepA: 1 }));
    assert.deepEqual([result["v0"], result["v1"], result["a"]], [11, 10, 10]);
  });

  it("lowers a car whose phase is out of balance once the others are rounded down", () => {
    const cars = [
      car("a", { phases: 1 }),
      car("b", { phases: 1, rotation: "STR", maxA: 9.5 }),
      car("c", { phases: 1, rotation: "TRS", maxA: 9.5 }),
    ];
    const result = run([zone({ imbalanceA: 16, assumedLoadA: [0.5, 0, 0] })], cars, { stepA: 1 });
    assert.deepEqual(limits(result), { a: 24, b: 9, c: 9 });
    assert.deepEqual(binding(result, "a"), { code: "IMBALANCE", zone: "z", phase: 1 });
  });
});

describe("allocate: imbalance", () => {
  it("comes to an end when the excess per car is smaller than any step", () => {
    const many = Array.from({ length: 2000 }, (_, i) => car(`c${i}`, { phases: 1, minA: 0.1, maxA: 0.2 }));
    const others = ["STR", "TRS"].map((rotation) =>
      car(rotation, { phases: 1, rotation: rotation as "STR", maxA: 32 }),
    );
    const imbalanced = zone({ limitA: 1000, imbalanceA: 368.0000005, assumedLoadA: [0.0000008, 0, 0] });
    const result = run([imbalanced], [...many, ...others]);
    const [l1, l2] = result.zones["z"]!.loadA;
    assert.ok(l1 <= l2 + 368 && l1 > 399, `${l1} A`);
  });

  const single = (id: string, rotation: "RST" | "STR" | "TRS", more: Partial<Connector> = {}) =>
    car(id, { phases: 1, rotation, ...more });

  it("lets a phase exceed the least loaded one by the limit only", () => {
    const cars = [single("a", "RST"), single("b", "STR", { maxA: 10 }), single("c", "TRS", { maxA: 8 })];
    const result = run([zone({ imbalanceA: 16 })], cars);
    assert.deepEqual(limits(result), { a: 24, b: 10, c: 8 });
    assert.deepEqual(binding(result, "a"), { code: "IMBALANCE", zone: "z", phase: 1 });
  });

  it("lets a car on another phase open the way for one that was passed over", () => {
    const background = zone({ imbalanceA: 10, assumedLoadA: [8, 0, 20] });
    const result = run([background], [single("a", "RST", { maxA: 12 }), single("b", "STR", { maxA: 12 })]);
    assert.deepEqual(limits(result), { a: 12, b: 12 });
  });

  it("allows no unbalanced car on a phase that the background alone puts over the limit, and any balanced one", () => {
    const background = zone({ imbalanceA: 10, assumedLoadA: [25, 0, 0] });
    const result = run([background], [single("a", "RST"), car("b", { maxA: 16 })]);
    assert.deepEqual(limits(result), { a: 0, b: 16 });
    assert.deepEqual(binding(result, "a"), { code: "WAIT", zone: "z", phase: 1 });
  });
});

describe("allocate: extremes", () => {
  it("fits minimums that fill the limit exactly", () => {
    const cars = Array.from({ length: 30 }, (_, i) => car(`c${i}`, { minA: 0.7, maxA: i % 2 === 0 ? 0.7 : 32 }));
    const result = run([zone({ limitA: 21 })], cars);
    assert.ok(Object.values(result.connectors).every(({ limitA }) => limitA === 0.7));
    assert.deepEqual(result.zones["z"]!.loadA, [21, 21, 21]);
  });

  it("gives nothing where there is no capacity", () => {
    assert.deepEqual(limits(run([zone({ limitA: 0 })], [car("a")])), { a: 0 });
  });

  it("lets a limit at any depth bind", () => {
    const zones = Array.from({ length: 20 }, (_, i) =>
      zone({ id: `d${i}`, parent: i === 0 ? null : `d${i - 1}`, limitA: i === 7 ? 20 : 63 }),
    );
    const result = run(zones, [car("a", { zone: "d19" }), car("b", { zone: "d7" })]);
    assert.deepEqual(limits(result), { a: 10, b: 10 });
    assert.deepEqual(binding(result, "a"), { code: "ZONE", zone: "d7", phase: 1 });
  });

  it("serves ten thousand connectors on one limit", () => {
    const cars = Array.from({ length: 10_000 }, (_, i) => car(`c${i}`, { weight: 1 + (i % 3) }));
    const result = run([zone({ limitA: 100_000 })], cars);
    const sumA = Object.values(result.connectors).reduce((sum, { limitA }) => sum + limitA, 0);
    assert.ok(Math.abs(sumA - 100_000) < 0.1);
    assert.ok(Math.abs(result.zones["z"]!.loadA[0] - sumA) < 1e-6);
  });
});
