import { strict as assert } from "node:assert";
import type { IdTagInfo, StartTransactionRequest } from "../../../lib/ocpp/v16/index.ts";
import type { AuthorizationPort, BadgeQuestion, BadgeVerdict } from "../../../lib/session/badges/authorization-port.ts";
import { Stations } from "../../../lib/station/connection/stations.ts";
import { openStore } from "../../../lib/store/sqlite.ts";
import type { Store } from "../../../lib/store/types.ts";
import { FakeClock } from "../../fake-clock.ts";
import { badge } from "../../session/badges.ts";
import { saying } from "../../wire16.ts";
import { definition, FakeConnection } from "../fake-charge-point.ts";

/** Says what the test wants, and remembers what it was asked. */
class FakeGate implements AuthorizationPort {
  readonly asked: BadgeQuestion[] = [];
  readonly settledAt: string[] = [];
  verdict: Partial<BadgeVerdict> = {};
  list: ReturnType<AuthorizationPort["badge"]> = null;
  late = false;

  ask(question: BadgeQuestion): BadgeVerdict | Promise<BadgeVerdict> {
    this.asked.push(question);
    const verdict: BadgeVerdict = {
      ...{ status: "Accepted", rule: "listed", parentIdTag: null, expiresWallMs: null, badge: null },
      ...this.verdict,
    };
    return this.late ? Promise.resolve(verdict) : verdict;
  }
  hasBackEnd() {
    return false;
  }
  settled(chargePoint: string, connector: number): void {
    this.settledAt.push(`${chargePoint}/${connector}`);
  }
  badge() {
    return this.list;
  }
  expiresWallMs() {
    return this.verdict.expiresWallMs ?? null;
  }
}

