import { strict as assert } from "node:assert";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readSecurityPage, securityPage } from "../../scripts/security.ts";
import { ROOMS } from "./rooms.ts";

const ROOT = join(import.meta.dirname, "../..");

describe("the attacks that SECURITY.md speaks of", () => {
  it("are those that the hostile suite shows (node scripts/security.ts writes them)", () => {
    const page = readSecurityPage();
    assert.equal(page, securityPage(page));
  });

  it("are each shown by a test that is there", () => {
    const rows = ROOMS.flatMap(({ rows }) => Object.values(rows));
    const unknown = rows.filter(({ shown }) => {
      if (!shown) return false;
      const path = join(ROOT, shown.file);
      return !existsSync(path) || !readFileSync(path, "utf8").includes(shown.test);
    });
    assert.deepEqual(unknown, []);
  });

  it("are acted out by a file of their room, and every such file belongs to a room", () => {
    const files = readdirSync(import.meta.dirname).filter((file) => file.endsWith(".hostile.test.ts"));
    const rooms = ROOMS.filter(({ rows }) => Object.values(rows).some(({ shown }) => !shown));
    assert.deepEqual(rooms.map(({ file }) => file).sort(), files.sort());
  });

  it("have sentences of their own", () => {
    const sentences = ROOMS.flatMap(({ rows }) => Object.values(rows).map(({ attack }) => attack));
    assert.equal(new Set(sentences).size, sentences.length);
    assert.ok(ROOMS.every(({ rows }) => Object.values(rows).every(({ promise }) => promise !== "")));
  });
});
