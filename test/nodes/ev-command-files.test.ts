import { strict as assert } from "node:assert";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { request as secureRequest } from "node:https";
import { join } from "node:path";
import testHelper from "node-red-node-test-helper";
import WebSocket from "ws";
import type { FilesPage } from "../../nodes/admin/types/maintenance-page-types.ts";
import { Authority } from "../certificates.ts";
import { dataDir, errorsOf, nextMessage, node, until } from "./helper.ts";
import { type Answer, MaintenanceBench, type Payload } from "./maintenance-bench.ts";

describe("ev-command, fetching diagnostics", () => {
  let bench: MaintenanceBench;
  beforeEach(() => {
    bench = new MaintenanceBench();
  });
  afterEach(() => bench.end());

  for (const behaviour of ["normal", "uploadsAsForm"]) {
    it(`brings the file here and says what it is: ${behaviour}`, async () => {
      await bench.start();
      await bench.simulate({ behaviour });
      const [last, file] = [bench.nextEnd(), bench.nextEvent("ocpp/CP1/0/file")];
      const { ok, payload } = await bench.send("GetDiagnostics", { location: "" });
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
    await bench.start();
    await bench.simulate();
    const [last, file] = [bench.nextEnd(), bench.nextEvent("ocpp/CP1/0/file")];
    const uploading = nextMessage<Answer>("out", ({ step }) => step === "progress");
    await bench.send("GetLog", { logType: "SecurityLog", requestId: 7, log: {} }, { order: 3 });
    assert.deepEqual((await uploading).payload, { status: "Uploading" });
    const { payload } = await file;
    assert.deepEqual([payload["kind"], payload["requestId"]], ["log", 7]);
    const message = (await last) as Answer & { order: number; chargePoint: string };
    assert.deepEqual([message.ok, message.order, message.chargePoint], [true, 3, "CP1"]);
  });

  it("says why nothing came", async () => {
    await bench.start();
    await bench.simulate({ behaviour: "uploadFails" });
    const last = bench.nextEnd();
    await bench.send("GetDiagnostics");
    const { ok, error } = await last;
    assert.deepEqual([ok, error?.kind, error?.code], [false, "rejected", "EV_MAINTENANCE_FAILED"]);
    assert.match(errorsOf("command").at(-1)?.message ?? "", /could not upload the file: UploadFailed/);
  });

  it("is refused by the charger's own word", async () => {
    await bench.start();
    await bench.simulate({ behaviour: "nothingToUpload" });
    const { error, payload } = await bench.send("GetLog", { logType: "SecurityLog", requestId: 7, log: {} });
    assert.deepEqual([error?.kind, payload], ["rejected", { status: "Rejected" }]);
  });

  it("asks no charger that loads files in other ways only, but for force", async () => {
    await bench.start();
    const charger = await bench.dial(() => ({}));
    charger.configuration = [{ key: "SupportedFileTransferProtocols", readonly: true, value: "FTP, SFTP" }];
    const { error } = await bench.send("GetDiagnostics");
    assert.equal(error?.code, "EV_MAINTENANCE_REFUSED");
    assert.match(error.description, /loads files by FTP, SFTP, not by HTTP/);
    const asked = charger.next("GetDiagnostics");
    await bench.send("GetDiagnostics", {}, { force: true });
    assert.match(String((await asked)["location"]), /^http:/);
  });

  it("sends a location of the user's own as it is", async () => {
    await bench.start();
    const charger = await bench.dial(() => ({ fileName: "x" }));
    const asked = charger.next("GetDiagnostics");
    await bench.send("GetDiagnostics", { location: "ftp://192.0.2.1/in" });
    assert.deepEqual(await asked, { location: "ftp://192.0.2.1/in" });
  });

  it("uses the name that the charger dialled, and opens the place for it alone and only then", async () => {
    await bench.start();
    const address = `http://127.0.0.1:${bench.port}`;
    assert.equal((await fetch(`${address}/ev-files/${"x".repeat(32)}/`)).status, 426);
    const charger = await bench.dial(() => ({ fileName: "log.txt" }));
    const asked = charger.next("GetDiagnostics");
    const last = bench.nextEnd();
    await bench.send("GetDiagnostics");
    const location = String((await asked)["location"]);
    assert.match(location, new RegExp(`^http://127\\.0\\.0\\.1:${bench.port}/ev-files/[\\w-]{32}/$`));
    assert.equal((await fetch(`${address}/ev-files/${"x".repeat(32)}/`, { method: "PUT", body: "x" })).status, 426);
    assert.equal((await fetch(`${location}a.log`, { method: "PUT", body: "content" })).status, 201);
    assert.equal((await last).ok, true);
    assert.equal((await fetch(`${location}b.log`, { method: "PUT", body: "content" })).status, 426);
  });

  it("leaves the secret part of the place in no log or event", async () => {
    await bench.start();
    const seen: string[] = [];
    node("events").on("input", (message) => seen.push(JSON.stringify(message)));
    node("out").on("input", (message) => seen.push(JSON.stringify(message)));
    const charger = await bench.dial(() => ({ fileName: "log.txt" }));
    const asked = charger.next("GetDiagnostics");
    await bench.send("GetDiagnostics");
    const [, token] = /ev-files\/([^/]+)/.exec(String((await asked)["location"])) ?? [];
    await until("the frame is an event", () => seen.some((text) => text.includes("ev-files/***")));
    seen.push((await testHelper.request().get("/ev-charging/central-systems/cs/messages?action=GetDiagnostics")).text);
    assert.equal(
      seen.some((text) => text.includes(token!)),
      false,
    );
  });

  it("is done over TLS where the charger came by TLS", async () => {
    const authority = new Authority("Files");
    const { cert, key } = authority.issue("localhost", ["localhost", "127.0.0.1"]);
    await bench.start({ tls: "tls" }, { tls: { certdata: cert, keydata: key } });
    const socket = new WebSocket(`wss://localhost:${bench.port}/CP1`, "ocpp1.6", { ca: authority.cert });
    bench.closes({ close: () => socket.terminate() });
    const asked = new Promise<string>((resolve) => {
      socket.on("message", (data) => {
        const [type, id, action, payload] = JSON.parse(String(data)) as [number, string, string, Payload];
        if (type === 2) socket.send(JSON.stringify([3, id, action === "GetDiagnostics" ? { fileName: "x" } : {}]));
        if (action === "GetDiagnostics") resolve(String(payload["location"]));
      });
    });
    await once(socket, "open");
    const last = bench.nextEnd();
    await bench.send("GetDiagnostics");
    const location = await asked;
    assert.ok(location.startsWith(`https://localhost:${bench.port}/ev-files/`));
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
    await bench.start({ port: "", path: "/ocpp" });
    await bench.simulate({ url: `${testHelper.url().replace("http", "ws")}/ocpp` });
    const last = bench.nextEnd();
    await bench.send("GetDiagnostics");
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
