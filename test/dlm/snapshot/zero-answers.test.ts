import { strict as assert } from "node:assert";
import { type Day, PLACES, type Place, runPlace } from "../../../bench/writes.ts";
import { ZeroAnswers } from "../../../lib/dlm/snapshot/zero-answers.ts";
import type { ConnectorFacts } from "../../../lib/dlm/topology/facts.ts";
import { rootPlant } from "../../../lib/dlm/topology/root-plant.ts";
import type { Triple } from "../../../lib/units.ts";
import { charger, factsOf, METER, treeOf, WIRING, zone } from "../../building/plant.ts";

const single = charger("B", "main", { connectors: [{ ...WIRING, phases: 1, rotation: "STR" }] });
const PLANT = rootPlant(treeOf([zone("main", { meters: [METER] })], [charger("A", "main"), single]), "main");

/** Load that no charger has reported, A. */
const even = (loadA: number): Triple => [loadA, loadA, loadA];

describe("Zeros in answer to a question", () => {
  let zeros: ZeroAnswers;
  let told: Map<string, number>;

  beforeEach(() => {
    zeros = new ZeroAnswers();
    told = new Map([
      ["A/1", 0],
      ["B/1", 0],
    ]);
  });

  /** A decision at a second. @param loadA null = the meter is not heard */
  const decide = (second: number, loadA: Triple | null, change: Record<string, number> = {}): void => {
    const after = new Map([...told, ...Object.entries(change)]);
    const loadsA = new Map(loadA ? [["main", loadA]] : []);
    zeros.decided({ plant: PLANT, before: told, after, loadsA, nowMs: second * 1000 });
    told = after;
  };
  const reads = (second: number, currentA: number, unproven?: ConnectorFacts["unproven"]): ConnectorFacts => {
    const measured = { measuredA: [currentA, currentA, currentA], measuredAtMs: second * 1000 };
    return factsOf("A", { ...measured, ...(unproven && { unproven }) });
  };
  /** Whether zeros that were answered at a second are believed, where its own samples ended at another. */
  const believed = (second: number, ownS: number | null = null): boolean => {
    const ownAtMs = ownS === null ? null : ownS * 1000;
    return zeros.look([reads(second, 0, { ownAtMs })])[0]!.measuredA !== null;
  };

  it("are not believed while the meter shows what nobody else can draw since it was switched on", () => {
    decide(0, even(10), { "A/1": 6 });
    decide(5, even(16));
    assert.ok(!believed(6));
    assert.equal(zeros.look([reads(6, 0, { ownAtMs: null })])[0]!.measuredAtMs, null);
  });

  it("are believed while the meter does not show it, and those that are older than that", () => {
    decide(0, even(10), { "A/1": 6 });
    decide(5, even(12));
    assert.ok(believed(6));
    decide(10, even(16));
    assert.ok(believed(6), "the car had not begun yet");
    assert.ok(!believed(11));
  });

  it("are believed where others may draw as much more, or it flows on other phases", () => {
    decide(0, even(10), { "B/1": 6 });
    decide(5, even(10), { "A/1": 6, "B/1": 12 });
    decide(10, [10, 16, 10]);
    assert.ok(believed(11), "B was given 6 A more at the same moment");
    zeros = new ZeroAnswers();
    told.set("B/1", 0);
    const ofB = () => zeros.look([{ ...reads(11, 0, { ownAtMs: null }), id: "B/1" }])[0]!.measuredA !== null;
    decide(0, even(10), { "B/1": 6 });
    decide(5, [16, 10, 16]);
    assert.ok(ofB(), "B hangs on L2");
    decide(10, [16, 16, 16]);
    assert.ok(!ofB());
  });

  it("are believed where a sample of its own, or no meter, has told since it was switched on", () => {
    decide(0, even(10), { "A/1": 6 });
    decide(5, even(16));
    assert.ok(believed(6, 4));
    assert.ok(!believed(6, -1));
    zeros = new ZeroAnswers();
    told.set("A/1", 0);
    decide(0, null, { "A/1": 6 });
    decide(5, null);
    assert.ok(believed(6));
  });

  it("are other load a minute after it was switched on, and whoever has told a current since is believed when it ends", () => {
    decide(0, even(10), { "A/1": 6 });
    decide(61, even(16));
    assert.ok(believed(62));
    told.set("A/1", 0);
    decide(100, even(10), { "A/1": 6 });
    decide(105, even(16));
    zeros.look([reads(106, 6)]);
    assert.ok(believed(120), "its answer had shown a current");
  });

  it("prove nothing any more once they were untrue, also of its next start, until it says anything else", () => {
    decide(0, even(10), { "A/1": 6 });
    decide(5, even(16));
    assert.ok(!believed(6));
    decide(10, even(16), { "A/1": 0 });
    assert.ok(!believed(60));
    assert.equal(zeros.look([reads(70, 0)])[0]!.measuredA?.[0], 0, "a sample of its own");
    assert.ok(believed(80));
  });
});

describe("An office whose chargers answer a question with zeros", () => {
  const office: Place = PLACES.find(({ name }) => name === "an office")!;
  const day = (more: Partial<Place>): Promise<Day> => runPlace({ ...office, ...more }, 1, 420);

  it("uses its breaker all the same, where their own samples show what they draw", async () => {
    const honest = await day({});
    const zeros = await day({ answers: "zeros" });
    const believed = await day({ answers: "zerosAsOwn" });
    assert.ok(honest.used > 0.85, `${honest.used}`);
    assert.ok(zeros.used > 0.9 * honest.used, `${zeros.used} of the breaker, ${honest.used} with honest answers`);
    assert.ok(believed.used < 0.8 * honest.used, `${believed.used} where the zeros are believed`);
  });

  it("charges at those, too, that report only when they are asked, and gives nobody else what they draw", async () => {
    const reportS = [10, Number.POSITIVE_INFINITY, 60, Number.POSITIVE_INFINITY];
    const honest = await day({ reportS });
    const zeros = await day({ reportS, answers: "zeros" });
    const believed = await day({ reportS, answers: "zerosAsOwn" });
    /** Of the two that report only when they are asked and were there first, and of all others, A·h. */
    const silent = ({ chargedAh }: Day) => chargedAh[1]! + chargedAh[3]!;
    const others = ({ chargedAh }: Day) => chargedAh[0]! + chargedAh[2]!;
    const said = [honest, zeros, believed].map(({ chargedAh }) => chargedAh.map((one) => one.toFixed(1)).join(" "));
    assert.ok(silent(zeros) > 0.9 * silent(honest), said.join("; "));
    assert.ok(others(zeros) < 1.1 * others(honest), said.join("; "));
    assert.ok(silent(believed) < 0.1 * silent(honest), said.join("; "));
    assert.ok(others(believed) > 1.3 * others(honest), said.join("; "));
    assert.ok(
      zeros.startsPerHour < 10 && zeros.overAsPerHour < 1,
      `${zeros.startsPerHour} starts, ${zeros.overAsPerHour}`,
    );
  });
});
