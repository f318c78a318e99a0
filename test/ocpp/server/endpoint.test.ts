import { strict as assert } from "node:assert";
import { fork } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { systemClock } from "../../../lib/clock.ts";
import { createEndpoint } from "../../../lib/ocpp/server/endpoint.ts";
import type { RefusedUpgrade } from "../../../lib/ocpp/server/upgrade.ts";
import { FakeClock } from "../../fake-clock.ts";
import { type Bench, BOOT, openBench, RawClient, rawExchange, TestDirectory, until } from "../fixtures.ts";

describe("ocpp endpoint", () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await openBench();
  });
  afterEach(() => bench.close());

  it("binds a charge point to its station and answers it", async () => {
    const client = await bench.dial("CP1");
    assert.equal(client.socket.protocol, "ocpp1.6");
    const [type, id, payload] = await client.ask("a", "BootNotification", BOOT);
    assert.deepEqual([type, id], [3, "a"]);
    assert.equal((payload as { status: string }).status, "Accepted");
    assert.deepEqual(bench.station("CP1").log, ["attached", "BootNotification"]);
    assert.deepEqual([...bench.endpoint.connections().keys()], ["CP1"]);
  });

  it("answers every message a charge point may send", async () => {
    const timestamp = "2026-06-01T12:00:00Z";
    const meterValue = [{ timestamp, sampledValue: [{ value: "1" }] }];
    const client = await bench.dial("CP1");
    const messages: [string, object][] = [
      ["BootNotification", BOOT],
      ["Heartbeat", {}],
      ["StatusNotification", { connectorId: 1, errorCode: "NoError", status: "Available" }],
      ["Authorize", { idTag: "t" }],
      ["StartTransaction", { connectorId: 1, idTag: "t", meterStart: 0, timestamp }],
      ["MeterValues", { connectorId: 1, transactionId: 1, meterValue }],
      ["StopTransaction", { meterStop: 5, timestamp, transactionId: 1, transactionData: meterValue }],
      ["DataTransfer", { vendorId: "v", data: "d" }],
      ["DiagnosticsStatusNotification", { status: "Idle" }],
      ["FirmwareStatusNotification", { status: "Installed" }],
    ];
    for (const [action, payload] of messages) {
      const answer = await client.ask(action, action, payload);
      assert.equal(answer[0], 3, `${action}: ${JSON.stringify(answer)}`);
      assert.ok(bench.station("CP1").log.at(-1)?.startsWith(action));
    }
    assert.deepEqual(bench.station("CP1").deviations, []);
  });

  it("carries a call to the charge point and its answer back", async () => {
    const client = await bench.dial("CP1");
    const connection = await until(() => bench.station("CP1").connection);
    const answer = connection.call("Reset", { type: "Soft" });
    const frame = await until(() => client.frames[0]);
    const [type, id, action, payload] = JSON.parse(frame) as unknown[];
    assert.deepEqual([type, action, payload], [2, "Reset", { type: "Soft" }]);
    client.send([3, id, { status: "Accepted" }]);
    assert.deepEqual(await answer, { status: "Accepted" });
  });

  it("reports the end of a connection once and rejects its calls", async () => {
    const client = await bench.dial("CP1");
    const connection = await until(() => bench.station("CP1").connection);
    const call = connection.call("ClearCache", {});
    client.socket.close();
    await assert.rejects(call, { code: "EV_OCPP_OFFLINE" });
    await client.closed;
    assert.equal(connection.open, false);
    assert.equal(bench.station("CP1").log.filter((entry) => entry.startsWith("detached")).length, 1);
    assert.equal(bench.endpoint.connections().size, 0);
    await assert.rejects(connection.call("ClearCache", {}), { code: "EV_OCPP_OFFLINE" });
  });

  it("takes leave where its process ends in the turn in which it has sent something", async () => {
    const child = fork(join(import.meta.dirname, "leaving-process.ts"));
    const [port] = (await once(child, "message")) as [number];
    const client = new RawClient(`ws://127.0.0.1:${port}/CP1`);
    await client.opened;
    await client.ask("a", "BootNotification", BOOT);
    child.send("end");
    assert.equal(await client.closed, 1001);
    const calls = client.frames.map((frame) => (JSON.parse(frame) as unknown[])[2]);
    assert.ok(calls.includes("ClearCache"), "and what it sent before came first");
  });

  it("hands the directory what the request carries", async () => {
    const authorization = `Basic ${Buffer.from("CP 1:key").toString("base64")}`;
    await bench.dial("CP%201", { headers: { authorization, origin: "http://evil.example" } });
    const [request] = bench.directory.requests;
    assert.equal(request?.identity, "CP 1");
    assert.equal(request?.basic?.user.toString(), "CP 1");
    assert.equal(request?.basic?.password.toString(), "key");
    assert.equal(request?.origin, "http://evil.example");
    assert.equal(request?.remoteAddress, "127.0.0.1");
  });

  it("answers the directory's refusals, its faults, and requests it cannot read, with their status", async () => {
    bench.directory.password = "key";
    for (const [identity, status] of [
      ["unknown", 404],
      ["CP1", 401],
      ["broken", 500],
      ["%", 400],
      ["", 404],
    ] as const) {
      await assert.rejects(bench.dial(identity), { message: `HTTP ${status}` }, identity);
    }
    assert.deepEqual(bench.station("CP1").log, []);
  });

  it("gives a charge point that repeats a CALL after reconnecting its first answer", async () => {
    const start = { connectorId: 1, idTag: "t", meterStart: 0, timestamp: "2026-06-01T12:00:00Z" };
    const first = await bench.dial("CP1");
    const given = await first.ask("s1", "StartTransaction", start);
    first.socket.terminate();
    await until(() => bench.endpoint.connections().size === 0);
    const second = await bench.dial("CP1");
    assert.deepEqual(await second.ask("s1", "StartTransaction", start), given);
    assert.equal(bench.station("CP1").log.filter((entry) => entry === "StartTransaction").length, 1);
  });

  describe("negotiating the subprotocol", () => {
    it("takes ocpp1.6 among others", async () => {
      const client = await bench.dial("CP1", { protocols: ["ocpp9.9", "ocpp1.6"] });
      assert.equal(client.socket.protocol, "ocpp1.6");
    });

    it("completes the handshake without the header and closes when only others are offered", async () => {
      // The client of `ws` refuses such a handshake by itself, so the bytes are read as they come.
      const answer = await rawExchange(
        bench.port,
        "GET /CP1 HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n" +
          "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: ocpp2.0.1\r\n\r\n",
      );
      assert.match(answer, /^HTTP\/1\.1 101 /);
      assert.doesNotMatch(answer, /sec-websocket-protocol/i);
      // 0x88 = close, code 1002.
      assert.ok(answer.includes(`\x88`) && answer.includes("\x03\xea"));
      assert.deepEqual(bench.station("CP1").log, []);
    });

    it("refuses a charge point that offers none", async () => {
      await assert.rejects(bench.dial("CP1", { protocols: [] }), { message: "HTTP 400" });
    });

    it("takes it as 1.6 when told to, with full validation", async () => {
      bench.endpoint.configure({ allowMissingSubprotocol: true });
      const client = await bench.dial("CP1", { protocols: [] });
      assert.equal(client.socket.protocol, "");
      assert.equal((await client.ask("a", "Authorize", {}))[2], "OccurenceConstraintViolation");
    });
  });

  it("refuses charge points beyond its limit with 503, and takes them when the limit is raised", async () => {
    bench.endpoint.configure({ maxConnections: 1 });
    await bench.dial("CP1");
    await assert.rejects(bench.dial("CP2"), { message: "HTTP 503" });
    bench.endpoint.configure({ maxConnections: 2 });
    await bench.dial("CP2");
  });

  it("closes its sockets with 1001 and frees the port", async () => {
    const client = await bench.dial("CP1");
    await bench.endpoint.close();
    assert.equal(await client.closed, 1001);
    assert.match(bench.station("CP1").log.at(-1) ?? "", /^detached/);
    const next = createEndpoint({ host: "127.0.0.1", port: bench.port }, bench.directory, systemClock);
    await next.listen();
    await next.close();
  });

  it("closes within two seconds when a charge point does not answer the close", async () => {
    const client = await bench.dial("CP1");
    client.socket.pause();
    const startMs = performance.now();
    await bench.endpoint.close();
    assert.ok(performance.now() - startMs < 2000);
  });
});

