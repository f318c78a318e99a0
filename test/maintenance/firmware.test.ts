import { strict as assert } from "node:assert";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Authority } from "../../lib/certificates/authority.ts";
import { ChargePointCertificates } from "../../lib/certificates/charge-point-certificates.ts";
import { RemovedList } from "../../lib/certificates/removed-list.ts";
import { Shelf } from "../../lib/files/shelf.ts";
import { Transfers } from "../../lib/files/transfers.ts";
import { Maintenance } from "../../lib/maintenance/maintenance.ts";
import type { MaintenanceStep } from "../../lib/maintenance/types.ts";
import { StationKeys } from "../../lib/station/connection/station-keys.ts";
import { definition, FakeConnection, StationBench } from "../station/fake-charge-point.ts";
import { saying } from "../wire16.ts";

describe("A firmware update", () => {
  const folder = mkdtempSync(join(tmpdir(), "phasewise-firmware-"));
  after(() => rmSync(folder, { recursive: true, force: true }));
  let bench: StationBench;
  let files: Transfers;
  let maintenance: Maintenance;
  let connection: FakeConnection;
  let steps: MaintenanceStep[];

  beforeEach(() => {
    bench = new StationBench();
    const { clock, stations, store } = bench;
    files = new Transfers(new Shelf(folder, clock), clock, store);
    mkdirSync(files.shelf.firmware, { recursive: true });
    writeFileSync(join(files.shelf.firmware, "1.1.bin"), "x");
    const authority = new Authority(join(folder, "certificate-authority.pem"));
    const certificates = new ChargePointCertificates({
      ...{ stations: () => stations, authority, store, clock, removed: new RemovedList(join(folder, "removed")) },
      timedOut: () => {},
    });
    const keys = new StationKeys(store.stationKeys, clock);
    maintenance = new Maintenance({ stations, files, clock, keys, certificates, language: "en-US" });
    stations.configure(definition());
    connection = new FakeConnection();
    bench.station.attached(connection, "http://192.0.2.9:9000");
    steps = [];
  });
  afterEach(() => {
    maintenance.close();
    files.close();
    bench.close();
  });

  const send = (payload: Record<string, unknown> = {}, force = false): Promise<Record<string, unknown>> => {
    const { station } = bench;
    const command = { station, action: "UpdateFirmware", payload: { retrieveDate: "", ...payload }, force, file: null };
    return maintenance.send(command, (step) => steps.push(step));
  };
  const reports = (status: string): void =>
    void saying(bench.station).say("FirmwareStatusNotification", { status }, bench.context());
  const boots = (firmwareVersion: string): void => {
    const boot = { chargePointVendor: "V", chargePointModel: "M", firmwareVersion };
    saying(bench.station).bootNotification(boot, bench.context());
  };
  const MIN = 60_000;
  const last = () => steps.findLast(({ kind }) => kind === "end")?.payload["status"] ?? null;

  it("is not begun when a charge began while its charge point was asked how it loads files", async () => {
    connection.answer = (action) => {
      if (action !== "GetConfiguration") return {};
      bench.status("Charging");
      return { configurationKey: [] };
    };
    await assert.rejects(send(), { code: "EV_MAINTENANCE_REFUSED" });
    assert.deepEqual([maintenance.updating, files.open], [null, 0]);
    assert.ok(!connection.calls.some(({ action }) => action === "UpdateFirmware"));
  });

  it("ends when its charge point says nothing of it for half an hour", async () => {
    await send();
    bench.clock.advance(29 * MIN);
    reports("Downloading");
    bench.clock.advance(29 * MIN);
    assert.deepEqual([maintenance.updating, last()], ["CP1", null]);
    bench.clock.advance(MIN + 1);
    assert.deepEqual([maintenance.updating, last(), files.open], [null, "Silent", 0]);
  });

  it("waits for its date first", async () => {
    await send({ retrieveDate: new Date(bench.clock.wallMs() + 600 * MIN).toISOString() });
    bench.clock.advance(629 * MIN);
    assert.equal(last(), null);
    bench.clock.advance(2 * MIN);
    assert.equal(last(), "Silent");
  });

  it("ends soon after a restart with the same firmware, unless it goes on", async () => {
    boots("1.0");
    await send();
    reports("Installing");
    boots("1.0");
    bench.clock.advance(2 * MIN);
    reports("Downloading");
    bench.clock.advance(20 * MIN);
    assert.equal(last(), null);
    boots("1.0");
    bench.clock.advance(3 * MIN + 1);
    assert.deepEqual([maintenance.updating, last()], [null, "Silent"]);
  });

  it("is over with a restart that brings other firmware", async () => {
    boots("1.0");
    await send();
    boots("1.1");
    assert.deepEqual([maintenance.updating, last()], [null, "Installed"]);
  });
});
