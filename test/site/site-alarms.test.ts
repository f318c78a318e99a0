import { strict as assert } from "node:assert";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { postReading, takeOff } from "../../lib/metering/meter-board.ts";
import { Site } from "../../lib/site/site.ts";
import { FakeClock } from "../fake-clock.ts";
import { definition } from "../station/fake-charge-point.ts";

const READING = {
  ts: "2026-06-01T12:00:00.000Z",
  currentA: [1, 1, 1] as [number, number, number],
  voltageV: [230, 230, 230] as [number, number, number],
  powerW: 690,
  phasePowerW: [null, null, null] as [null, null, null],
  energyImportWh: null,
  energyExportWh: null,
  frequencyHz: null,
  powerFactor: null,
  socPercent: null,
};

describe("the alarms of a site", () => {
  let dataDir: string;
  let clock: FakeClock;
  let site: Site;
  const keys = (): string[] => site.alarms.list.list().map(({ key }) => key);

  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), "phasewise-alarms-"));
    clock = new FakeClock();
    site = new Site({ key: "test", dataDir, clock });
  });
  afterEach(() => {
    site.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it("names a charge point outside all zones that has been away for a minute", () => {
    site.describe(definition({ identity: "CP1", zone: null }));
    clock.advance(30_000);
    assert.deepEqual(keys(), []);
    clock.advance(40_000);
    assert.deepEqual(keys(), ["chargePointOffline/CP1"]);
  });

  it("tells what is raised anew when the site gets another language", () => {
    site.describe(definition({ identity: "CP1", zone: null }));
    clock.advance(70_000);
    const [before] = site.alarms.list.list();
    assert.equal(before?.text, "charge point CP1 is not connected");
    site.language = "fr";
    clock.advance(5_000);
    const [after, ...others] = site.alarms.list.list();
    assert.equal(others.length, 0);
    assert.deepEqual([after?.text, after?.sinceWallMs], ["la borne CP1 n’est pas connectée", before?.sinceWallMs]);
    assert.match(after?.action ?? "", /^Vérifiez l’alimentation de la borne/);
  });

  it("names a charge point whose certificate was not renewed two weeks before its end, until it is", async () => {
    site.describe(definition({ identity: "CP1", zone: null }));
    const { issued } = site.certificates;
    const put = (serial: string, days: number) => {
      const [fromWallMs, untilWallMs] = [clock.wallMs(), clock.wallMs() + days * 86_400_000];
      const certificate = { serial, fingerprint: serial, fromWallMs, untilWallMs, state: "accepted" } as const;
      return issued.put("CP1", certificate, clock.wallMs());
    };
    await put("01", 15);
    clock.advance(5_000);
    assert.deepEqual(keys(), []);
    await put("02", 10.5);
    clock.advance(5_000);
    const [alarm] = site.alarms.list.list();
    assert.equal(alarm?.text, "the certificate of CP1 ends in 10 days and was not renewed");
    await put("03", 365);
    clock.advance(5_000);
    assert.deepEqual(keys(), []);
  });

  it("names a meter that gives no good reading, whatever its role, until it does or is gone", () => {
    postReading("roof", { ...READING, quality: "stale" }, clock.nowMs());
    clock.advance(35_000);
    assert.deepEqual(keys(), ["meterUnread/roof"]);
    postReading("roof", { ...READING, quality: "good" }, clock.nowMs());
    clock.advance(5_000);
    assert.deepEqual(keys(), []);
    postReading("roof", { ...READING, quality: "bad" }, clock.nowMs());
    clock.advance(35_000);
    takeOff("roof");
    clock.advance(5_000);
    assert.deepEqual(keys(), []);
  });

  it("names a limit from outside while it holds", () => {
    const command = {
      zone: "main",
      source: "operator",
      scope: "evse" as const,
      limitA: null,
      powerW: 4200,
      holdStarts: false,
    };
    const times = { receivedWallMs: clock.wallMs(), allocatedWallMs: null, acceptedWallMs: null, measuredWallMs: null };
    const open = { refused: null, loadBeforeW: null, loadAfterW: null, endedWallMs: null, end: null };
    const record = { ...command, ...times, ...open, reason: "§14a" };
    const id = site.store.limitCommands.add(record);
    clock.advance(5_000);
    const [alarm] = site.alarms.list.list();
    assert.equal(alarm?.key, "limit/main/operator");
    assert.equal(alarm?.text, "zone main is limited to 4200 W from outside (operator: §14a)");
    site.store.limitCommands.update({ ...record, id, endedWallMs: clock.wallMs(), end: "released" });
    clock.advance(5_000);
    assert.deepEqual(keys(), []);
  });

  it("takes the alarms of a load management over, and clears them with it", () => {
    const source = site.alarms.loadManagement("main");
    const payload = { key: "meterStale/m", state: "raised" as const, severity: "alarm" as const, since: READING.ts };
    source.take({ topic: "alarm/meterStale/m", payload: { ...payload, text: "silent", action: "look" } });
    assert.deepEqual(
      site.alarms.list.list().map(({ key, location }) => [key, location]),
      [["meterStale/m", "main"]],
    );
    source.close();
    assert.deepEqual(keys(), []);
  });

  it("names a second charge point that claims an identity, until it has not knocked for ten minutes", () => {
    site.describe(definition({ identity: "CP1", zone: null }));
    site.stations.makeRoomFor("GHOST")?.conflict("10.0.0.9");
    assert.deepEqual(keys(), [], "of strangers nothing is written");
    site.stations.get("CP1")?.conflict("10.0.0.9");
    assert.deepEqual(keys(), ["identityConflict/CP1"]);
    clock.advance(620_000);
    assert.ok(!keys().includes("identityConflict/CP1"));
  });
});
