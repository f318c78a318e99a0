import { strict as assert } from "node:assert";
import fc from "fast-check";
import { allocate } from "../../../lib/dlm/allocation/allocate.ts";
import { BINDING } from "../../../lib/dlm/allocation/draft.ts";
import { prepare } from "../../../lib/dlm/allocation/prepare.ts";
import { listAt } from "../../../lib/dlm/allocation/row-lists.ts";
import { solve } from "../../../lib/dlm/allocation/solve.ts";
import type { AllocationInput } from "../../../lib/dlm/types.ts";
import { cases } from "../../full.ts";
import { anySite, siteArbitrary, tenths } from "./random-sites.ts";
import { isUnbalanced, loadOf, type Reference, type ReferenceCar, readReference, solveReference } from "./reference.ts";

const SEED = 20_240_229;

function holds<T>(arbitrary: fc.Arbitrary<T>, predicate: (value: T) => void, numRuns = cases(60, 400)): void {
  fc.assert(fc.property(arbitrary, predicate), { seed: SEED, numRuns });
}

function limitsOf(input: AllocationInput): Map<string, number> {
  const { connectors } = allocate(input);
  return new Map(Object.entries(connectors).map(([id, { limitA }]) => [id, limitA]));
}

/** Exact currents by id, with what binds each. */
function exact(input: AllocationInput) {
  const draft = solve(prepare(input));
  const { cars } = draft.rowLoads.problem;
  return new Map(cars.ids.map((id, car) => [id, { currentA: draft.currentA[car]!, binding: draft.binding[car]! }]));
}

/** Rows not exceeded, or nothing allocated on them. PV rows count only where no minimum is guaranteed. */
function exceededRow(reference: Reference, currentA: ReadonlyMap<string, number>): string | undefined {
  const guaranteed = reference.cars.some((car) => car.connector.mode === "minpv");
  const row = reference.rows.find((candidate) => {
    if (candidate.kind === "pv" && guaranteed) return false;
    const loadA = loadOf(candidate, currentA);
    return loadA > 0 && loadA > candidate.capacityA + 1e-6;
  });
  return row && `${row.kind} row of ${row.capacityA} A carries ${loadOf(row, currentA)} A`;
}

const isActive = (car: ReferenceCar, currentA: ReadonlyMap<string, number>) =>
  car.role === "requesting" && currentA.get(car.id)! > 0;

