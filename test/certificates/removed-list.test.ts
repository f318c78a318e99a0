import { strict as assert } from "node:assert";
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RemovedList } from "../../lib/certificates/removed-list.ts";

const [A, B] = ["a".repeat(64), "b".repeat(64)] as const;

describe("The list of removed certificates", () => {
  let folder: string;
  let path: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "phasewise-removed-"));
    path = join(folder, "site", "removed-certificates");
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("keeps each once, for its owner only, and goes on behind a line that was cut", () => {
    const list = new RemovedList(path);
    assert.equal(list.has(A), false);
    list.add("CP 1", [A, A]);
    list.add("CP 1", [A]);
    assert.equal(readFileSync(path, "utf8"), `\n${A} CP%201\n`);
    if (process.platform !== "win32") assert.equal(statSync(path).mode & 0o777, 0o600);
    appendFileSync(path, "cccc");
    new RemovedList(path).add("CP2", [B]);
    const again = new RemovedList(path);
    assert.deepEqual([again.has(A), again.has(B), again.has("cccc")], [true, true, false]);
  });

  it("lets nobody in while it cannot be written or read, and writes later what it could not write", () => {
    const list = new RemovedList(path);
    assert.equal(list.has(A), false);
    mkdirSync(path, { recursive: true });
    assert.throws(() => list.add("CP1", [A]), { code: "EV_TLS_CERTIFICATE" });
    assert.equal(list.has(A), true);
    assert.throws(() => new RemovedList(path).has(B), { code: "EV_TLS_CERTIFICATE" });
    rmdirSync(path);
    list.add("CP2", [B]);
    assert.deepEqual(
      [A, B].map((one) => new RemovedList(path).has(one)),
      [true, true],
    );
  });
});
