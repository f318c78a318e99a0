import { strict as assert } from "node:assert";
import fc from "fast-check";
import loadHighs, { type LegacyHighs } from "highs";
import { prepare } from "../../../lib/dlm/allocation/prepare.ts";
import { solve } from "../../../lib/dlm/allocation/solve.ts";
import type { AllocationInput } from "../../../lib/dlm/types.ts";
import { cases } from "../../full.ts";
import { solveByPrograms } from "./oracle.ts";
import { siteArbitrary } from "./random-sites.ts";
import { readReference } from "./reference.ts";

/** More than the few hundred sites of every run: `DLM_ORACLE_CASES=16000`. */
const CASES = Number(process.env["DLM_ORACLE_CASES"] ?? cases(60, 400));
const SHORT_RUN_MS = 300_000;
/** Two ways to add up the same currents differ by less than this, A. */
const SAME_A = 1e-6;

const exact = (input: AllocationInput) => {
  const draft = solve(prepare(input));
  return new Map(draft.rowLoads.problem.cars.ids.map((id, car) => [id, draft.currentA[car]!]));
};

describe("allocate, beside linear programs", function () {
  this.timeout(Math.max(SHORT_RUN_MS, CASES * 100));
  let highs: LegacyHighs;

  before(async () => {
    highs = await loadHighs();
  });

  /** The largest difference between a site's currents and those of the programs, A; null where subsets are too many. */
  function difference(input: AllocationInput): number | null {
    const reference = readReference(input);
    if (reference.cars.filter(({ role }) => role === "requesting").length > 12) return null;
    const expected = solveByPrograms(highs, reference);
    return Math.max(0, ...[...exact(input)].map(([id, currentA]) => Math.abs(currentA - (expected.get(id) ?? 0))));
  }

  for (const crowded of [false, true]) {
    it(`starts the same connectors and gives them the same exact currents, ${crowded ? "on full" : "on any"} sites`, () => {
      let largestA = 0;
      const property = fc.property(siteArbitrary(false, crowded), (input) => {
        const differenceA = difference(input);
        fc.pre(differenceA !== null);
        largestA = Math.max(largestA, differenceA);
        assert.ok(differenceA < SAME_A, `${differenceA} A apart`);
      });
      fc.assert(property, { seed: 20_260_501, numRuns: CASES });
      tell(`largest difference ${largestA} A`);
    });
  }

  it("finds the best currents on nearly all sites with imbalance limits, where it promises only that they hold", () => {
    let same = 0;
    const property = fc.property(siteArbitrary(true, true), (input) => {
      same += difference(input)! < 1e-4 ? 1 : 0;
    });
    fc.assert(property, { seed: 20_260_502, numRuns: CASES });
    tell(`${same} the same`);
    assert.ok(same >= 0.95 * CASES, `${same} of ${CASES}`);
  });

  function tell(text: string): void {
    if (process.env["DLM_ORACLE_CASES"]) console.log(`      ${CASES} sites: ${text}`);
  }
});
