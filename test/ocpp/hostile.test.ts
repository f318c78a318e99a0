import { strict as assert } from "node:assert";
import { once } from "node:events";
import { connect } from "node:net";
import { type Bench, openBench, type RawClient, rawExchange, until } from "./fixtures.ts";

const UPGRADE =
  "Host: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n" +
  "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: ocpp1.6\r\n";

/** Nothing a peer does may end the process or another charge point's service. */
describe("a hostile peer", () => {
  let bench: Bench;
  let witness: RawClient;
  let asked = 0;
  beforeEach(async () => {
    bench = await openBench();
    witness = await bench.dial("witness");
  });
  afterEach(async () => {
    asked += 1;
    assert.equal((await witness.ask(`w${asked}`, "Heartbeat"))[0], 3, "another charge point is still served");
    await bench.close();
  });

  it("that is a browser is told to use a WebSocket", async () => {
    const response = await fetch(`http://127.0.0.1:${bench.port}/CP1`);
    assert.equal(response.status, 426);
  });

  for (const [what, bytes, status] of [
    ["bytes that are no HTTP", "\x00\x01\x02 hello\r\n\r\n", 400],
    ["a broken escape in the path", `GET /% HTTP/1.1\r\n${UPGRADE}\r\n`, 400],
    ["an old WebSocket version", `GET /CP1 HTTP/1.1\r\n${UPGRADE.replace("13", "7")}\r\n`, 400],
    ["a broken key", `GET /CP1 HTTP/1.1\r\n${UPGRADE.replace("AAAA", "????")}\r\n`, 400],
    ["a POST as upgrade", `POST /CP1 HTTP/1.1\r\n${UPGRADE}\r\n`, 405],
    ["another upgrade", `GET /CP1 HTTP/1.1\r\n${UPGRADE.replace("websocket", "h2c")}\r\n`, 400],
    ["2500 headers", `GET /CP1 HTTP/1.1\r\n${"A: b\r\n".repeat(2500)}${UPGRADE}\r\n`, 400],
  ] as const) {
    it(`with ${what} is answered ${status}`, async () => {
      assert.match(await rawExchange(bench.port, bytes), new RegExp(`^HTTP/1\\.1 ${status} |^HTTP/1\\.1 431 `));
      assert.deepEqual(bench.station("CP1").log, []);
    });
  }

  it("that leaves a hundred handshakes half done keeps nobody out, and closing ends them", async () => {
    const sockets = Array.from({ length: 100 }, () => {
      const socket = connect(bench.port, "127.0.0.1");
      socket.on("error", () => undefined);
      socket.write("GET /CP1 HTTP/1.1\r\nHost: x\r\n");
      return socket;
    });
    await Promise.all(sockets.map((socket) => once(socket, "connect")));
    assert.equal((await (await bench.dial("CP1")).ask("a", "Heartbeat"))[0], 3);
    const ends = sockets.map((socket) => once(socket, "close"));
    await bench.endpoint.close();
    await Promise.all(ends);
    bench = await openBench();
    witness = await bench.dial("witness");
  });

  for (const [what, send, code] of [
    ["a message of 5 MiB", (client: RawClient) => client.send("x".repeat(5 * 1024 * 1024)), 1009],
    ["a binary message", (client: RawClient) => client.socket.send(Buffer.from([1, 2, 3])), 1003],
    [
      "text that is no UTF-8",
      (client: RawClient) => client.socket.send(Buffer.from([0xc3, 0x28]), { binary: false }),
      1007,
    ],
  ] as const) {
    it(`with ${what} is closed with ${code}`, async () => {
      const client = await bench.dial("CP1");
      send(client);
      assert.equal(await client.closed, code);
    });
  }

  it("with an unmasked frame is closed with 1002", async () => {
    const answer = await rawExchange(
      bench.port,
      Buffer.concat([Buffer.from(`GET /CP1 HTTP/1.1\r\n${UPGRADE}\r\n`), Buffer.from([0x81, 2, 0x5b, 0x5d])]),
    );
    assert.ok(answer.includes("\x03\xea"));
  });

  it("that cuts the cable in the middle of a frame is gone", async () => {
    const socket = connect(bench.port, "127.0.0.1");
    socket.on("error", () => undefined);
    socket.write(`GET /CP1 HTTP/1.1\r\n${UPGRADE}\r\n`);
    await once(socket, "data");
    socket.write(Buffer.from([0x81, 0xfe, 0x10]));
    await until(() => bench.endpoint.connections().has("CP1"));
    socket.resetAndDestroy();
    await until(() => !bench.endpoint.connections().has("CP1"));
  });

  it("with a message in three fragments is answered", async () => {
    const client = await bench.dial("CP1");
    const text = '[2,"a","Heartbeat",{}]';
    client.socket.send(text.slice(0, 5), { fin: false });
    client.socket.send(text.slice(5, 9), { fin: false });
    client.socket.send(text.slice(9), { fin: true });
    assert.equal((await client.answer("a"))[0], 3);
  });

  it("that nests 20 000 levels gets a CALLERROR", async () => {
    const client = await bench.dial("CP1");
    client.send(`[2,"a","DataTransfer",{"vendorId":"v","data":${"[".repeat(20_000)}${"]".repeat(20_000)}}]`);
    assert.equal((await client.answer("a"))[2], "FormationViolation");
  });

  it("that sends a list of 100 000 elements gets an answer", async () => {
    const client = await bench.dial("CP1");
    client.send(`[2,"a","MeterValues",{"connectorId":1,"meterValue":[${"1,".repeat(99_999)}1]}]`);
    assert.equal((await client.answer("a"))[2], "TypeConstraintViolation");
  });

  it("with __proto__ as id, action and key changes nothing that is not its own", async () => {
    const client = await bench.dial("__proto__");
    client.send('[2,"__proto__","Heartbeat",{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}]');
    assert.equal((await client.answer("__proto__"))[0], 3);
    assert.equal((await client.ask("b", "__proto__"))[2], "NotImplemented");
    assert.equal(({} as Record<string, unknown>)["polluted"], undefined);
    assert.equal(bench.endpoint.connections().size, 2);
  });

  it("that sends 2000 messages at once gets each answered, in order, while others are served", async () => {
    const client = await bench.dial("CP1");
    const ids = Array.from({ length: 2000 }, (_, index) => `m${index}`);
    for (const id of ids) client.send([2, id, "Heartbeat", {}]);
    await witness.ask("between", "Heartbeat");
    await until(() => client.frames.length >= 2000);
    assert.deepEqual(
      client.frames.map((text) => (JSON.parse(text) as unknown[])[1]),
      ids,
    );
  });

  it("that floods while its first message takes long is held back, then answered", async () => {
    let open = (): void => undefined;
    bench.station("CP1").gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    const client = await bench.dial("CP1");
    client.send([2, "slow", "Authorize", { idTag: "t" }]);
    for (let index = 0; index < 2000; index++) client.send([2, `m${index}`, "Heartbeat", {}]);
    await witness.ask("between", "Heartbeat");
    assert.equal(client.frames.length, 0);
    open();
    await until(() => client.frames.length === 2001);
  });

  it("that sends rubbish is not answered, and stays connected", async () => {
    const client = await bench.dial("CP1");
    for (const text of ["", "rubbish", "{}", "[]", "[9]", '[3,"x",{}]', '[4,"error","x","",{}]']) client.send(text);
    await client.ask("a", "Heartbeat");
    assert.equal(client.frames.length, 1);
  });

  it("that never reads what it is sent is cut off", async () => {
    const client = await bench.dial("CP1");
    client.socket.pause();
    const vendorId = "v".repeat(200);
    const flood = setInterval(() => {
      if (client.socket.bufferedAmount > 1024 * 1024) return;
      for (let index = 0; index < 500; index++) client.send([2, "x".repeat(4000), "Authorize", { idTag: vendorId }]);
    }, 1);
    await until(() => !bench.endpoint.connections().has("CP1"));
    clearInterval(flood);
    assert.match(bench.station("CP1").log.at(-1) ?? "", /detached: The peer does not read/);
  });

  it("whose station throws when it is attached is closed", async () => {
    bench.station("CP1").attached = () => {
      throw new Error("no");
    };
    const client = await bench.dial("CP1");
    assert.equal(await client.closed, 1011);
  });
});
