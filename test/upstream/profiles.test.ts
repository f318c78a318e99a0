import { strict as assert } from "node:assert";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { openStore } from "../../lib/store/sqlite.ts";
import { ForeignBackEnd, type Payload } from "./back-end.ts";
import { UpstreamBench } from "./bench.ts";

describe("Limits that a back end sets", () => {
  let cloud: ForeignBackEnd;
  let bench: UpstreamBench;

  beforeEach(async () => {
    cloud = new ForeignBackEnd();
    await cloud.open();
    bench = new UpstreamBench({ url: cloud.url, role: "billing", forgetAfterH: 2 });
    await begin();
  });
  afterEach(async () => {
    bench.close();
    await cloud.close();
    assert.deepEqual(cloud.faults, []);
  });

  const begin = async (): Promise<void> => {
    bench.report();
    await bench.until("it is connected", () => bench.upstreams.state("back-end-1").connected === 1, 1000);
  };
  const at = (s: number) => new Date(bench.clock.wallMs() + s * 1000).toISOString();
  const profile = (limit: number, more: Payload = {}, schedule: Payload = {}): Payload => ({
    ...{
      chargingProfileId: 1,
      stackLevel: 0,
      chargingProfilePurpose: "TxDefaultProfile",
      chargingProfileKind: "Absolute",
    },
    ...more,
    chargingSchedule: {
      ...{ chargingRateUnit: "A", chargingSchedulePeriod: [{ startPeriod: 0, limit }] },
      ...schedule,
    },
  });
  const set = async (csChargingProfiles: Payload, connectorId = 1) =>
    (await cloud.command("CP1", "SetChargingProfile", { connectorId, csChargingProfiles }))["status"];
  const clear = async (which: Payload) => (await cloud.command("CP1", "ClearChargingProfile", which))["status"];
  const limitA = () => bench.upstreams.ceiling("CP1/1")?.limitA;

  it("become a ceiling that names it, never go to the charger, and survive a restart", async () => {
    let told = 0;
    bench.upstreams.onLimit(() => told++);
    assert.equal(await set(profile(8.2)), "Accepted");
    assert.deepEqual(bench.upstreams.ceiling("CP1/1"), { limitA: 8.2, backEnd: "Back end 1" });
    assert.deepEqual([told, bench.orders], [1, []]);
    bench.kill();
    bench.start();
    await begin();
    assert.equal(limitA(), 8.2);
    assert.equal(await clear({ id: 2 }), "Unknown");
    assert.equal(await clear({ chargingProfilePurpose: "TxDefaultProfile" }), "Accepted");
    assert.equal(limitA(), undefined);
  });

  it("are in the database before they are accepted, those of a remote start, too", async () => {
    const kept = async (): Promise<unknown[]> => {
      const path = join(mkdtempSync(join(tmpdir(), "phasewise-profiles-")), "copy.sqlite");
      await bench.store.copyTo(path);
      const copy = openStore(path, { clock: bench.clock });
      const document = copy.document("upstream/back-end-1/CP1");
      copy.close();
      rmSync(dirname(path), { recursive: true });
      return (document ?? []) as unknown[];
    };
    // The clock stands still: no batch is written.
    assert.equal(await set(profile(8)), "Accepted");
    assert.equal((await kept()).length, 1);
    const chargingProfile = profile(6, { chargingProfileId: 2, chargingProfilePurpose: "TxProfile" });
    const start = { idTag: "APP", connectorId: 1, chargingProfile };
    assert.equal((await cloud.command("CP1", "RemoteStartTransaction", start))["status"], "Accepted");
    assert.equal((await kept()).length, 2);
    bench.kill();
    bench.start();
    await begin();
    await bench.charger().start({ idTag: "APP" });
    assert.equal(limitA(), 6);
    assert.equal(await clear({}), "Accepted");
    assert.deepEqual(await kept(), []);
  });

  it("are rejected, and what held before holds, while they cannot be written", async () => {
    assert.equal(await set(profile(8)), "Accepted");
    const { keepDocument } = bench.store;
    bench.store.keepDocument = () => Promise.reject(new Error("no space left"));
    assert.equal(await set(profile(20)), "Rejected");
    assert.equal(await set(profile(4, { chargingProfileId: 2, stackLevel: 1 })), "Rejected");
    assert.equal(await clear({}), "Unknown");
    assert.equal(limitA(), 8);
    bench.store.keepDocument = keepDocument;
    assert.equal(await set(profile(20)), "Accepted");
    assert.equal(limitA(), 20);
  });

  it("of one number, or of one place, purpose and level, take each other's place", async () => {
    await set(profile(8));
    await set(profile(10, { chargingProfileId: 2 }));
    assert.equal(limitA(), 10);
    await set(profile(12, { chargingProfileId: 3, stackLevel: 1 }));
    await set(profile(6, { chargingProfileId: 3, stackLevel: 2 }));
    assert.equal(limitA(), 6);
    await clear({ stackLevel: 2 });
    assert.equal(limitA(), 10);
  });

  it("are refused where they cannot hold", async () => {
    const tx = { chargingProfilePurpose: "TxProfile" };
    assert.equal(await set(profile(8, tx)), "Rejected", "no charge runs");
    assert.equal(await set(profile(8, { ...tx, transactionId: 5 })), "Rejected");
    assert.equal(await set(profile(8), 7), "Rejected", "no such connector");
    assert.equal(await set(profile(8, { chargingProfilePurpose: "ChargePointMaxProfile" }), 1), "Rejected");
    assert.equal(await set(profile(8, { chargingProfileKind: "Recurring", recurrencyKind: "Daily" })), "Rejected");
    assert.equal(await set(profile(8, { stackLevel: 1001 })), "Rejected");
    for (let id = 0; id < 50; id++) await set(profile(8, { chargingProfileId: id, stackLevel: id }));
    assert.equal(await set(profile(8, { chargingProfileId: 50, stackLevel: 50 })), "Rejected", "one too many");
    bench.stations.get("CP1")!.definition.zone = null;
    assert.equal(await set(profile(8)), "NotSupported", "nobody manages it");
  });

  it("of a transaction hold for that charge alone, by the back end's own number", async () => {
    const charger = bench.charger();
    await charger.start();
    await bench.until("the start is confirmed", () => bench.books()[0]?.transactionId === 7000);
    assert.equal(await set(profile(8, { chargingProfilePurpose: "TxProfile", transactionId: 7001 })), "Rejected");
    assert.equal(await set(profile(8, { chargingProfilePurpose: "TxProfile", transactionId: 7000 })), "Accepted");
    assert.equal(limitA(), 8);
    await charger.stop();
    assert.equal(limitA(), undefined);
    await charger.start({ agoS: -1 });
    assert.equal(limitA(), undefined);
  });

  it("that come with a remote start hold once its charge has begun", async () => {
    const chargingProfile = profile(9, { chargingProfilePurpose: "TxProfile", chargingProfileKind: "Relative" });
    const started = await cloud.command("CP1", "RemoteStartTransaction", {
      idTag: "APP",
      connectorId: 1,
      chargingProfile,
    });
    assert.equal(started["status"], "Accepted");
    assert.deepEqual(bench.orders, [["CP1", "startTransaction", { idTag: "APP", connector: 1 }]]);
    assert.equal(limitA(), undefined);
    await bench.charger().start({ idTag: "app" });
    assert.equal(limitA(), 9);
  });

  it("are told as what really holds: the setpoint, and less where they allow less", async () => {
    bench.setpoints.set("CP1/1", 16);
    const steps = {
      startSchedule: at(0),
      duration: 1800,
      chargingSchedulePeriod: [
        { startPeriod: 0, limit: 20 },
        { startPeriod: 600, limit: 10 },
      ],
    };
    await set(profile(0, {}, steps));
    const answer = await cloud.command("CP1", "GetCompositeSchedule", { connectorId: 1, duration: 3600 });
    const { chargingSchedulePeriod, chargingRateUnit } = answer["chargingSchedule"] as Payload;
    const periods = (chargingSchedulePeriod as { startPeriod: number; limit: number }[]).map(
      ({ startPeriod, limit }) => [startPeriod, limit],
    );
    assert.deepEqual(
      [answer["status"], chargingRateUnit, periods.map(([, limit]) => limit)],
      ["Accepted", "A", [16, 10, 16]],
    );
    const watts = await cloud.command("CP1", "GetCompositeSchedule", {
      connectorId: 0,
      duration: 60,
      chargingRateUnit: "W",
    });
    assert.deepEqual((watts["chargingSchedule"] as Payload)["chargingSchedulePeriod"], [
      { startPeriod: 0, limit: 11_040 },
    ]);
  });

  it("are forgotten when it has been away for as long as was said", async () => {
    await set(profile(8));
    await cloud.close();
    await bench.until("it is away", () => bench.upstreams.state("back-end-1").connected === 0);
    bench.clock.advance(7_000_000);
    assert.equal(limitA(), 8);
    bench.clock.advance(400_000);
    assert.equal(limitA(), undefined);
  });
});
