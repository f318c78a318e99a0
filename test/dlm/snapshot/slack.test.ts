import { strict as assert } from "node:assert";
import { slackByZone } from "../../../lib/dlm/snapshot/slack.ts";
import type { Triple } from "../../../lib/units.ts";

const found = (capacityA: Triple, backgroundA: Triple = [0, 0, 0]) => {
  const loadA: Triple = [0, 0, 0];
  return { capacityA, backgroundA, loadA, failSafe: false };
};
const LIMIT_A = { limitA: 63 };

describe("what is left in zones", () => {
  const used = new Map<string, Triple>([
    ["main", [20, 20, 10]],
    ["hall", [10, 10, 0]],
  ]);
  const slackOf = (main: object, mainA: Triple, hallA: Triple, backgroundA?: Triple) =>
    slackByZone(
      [
        { id: "main", parent: null, ...LIMIT_A, ...main },
        { id: "hall", parent: "main", ...LIMIT_A },
      ],
      { main: found(mainA, backgroundA), hall: found(hallA) },
      used,
      230,
    );

  it("is what is left in the fullest on the way up, on each phase", () => {
    const slack = slackOf({}, [25, 40, 8], [40, 15, 40]);
    assert.deepEqual(slack.get("main"), [5, 20, 0]);
    assert.deepEqual(slack.get("hall"), [5, 5, 0]);
  });

  it("is no more on a phase than a third of what a power has left, beside the background or for chargers alone", () => {
    const wide: Triple = [63, 63, 63];
    const powerW = 230 * 80;
    assert.deepEqual(slackOf({ maxPowerW: powerW }, wide, wide, [3, 3, 3]).get("hall"), [7, 7, 7]);
    const total = slackOf({ gridLimit: { powerW, scope: "total" } }, wide, wide, [3, 3, 3]);
    assert.deepEqual(total.get("hall"), [7, 7, 7]);
    const evse = slackOf({ gridLimit: { powerW, scope: "evse" } }, wide, wide, [3, 3, 3]);
    assert.deepEqual(evse.get("hall"), [10, 10, 10]);
  });

  it("is nothing where the allocation found nothing", () => {
    const zones = [
      { id: "main", parent: null, ...LIMIT_A },
      { id: "hall", parent: "main", ...LIMIT_A },
    ];
    assert.deepEqual(slackByZone(zones, {}, used, 230).get("hall"), [0, 0, 0]);
  });
});
