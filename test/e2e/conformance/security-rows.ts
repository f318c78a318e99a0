/** OCPP 1.6 security white paper, and the threats that peers fell for. */
import { strict as assert } from "node:assert";
import { connect } from "node:tls";
import { Authority } from "../../certificates.ts";
import { commanded } from "./commanded.ts";
import { type Bench, PASSWORD } from "./product.ts";
import { at, type Row } from "./row.ts";
import { words } from "./said.ts";
import { takeAll } from "./wire.ts";

const WITH_PASSWORD = ["passwords", "TLS"] as const;
/** A key as it is sent: hexadecimal. */
const NEW_KEY = "00ff10ef20df30cf40bf50af609f708f";
const WITH_TLS = ["TLS", "mutual TLS"] as const;
const ECDSA_SUITES = ["ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384"];
const RSA_SUITES = ["ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-RSA-AES256-GCM-SHA384"];

const basic = (user: string, password: string) => ({
  Authorization: `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`,
});

async function refusedWith(bench: Bench, headers: Record<string, string>): Promise<void> {
  const request = bench.request(undefined, headers);
  assert.match(await bench.raw(request), /^HTTP\/1\.1 401 [\s\S]*WWW-Authenticate: Basic/);
}

const PASSWORDS: Row[] = [
  {
    id: "TC_085, A00.FR.204",
    rule: "a missing or wrong password gets 401 before the upgrade, and nothing is told to the charge point",
    on: WITH_PASSWORD,
    async run(bench) {
      await refusedWith(bench, { Authorization: "" });
      await refusedWith(bench, basic(bench.identity, "wrong"));
      await refusedWith(bench, basic(bench.identity, `${PASSWORD}0`));
      await (await bench.dial()).settled();
    },
  },
  {
    id: "A00.FR.205",
    rule: "the user name is the identity in the address: another one's password opens nothing",
    on: WITH_PASSWORD,
    async run(bench) {
      await refusedWith(bench, basic(`${bench.identity}-b`, PASSWORD));
      await refusedWith(bench, basic("", PASSWORD));
    },
  },
  {
    id: "A00.FR.206",
    rule: "who guesses has to wait, and the charge point that is connected does not notice",
    on: WITH_PASSWORD,
    async run(bench) {
      const wire = await bench.booted();
      const answers: string[] = [];
      for (let guess = 0; guess < 8; guess++)
        answers.push((await bench.raw(bench.request(undefined, basic(bench.identity, `guess ${guess}`)))).slice(9, 12));
      assert.equal(answers[0], "401");
      assert.equal(answers.at(-1), "429");
      await wire.settled();
    },
  },
  {
    id: "TC_073, A01.FR.02",
    rule: "a password changed over OCPP is the only one that counts from then on, as bytes",
    on: WITH_PASSWORD,
    async run(bench) {
      const wire = await bench.booted();
      const payload = { key: "AuthorizationKey", value: NEW_KEY };
      assert.equal((await bench.command("ChangeConfiguration", payload)).ok, true);
      await wire.close();
      await refusedWith(bench, basic(bench.identity, PASSWORD));
      const bytes = Buffer.concat([Buffer.from(`${bench.identity}:`), Buffer.from(NEW_KEY, "hex")]);
      const again = await bench.dial({ headers: { Authorization: `Basic ${bytes.toString("base64")}` } });
      await again.settled();
    },
  },
  ...["Rejected", "NotSupported"].map((word) => ({
    id: "TC_073, A01.FR.05",
    rule: `a new password that is answered ${word} changes nothing`,
    on: WITH_PASSWORD,
    async run(bench: Bench) {
      const wire = await bench.booted();
      wire.reply = (call) =>
        call.action === "ChangeConfiguration" && call.payload["key"] === "AuthorizationKey"
          ? { status: word }
          : takeAll(call);
      const payload = { key: "AuthorizationKey", value: NEW_KEY };
      assert.equal((await bench.command("ChangeConfiguration", payload)).ok, false);
      await wire.close();
      const bytes = Buffer.concat([Buffer.from(`${bench.identity}:`), Buffer.from(NEW_KEY, "hex")]);
      await refusedWith(bench, { Authorization: `Basic ${bytes.toString("base64")}` });
      await (await bench.dial()).settled();
    },
  })),
  {
    id: "A00.FR.201",
    rule: "a web page that dials as a charge point gets 403 where no password protects",
    on: ["open"],
    run: (bench) =>
      assert.rejects(bench.dial({ headers: { Origin: "https://evil.example" } }), { message: "HTTP 403" }),
  },
];

