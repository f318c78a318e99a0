/** What attackers of charging networks have done, at the real endpoint with real stations, over real sockets. */
import { strict as assert } from "node:assert";
import { once } from "node:events";
import { connect } from "node:net";
import type { StationEvent } from "../../lib/messages.ts";
import { createEndpoint, type Endpoint } from "../../lib/ocpp/server/endpoint.ts";
import { type CentralSystemPolicy, createDirectory } from "../../lib/station/connection/central-system.ts";
import { definition, StationBench } from "../station/fake-charge-point.ts";
import { RawClient, rawExchange, until } from "./fixtures.ts";

const KEY = "00112233445566778899aabbccddeeff";

describe("An attacker", () => {
  let bench: StationBench;
  let endpoint: Endpoint;
  let port: number;
  let policy: CentralSystemPolicy;
  const events: StationEvent[] = [];
  const clients: RawClient[] = [];

  beforeEach(async () => {
    bench = new StationBench();
    policy = {
      unknownChargePoints: "park",
      sharedPassword: null,
      requirePassword: true,
      allowMissingSubprotocol: false,
      heartbeatS: 60,
    };
    for (const [identity, password] of [
      ["CP1", KEY],
      ["CP2", "another password"],
    ] as const)
      bench.stations.configure(definition({ identity, aliases: [], password }));
    bench.stations.onEvent((event) => events.push(event));
    const directory = createDirectory(bench.stations, () => policy, "cs");
    endpoint = createEndpoint({ host: "127.0.0.1", port: 0 }, directory, bench.clock);
    ({ port } = await endpoint.listen());
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) client.socket.terminate();
    events.length = 0;
    await endpoint.close();
    bench.close();
  });

  const dial = async (identity: string, password?: string, more: Record<string, string> = {}): Promise<RawClient> => {
    const user = decodeURIComponent(identity);
    const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
    const headers = { ...more, ...(password !== undefined && { authorization }) };
    const client = new RawClient(`ws://127.0.0.1:${port}/${identity}`, { headers });
    clients.push(client);
    await client.opened;
    return client;
  };
  const serves = async (client: RawClient, id: string): Promise<void> =>
    assert.equal((await client.ask(id, "Heartbeat"))[0], 3);

  it("who poses as a charge point without its password gets 401 and no session (threat 1)", async () => {
    for (const password of [undefined, "", "wrong", `${KEY} `]) {
      await assert.rejects(dial("CP1", password), { message: "HTTP 401" });
      bench.clock.advance(700_000);
    }
    assert.equal(endpoint.connections().size, 0);
  });

  it("who dials as a charge point that has no password, where one is required, gets 401 (threat 1)", async () => {
    await assert.rejects(dial("STRANGER", "anything"), { message: "HTTP 401" });
  });

  it("who connects as one that is connected changes nothing without the password (threat 2)", async () => {
    const real = await dial("CP1", KEY);
    await assert.rejects(dial("CP1", "wrong"), { message: "HTTP 401" });
    await serves(real, "a");
    assert.equal(endpoint.connections().size, 1);
  });

  it("whose old socket closes late does not take the real charge point's entry along (threat 2)", async () => {
    const first = await dial("CP1", KEY);
    const second = await dial("CP1", KEY);
    await first.closed;
    await serves(second, "a");
    assert.ok(endpoint.connections().get("CP1")?.open);
  });

  it("whose frozen connection lingers does not lock out the real charge point (threat 3)", async () => {
    const frozen = await dial("CP1", KEY);
    frozen.socket.pause();
    const real = await dial("CP1", KEY);
    await serves(real, "a");
  });

  it("who guesses is answered 429 with the time to wait, and even the right password has to wait (threat 4)", async () => {
    for (let guess = 0; guess < 5; guess++) await assert.rejects(dial("CP1", `${guess}`), { message: "HTTP 401" });
    await assert.rejects(dial("CP1", KEY), { message: "HTTP 429" });
    const answer = await rawExchange(
      port,
      "GET /CP1 HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n" +
        "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: ocpp1.6\r\n\r\n",
    );
    assert.match(answer, /^HTTP\/1\.1 429 Too Many Requests\r\n[\s\S]*Retry-After: 2\r\n/);
    bench.clock.advance(2000);
    await dial("CP1", KEY);
  });

  it("who shows no password has guessed none: nobody behind the same address waits", async () => {
    for (let attempt = 0; attempt < 12; attempt++) await assert.rejects(dial("CP1"), { message: "HTTP 401" });
    await serves(await dial("CP1", KEY), "a");
  });

  it("who floods with invented names, or at one charge point, hides no wrong password elsewhere", async () => {
    policy.sharedPassword = "shared";
    for (let name = 0; name < 30; name++) await assert.rejects(dial(`GHOST${name}`, "wrong"), { message: "HTTP 401" });
    for (let attempt = 0; attempt < 8; attempt++) await assert.rejects(dial("CP2"), { message: "HTTP 401" });
    for (const identity of ["CP1", "CP2"]) await assert.rejects(dial(identity, "wrong"), { message: "HTTP 401" });
    const told = events.filter(({ event }) => event === "security");
    assert.deepEqual(
      told.map(({ chargePoint }) => chargePoint),
      ["GHOST0", "CP2", "CP1", "CP2"],
    );
    bench.clock.advance(1000);
    await assert.rejects(dial("GHOST", "wrong"), { message: "HTTP 401" });
    assert.equal(events.at(-1)?.payload["untold"], 29);
  });

  it("who guesses disturbs neither a session of that identity nor another identity (threat 4)", async () => {
    const real = await dial("CP1", KEY);
    for (let guess = 0; guess < 8; guess++) await assert.rejects(dial("CP1", `${guess}`));
    await serves(real, "a");
    await dial("CP2", "another password");
  });

  it("who has one charge point's password cannot use it for another one (threat 5)", async () => {
    await assert.rejects(dial("CP1", "another password"), { message: "HTTP 401" });
    const crossed = `Basic ${Buffer.from("CP2:another password").toString("base64")}`;
    const client = new RawClient(`ws://127.0.0.1:${port}/CP1`, { headers: { authorization: crossed } });
    clients.push(client);
    await assert.rejects(client.opened, { message: "HTTP 401" });
  });

  it("whose web page opens a socket in somebody's browser gets 403 where no password protects (threat 6)", async () => {
    policy.requirePassword = false;
    bench.stations.configure(definition({ identity: "OPEN", aliases: [] }));
    await assert.rejects(dial("OPEN", undefined, { origin: "https://evil.example" }), { message: "HTTP 403" });
    await dial("OPEN");
  });

  for (const [what, bytes] of [
    [
      "a target that cannot be decoded",
      "GET /% HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
    ],
    ["bytes that are no HTTP", Buffer.from([0, 255, 1, 2, 13, 10, 13, 10])],
    ["a body without a length", "POST /CP1 HTTP/1.1\r\nContent-Length: x\r\n\r\n"],
    [
      "credentials that are no Base64",
      "GET /CP1 HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nAuthorization: Basic !!\r\n\r\n",
    ],
    ["two lengths", "GET /CP1 HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n"],
  ] as const) {
    it(`who sends ${what} before signing in crashes nothing (threat 7)`, async () => {
      const real = await dial("CP1", KEY);
      assert.match(await rawExchange(port, bytes), /^HTTP\/1\.1 4\d\d /);
      await serves(real, "a");
    });
  }

  it("who resets connections at every stage crashes nothing (threat 7)", async () => {
    const real = await dial("CP1", KEY);
    for (const bytes of ["", "GET", "GET /CP1 HTTP/1.1\r\nHost: x\r\n", "GET /CP1 HTTP/1.1\r\nHost: x\r\n\r\n"]) {
      const socket = connect(port, "127.0.0.1");
      await once(socket, "connect");
      if (bytes) socket.write(bytes);
      socket.resetAndDestroy();
      await once(socket, "close");
    }
    await serves(real, "a");
  });

  it("who sends endless headers is cut off, and costs the others nothing (threat 8)", async () => {
    const real = await dial("CP1", KEY);
    const many = Array.from({ length: 3000 }, (_, number) => `x-${number}: y`).join("\r\n");
    assert.match(
      await rawExchange(port, `GET /CP1 HTTP/1.1\r\n${many}\r\n\r\n`),
      /^HTTP\/1\.1 431 |^HTTP\/1\.1 4\d\d /,
    );
    await serves(real, "a");
  });

  it("who offers compression gets none, and who sends five megabytes is cut off (threat 8)", async () => {
    const client = await dial("CP1", KEY, { "sec-websocket-extensions": "permessage-deflate" });
    assert.equal(client.socket.extensions, "");
    client.send("x".repeat(5 * 1024 * 1024));
    assert.equal(await client.closed, 1009);
  });

  it("is reported, at most once a second, and never with what was guessed (threat 13)", async () => {
    for (const guess of ["hunter2", "hunter3", "hunter4"]) await assert.rejects(dial("CP1", guess));
    const told = await until(() => events.filter(({ event }) => event === "security"));
    assert.equal(told.length, 1);
    assert.equal(told[0]?.payload["httpStatus"], 401);
    assert.doesNotMatch(JSON.stringify(events), /hunter/);
  });
});
