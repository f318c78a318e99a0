import { strict as assert } from "node:assert";
import type { BackEndSettings } from "../../lib/upstream/types.ts";
import { BilledSite } from "./billing.ts";

describe("A back end that bills and is asked about badges", () => {
  const site = BilledSite.forEach();

  /** What it says, with the fake clock going on until it has. */
  const word = async (idTag: string, reason: "authorize" | "start" = "authorize") => {
    const judge = site.bench.upstreams.judge("CP1");
    if (!judge) return null;
    let said: Awaited<ReturnType<typeof judge.ask>> | undefined;
    void judge.ask(idTag, reason).then((one) => {
      said = one;
    });
    await site.bench.until("it is known", () => said !== undefined);
    return said ?? null;
  };
  const asked = () => site.cloud.actions().filter((action) => action === "Authorize").length;

  it("is asked for each badge, once for the charge that begins with it, and its answer counts while it is away", async () => {
    await site.begin();
    assert.equal((await word("04AB"))?.status, "Accepted");
    assert.equal((await word("04ab", "start"))?.status, "Accepted");
    assert.equal(asked(), 1);
    site.cloud.tagStatus = "Blocked";
    assert.deepEqual([(await word("04AB"))?.status, (await word("BAD"))?.status, asked()], ["Blocked", "Blocked", 3]);
    await site.cloud.close();
    site.bench.clock.advance(1000);
    site.bench.kill();
    site.bench.start();
    site.bench.report();
    assert.deepEqual(await word("04AB"), {
      ...{ status: "Blocked", parentIdTag: null, expiresWallMs: null, isEarlier: true },
    });
    assert.equal(await word("NEW"), null);
    site.bench.clock.jumpWall(31 * 86_400_000);
    assert.equal(await word("04AB"), null);
  });

  it("has 3 s to answer, and is not asked after the messages that wait", async () => {
    await site.begin();
    let release = () => {};
    site.cloud.before = ({ action }) =>
      action === "Authorize" ? new Promise<void>((resolve) => (release = resolve)) : undefined;
    const sinceMs = site.bench.clock.nowMs();
    assert.equal(await word("04AB"), null);
    const tookMs = site.bench.clock.nowMs() - sinceMs;
    assert.ok(tookMs >= 3000 && tookMs < 4000, `${tookMs} ms`);
    // A late answer counts the next time.
    release();
    site.cloud.before = ({ action }) => (action === "Authorize" ? new Promise(() => {}) : undefined);
    await site.bench.until("it was answered", () => asked() === 1);
    let said: unknown;
    await site.bench.until("its answer is known", () => {
      void word("04AB").then((one) => {
        said = one?.status;
      });
      return said === "Accepted";
    });
  });

  for (const [what, settings] of [
    ["reports only", { role: "reporting" }],
    ["has no say", { authorization: "local" }],
    ["is told one number for all badges", { reportingTag: "FLEET" }],
  ] as const) {
    it(`is not asked where it ${what}, and what it says of a start changes nothing`, async () => {
      await site.begin(settings);
      site.cloud.tagStatus = "Invalid";
      assert.equal(site.bench.upstreams.judge("CP1"), null);
      await site.bench.charger().start();
      await site.bench.until("the start is confirmed", () => site.bench.books()[0]?.transactionId === 7000);
      assert.deepEqual([site.bench.upstreams.ceiling("CP1/1"), site.bench.orders, site.bench.late], [null, [], []]);
    });
  }

  it("is not told of badges of our own list where the list comes first", async () => {
    await site.begin({ authorization: "localFirst" });
    site.cloud.tagStatus = "Invalid";
    site.bench.listed.set("OURS", { blocked: false, type: "user" });
    const charger = site.bench.charger();
    await charger.start({ idTag: "OURS" });
    await charger.stop({ meterWh: 500 });
    await site.bench.until("it is reported", () => site.bench.books()[0]?.state === "reported");
    assert.ok(!JSON.stringify(site.cloud.heard).includes("OURS"));
    assert.deepEqual([site.cloud.books[0]?.idTag, site.bench.late.length], ["NO-BADGE", 0]);
  });

  it("starts no charge with a badge that is blocked here", async () => {
    await site.begin();
    site.bench.listed.set("BLOCKED", { blocked: true, type: "user" });
    const start = async (idTag: string) =>
      (await site.cloud.command("CP1", "RemoteStartTransaction", { idTag, connectorId: 1 }))["status"];
    assert.deepEqual([await start("BLOCKED"), await start("FREE")], ["Rejected", "Accepted"]);
    assert.equal(site.bench.orders.length, 1);
  });

  describe("and refuses a badge when the charge runs", () => {
    const refuse = async (settings: Partial<BackEndSettings> = {}): Promise<string> => {
      await site.begin(settings);
      site.cloud.tagStatus = "Invalid";
      const transactionId = await site.bench.charger().start({ idTag: "04AB" });
      await site.bench.until("the start is confirmed", () => site.bench.books()[0]?.transactionId === 7000);
      return transactionId;
    };
    const outcomes = () => site.bench.late.map(({ idTag, status, outcome }) => [idTag, status, outcome].join(" "));

    it("limit0: the charge gets no current, over a restart, too, until it ends", async () => {
      const transactionId = await refuse();
      const held = { limitA: 0, backEnd: "Back end 1", isBadgeRefused: true };
      assert.deepEqual(site.bench.upstreams.ceiling("CP1/1"), held);
      assert.deepEqual([site.bench.orders, outcomes()], [[], ["04AB Invalid limit0"]]);
      assert.match(site.bench.books()[0]?.reason ?? "", /badge is not accepted: Invalid/);
      site.bench.kill();
      site.bench.start();
      await site.connect();
      assert.deepEqual(site.bench.upstreams.ceiling("CP1/1"), held);
      await site.bench.charger().stop({ transactionId, meterWh: 100 });
      assert.equal(site.bench.upstreams.ceiling("CP1/1"), null);
    });

    it("stop: the charge is stopped, and gets no current until it is", async () => {
      const transactionId = await refuse({ lateInvalid: "stop" });
      await site.bench.until("it is told", () => outcomes().length === 1);
      assert.deepEqual(site.bench.orders, [["CP1", "stopTransaction", { transactionId }]]);
      assert.deepEqual([outcomes(), site.bench.upstreams.ceiling("CP1/1")?.limitA], [["04AB Invalid stop"], 0]);
    });

    it("continue: the charge goes on, and it is told", async () => {
      await refuse({ lateInvalid: "continue" });
      await site.bench.until("it is told", () => outcomes().length === 1);
      assert.deepEqual([site.bench.orders, outcomes()], [[], ["04AB Invalid continue"]]);
      assert.equal(site.bench.upstreams.ceiling("CP1/1"), null);
    });

    it("limit0 at a charger in no zone: the charge is stopped", async () => {
      await site.begin();
      site.bench.stations.get("CP1")!.definition.zone = null;
      site.cloud.tagStatus = "Invalid";
      await site.bench.charger().start({ idTag: "04AB" });
      await site.bench.until("it is told", () => outcomes().length === 1);
      assert.deepEqual([site.bench.orders.length, outcomes()], [1, ["04AB Invalid stop"]]);
    });

    it("that has ended meanwhile: the books say so", async () => {
      await site.begin();
      site.cloud.tagStatus = "Invalid";
      site.cloud.cut();
      const charger = site.bench.charger();
      await charger.start({ idTag: "04AB" });
      await charger.stop({ meterWh: 500 });
      await site.bench.until("it is reported", () => site.bench.books()[0]?.state === "reported", 1000);
      assert.match(site.bench.books()[0]?.reason ?? "", /badge is not accepted: Invalid/);
      assert.deepEqual([site.bench.orders, outcomes()], [[], []]);
    });
  });
});
