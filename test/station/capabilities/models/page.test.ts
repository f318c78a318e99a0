import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { FACT_PATHS } from "../../../../lib/station/capabilities/learnable.ts";
import { modelProfiles } from "../../../../lib/station/capabilities/models/index.ts";
import { TRAIT_PATHS } from "../../../../lib/station/capabilities/models/rules.ts";
import { chargersPage } from "../../../../scripts/chargers.ts";

const ROOT = join(import.meta.dirname, "../../../..");

describe("the page about chargers", () => {
  it("says what the models say (write it anew with: node scripts/chargers.ts)", () => {
    assert.equal(readFileSync(join(ROOT, "docs/chargers.md"), "utf8"), chargersPage());
  });

  it("has a place for every model", () => {
    const page = chargersPage();
    for (const { id, name } of modelProfiles()) assert.ok(page.includes(`<a id="${id}"></a>\n## ${name}`), id);
  });
});

describe("the dialog of a charge point", () => {
  it("has words for every trait, every other fact, and for nothing else", () => {
    const file = readFileSync(join(ROOT, "nodes/locales/en-US/ev-charge-point.json"), "utf8");
    const { trait } = (JSON.parse(file) as { "ev-charge-point": { trait: Record<string, Record<string, string>> } })[
      "ev-charge-point"
    ];
    const paths = Object.entries(trait).flatMap(([group, names]) =>
      Object.keys(names).map((name) => `${group}.${name}`),
    );
    assert.deepEqual(paths.sort(), [...TRAIT_PATHS, ...FACT_PATHS].sort());
  });
});
