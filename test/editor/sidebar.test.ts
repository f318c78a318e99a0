import { strict as assert } from "node:assert";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { CHARGER_KINDS, type ChargerItem, type ZoneItem } from "../../lib/overview/types.ts";
import { layOut } from "../../nodes/editor/sidebar/diagram/diagram-layout.ts";
import { zoneSentence } from "../../nodes/editor/sidebar/diagram/zone-sentence.ts";
import { age, amps, watts } from "../../nodes/editor/sidebar/words.ts";

const ROOT = join(import.meta.dirname, "../..");
const SIDEBAR = join(ROOT, "nodes/editor/sidebar");

const zone = (id: string, parent: string | null, more: Partial<ZoneItem> = {}): ZoneItem => ({
  id,
  nodeId: id,
  parent,
  limitA: [63, 63, 63],
  loadA: [10, 20, 30],
  chargersA: [1, 2, 3],
  promisedA: null,
  binding: null,
  outside: null,
  meters: [],
  ...more,
});
const chargers = (count: number, zoneName: string) =>
  Array.from({ length: count }, (_, i) => ({ id: `CP${i}/1`, zone: zoneName }) as ChargerItem);

describe("the single-line diagram", () => {
  const tree = [zone("main", null, { meters: ["grid"] }), zone("garage", "main"), zone("roof", "main")];

  it("stands everything below what it hangs on, further in, and tied to its busbar", () => {
    const { zones, leaves, stubs, supplies } = layOut(tree, chargers(3, "garage"), 300);
    const [main, garage, roof] = zones;
    assert.equal(supplies.length, 1);
    assert.ok(supplies[0]!.y < main!.y && main!.y < garage!.y && garage!.y < roof!.y);
    assert.ok(main!.x < garage!.x && garage!.x === roof!.x);
    assert.deepEqual([main!.level, garage!.level], [1, 2]);
    const hung = leaves.filter(({ kind }) => kind === "row");
    assert.equal(hung.length, 3);
    for (const { y, x } of hung) assert.ok(y > garage!.y && y < roof!.y && x > garage!.x);
    for (const { x, y } of stubs) assert.ok(zones.some((one) => one.x === x && one.y < y && y <= one.busToY));
  });

  it("puts nothing on top of another thing, nor outside the drawing", () => {
    const width = 300;
    const { leaves, height } = layOut(tree, [...chargers(500, "garage"), ...chargers(8, "roof")], width);
    const places = new Set(leaves.map(({ x, y }) => `${x} ${y}`));
    assert.equal(places.size, leaves.length);
    for (const { x, y } of leaves) assert.ok(x >= 7 && x <= width - 7 && y >= 7 && y <= height - 7, `${x} ${y}`);
  });

  it("draws many chargers small, so that 500 still fit on a few screens", () => {
    const { leaves, height } = layOut(tree, chargers(500, "garage"), 300);
    assert.equal(leaves.filter(({ kind }) => kind === "tile").length, 500);
    assert.ok(height < 1200, `${height} px`);
  });

  it("keeps room for bars however deep the tree is", () => {
    const deep = Array.from({ length: 12 }, (_, i) => zone(`z${i}`, i === 0 ? null : `z${i - 1}`));
    const { zones } = layOut(deep, [], 300);
    assert.equal(zones.length, 12);
    assert.ok(Math.max(...zones.map(({ x }) => x)) <= 110);
  });

  it("draws a tree for each root, and survives a zone whose parent is not there", () => {
    const { zones, supplies } = layOut([...tree, zone("other", null), zone("lost", "nowhere")], [], 300);
    assert.equal(supplies.length, 3);
    assert.equal(zones.length, 5);
  });
});

describe("a zone in words", () => {
  const words = (key: string, values = {}) => `${key} ${JSON.stringify(values)}`;
  const say = (more: Partial<ZoneItem>) => zoneSentence(zone("main", null, more), words);

  it("says how much room there is on the fullest phase", () => {
    assert.deepEqual(say({}), { text: 'zone.room {"amps":33,"phase":"L3"}', tone: "fine" });
    assert.equal(say({ loadA: [null, null, null] }).text, "zone.unknown {}");
    assert.deepEqual(say({ loadA: [10, 62.4, null] }), { text: 'zone.full {"phase":"L2"}', tone: "tight" });
  });

  it("says what binds, and how grave that is", () => {
    const binding = { kind: "limit", code: "ZONE", phase: 2, cars: 3 } as const;
    assert.deepEqual(say({ binding }), { text: 'zone.binding.ZONE {"phase":"L2","n":3}', tone: "tight" });
    assert.match(say({ binding: { ...binding, code: "WAIT", phase: null } }).text, /^zone\.binding\.other/);
    assert.equal(say({ binding: { ...binding, kind: "over" } }).tone, "bad");
    assert.equal(say({ binding: { ...binding, kind: "failSafe" } }).tone, "bad");
  });

  it("adds a limit from outside, with its figures", () => {
    const { text } = say({ outside: { limitA: 16, powerW: 4200, source: "<b>grid</b>" } });
    assert.match(text, /16 A, 4\.2 kW/);
    assert.doesNotMatch(text, /grid/, "what comes from outside is no value of the catalogue's texts");
  });
});

describe("figures of the sidebar", () => {
  it("are short, and unknown is not 0", () => {
    assert.deepEqual([amps(null), amps(10.04), amps(0)], ["–", "10", "0"]);
    assert.deepEqual([watts(850), watts(-6800)], ["850 W", "-6.8 kW"]);
    assert.deepEqual([age(-1), age(3.4), age(300), age(7300)], ["0 s", "3 s", "5 min", "2 h"]);
  });
});

describe("the texts of the sidebar", () => {
  type Texts = { [key: string]: string | Texts };
  const catalogue = JSON.parse(readFileSync(join(ROOT, "nodes/locales/en-US/ev-overview.json"), "utf8")) as Texts;
  const find = (key: string) =>
    key.split(".").reduce<string | Texts | undefined>((at, part) => (at as Texts | undefined)?.[part], catalogue);
  const inside = readdirSync(SIDEBAR, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
  const files = [...inside.map((file) => join(SIDEBAR, file)), join(ROOT, "nodes/ev-overview.editor.ts")];
  const source = files.map((file) => readFileSync(file, "utf8")).join("\n");

  it("all stand in the catalogue", () => {
    const keys = [...source.matchAll(/words\(\s*(?:\w+ \? )?"([a-zA-Z.]+)"(?: : "([a-zA-Z.]+)")?/g)].flatMap(
      ([, one, other]) => [one!, ...(other ? [other] : [])],
    );
    assert.ok(keys.length > 40, `${keys.length} keys`);
    assert.deepEqual(
      keys.filter((key) => typeof find(`ev-overview.${key}`) !== "string"),
      [],
    );
  });

  it("have a word for everything that is told by name", () => {
    const named = {
      kind: CHARGER_KINDS,
      quality: ["good", "hold", "stale", "bad", "frozen", "none"],
      lease: ["composite", "measured", "no", "rejected", "timeout", "uncontrollable"],
      severity: ["alarm", "warning", "info", "error"],
      role: ["consumption", "pv", "battery"],
      state: ["none", "loose", "refused", "empty"],
      legend: ["others", "chargers", "promised", "limit"],
    };
    for (const [group, names] of Object.entries(named))
      for (const name of names) assert.equal(typeof find(`ev-overview.${group}.${name}`), "string", `${group}.${name}`);
  });

  it("reach the page as text only", () => {
    assert.doesNotMatch(source, /innerHTML|outerHTML|insertAdjacentHTML|\.html\(|document\.write/);
  });
});
