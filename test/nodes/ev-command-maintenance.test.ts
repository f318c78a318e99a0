import { strict as assert } from "node:assert";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { request as secureRequest } from "node:https";
import { join } from "node:path";
import type { NodeMessage } from "node-red";
import testHelper from "node-red-node-test-helper";
import WebSocket from "ws";
import { SimulatedChargePoint } from "../../lib/simulator/charge-point.ts";
import type { FilesPage } from "../../nodes/shared/maintenance-page-types.ts";
import { Authority } from "../certificates.ts";
import { Charger } from "./charger.ts";
import {
  dataDir,
  deploy,
  errorsOf,
  type FlowNode,
  freePort,
  lastStatus,
  nextMessage,
  node,
  stop,
  until,
} from "./helper.ts";

const TYPES = ["tls-config", "ev-site", "ev-zone", "ev-central-system", "ev-charge-point", "ev-command", "ev-event"];

type Payload = Record<string, unknown>;
interface Answer extends NodeMessage {
  ok: boolean;
  step?: "progress" | "end";
  error?: { kind: string; code: string; description: string };
  payload: Payload;
}

describe("ev-command, for maintenance", () => {
  let port: number;
  const closing: { close(): unknown }[] = [];

  beforeEach(async () => {
    port = await freePort();
  });
  afterEach(async () => {
    for (const one of closing.splice(0)) await one.close();
    await stop();
  });

  const flow = (server: Payload = {}): FlowNode[] => [
    { id: "site", type: "ev-site", name: "Car park", dataDir },
    { id: "tls", type: "tls-config", cert: "", key: "", ca: "", verifyservercert: true },
    { id: "cs", type: "ev-central-system", site: "site", host: "127.0.0.1", port, callTimeoutS: 2, ...server },
    { id: "cp", type: "ev-charge-point", centralSystem: "cs", identity: "CP1" },
    { id: "cp2", type: "ev-charge-point", centralSystem: "cs", identity: "CP2" },
    { id: "command", type: "ev-command", wires: [["out"]] },
    { id: "out", type: "helper" },
    { id: "event", type: "ev-event", raw: true, wires: [["events"]] },
    { id: "events", type: "helper" },
  ];
  const start = async (server: Payload = {}, credentials = {}): Promise<void> => {
    await deploy(TYPES, flow(server), credentials);
    await until("listening", () => ["yellow", "green"].includes(lastStatus("cs")?.fill ?? ""));
  };
  const simulate = async (options: { identity?: string; behaviour?: string; plugged?: boolean; url?: string } = {}) => {
    const charger = new SimulatedChargePoint({
      url: `ws://127.0.0.1:${port}`,
      identity: "CP1",
      plugged: false,
      ...options,
    });
    closing.push(charger);
    charger.start();
    await until("it is online", () => charger.state.online);
    return charger;
  };
  const dial = async (answer: Charger["answer"], identity = "CP1"): Promise<Charger> => {
    const charger = new Charger(identity);
    closing.push(charger);
    charger.answer = answer;
    await charger.connect(port);
    return charger;
  };
  const send = (action: string, payload: Payload = {}, more: Payload = {}): Promise<Answer> => {
    const answer = nextMessage<Answer>("out", ({ step }) => step === undefined);
    node("command").receive({ chargePoint: "CP1", action, payload, ...more } as NodeMessage);
    return answer;
  };
  const end = () => nextMessage<Answer>("out", ({ step }) => step === "end");
  const announced = () => nextMessage<Answer>("events", ({ topic }) => topic === "ocpp/CP1/0/file");
  const firmware = (name: string, content = "new firmware"): void => {
    mkdirSync(join(dataDir, "files/firmware"), { recursive: true });
    writeFileSync(join(dataDir, "files/firmware", name), content);
  };
  const UPDATE = { retrieveDate: "2026-01-01T00:00:00Z" };

  describe("fetching diagnostics", () => {
    for (const behaviour of ["normal", "uploadsAsForm"]) {
      it(`brings the file here and says what it is: ${behaviour}`, async () => {
        await start();
        await simulate({ behaviour });
        const [last, file] = [end(), announced()];
        const { ok, payload } = await send("GetDiagnostics", { location: "" });
        assert.equal(ok, true);
        assert.match(String(payload["fileName"]), /^diagnostics_CP1_/);
        const { payload: said } = await file;
        assert.deepEqual((await last).payload, { status: "Uploaded", file: said });
        const content = readFileSync(String(said["path"]));
        assert.match(content.toString(), /CP1: nothing unusual/);
        assert.equal(said["size"], content.length);
        assert.equal(said["sha256"], createHash("sha256").update(content).digest("hex"));
        assert.deepEqual([said["kind"], said["name"]], ["diagnostics", payload["fileName"]]);
      });
    }

    it("brings a log with the number of its request, and tells how it goes", async () => {
      await start();
      await simulate();
      const [last, file] = [end(), announced()];
      const uploading = nextMessage<Answer>("out", ({ step }) => step === "progress");
      await send("GetLog", { logType: "SecurityLog", requestId: 7, log: {} }, { order: 3 });
      assert.deepEqual((await uploading).payload, { status: "Uploading" });
      const { payload } = await file;
      assert.deepEqual([payload["kind"], payload["requestId"]], ["log", 7]);
      const message = (await last) as Answer & { order: number; chargePoint: string };
      assert.deepEqual([message.ok, message.order, message.chargePoint], [true, 3, "CP1"]);
    });

    it("says why nothing came", async () => {
      await start();
      await simulate({ behaviour: "uploadFails" });
      const last = end();
      await send("GetDiagnostics");
      const { ok, error } = await last;
      assert.deepEqual([ok, error?.kind, error?.code], [false, "rejected", "EV_MAINTENANCE_FAILED"]);
      assert.match(errorsOf("command").at(-1)?.message ?? "", /could not upload the file: UploadFailed/);
    });

    it("is refused by the charger's own word", async () => {
      await start();
      await simulate({ behaviour: "nothingToUpload" });
      const { error, payload } = await send("GetLog", { logType: "SecurityLog", requestId: 7, log: {} });
      assert.deepEqual([error?.kind, payload], ["rejected", { status: "Rejected" }]);
    });

    it("asks no charger that loads files in other ways only, but for force", async () => {
      await start();
      const charger = await dial(() => ({}));
      charger.configuration = [{ key: "SupportedFileTransferProtocols", readonly: true, value: "FTP, SFTP" }];
      const { error } = await send("GetDiagnostics");
      assert.equal(error?.code, "EV_MAINTENANCE_REFUSED");
      assert.match(error.description, /loads files by FTP, SFTP, not by HTTP/);
      const asked = charger.next("GetDiagnostics");
      await send("GetDiagnostics", {}, { force: true });
      assert.match(String((await asked)["location"]), /^http:/);
    });

    it("sends a location of the user's own as it is", async () => {
      await start();
      const charger = await dial(() => ({ fileName: "x" }));
      const asked = charger.next("GetDiagnostics");
      await send("GetDiagnostics", { location: "ftp://192.0.2.1/in" });
      assert.deepEqual(await asked, { location: "ftp://192.0.2.1/in" });
    });

    it("uses the name that the charger dialled, and opens the place for it alone and only then", async () => {
      await start();
      const address = `http://127.0.0.1:${port}`;
      assert.equal((await fetch(`${address}/ev-files/${"x".repeat(32)}/`)).status, 426);
      const charger = await dial(() => ({ fileName: "log.txt" }));
      const asked = charger.next("GetDiagnostics");
      const last = end();
      await send("GetDiagnostics");
      const location = String((await asked)["location"]);
      assert.match(location, new RegExp(`^http://127\\.0\\.0\\.1:${port}/ev-files/[\\w-]{32}/$`));
      assert.equal((await fetch(`${address}/ev-files/${"x".repeat(32)}/`, { method: "PUT", body: "x" })).status, 426);
      assert.equal((await fetch(`${location}a.log`, { method: "PUT", body: "content" })).status, 201);
      assert.equal((await last).ok, true);
      assert.equal((await fetch(`${location}b.log`, { method: "PUT", body: "content" })).status, 426);
    });

    it("leaves the secret part of the place in no log or event", async () => {
      await start();
      const seen: string[] = [];
      node("events").on("input", (message) => seen.push(JSON.stringify(message)));
      node("out").on("input", (message) => seen.push(JSON.stringify(message)));
      const charger = await dial(() => ({ fileName: "log.txt" }));
      const asked = charger.next("GetDiagnostics");
      await send("GetDiagnostics");
      const [, token] = /ev-files\/([^/]+)/.exec(String((await asked)["location"])) ?? [];
      await until("the frame is an event", () => seen.some((text) => text.includes("ev-files/***")));
      seen.push(
        (await testHelper.request().get("/ev-charging/central-systems/cs/messages?action=GetDiagnostics")).text,
      );
      assert.equal(
        seen.some((text) => text.includes(token!)),
        false,
      );
    });

    it("is done over TLS where the charger came by TLS", async () => {
      const authority = new Authority("Files");
      const { cert, key } = authority.issue("localhost", ["localhost", "127.0.0.1"]);
      await start({ tls: "tls" }, { tls: { certdata: cert, keydata: key } });
      const socket = new WebSocket(`wss://localhost:${port}/CP1`, "ocpp1.6", { ca: authority.cert });
      closing.push({ close: () => socket.terminate() });
      const asked = new Promise<string>((resolve) => {
        socket.on("message", (data) => {
          const [type, id, action, payload] = JSON.parse(String(data)) as [number, string, string, Payload];
          if (type === 2) socket.send(JSON.stringify([3, id, action === "GetDiagnostics" ? { fileName: "x" } : {}]));
          if (action === "GetDiagnostics") resolve(String(payload["location"]));
        });
      });
      await once(socket, "open");
      const last = end();
      await send("GetDiagnostics");
      const location = await asked;
      assert.ok(location.startsWith(`https://localhost:${port}/ev-files/`));
      const status = await new Promise((resolve, reject) => {
        const put = secureRequest(`${location}x.log`, { method: "PUT", ca: authority.cert }, ({ statusCode }) =>
          resolve(statusCode),
        );
        put.on("error", reject).end("content");
      });
      assert.equal(status, 201);
      assert.equal((await last).ok, true);
    });

    it("works below a path of Node-RED's own server, and leaves its pages alone", async () => {
      await start({ port: "", path: "/ocpp" });
      await simulate({ url: `${testHelper.url().replace("http", "ws")}/ocpp` });
      const last = end();
      await send("GetDiagnostics");
      assert.equal((await last).ok, true);
      const { body } = await testHelper.request().get("/ev-charging/files").expect(200);
      const [{ received, firmwareFolder }] = (body as FilesPage).sites as [FilesPage["sites"][number]];
      assert.deepEqual([received.length, received[0]?.chargePoint], [1, "CP1"]);
      assert.equal(firmwareFolder, join(dataDir, "files/firmware"));
      const query = new URLSearchParams({ chargePoint: "CP1", name: received[0]!.name });
      const { text, body: bytes } = await testHelper.request().get(`/ev-charging/files/received?${query}`).expect(200);
      assert.match(text ?? String(bytes), /nothing unusual/);
    });
  });

  describe("updating firmware", () => {
    it("lets the charger fetch the file from here, and follows it to the end", async () => {
      await start();
      firmware("1.1.bin");
      await simulate();
      const steps: unknown[] = [];
      node("out").on("input", (message) => {
        if ((message as Answer).step) steps.push((message as Answer).payload["status"]);
      });
      const last = end();
      assert.equal((await send("UpdateFirmware", UPDATE)).ok, true);
      const { ok } = await last;
      assert.equal(ok, true);
      // Our own observation may come before the charger's report.
      assert.ok(steps.includes("Fetched"));
      const reported = steps.filter((status) => status !== "Fetched");
      assert.deepEqual(reported, ["Downloading", "Downloaded", "Installing", "Installed"]);
    });

    it("does so with a signed one, by its name", async () => {
      await start();
      firmware("1.1.bin");
      firmware("2.0.bin");
      await simulate();
      const last = end();
      const signed = {
        requestId: 9,
        firmware: {
          location: "2.0.bin",
          retrieveDateTime: UPDATE.retrieveDate,
          signingCertificate: "-----BEGIN CERTIFICATE-----",
          signature: "x",
        },
      };
      await send("SignedUpdateFirmware", signed);
      assert.deepEqual((await last).payload["status"], "Installed");
    });

    for (const [behaviour, status] of [
      ["downloadFails", "DownloadFailed"],
      ["installFails", "InstallationFailed"],
    ] as const) {
      it(`says that it failed: ${behaviour}`, async () => {
        await start();
        firmware("1.1.bin");
        await simulate({ behaviour });
        const last = end();
        await send("UpdateFirmware", UPDATE);
        const { ok, payload, error } = await last;
        assert.deepEqual([ok, payload["status"], error?.code], [false, status, "EV_MAINTENANCE_FAILED"]);
      });
    }

    it("is not begun without a file, or with one of several that is not named", async () => {
      await start();
      await simulate();
      assert.match(
        (await send("UpdateFirmware", UPDATE)).error?.description ?? "",
        /must be named; .* there is none yet/,
      );
      firmware("a.bin");
      firmware("b.bin");
      assert.match((await send("UpdateFirmware", UPDATE)).error?.description ?? "", /there is: a\.bin, b\.bin/);
      const { error } = await send("UpdateFirmware", { ...UPDATE, location: "../../c.bin" });
      assert.match(error?.description ?? "", /there is no firmware file/);
    });

    it("is held back while a car charges, but for force", async () => {
      await start();
      firmware("1.1.bin");
      const charger = await simulate({ plugged: true });
      await until("it charges", () => charger.state.transactionId !== null);
      const { error } = await send("UpdateFirmware", UPDATE);
      assert.deepEqual([error?.kind, error?.code], ["rejected", "EV_MAINTENANCE_REFUSED"]);
      assert.match(error?.description ?? "", /break off the charge on connector 1 of CP1/);
      assert.equal((await send("UpdateFirmware", UPDATE, { force: true })).ok, true);
    });

    it("is done with one charger of the site at a time", async () => {
      await start();
      firmware("1.1.bin");
      await dial(() => ({}));
      const other = await dial(() => ({}), "CP2");
      await send("UpdateFirmware", UPDATE);
      const refused = await send("UpdateFirmware", UPDATE, { chargePoint: "CP2" });
      assert.match(refused.error?.description ?? "", /CP1 is being updated; one at a time/);
      assert.match((await send("Reset", { type: "Hard" })).error?.description ?? "", /is being updated/);
      const last = end();
      const charger = closing[0] as Charger;
      await charger.say("FirmwareStatusNotification", { status: "Installed" });
      assert.equal((await last).ok, true);
      const asked = other.next("UpdateFirmware");
      await send("UpdateFirmware", UPDATE, { chargePoint: "CP2" });
      await asked;
    });

    it("is over when the charger comes back with other firmware, whatever it reports", async () => {
      await start();
      firmware("1.1.bin");
      const charger = await dial(() => ({}));
      const boot = (firmwareVersion: string) =>
        charger.say("BootNotification", { chargePointVendor: "Maker", chargePointModel: "Box", firmwareVersion });
      await boot("1.0");
      await send("UpdateFirmware", UPDATE);
      const last = end();
      await boot("1.1");
      assert.deepEqual((await last).payload, { status: "Installed", firmware: "1.1", before: "1.0" });
    });

    it("takes its file from the editor, and lets go of it again", async () => {
      await start();
      const put = () => testHelper.request().put("/ev-charging/files/firmware/2.0.bin");
      await put().set("Content-Type", "application/octet-stream").send(Buffer.from("content")).expect(200);
      assert.equal(readFileSync(join(dataDir, "files/firmware/2.0.bin"), "utf8"), "content");
      await put().set("Content-Type", "text/plain").send("content").expect(400);
      await testHelper.request().delete("/ev-charging/files/firmware/2.0.bin").expect(200, { removed: true });
      assert.equal(existsSync(join(dataDir, "files/firmware/2.0.bin")), false);
    });
  });

  describe("resetting", () => {
    it("is held back while a car charges, but for force", async () => {
      await start();
      const charger = await simulate({ plugged: true });
      await until("it charges", () => charger.state.transactionId !== null);
      const { ok, error } = await send("Reset", { type: "Soft" });
      assert.deepEqual([ok, error?.code], [false, "EV_MAINTENANCE_REFUSED"]);
      const stopped = nextMessage("events", ({ topic }) => topic === "ocpp/CP1/1/transaction.stop");
      assert.equal((await send("Reset", { type: "Soft" }, { force: true })).ok, true);
      await stopped;
    });

    it("refuses a force that is no yes or no", async () => {
      await start();
      await simulate();
      assert.equal((await send("Reset", { type: "Soft" }, { force: "yes" })).error?.code, "EV_MESSAGE_INVALID");
    });
  });

  describe("of the configuration", () => {
    it("shows every key with what is known of it, and what is wrong", async () => {
      await start();
      const charger = await dial(() => ({ status: "Rejected" }));
      charger.configuration = [
        { key: "HeartbeatInterval", readonly: false, value: "soon" },
        { key: "MeterValueSampleInterval", readonly: false, value: "0" },
        { key: "Own", readonly: true, value: "x" },
      ];
      const { ok, payload } = await send("CheckConfiguration");
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
      await start();
      const charger = await dial(() => ({ status: "Accepted" }));
      const wrong = { key: "LightIntensity", value: "300" };
      const { error } = await send("ChangeConfiguration", wrong);
      assert.equal(error?.kind, "invalid");
      assert.match(error.description, /LightIntensity is "300"; it must be a number from 0 to 100/);
      const sent = charger.next("ChangeConfiguration");
      assert.equal((await send("ChangeConfiguration", wrong, { force: true })).ok, true);
      assert.deepEqual(await sent, wrong);
    });

    it("remembers over a restart of Node-RED which key waits for a restart of the charger", async () => {
      await start();
      let charger = await dial(() => ({ status: "RebootRequired" }));
      const told = nextMessage<Answer>("events", ({ topic }) => topic === "ocpp/CP1/0/restart");
      assert.equal((await send("ChangeConfiguration", { key: "Own", value: "1" })).ok, true);
      assert.deepEqual((await told).payload, { required: true, keys: ["Own"] });
      assert.deepEqual([lastStatus("command")?.fill], ["yellow"]);
      charger.close();
      await stop({ keepData: true });
      await start();
      const page = async () => (await testHelper.request().get("/ev-charging/charge-points/CP1")).body as Payload;
      assert.deepEqual((await page())["pendingReboot"], ["Own"]);
      const done = nextMessage<Answer>("events", ({ topic }) => topic === "ocpp/CP1/0/restart");
      charger = await dial(() => ({ status: "Accepted" }));
      assert.deepEqual((await done).payload, { required: false, keys: ["Own"] });
      assert.deepEqual((await page())["pendingReboot"], []);
    });
  });

  describe("of the site", () => {
    const report = async (): Promise<string> =>
      (await testHelper.request().get("/ev-charging/maintenance-report").expect(200)).text;

    it("writes a report that stands for itself, also by message and without a charger", async () => {
      await start();
      await simulate({ plugged: true });
      const html = await report();
      for (const text of ["Car park", "CP1", "CP2", "Phasewise Simulator", "Last 24 hours", "Zones", "Meters"])
        assert.ok(html.includes(text), text);
      assert.doesNotMatch(html, /<(script|img|link|iframe)|https?:\/\//i);
      const { payload } = await send("MaintenanceReport", {}, { chargePoint: undefined });
      assert.match(String(payload["html"]), /^<!DOCTYPE html>/);
      assert.match(String(payload["name"]), /^maintenance-\d{4}-\d\d-\d\d\.html$/);
    });

    it("takes nothing that a charger says for markup", async () => {
      await start();
      const charger = await dial(() => ({ status: "Accepted" }));
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