describe("A charge point and its badges", () => {
  let clock: FakeClock;
  let store: Store;
  let authorization: FakeGate;
  let stations: Stations;
  let connection: FakeConnection;

  beforeEach(() => {
    clock = new FakeClock();
    store = openStore(":memory:", { clock });
    authorization = new FakeGate();
    stations = new Stations({ store, clock, authorization });
    stations.configure(definition());
    station().admit(
      "cs",
      "park",
      () => 60,
      () => "list",
    );
    connection = new FakeConnection();
    station().attached(connection);
  });

  afterEach(() => {
    stations.close();
    store.close();
  });

  const station = () => stations.get("CP1")!;
  const context = () => ({ messageId: "1", receivedAtMs: clock.nowMs(), receivedWallMs: clock.wallMs() });
  const time = () => new Date(clock.wallMs()).toISOString();
  const show = async (idTag = "A"): Promise<IdTagInfo> =>
    (await saying(station()).authorize({ idTag }, context())).idTagInfo;
  const begin = (change: Partial<StartTransactionRequest> = {}) =>
    saying(station()).startTransaction(
      { connectorId: 1, idTag: "A", meterStart: 0, timestamp: time(), ...change },
      context(),
    );

  it("tells the badge's own end where that comes before a day has passed", async () => {
    authorization.verdict = { expiresWallMs: clock.wallMs() + 3_600_000, parentIdTag: "FAM" };
    assert.deepEqual(await show(), { status: "Accepted", expiryDate: "2026-06-01T13:00:00.000Z", parentIdTag: "FAM" });
    authorization.verdict = { expiresWallMs: clock.wallMs() + 30 * 86_400_000 };
    assert.deepEqual(await show(), { status: "Accepted", expiryDate: "2026-06-02T12:00:00.000Z" });
  });

  it("tells no parent that OCPP has no room for, and of one that expired when", async () => {
    authorization.verdict = { parentIdTag: "P".repeat(21) };
    assert.equal((await show()).parentIdTag, undefined);
    authorization.verdict = { status: "Expired", expiresWallMs: clock.wallMs() - 1000 };
    assert.deepEqual(await show(), { status: "Expired", expiryDate: "2026-06-01T11:59:59.000Z" });
    authorization.verdict = { status: "Blocked", parentIdTag: "FAM" };
    assert.deepEqual(await show(), { status: "Blocked" });
  });

  it("asks for its one connector, and says so where it has several", async () => {
    await show();
    const two = [1, 2].map((number) => ({ ...definition().connectors[0]!, number }));
    stations.configure(definition({ connectors: two }));
    await show();
    assert.deepEqual(
      authorization.asked.map(({ connector }) => connector),
      [1, 0],
    );
  });

  it("waits for its charge only with a badge that was accepted, also when the answer took a while", async () => {
    connection = new FakeConnection();
    saying(station()).bootNotification({ chargePointVendor: "M", chargePointModel: "B" }, context());
    clock.advance(0);
    saying(station()).statusNotification({ connectorId: 1, status: "Preparing", errorCode: "NoError" }, context());
    authorization.late = true;
    authorization.verdict = { status: "Invalid", rule: "unknown" };
    await show();
    assert.equal(station().facts(clock.nowMs())[0]?.state, "available");
    authorization.verdict = {};
    await show();
    assert.equal(station().facts(clock.nowMs())[0]?.state, "waiting");
  });

  it("gives a retried start the id and the status of the first, whatever holds by then, and asks once", async () => {
    authorization.verdict = { status: "Invalid", rule: "unknown" };
    const first = await begin();
    authorization.verdict = {};
    authorization.list = badge({ idTag: "A" });
    clock.advance(60_000);
    const again = await begin({ timestamp: "2026-06-01T12:00:00.000Z" });
    assert.deepEqual([again.transactionId, again.idTagInfo.status], [first.transactionId, "Invalid"]);
    assert.equal(authorization.asked.length, 1);
    assert.equal(authorization.asked[0]?.startedWallMs, Date.parse("2026-06-01T12:00:00.000Z"));
  });

  it("gets no current for a charge whose badge was refused, also after a restart, until a badge is accepted", async () => {
    connection = new FakeConnection();
    const state = () => station().facts(clock.nowMs())[0]?.state;
    const report = (status: "Charging" | "SuspendedEVSE" | "Preparing") =>
      saying(station()).statusNotification({ connectorId: 1, status, errorCode: "NoError" }, context());
    saying(station()).bootNotification({ chargePointVendor: "M", chargePointModel: "B" }, context());
    clock.advance(0);
    authorization.verdict = { status: "Invalid", rule: "unknown" };
    await begin();
    for (const status of ["Charging", "SuspendedEVSE", "Preparing"] as const) {
      report(status);
      assert.equal(state(), "available");
    }
    report("Charging");
    const restarted = new Stations({ store, clock, authorization });
    restarted.configure(definition());
    assert.equal(restarted.get("CP1")?.connectors.get(1)?.transaction?.idTag, "A");
    assert.equal((restarted.get("CP1")?.connectors.get(1) as { refused?: boolean } | undefined)?.refused, true);
    restarted.close();
    authorization.verdict = {};
    await show();
    assert.equal(state(), "charging");
    await begin({ meterStart: 5 });
    clock.advance(130_000);
    assert.equal(state(), "charging");
  });

  it("says when a start is settled, also one that could not be recorded", async () => {
    station().admit("cs", "park", () => 60);
    store.close();
    await assert.rejects(begin(), { code: "EV_STORE_OPEN" });
    assert.deepEqual(authorization.settledAt, ["CP1/1"]);
  });

  it("gives the first class to the charge of a VIP, as long as it runs and is not blocked", async () => {
    const priorityClass = () => station().facts(clock.nowMs())[0]?.priorityClass;
    authorization.list = badge({ type: "vip" });
    assert.equal(priorityClass(), undefined);
    const { transactionId } = await begin();
    assert.equal(priorityClass(), 0);
    authorization.list = badge({ type: "vip", blocked: true });
    assert.equal(priorityClass(), undefined);
    authorization.list = badge({ type: "vip" });
    const stop = { transactionId, meterStop: 1, timestamp: time(), idTag: "A" };
    const { idTagInfo } = await saying(station()).stopTransaction(stop, context());
    assert.equal(idTagInfo?.status, "Accepted");
    assert.equal(priorityClass(), undefined);
  });

  it("is told nothing at the end of a charge about a badge of which nothing is known", async () => {
    const { transactionId } = await begin();
    const stop = { transactionId, meterStop: 1, timestamp: time(), idTag: "A" };
    assert.deepEqual(await saying(station()).stopTransaction(stop, context()), {});
  });

  describe("that is told to start a charge", () => {
    const remote = (idTag: string) => station().call("RemoteStartTransaction", { idTag, connectorId: 1 });
    const fromHere = async (idTag: string): Promise<boolean | undefined> => {
      await begin({ idTag, timestamp: time() });
      clock.advance(1000);
      return authorization.asked.at(-1)?.startedFromHere;
    };

    it("may begin it with that badge for ten minutes, also cut or lengthened", async () => {
      connection.answer = () => ({ status: "Accepted" });
      await remote("DESK-NUMBER-42");
      assert.deepEqual(
        [await fromHere("desk-number-42"), await fromHere("DESK-NUM"), await fromHere("DESK-NUMBER-42XX")],
        [true, true, true],
      );
      assert.deepEqual([await fromHere("OTHER"), await fromHere("")], [false, false]);
      clock.advance(600_000);
      assert.equal(await fromHere("DESK-NUMBER-42"), false);
    });

    it("lets in nobody else for a badge that is empty, or a few characters", async () => {
      connection.answer = () => ({ status: "Accepted" });
      await remote("");
      await remote("42");
      assert.deepEqual([await fromHere("4242"), await fromHere("OTHER"), await fromHere("42")], [false, false, true]);
    });

    it("may not when it refused", async () => {
      connection.answer = () => ({ status: "Rejected" });
      await remote("DESK");
      assert.equal(await fromHere("DESK"), false);
      connection.answer = () => new Error("gone");
      await assert.rejects(remote("DESK"));
      assert.equal(await fromHere("DESK"), false);
    });
  });
});
