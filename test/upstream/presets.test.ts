import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PRESETS } from "../../lib/upstream/presets.ts";
import { LANGUAGES } from "../../lib/words/types.ts";

describe("known back ends", () => {
  it("have an address that can be dialled, or none, and a source each", () => {
    assert.ok(PRESETS.length >= 8);
    for (const { id, url, identity, source } of PRESETS) {
      assert.ok(url === "" || /^wss?:\/\/[^\s/]+(\/\S*)?$/.test(url), id);
      assert.ok(identity === "" || identity.includes("{identity}"), id);
      assert.match(source, /^https:\/\//, id);
    }
    assert.equal(new Set(PRESETS.map(({ id }) => id)).size, PRESETS.length);
  });

  it("have a note in each language", () => {
    for (const language of LANGUAGES) {
      const path = join(import.meta.dirname, `../../nodes/locales/${language}/ev-back-end.json`);
      const { preset } = JSON.parse(readFileSync(path, "utf8"))["ev-back-end"];
      assert.deepEqual(Object.keys(preset.note).sort(), PRESETS.map(({ id }) => id).sort());
    }
  });
});
