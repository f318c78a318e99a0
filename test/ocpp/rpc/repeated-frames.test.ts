import { strict as assert } from "node:assert";
import type { Dialect, TemplateMaker } from "../../../lib/ocpp/dialect.ts";
import { RepeatedFrames, TemplateTable } from "../../../lib/ocpp/rpc/repeated-frames.ts";
import { OCPP16 } from "../../../lib/ocpp/v16/dialect.ts";

/** A dialect whose messages `<words> <number>` have their words as their template. */
function setUp() {
  const made: string[] = [];
  const make: TemplateMaker = (text, known) => {
    const words = text.split(" ")[0]!;
    const earlier = known(words);
    if (earlier) return earlier;
    made.push(words);
    if (words.startsWith("odd")) return null;
    const read = (other: string) =>
      other.startsWith(`${words} `) ? { id: other.slice(words.length + 1), payload: {} } : null;
    return { action: "Say", key: words, leastLength: words.length, read };
  };
  const dialect: Dialect = { ...OCPP16, templates: new Map([["Say", make]]) };
  return { made, dialect, table: new TemplateTable() };
}

/** One connection: what a frame is read as; what is not read is parsed, found to be exact, and learnt. */
function connection({ dialect, table }: ReturnType<typeof setUp>) {
  const frames = new RepeatedFrames(dialect, table);
  const hear = (text: string, action = "Say"): string | number | null => {
    const read = frames.read(text);
    if (!read) frames.learn(action, text);
    return read?.id ?? null;
  };
  return Object.assign(hear, { end: () => frames.end() });
}

describe("ocpp frames that repeat", () => {
  it("reads a frame in the words of an earlier one", () => {
    const hear = connection(setUp());
    assert.deepEqual([hear("first 1"), hear("first 2"), hear("first 3")], [null, "2", "3"]);
  });

  it("reads frames that take turns", () => {
    const hear = connection(setUp());
    for (let round = 0; round < 4; round++) for (const words of ["turn1", "turn2", "turn3"]) hear(`${words} 0`);
    assert.deepEqual([hear("turn1 7"), hear("turn2 8"), hear("turn3 9")], ["7", "8", "9"]);
  });

  it("learns ever more seldom of a peer that never repeats itself", () => {
    const site = setUp();
    const hear = connection(site);
    for (let n = 0; n < 1000; n++) hear(`odd ${n}`);
    assert.equal(site.made.length, 10);
  });

  it("does not look at actions that have no form", () => {
    const site = setUp();
    const hear = connection(site);
    hear("other 1", "Heartbeat");
    assert.deepEqual(site.made, []);
  });

  it("makes a template once for all connections that have the same words", () => {
    const site = setUp();
    for (let n = 0; n < 5; n++) connection(site)("same 1");
    assert.deepEqual(site.made, ["same"]);
  });

  it("keeps a bounded number of templates, and goes on to read by those it has", () => {
    const site = setUp();
    const hear = connection(site);
    hear("kept 1");
    const crowd = Array.from({ length: 1000 }, (_, n) => {
      const other = connection(site);
      other(`crowd${n} 0`);
      return other;
    });
    assert.equal(hear("kept 2"), "2");
    const late = connection(site);
    late("late 1");
    assert.equal(late("late 2"), null, "there are as many as there may be");
    const sharing = connection(site);
    sharing("kept 1");
    assert.equal(sharing("kept 2"), "2", "one that is known is shared");
    for (const other of crowd) other.end();
    late("late 3");
    late("late 4");
    assert.equal(late("late 5"), "5", "those that nobody uses any more have made room");
  });

  it("leaves room for others where a charge point has other words after each connection, and in each frame", () => {
    const site = setUp();
    for (let n = 0; n < 300; n++) {
      const restless = connection(site);
      for (let frame = 0; frame < 100; frame++) restless(`words${n}x${frame} 0`);
      restless.end();
    }
    const hear = connection(site);
    hear("well 1");
    assert.equal(hear("well 2"), "2");
  });
});
