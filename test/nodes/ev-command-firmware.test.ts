import { strict as assert } from "node:assert";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import testHelper from "node-red-node-test-helper";
import { dataDir, node, until } from "./helper.ts";
import { type Answer, MaintenanceBench } from "./maintenance-bench.ts";

const UPDATE = { retrieveDate: "2026-01-01T00:00:00Z" };

describe("ev-command, updating firmware", () => {
  let bench: MaintenanceBench;
  beforeEach(() => {
    bench = new MaintenanceBench();
  });
  afterEach(() => bench.end());

  it("lets the charger fetch the file from here, and follows it to the end", async () => {
    await bench.start();
    bench.firmware("1.1.bin");
    await bench.simulate();
    const steps: unknown[] = [];
    node("out").on("input", (message) => {
      if ((message as Answer).step) steps.push((message as Answer).payload["status"]);
    });
    const last = bench.nextEnd();
    assert.equal((await bench.send("UpdateFirmware", UPDATE)).ok, true);
    const { ok } = await last;
    assert.equal(ok, true);
    // Our own observation may come before the charger's report.
    assert.ok(steps.includes("Fetched"));
    const reported = steps.filter((status) => status !== "Fetched");
    assert.deepEqual(reported, ["Downloading", "Downloaded", "Installing", "Installed"]);
  });

  it("does so with a signed one, by its name", async () => {
    await bench.start();
    bench.firmware("1.1.bin");
    bench.firmware("2.0.bin");
    await bench.simulate();
    const last = bench.nextEnd();
    const signed = {
      requestId: 9,
      firmware: {
        location: "2.0.bin",
        retrieveDateTime: UPDATE.retrieveDate,
        signingCertificate: "-----BEGIN CERTIFICATE-----",
        signature: "x",
      },
    };
    await bench.send("SignedUpdateFirmware", signed);
    assert.deepEqual((await last).payload["status"], "Installed");
  });

  for (const [behaviour, status] of [
    ["downloadFails", "DownloadFailed"],
    ["installFails", "InstallationFailed"],
  ] as const) {
    it(`says that it failed: ${behaviour}`, async () => {
      await bench.start();
      bench.firmware("1.1.bin");
      await bench.simulate({ behaviour });
      const last = bench.nextEnd();
      await bench.send("UpdateFirmware", UPDATE);
      const { ok, payload, error } = await last;
      assert.deepEqual([ok, payload["status"], error?.code], [false, status, "EV_MAINTENANCE_FAILED"]);
    });
  }

  it("is not begun without a file, or with one of several that is not named", async () => {
    await bench.start();
    await bench.simulate();
    assert.match(
      (await bench.send("UpdateFirmware", UPDATE)).error?.description ?? "",
      /must be named; .* there is none yet/,
    );
    bench.firmware("a.bin");
    bench.firmware("b.bin");
    assert.match((await bench.send("UpdateFirmware", UPDATE)).error?.description ?? "", /there is: a\.bin, b\.bin/);
    const { error } = await bench.send("UpdateFirmware", { ...UPDATE, location: "../../c.bin" });
    assert.match(error?.description ?? "", /there is no firmware file/);
  });

  it("is held back while a car charges, but for force", async () => {
    await bench.start();
    bench.firmware("1.1.bin");
    const charger = await bench.simulate({ plugged: true });
    await until("it charges", () => charger.state.transactionId !== null);
    const { error } = await bench.send("UpdateFirmware", UPDATE);
    assert.deepEqual([error?.kind, error?.code], ["rejected", "EV_MAINTENANCE_REFUSED"]);
    assert.match(error?.description ?? "", /break off the charge on connector 1 of CP1/);
    assert.equal((await bench.send("UpdateFirmware", UPDATE, { force: true })).ok, true);
  });

  it("makes room when it is given up, by hand or by another one that is sent with force", async () => {
    await bench.start();
    bench.firmware("1.1.bin");
    await bench.dial(() => ({}));
    await bench.dial(() => ({}), "CP2");
    await bench.send("UpdateFirmware", UPDATE);
    const first = bench.nextEnd();
    assert.equal((await bench.send("CancelFirmwareUpdate", {})).payload["status"], "Accepted");
    assert.deepEqual((await first).payload["status"], "GivenUp");
    assert.equal((await bench.send("CancelFirmwareUpdate", {})).ok, false);
    await bench.send("UpdateFirmware", UPDATE);
    const second = bench.nextEnd();
    const forced = await bench.send("UpdateFirmware", UPDATE, { chargePoint: "CP2", force: true });
    assert.equal(forced.ok, true);
    assert.match((await second).error?.description ?? "", /an update of CP2 was sent with force/);
  });

  it("is done with one charger of the site at a time", async () => {
    await bench.start();
    bench.firmware("1.1.bin");
    const charger = await bench.dial(() => ({}));
    const other = await bench.dial(() => ({}), "CP2");
    await bench.send("UpdateFirmware", UPDATE);
    const refused = await bench.send("UpdateFirmware", UPDATE, { chargePoint: "CP2" });
    assert.match(
      refused.error?.description ?? "",
      /CP1 is being updated; wait for its end, end it with CancelFirmwareUpdate/,
    );
    assert.match((await bench.send("Reset", { type: "Hard" })).error?.description ?? "", /is being updated/);
    const last = bench.nextEnd();
    await charger.say("FirmwareStatusNotification", { status: "Installed" });
    assert.equal((await last).ok, true);
    const asked = other.next("UpdateFirmware");
    await bench.send("UpdateFirmware", UPDATE, { chargePoint: "CP2" });
    await asked;
  });

  it("is over when the charger comes back with other firmware, whatever it reports", async () => {
    await bench.start();
    bench.firmware("1.1.bin");
    const charger = await bench.dial(() => ({}));
    const boot = (firmwareVersion: string) =>
      charger.say("BootNotification", { chargePointVendor: "Maker", chargePointModel: "Box", firmwareVersion });
    await boot("1.0");
    await bench.send("UpdateFirmware", UPDATE);
    const last = bench.nextEnd();
    await boot("1.1");
    assert.deepEqual((await last).payload, { status: "Installed", firmware: "1.1", before: "1.0" });
  });

  it("takes its file from the editor, and lets go of it again", async () => {
    await bench.start();
    const put = () => testHelper.request().put("/ev-charging/files/firmware/2.0.bin");
    await put().set("Content-Type", "application/octet-stream").send(Buffer.from("content")).expect(200);
    assert.equal(readFileSync(join(dataDir, "files/firmware/2.0.bin"), "utf8"), "content");
    await put().set("Content-Type", "text/plain").send("content").expect(400);
    await testHelper.request().delete("/ev-charging/files/firmware/2.0.bin").expect(200, { removed: true });
    assert.equal(existsSync(join(dataDir, "files/firmware/2.0.bin")), false);
  });
});
