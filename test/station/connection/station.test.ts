import { strict as assert } from "node:assert";
import type { StationEvent } from "../../../lib/messages.ts";
import { NO_SESSIONS } from "../../../lib/session/sessions/session-watch.ts";
import { Stations } from "../../../lib/station/connection/stations.ts";
import type { StationChange } from "../../../lib/station/types.ts";
import { saying } from "../../wire16.ts";
import { definition, StationBench, settle } from "../fake-charge-point.ts";

const BOX = { chargePointVendor: "Maker", chargePointModel: "Box" };

describe("Charge point", () => {
  let bench: StationBench;
  let events: StationEvent[];
  let changes: string[];

  const forget = (): void => {
    events.length = 0;
    changes.length = 0;
  };

  beforeEach(() => {
    bench = new StationBench();
    bench.stations.configure(definition());
    events = [];
    changes = [];
    bench.stations.onEvent((event) => events.push(event));
    bench.stations.onChange(({ kind, connector }: StationChange) => changes.push(`${kind} ${connector}`));
  });

  afterEach(() => bench.close());

  const named = (name: string): StationEvent[] => events.filter(({ event }) => event === name);
  const transaction = () => bench.station.connectors.get(1)?.transaction ?? null;
  const ago = (seconds: number): string => new Date(bench.clock.wallMs() - seconds * 1000).toISOString();

  describe("connection", () => {
    it("is accepted at boot, told the time and how often to send a heartbeat", () => {
      bench.attach();
      const confirmation = saying(bench.station).bootNotification(
        { chargePointVendor: "Maker", chargePointModel: "Box" },
        bench.context(),
      );
      assert.deepEqual(confirmation, { status: "Accepted", interval: 60, currentTime: "2026-06-01T12:00:00.000Z" });
      assert.deepEqual(saying(bench.station).heartbeat(bench.context()), { currentTime: "2026-06-01T12:00:00.000Z" });
      assert.equal(bench.station.vendor, "Maker");
    });

    it("is ready as soon as the boot is confirmed, not before", async () => {
      bench.attach();
      assert.equal(bench.station.state, "awaitBoot");
      bench.boot();
      assert.equal(bench.station.state, "awaitBoot");
      bench.clock.advance(0);
      assert.equal(bench.station.state, "ready");
    });

    it("without a boot is served at once, asked to boot after 5 s of silence, and taken into service when it refuses", async () => {
      const connection = bench.attach();
      connection.answer = () => ({ status: "Rejected" });
      bench.status("Charging");
      await bench.clock.advanceAsync(4999);
      assert.equal(connection.calls.length, 0);
      await bench.clock.advanceAsync(1);
      assert.deepEqual(connection.calls[0]?.payload, { requestedMessage: "BootNotification" });
      await settle();
      assert.equal(bench.station.state, "ready");
    });

    it("is taken into service after 30 s when it neither boots nor answers", async () => {
      const connection = bench.attach();
      connection.answer = () => null;
      await bench.clock.advanceAsync(29_999, 1000);
      assert.equal(bench.station.state, "awaitBoot");
      await bench.clock.advanceAsync(1);
      assert.equal(bench.station.state, "ready");
    });

    it("that is replaced is not ended by the late close of the old socket", async () => {
      const old = await bench.connect();
      bench.station.detached(old, "taken over");
      const current = bench.attach();
      bench.station.detached(old, "closed");
      assert.ok(bench.station.online);
      current.close();
      assert.equal(bench.station.state, "offline");
    });

    it("shows as online and offline events with an address and a reason", async () => {
      const connection = await bench.connect();
      connection.close();
      assert.deepEqual(named("online")[0], {
        topic: "ocpp/CP1/0/online",
        chargePoint: "CP1",
        connector: 0,
        event: "online",
        payload: { address: "192.0.2.1" },
      });
      assert.deepEqual(named("offline")[0]?.payload, { reason: "closed" });
    });

    it("refuses commands while there is none", async () => {
      await assert.rejects(bench.station.call("Reset", { type: "Soft" }), { code: "EV_OCPP_OFFLINE" });
    });

    it("leaves no timer behind", async () => {
      const connection = await bench.connect();
      connection.close();
      bench.attach();
      bench.close();
      assert.equal(bench.clock.pending, 0);
    });
  });

  describe("transaction", () => {
    beforeEach(async () => {
      await bench.connect();
      bench.status("Preparing");
      forget();
    });

    it("gets an id and an accepted badge that the charge point may not keep for ever", async () => {
      const request = { connectorId: 1, idTag: "TAG", meterStart: 100, timestamp: bench.time() };
      const { transactionId, idTagInfo } = await saying(bench.station).startTransaction(request, bench.context());
      assert.ok(transactionId > 0 && transactionId < 2 ** 31);
      assert.deepEqual(idTagInfo, { status: "Accepted", expiryDate: "2026-06-02T12:00:00.000Z" });
      assert.deepEqual(transaction(), {
        transactionId: String(transactionId),
        idTag: "TAG",
        startedWallMs: bench.clock.wallMs(),
        meterStartWh: 100,
      });
    });

    it("is one when its start is repeated, with one event", async () => {
      const timestamp = bench.time();
      assert.equal(await bench.start({ timestamp }), await bench.start({ timestamp }));
      assert.equal(named("transaction.start").length, 1);
    });

    it("keeps its answer when its start is repeated after it ended", async () => {
      const timestamp = bench.time();
      const id = await bench.start({ timestamp });
      await bench.stop(id);
      assert.equal(await bench.start({ timestamp }), id);
      assert.equal(transaction(), null);
    });

    it("shows as events with energy and reason", async () => {
      const id = await bench.start({ meterStart: 1000 });
      await bench.stop(id, { meterStop: 9000 });
      assert.deepEqual(named("transaction.start")[0]?.payload, {
        transactionId: String(id),
        idTag: "TAG",
        meterStartWh: 1000,
        startedAt: "2026-06-01T12:00:00.000Z",
        status: "Accepted",
      });
      assert.equal(named("transaction.start")[0]?.topic, "ocpp/CP1/1/transaction.start");
      assert.deepEqual(named("transaction.stop")[0]?.payload, {
        transactionId: String(id),
        reason: "Local",
        meterStopWh: 9000,
        energyWh: 8000,
        stoppedAt: "2026-06-01T12:00:00.000Z",
        known: true,
      });
    });

    it("that is new on a connector closes the one before as superseded", async () => {
      const first = await bench.start();
      bench.clock.advance(60_000);
      const second = await bench.start({ meterStart: 700 });
      assert.equal(bench.store.transaction("CP1", String(first))?.stopReason, "superseded");
      assert.equal(bench.store.transaction("CP1", String(first))?.meterStopWh, 700);
      assert.equal(transaction()?.transactionId, String(second));
      assert.equal(named("transaction.stop")[0]?.payload["reason"], "superseded");
    });

    it("that is reported late does not end the one that runs", async () => {
      const running = await bench.start();
      await bench.start({ timestamp: ago(3600) });
      assert.equal(transaction()?.transactionId, String(running));
      assert.equal(bench.store.transaction("CP1", String(running))?.stoppedWallMs, null);
    });

    it("that was started offline and still runs is known, but moves no profile", async () => {
      const id = await bench.start({ timestamp: ago(3600) });
      assert.equal(transaction()?.transactionId, String(id));
      assert.ok(!changes.includes("transaction 1"));
    });

    for (const transactionId of [-1, 0, 4711, 2 ** 31, 1e300]) {
      it(`${transactionId}, which is unknown, is stopped with a confirmation, and no connector is guessed`, async () => {
        const running = await bench.start();
        assert.deepEqual(
          await saying(bench.station).stopTransaction(
            { transactionId, meterStop: 0, timestamp: bench.time() },
            bench.context(),
          ),
          {},
        );
        assert.equal(transaction()?.transactionId, String(running));
        assert.equal(named("transaction.stop")[0]?.connector, 0);
        assert.equal(named("transaction.stop")[0]?.payload["known"], false);
        assert.equal(bench.store.failure, null);
      });
    }

    it("is one of 200 open ones at most, whatever connectors and times a charge point that went mad names", async () => {
      for (let number = 1; number <= 230; number++)
        await bench.start({ connectorId: (number % 99) + 1, timestamp: ago(number) });
      assert.equal(bench.store.openTransactions("CP1").length, 201);
      for (const connectorId of [0, -5, 100, 5000, 2 ** 40]) await bench.start({ connectorId });
      const odd = bench.store.openTransactions("CP1").filter(({ connector }) => connector < 1 || connector > 99);
      assert.deepEqual(
        odd.map(({ connector }) => connector),
        [0],
      );
    });

    it("is stopped once, however often the charge point says so", async () => {
      const id = await bench.start();
      await bench.stop(id);
      await bench.stop(id);
      assert.equal(named("transaction.stop").length, 1);
    });

    it("answers the badge of a stop", async () => {
      const id = await bench.start();
      const request = { transactionId: id, idTag: "TAG", meterStop: 0, timestamp: bench.time() };
      assert.equal(
        (await saying(bench.station).stopTransaction(request, bench.context())).idTagInfo?.status,
        "Accepted",
      );
    });

    it("with senseless numbers and times is stored with what makes sense", async () => {
      const id = await bench.start({ timestamp: "yesterday", meterStart: 2147483647 });
      const record = bench.store.transaction("CP1", String(id));
      assert.equal(record?.meterStartWh, null);
      assert.equal(record?.startedWallMs, bench.clock.wallMs());
    });

    it("is not confirmed while it cannot be made durable", async () => {
      bench.store.close();
      await assert.rejects(bench.start(), { code: "EV_STORE_OPEN" });
      await assert.rejects(bench.stop(1), { code: "EV_STORE_OPEN" });
      assert.equal(transaction(), null);
    });

    it("is found again by its samples after a reconnect", async () => {
      const id = await bench.start();
      bench.station.connectors.get(1)!.end();
      bench.meter(10, { transactionId: id });
      assert.deepEqual(transaction()?.idTag, "TAG");
      assert.ok(changes.includes("transaction 1"));
    });

    it("that ended is not revived by closing samples", async () => {
      const id = await bench.start();
      await bench.stop(id);
      bench.meter(10, { transactionId: id });
      assert.equal(transaction(), null);
    });

    it("that the charge point numbered itself is adopted while the car draws", async () => {
      bench.meter(10, { transactionId: -77 });
      assert.equal(transaction()?.transactionId, String(-77));
      await bench.stop(-77);
      assert.equal(transaction(), null);
      assert.equal(named("transaction.stop")[0]?.connector, 1);
    });

    for (const transactionId of [0, -1]) {
      it(`${transactionId} in samples is none`, () => {
        bench.meter(10, { transactionId });
        assert.equal(transaction(), null);
      });
    }
  });

  describe("reports", () => {
    beforeEach(async () => {
      await bench.connect();
      forget();
    });

    it("tells plug and unplug from other changes of state", () => {
      for (const status of ["Preparing", "Charging", "Finishing", "Available"] as const) bench.status(status);
      assert.deepEqual(changes, ["plug 1", "status 1", "status 1", "status 1", "unplug 1", "status 1"]);
    });

    it("tells of a fault with which its outlet may be live, once", () => {
      bench.status("Charging");
      changes.length = 0;
      bench.status("Faulted", 1, "PowerSwitchFailure");
      assert.deepEqual(changes, ["trouble 1", "status 1"]);
      bench.status("Faulted", 1, "PowerSwitchFailure");
      bench.status("Faulted", 1, "GroundFailure");
      assert.deepEqual(changes.slice(2), ["status 1", "status 1"]);
    });

    it("passes a status on as it came, with its source", () => {
      bench.status("Faulted", 1, "GroundFailure");
      const [event] = named("status");
      assert.equal(event?.payload["errorCode"], "GroundFailure");
      assert.deepEqual(Object.keys(event?.ocpp ?? {}), ["action", "messageId", "version", "ts"]);
      assert.equal(event?.ocpp?.action, "StatusNotification");
    });

    it("passes meter values on in SI units and marks stored ones", () => {
      bench.meter(10);
      bench.meter(20, { timestamp: ago(600) });
      assert.deepEqual(
        named("meter").map(({ payload }) => [payload["currentA"], payload["replay"]]),
        [
          [[10, 10, 10], false],
          [[20, 20, 20], true],
        ],
      );
    });

    it("has no time for samples whose time stamp makes no sense", () => {
      bench.meter(10, { timestamp: "soon" });
      assert.equal(named("meter")[0]?.payload["ts"], null);
    });

    it("answers a vendor's own message with UnknownVendorId", () => {
      assert.deepEqual(saying(bench.station).dataTransfer({ vendorId: "x" }, bench.context()), {
        status: "UnknownVendorId",
      });
      assert.equal(named("data")[0]?.payload["status"], "UnknownVendorId");
    });

    it("shows frames only to who asked for them, without passwords", () => {
      bench.station.frame("in", "[2]");
      const raw: StationEvent[] = [];
      const stop = bench.stations.onEvent((event) => raw.push(event), { raw: true });
      bench.station.frame("out", '[2,"1","ChangeConfiguration",{"key":"AuthorizationKey","value":"secret"}]');
      stop();
      bench.station.frame("in", "[3]");
      assert.equal(named("raw").length, 0);
      assert.deepEqual(
        raw.map(({ payload }) => payload),
        [{ direction: "out", frame: '[2,"1","ChangeConfiguration",{"key":"AuthorizationKey","value":"***"}]' }],
      );
    });

    it("tells who wishes for some events of those alone, until it is stopped", () => {
      const wished: string[] = [];
      const stop = bench.stations.onEvent(({ event }) => wished.push(event), { events: new Set(["status", "raw"]) });
      bench.boot();
      bench.status("Available");
      bench.station.frame("in", "[2]");
      stop();
      bench.status("Preparing");
      assert.deepEqual(wished, ["status"]);
      assert.equal(named("status").length, 2);
    });

    it("remembers no connector that no charge point has", () => {
      for (const connectorId of [0, -5, 100, 2 ** 31]) bench.status("Available", connectorId);
      assert.deepEqual(
        [...bench.station.connectors.keys()],
        [1].filter(() => bench.station.connectors.has(1)),
      );
    });

    it("begins no session at one either", () => {
      const told: number[] = [];
      const note = (connector: number) => void told.push(connector);
      const stations = new Stations({
        ...bench,
        sessions: () => ({ ...NO_SESSIONS, status: note, reading: note }),
      });
      stations.configure(definition());
      const station = stations.get("CP1")!;
      for (const connectorId of [-5, 1, 100, 2 ** 31]) {
        saying(station).statusNotification({ connectorId, status: "Charging", errorCode: "NoError" }, bench.context());
        const sampledValue = [{ value: "16", measurand: "Current.Import" as const }];
        saying(station).meterValues(
          { connectorId, meterValue: [{ timestamp: bench.time(), sampledValue }] },
          bench.context(),
        );
      }
      assert.deepEqual(told, [1, 1]);
      stations.close();
    });

    it("answers its messages although a listener fails", () => {
      bench.stations.onEvent(() => assert.fail("listener"));
      const warned = new Promise((resolve) => process.once("warning", resolve));
      bench.status("Available");
      return warned;
    });
  });

  describe("that nobody configured", () => {
    beforeEach(() => {
      bench.stations.remove("CP1");
      bench.stations.makeRoomFor("CP1");
      forget();
    });

    it("waits: pending at boot, badge invalid, no calls, and shown with vendor and model", async () => {
      const connection = bench.attach();
      assert.equal(bench.boot(), "Pending");
      const { idTagInfo } = await saying(bench.station).authorize({ idTag: "TAG" }, bench.context());
      assert.equal(idTagInfo.status, "Invalid");
      await bench.clock.advanceAsync(60_000, 1000);
      assert.deepEqual(connection.calls, []);
      assert.equal(bench.station.state, "parked");
      assert.deepEqual(bench.stations.parked(), [
        { identity: "CP1", vendor: "Maker", model: "Box", address: "192.0.2.1", lastSeen: "2026-06-01T12:00:00.000Z" },
      ]);
      assert.deepEqual(bench.stations.list(), []);
    });

    it("asks again less and less often, and as before once it was adopted and taken out again", () => {
      bench.attach();
      const intervals = (): number[] =>
        Array.from({ length: 6 }, () => saying(bench.station).bootNotification(BOX, bench.context()).interval);
      assert.deepEqual(intervals(), [30, 60, 120, 240, 300, 300]);
      bench.stations.configure(definition());
      assert.equal(saying(bench.station).bootNotification(BOX, bench.context()).interval, 60);
      bench.station.define(null);
      assert.deepEqual(intervals().slice(0, 2), [30, 60]);
    });

    it("is asked to boot again as soon as it is adopted", async () => {
      const connection = bench.attach();
      bench.boot();
      bench.stations.configure(definition());
      await bench.ready();
      assert.deepEqual(connection.calls[0]?.payload, { requestedMessage: "BootNotification" });
      assert.equal(bench.boot(), "Accepted");
      assert.deepEqual(bench.stations.parked(), []);
    });

    const reservedA = () => bench.station.facts(bench.clock.nowMs())[0]?.disconnectedA;

    it("takes nothing from the others while it comes into service: what it draws stood in the background before", async () => {
      bench.attach();
      bench.boot();
      bench.stations.configure(definition());
      assert.equal(reservedA(), 0);
      await bench.clock.advanceAsync(19_000, 1000);
      assert.equal(reservedA(), 0);
    });

    it("counts with its maximum when it is adopted and does not come into service, or goes meanwhile", async () => {
      const connection = bench.attach();
      bench.boot();
      bench.stations.configure(definition());
      await bench.clock.advanceAsync(20_000, 1000);
      assert.equal(reservedA(), 32);
      connection.close();
      assert.equal(reservedA(), 32);
      bench.attach();
      assert.equal(reservedA(), 32);
    });

    it("counts with what it was told last when it was described before", () => {
      bench.attach();
      bench.boot();
      const told = { limitA: 16, safeA: 6, leaseUntilMs: bench.clock.nowMs() + 180_000 };
      bench.stations.limits.accepted("CP1", 1, told);
      bench.stations.configure(definition());
      assert.equal(reservedA(), 16);
    });

    it("is served where the policy says so", () => {
      bench.station.admit("", "accept", () => 120);
      bench.attach();
      assert.equal(bench.boot(), "Accepted");
      assert.equal(bench.stations.list().length, 1);
    });
  });

  it("keeps its socket when its description changes, and loses it when the description goes", async () => {
    const connection = await bench.connect();
    bench.stations.configure(definition({ safeA: 8 }));
    assert.ok(connection.open);
    bench.stations.remove("CP1");
    assert.ok(!connection.open);
    assert.equal(bench.stations.get("CP1"), undefined);
  });
});
