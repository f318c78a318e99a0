import { strict as assert } from "node:assert";
import { once } from "node:events";
import { connect as connectPlain } from "node:net";
import { type ConnectionOptions, connect } from "node:tls";
import { WebSocket } from "ws";
import { checkTls } from "../../../lib/ocpp/server/tls.ts";
import type { RefusedUpgrade } from "../../../lib/ocpp/server/upgrade.ts";
import { Authority, type Issued } from "../../certificates.ts";
import { type Bench, openBench, RawClient, until } from "../fixtures.ts";

const authority = new Authority("Test authority");
const server = authority.issue("localhost", ["localhost", "127.0.0.1"]);

/** A charge point over TLS that trusts the test authority. */
function secureClient(port: number, identity: string, options: ConnectionOptions = {}): RawClient {
  const client = new RawClient(`wss://127.0.0.1:${port}/${identity}`, { tls: { ca: authority.cert, ...options } });
  return client;
}

describe("an ocpp endpoint with TLS", () => {
  let bench: Bench;
  const clients: RawClient[] = [];
  const refusals: RefusedUpgrade[] = [];
  const dial = async (identity: string, options: ConnectionOptions = {}): Promise<RawClient> => {
    const client = secureClient(bench.port, identity, options);
    clients.push(client);
    await client.opened;
    return client;
  };
  beforeEach(async () => {
    const tls = { ...server, clientCertificates: false };
    bench = await openBench({ tls, onRefusal: (refusal) => refusals.push(refusal) });
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) client.socket.terminate();
    refusals.length = 0;
    await bench.close();
  });

  /** Opens a TLS connection and resolves with its protocol and the server's certificate. */
  const handshake = async (
    options: ConnectionOptions = {},
  ): Promise<{ protocol: string | null; fingerprint: string }> => {
    const socket = connect({ port: bench.port, host: "127.0.0.1", ca: authority.cert, ...options });
    await once(socket, "secureConnect");
    const seen = { protocol: socket.getProtocol(), fingerprint: socket.getPeerCertificate().fingerprint256 };
    socket.destroy();
    return seen;
  };

  it("serves a charge point, and tells the directory that it is encrypted", async () => {
    const client = await dial("CP1");
    assert.equal((await client.ask("a", "Heartbeat"))[0], 3);
    assert.equal(bench.directory.requests[0]?.encrypted, true);
    assert.equal(bench.directory.requests[0]?.certificateName, null);
  });

  it("speaks TLS 1.2 and 1.3, and nothing older", async () => {
    assert.equal((await handshake({ maxVersion: "TLSv1.2" })).protocol, "TLSv1.2");
    assert.equal((await handshake()).protocol, "TLSv1.3");
    const old = { minVersion: "TLSv1.1", maxVersion: "TLSv1.1", ciphers: "DEFAULT@SECLEVEL=0" } as const;
    await assert.rejects(handshake(old));
    await until(() => refusals.some(({ reason }) => reason.startsWith("No TLS:")));
  });

  it("offers the cipher suites of the white paper", async () => {
    for (const ciphers of ["ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384"])
      await handshake({ ciphers, maxVersion: "TLSv1.2" });
  });

  describe("with an RSA certificate", () => {
    const LOCAL = ["localhost", "127.0.0.1"];
    const rsa = authority.issue("localhost", LOCAL, "RSA");
    const RSA = ["ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-RSA-AES256-GCM-SHA384"];
    const ECDSA = ["ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384"];
    const reopen = async (cert: string, key: string): Promise<void> => {
      await bench.close();
      bench = await openBench({ tls: { cert, key, clientCertificates: false } });
    };

    it("offers the white paper's cipher suites of that kind", async () => {
      await reopen(rsa.cert, rsa.key);
      for (const ciphers of RSA) await handshake({ ciphers, maxVersion: "TLSv1.2" });
      await assert.rejects(handshake({ ciphers: ECDSA[0]!, maxVersion: "TLSv1.2" }));
    });

    it("and an ECDSA one in the same file offers all four, whatever the order, each with the chain behind it", async () => {
      const chain = authority.cert;
      await reopen(`${rsa.cert}${chain}${server.cert}${chain}`, `${server.key}${rsa.key}`);
      for (const ciphers of [...RSA, ...ECDSA]) await handshake({ ciphers, maxVersion: "TLSv1.2" });
      assert.equal((await handshake()).protocol, "TLSv1.3");
    });

    it("is not used with the keys of others", () => {
      const [one, other] = [authority.issue("a").key, authority.issue("b").key];
      const tls = { cert: rsa.cert, key: `${one}${other}`, clientCertificates: false };
      assert.throws(() => checkTls(tls), { code: "EV_TLS_CERTIFICATE" });
    });
  });

  it("exchanges its certificate while a charge point stays connected", async () => {
    const client = await dial("CP1");
    const before = await handshake();
    const renewed = authority.issue("localhost", ["localhost", "127.0.0.1"]);
    bench.endpoint.configure({ tls: { ...renewed, clientCertificates: false } });
    assert.notEqual((await handshake()).fingerprint, before.fingerprint);
    assert.equal((await client.ask("a", "Heartbeat"))[0], 3);
  });

  it("keeps the certificate it has when the new one does not fit its key", async () => {
    const before = await handshake();
    const wrong = { cert: authority.issue("a").cert, key: authority.issue("b").key, clientCertificates: false };
    assert.throws(() => bench.endpoint.configure({ tls: wrong }), { code: "EV_TLS_CERTIFICATE" });
    assert.equal((await handshake()).fingerprint, before.fingerprint);
  });

  it("drops a client that speaks plain HTTP, and goes on", async () => {
    const socket = connectPlain(bench.port, "127.0.0.1");
    socket.on("error", () => undefined);
    socket.write("GET /CP1 HTTP/1.1\r\nHost: x\r\n\r\n");
    await once(socket.resume(), "close");
    await dial("CP1");
    assert.equal(refusals[0]?.identity, null);
  });

  it("closes with 1001, and does not wait for a client that never finishes its handshake", async () => {
    const client = await dial("CP1");
    const silent = connectPlain(bench.port, "127.0.0.1");
    silent.on("error", () => undefined);
    await once(silent, "connect");
    const gone = once(silent.resume(), "close");
    await bench.endpoint.close();
    assert.equal(await client.closed, 1001);
    await gone;
  });
});

