import { strict as assert } from "node:assert";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ERRORS, inShort } from "../lib/errors.ts";

const ROOT = join(import.meta.dirname, "..");

/** The rows of the page's tables: code → meaning. */
function documented(): Record<string, string> {
  const page = readFileSync(join(ROOT, "docs/errors.md"), "utf8");
  return Object.fromEntries(
    [...page.matchAll(/^\| `(EV_[A-Z_]+)` \| (.+) \|$/gm)].map(([, code, text]) => [code, text]),
  );
}

describe("the catalogue of errors", () => {
  it("says the same in the code and on its page", () => {
    assert.deepEqual(documented(), ERRORS);
  });

  it("explains every code by what it means and what to do", () => {
    for (const [code, text] of Object.entries(ERRORS)) assert.match(text, /^[A-Z].{20,}\.$/s, code);
  });

  it("holds no code that nothing raises", () => {
    const sources = ["lib", "nodes"].flatMap((folder) =>
      readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
        .filter((file) => file.endsWith(".ts") && file !== "errors.ts")
        .map((file) => readFileSync(join(ROOT, folder, file), "utf8")),
    );
    const all = sources.join("\n");
    const unused = Object.keys(ERRORS).filter((code) => !all.includes(`"${code}"`));
    assert.deepEqual(unused, []);
  });
});

describe("A found value in an error", () => {
  const circle: Record<string, unknown> = {};
  circle["self"] = circle;
  const trap = {
    get payload() {
      throw new Error("read");
    },
  };
  const rows: [string, unknown, string][] = [
    ["a text in quotes", "ten", '"ten"'],
    ["a number that JSON has not", Number.NaN, "NaN"],
    ["nothing", undefined, "undefined"],
    ["null", null, "null"],
    ["an object in JSON", { limitA: [10] }, '{"limitA":[10]}'],
    ["a BigInt", 10n, "10"],
    ["a symbol", Symbol("amps"), "Symbol(amps)"],
    ["a circle", circle, "an object that is no JSON"],
    ["a circle in a list", [circle], "a list that is no JSON"],
    ["an object that throws", trap, "an object that is no JSON"],
  ];
  for (const [what, value, text] of rows) it(`is ${what}`, () => assert.equal(inShort(value), text));

  it("is cut where it is long", () => assert.equal(inShort("x".repeat(1e6)), `"${"x".repeat(56)}…`));
});