describe("an ocpp endpoint's port", () => {
  it("is named when another program has it", async () => {
    const taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    const { port } = taken.address() as AddressInfo;
    const endpoint = createEndpoint({ host: "127.0.0.1", port }, new TestDirectory(), systemClock);
    await assert.rejects(endpoint.listen(), { code: "EV_PORT_IN_USE", message: new RegExp(`port ${port}`) });
    taken.close();
    await once(taken, "close");
    assert.deepEqual(await endpoint.listen(), { port });
    await endpoint.close();
  });

  it("is named when it cannot be opened", async () => {
    for (const options of [
      { host: "192.0.2.1", port: 0 },
      { host: "127.0.0.1", port: 70_000 },
    ]) {
      const endpoint = createEndpoint(options, new TestDirectory(), systemClock);
      await assert.rejects(endpoint.listen(), { code: "EV_LISTEN_FAILED" });
      await endpoint.close();
    }
  });
});

describe("an ocpp endpoint on an existing server", () => {
  it("serves its path and leaves others alone", async () => {
    const server = createServer((_request, response) => response.end("the other program"));
    const foreign: string[] = [];
    server.on("upgrade", (request, socket) => {
      if (request.url?.startsWith("/comms")) {
        foreign.push(request.url);
        socket.end("HTTP/1.1 418 I'm a teapot\r\n\r\n");
      }
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const directory = new TestDirectory();
    const endpoint = createEndpoint({}, directory, systemClock);
    endpoint.attach(server, "/ocpp");
    const client = new RawClient(`ws://127.0.0.1:${port}/ocpp/CP1`);
    await client.opened;
    assert.equal((await client.ask("a", "Heartbeat"))[0], 3);
    await assert.rejects(new RawClient(`ws://127.0.0.1:${port}/comms`).opened, { message: "HTTP 418" });
    assert.deepEqual(foreign, ["/comms"]);
    assert.equal(await (await fetch(`http://127.0.0.1:${port}/`)).text(), "the other program");
    await endpoint.close();
    assert.equal(await client.closed, 1001);
    assert.equal(server.listenerCount("upgrade"), 1);
    server.close();
    server.closeAllConnections();
  });

  it("does not take the root, where it would swallow every other WebSocket", () => {
    const endpoint = createEndpoint({}, new TestDirectory(), systemClock);
    for (const path of ["/", "", "//"]) {
      assert.throws(() => endpoint.attach(createServer(), path), { code: "EV_CONFIG_INVALID" });
    }
  });
});

describe("an ocpp endpoint's clock", () => {
  let clock: FakeClock;
  let bench: Bench;
  beforeEach(async () => {
    clock = new FakeClock();
    bench = await openBench({ pingS: 20, callTimeoutS: 30 }, clock);
  });
  afterEach(() => bench.close());

  it("declares a charge point dead that leaves two pings unanswered", async () => {
    const client = await bench.dial("CP1", { autoPong: false });
    let pings = 0;
    client.socket.on("ping", () => {
      pings += 1;
    });
    clock.advance(20_000);
    await until(() => pings === 1);
    clock.advance(20_000);
    await until(() => pings === 2);
    assert.equal(bench.endpoint.connections().size, 1);
    clock.advance(20_000);
    assert.match(bench.station("CP1").log.at(-1) ?? "", /detached: No answer to 2 pings/);
    assert.equal(bench.endpoint.connections().size, 0);
  });

  it("keeps a charge point that answers no ping but sends messages", async () => {
    const client = await bench.dial("CP1", { autoPong: false });
    for (let round = 0; round < 5; round++) {
      clock.advance(20_000);
      await client.ask(`h${round}`, "Heartbeat");
    }
    assert.equal(bench.endpoint.connections().size, 1);
  });

  it("lets one that is known to answer no pings be silent for as long as it may, and no longer", async () => {
    await bench.dial("CP1", { autoPong: false });
    const connection = await until(() => bench.station("CP1").connection);
    connection.pace?.({ callGapMs: 0, silenceMs: 120_000 });
    clock.advance(120_000);
    assert.equal(connection.open, true);
    clock.advance(20_000);
    assert.match(bench.station("CP1").log.at(-1) ?? "", /detached: Silent for 140 s/);
  });

  it("keeps a silent charge point that answers pings, and knows when", async () => {
    await bench.dial("CP1");
    const connection = await until(() => bench.station("CP1").connection);
    for (let round = 1; round <= 4; round++) {
      clock.advance(20_000);
      await until(() => connection.lastSeenMs === round * 20_000);
    }
    assert.equal(connection.open, true);
  });

  it("applies a changed ping period and call timeout to a connected charge point", async () => {
    await bench.dial("CP1", { autoPong: false });
    const connection = await until(() => bench.station("CP1").connection);
    bench.endpoint.configure({ pingS: 0, callTimeoutS: 5 });
    const call = connection.call("ClearCache", {});
    call.catch(() => undefined);
    await until(() => clock.pending === 1);
    clock.advance(5000);
    await assert.rejects(call, { code: "EV_OCPP_TIMEOUT" });
    clock.advance(200_000);
    assert.equal(connection.open, true);
  });

  it("leaves no timer behind", async () => {
    await bench.dial("CP1");
    const connection = await until(() => bench.station("CP1").connection);
    connection.call("ClearCache", {}).catch(() => undefined);
    await bench.endpoint.close();
    assert.equal(clock.pending, 0);
  });
});

describe("a refusal", () => {
  it("is reported with who asked and why", async () => {
    const refusals: RefusedUpgrade[] = [];
    const bench = await openBench({ onRefusal: (refusal) => refusals.push(refusal) });
    await assert.rejects(bench.dial("unknown"));
    assert.deepEqual(refusals, [
      { httpStatus: 404, reason: "Unknown", identity: "unknown", remoteAddress: "127.0.0.1" },
    ]);
    await bench.close();
  });
});
