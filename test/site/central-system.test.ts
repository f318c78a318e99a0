import { strict as assert } from "node:assert";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import WebSocket from "ws";
import type { StationEvent } from "../../lib/messages.ts";
import { CentralSystem, type CentralSystemSettings, type CentralSystemState } from "../../lib/site/central-system.ts";
import { Site } from "../../lib/site/site.ts";
import { Authority } from "../certificates.ts";
import { freePort } from "../free-port.ts";

describe("A central system", () => {
  const dataDir = mkdtempSync(join(tmpdir(), "phasewise-cs-"));
  let site: Site;
  let system: CentralSystem;
  const sockets: WebSocket[] = [];
  const blockers: Server[] = [];

  beforeEach(() => {
    site = new Site({ key: "site", dataDir });
    system = new CentralSystem("cs", site);
  });
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.terminate();
    for (const blocker of blockers.splice(0)) blocker.close();
    await system.close();
    site.close();
  });
  after(() => rmSync(dataDir, { recursive: true, force: true }));

  const settings = (port: number, more: Partial<CentralSystemSettings> = {}): CentralSystemSettings => ({
    host: "127.0.0.1",
    port,
    path: "/",
    pingS: 20,
    callTimeoutS: 30,
    tls: null,
    messageStore: null,
    policy: {
      unknownChargePoints: "accept",
      sharedPassword: null,
      requirePassword: false,
      allowMissingSubprotocol: false,
      heartbeatS: 60,
    },
    ...more,
  });
  const dial = async (port: number, auth?: string): Promise<WebSocket> => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/CP1`, "ocpp1.6", auth === undefined ? {} : { auth });
    sockets.push(socket);
    await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));
    return socket;
  };
  const stateOf = (kind: CentralSystemState["kind"]): Promise<CentralSystemState> =>
    new Promise((resolve) => system.onState((state) => state.kind === kind && resolve(state)));

  it("keeps its sockets when settings change that do not concern where it listens", async () => {
    const port = await freePort();
    await system.apply(settings(port), null);
    const socket = await dial(port);
    await system.apply(settings(port, { pingS: 5 }), null);
    assert.equal(socket.readyState, WebSocket.OPEN);
  });

  it("moves to another port and closes what was on the old one", async () => {
    const [from, to] = [await freePort(), await freePort()];
    await system.apply(settings(from), null);
    const socket = await dial(from);
    const closed = new Promise((resolve) => socket.once("close", resolve));
    await system.apply(settings(to), null);
    await closed;
    await dial(to);
  });

  it("says by name that its port is in use", async () => {
    const blocker = createServer();
    blockers.push(blocker);
    const port = await new Promise<number>((resolve) =>
      blocker.listen(0, "127.0.0.1", () => resolve((blocker.address() as { port: number }).port)),
    );
    await system.apply(settings(port), null);
    const state = await stateOf("failed");
    assert.equal(state.kind === "failed" && (state.error as { code?: string }).code, "EV_PORT_IN_USE");
  });

  describe("over TLS", () => {
    const authority = new Authority("Test authority");
    const tls = { ...authority.issue("localhost", ["127.0.0.1"]), clientCertificates: false };
    const dialSecure = async (port: number, identity = "CP1"): Promise<WebSocket> => {
      const socket = new WebSocket(`wss://127.0.0.1:${port}/${identity}`, "ocpp1.6", { ca: authority.cert });
      sockets.push(socket);
      await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));
      return socket;
    };

    it("keeps its sockets when the certificate changes, also to one that cannot be used, and says so", async () => {
      const port = await freePort();
      await system.apply(settings(port, { tls }), null);
      const socket = await dialSecure(port);
      await system.apply(settings(port, { tls: { ...tls, key: authority.issue("other").key } }), null);
      assert.equal(system.state.kind, "failed");
      await dialSecure(port, "CP2");
      await system.apply(settings(port, { tls }), null);
      assert.equal(system.state.kind, "listening");
      assert.equal(socket.readyState, WebSocket.OPEN);
    });

    it("drops unencrypted sockets when it is switched on", async () => {
      const port = await freePort();
      await system.apply(settings(port), null);
      const socket = await dial(port);
      const closed = once(socket, "close");
      await system.apply(settings(port, { tls }), null);
      await closed;
      await dialSecure(port);
    });

    it("reports a charge point that cannot shake hands, and why", async () => {
      const port = await freePort();
      await system.apply(settings(port, { tls }), null);
      const reported = new Promise<StationEvent>((resolve) => site.stations.onEvent(resolve));
      const rsaOnly = { ciphers: "ECDHE-RSA-AES128-GCM-SHA256", maxVersion: "TLSv1.2" } as const;
      const socket = new WebSocket(`wss://127.0.0.1:${port}/CP1`, "ocpp1.6", { ca: authority.cert, ...rsaOnly });
      sockets.push(socket);
      await once(socket, "error");
      const { event, chargePoint, payload } = await reported;
      assert.deepEqual([event, chargePoint, payload["address"]], ["security", "", "127.0.0.1"]);
      assert.match(String(payload["reason"]), /^No TLS: .*no.shared.cipher/i);
    });
  });

  it("reports who is turned away for guessing", async () => {
    const port = await freePort();
    const policy = { ...settings(port).policy, sharedPassword: "right" };
    await system.apply(settings(port, { policy }), null);
    const events: StationEvent[] = [];
    site.stations.onEvent((event) => events.push(event));
    for (let guess = 0; guess < 6; guess++) await assert.rejects(dial(port, `CP1:${guess}`));
    assert.equal(events[0]?.payload["httpStatus"], 401);
    await assert.rejects(dial(port, "CP1:6"), /429/);
  });

  it("keeps messages on disk from the moment that is chosen, and in memory when it is no more", async () => {
    const port = await freePort();
    const path = join(dataDir, "messages.sqlite");
    const query = { chargePoint: null, action: "Heartbeat", id: null, text: null, most: 100 };
    const beat = async (socket: WebSocket, id: string): Promise<void> => {
      socket.send(JSON.stringify([2, id, "Heartbeat", {}]));
      await once(socket, "message");
    };
    const ids = async () => (await system.messages(query)).map(({ id, kind }) => `${id} ${kind}`);
    await system.apply(settings(port), null);
    const socket = await dial(port);
    await beat(socket, "a");
    await system.apply(settings(port, { messageStore: { path, mostMB: 10, mostDays: 1 } }), null);
    await beat(socket, "b");
    assert.deepEqual(await ids(), ["b call", "b result"]);
    await system.apply(settings(port), null);
    await beat(socket, "c");
    assert.deepEqual(await ids(), ["a call", "a result", "b call", "b result", "c call", "c result"]);
  });

  it("is not listening any more once closed", async () => {
    const port = await freePort();
    await system.apply(settings(port), null);
    await system.close();
    await assert.rejects(dial(port));
  });
});
