import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { acquire, closeAll, release } from "../lib/shared-resources.ts";

describe("Things that outlive a deploy", () => {
  let made = 0;
  let closed: number[] = [];
  const take = () =>
    acquire(
      "test",
      "a",
      () => ++made,
      (value) => void closed.push(value),
    );

  beforeEach(() => {
    made = 0;
    closed = [];
  });
  afterEach(closeAll);

  it("are handed to the next user of the same key", async () => {
    take();
    await release("test", "a", false);
    assert.equal(take(), 1);
    assert.deepEqual(closed, []);
  });

  it("close at once when their last user was removed", async () => {
    take();
    take();
    await release("test", "a", true);
    assert.deepEqual(closed, [], "somebody still uses it");
    await release("test", "a", true);
    assert.deepEqual(closed, [1]);
    assert.equal(take(), 2);
  });

  it("are told apart by kind and key", () => {
    take();
    acquire(
      "other",
      "a",
      () => 99,
      () => {},
    );
    assert.equal(take(), 1);
  });

  it("do not mind a release too many", async () => {
    await release("test", "nobody", true);
    take();
    await release("test", "a", true);
    await release("test", "a", true);
    assert.deepEqual(closed, [1]);
  });

  it("are left at once when the process ends, the last that was made first, but for those that somebody still uses", () => {
    const { stdout } = spawnSync(process.execPath, [join(import.meta.dirname, "shared-resources-child.ts")], {
      encoding: "utf8",
    });
    assert.equal(stdout, "leaves user\nleaves used\n");
  });

  it("are all closed at the end, whoever uses them", async () => {
    take();
    await closeAll();
    assert.deepEqual(closed, [1]);
  });
});
