import { strict as assert } from "node:assert";
import { SessionBench } from "../bench.ts";

const HOUR_MS = 3_600_000;

describe("sessions", () => {
  let bench: SessionBench;
  beforeEach(() => {
    bench = new SessionBench();
  });
  afterEach(() => bench.close());

  describe("of a transaction", () => {
    it("are one record from start to stop", async () => {
      const charger = bench.charger();
      bench.badges.set("TAG", "Anna");
      charger.status("Preparing");
      const id = await charger.start({ meterWh: 1000 });
      charger.status("Charging");
      const registerWh = charger.charge(60, 1000);
      await charger.stop({ meterWh: registerWh, reason: "EVDisconnected" });
      const [record, ...others] = bench.records();
      assert.equal(others.length, 0);
      assert.deepEqual(bench.told(), [`open CP1-${id}`, `close CP1-${id}`]);
      assert.deepEqual(record, bench.news.at(-1)?.record);
      const { number, closedNumber, seenWallMs, startedWallMs, endedWallMs, ...rest } = record!;
      assert.deepEqual([number, closedNumber], [1, 1]);
      assert.equal(endedWallMs! - startedWallMs, HOUR_MS);
      assert.ok(seenWallMs >= startedWallMs);
      assert.deepEqual(rest, {
        id: `CP1-${id}`,
        chargePoint: "CP1",
        connector: 1,
        zone: "garage",
        transactionId: id,
        idTag: "TAG",
        user: "Anna",
        comment: "Anna",
        meterStartWh: 1000,
        meterStopWh: 7000,
        energyWh: 6000,
        energySource: "transaction",
        meterKind: "charger",
        pvShare: null,
        chargingS: 3600,
        waitingS: 0,
        idleS: 0,
        limitedS: 0,
        chargeType: "3-phase",
        socketType: "T2",
        stopReason: "EVDisconnected",
        flags: [],
      });
    });

    it("take their energy from what came with the stop, where nothing came before and the readings at the ends are no use", async () => {
      const charger = bench.charger();
      await charger.start({ meterWh: 1000 });
      const startedMs = bench.clock.wallMs();
      bench.clock.advance(HOUR_MS);
      const at = (minute: number, energyWh: number) => ({ timestampMs: startedMs + minute * 60_000, energyWh });
      const data = [at(0, 1000), at(20, 3000), at(40, 5000), at(60, 7000)];
      await charger.stop({ meterWh: 0 }, [...data.toReversed(), { timestampMs: Date.UTC(1970), energyWh: 9e6 }]);
      const [record] = bench.records();
      assert.deepEqual([record?.energyWh, record?.energySource, record?.flags], [6000, "register", []]);
    });

    it("do not count twice what came with the stop and had come before, by a clock that is wrong", async () => {
      const charger = bench.charger();
      await charger.start({ meterWh: 1000 });
      const startedMs = bench.clock.wallMs() + 30_000;
      const registerWh = charger.charge(60, 1000);
      const data = [1000, 3000, 5000, registerWh].map((energyWh, index) => ({
        timestampMs: startedMs + index * 1_200_000,
        energyWh,
      }));
      await charger.stop({ meterWh: 0 }, data);
      const [record] = bench.records();
      assert.deepEqual([record?.energyWh, record?.energySource], [6000, "register"]);
    });

    it("are open on disk before the start is confirmed", async () => {
      await bench.charger().start();
      bench.kill();
      bench.start();
      assert.equal(bench.records({ state: "open" }).length, 1);
    });

    it("are one record also when the start is sent again, before and after the end", async () => {
      const charger = bench.charger();
      await charger.start({ meterWh: 5 });
      await charger.start({ meterWh: 5 });
      await charger.stop({ meterWh: 50 });
      await charger.start({ meterWh: 5 });
      await charger.stop({ meterWh: 50 });
      assert.equal(bench.records().length, 1);
      assert.equal(bench.told().length, 2);
    });

    it("end as superseded when another one begins there", async () => {
      const charger = bench.charger();
      const first = await charger.start({ meterWh: 1000 });
      charger.charge(10, 1000);
      const second = await charger.start({ meterWh: 2000, idTag: "OTHER" });
      assert.deepEqual(bench.told(), [`open CP1-${first}`, `close CP1-${first}`, `open CP1-${second}`]);
      const [old] = bench.records();
      assert.deepEqual([old?.stopReason, old?.energyWh], ["superseded", 1000]);
    });

    it("take the comment that the badge has at the end", async () => {
      const charger = bench.charger();
      bench.badges.set("TAG", "before");
      await charger.start();
      bench.clock.advance(60_000);
      bench.badges.set("TAG", "after");
      await charger.stop();
      assert.equal(bench.records()[0]?.comment, "after");
    });

    it("that were charged while offline keep the charger's own times, flagged", async () => {
      const charger = bench.charger();
      const now = bench.clock.wallMs();
      await charger.start({ meterWh: 1000, agoS: 7200, replay: true });
      await charger.stop({ meterWh: 5000, agoS: 3600 });
      const [record] = bench.records();
      assert.deepEqual(
        [record?.startedWallMs, record?.endedWallMs, record?.energyWh, record?.flags],
        [now - 2 * HOUR_MS, now - HOUR_MS, 4000, ["offlineStart"]],
      );
    });

    it("reported late leave alone what runs now", async () => {
      const charger = bench.charger();
      const now = await charger.start({ meterWh: 9000 });
      const old = await charger.start({ meterWh: 1000, agoS: 7200, replay: true });
      await charger.stop({ meterWh: 5000, agoS: 3600, transactionId: old });
      charger.charge(10, 9000, 6000, { transactionId: now });
      await charger.stop({ meterWh: 10_000, transactionId: now });
      assert.deepEqual(
        bench.records().map(({ transactionId, energyWh }) => [transactionId, energyWh]),
        [
          [old, 4000],
          [now, 1000],
        ],
      );
    });

    it("from a charger whose clock was never set have times of arrival", async () => {
      const charger = bench.charger();
      const nowS = bench.clock.wallMs() / 1000;
      await charger.start({ agoS: nowS });
      bench.clock.advance(HOUR_MS);
      await charger.stop({ agoS: nowS });
      const [record] = bench.records();
      assert.deepEqual([record!.endedWallMs! - record!.startedWallMs, record!.flags], [HOUR_MS, ["clockWrong"]]);
    });

    it("are measured although the charger's clock is ahead", async () => {
      const charger = bench.charger();
      await charger.start({ meterWh: 1000, agoS: -3600 });
      charger.charge(10, 1000);
      assert.ok(bench.news.at(-1)!.record.energyWh! >= 900);
      await charger.stop({ meterWh: 2000, agoS: -3600 });
      const [record] = bench.records();
      assert.deepEqual([record!.energyWh, record!.endedWallMs! - record!.startedWallMs], [1000, 600_000]);
    });

    it("know how long the car charged, waited, rested and was limited", async () => {
      const charger = bench.charger();
      await charger.start();
      charger.status("SuspendedEVSE");
      bench.clock.advance(600_000);
      charger.status("Charging");
      bench.clock.advance(900_000);
      bench.limited = true;
      bench.clock.advance(300_000);
      charger.status("SuspendedEV");
      bench.clock.advance(1_200_000);
      await charger.stop();
      const [record] = bench.records();
      const { waitingS, chargingS, idleS, limitedS } = record!;
      assert.deepEqual([waitingS, chargingS, idleS], [600, 1200, 1200]);
      assert.ok(Math.abs(limitedS - 300) <= 15, `${limitedS} s`);
    });

    it("do not guess what happened while the charger was away", async () => {
      const charger = bench.charger();
      await charger.start();
      charger.status("Charging");
      bench.clock.advance(600_000);
      charger.watch.offline(bench.moment);
      bench.clock.advance(600_000);
      charger.status("Charging");
      bench.clock.advance(600_000);
      await charger.stop();
      assert.equal(bench.records()[0]?.chargingS, 1200);
    });
  });

  describe("after a power cut at the charger", () => {
    it("go on when the charger goes on", async () => {
      const charger = bench.charger();
      const id = await charger.start({ meterWh: 1000 });
      charger.charge(10, 1000);
      charger.watch.offline(bench.moment);
      charger.watch.booted(true, bench.moment);
      charger.status("Charging");
      charger.charge(10, 2000, 6000, { transactionId: id });
      await charger.stop({ meterWh: 3000 });
      const [record, ...others] = bench.records();
      assert.equal(others.length, 0);
      assert.deepEqual([record?.energyWh, record?.flags, record?.meterKind], [2000, ["resumed"], "meter"]);
    });

    it("are over when there is no car and no word of them, at the last word there was", async () => {
      const charger = bench.charger();
      await charger.start({ meterWh: 1000 });
      charger.charge(10, 1000);
      const lastMs = bench.clock.wallMs();
      charger.watch.offline(bench.moment);
      bench.clock.advance(HOUR_MS);
      charger.watch.booted(false, bench.moment);
      charger.status("Available");
      bench.clock.advance(360_000);
      const [record] = bench.records();
      assert.deepEqual(
        [record?.endedWallMs, record?.stopReason, record?.energyWh, record?.flags],
        [lastMs, "PowerLoss", 1000, ["presumedEnd"]],
      );
    });

    it("are put right when their end is reported after all", async () => {
      const charger = bench.charger();
      const id = await charger.start({ meterWh: 1000 });
      charger.charge(10, 1000);
      charger.watch.booted(false, bench.moment);
      charger.status("Available");
      bench.clock.advance(360_000);
      await charger.stop({ meterWh: 2500, agoS: 300, reason: "PowerLoss" });
      const [record, ...others] = bench.records();
      assert.equal(others.length, 0);
      assert.deepEqual([record?.energyWh, record?.flags, record?.closedNumber], [1500, ["corrected"], 1]);
      assert.deepEqual(bench.told(), [`open CP1-${id}`, `close CP1-${id}`, `close CP1-${id}`]);
    });
  });

  describe("without a transaction", () => {
    it("are a record from the first current to the unplugging", () => {
      const charger = bench.charger();
      charger.status("Preparing");
      charger.status("Charging");
      const startMs = bench.clock.wallMs();
      charger.charge(60, 40_000);
      charger.status("SuspendedEV");
      bench.clock.advance(600_000);
      charger.status("Available");
      const [record] = bench.records();
      assert.equal(record?.id, `CP1/1@${startMs}`);
      assert.deepEqual(
        [record?.energyWh, record?.energySource, record?.stopReason, record?.transactionId, record?.idTag],
        [6000, "register", "EVDisconnected", null, null],
      );
      assert.deepEqual([record!.endedWallMs! - startMs, record!.flags], [HOUR_MS + 600_000, ["noTransaction"]]);
    });

    it("begin with current also when no status is told", () => {
      bench.charger().charge(5, 0);
      assert.equal(bench.records({ state: "open" }).length, 1);
    });

    it("begin at once at a charger that knows no transactions", () => {
      bench.isFree = true;
      bench.charger().status("Charging");
      assert.equal(bench.records({ state: "open" }).length, 1);
    });

    it("are none when the transaction follows at once", async () => {
      const charger = bench.charger();
      charger.status("Charging");
      bench.clock.advance(5000);
      const id = await charger.start();
      bench.clock.advance(60_000);
      await charger.stop();
      assert.deepEqual(bench.told(), [`open CP1-${id}`, `close CP1-${id}`]);
      assert.equal(bench.records()[0]?.chargingS, 60);
    });

    it("become the transaction's when it follows within minutes, also over a crash", async () => {
      const charger = bench.charger();
      charger.status("Charging");
      charger.charge(2, 1000);
      const id = await charger.start({ meterWh: 1200 });
      bench.kill();
      bench.start();
      bench.clock.advance(HOUR_MS);
      await charger.stop({ meterWh: 3000, reason: "EVDisconnected" });
      const [record, ...others] = bench.records();
      assert.equal(others.length, 0);
      assert.deepEqual([record?.transactionId, record?.energyWh, record?.flags], [id, 1800, []]);
    });

    it("end when a transaction follows much later", async () => {
      const charger = bench.charger();
      charger.status("Charging");
      charger.charge(30, 1000);
      await charger.start({ meterWh: 4000 });
      bench.clock.advance(HOUR_MS);
      await charger.stop({ meterWh: 5000 });
      assert.deepEqual(
        bench.records().map(({ energyWh, stopReason }) => [energyWh, stopReason]),
        [
          [3000, "superseded"],
          [1000, "Local"],
        ],
      );
    });

    it("carry a number that the charger gave itself, and end with it", async () => {
      const charger = bench.charger();
      charger.status("Charging");
      charger.charge(30, 1000, 6000, { transactionId: "-3" });
      await charger.stop({ meterWh: 4000, transactionId: "-3", reason: "Local" });
      const [record] = bench.records();
      assert.deepEqual(
        [record?.transactionId, record?.energyWh, record?.stopReason, record?.flags],
        ["-3", 3000, "Local", ["noTransaction", "foreignTransaction"]],
      );
    });

    it("are none for a charger that is asked while nothing flows", () => {
      const charger = bench.charger();
      charger.status("Available");
      charger.read({ energyWh: 123_000, powerW: 3, currentA: [0, 0, 0] });
      bench.clock.advance(60_000);
      assert.equal(bench.records().length, 0);
    });
  });

  describe("over a restart", () => {
    it("go on with what was measured before", async () => {
      const charger = bench.charger();
      await charger.start({ meterWh: 1000 });
      charger.status("Charging");
      charger.charge(30, 1000);
      bench.clock.advance(60_000);
      bench.kill();
      bench.clock.advance(HOUR_MS);
      bench.start();
      charger.status("Charging");
      charger.charge(30, 4000);
      // A stop without a usable reading: what was read counts.
      await charger.stop({ meterWh: -1 });
      const [record, ...others] = bench.records();
      assert.equal(others.length, 0);
      assert.deepEqual([record?.energyWh, record?.energySource], [6000, "register"]);
      assert.ok(Math.abs(record!.chargingS - 3600) <= 75, `${record!.chargingS} s`);
    });

    it("that were open twice are restored once", async () => {
      const charger = bench.charger();
      await charger.start();
      bench.kill();
      bench.start();
      await charger.start();
      bench.clock.advance(HOUR_MS);
      assert.equal(bench.records().length, 1);
    });
  });

  describe("know where the energy came from", () => {
    const charge = async (gridW: number | null): Promise<number | null | undefined> => {
      const charger = bench.charger();
      await charger.start({ meterWh: 0 });
      for (let minute = 0; minute < 30; minute++) {
        if (gridW !== null) bench.sessions.sun.grid("root", gridW, bench.clock.wallMs());
        charger.charge(1, minute * 100);
      }
      await charger.stop({ meterWh: 3000 });
      return bench.records()[0]?.pvShare;
    };
    it("all of it while the building exports", async () => assert.equal(await charge(-500), 1));
    it("a half when a half is bought", async () => assert.equal(await charge(3000), 0.5));
    it("none when more is bought than the cars draw", async () => assert.equal(await charge(9000), 0));
    it("unknown without a meter", async () => assert.equal(await charge(null), null));
    it("unknown when two grid connections report", async () => {
      bench.sessions.sun.grid("root", 0, bench.clock.wallMs());
      bench.sessions.sun.grid("other", 0, bench.clock.wallMs());
      assert.equal(bench.sessions.sun.share(bench.clock.wallMs()), null);
    });
  });

  it("tell an update once a minute, and when the car does something else", async () => {
    const charger = bench.charger();
    await charger.start();
    charger.status("Charging");
    charger.charge(10, 0);
    const updates = bench.news.filter(({ news }) => news === "update").length;
    assert.ok(updates >= 9 && updates <= 12, `${updates} updates`);
  });

  it("are left alone by the disk: what could not be written is written later", async () => {
    const charger = bench.charger();
    const { sessions } = bench.store;
    const { add, save } = sessions;
    const broken = () => {
      throw new Error("disk full");
    };
    Object.assign(sessions, { add: broken, save: broken });
    await charger.start({ meterWh: 0 });
    charger.charge(5, 0);
    await charger.stop({ meterWh: 500 });
    Object.assign(sessions, { add, save });
    bench.clock.advance(15_000);
    const [record, ...others] = bench.records();
    assert.equal(others.length, 0);
    assert.deepEqual([record?.energyWh, record?.stopReason], [500, "Local"]);
  });

  it("remember of 5000 charge points at most that they named a meter, whatever names strangers invent", () => {
    bench.store.saveDocument(
      "sessions/meters",
      Array.from({ length: 4990 }, (_, number) => `EARLIER${number}`),
    );
    for (let number = 0; number < 30; number++) bench.charger(`INVENTED${number}`).watch.booted(true, bench.moment);
    const known = bench.store.document("sessions/meters") as string[];
    assert.equal(known.length, 5000);
    assert.deepEqual([known[0], known.at(-1)], ["EARLIER20", "INVENTED29"], "who started longest ago is forgotten");
  });
});
