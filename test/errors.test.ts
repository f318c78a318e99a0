import { strict as assert } from "node:assert";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ERRORS } from "../lib/errors.ts";

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