const TLS: Row[] = [
  {
    id: "TC_086, A00.FR.312",
    rule: "TLS 1.2 and 1.3 are spoken, older ones are not",
    on: WITH_TLS,
    async run(bench) {
      for (const version of ["TLSv1.2", "TLSv1.3"] as const) assert.equal(await tlsVersion(bench, version), version);
      await assert.rejects(tlsVersion(bench, "TLSv1.1"));
    },
  },
  {
    id: "TC_086, A00.FR.317",
    rule: "the cipher suites of the white paper for an ECDSA and an RSA certificate are spoken on one port",
    on: ["TLS"],
    async run(bench) {
      for (const ciphers of [...ECDSA_SUITES, ...RSA_SUITES])
        assert.equal(await tlsVersion(bench, "TLSv1.2", ciphers), "TLSv1.2", ciphers);
    },
  },
  {
    id: "TC_086, A00.FR.317",
    rule: "with an RSA certificate alone its cipher suites are spoken, and no others",
    on: ["mutual TLS"],
    async run(bench) {
      for (const ciphers of RSA_SUITES) assert.equal(await tlsVersion(bench, "TLSv1.2", ciphers), "TLSv1.2", ciphers);
      for (const ciphers of ECDSA_SUITES) await assert.rejects(tlsVersion(bench, "TLSv1.2", ciphers));
    },
  },
  {
    id: "A00.FR.301",
    rule: "nothing is served without TLS where there is TLS",
    on: WITH_TLS,
    run: (bench) => assert.rejects(bench.dial({ url: `ws://127.0.0.1:${bench.port}/${bench.identity}` })),
  },
  {
    id: "TC_087, A00.FR.402",
    rule: "without a certificate of a charge point, or with one of another authority, nobody gets in",
    on: ["mutual TLS"],
    async run(bench) {
      const ca = bench.product.authority.cert;
      await assert.rejects(bench.dial({ tls: { ca } }));
      await assert.rejects(bench.dial({ tls: { ca, ...new Authority("Conformance").issue(bench.identity) } }));
      await (await bench.dial()).settled();
    },
  },
  {
    id: "A00.FR.404",
    rule: "a certificate opens the door of the charge point it names, and no other",
    on: ["mutual TLS"],
    async run(bench) {
      const { authority } = bench.product;
      const foreign = { ca: authority.cert, ...authority.issue(`${bench.identity}-b`) };
      await assert.rejects(bench.dial({ tls: foreign }), { message: "HTTP 403" });
    },
  },
  {
    id: "TC_083, A05.FR.09",
    rule: "who has connected with a security profile does not get in with a lower one",
    on: ["TLS", "mutual TLS"],
    async run(bench) {
      await (await bench.booted()).close();
      const url = `ws://127.0.0.1:${bench.product.ports.passwords}/${bench.identity}`;
      await assert.rejects(bench.dial({ url, headers: basic(bench.identity, PASSWORD) }), /HTTP 40[134]/);
    },
  },
];

function tlsVersion(
  bench: Bench,
  version: "TLSv1.1" | "TLSv1.2" | "TLSv1.3",
  ciphers = "DEFAULT@SECLEVEL=0",
): Promise<string | null> {
  const { authority } = bench.product;
  const own = bench.system === "mutual TLS" ? authority.issue(bench.identity) : {};
  const options = { port: bench.port, host: "127.0.0.1", ca: authority.cert, ...own, ciphers };
  return new Promise((resolve, reject) => {
    const socket = connect({ ...options, minVersion: version, maxVersion: version }, () => {
      resolve(socket.getProtocol());
      socket.destroy();
    });
    socket.once("error", reject);
  });
}

const hash = { hashAlgorithm: "SHA256", issuerNameHash: "aa", issuerKeyHash: "bb", serialNumber: "01" };
const firmware = {
  ...{ location: "https://192.0.2.1/f.bin", retrieveDateTime: at(Date.now()) },
  ...{ signingCertificate: "CERTIFICATE", signature: "SIGNATURE" },
};
const log = { remoteLocation: "https://192.0.2.1/log" };
const accepted = { status: "Accepted" };