describe("an ocpp endpoint that wants client certificates", () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await openBench({ tls: { ...server, ca: authority.cert, clientCertificates: true } });
  });
  afterEach(() => bench.close());

  const dial = async (options: Partial<Issued>): Promise<RawClient> => {
    const client = secureClient(bench.port, "CP1", options);
    await client.opened;
    return client;
  };

  it("tells the directory the common name of a certificate it has verified", async () => {
    const client = await dial(authority.issue("CP1"));
    assert.equal(bench.directory.requests[0]?.certificateName, "CP1");
    client.socket.terminate();
  });

  it("finishes no handshake without one, or with one of another authority, whatever its name", async () => {
    await assert.rejects(dial({}));
    await assert.rejects(dial(new Authority("Another authority").issue("CP1")));
    await assert.rejects(dial(new Authority("Test authority").issue("CP1")));
    assert.equal(bench.directory.requests.length, 0);
  });
});

describe("an ocpp endpoint whose certificate is unusable", () => {
  for (const [what, tls] of [
    ["there is none", {}],
    ["it does not fit the key", { cert: authority.issue("a").cert, key: authority.issue("b").key }],
    ["it is no certificate", { cert: "x", key: server.key }],
    ["no authority could check clients", { ...server, clientCertificates: true }],
  ] as const) {
    it(`does not open its port: ${what}`, async () => {
      await assert.rejects(openBench({ tls: { clientCertificates: false, ...tls } }), { code: "EV_TLS_CERTIFICATE" });
    });
  }
});

describe("an unencrypted ocpp endpoint", () => {
  it("drops a client that speaks TLS", async () => {
    const bench = await openBench();
    const socket = new WebSocket(`wss://127.0.0.1:${bench.port}/CP1`, "ocpp1.6", { rejectUnauthorized: false });
    await assert.rejects(once(socket, "open"));
    await bench.close();
  });
});
