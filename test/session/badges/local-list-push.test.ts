import { strict as assert } from "node:assert";
import { EvError } from "../../../lib/errors.ts";
import { OcppCallError } from "../../../lib/ocpp/rpc/call-error.ts";
import { planChange } from "../../../lib/session/badges/badge-change.ts";
import { BadgeList } from "../../../lib/session/badges/badge-list.ts";
import { type ListKeeper, LocalLists } from "../../../lib/session/badges/local-list-push.ts";
import { openStore } from "../../../lib/store/sqlite.ts";
import type { Store } from "../../../lib/store/types.ts";
import { FakeClock } from "../../fake-clock.ts";
import { ordering } from "../../wire16.ts";
import { badge } from "../badges.ts";

type Fields = Record<string, unknown>;

describe("The lists that chargers keep for themselves", () => {
  let clock: FakeClock;
  let store: Store;
  let list: BadgeList;
  let timeZone: string;
  let lists: LocalLists;
  let calls: [string, Fields][];
  let keeper: ListKeeper;
  /** What the charger answers; the list's version is its own. */
  let answers: Record<string, () => Fields | Error>;
  let version: number;
  let learnt: [string, boolean][];

  beforeEach(() => {
    clock = new FakeClock();
    store = openStore(":memory:", { clock });
    timeZone = "UTC";
    list = new BadgeList(store.badges, clock, () => timeZone);
    calls = [];
    learnt = [];
    version = 0;
    answers = {
      GetLocalListVersion: () => ({ listVersion: version }),
      GetConfiguration: () => ({ configurationKey: [{ key: "sendlocallistmaxlength", readonly: true, value: "2" }] }),
      SendLocalList: () => ({ status: "Accepted" }),
      ChangeConfiguration: () => ({ status: "Accepted" }),
    };
    keeper = {
      identity: "CP1",
      online: true,
      authorization: "list",
      facts: {},
      askNoKeys: false,
      learn: (path, value) => learnt.push([path, value]),
      order: ordering(async (action, payload) => {
        calls.push([action, payload as Fields]);
        const answer = answers[action]?.() ?? {};
        if (answer instanceof Error) throw answer;
        if (action === "SendLocalList" && answer["status"] === "Accepted")
          version = (payload as Fields)["listVersion"] as number;
        return answer;
      }),
    };
    lists = new LocalLists({ clock, list, store, keepers: () => ["CP1"], keeper: () => keeper, connectors: () => [] });
  });

  afterEach(() => {
    lists.close();
    store.close();
    assert.equal(clock.pending, 0);
  });

  const add = (...numbers: string[]): void => {
    const wanted = numbers.map((idTag) => badge({ idTag }));
    list.apply(planChange(list.all, wanted, "merge"), "add", "");
  };
  const actions = () => calls.map(([action]) => action);
  const sent = () => calls.filter(([action]) => action === "SendLocalList").map(([, payload]) => payload);
  const settle = async () => {
    for (let round = 0; round < 10; round++) await new Promise((resolve) => setImmediate(resolve));
  };

  it("are brought up to date when a charger is in service, and when the list changes", async () => {
    lists.configure("node", true);
    clock.advance(2000);
    await settle();
    calls = [];
    lists.ready("CP1");
    clock.advance(9999);
    assert.deepEqual(calls, []);
    add("A", "B", "C");
    clock.advance(1);
    await settle();
    assert.deepEqual(
      sent().map(({ updateType, listVersion }) => [updateType, listVersion]),
      [
        ["Differential", 2],
        ["Differential", 3],
      ],
    );
    clock.advance(2000);
    await settle();
    assert.equal(sent().length, 2);
    assert.deepEqual(lists.views(), [
      {
        chargePoint: "CP1",
        status: "upToDate",
        version: 3,
        badges: 3,
        at: new Date(clock.wallMs()).toISOString(),
        text: "",
      },
    ]);
  });

  it("are told other moments at which last days end once the site's clock is set right", async () => {
    lists.configure("node", true);
    list.apply(planChange(list.all, [badge({ expiryDate: "2026-12-31" })], "merge"), "add", "");
    clock.advance(2000);
    await settle();
    timeZone = "Europe/Berlin";
    lists.review();
    clock.advance(2000);
    await settle();
    const told = sent().map(({ updateType, localAuthorizationList }) => {
      const [entry] = localAuthorizationList as { idTagInfo: Fields }[];
      return [updateType, entry?.idTagInfo["expiryDate"]];
    });
    assert.deepEqual(told, [
      ["Full", "2027-01-01T00:00:00.000Z"],
      ["Differential", "2026-12-31T23:00:00.000Z"],
    ]);
  });

  it("are written eight at a time, each charger looked up for its own sake, also when a person asks for all", async () => {
    lists.close();
    const names = Array.from({ length: 100 }, (_, index) => `CP${index}`);
    const open: (() => void)[] = [];
    let lookedUp = 0;
    const call = (action: string) =>
      new Promise<Record<string, unknown>>((resolve) => {
        open.push(() => resolve(action === "GetLocalListVersion" ? { listVersion: 1 } : { status: "Accepted" }));
      });
    const named = (identity: string): ListKeeper => {
      lookedUp += 1;
      return { ...keeper, identity, order: ordering(call) };
    };
    lists = new LocalLists({ clock, list, store, keepers: () => names, keeper: named, connectors: () => [] });
    add("A");
    const pushed = lists.pushNow(null);
    let most = 0;
    while (open.length > 0) {
      most = Math.max(most, open.length);
      for (const answer of open.splice(0)) answer();
      await settle();
    }
    assert.equal(most, 8);
    assert.deepEqual([...new Set((await pushed).map(({ status }) => status))], ["upToDate"]);
    assert.equal(lookedUp, 100);
  });

  it("are not waited for once nobody looks after them any more", async () => {
    keeper.order = () => new Promise(() => undefined);
    const first = lists.pushNow("CP1");
    const second = lists.pushNow("CP1");
    await settle();
    lists.close();
    assert.equal((await second).length, 1);
    void first;
  });

  it("are left alone while no node wants them kept", async () => {
    lists.ready("CP1");
    add("A");
    clock.advance(60_000);
    await settle();
    assert.deepEqual(calls, []);
  });

  it("are left alone where anyone may charge, and by themselves where a flow decides", async () => {
    keeper.authorization = "open";
    assert.equal((await lists.pushNow("CP1"))[0]?.status, "notWanted");
    keeper.authorization = "flow";
    lists.configure("node", true);
    clock.advance(2000);
    await settle();
    assert.deepEqual(calls, []);
    assert.equal((await lists.pushNow("CP1"))[0]?.status, "upToDate");
  });

  it("are not asked for where a charger says that it has none", async () => {
    keeper.facts = { "charger.featureProfiles": { value: ["Core", "SmartCharging"] } };
    assert.equal((await lists.pushNow(null))[0]?.status, "notSupported");
    assert.deepEqual(calls, []);
  });

  for (const [what, change] of [
    ["does not know the question", () => ({ GetLocalListVersion: () => new OcppCallError("NotImplemented", "", {}) })],
    ["answers the list with NotSupported", () => ({ SendLocalList: () => ({ status: "NotSupported" }) })],
    ["does not know the list", () => ({ SendLocalList: () => new OcppCallError("NotSupported", "", {}) })],
    [
      "has version -1 and no such key",
      () => ({
        GetLocalListVersion: () => ({ listVersion: -1 }),
        ChangeConfiguration: () => ({ status: "NotSupported" }),
      }),
    ],
  ] as const) {
    it(`are given up for good where a charger ${what}, until a person asks`, async () => {
      add("A");
      Object.assign(answers, change());
      lists.configure("node", true);
      clock.advance(2000);
      await settle();
      assert.deepEqual(learnt, [["charger.localList", false]]);
      assert.equal(lists.views()[0]?.status, "notSupported");
      keeper.facts = { "charger.localList": { value: false } };
      calls = [];
      lists.ready("CP1");
      clock.advance(10_000);
      await settle();
      assert.deepEqual(calls, []);
      await lists.pushNow("CP1");
      assert.equal(calls[0]?.[0], "GetLocalListVersion");
    });
  }

  it("are switched on where they are off", async () => {
    add("A");
    version = -1;
    answers["ChangeConfiguration"] = () => {
      version = 0;
      return { status: "Accepted" };
    };
    assert.equal((await lists.pushNow("CP1"))[0]?.status, "upToDate");
    assert.deepEqual(calls[1], ["ChangeConfiguration", { key: "LocalAuthListEnabled", value: "true" }]);
  });

  it("stay off where a charger keeps them off", async () => {
    version = -1;
    answers["ChangeConfiguration"] = () => ({ status: "Rejected" });
    const [view] = await lists.pushNow("CP1");
    assert.deepEqual([view?.status, learnt], ["off", []]);
  });

  for (const status of ["Failed", "VersionMismatch"])
    it(`are sent whole after ${status}, once`, async () => {
      add("A");
      await lists.pushNow("CP1");
      add("B");
      answers["SendLocalList"] = () => ({ status });
      const [view] = await lists.pushNow("CP1");
      assert.deepEqual(
        sent().map(({ updateType }) => updateType),
        ["Full", "Differential", "Full"],
      );
      assert.deepEqual([view?.status, view?.text], ["failed", `SendLocalList was answered ${status}`]);
    });

  it("are sent whole after an answer that never came", async () => {
    add("A");
    answers["SendLocalList"] = () => new EvError("EV_OCPP_TIMEOUT", "No answer");
    assert.equal((await lists.pushNow("CP1"))[0]?.status, "failed");
    answers["SendLocalList"] = () => ({ status: "Accepted" });
    await lists.pushNow("CP1");
    assert.deepEqual(
      sent().map(({ updateType }) => updateType),
      ["Full", "Full"],
    );
  });

  it("are written without asking for keys where that restarts a charger, and once at a time", async () => {
    add("A");
    keeper.askNoKeys = true;
    await Promise.all([lists.pushNow("CP1"), lists.pushNow("CP1")]);
    assert.deepEqual(actions(), ["GetLocalListVersion", "SendLocalList", "GetLocalListVersion"]);
  });
});