/** Requests of the white paper with answers that mean yes and no. */
const REQUESTS: [id: string, action: string, payload: object, yes: object, no: object][] = [
  [
    "TC_074",
    "ExtendedTriggerMessage",
    { requestedMessage: "SignChargePointCertificate" },
    accepted,
    { status: "NotImplemented" },
  ],
  ["TC_074", "CertificateSigned", { certificateChain: "CERTIFICATE" }, accepted, { status: "Rejected" }],
  [
    "TC_075_1",
    "InstallCertificate",
    { certificateType: "CentralSystemRootCertificate", certificate: "CERTIFICATE" },
    accepted,
    { status: "Failed" },
  ],
  ["TC_076", "DeleteCertificate", { certificateHashData: hash }, accepted, { status: "NotFound" }],
  [
    "TC_079",
    "GetLog",
    { logType: "SecurityLog", requestId: 5, log },
    { status: "Accepted", filename: "l" },
    { status: "Rejected" },
  ],
];

const MESSAGES: Row[] = [
  ...REQUESTS.flatMap(([id, action, payload, yes, no]) =>
    [yes, no].map((answer) => ({
      id,
      rule: `${action}: ${(answer as { status: string }).status}`,
      async run(bench: Bench) {
        const { asked, got } = await commanded(bench, action, payload, () => answer);
        assert.deepEqual(asked, payload);
        assert.equal(got.ok, answer === yes, JSON.stringify(got));
        assert.deepEqual(got.payload, answer);
      },
    })),
  ),
  ...(
    [
      ["TC_080", ["Downloading", "Downloaded", "SignatureVerified", "Installing", "Installed"]],
      ["TC_081", ["Downloading", "Downloaded", "InvalidSignature"]],
    ] as const
  ).map(([id, steps]) => ({
    id,
    rule: `SignedUpdateFirmware: taken, and reported to the end: ${steps.at(-1)}`,
    async run(bench: Bench) {
      const wire = await bench.booted();
      const payload = { requestId: 6, firmware };
      assert.deepEqual(await bench.command("SignedUpdateFirmware", payload), { ok: true, payload: accepted });
      for (const status of steps) {
        assert.deepEqual(await wire.confirmed("SignedFirmwareStatusNotification", { status, requestId: 6 }), {});
        await bench.event("firmware", (event) => event.payload["status"] === status);
      }
    },
  })),
  {
    id: "TC_080",
    rule: "SignedUpdateFirmware: InvalidCertificate",
    async run(bench) {
      const answer = { status: "InvalidCertificate" };
      const { got } = await commanded(bench, "SignedUpdateFirmware", { requestId: 6, firmware }, () => answer);
      assert.deepEqual([got.ok, got.payload, got.error?.kind], [false, answer, "rejected"]);
    },
  },
  {
    id: "TC_075_2",
    rule: "GetInstalledCertificateIds: what is installed, and that nothing is",
    async run(bench) {
      const payload = { certificateType: "CentralSystemRootCertificate" };
      for (const answer of [{ status: "NotFound" }, { status: "Accepted", certificateHashData: [hash] }]) {
        const { got } = await commanded(bench, "GetInstalledCertificateIds", payload, () => answer);
        assert.deepEqual([got.ok, got.payload], [true, answer]);
      }
    },
  },
  {
    id: "A02.FR.12",
    rule: "SignCertificate: Rejected where there is no authority behind the central system",
    async run(bench) {
      const wire = await bench.booted();
      assert.deepEqual(await wire.confirmed("SignCertificate", { csr: "CSR" }), { status: "Rejected" });
      await bench.event("certificate");
    },
  },
  {
    id: "TC_077, TC_078",
    rule: "SecurityEventNotification is confirmed and told",
    async run(bench) {
      const wire = await bench.booted();
      const payload = { type: "TamperDetectionActivated", timestamp: at(Date.now()), techInfo: "lid" };
      assert.deepEqual(await wire.confirmed("SecurityEventNotification", payload), {});
      await bench.event("security", (event) => event.payload["type"] === payload.type);
    },
  },
  ...(
    [
      ["TC_079", "LogStatusNotification", "UploadLog", "diagnostics"],
      ["TC_081", "SignedFirmwareStatusNotification", "SignedFirmware", "firmware"],
    ] as const
  ).map(([id, action, list, event]) => ({
    id,
    rule: `${action}: every word is confirmed and told`,
    async run(bench: Bench) {
      const wire = await bench.booted();
      for (const status of words(list)) {
        assert.deepEqual(await wire.confirmed(action, { status, requestId: 5 }), {});
        await bench.event(event, ({ payload }) => payload["status"] === status);
      }
    },
  })),
];

export const SECURITY: readonly Row[] = [...PASSWORDS, ...TLS, ...MESSAGES];
