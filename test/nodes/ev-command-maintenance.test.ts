import { strict as assert } from "node:assert";
import testHelper from "node-red-node-test-helper";
import { lastStatus, stop, until } from "./helper.ts";
import { MaintenanceBench, type Payload } from "./maintenance-bench.ts";

describe("ev-command, for maintenance", () => {
  let bench: MaintenanceBench;
  beforeEach(() => {
    bench = new MaintenanceBench();
  });
  afterEach(() => bench.end());

  describe("resetting", () => {
    it("is held back while a car charges, but for force", async () => {
      await bench.start();
      const charger = await bench.simulate({ plugged: true });
      await until("it charges", () => charger.state.transactionId !== null);
      const { ok, error } = await bench.send("Reset", { type: "Soft" });
      assert.deepEqual([ok, error?.code], [false, "EV_MAINTENANCE_REFUSED"]);
      const stopped = bench.nextEvent("ocpp/CP1/1/transaction.stop");
      assert.equal((await bench.send("Reset", { type: "Soft" }, { force: true })).ok, true);
      await stopped;
    });

    it("refuses a force that is no yes or no", async () => {
      await bench.start();
      await bench.simulate();
      assert.equal((await bench.send("Reset", { type: "Soft" }, { force: "yes" })).error?.code, "EV_MESSAGE_INVALID");
    });
  });

  describe("of the configuration", () => {
    it("shows every key with what is known of it, and what is wrong", async () => {
      await bench.start();
      const charger = await bench.dial(() => ({ status: "Rejected" }));
      charger.configuration = [
        { key: "HeartbeatInterval", readonly: false, value: "soon" },
        { key: "MeterValueSampleInterval", readonly: false, value: "0" },
        { key: "Own", readonly: true, value: "x" },
      ];
      const { ok, payload } = await bench.send("CheckConfiguration");
      assert.equal(ok, true);
      const keys = payload["keys"] as { key: string; problem: string | null; origin: string | null }[];
      assert.deepEqual(
        keys.map(({ key, problem, origin }) => [key, problem, origin]),
        [
          ["HeartbeatInterval", "a whole number", "standard"],
          ["MeterValueSampleInterval", null, "standard"],
          ["Own", null, null],
        ],
      );
      assert.deepEqual(payload["advice"], ["MeterValueSampleInterval is 0: no readings come while it charges"]);
    });

    it("is changed within what the key can be, but for force", async () => {
      await bench.start();
      const charger = await bench.dial(() => ({ status: "Accepted" }));
      const wrong = { key: "LightIntensity", value: "300" };
      const { error } = await bench.send("ChangeConfiguration", wrong);
      assert.equal(error?.kind, "invalid");
      assert.match(error.description, /LightIntensity is "300"; it must be a number from 0 to 100/);
      const sent = charger.next("ChangeConfiguration");
      assert.equal((await bench.send("ChangeConfiguration", wrong, { force: true })).ok, true);
      assert.deepEqual(await sent, wrong);
    });

    it("remembers over a restart of Node-RED which key waits for a restart of the charger", async () => {
      await bench.start();
      let charger = await bench.dial(() => ({ status: "RebootRequired" }));
      const told = bench.nextEvent("ocpp/CP1/0/restart");
      assert.equal((await bench.send("ChangeConfiguration", { key: "Own", value: "1" })).ok, true);
      assert.deepEqual((await told).payload, { required: true, keys: ["Own"] });
      assert.deepEqual([lastStatus("command")?.fill], ["yellow"]);
      charger.close();
      await stop({ keepData: true });
      await bench.start();
      const page = async () => (await testHelper.request().get("/ev-charging/charge-points/CP1")).body as Payload;
      assert.deepEqual((await page())["pendingReboot"], ["Own"]);
      const done = bench.nextEvent("ocpp/CP1/0/restart");
      charger = await bench.dial(() => ({ status: "Accepted" }));
      assert.deepEqual((await done).payload, { required: false, keys: ["Own"] });
      assert.deepEqual((await page())["pendingReboot"], []);
    });
  });

  describe("of the site", () => {
    const report = async (): Promise<string> =>
      (await testHelper.request().get("/ev-charging/maintenance-report").expect(200)).text;

    it("writes a report that stands for itself, also by message and without a charger", async () => {
      await bench.start();
      await bench.simulate({ plugged: true });
      const html = await report();
      for (const text of ["Car park", "CP1", "CP2", "Phasewise Simulator", "Last 24 hours", "Zones", "Meters"])
        assert.ok(html.includes(text), text);
      assert.doesNotMatch(html, /<(script|img|link|iframe)|https?:\/\//i);
      const { payload } = await bench.send("MaintenanceReport", {}, { chargePoint: undefined });
      assert.match(String(payload["html"]), /^<!DOCTYPE html>/);
      assert.match(String(payload["name"]), /^maintenance-\d{4}-\d\d-\d\d\.html$/);
    });

    it("takes nothing that a charger says for markup", async () => {
      await bench.start();
      const charger = await bench.dial(() => ({ status: "Accepted" }));
      const evil = "<script>alert(1)</script>";
      await charger.say("BootNotification", {
        chargePointVendor: '"><img src=x>',
        chargePointModel: "<b>&'",
        firmwareVersion: evil,
      });
      const html = await report();
      assert.ok(!html.includes("<script") && !html.includes("<img") && !html.includes("<b>"));
      assert.ok(html.includes("&lt;script&gt;alert(1)&lt;/script&gt;"));
    });
  });
});
