import { strict as assert } from "node:assert";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { STRANGER_LIMITS } from "../../lib/ocpp/server/visitors.ts";
import { type Bench, openBench, type RawClient, until } from "./fixtures.ts";

const STRANGER = "stranger";
const upgradeOf = (identity: string): string =>
  `GET /${identity} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n` +
  "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: ocpp1.6\r\n\r\n";
const transfer = (length: number) => ({ vendorId: "v", data: "x".repeat(length) });

/** Who connects and is not served: it may introduce itself, and costs nobody else anything. */
describe("A stranger", () => {
  let bench: Bench;
  let served: RawClient;
  let asked = 0;

  beforeEach(async () => {
    bench = await openBench();
    served = await bench.dial("served");
  });
  afterEach(async () => {
    asked += 1;
    assert.equal((await served.ask(`w${asked}`, "Heartbeat"))[0], 3, "another charge point is still served");
    await bench.close();
  });

  /** A socket on which raw frames can be sent. */
  const upgraded = async (identity: string): Promise<Socket> => {
    const socket = connect(bench.port, "127.0.0.1").on("error", () => undefined);
    socket.write(upgradeOf(identity));
    await once(socket, "data");
    await until(() => bench.endpoint.connections().has(identity));
    return socket;
  };
  const isGone = () => !bench.endpoint.connections().has(STRANGER);

  it("is answered like everybody else, one message after the other", async () => {
    const client = await bench.dial(STRANGER);
    for (let number = 0; number < 50; number++) client.send([2, `m${number}`, "Heartbeat", {}]);
    await until(() => client.frames.length === 50);
    assert.deepEqual(
      client.frames.map((text) => (JSON.parse(text) as unknown[])[1]),
      Array.from({ length: 50 }, (_, number) => `m${number}`),
    );
  });

  it("may send a few kilobytes in one message", async () => {
    const client = await bench.dial(STRANGER);
    assert.equal((await client.ask("a", "DataTransfer", transfer(7000)))[0], 3);
  });

  it("with a longer one is closed with 1009", async () => {
    const client = await bench.dial(STRANGER);
    client.send([2, "a", "DataTransfer", transfer(STRANGER_LIMITS.longestFrame)]);
    assert.equal(await client.closed, 1009);
  });

  it("that is adopted may send long ones at once, on the same connection", async () => {
    const client = await bench.dial(STRANGER);
    await client.ask("a", "Heartbeat");
    bench.station(STRANGER).served = true;
    assert.equal((await client.ask("b", "DataTransfer", transfer(200_000)))[0], 3);
    assert.equal(bench.station(STRANGER).log.filter((entry) => entry === "attached").length, 1);
  });

  it("that begins a message and never ends it holds no memory", async () => {
    const socket = await upgraded(STRANGER);
    const piece = Buffer.concat([Buffer.from([0x00, 0x80 | 100, 0, 0, 0, 0]), Buffer.alloc(100, "x")]);
    socket.write(Buffer.concat([Buffer.from([0x01, 0x80 | 1, 0, 0, 0, 0, 0x5b])]));
    const flood = setInterval(() => socket.write(Buffer.concat(Array.from({ length: 20 }, () => piece))), 1);
    await until(isGone);
    clearInterval(flood);
    assert.match(bench.station(STRANGER).log.at(-1) ?? "", /detached: The message is too long/);
  });

  it("that announces a message of 200 kB and sends it byte by byte is thrown out early", async () => {
    const socket = await upgraded(STRANGER);
    socket.write(Buffer.from([0x81, 0xff, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0]));
    const flood = setInterval(() => socket.write(Buffer.alloc(1000, "x")), 1);
    await until(isGone);
    clearInterval(flood);
    assert.ok(socket.bytesWritten < 200_000, `${socket.bytesWritten}`);
  });

  it("that sends hundreds of messages in one piece, which no charge point does, is thrown out", async () => {
    const socket = await upgraded(STRANGER);
    socket.write(Buffer.concat(Array.from({ length: 1000 }, () => Buffer.from([0x81, 0x80, 0, 0, 0, 0]))));
    await until(isGone);
    assert.match(bench.station(STRANGER).log.at(-1) ?? "", /detached: Too many messages/);
  });

  for (const identity of [STRANGER, "served-too"])
    it(`that pings ten thousand times (${identity}) is answered by a few pongs, the last ping among them`, async () => {
      const socket = await upgraded(identity);
      let answer = Buffer.alloc(0);
      socket.on("data", (chunk: Buffer) => {
        answer = Buffer.concat([answer, chunk]);
      });
      const ping = (data: number) => Buffer.from([0x89, 0x81, 0, 0, 0, 0, data]);
      socket.write(Buffer.concat([...Array.from({ length: 5000 }, () => ping(1)), ping(2)]));
      await until(() => answer.at(-1) === 2);
      assert.ok(answer.length / 3 < 50, `${answer.length / 3} pongs`);
      socket.destroy();
    });

  it("that pings for days and says nothing else stays connected", async () => {
    const socket = await upgraded(STRANGER);
    const pings = Buffer.concat(Array.from({ length: 200 }, () => Buffer.from([0x89, 0x80, 0, 0, 0, 0])));
    for (let number = 0; number < 20; number++) {
      socket.write(pings);
      await once(socket, "data");
    }
    assert.ok(!isGone());
    socket.destroy();
  });

  it("gets no answer a second time: nothing is remembered of it", async () => {
    const client = await bench.dial(STRANGER);
    const count = () => bench.station(STRANGER).log.filter((entry) => entry === "BootNotification").length;
    const boot = { chargePointVendor: "V", chargePointModel: "M" };
    await client.ask("a", "BootNotification", boot);
    client.frames.length = 0;
    await client.ask("a", "BootNotification", boot);
    assert.equal(count(), 2);
  });

  it("is let in at a pace that leaves room for the others: 503 with the time to wait, for strangers only", async () => {
    // All at once: places grow back while they come.
    const dial = async (_: unknown, number: number): Promise<string> => {
      const socket = connect(bench.port, "127.0.0.1").on("error", () => undefined);
      socket.write(upgradeOf(`stranger-${number}`));
      const [answer] = await once(socket, "data");
      socket.destroy();
      return String(answer);
    };
    const answers = await Promise.all(Array.from({ length: 230 }, dial));
    const refused = answers.filter((answer) => !answer.startsWith("HTTP/1.1 101 "));
    assert.ok(refused.length > 0 && refused.length <= 30, `${refused.length}`);
    for (const answer of refused) assert.match(answer, /^HTTP\/1\.1 503 [\s\S]*Retry-After: 1\r\n/);
    await bench.dial("served-too");
  });

  it("that opens a thousand sockets and says nothing keeps nobody out, and holds half of them", async () => {
    const sockets = Array.from({ length: 1000 }, () => connect(bench.port, "127.0.0.1").on("error", () => undefined));
    let closed = 0;
    for (const socket of sockets) socket.on("close", () => closed++);
    await Promise.all(sockets.map((socket) => once(socket, "connect")));
    await until(() => closed >= 490);
    assert.equal((await (await bench.dial("served-too")).ask("a", "Heartbeat"))[0], 3);
    for (const socket of sockets) socket.destroy();
  });
});
