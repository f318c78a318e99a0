import { strict as assert } from "node:assert";
import { type HealthFacts, healthOf } from "../../lib/overview/health.ts";

const WELL: HealthFacts = {
  database: { failure: null, copyFailure: null },
  meters: [{ id: "grid", quality: "good", doubt: null }],
  chargers: [
    { id: "CP1/1", kind: "charging" },
    { id: "CP2/1", kind: "free" },
  ],
  deafServers: [],
  backEnds: [{ name: "Cloud", chargePoints: 2, connected: 2, failure: null }],
  clockIsSet: true,
  freeMB: 12_000,
  certificates: [{ name: "Garage", daysLeft: 80.5 }],
  open: { editor: false, dashboard: false },
};

/** Names of the parts that are not well, with what they say. */
function unwell(change: Partial<HealthFacts>): [string, string][] {
  const { ok, parts } = healthOf({ ...WELL, ...change }, "en-US");
  const wrong = parts.filter((one) => !one.ok);
  assert.equal(ok, wrong.length === 0);
  return wrong.map(({ part, text }) => [part, text]);
}

describe("The health of a site", () => {
  it("has the same parts in the same order, well or not", () => {
    const names = [
      "database",
      "meters",
      "chargers",
      "upstreams",
      "clock",
      "disk",
      "certificate",
      "editor",
      "dashboard",
    ];
    for (const facts of [
      WELL,
      { ...WELL, meters: [], chargers: [], backEnds: [], certificates: [], clockIsSet: null },
    ]) {
      const health = healthOf(facts, "en-US");
      assert.deepEqual(
        health.parts.map(({ part }) => part),
        names,
      );
      assert.equal(health.ok, true);
      for (const { text } of health.parts) assert.doesNotMatch(text, /[{}]/);
    }
  });

  const rows: [string, Partial<HealthFacts>, string, RegExp][] = [
    ["the database fails", { database: { failure: "disk full", copyFailure: null } }, "database", /disk full/],
    ["the daily copy fails", { database: { failure: null, copyFailure: "no room" } }, "database", /copy.*no room/],
    ["a meter is silent", { meters: [{ id: "grid", quality: null, doubt: null }] }, "meters", /grid/],
    ["a meter is frozen", { meters: [{ id: "grid", quality: "good", doubt: "frozen" }] }, "meters", /grid/],
    ["a charger is away", { chargers: [{ id: "CP1/1", kind: "offline" }] }, "chargers", /Not connected: CP1\/1/],
    ["a server is deaf", { deafServers: [{ name: "Garage", why: "port in use" }] }, "chargers", /Garage.*port in use/],
    [
      "a back end is away",
      { backEnds: [{ name: "Cloud", chargePoints: 2, connected: 1, failure: null }] },
      "upstreams",
      /Cloud: 1 of 2/,
    ],
    ["NTP is off", { clockIsSet: false }, "clock", /NTP/],
    ["the disk is full", { freeMB: 20 }, "disk", /20 MB/],
    ["a certificate ends", { certificates: [{ name: "Garage", daysLeft: 3.9 }] }, "certificate", /in 3 days/],
    ["a certificate has ended", { certificates: [{ name: "Garage", daysLeft: -1 }] }, "certificate", /has ended/],
    ["a certificate is unreadable", { certificates: [{ name: "Garage", daysLeft: null }] }, "certificate", /read/],
    ["the editor is open", { open: { editor: true, dashboard: false } }, "editor", /adminAuth/],
    ["a dashboard is open", { open: { editor: false, dashboard: true } }, "dashboard", /Other users/],
  ];
  for (const [what, change, part, text] of rows) {
    it(`is not given where ${what}`, () => {
      const wrong = unwell(change);
      assert.deepEqual(
        wrong.map(([name]) => name),
        [part],
      );
      assert.match(wrong[0]?.[1] ?? "", text);
    });
  }

  it("names a few of many chargers", () => {
    const chargers = Array.from({ length: 40 }, (_, n) => ({ id: `CP${n}/1`, kind: "offline" as const }));
    assert.match(unwell({ chargers })[0]?.[1] ?? "", /CP4\/1 … \(40\)/);
  });

  it("is told in the language of the site", () => {
    assert.match(healthOf(WELL, "de").parts[0]?.text ?? "", /Aufzeichnungen/);
    assert.match(healthOf(WELL, "fr").parts[0]?.text ?? "", /données/);
  });
});
