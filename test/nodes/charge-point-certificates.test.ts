import { strict as assert } from "node:assert";
import { execFileSync, spawnSync } from "node:child_process";
import { generateKeyPairSync, type KeyObject, X509Certificate } from "node:crypto";
import { copyFileSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { NodeMessage } from "node-red";
import testHelper from "node-red-node-test-helper";
import { type ClientConnection, connectClient } from "../../lib/ocpp/client.ts";
import type { CentralSystem } from "../../lib/site/central-system.ts";
import type { Site } from "../../lib/site/site.ts";
import type { CentralSystemPage } from "../../nodes/admin/types/central-system-page-types.ts";
import { Authority, type Issued, signingRequest } from "../certificates.ts";
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

const TYPES = ["tls-config", "ev-site", "ev-central-system", "ev-charge-point", "ev-command", "ev-event"];
const PASSWORD = "0123456789abcdef";
const servers = new Authority("Authority of servers");
const company = new Authority("Authority of a company");
const DAY_MS = 86_400_000;

type Fields = Record<string, unknown>;

/** A charge point that makes its key itself and asks for a certificate when it is told to. */
class SecureCharger {
  certificate = "";
  root = "";
  readonly key: KeyObject;
  readonly name: string;
  takes = true;
  closed = "";
  #connection: ClientConnection | undefined;

  constructor(name = "CP1", key: KeyObject = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey) {
    this.name = name;
    this.key = key;
  }

  async dial(port: number, profile: 2 | 3): Promise<void> {
    this.close();
    this.closed = "";
    const keyPem = this.key.export({ type: "pkcs8", format: "pem" }).toString();
    const own = { cert: this.certificate, key: keyPem };
    this.#connection = await connectClient({
      url: `wss://127.0.0.1:${port}`,
      identity: "CP1",
      tls: { ca: servers.cert, ...(profile === 3 && own) },
      ...(profile === 2 && { password: PASSWORD }),
      onCall: (action, payload) => this.#answer(action, payload as Record<string, string>),
      onClosed: (reason) => {
        this.closed = reason || "closed";
      },
    });
    await this.say("BootNotification", { chargePointVendor: "Maker", chargePointModel: "Box" });
  }

  say(action: string, payload: Fields): Promise<Fields> {
    return this.#connection!.call(action, payload);
  }

  ask(): Promise<Fields> {
    return this.say("SignCertificate", { csr: signingRequest(this.name, this.key) });
  }

  close(): void {
    this.#connection?.terminate("over");
  }

  #answer(action: string, payload: Record<string, string>): Fields {
    if (action === "InstallCertificate") this.root = payload["certificate"]!;
    if (action === "CertificateSigned" && this.takes) this.certificate = payload["certificateChain"]!;
    if (action === "CertificateSigned" && !this.takes) return { status: "Rejected" };
    if (payload["requestedMessage"] === "SignChargePointCertificate") setImmediate(() => void this.ask());
    return action === "GetConfiguration" ? { configurationKey: [] } : { status: "Accepted" };
  }
}