describe("allocate, on random sites", () => {
  it("exceeds no limit with what it returns", () => {
    holds(
      anySite,
      (input) => {
        const reference = readReference(input);
        const currentA = limitsOf(input);
        assert.equal(exceededRow(reference, currentA), undefined);
        assert.equal(isUnbalanced(reference, currentA), false);
      },
      3000,
    );
  });

  it("gives each connector nothing or a current from its minimum to its maximum", () => {
    holds(anySite, (input) => {
      const currentA = limitsOf(input);
      for (const { id, minA, maxA, role } of readReference(input).cars) {
        const given = currentA.get(id)!;
        assert.ok(given === 0 || (role !== "none" && given >= minA && given <= maxA + 1e-9), `${id}: ${given}`);
      }
    });
  });

  it("finds the same exact currents as a slow reference", () => {
    holds(
      siteArbitrary(false),
      (input) => {
        const expected = solveReference(readReference(input));
        for (const [id, { currentA }] of exact(input)) {
          const wanted = expected.get(id) ?? 0;
          assert.ok(Math.abs(currentA - wanted) < 1e-5, `${id}: ${currentA} A instead of ${wanted} A`);
        }
      },
      3000,
    );
  });

  it("names for every connector below its maximum a full row on which no one of its class is better off", () => {
    holds(siteArbitrary(false), (input) => {
      const problem = prepare(input);
      const { rowLoads, currentA, binding } = solve(problem);
      const { cars } = problem;
      for (let car = 0; car < cars.count; car++) {
        if (cars.role[car] !== 0 || currentA[car] === 0 || currentA[car]! > cars.maxA[car]! - 1e-7) continue;
        const row = binding[car]!;
        assert.ok(row >= 0, `${cars.ids[car]} is bound by nothing`);
        assert.ok(
          rowLoads.capacityA[row]! - rowLoads.loadA[row]! < 1e-6,
          `the row that binds ${cars.ids[car]} has room`,
        );
        for (let other = 0; other < cars.count; other++) {
          const shares = listAt(problem.rows.ofConnector, other).includes(row);
          if (!shares || cars.role[other] !== 0 || currentA[other]! <= cars.minA[other]! + 1e-9) continue;
          const level = (c: number) => currentA[c]! / cars.weight[c]!;
          if (cars.priorityClass[other] === cars.priorityClass[car]) assert.ok(level(other) <= level(car) + 1e-6);
          else assert.ok(cars.priorityClass[other]! < cars.priorityClass[car]!);
        }
      }
    });
  });

  it("lets nobody wait whose minimum fits beside the minimums of all who are ahead", () => {
    holds(siteArbitrary(false), (input) => {
      const reference = readReference(input);
      const { priorityPolicy } = reference.config;
      const currentA = limitsOf(input);
      const ahead = new Map<string, number>();
      const guaranteed = reference.cars.some(({ connector }) => connector.mode === "minpv");
      for (const car of reference.cars.filter(({ role }) => role === "requesting")) {
        const classOf = ({ connector }: ReferenceCar) => connector.priorityClass ?? 1;
        if (currentA.get(car.id)! > 0) ahead.set(car.id, car.minA);
        if (currentA.get(car.id)! > 0 || car.maxA < car.minA || (guaranteed && car.connector.mode === "pv")) continue;
        const beside = new Map(ahead).set(car.id, car.minA);
        // Under "strict" the classes before are filled already.
        if (priorityPolicy === "strict") {
          for (const other of reference.cars) {
            if (ahead.has(other.id) && classOf(other) < classOf(car)) beside.set(other.id, currentA.get(other.id)!);
          }
        }
        assert.notEqual(exceededRow(reference, beside), undefined, `${car.id} waits for nothing`);
      }
    });
  });

  it("leaves no step that anyone could still gain", () => {
    holds(
      anySite,
      (input) => {
        const reference = readReference(input);
        const currentA = limitsOf(input);
        const onSurplus = new Set(["pv", "minpv"]);
        for (const car of reference.cars) {
          if (!isActive(car, currentA) || onSurplus.has(car.connector.mode ?? "fast")) continue;
          const more = new Map(currentA).set(car.id, currentA.get(car.id)! + reference.config.stepA);
          const wasted =
            more.get(car.id)! <= car.maxA + 1e-9 && !exceededRow(reference, more) && !isUnbalanced(reference, more);
          assert.ok(!wasted, `${car.id} could gain a step`);
        }
      },
      3000,
    );
  });

  it("gives the same bytes for any order of zones and connectors", () => {
    const shuffled = anySite.chain((input) =>
      fc.record({
        input: fc.constant(input),
        zones: fc.shuffledSubarray(input.zones, { minLength: input.zones.length }),
        connectors: fc.shuffledSubarray(input.connectors, { minLength: input.connectors.length }),
      }),
    );
    holds(shuffled, ({ input, zones, connectors }) => {
      assert.equal(JSON.stringify(allocate({ ...input, zones, connectors })), JSON.stringify(allocate(input)));
    });
  });

  it("leaves the worst off no worse when a limit is raised and the same cars charge", () => {
    const raised = siteArbitrary(false).chain((site) => {
      const input = { ...site, connectors: site.connectors.map((connector) => ({ ...connector, priorityClass: 1 })) };
      return fc.record({ input: fc.constant(input), zone: fc.nat(input.zones.length - 1), moreA: tenths(0, 30) });
    });
    holds(raised, ({ input, zone, moreA }) => {
      const levels = (of: AllocationInput) => {
        const { cars } = readReference(of);
        const currents = exact(of);
        const active = cars.filter((car) => car.role === "requesting" && currents.get(car.id)!.currentA > 0);
        return {
          ids: active.map((car) => car.id).join(),
          sorted: active.map((car) => currents.get(car.id)!.currentA / car.weight).sort((a, b) => a - b),
        };
      };
      const before = levels(input);
      const limitA = [0, 1, 2].map((phase) => {
        const given = input.zones[zone]!.limitA;
        return (typeof given === "number" ? given : given[phase]!) + moreA;
      }) as [number, number, number];
      const after = levels({
        ...input,
        zones: input.zones.map((other, i) => (i === zone ? { ...other, limitA } : other)),
      });
      if (before.ids !== after.ids) return;
      const first = before.sorted.findIndex((level, i) => Math.abs(level - after.sorted[i]!) > 1e-6);
      assert.ok(first < 0 || after.sorted[first]! > before.sorted[first]!);
    });
  });

  it("scales with its input", () => {
    const A = /(A|A1p|A3p|W)$/;
    const doubled = (value: unknown, key = ""): unknown => {
      if (typeof value === "number") return A.test(key) ? 2 * value : value;
      if (Array.isArray(value)) return value.map((entry) => doubled(entry, key));
      if (typeof value !== "object" || value === null) return value;
      return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, doubled(entry, name)]));
    };
    holds(anySite, (site) => {
      const config = { minA1p: 6, minA3p: 6, failSafeA: 6, ...site.config };
      const connectors = site.connectors.map((connector) => ({ disconnectedA: 6, ...connector }));
      const input = { ...site, config, connectors };
      const single = exact(input);
      for (const [id, { currentA }] of exact(doubled(input) as AllocationInput)) {
        assert.ok(Math.abs(currentA - 2 * single.get(id)!.currentA) < 1e-5, id);
      }
    });
  });

  it("gives every connector a reason that fits what it got", () => {
    holds(anySite, (input) => {
      const { connectors } = allocate(input);
      const bound = exact(input);
      for (const { id, minA, maxA, role } of readReference(input).cars) {
        const { limitA, reasons } = connectors[id]!;
        const code = reasons[0]!.code;
        if (role !== "requesting")
          assert.ok(["IDLE", "IDLE_MIN", "OFF", "OFFLINE", "NOT_REQUESTING"].includes(code), code);
        else if (limitA === 0) assert.equal(code, maxA < minA ? "MAX_BELOW_MIN" : "WAIT");
        else assert.ok(["MAX", "FAILSAFE", "ZONE", "POWER", "GRID", "PV", "IMBALANCE"].includes(code), code);
        if (limitA > 0 && role === "requesting") assert.notEqual(bound.get(id)!.binding, BINDING.none);
      }
    });
  });
});
