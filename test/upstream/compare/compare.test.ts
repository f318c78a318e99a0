import { strict as assert } from "node:assert";
import fc from "fast-check";
import { compareCharges, type OurCharge } from "../../../lib/upstream/compare/compare.ts";
import type { TheirCharge } from "../../../lib/upstream/compare/their-table.ts";

const MIN = 60_000;
const TOLERANCE = { startMs: 15 * MIN, energyWh: 10 };

const our = (index: number, startMin: number, energyWh: number | null, chargePoint = "CP1"): OurCharge => ({
  ...{ session: `s${index}`, chargePoint, connector: 1, upstreamIdentity: `NL-${chargePoint}` },
  ...{ startedWallMs: startMin * MIN, energyWh },
});
const their = (line: number, startMin: number, energyWh: number, charger: string | null = "NL-CP1"): TheirCharge => ({
  ...{ line, charger, startedWallMs: startMin * MIN, energyWh, id: null },
});
const compared = (ours: OurCharge[], theirs: TheirCharge[], isDue: (one: OurCharge) => boolean = () => true) => {
  const { equal, differences } = compareCharges(ours, theirs, TOLERANCE, isDue);
  return [
    equal,
    ...differences.map(({ kind, ours: one, theirs: other }) => `${kind} ${one?.session ?? ""}/${other?.line ?? ""}`),
  ];
};

describe("comparing two books", () => {
  it("finds what is here only, there only, has another energy, or is there twice", () => {
    const ours = [our(1, 0, 5000), our(2, 100, 7000), our(3, 200, 9000)];
    const theirs = [their(2, 1, 5004), their(3, 100, 7400), their(4, 3, 5000), their(5, 900, 100)];
    assert.deepEqual(compared(ours, theirs), [
      1,
      "perhapsTwice s1/4",
      "energyDiffers s2/3",
      "onlyHere s3/",
      "onlyThere /5",
    ]);
  });

  it("tells charges apart by charger, under both names, with the connector or without", () => {
    const ours = [our(1, 0, 5000, "CP1"), our(2, 0, 5000, "CP2")];
    assert.deepEqual(compared(ours, [their(1, 0, 5000, "cp2"), their(2, 0, 5000, "NL*CP1/1")]), [2]);
    assert.deepEqual(compared([ours[0]!], [their(1, 0, 5000, "CP1"), their(2, 0, 5000, "CP9")]), [1, "onlyThere /2"]);
  });

  it("does without names where the table has none that are known here", () => {
    assert.deepEqual(
      compared([our(1, 0, 5000), our(2, 2, 9000)], [their(1, 1, 9000, "Home"), their(2, 1, 5000, null)]),
      [2],
    );
  });

  it("asks for no charge that goes on, or is outside of the time", () => {
    assert.deepEqual(
      compared([our(1, 0, null), our(2, 50, 700)], [], ({ session }) => session !== "s2"),
      [0],
    );
  });

  it("finds equal books equal, in any order, and any one change in them", () => {
    const books = fc.uniqueArray(
      fc.record({ startMin: fc.integer({ min: 0, max: 40_000 }), energyWh: fc.integer({ min: 100, max: 90_000 }) }),
      { selector: ({ startMin }) => Math.floor(startMin / 31), minLength: 1, maxLength: 40 },
    );
    fc.assert(
      fc.property(
        books,
        fc.nat(),
        fc.constantFrom("none", "drop", "change", "double", "add"),
        (charges, pick, change) => {
          const apart = charges.map((one) => ({ ...one, startMin: Math.floor(one.startMin / 31) * 62 }));
          const ours = apart.map(({ startMin, energyWh }, index) => our(index, startMin, energyWh));
          let theirs = apart.map(({ startMin, energyWh }, index) => their(index, startMin, energyWh)).reverse();
          const chosen = theirs[pick % theirs.length]!;
          if (change === "drop") theirs = theirs.filter((one) => one !== chosen);
          if (change === "change")
            theirs = theirs.map((one) => (one === chosen ? { ...one, energyWh: one.energyWh + 500 } : one));
          if (change === "double") theirs.push({ ...chosen, line: 99 });
          if (change === "add") theirs.push(their(99, 100_000, 1000));
          const kinds = {
            none: [],
            drop: ["onlyHere"],
            change: ["energyDiffers"],
            double: ["perhapsTwice"],
            add: ["onlyThere"],
          };
          const { differences } = compareCharges(ours, theirs, TOLERANCE, () => true);
          assert.deepEqual(
            differences.map(({ kind }) => kind),
            kinds[change],
          );
        },
      ),
    );
  });
});