describe("Certificates of charge points", () => {
  let port: number;
  let charger: SecureCharger;

  const flow = (certificates: string, more: Fields = {}): FlowNode[] => [
    { id: "site", type: "ev-site", dataDir },
    { id: "tls", type: "tls-config", cert: "", key: "", ca: "", verifyservercert: false },
    { id: "cs", type: "ev-central-system", site: "site", host: "127.0.0.1", port, tls: "tls", certificates, ...more },
    { id: "cp", type: "ev-charge-point", centralSystem: "cs", identity: "CP1", aliases: ["SN-4711"] },
    { id: "command", type: "ev-command", centralSystem: "cs", wires: [["out"]] },
    { id: "event", type: "ev-event", centralSystem: "cs", wires: [["events"]] },
    { id: "out", type: "helper" },
    { id: "events", type: "helper" },
  ];
  const start = async (certificates: string, ca = ""): Promise<void> => {
    port = await freePort();
    const { cert, key }: Issued = servers.issue("localhost", ["localhost", "127.0.0.1"]);
    const tls = { certdata: cert, keydata: key, ...(ca && { cadata: ca }) };
    await deploy(TYPES, flow(certificates), { tls, cp: { password: PASSWORD } });
    await until("the port is open", () => ["yellow", "green"].includes(lastStatus("cs")?.fill ?? ""));
  };
  const siteOf = (): Site => (node("cs") as unknown as { site: Site }).site;
  const profiles = () => (node("cs") as unknown as { centralSystem: CentralSystem }).centralSystem.profiles;
  const command = async (action: string, payload: Fields = {}): Promise<Fields> => {
    const answer = nextMessage<NodeMessage & Fields>("out");
    node("command").receive({ chargePoint: "CP1", action, payload } as NodeMessage);
    return (await answer).payload as Fields;
  };
  const event = () =>
    nextMessage<NodeMessage & Fields>("events", ({ event: name }) => name === "certificate").then(
      ({ payload }) => payload as Fields,
    );
  const row = async () => {
    const { body } = await testHelper.request().get("/ev-charging/central-systems/cs").expect(200);
    return (body as CentralSystemPage).certificates?.[0];
  };

  beforeEach(() => {
    charger = new SecureCharger();
  });

  afterEach(async () => {
    charger.close();
    await stop();
  });

  it("are refused as long as nobody signs", async () => {
    await start("none");
    await charger.dial(port, 2);
    const told = event();
    assert.deepEqual(await charger.ask(), { status: "Rejected" });
    assert.equal((await told)["status"], "Rejected");
  });

  it("are signed, shown in profile 3, renewed ahead of their end, and refused once removed", async () => {
    await start("site");
    await charger.dial(port, 2);
    assert.deepEqual(await command("InstallSiteRoot"), { status: "Accepted" });
    assert.deepEqual(await command("RenewCertificate"), { status: "Accepted" });
    await until("the certificate is there", () => charger.certificate !== "");
    const [first, root] = [new X509Certificate(charger.certificate), new X509Certificate(charger.root)];
    assert.ok(first.checkIssued(root) && first.verify(root.publicKey) && first.checkPrivateKey(charger.key));
    assert.equal(first.subject, "CN=CP1");
    assert.equal(first.ca, false);
    const pem = join(siteOf().dataDir, "certificate-authority.pem");
    if (process.platform !== "win32") assert.equal(statSync(pem).mode & 0o777, 0o600);
    await until("it is noted", () => siteOf().certificates.issued.current("CP1") !== null);
    assert.deepEqual([(await row())?.state, (await row())?.daysLeft], ["accepted", 364]);

    await charger.dial(port, 3);
    assert.equal(profiles().highest("CP1"), 3);

    const { issued } = siteOf().certificates;
    const now = siteOf().clock.wallMs();
    await issued.put("CP1", { ...issued.current("CP1")!, untilWallMs: now + 10 * DAY_MS }, now);
    assert.equal(Math.round(siteOf().certificates.daysLeft()[0]!.days), 10);
    const before = charger.certificate;
    siteOf().certificates.look();
    await until("it is renewed", () => charger.certificate !== before);
    await charger.dial(port, 3);

    const removed = await command("RemoveCertificate");
    assert.deepEqual(removed, { status: "Accepted", removed: 2 });
    await until("it is hung up", () => charger.closed !== "");
    await assert.rejects(charger.dial(port, 3), /403/);
    assert.equal((await row())?.state, "removed");
  });

  it("stay removed when an older copy of the database is put back, also one that has never heard of them", async () => {
    await start("site");
    const database = (name = "") => join(siteOf().dataDir, `ev-charging.sqlite${name}`);
    await siteOf().store.settled();
    const [live, ignorant, copy] = [
      database(),
      join(dataDir, "..", `ignorant-${port}`),
      join(dataDir, "..", `copy-${port}`),
    ];
    const again = async (before?: () => void) => {
      charger.close();
      await stop({ keepData: true });
      before?.();
      await start("site");
    };
    const putBack = (from: string) => () => {
      for (const end of ["", "-wal", "-shm"]) rmSync(live + end, { force: true });
      copyFileSync(from, live);
    };
    try {
      await again(() => copyFileSync(live, ignorant));
      await charger.dial(port, 2);
      await command("InstallSiteRoot");
      await command("RenewCertificate");
      await until("it is noted", () => siteOf().certificates.issued.current("CP1") !== null);
      await charger.dial(port, 3);
      await again(() => copyFileSync(live, copy));
      await charger.dial(port, 3);
      await again(putBack(ignorant));
      await charger.dial(port, 3);
      assert.deepEqual(siteOf().certificates.issued.of("CP1"), [], "this database has never heard of it");
      assert.equal((await command("RemoveCertificate"))["removed"], 1);
      await until("it is hung up", () => charger.closed !== "");
      await again(putBack(copy));
      assert.equal(siteOf().certificates.issued.current("CP1")?.state, "accepted", "as this copy knows it");
      await assert.rejects(charger.dial(port, 3), /403/);
      await again(putBack(ignorant));
      await assert.rejects(charger.dial(port, 3), /403/);
      charger.certificate = "";
      await charger.dial(port, 2);
      await command("RenewCertificate");
      await until("it has a new one", () => siteOf().certificates.issued.current("CP1") !== null);
      await charger.dial(port, 3);
    } finally {
      for (const file of [ignorant, copy]) rmSync(file, { force: true });
    }
  });

  it("are not signed for another name, a weak key, a wrong signature or without TLS and password", async () => {
    await start("site");
    await charger.dial(port, 2);
    const refused = async (csr: string): Promise<string> => {
      const told = event();
      assert.deepEqual(await charger.say("SignCertificate", { csr }), { status: "Rejected" });
      return String((await told)["reason"]);
    };
    const { key } = charger;
    assert.match(await refused(signingRequest("CP2", key)), /asked for a certificate for CP2/);
    assert.match(await refused("no request"), /not in PEM form/);
    const weak = generateKeyPairSync("rsa", { modulusLength: 1024 }).privateKey;
    assert.match(await refused(signingRequest("CP1", weak)), /key is of another kind/);
    const other = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
    assert.match(await refused(signingRequest("CP1", key, other)), /signature is wrong/);
    const cut = signingRequest("CP1", key).split("\n").toSpliced(2, 1).join("\n");
    assert.match(await refused(cut), /was refused/);
    profiles().allowLower("CP1");
    assert.match(await refused(signingRequest("CP1", key)), /not connected with a password over TLS/);
    assert.equal(charger.certificate, "");
    charger.close();
    charger = new SecureCharger("SN-4711", generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey);
    await charger.dial(port, 2);
    assert.deepEqual(await charger.ask(), { status: "Accepted" });
    await until("the certificate is there", () => charger.certificate !== "");
    await charger.dial(port, 3);
  });

  it("tell a person when the charge point does not take them", async () => {
    await start("site");
    await charger.dial(port, 2);
    charger.takes = false;
    await charger.ask();
    await until("it is noted", () => siteOf().certificates.views(["CP1"])[0]?.problem != null);
    assert.match(String((await row())?.problem), /did not take the certificate: Rejected\. Install the root/);
  });

  it("are signed by a company's authority through a flow, and only for the key of the request", async () => {
    await start("flow", company.cert);
    await charger.dial(port, 2);
    const told = event();
    assert.deepEqual(await charger.ask(), { status: "Accepted" });
    const { csr, requestId, status } = await told;
    assert.equal(status, "Accepted");
    assert.match(String(requestId), /^[0-9a-f-]{36}$/);
    assert.match(String(csr), /BEGIN CERTIFICATE REQUEST/);
    assert.equal((await row())?.waits, true);
    const wrong = company.issue("CP1").cert;
    node("command").receive({
      ...{ chargePoint: "CP1", action: "CertificateSigned", payload: { certificateChain: wrong } },
    } as unknown as NodeMessage);
    await until("it is refused", () => errorsOf("command").some(({ message }) => /not for the key/.test(message)));
    assert.equal(charger.certificate, "");
    const certificateChain = company.sign("CP1", charger.key);
    assert.deepEqual(await command("CertificateSigned", { certificateChain }), { status: "Accepted" });
    await charger.dial(port, 3);
    assert.equal((await row())?.state, "accepted");
  });

  it("need TLS of the server", async () => {
    port = await freePort();
    await deploy(TYPES, flow("site", { tls: "" }));
    assert.ok(errorsOf("cs").some(({ message }) => /certificates/.test(message)));
  });

  it("and their requests are understood by OpenSSL, too", async function () {
    if (spawnSync("openssl", ["version"]).status !== 0) return this.skip();
    const folder = mkdtempSync(join(tmpdir(), "phasewise-csr-"));
    const openssl = (...given: string[]) => execFileSync("openssl", given, { cwd: folder, encoding: "utf8" });
    try {
      openssl("ecparam", "-name", "secp384r1", "-genkey", "-noout", "-out", "key.pem");
      const csr = openssl("req", "-new", "-key", "key.pem", "-sha384", "-subj", "/O=Operator/CN=CP1");
      await start("site");
      await charger.dial(port, 2);
      assert.deepEqual(await charger.say("SignCertificate", { csr }), { status: "Accepted" });
      await until("the certificate is there", () => charger.certificate !== "");
      writeFileSync(join(folder, "root.pem"), siteOf().certificates.root());
      writeFileSync(join(folder, "own.pem"), charger.certificate);
      const verify = ["verify", "-x509_strict", "-purpose", "sslclient", "-CAfile", "root.pem", "own.pem"];
      assert.match(openssl(...verify), /own\.pem: OK/);
      const text = openssl("x509", "-in", "own.pem", "-noout", "-text");
      assert.match(text, /Subject: O\s*=\s*Operator, CN\s*=\s*CP1/);
      assert.match(text, /TLS Web Client Authentication/);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
