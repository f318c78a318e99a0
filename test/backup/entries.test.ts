import { strict as assert } from "node:assert";
import fc from "fast-check";
import { EntryReader } from "../../lib/backup/entries.ts";

/** A text read in pieces, put together again. */
function read(pieces: readonly string[]): Record<string, unknown> {
  const reader = new EntryReader();
  const found: [string, unknown][] = [];
  const lists = new Map<string, unknown[]>();
  for (const piece of pieces) {
    for (const { key, index, value } of reader.feed(piece)) {
      if (index === null) found.push([key, value]);
      else if (index === -1) {
        lists.set(key, []);
        found.push([key, lists.get(key)]);
      } else {
        assert.equal(lists.get(key)?.length, index);
        lists.get(key)?.push(value);
      }
    }
  }
  reader.end();
  return Object.fromEntries(found);
}

function cut(text: string, lengths: readonly number[]): string[] {
  const pieces: string[] = [];
  let at = 0;
  for (let turn = 0; at < text.length; turn++) {
    const length = lengths[turn % lengths.length]!;
    pieces.push(text.slice(at, at + length));
    at += length;
  }
  return pieces;
}

describe("A JSON object that is read entry by entry", () => {
  const keys = fc.string({ maxLength: 6 }).filter((key) => key !== "__proto__");
  const objects = fc.dictionary(keys, fc.oneof(fc.array(fc.jsonValue(), { maxLength: 4 }), fc.jsonValue()), {
    maxKeys: 5,
    noNullPrototype: true,
  });
  const lengths = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 });
  const spaces = fc.constantFrom(undefined, 1, "\t");

  it("is what it is when it is read at once, however its text is cut and spaced", () => {
    fc.assert(
      fc.property(objects, lengths, spaces, (object, pieces, space) => {
        const text = `\uFEFF ${JSON.stringify(object, null, space)}\n`;
        assert.deepEqual(read(cut(text, pieces)), JSON.parse(text.slice(1)));
      }),
      { numRuns: 500 },
    );
  });

  it("is refused where it is not JSON, and only there", () => {
    const mistakes = fc.tuple(fc.nat(200), fc.constantFrom("", "{", "}", "[", "]", ",", ":", '"', "\\", "1", " "));
    fc.assert(
      fc.property(objects, lengths, mistakes, (object, pieces, [place, sign]) => {
        const whole = JSON.stringify(object);
        const at = place % whole.length;
        const text = whole.slice(0, at) + sign + whole.slice(at + 1);
        const isObject = isRecord(parsed(text));
        if (isObject) assert.doesNotThrow(() => read(cut(text, pieces)));
        else assert.throws(() => read(cut(text, pieces)), SyntaxError);
      }),
      { numRuns: 2000 },
    );
  });

  for (const text of [
    "",
    "[]",
    "null",
    "{",
    '{"a":1}}',
    '{"a":[1,]}',
    '{"a":[,1]}',
    '{"a":1,}',
    "{1:2}",
    '{"a" 1}',
    '{"a":[1}}',
  ])
    it(`is none as ${text || "nothing"}`, () => assert.throws(() => read([text]), SyntaxError));
});

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isRecord = (value: unknown): boolean => typeof value === "object" && value !== null && !Array.isArray(value);
