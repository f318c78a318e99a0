import { strict as assert } from "node:assert";
import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { allocate } from "../../../lib/dlm/allocation/allocate.ts";
import { createDlmGuard, type GuardResult } from "../../../lib/dlm/guard/guard.ts";
import type { AllocationInput, Snapshot } from "../../../lib/dlm/types.ts";
import { cases } from "../../full.ts";
import { anySite } from "../allocation/random-sites.ts";
import { isUnbalanced, loadOf, type Reference, readReference } from "../allocation/reference.ts";
import { withCommanded } from "../controller/bench.ts";

type Limits = Map<string, number>;

const SEED = 20_260_701;
const NOW_MS = 1_000_000;
/** The guard lets pass what is off a limit by less than half of this, A. */
const NOISE_A = 0.1;

/** What the guard is shown of an input. */
function snapshotOf({ zones, connectors, config }: AllocationInput): Snapshot {
  return {
    connectors,
    ...(config && { config }),
    zones: zones.map(({ meters, ...zone }) => ({
      ...zone,
      ...(meters && { meters: meters.map(({ ageS, ...meter }) => ({ ...meter, tsMs: NOW_MS - 1000 * ageS })) }),
    })),
  };
}

/** Wants setpoints for 20 s in front of a guard that has seen the connectors come. */
function hold(input: AllocationInput, before: Limits, limitsA: Limits): GuardResult {
  const guard = createDlmGuard();
  const snapshot = withCommanded(snapshotOf(input), before);
  const commands = Object.fromEntries([...limitsA].map(([id, limitA]) => [id, { limitA }]));
  guard.check(NOW_MS - 21_000, { ...snapshot, connectors: [] }, {});
  const aged = { ...snapshot, zones: snapshot.zones.map((zone) => aging(zone, -20_000)) };
  guard.check(NOW_MS - 20_000, aged, commands);
  return guard.check(NOW_MS, snapshot, commands);
}

function aging(zone: Snapshot["zones"][number], byMs: number): Snapshot["zones"][number] {
  const meters = (zone.meters ?? []).map((meter) => ({ ...meter, tsMs: meter.tsMs + byMs }));
  return zone.meters ? { ...zone, meters } : zone;
}

/** Cars that draw nothing at the moment: background is known, and the guard has no opinion of its own on phases. */
const resting = anySite.map((input) => ({
  ...input,
  connectors: input.connectors.map((connector) => ({ ...connector, measuredA: [0, 0, 0] })),
}));

function limitsOf(input: AllocationInput): Limits {
  return new Map(Object.entries(allocate(input).connectors).map(([id, { limitA }]) => [id, limitA]));
}

/** By how much the fullest row with a car that could be lowered is exceeded; the surplus is none of the guard's business. */
function excessA({ cars, rows }: Reference, limitsA: Limits): number {
  const lowerable = (id: string) => {
    const { connector } = cars.find((car) => car.id === id)!;
    return limitsA.get(id)! > 0 && connector.state !== "offline" && connector.reservedA === undefined;
  };
  const over = rows
    .filter(({ kind, coefficient }) => kind !== "pv" && [...coefficient.keys()].some(lowerable))
    .map((row) => loadOf(row, limitsA) - row.capacityA);
  return Math.max(Number.NEGATIVE_INFINITY, ...over);
}

const isBetween = ({ cars }: Reference, limitsA: Limits) =>
  cars.some(({ id, minA, connector }) => {
    const controllable = connector.state !== "offline" && connector.reservedA === undefined;
    return controllable && limitsA.get(id)! > 0 && limitsA.get(id)! < Math.min(minA, connector.minA ?? 6) - NOISE_A / 2;
  });

