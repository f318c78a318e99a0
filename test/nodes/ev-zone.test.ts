import { strict as assert } from "node:assert";
import type { EvZoneNode } from "../../nodes/runtime/node-types.ts";
import { dataDir, deploy, errorsOf, type FlowNode, lastStatus, node, stop, until } from "./helper.ts";

const TYPES = ["ev-site", "ev-zone", "ev-charge-point", "ev-central-system", "ev-dlm"];
/** Ids differ from names: Node-RED takes a property that equals the id of a config node for a reference to it. */
const SITE = { id: "site", type: "ev-site", dataDir };
const MAIN = { id: "z-main", type: "ev-zone", site: "site", name: "main" };
const GARAGE = { id: "z-garage", type: "ev-zone", site: "site", name: "garage", parent: "z-main" };
const DLM = { id: "dlm", type: "ev-dlm", zone: "z-main", wires: [[], [], []] };

const charger = (identity: string, zone = "z-garage"): FlowNode => ({
  id: `node-${identity}`,
  type: "ev-charge-point",
  centralSystem: "",
  identity,
  zone,
});
const tree = () => node<EvZoneNode>("z-main").site?.plant.tree ?? null;

describe("ev-zone", () => {
  afterEach(stop);

  it("puts a checked tree into force, with nothing but names", async () => {
    await deploy(TYPES, [SITE, MAIN, GARAGE, DLM]);
    await until("the tree is in force", () => tree() !== null);
    assert.deepEqual(
      tree()!.zones.map(({ zone }) => [zone.id, zone.parent, zone.limitA, zone.failSafeA]),
      [
        ["main", null, [63, 63, 63], 6],
        ["garage", "main", [63, 63, 63], 6],
      ],
    );
    assert.equal(lastStatus("z-garage")?.fill, "green");
  });

  it("needs no site", async () => {
    await deploy(TYPES, [{ ...MAIN, site: "" }, DLM]);
    await until("the tree is in force", () => tree() !== null);
  });

  it("takes limits as one number or three, as text or as numbers", async () => {
    await deploy(TYPES, [
      SITE,
      { ...MAIN, limitA: "80", operatorLimitA: ["50", 60, 70], imbalanceA: "", maxPowerW: "40000" },
      DLM,
    ]);
    await until("the tree is in force", () => tree() !== null);
    const { limitA, operatorLimitA, imbalanceA, maxPowerW } = tree()!.zones[0]!.zone;
    assert.deepEqual([limitA, operatorLimitA, imbalanceA, maxPowerW], [[80, 80, 80], [50, 60, 70], 20, 40_000]);
  });

  it("refuses safe currents that do not fit, with the numbers on the zone", async () => {
    const chargers = Array.from({ length: 12 }, (_, i) => charger(`CP${i + 1}`));
    await deploy(TYPES, [SITE, MAIN, { ...GARAGE, assumedLoadA: [0, 20, 0] }, DLM, ...chargers]);
    await until("the error is shown", () => errorsOf("z-garage").length > 0);
    assert.ok(
      errorsOf("z-garage").some(
        ({ message }) => message === "L2 of zone garage: 12 × 6 A safe current + 20 A assumed load = 92 A, limit 63 A",
      ),
    );
    assert.equal((errorsOf("z-garage")[0] as Error & { code: string }).code, "EV_ZONE_TREE");
    assert.equal(lastStatus("z-garage")?.fill, "red");
    assert.equal(tree(), null);
  });

  it("refuses a meter that no node produces", async () => {
    await deploy(TYPES, [SITE, { ...MAIN, meters: [{ meter: "grid" }] }, DLM]);
    await until("the error is shown", () => errorsOf("z-main").length > 0);
    assert.equal(errorsOf("z-main")[0]!.message, 'zone main: no node measures its meter "grid"');
  });

  for (const [what, more, text] of [
    ["a name that is empty", { name: "" }, /name is empty/],
    ["a name with a slash", { name: "a/b" }, /name is "a\/b"/],
    ["a demand limit of nothing", { demandLimitW: 0 }, /demandLimitW is 0; it must be/],
    ["a window of a second", { demandLimitW: 30_000, demandWindowS: 1 }, /demandWindowS is 1; it must be/],
    ["a limit that is no number", { limitA: [63, "x", 63] }, /limitA\[1\] is "x"; it must be a number from 0/],
    ["a negative headroom", { headroomA: -1 }, /headroomA is -1/],
    ["a meter without a name", { meters: [{ location: "including" }] }, /meters\[0\]\.meter is empty/],
    [
      "a fallback without a load",
      { meters: [{ meter: "grid", onStale: "fallbackLoad" }] },
      /meters\[0\]\.fallbackA is empty/,
    ],
    ["a site that is missing", { site: "gone" }, /site: the site gone is missing/],
  ] as const) {
    it(`names ${what}, and keeps the tree from coming into force`, async () => {
      await deploy(TYPES, [SITE, { ...MAIN, id: "z-bad", name: "bad", ...more }, MAIN, DLM]);
      await until("the error is shown", () => errorsOf("z-bad").length > 0);
      assert.match(errorsOf("z-bad")[0]!.message, text);
      assert.equal(lastStatus("z-bad")?.fill, "red");
      if (what !== "a site that is missing") assert.equal(tree(), null);
    });
  }
});
