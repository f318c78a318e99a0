import { strict as assert } from "node:assert";
import { EvError } from "../../lib/errors.ts";
import type { Payload } from "./back-end.ts";
import { BilledSite } from "./billing.ts";

describe("What a back end commands", () => {
  const site = BilledSite.forEach();

  const status = async (action: string, payload: Payload) =>
    (await site.cloud.command("CP1", action, payload))["status"];
  /** A turn of the event loop after which what follows an answer has been done. */
  const turn = () => new Promise((resolve) => setTimeout(resolve, 20));
  const isCharging = () => {
    throw new EvError("EV_MAINTENANCE_REFUSED", "Reset would break off the charge");
  };

  describe("to restart", () => {
    it("waits for the end of the charge, over a restart of this process, too", async () => {
      await site.begin();
      site.bench.maintain = isCharging;
      assert.equal(await status("Reset", { type: "Soft" }), "Accepted");
      await turn();
      assert.deepEqual(site.bench.commands, [["CP1", "Reset", { type: "Soft" }, false]]);
      site.bench.kill();
      site.bench.start();
      await site.connect();
      site.bench.maintain = () => ({ status: "Accepted" });
      site.bench.clock.advance(30_000);
      await turn();
      assert.deepEqual(site.bench.commands.at(-1), ["CP1", "Reset", { type: "Soft" }, false]);
      const count = site.bench.commands.length;
      site.bench.clock.advance(300_000);
      await turn();
      assert.equal(site.bench.commands.length, count);
    });

    it("is given up when the charge has gone on for a day", async () => {
      await site.begin();
      site.bench.maintain = isCharging;
      assert.equal(await status("Reset", { type: "Hard" }), "Accepted");
      site.bench.clock.jumpWall(25 * 3_600_000);
      site.bench.clock.advance(30_000);
      site.bench.maintain = () => ({ status: "Accepted" });
      const count = site.bench.commands.length;
      site.bench.clock.advance(300_000);
      await turn();
      assert.equal(site.bench.commands.length, count);
    });

    it("hard is done at once where that is allowed, and answered as the charger answers", async () => {
      await site.begin({ allowHardReset: true });
      site.bench.maintain = (_action, force) => (force ? { status: "Accepted" } : isCharging());
      assert.equal(await status("Reset", { type: "Hard" }), "Accepted");
      assert.deepEqual(site.bench.commands, [["CP1", "Reset", { type: "Hard" }, true]]);
      site.bench.maintain = () => ({ status: "Rejected" });
      assert.equal(await status("Reset", { type: "Hard" }), "Rejected");
    });

    it("is refused for a back end that reports only, and for a charger without OCPP", async () => {
      await site.begin({ role: "reporting", allowHardReset: true });
      assert.equal(await status("Reset", { type: "Hard" }), "Rejected");
      site.bench.close();
      await site.begin();
      site.bench.stations.get("CP1")!.definition.ocpp = false;
      assert.equal(await status("Reset", { type: "Soft" }), "Rejected");
      assert.deepEqual(site.bench.commands, []);
    });
  });

  describe("to update firmware and to upload diagnostics", () => {
    const update = { location: "https://example.com/new.bin", retrieveDate: "2026-06-01T00:00:00Z" };
    const upload = { location: "ftp://example.com/diagnostics" };
    const notices = () => site.cloud.heard.filter(({ action }) => /^(Firmware|Diagnostics)/.test(action));

    it("is refused without the permission, and what the charger reports is not passed on", async () => {
      await site.begin({ allowFirmware: false, allowDiagnostics: false });
      await assert.rejects(site.cloud.command("CP1", "UpdateFirmware", update), /does not pass this on/);
      assert.deepEqual(await site.cloud.command("CP1", "GetDiagnostics", upload), {});
      site.bench.event("CP1", "firmware", { action: "FirmwareStatusNotification", status: "Installed" });
      site.bench.clock.advance(10_000);
      await turn();
      assert.deepEqual([site.bench.commands, notices()], [[], []]);
    });

    it("is passed on with it, and the reports go back to the back end that asked", async () => {
      await site.begin({ allowFirmware: true, allowDiagnostics: true });
      site.bench.maintain = (action) => (action === "GetDiagnostics" ? { fileName: "log.zip" } : {});
      assert.deepEqual(await site.cloud.command("CP1", "UpdateFirmware", update), {});
      assert.deepEqual(await site.cloud.command("CP1", "GetDiagnostics", upload), { fileName: "log.zip" });
      assert.deepEqual(
        site.bench.commands.map(([, action, payload, force]) => [action, payload, force]),
        [
          ["UpdateFirmware", update, false],
          ["GetDiagnostics", upload, false],
        ],
      );
      site.bench.event("CP1", "diagnostics", { action: "DiagnosticsStatusNotification", status: "Uploaded" });
      site.bench.event("CP1", "firmware", { action: "FirmwareStatusNotification", status: "Downloading" });
      await site.bench.until("both are told", () => notices().length === 2);
      site.bench.kill();
      site.bench.start();
      await site.connect();
      site.bench.event("CP1", "firmware", { action: "FirmwareStatusNotification", status: "Installed" });
      site.bench.event("CP1", "firmware", { action: "SignedFirmwareStatusNotification", status: "Installed" });
      await site.bench.until("the end is told", () => notices().length === 3);
      assert.deepEqual(
        notices().map(({ payload }) => payload["status"]),
        ["Uploaded", "Downloading", "Installed"],
      );
    });

    it("never hands out or fetches files that are here, nor breaks off a charge", async () => {
      await site.begin({ allowFirmware: true, allowDiagnostics: true });
      await assert.rejects(
        site.cloud.command("CP1", "UpdateFirmware", { ...update, location: "file:///etc/x" }),
        /pass this/,
      );
      assert.deepEqual(await site.cloud.command("CP1", "GetDiagnostics", { location: "file:///tmp" }), {});
      assert.deepEqual(site.bench.commands, []);
      site.bench.maintain = isCharging;
      await assert.rejects(site.cloud.command("CP1", "UpdateFirmware", update), /try again/);
    });
  });

  describe("to configure", () => {
    const set = (key: string, value: string) => status("ChangeConfiguration", { key, value });
    const get = async (...key: string[]) => {
      const { configurationKey } = await site.cloud.command("CP1", "GetConfiguration", { key });
      return (configurationKey as { value: string }[]).map(({ value }) => value);
    };

    it("holds for its own reports alone, over a restart, too", async () => {
      await site.begin();
      assert.equal(await set("MeterValueSampleInterval", "900"), "Accepted");
      assert.equal(await set("MeterValuesSampledData", "Energy.Active.Import.Register"), "Accepted");
      site.bench.kill();
      site.bench.start();
      await site.connect();
      assert.deepEqual(await get("MeterValueSampleInterval", "MeterValuesSampledData"), [
        "900",
        "Energy.Active.Import.Register",
      ]);
      const charger = site.bench.charger();
      await charger.start();
      const endWh = charger.charge(60, 0);
      await charger.stop({ meterWh: endWh });
      await site.bench.until("it is reported", () => site.bench.books()[0]?.state === "reported");
      const samples = site.cloud.transactions.get(7000)!.samples;
      assert.ok(samples.length >= 3 && samples.length <= 5, `${samples.length} samples in an hour`);
      assert.ok(!JSON.stringify(samples).includes("Current.Import"));
      assert.deepEqual([site.bench.orders, site.bench.commands], [[], []]);
    });

    it("the interval on the clock: samples say so", async () => {
      await site.begin();
      assert.equal(await set("MeterValueSampleInterval", "0"), "Accepted");
      assert.equal(await set("ClockAlignedDataInterval", "900"), "Accepted");
      const charger = site.bench.charger();
      await charger.start();
      await charger.stop({ meterWh: charger.charge(60, 0) });
      await site.bench.until("it is reported", () => site.bench.books()[0]?.state === "reported");
      const samples = site.cloud.transactions.get(7000)!.samples.map(({ meterValue }) => JSON.stringify(meterValue));
      assert.ok(samples.length >= 3 && samples.length <= 5, `${samples.length} samples in an hour`);
      assert.ok(samples.every((sample) => sample.includes("Sample.Clock")));
    });

    it("heartbeats: they come as often", async () => {
      await site.begin();
      assert.equal(await set("HeartbeatInterval", "10"), "Accepted");
      assert.deepEqual(await get("HeartbeatInterval"), ["10"]);
      const beats = () => site.cloud.actions().filter((action) => action === "Heartbeat").length;
      const before = beats();
      await site.bench.until("three came", () => beats() >= before + 3, 1000);
    });

    it("is refused for what cannot be, for what cannot be changed, and for all that is none of its business", async () => {
      await site.begin();
      for (const [key, value] of [
        ["MeterValueSampleInterval", "5"],
        ["MeterValueSampleInterval", "often"],
        ["MeterValuesSampledData", "Energy.Active.Import.Register,Temperature"],
        ["HeartbeatInterval", "1"],
        ["NumberOfConnectors", "7"],
      ] as const)
        assert.equal(await set(key, value), "Rejected", key);
      for (const key of ["AuthorizationKey", "SecurityProfile", "CpoName", "CentralSystemAddress", "LocalPreAuthorize"])
        assert.equal(await set(key, "0"), "NotSupported", key);
      assert.deepEqual(await get("MeterValueSampleInterval"), ["60"]);
    });
  });
});
