import { strict as assert } from "node:assert";
import { GroupCommit } from "../../lib/store/group.ts";

/** A group whose database transactions are written down: `undone` when the body or the disk fails. */
function setUp() {
  const commits: string[] = [];
  const disk = { full: false };
  const group = new GroupCommit((body) => {
    try {
      body();
      if (disk.full) throw new Error("disk full");
      commits.push("durable");
    } catch (error) {
      commits.push("undone");
      throw error;
    }
  });
  return { group, commits, disk };
}

const broken = (): never => {
  throw new Error("broken");
};

describe("Group commit", () => {
  it("writes the work of one turn of the event loop with one commit, in the order in which it was given", async () => {
    const { group, commits } = setUp();
    const order: number[] = [];
    const results = await Promise.all([1, 2, 3].map((n) => group.add(() => order.push(n) * 10)));
    assert.deepEqual(results, [10, 20, 30]);
    assert.deepEqual(order, [1, 2, 3]);
    assert.deepEqual(commits, ["durable"]);
  });

  it("tells nobody before the commit", async () => {
    const { group, commits } = setUp();
    let told = false;
    const done = group
      .add(() => undefined)
      .then(() => {
        assert.deepEqual(commits, ["durable"]);
        told = true;
      });
    await Promise.resolve();
    assert.equal(told, false);
    await done;
  });

  it("commits the work of another turn anew", async () => {
    const { group, commits } = setUp();
    await group.add(() => undefined);
    await group.add(() => undefined);
    assert.deepEqual(commits, ["durable", "durable"]);
  });

  it("undoes work that fails, rejects it, and makes the rest durable", async () => {
    const { group, commits } = setUp();
    const [before, failing, after] = await Promise.allSettled([
      group.add(() => "before"),
      group.add(broken),
      group.add(() => "after"),
    ]);
    assert.deepEqual(before, { status: "fulfilled", value: "before" });
    assert.equal(failing?.status === "rejected" && failing.reason.message, "broken");
    assert.deepEqual(after, { status: "fulfilled", value: "after" });
    assert.deepEqual(commits, ["undone", "durable"]);
  });

  it("rejects all of it, after one attempt, when the disk fails", async () => {
    const { group, commits, disk } = setUp();
    disk.full = true;
    const outcomes = await Promise.allSettled([group.add(() => 1), group.add(() => 2)]);
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      ["rejected", "rejected"],
    );
    assert.deepEqual(commits, ["undone"]);
  });

  it("does at once what waits when it is flushed", () => {
    const { group, commits } = setUp();
    void group.add(() => undefined);
    group.flush();
    assert.deepEqual(commits, ["durable"]);
  });
});