describe("the guard, on random sites", () => {
  it("has nothing to say about what the allocator decides", () => {
    const property = fc.property(resting, (input) => {
      assert.deepEqual(hold(input, limitsOf(input), limitsOf(input)).violations, []);
    });
    fc.assert(property, { seed: SEED, numRuns: cases(500, 1500) });
  });

  it("nor where some of the chargers do not fall back, with power limits of the zones' own and from outside", () => {
    const staying = fc.tuple(resting, fc.array(fc.boolean(), { minLength: 1 }));
    let kept = 0;
    const property = fc.property(staying, ([input, stays]) => {
      const connectors = input.connectors.map((connector, i) => ({
        ...connector,
        ...(stays[i % stays.length] && { aloneA: connector.maxA ?? 32 }),
      }));
      const limitsA = limitsOf({ ...input, connectors });
      assert.deepEqual(hold({ ...input, connectors }, limitsA, limitsA).violations, []);
      // Told what fits only as long as everything here is there, they would leave too much.
      const { violations } = hold({ ...input, connectors }, limitsOf(input), limitsOf(input));
      assert.ok(violations.every(({ kind }) => kind === "alone"));
      if (violations.some(({ phase }) => phase === null)) kept++;
    });
    fc.assert(property, { seed: SEED, numRuns: cases(500, 1500) });
    assert.ok(kept >= 20, `power: ${kept} times`);
  });

  it("objects to a decision with one current spoilt exactly where a limit or a minimum is broken, and what it commands instead fits", () => {
    const spoilt = fc.record({
      input: resting,
      which: fc.nat(),
      factor: fc.constantFrom(0.4, 1.2, 1.6, 3),
      more: fc.constantFrom(0, 1, 8, 20),
    });
    const seen = new Map<string, number>();
    const property = fc.property(spoilt, ({ input, which, factor, more }) => {
      const reference = readReference(input);
      const before = limitsOf(input);
      const limitsA = new Map(before);
      const able = reference.cars.filter(
        ({ role, connector }) => role !== "none" && connector.reservedA === undefined && connector.state !== "offline",
      );
      fc.pre(able.length > 0);
      const { id } = able[which % able.length]!;
      limitsA.set(id, limitsA.get(id)! * factor + more);
      const overA = excessA(reference, limitsA);
      fc.pre(Math.abs(overA) > NOISE_A || overA <= 0);
      const { violations, safeA } = hold(input, before, limitsA);
      const kinds = new Set(violations.map(({ kind, phase }) => (phase === null ? `${kind} power` : kind)));
      for (const kind of kinds) seen.set(kind, (seen.get(kind) ?? 0) + 1);
      assert.equal(kinds.has("commanded") || kinds.has("commanded power"), overA > 0, `${overA} A over`);
      assert.equal(kinds.has("minimum power"), isBetween(reference, limitsA));
      if (kinds.has("imbalance")) assert.ok(isUnbalanced(reference, limitsA));
      for (const [pulled, safe] of safeA) limitsA.set(pulled, safe);
      const stillOver = excessA(reference, limitsA);
      assert.ok(stillOver <= NOISE_A, `still ${stillOver} A over`);
      if (kinds.has("imbalance")) assert.deepEqual(hold(input, limitsA, limitsA).violations, []);
    });
    fc.assert(property, { seed: SEED, numRuns: cases(1000, 3000) });
    for (const kind of ["commanded", "commanded power", "minimum power", "imbalance"]) {
      assert.ok((seen.get(kind) ?? 0) >= 20, `${kind}: ${seen.get(kind) ?? 0} times`);
    }
  });

  it("never takes a setpoint for a current that is none", () => {
    const property = fc.property(
      resting,
      fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, -1, 1e9),
      (input, garbage) => {
        const before = limitsOf(input);
        const limitsA = new Map(before);
        const able = input.connectors.find(({ state, reservedA }) => state !== "offline" && reservedA === undefined);
        fc.pre(able !== undefined);
        limitsA.set(able.id, garbage);
        const { violations, safeA } = hold(input, before, limitsA);
        assert.ok(violations.some(({ kind }) => kind === "commanded"));
        assert.ok(safeA.get(able.id)! >= 0 && safeA.get(able.id)! <= 32, `${safeA.get(able.id)}`);
      },
    );
    fc.assert(property, { seed: SEED, numRuns: 300 });
  });
});

describe("the guard's code", () => {
  const room = new URL("../../../lib/dlm/", import.meta.url);

  /** What the files of a folder import to be run, as `<path> <name>`. */
  const importsOf = (folder: string): { file: string; target: string; name: string }[] =>
    readdirSync(new URL(folder, room), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts"))
      .map((name) => new URL(`${folder}${name}`, room))
      .flatMap((file) => {
        const lines = [...readFileSync(file, "utf8").matchAll(/^import ([^;]*?) from "(.*?)";/gms)];
        const run = lines.filter(([, names]) => !names!.startsWith("type "));
        return run.flatMap(([, names, from]) =>
          names!
            .replace(/[{}]/g, "")
            .split(",")
            .map((name) => name.trim())
            .filter((name) => name !== "" && !name.startsWith("type "))
            .map((name) => ({ file: file.pathname, target: new URL(from!, file).pathname, name })),
        );
      });

  it("shares no function with the allocator and the controller", () => {
    const guard = importsOf("guard/").filter(({ target }) => !target.includes("/dlm/guard/"));
    const theirs = [...importsOf("allocation/"), ...importsOf("controller/")];
    assert.ok(guard.length > 0 && theirs.length > 50);
    for (const { file, target, name } of guard) {
      const isNumber = target.endsWith("/lib/thresholds.ts");
      const isRule =
        target.endsWith("/lib/over-limit.ts") && !theirs.some((one) => one.name === name && one.target === target);
      assert.ok(isNumber || isRule, `${file}: ${name} of ${target}`);
    }
  });

  it("takes numbers alone from the thresholds", async () => {
    const values = Object.values(await import("../../../lib/thresholds.ts"));
    const numbers = values.flatMap((value) => (typeof value === "object" ? Object.values(value) : [value]));
    assert.deepEqual([...new Set(numbers.map((value) => typeof value))], ["number"]);
  });
});
