import { strict as assert } from "node:assert";
import { EvError } from "../../lib/errors.ts";
import type { BackEndSettings } from "../../lib/upstream/types.ts";
import { ForeignBackEnd, type Payload } from "./back-end.ts";
import { UpstreamBench } from "./bench.ts";

describe("What a back end commands", function () {
  this.timeout(60_000);
  let cloud: ForeignBackEnd;
  let bench: UpstreamBench;

  beforeEach(async () => {
    cloud = new ForeignBackEnd();
    await cloud.open();
  });
  afterEach(async () => {
    bench.close();
    await cloud.close();
    assert.deepEqual(cloud.faults, []);
  });

  const begin = async (settings: Partial<BackEndSettings> = {}): Promise<void> => {
    bench = new UpstreamBench({ url: cloud.url, role: "billing", ...settings });
    await connect();
  };
  const connect = async (): Promise<void> => {
    bench.report();
    await bench.until("it is connected", () => bench.upstreams.state("back-end-1").connected === 1, 1000);
  };
  const status = async (action: string, payload: Payload) => (await cloud.command("CP1", action, payload))["status"];
  /** A turn of the event loop after which what follows an answer has been done. */
  const turn = () => new Promise((resolve) => setTimeout(resolve, 20));
  const isCharging = () => {
    throw new EvError("EV_MAINTENANCE_REFUSED", "Reset would break off the charge");
  };

  describe("to restart", () => {
    it("waits for the end of the charge, over a restart of this process, too", async () => {
      await begin();
      bench.maintain = isCharging;
      assert.equal(await status("Reset", { type: "Soft" }), "Accepted");
      await turn();
      assert.deepEqual(bench.commands, [["CP1", "Reset", { type: "Soft" }, false]]);
      bench.kill();
      bench.start();
      await connect();
      bench.maintain = () => ({ status: "Accepted" });
      bench.clock.advance(30_000);
      await turn();
      assert.deepEqual(bench.commands.at(-1), ["CP1", "Reset", { type: "Soft" }, false]);
      const count = bench.commands.length;
      bench.clock.advance(300_000);
      await turn();
      assert.equal(bench.commands.length, count);
    });

    it("is given up when the charge has gone on for a day", async () => {
      await begin();
      bench.maintain = isCharging;
      assert.equal(await status("Reset", { type: "Hard" }), "Accepted");
      bench.clock.jumpWall(25 * 3_600_000);
      bench.clock.advance(30_000);
      bench.maintain = () => ({ status: "Accepted" });
      const count = bench.commands.length;
      bench.clock.advance(300_000);
      await turn();
      assert.equal(bench.commands.length, count);
    });

    it("hard is done at once where that is allowed, and answered as the charger answers", async () => {
      await begin({ allowHardReset: true });
      bench.maintain = (_action, force) => (force ? { status: "Accepted" } : isCharging());
      assert.equal(await status("Reset", { type: "Hard" }), "Accepted");
      assert.deepEqual(bench.commands, [["CP1", "Reset", { type: "Hard" }, true]]);
      bench.maintain = () => ({ status: "Rejected" });
      assert.equal(await status("Reset", { type: "Hard" }), "Rejected");
    });

    it("is refused for a back end that reports only, and for a charger without OCPP", async () => {
      await begin({ role: "reporting", allowHardReset: true });
      assert.equal(await status("Reset", { type: "Hard" }), "Rejected");
      bench.close();
      await begin();
      bench.stations.get("CP1")!.definition.ocpp = false;
      assert.equal(await status("Reset", { type: "Soft" }), "Rejected");
      assert.deepEqual(bench.commands, []);
    });
  });

  describe("to update firmware and to upload diagnostics", () => {
    const update = { location: "https://example.com/new.bin", retrieveDate: "2026-06-01T00:00:00Z" };
    const upload = { location: "ftp://example.com/diagnostics" };
    const notices = () => cloud.heard.filter(({ action }) => /^(Firmware|Diagnostics)/.test(action));

    it("is refused without the permission, and what the charger reports is not passed on", async () => {
      await begin({ allowFirmware: false, allowDiagnostics: false });
      await assert.rejects(cloud.command("CP1", "UpdateFirmware", update), /does not pass this on/);
      assert.deepEqual(await cloud.command("CP1", "GetDiagnostics", upload), {});
      bench.event("CP1", "firmware", { action: "FirmwareStatusNotification", status: "Installed" });
      bench.clock.advance(10_000);
      await turn();
      assert.deepEqual([bench.commands, notices()], [[], []]);
    });

    it("is passed on with it, and the reports go back to the back end that asked", async () => {
      await begin({ allowFirmware: true, allowDiagnostics: true });
      bench.maintain = (action) => (action === "GetDiagnostics" ? { fileName: "log.zip" } : {});
      assert.deepEqual(await cloud.command("CP1", "UpdateFirmware", update), {});
      assert.deepEqual(await cloud.command("CP1", "GetDiagnostics", upload), { fileName: "log.zip" });
      assert.deepEqual(
        bench.commands.map(([, action, payload, force]) => [action, payload, force]),
        [
          ["UpdateFirmware", update, false],
          ["GetDiagnostics", upload, false],
        ],
      );
      bench.event("CP1", "diagnostics", { action: "DiagnosticsStatusNotification", status: "Uploaded" });
      bench.event("CP1", "firmware", { action: "FirmwareStatusNotification", status: "Downloading" });
      await bench.until("both are told", () => notices().length === 2);
      bench.kill();
      bench.start();
      await connect();
      bench.event("CP1", "firmware", { action: "FirmwareStatusNotification", status: "Installed" });
      bench.event("CP1", "firmware", { action: "SignedFirmwareStatusNotification", status: "Installed" });
      await bench.until("the end is told", () => notices().length === 3);
      assert.deepEqual(
        notices().map(({ payload }) => payload["status"]),
        ["Uploaded", "Downloading", "Installed"],
      );
    });

    it("never hands out or fetches files that are here, nor breaks off a charge", async () => {
      await begin({ allowFirmware: true, allowDiagnostics: true });
      await assert.rejects(
        cloud.command("CP1", "UpdateFirmware", { ...update, location: "file:///etc/x" }),
        /pass this/,
      );
      assert.deepEqual(await cloud.command("CP1", "GetDiagnostics", { location: "file:///tmp" }), {});
      assert.deepEqual(bench.commands, []);
      bench.maintain = isCharging;
      await assert.rejects(cloud.command("CP1", "UpdateFirmware", update), /try again/);
    });
  });

  describe("to configure", () => {
    const set = (key: string, value: string) => status("ChangeConfiguration", { key, value });
    const get = async (...key: string[]) => {
      const { configurationKey } = await cloud.command("CP1", "GetConfiguration", { key });
      return (configurationKey as { value: string }[]).map(({ value }) => value);
    };

    it("holds for its own reports alone, over a restart, too", async () => {
      await begin();
      assert.equal(await set("MeterValueSampleInterval", "900"), "Accepted");
      assert.equal(await set("MeterValuesSampledData", "Energy.Active.Import.Register"), "Accepted");
      bench.kill();
      bench.start();
      await connect();
      assert.deepEqual(await get("MeterValueSampleInterval", "MeterValuesSampledData"), [
        "900",
        "Energy.Active.Import.Register",
      ]);
      const charger = bench.charger();
      await charger.start();
      const endWh = charger.charge(60, 0);
      await charger.stop({ meterWh: endWh });
      await bench.until("it is reported", () => bench.books()[0]?.state === "reported");
      const samples = cloud.transactions.get(7000)!.samples;
      assert.ok(samples.length >= 3 && samples.length <= 5, `${samples.length} samples in an hour`);
      assert.ok(!JSON.stringify(samples).includes("Current.Import"));
      assert.deepEqual([bench.orders, bench.commands], [[], []]);
    });

    it("the interval on the clock: samples say so", async () => {
      await begin();
      assert.equal(await set("MeterValueSampleInterval", "0"), "Accepted");
      assert.equal(await set("ClockAlignedDataInterval", "900"), "Accepted");
      const charger = bench.charger();
      await charger.start();
      await charger.stop({ meterWh: charger.charge(60, 0) });
      await bench.until("it is reported", () => bench.books()[0]?.state === "reported");
      const samples = cloud.transactions.get(7000)!.samples.map(({ meterValue }) => JSON.stringify(meterValue));
      assert.ok(samples.length >= 3 && samples.length <= 5, `${samples.length} samples in an hour`);
      assert.ok(samples.every((sample) => sample.includes("Sample.Clock")));
    });

    it("heartbeats: they come as often", async () => {
      await begin();
      assert.equal(await set("HeartbeatInterval", "10"), "Accepted");
      assert.deepEqual(await get("HeartbeatInterval"), ["10"]);
      const beats = () => cloud.actions().filter((action) => action === "Heartbeat").length;
      const before = beats();
      await bench.until("three came", () => beats() >= before + 3, 1000);
    });

    it("is refused for what cannot be, for what cannot be changed, and for all that is none of its business", async () => {
      await begin();
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
