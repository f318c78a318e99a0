import { strict as assert } from "node:assert";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { GOOD } from "../../lib/simulator/charger/behaviour.ts";
import { Certificates, isCertificate } from "../../lib/simulator/charger/certificates.ts";
import { FileWork } from "../../lib/simulator/charger/file-work.ts";
import { keyChange } from "../../lib/simulator/charger/key-change.ts";
import { behaviourOf } from "../../lib/simulator/charger/presets.ts";
import { Authority } from "../certificates.ts";
import { FakeClock } from "../fake-clock.ts";

describe("the upkeep of a simulated charge point", () => {
  describe("with a new password", () => {
    const key = "00112233445566778899aabbccddeeff";
    for (const [behaviour, value, status, password] of [
      ["normal", key, "Accepted", Buffer.from(key, "hex")],
      ["normal", key.toUpperCase(), "Accepted", Buffer.from(key, "hex")],
      ["normal", "too short", "Rejected", null],
      ["keyAsText", key, "Accepted", Buffer.from(key)],
      ["keyAfterRestart", key, "RebootRequired", Buffer.from(key, "hex")],
      ["keyLost", key, "Accepted", null],
      ["refusesKey", key, "Rejected", null],
      ["noKey", key, "NotSupported", null],
    ] as const) {
      it(`${value}, ${behaviour}: ${status}`, () => {
        assert.deepEqual(keyChange(value, behaviourOf(behaviour)), { status, password });
      });
    }
  });

  describe("with certificates", () => {
    const pem = new Authority("A root").cert;

    it("holds them by use, and lets go of them by their hashes", () => {
      const held = new Certificates();
      assert.equal(held.install("CentralSystemRootCertificate", pem), "Accepted");
      assert.deepEqual(held.list("ManufacturerRootCertificate"), []);
      const [hash] = held.list("CentralSystemRootCertificate");
      assert.equal(held.delete({ ...hash!, serialNumber: "1" }), "NotFound");
      assert.equal(held.delete(hash!), "Accepted");
      assert.deepEqual(held.list("CentralSystemRootCertificate"), []);
    });

    it("takes one twice as once, and no more than it has room for", () => {
      const held = new Certificates();
      for (const _times of [1, 2]) held.install("ManufacturerRootCertificate", pem);
      assert.equal(held.list("ManufacturerRootCertificate").length, 1);
      const others = Array.from({ length: 10 }, (_, index) => new Authority(`Root ${index}`).cert);
      const answers = others.map((other) => held.install("ManufacturerRootCertificate", other));
      assert.deepEqual(answers, [...Array.from({ length: 9 }, () => "Accepted"), "Rejected"]);
    });

    it("refuses what is none", () => {
      assert.equal(new Certificates().install("ManufacturerRootCertificate", "no PEM"), "Rejected");
      assert.deepEqual([isCertificate(pem), isCertificate("")], [true, false]);
    });
  });

  describe("with files", () => {
    let server: Server;
    let base: string;
    let status = 200;
    const requests: string[] = [];
    const clock = new FakeClock();

    beforeEach(async () => {
      status = 200;
      requests.length = 0;
      server = createServer((request, response) => {
        requests.push(`${request.method} ${request.url}`);
        request.resume().on("end", () => response.writeHead(status).end("firmware"));
      });
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    });
    afterEach(() => new Promise<unknown>((resolve) => server.close(resolve).closeAllConnections()));

    /** Its reports until one of these. */
    const work = (
      begin: (files: FileWork) => void,
      last: string,
      behaviour = "normal",
    ): Promise<{ statuses: unknown[]; installed: string | null; files: FileWork }> =>
      new Promise((resolve) => {
        const statuses: unknown[] = [];
        let installed: string | null = null;
        const files: FileWork = new FileWork({
          clock,
          identity: "CP 1",
          behaviour: () => ({ ...GOOD, ...behaviourOf(behaviour) }),
          report: (_action, payload) => {
            statuses.push(payload["status"]);
            if (payload["status"] === last) queueMicrotask(() => resolve({ statuses, installed, files }));
          },
          installed: (firmware) => {
            installed = firmware;
            queueMicrotask(() => files.backAgain());
          },
        });
        begin(files);
      });
    const PLAIN = { action: "FirmwareStatusNotification", requestId: null };
    const SIGNED = { action: "SignedFirmwareStatusNotification", requestId: 1 };

    it("uploads below the folder that it is told, whether that ends with a slash or not", async () => {
      for (const folder of [`${base}/a`, `${base}/b/`])
        assert.deepEqual((await work((files) => files.upload(folder, "x 1.log", PLAIN), "Uploaded")).statuses, [
          "Uploading",
          "Uploaded",
        ]);
      assert.deepEqual(requests, ["PUT /a/x%201.log", "PUT /b/x%201.log"]);
    });

    it("uploads as a form: uploadsAsForm", async () => {
      await work((files) => files.upload(base, "x", PLAIN), "Uploaded", "uploadsAsForm");
      assert.deepEqual(requests, ["POST /"]);
    });

    it("says so when it cannot, in the words of either message", async () => {
      status = 500;
      await work((files) => files.upload(base, "x", PLAIN), "UploadFailed");
      await work((files) => files.upload(base, "x", SIGNED), "UploadFailure");
      await work((files) => files.update(base, 0, PLAIN), "DownloadFailed");
    });

    it("fetches firmware, restarts with it, and says so afterwards", async () => {
      const { statuses, installed } = await work((files) => files.update(`${base}/fw/2.0.bin`, 0, PLAIN), "Installed");
      assert.deepEqual(statuses, ["Downloading", "Downloaded", "Installing", "Installed"]);
      assert.equal(installed, "2.0");
    });

    it("waits for the date of a download, and checks the signature", async () => {
      const begun = work((files) => files.update(base, clock.wallMs() + 60_000, SIGNED), "Installed");
      assert.deepEqual(requests, []);
      clock.advance(60_000);
      assert.deepEqual((await begun).statuses, [
        "DownloadScheduled",
        "Downloading",
        "Downloaded",
        "SignatureVerified",
        "Installing",
        "Installed",
      ]);
      const { statuses } = await work((files) => files.update(base, 0, SIGNED), "InvalidSignature", "invalidSignature");
      assert.equal(statuses.at(-1), "InvalidSignature");
    });

    it("leaves no timer and no request behind", async () => {
      const { files } = await work((one) => one.update(base, clock.wallMs() + 60_000, SIGNED), "DownloadScheduled");
      files.close();
      assert.equal(clock.pending, 0);
    });
  });
});
