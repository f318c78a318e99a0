import { strict as assert } from "node:assert";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Shelf } from "../../lib/files/shelf.ts";
import { Transfers } from "../../lib/files/transfers.ts";
import { Maintenance } from "../../lib/maintenance/maintenance.ts";
import { StationKeys } from "../../lib/station/station-keys.ts";
import { definition, FakeConnection, StationBench } from "../station/fake-charge-point.ts";

describe("A firmware update", () => {
  const folder = mkdtempSync(join(tmpdir(), "phasewise-firmware-"));
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("is not begun when a charge began while its charge point was asked how it loads files", async () => {
    const bench = new StationBench();
    const { clock, stations, store } = bench;
    const files = new Transfers(new Shelf(folder, clock), clock);
    mkdirSync(files.shelf.firmware, { recursive: true });
    writeFileSync(join(files.shelf.firmware, "1.1.bin"), "x");
    const maintenance = new Maintenance({ stations, files, clock, keys: new StationKeys(store.stationKeys, clock) });
    stations.configure(definition());
    const connection = new FakeConnection();
    connection.answer = (action) => {
      if (action !== "GetConfiguration") return {};
      bench.status("Charging");
      return { configurationKey: [] };
    };
    bench.station.attached(connection, "http://192.0.2.9:9000");
    const command = {
      station: bench.station,
      action: "UpdateFirmware",
      payload: { retrieveDate: "" },
      force: false,
      file: null,
    };
    await assert.rejects(maintenance.send(command), { code: "EV_MAINTENANCE_REFUSED" });
    assert.deepEqual([maintenance.updating, files.open], [null, 0]);
    assert.ok(!connection.calls.some(({ action }) => action === "UpdateFirmware"));
    maintenance.close();
    files.close();
    bench.close();
  });
});
