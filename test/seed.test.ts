import { strict as assert } from "node:assert";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "..");

describe("The seed of properties without one of their own", () => {
  for (const file of readdirSync(ROOT).filter((name) => name.startsWith(".mocharc"))) {
    it(`is the same in every run with ${file}`, () => {
      const { require, extension } = JSON.parse(readFileSync(join(ROOT, file), "utf8")) as Record<string, string[]>;
      assert.ok(require?.includes(`./test/seed.${extension?.[0]}`));
    });
  }
});
