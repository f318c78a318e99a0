import { strict as assert } from "node:assert";
import type { Dialect, FrameForm } from "../../../lib/ocpp/dialect.ts";
import { RepeatedFrames } from "../../../lib/ocpp/rpc/repeated-frames.ts";
import { OCPP16 } from "../../../lib/ocpp/v16/dialect.ts";

/** A dialect whose messages `<words> <number>` have their words as their form. */
function setUp() {
  const made: string[] = [];
  const dialect: Dialect = {
    ...OCPP16,
    repeats: new Set(["Say"]),
    formOf: (action, text): FrameForm | null => {
      const words = text.split(" ")[0]!;
      made.push(words);
      if (words === "odd") return null;
      return {
        action,
        key: words,
        leastLength: words.length,
        read: (other) => (other.startsWith(`${words} `) ? { id: other.slice(words.length + 1), payload: {} } : null),
      };
    },
  };
  return { made, dialect, shared: new Map<string, FrameForm>() };
}

/** Of one connection: what a frame is read as; what is not read is parsed, found to be exact, and learnt. */
function connection({ dialect, shared }: ReturnType<typeof setUp>) {
  const frames = new RepeatedFrames(dialect, shared);
  return (text: string, action = "Say"): string | number | null => {
    const read = frames.read(text);
    if (!read) frames.learn(action, text);
    return read?.id ?? null;
  };
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

  it("keeps a bounded number of forms, and goes on to read those it has", () => {
    const site = setUp();
    const hear = connection(site);
    hear("kept 1");
    for (let n = 0; n < 1000; n++) connection(site)(`crowd${n} 0`);
    assert.equal(hear("kept 2"), "2");
    const late = connection(site);
    late("late 1");
    assert.equal(late("late 2"), null, "there are as many forms as there may be");
    const sharing = connection(site);
    sharing("kept 1");
    assert.equal(sharing("kept 2"), "2", "a form that is known is shared");
  });
});
