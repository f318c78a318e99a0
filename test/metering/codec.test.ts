import { strict as assert } from "node:assert";
import fc from "fast-check";
import { fromWords, highestFirst, toWords } from "../../lib/metering/codec.ts";
import { evaluateSum, parseSum } from "../../lib/metering/computed.ts";

describe("Register codec", () => {
  const vectors = [
    { type: "uint16", words: [0xfffe], value: 65_534 },
    { type: "int16", words: [0xfffe], value: -2 },
    { type: "uint32", words: [0x0001, 0x86a0], value: 100_000 },
    { type: "int32", words: [0xffff, 0xfffe], value: -2 },
    { type: "uint64", words: [0, 0x0100, 0, 5], value: 2 ** 40 + 5 },
    { type: "int64", words: [0xffff, 0xffff, 0xffff, 0xfffe], value: -2 },
    { type: "float32", words: [0x42f6, 0xe979], value: 123.456 },
    { type: "float64", words: [0x405e, 0xdd2f, 0x1a9f, 0xbe77], value: 123.456 },
  ] as const;

  for (const { type, words, value } of vectors) {
    it(`reads and writes ${type}`, () => {
      assert.equal(fromWords(highestFirst(words, "big"), type), value);
      assert.equal(fromWords(highestFirst([...words].reverse(), "little"), type), value);
      assert.deepEqual(highestFirst(toWords(value, type), "big"), [...words]);
      assert.deepEqual(highestFirst(toWords(value, type), "little"), [...words].reverse());
    });
  }

  it("holds a number that does not fit at the end of the range", () => {
    assert.equal(fromWords(toWords(70_000, "uint16"), "uint16"), 65_535);
    assert.equal(fromWords(toWords(-70_000, "int16"), "int16"), -32_768);
    assert.equal(fromWords(toWords(-1, "uint32"), "uint32"), 0);
  });

  it("loses no bit of a float32 to its short decimal", () => {
    fc.assert(
      fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (value) => {
        // Negative zero may become zero.
        assert.ok(Math.fround(fromWords(toWords(value, "float32"), "float32")) === value);
      }),
    );
  });
});

describe("Computed values", () => {
  it("are sums and differences of names", () => {
    assert.deepEqual(parseSum("powerImport - powerExport+powerDc"), [
      { sign: 1, name: "powerImport" },
      { sign: -1, name: "powerExport" },
      { sign: 1, name: "powerDc" },
    ]);
    assert.deepEqual(parseSum("-a"), [{ sign: -1, name: "a" }]);
  });

  for (const text of ["", "a b", "a * b", "a -", "process.exit()", "1 + a"]) {
    it(`are not "${text}"`, () => {
      assert.throws(() => parseSum(text), { code: "EV_CONFIG_INVALID" });
    });
  }

  it("are unknown as soon as one addend is", () => {
    const values: Record<string, number | null> = { a: 3, b: 1, c: null };
    assert.equal(
      evaluateSum(parseSum("a - b"), (name) => values[name] ?? null),
      2,
    );
    assert.equal(
      evaluateSum(parseSum("a + c"), (name) => values[name] ?? null),
      null,
    );
  });
});
