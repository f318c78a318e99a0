import { strict as assert } from "node:assert";
import type { BackEndJudge, BadgeQuestion, BadgeVerdict } from "../../../lib/session/badges/authorization-port.ts";
import type { BackEndWord } from "../../../lib/session/badges/authorize.ts";
import type { FlowQuestion } from "../../../lib/session/badges/authorize-flow.ts";
import { Authorizer, type RunningCharge } from "../../../lib/session/badges/authorizer.ts";
import { canonicalTag } from "../../../lib/session/badges/badge.ts";
import { planChange } from "../../../lib/session/badges/badge-change.ts";
import { openStore } from "../../../lib/store/sqlite.ts";
import type { Store } from "../../../lib/store/types.ts";
import { FakeClock } from "../../fake-clock.ts";
import { ordering } from "../../wire16.ts";
import { badge } from "../badges.ts";

const settle = () => new Promise((resolve) => setImmediate(resolve));

describe("The authorizer of a site", () => {
  let clock: FakeClock;
  let store: Store;
  let authorizer: Authorizer;
  let running: RunningCharge[];
  /** How often all charges were gone through. */
  let timeZone: string;
  let searches: number;
  let calls: [string, string, object][];
  let answer: () => Promise<Record<string, unknown>>;
  let judge: BackEndJudge | null;

  beforeEach(() => {
    clock = new FakeClock();
    store = openStore(":memory:", { clock });
    running = [];
    timeZone = "UTC";
    searches = 0;
    judge = null;
    calls = [];
    answer = () => Promise.resolve({ status: "Accepted" });
    authorizer = new Authorizer({
      clock,
      badges: store.badges,
      authorizations: store.authorizations,
      connectors: () => [{ number: 1, zones: ["Garage"] }],
      running: {
        all: () => {
          searches += 1;
          return running;
        },
        at: (chargePoint) => running.filter((one) => one.chargePoint === chargePoint),
        with: (tag) => running.filter(({ idTag }) => canonicalTag(idTag) === tag),
      },
      stop: (chargePoint, transactionId) =>
        ordering((action, payload) => {
          calls.push([chargePoint, action, payload]);
          return answer();
        })("stopTransaction", { transactionId }),
      timeZone: () => timeZone,
      judge: () => judge,
    });
  });

  afterEach(() => {
    authorizer.close();
    store.close();
    assert.equal(clock.pending, 0);
  });

  const add = (...badges: Partial<ReturnType<typeof badge>>[]): void => {
    const { list } = authorizer;
    list.apply(planChange(list.all, badges.map(badge), "merge"), "add", "");
  };
  const question = (change: Partial<BadgeQuestion> = {}): BadgeQuestion => ({
    mode: "list",
    reason: "authorize",
    chargePoint: "CP1",
    connector: 1,
    idTag: "04567DAA",
    startedWallMs: null,
    startedFromHere: false,
    served: true,
    ...change,
  });
  const ask = (change: Partial<BadgeQuestion> = {}) => authorizer.ask(question(change)) as BadgeVerdict;
  const begin = (change: Partial<BadgeQuestion> = {}) =>
    ask({ reason: "start", startedWallMs: clock.wallMs(), ...change }).status;
  const charge = (change: Partial<RunningCharge> = {}): RunningCharge => ({
    chargePoint: "CP1",
    connector: 1,
    transactionId: "7",
    idTag: "04567DAA",
    startedWallMs: clock.wallMs(),
    goneSinceWallMs: null,
    ...change,
  });
  const find = (idTag: string | null = null) =>
    authorizer.trace.find({
      idTag,
      chargePoint: null,
      status: null,
      fromWallMs: 0,
      toWallMs: clock.wallMs(),
      most: 100,
    });

  it("asks the back end that bills before anybody else, and says in the trace what it answered, or that it did not", async () => {
    const asked: string[] = [];
    let word: BackEndWord | null = { status: "Blocked", parentIdTag: null, expiresWallMs: null, isEarlier: false };
    judge = {
      ...{ name: "Operator", policy: "cloudFirst" },
      ask: (idTag, reason) => {
        asked.push(`${reason} ${idTag}`);
        return Promise.resolve(word);
      },
    };
    add({ comment: "Anna" });
    assert.equal((await ask({ mode: "open" })).status, "Blocked");
    word = null;
    assert.equal((await ask({ mode: "open", reason: "start" })).status, "Accepted");
    assert.equal((await ask({ mode: "open", idTag: "OTHER" })).status, "Invalid");
    assert.equal(ask({ mode: "open", reason: "stop" }).status, "Accepted");
    authorizer.refusedLate({
      ...{ chargePoint: "CP1", connector: 1, idTag: "04567DAA", backEnd: "Operator" },
      ...{ status: "Invalid", outcome: "limit0" },
    });
    assert.deepEqual(asked, ["authorize 04567DAA", "start 04567DAA", "authorize OTHER"]);
    const silent = "the back end Operator did not answer within 3 s";
    assert.deepEqual(
      find().map(({ reason, rule, text }) => [reason, rule, text]),
      [
        ["authorize", "backEnd", "the back end Operator answered Blocked for badge 04567DAA (Anna)"],
        ["start", "listed", `${silent}; badge 04567DAA (Anna) may charge: the list has it`],
        ["authorize", "unknown", `${silent}; badge OTHER is not in the list of badges`],
        [
          ...["late", "backEnd"],
          "the back end Operator answered Invalid for badge 04567DAA (Anna) after the charge had begun: it gets no current",
        ],
      ],
    );
  });

  describe("a badge with a last day", () => {
    beforeEach(() => {
      timeZone = "America/New_York";
      add({ comment: "Carla", expiryDate: "2026-05-31" });
    });

    it("is let in until that day ends at the site, and told the charger with that moment", () => {
      clock.jumpWall(Date.parse("2026-06-01T03:59:59Z") - clock.wallMs());
      const { status, expiresWallMs } = ask();
      assert.deepEqual([status, expiresWallMs], ["Accepted", Date.parse("2026-06-01T04:00:00Z")]);
      assert.equal(authorizer.expiresWallMs("CP1", "04567daa"), expiresWallMs);
      clock.jumpWall(Date.parse("2026-06-01T04:00:00Z") - clock.wallMs());
      assert.equal(ask().status, "Expired");
      assert.match(find()[1]?.text ?? "", /^badge 04567DAA \(Carla\) was valid until 2026-05-31$/);
    });

    it("follows the clock of the site when that is set right", () => {
      clock.jumpWall(Date.parse("2026-06-01T02:00:00Z") - clock.wallMs());
      assert.equal(ask().status, "Accepted");
      timeZone = "Europe/Berlin";
      assert.equal(ask().status, "Expired");
    });
  });

  describe("counting charges of one badge", () => {
    beforeEach(() => add({}));

    it("lets only one of two in that begin at the same moment", () => {
      assert.equal(begin({ chargePoint: "CP1" }), "Accepted");
      assert.equal(begin({ chargePoint: "CP2" }), "ConcurrentTx");
      authorizer.settled("CP1", 1);
      assert.equal(begin({ chargePoint: "CP2" }), "Accepted");
    });

    it("counts a charge once while it is recorded", () => {
      add({ maxConcurrent: 2 });
      assert.equal(begin({ chargePoint: "CP1" }), "Accepted");
      running = [charge()];
      assert.equal(begin({ chargePoint: "CP2" }), "Accepted");
    });

    it("knows its own charge, and one that it takes the place of", () => {
      running = [charge()];
      assert.equal(begin(), "Accepted");
    });

    it("counts the charge of a number in another spelling", () => {
      running = [charge({ chargePoint: "CP2", idTag: "04:56:7d:aa" })];
      assert.equal(begin(), "ConcurrentTx");
      const [entry] = find();
      assert.match(entry?.text ?? "", /already charges at CP2\/1$/);
    });

    it("does not count one that was refused: the driver may go to another outlet", () => {
      running = [charge({ chargePoint: "CP2", refused: true })];
      assert.equal(begin(), "Accepted");
    });

    it("forgets a charge whose charge point has been away for a quarter of an hour", () => {
      running = [charge({ chargePoint: "CP2", goneSinceWallMs: clock.wallMs() })];
      assert.equal(begin(), "ConcurrentTx");
      clock.advance(900_001);
      assert.equal(begin(), "Accepted");
    });

    it("does not hold a charge that was stored first against one that began later", () => {
      running = [charge({ chargePoint: "CP2" })];
      assert.equal(begin({ startedWallMs: clock.wallMs() - 60_000 }), "Accepted");
    });

    it("looks only where its number charges, unless other numbers may stand for it", () => {
      add({});
      running = [charge({ chargePoint: "CP2" })];
      assert.equal(ask({ reason: "start" }).status, "ConcurrentTx");
      assert.equal(searches, 0);
      const row = { chargePoint: "CP9", idTag: "*", badge: "04567DAA" };
      authorizer.list.configure("node", { reversedBytes: false, defaultIdTag: "", freeCharging: [row] });
      running = [charge({ chargePoint: "CP9", idTag: "WHATEVER" })];
      assert.equal(ask({ reason: "start" }).status, "ConcurrentTx");
      assert.equal(searches, 1);
    });

    it("finds a charge of the same card read with its bytes the other way round", () => {
      add({});
      authorizer.list.configure("node", { reversedBytes: true, defaultIdTag: "", freeCharging: [] });
      running = [charge({ chargePoint: "CP2", idTag: "AA7D5604" })];
      assert.equal(ask({ reason: "start" }).status, "ConcurrentTx");
      assert.equal(searches, 0);
    });

    it("knows no person behind a badge that stands for whoever charges", () => {
      authorizer.list.configure("node", {
        reversedBytes: false,
        defaultIdTag: "04567DAA",
        freeCharging: [],
      });
      running = [charge({ chargePoint: "CP2", idTag: "" })];
      assert.equal(begin({ idTag: "" }), "Accepted");
    });
  });

  describe("asking a flow", () => {
    let asked: FlowQuestion[];
    beforeEach(() => {
      asked = [];
      authorizer.flows.onQuestion((one) => asked.push(one));
    });
    const flowAsk = async (change: Partial<BadgeQuestion> = {}, says?: object): Promise<BadgeVerdict> => {
      const verdict = Promise.resolve(authorizer.ask(question({ mode: "flow", ...change })));
      if (says) authorizer.flows.answer(asked.at(-1)?.requestId, says);
      else await clock.advanceAsync(3000);
      return verdict;
    };

    it("lets it name a last day of the site, or a time", async () => {
      timeZone = "America/New_York";
      const until = async (expiryDate: string) =>
        (await flowAsk({}, { status: "Accepted", expiryDate })).expiresWallMs ?? Number.NaN;
      assert.equal(await until("2026-12-31"), Date.parse("2027-01-01T05:00:00Z"));
      assert.equal(await until("2026-12-31T18:00:00Z"), Date.parse("2026-12-31T18:00:00Z"));
    });

    it("waits no longer than 3 s for it, then goes by the list", async () => {
      const verdict = Promise.resolve(authorizer.ask(question({ mode: "flow" })));
      let decided = false;
      void verdict.then(() => (decided = true));
      await clock.advanceAsync(2999);
      assert.ok(!decided);
      await clock.advanceAsync(1);
      assert.deepEqual([(await verdict).status, (await verdict).rule], ["Invalid", "unknown"]);
      assert.throws(() => authorizer.flows.answer(asked[0]?.requestId, { status: "Accepted" }), {
        code: "EV_MESSAGE_INVALID",
      });
    });

    it("takes its word for the charge that begins within two minutes, should it be silent then", async () => {
      assert.equal((await flowAsk({}, { status: "Accepted" })).status, "Accepted");
      assert.equal((await flowAsk({ reason: "start" })).rule, "flow");
      assert.equal((await flowAsk({ reason: "start" })).rule, "unknown");
      await flowAsk({}, { status: "Accepted" });
      clock.advance(120_000);
      assert.equal((await flowAsk({ reason: "start" })).rule, "unknown");
    });

    it("asks nobody about an admin badge, nor about the end of a charge", () => {
      add({ type: "admin" });
      assert.equal(ask({ mode: "flow" }).rule, "admin");
      assert.equal(ask({ mode: "flow", reason: "stop", idTag: "B" }).rule, "unknown");
      assert.deepEqual(asked, []);
    });

    it("tells it what the list knows", async () => {
      add({ comment: "Anna", type: "vip" });
      await flowAsk({ idTag: "04:56:7d:aa" }, { status: "Accepted" });
      assert.deepEqual([asked[0]?.payload.badge?.comment, asked[0]?.payload.badge?.type], ["Anna", "vip"]);
    });

    it("goes by the list at once where nobody is there to ask", async () => {
      const lonely = new Authorizer({
        clock,
        badges: store.badges,
        authorizations: store.authorizations,
        connectors: () => [],
        running: { all: () => [], at: () => [], with: () => [] },
        stop: () => Promise.resolve({}),
      });
      assert.equal((await lonely.ask(question({ mode: "flow" }))).rule, "unknown");
      lonely.close();
    });
  });

  describe("shown an admin badge", () => {
    beforeEach(() => {
      add({ idTag: "AD", type: "admin", comment: "Facility" });
      running = [
        charge(),
        charge({ connector: 2, transactionId: "8" }),
        charge({ chargePoint: "CP2", transactionId: "9" }),
      ];
    });

    it("ends the charge at that connector, once its answer has left", async () => {
      assert.equal(ask({ idTag: "ad" }).status, "Invalid");
      assert.deepEqual(calls, []);
      clock.advance(0);
      assert.deepEqual(calls, [["CP1", "RemoteStopTransaction", { transactionId: 7 }]]);
      await settle();
      assert.match(
        find("AD").at(-1)?.text ?? "",
        /^admin badge ad \(Facility\) ends transaction 7 of CP1\/1: Accepted$/,
      );
    });

    it("ends all charges of a charge point that does not say where it was shown", () => {
      ask({ idTag: "AD", connector: 0 });
      clock.advance(0);
      assert.deepEqual(
        calls.map(([, , payload]) => payload),
        [{ transactionId: 7 }, { transactionId: 8 }],
      );
    });

    it("tells why a charge could not be ended", async () => {
      answer = () => Promise.reject(new Error("gone"));
      ask({ idTag: "AD" });
      clock.advance(0);
      await settle();
      assert.deepEqual([find("AD").at(-1)?.status, find("AD").at(-1)?.text.endsWith("gone")], ["Failed", true]);
    });

    it("ends none where it began a charge, or where the charge point is not in service", () => {
      begin({ idTag: "AD" });
      ask({ idTag: "AD", served: false });
      clock.advance(0);
      assert.deepEqual(calls, []);
    });
  });

  describe("learning", () => {
    const order = (change: object = {}) => ({
      does: "add" as const,
      chargePoint: "",
      seconds: 30,
      as: (({ idTag: _idTag, ...rest }) => rest)(badge({ comment: "learnt" })),
      ...change,
    });

    it("adds what is shown until nothing came for 30 s, and lets it charge", () => {
      const news: (string | null)[] = [];
      authorizer.learning.onNews(({ idTag, learning }) => news.push(learning ? idTag : "over"));
      authorizer.learning.begin(order());
      clock.advance(29_000);
      assert.deepEqual([ask({ idTag: "a" }).rule, ask({ idTag: "A" }).rule], ["learnt", "listed"]);
      clock.advance(29_000);
      assert.equal(ask({ idTag: "B" }).rule, "learnt");
      clock.advance(30_000);
      assert.equal(ask({ idTag: "C" }).rule, "unknown");
      assert.deepEqual(news, ["A", "B", "over"]);
      assert.deepEqual([...authorizer.list.all.keys()], ["A", "B"]);
    });

    it("takes badges out of the list as well, or only tells of them", () => {
      add({});
      authorizer.learning.begin(order({ does: "remove" }));
      assert.equal(ask().rule, "unknown");
      authorizer.learning.begin(order({ does: "offer" }));
      assert.equal(ask().rule, "unknown");
      assert.deepEqual(authorizer.learning.end().learnt, ["04567DAA"]);
      assert.equal(authorizer.list.all.size, 0);
    });

    it("learns from no charge that is reported late, and no number that cannot be one", () => {
      authorizer.learning.begin(order());
      assert.equal(begin({ idTag: "OFFLINE", startedWallMs: clock.wallMs() - 3_600_000 }), "Invalid");
      assert.equal(ask({ idTag: "x".repeat(41) }).rule, "unknown");
      assert.equal(ask({ idTag: "a\u0000b" }).rule, "unknown");
      assert.equal(begin({ idTag: "NOW", startedWallMs: clock.wallMs() - 60_000 }), "Accepted");
      assert.deepEqual([...authorizer.list.all.keys()], ["NOW"]);
    });

    it("ends after 500, however fast they come", () => {
      authorizer.learning.begin(order());
      for (let number = 0; number < 510; number++) ask({ idTag: `MAD${number}` });
      assert.equal(authorizer.learning.running, false);
      assert.equal(authorizer.list.all.size, 500);
    });

    it("is undone like any other change", async () => {
      authorizer.learning.begin(order());
      ask();
      authorizer.learning.end();
      assert.equal((await authorizer.list.undo())?.what, "learn");
      assert.equal(authorizer.list.all.size, 0);
    });
  });

  describe("keeping why", () => {
    it("finds the answers of a badge by any spelling, also after a restart", () => {
      add({ blocked: true });
      ask({ idTag: "04:56:7d:aa" });
      ask({ idTag: "OTHER" });
      assert.deepEqual(
        find("04567DAA").map(({ rule }) => rule),
        ["blocked"],
      );
      authorizer.trace.close();
      const kept = store.authorizations.find({
        ...{ idTag: "04567DAA", chargePoint: null, status: "Blocked" },
        ...{ fromWallMs: 0, toWallMs: clock.wallMs(), most: 10 },
      });
      assert.deepEqual(
        kept.map(({ rule, badge: number }) => [rule, number]),
        [["blocked", "04567DAA"]],
      );
    });

    it("writes nothing for those that may charge because anyone may", () => {
      ask({ mode: "open" });
      assert.equal(clock.pending, 0);
      assert.deepEqual(
        find().map(({ rule }) => rule),
        ["open"],
      );
    });

    it("tells each answer once, whether it is on disk already or not", () => {
      ask();
      ask();
      clock.advance(1000);
      ask();
      assert.equal(find().length, 3);
    });

    it("goes on while the database cannot be written", () => {
      store.close();
      assert.equal(ask().status, "Invalid");
      clock.advance(1000);
      assert.equal(find().length, 1);
    });
  });
});
