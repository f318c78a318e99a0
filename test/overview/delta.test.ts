import { strict as assert } from "node:assert";
import fc from "fast-check";
import { applyDelta, overviewDelta } from "../../lib/overview/delta.ts";
import { type AlarmItem, EMPTY_OVERVIEW, type MeterItem, type Overview } from "../../lib/overview/types.ts";

const meter = (id: string, more: Partial<MeterItem> = {}): MeterItem => ({
  id,
  zones: [],
  role: null,
  quality: "good",
  doubt: null,
  currentA: [1, 2, 3],
  powerW: 100,
  socPercent: null,
  atMs: 1000,
  ...more,
});
const overview = (more: Partial<Overview>): Overview => ({ ...EMPTY_OVERVIEW, ...more });
/** What arrives at the other end. */
const sent = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

describe("what changed between two overviews", () => {
  it("is nothing when everything is as it was", () => {
    assert.equal(overviewDelta(overview({ meters: [meter("a")] }), overview({ meters: [meter("a")] })), null);
  });

  it("names only the members that differ, so that a reading costs few bytes", () => {
    const before = overview({ meters: [meter("a"), meter("b")] });
    const after = overview({ meters: [meter("a"), meter("b", { currentA: [1, 2, 4], atMs: 2000 })] });
    assert.deepEqual(overviewDelta(before, after), {
      meters: { set: [{ id: "b", currentA: [1, 2, 4], atMs: 2000 }] },
    });
  });

  it("tells an order only where it cannot be known", () => {
    const before = overview({ meters: [meter("a"), meter("b"), meter("c")] });
    const without = overviewDelta(before, overview({ meters: [meter("a"), meter("c"), meter("d")] }));
    assert.deepEqual(Object.keys(without?.meters ?? {}), ["set", "gone"]);
    const turned = overviewDelta(before, overview({ meters: [meter("c"), meter("a"), meter("b")] }));
    assert.deepEqual(turned, { meters: { order: ["c", "a", "b"] } });
  });

  it("leaves what did not change the same object, so that it is not drawn again", () => {
    const before = overview({ meters: [meter("a"), meter("b")], alarms: [{ id: "x" } as AlarmItem] });
    const after = applyDelta(before, { meters: { set: [{ id: "b" }] } });
    assert.equal(after.alarms, before.alarms);
    assert.equal(after.meters[0], before.meters[0]);
    assert.notEqual(after.meters[1], before.meters[1]);
  });

  it("makes the later of the earlier, whatever they are", () => {
    const item = fc.record({
      id: fc.constantFrom("a", "b", "c", "d", "__proto__"),
      powerW: fc.option(fc.integer(), { nil: null }),
      currentA: fc.array(fc.option(fc.integer(), { nil: null }), { minLength: 3, maxLength: 3 }),
    });
    const meters = fc.uniqueArray(item, { selector: ({ id }) => id }).map((items) => items as unknown as MeterItem[]);
    fc.assert(
      fc.property(meters, meters, (earlier, later) => {
        const [before, after] = [overview({ meters: earlier }), overview({ meters: later })];
        const delta = overviewDelta(before, after);
        const made = delta ? applyDelta(before, sent(delta)) : before;
        assert.deepEqual(sent(made), sent(after));
      }),
    );
  });
});
