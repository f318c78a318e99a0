import { strict as assert } from "node:assert";
import { GroupCommit } from "../../lib/store/disk/group.ts";

/** A group whose database transactions are written down: `undone` when the body or the disk fails. */
function setUp() {
  const commits: string[] = [];
  const disk = { full: false, broken: false, slow: false };
  let sync: { resolve: () => void; reject: (error: Error) => void } | null = null;
  const check = (): void => {
    if (disk.broken) throw new Error("disk broken");
    commits.push("durable");
  };
  const group = new GroupCommit({
    commit: (body) => {
      try {
        body();
        if (disk.full) throw new Error("disk full");
        commits.push("committed");
      } catch (error) {
        commits.push("undone");
        throw error;
      }
    },
    sync: async () => {
      if (disk.slow)
        await new Promise<void>((resolve, reject) => {
          sync = { resolve, reject };
        });
      check();
    },
  });
  return { group, commits, disk, synced: () => sync?.resolve() };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

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
    assert.deepEqual(commits, ["committed", "durable"]);
  });

  it("tells nobody before the commit", async () => {
    const { group, commits } = setUp();
    let told = false;
    const done = group
      .add(() => undefined)
      .then(() => {
        assert.deepEqual(commits, ["committed", "durable"]);
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
    assert.deepEqual(commits, ["committed", "durable", "committed", "durable"]);
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
    assert.deepEqual(commits, ["undone", "committed", "durable"]);
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

  it("commits at once what waits when it is flushed, and tells when it is durable", async () => {
    const { group, commits } = setUp();
    const told = group.add(() => "told");
    group.flush();
    assert.equal(commits[0], "committed");
    assert.equal(await told, "told");
    assert.deepEqual(commits, ["committed", "durable"]);
  });

  it("tells nobody while the disk is waited for, and commits once what comes meanwhile", async () => {
    const { group, commits, disk, synced } = setUp();
    disk.slow = true;
    const told: string[] = [];
    const give = (name: string) => group.add(() => told.push(`${name} written`)).then(() => told.push(`${name} told`));
    const first = give("first");
    await turn();
    const others = [give("second")];
    await turn();
    others.push(give("third"));
    await turn();
    assert.deepEqual(told, ["first written"]);
    synced();
    await first;
    disk.slow = false;
    await Promise.all(others);
    assert.deepEqual(told, [
      "first written",
      "first told",
      "second written",
      "third written",
      "second told",
      "third told",
    ]);
    assert.deepEqual(commits, ["committed", "durable", "committed", "durable"]);
  });

  it("rejects what was committed where it cannot be made durable", async () => {
    const { group, disk } = setUp();
    disk.broken = true;
    await assert.rejects(
      group.add(() => 1),
      { message: "disk broken" },
    );
    disk.broken = false;
    assert.equal(await group.add(() => 2), 2);
  });

  it("commits what waits behind a slow disk when it is flushed, each told by a wait of its own", async () => {
    const { group, commits, disk, synced } = setUp();
    disk.slow = true;
    const first = group.add(() => "first");
    await turn();
    disk.slow = false;
    const second = group.add(() => "second");
    group.flush();
    assert.deepEqual(commits.slice(0, 2), ["committed", "committed"]);
    assert.equal(await second, "second");
    synced();
    assert.equal(await first, "first");
    assert.equal(commits.filter((word) => word === "committed").length, 2);
  });

  it("brings to the disk what others have committed, once for all of it", async () => {
    const { group, commits } = setUp();
    group.touch();
    group.touch();
    await group.settled();
    assert.deepEqual(
      commits.filter((word) => word === "durable"),
      ["durable"],
    );
    await group.settled();
    assert.equal(commits.filter((word) => word === "durable").length, 1);
  });

  it("brings what nothing waits for to the disk with the next wait, and not for it alone", async () => {
    const { group, commits } = setUp();
    group.touch("later");
    await turn();
    await turn();
    assert.deepEqual(commits, []);
    await group.idle();
    await group.add(() => undefined);
    await turn();
    await group.settled();
    assert.deepEqual(commits, ["committed", "durable"], "nothing is left");
    group.touch("later");
    await group.settled();
    assert.equal(commits.filter((word) => word === "durable").length, 2);
  });

  it("takes no more than 5,000 pieces of work for a disk that does not answer", async () => {
    const { group, disk, synced } = setUp();
    disk.slow = true;
    const first = group.add(() => 0);
    await turn();
    const waiting = Array.from({ length: 5000 }, (_, index) => group.add(() => index));
    await assert.rejects(
      group.add(() => "more"),
      /does not answer/,
    );
    disk.slow = false;
    synced();
    await first;
    assert.equal((await Promise.all(waiting)).length, 5000);
  });
});
