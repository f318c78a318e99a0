/** OCPP-J 1.6 §3: from the bytes of the handshake to a charge point that is served, and how that ends. */
import { strict as assert } from "node:assert";
import { until } from "../net.ts";
import type { Bench } from "./product.ts";
import type { Row } from "./row.ts";

const NOBODY = ["open", "passwords", "TLS", "mutual TLS"] as const;

async function status(bench: Bench, path: string): Promise<number> {
  const answer = await bench.raw(bench.request(path), (text) => text.includes("\r\n\r\n"));
  return Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1]);
}

/** A client's frame, masked with zeros. */
function maskedText(text: string): Buffer {
  return Buffer.concat([Buffer.from([0x81, 0x80 | text.length, 0, 0, 0, 0]), Buffer.from(text)]);
}

const HANDSHAKES: Row[] = [
  {
    id: "TC_088",
    rule: "ocpp1.6 that is offered alone is chosen",
    async run(bench) {
      const wire = await bench.dial();
      assert.equal(wire.socket.protocol, "ocpp1.6");
      await wire.settled();
    },
  },
  {
    id: "TC_088",
    rule: "ocpp1.6 is chosen among others",
    run: async (bench) =>
      assert.equal((await bench.dial({ protocols: ["ocpp9.9", "ocpp1.6"] })).socket.protocol, "ocpp1.6"),
  },
  {
    id: "J-3.2",
    rule: "without a common subprotocol the handshake is completed without the header, and the socket closed",
    async run(bench) {
      const foreign = bench.request(undefined, { "Sec-WebSocket-Protocol": "ocpp2.0.1, ocpp9.9" });
      const isClosed = (text: string) => text.endsWith("\x03\xeaocpp1.6 is spoken here");
      const answer = await bench.raw(foreign, isClosed);
      assert.match(answer, /^HTTP\/1\.1 101 /);
      assert.doesNotMatch(answer, /sec-websocket-protocol/i);
      assert.ok(isClosed(answer), "close 1002");
    },
  },
  {
    id: "J-3.1.2",
    rule: "a charge point that offers no subprotocol is refused",
    run: (bench) => assert.rejects(bench.dial({ protocols: [] }), { message: "HTTP 400" }),
  },
  {
    id: "J-3.1.2",
    rule: "where it is allowed, one without a subprotocol is served, and checked as any other",
    on: ["lenient"],
    async run(bench) {
      const wire = await bench.dial({ protocols: [] });
      assert.equal((await wire.boot())["status"], "Accepted");
      assert.equal((await wire.ask("Authorize", {}))[2], "OccurenceConstraintViolation");
    },
  },
  {
    id: "J-3.2",
    rule: "an unknown charge point gets 404",
    on: NOBODY,
    run: (bench) => assert.rejects(bench.as("NOBODY").dial(), { message: "HTTP 404" }),
  },
  {
    id: "J-3.1.1",
    rule: "an identity is percent-decoded once",
    async run(bench) {
      const wire = await bench.dial({ path: [...bench.identity].map(escaped).join("") });
      await wire.boot();
      await bench.event("boot");
      await assert.rejects(bench.dial({ path: bench.identity.replace("-", "%252D") }), { message: "HTTP 404" });
    },
  },
  {
    id: "J-3.1.1",
    rule: "what is no identity gets 400 or 404, and nothing else happens",
    async run(bench) {
      const { identity } = bench;
      for (const path of ["%", "%E0%A4%A", "a%00b", "a%0D%0Ab"]) assert.equal(await status(bench, path), 400, path);
      for (const path of ["__proto__", "constructor", "..", `${identity}/..`, "x".repeat(4096)])
        assert.equal(await status(bench, path), 404, path.slice(0, 20));
      // Where there is a user name it stands for an identity that is missing in the path.
      if (bench.system !== "passwords" && bench.system !== "TLS") assert.equal(await status(bench, ""), 404);
      assert.equal(await status(bench, `${identity}?x=%`), 101);
    },
  },
  {
    id: "J-3.1",
    rule: "a plain GET is told to upgrade",
    async run(bench) {
      const answer = await bench.raw(`GET /${bench.identity} HTTP/1.1\r\nHost: x\r\n\r\n`);
      assert.match(answer, /^HTTP\/1\.1 426 [\s\S]*Upgrade: websocket/);
    },
  },
  ...(
    [
      ["bytes that are no HTTP", () => "\x00\x01\x02\xff\r\n\r\n"],
      ["2500 headers", (bench) => bench.request().replace("Host:", `${"A: b\r\n".repeat(2500)}Host:`)],
      ["another WebSocket version", (bench) => bench.request(undefined, { "Sec-WebSocket-Version": "7" })],
      ["a key of the wrong length", (bench) => bench.request(undefined, { "Sec-WebSocket-Key": "AAAA" })],
      ["a POST", (bench) => bench.request().replace("GET", "POST")],
    ] as [string, (bench: Bench) => string][]
  ).map(([what, bytes]) => ({
    id: "J-3.1",
    rule: `${what} in place of an upgrade: 4xx, and the next one is served`,
    async run(bench: Bench) {
      assert.match(await bench.raw(bytes(bench)), /^HTTP\/1\.1 4\d\d /);
      await (await bench.dial()).settled();
    },
  })),
  {
    id: "J-3.1",
    rule: "a hundred handshakes that stop half way keep nobody out",
    async run(bench) {
      const half = bench.request().slice(0, 60);
      const sockets = await Promise.all(Array.from({ length: 100 }, () => bench.socket()));
      for (const socket of sockets) socket.write(half);
      await (await bench.dial()).settled();
    },
  },
];

const FRAMES: Row[] = [
  {
    id: "RFC 6455 §5.4",
    rule: "a message in three fragments is one message",
    async run(bench) {
      const wire = await bench.dial();
      const text = '[2,"f","Heartbeat",{}]';
      const answered = wire.next("the answer", ([, id]) => id === "f");
      for (const [from, to] of [
        [0, 5],
        [5, 9],
        [9, text.length],
      ] as const)
        wire.socket.send(text.slice(from, to), { fin: to === text.length });
      assert.equal((await answered)[0], 3);
    },
  },
  ...(
    [
      ["a binary message", 1003, { binary: true }, Buffer.from('[2,"1","Heartbeat",{}]')],
      ["text that is no UTF-8", 1007, { binary: false }, Buffer.from([0xc3, 0x28])],
      ["a message of 5 MiB", 1009, { binary: false }, Buffer.alloc(5 * 1024 * 1024, "x")],
    ] as const
  ).map(([what, code, options, data]) => ({
    id: "RFC 6455 §7.4",
    rule: `${what} closes the socket with ${code}`,
    async run(bench: Bench) {
      const wire = await bench.dial();
      wire.socket.send(data, options);
      assert.equal(await wire.closed, code);
      await (await bench.dial()).settled();
    },
  })),
  {
    id: "RFC 6455 §5.1",
    rule: "an unmasked frame closes the socket with 1002",
    async run(bench) {
      const request = Buffer.from(bench.request());
      const answer = await bench.raw(Buffer.concat([request, Buffer.from([0x81, 2, 0x5b, 0x5d])]));
      assert.ok(answer.includes("\x03\xea"));
    },
  },
  {
    id: "RFC 6455 §5.5.2",
    rule: "a ping is answered, before any boot",
    async run(bench) {
      const wire = await bench.dial();
      const pong = new Promise<Buffer>((resolve) => wire.socket.once("pong", resolve));
      wire.socket.ping("are you there");
      assert.equal((await pong).toString(), "are you there");
    },
  },
  {
    id: "RFC 6455 §5",
    rule: "messages are answered one by one, in order, however the network cuts and joins them",
    async run(bench) {
      const socket = (await bench.socket()).setNoDelay(true);
      let answers = "";
      const heard = (text: string) => until(`the answer holds ${text}`, () => answers.includes(text));
      socket.on("data", (chunk) => {
        answers += chunk.toString("latin1");
      });
      socket.write(bench.request());
      await heard("101 Switching Protocols");
      const frames = Buffer.concat(["a", "b", "c"].map((id) => maskedText(`[2,"${id}","Heartbeat",{}]`)));
      for (const place of [1, 2, 5, 9, frames.length / 3, frames.length / 3 + 1, frames.length - 1]) {
        answers = "";
        // Each part in a packet of its own.
        await new Promise((sent) => socket.write(frames.subarray(0, place), sent));
        socket.write(frames.subarray(place));
        await heard('[3,"c"');
        assert.deepEqual(answers.match(/\[3,"./g), ['[3,"a', '[3,"b', '[3,"c']);
      }
      socket.destroy();
    },
  },
  {
    id: "J-5.3",
    rule: "a cable cut in the middle of a frame ends the connection, and the next one is served",
    async run(bench) {
      const socket = await bench.socket();
      const opened = new Promise((resolve) => socket.once("data", resolve));
      socket.write(bench.request());
      await opened;
      await bench.event("online");
      socket.write(Buffer.from([0x81, 0xfe, 0x10]));
      socket.destroy();
      await bench.event("offline");
      await (await bench.dial()).settled();
    },
  },
];

const LIFETIMES: Row[] = [
  {
    id: "J-5.3",
    rule: "a second connection that proves who it is takes the first one's place, and commands go to it",
    on: ["passwords", "TLS", "mutual TLS"],
    async run(bench) {
      const first = await bench.booted();
      const second = await bench.booted();
      assert.equal(await first.closed, 1008);
      const asked = second.nextCall("ClearCache");
      assert.equal((await bench.command("ClearCache")).ok, true);
      await asked;
    },
  },
  {
    id: "J-5.3",
    rule: "without a password a second connection is refused with 409 while the first one lives, and reported",
    on: ["open"],
    async run(bench) {
      const first = await bench.dial();
      await assert.rejects(bench.dial(), { message: "HTTP 409" });
      await first.settled();
      await bench.event("security");
    },
  },
  {
    id: "J-5.3",
    rule: "behind a frozen connection the charge point is back in service within 6 s",
    async run(bench) {
      const frozen = await bench.booted();
      frozen.socket.pause();
      const startMs = performance.now();
      const second = await bench.booted();
      const asked = second.nextCall("ClearCache");
      assert.equal((await bench.command("ClearCache")).ok, true);
      await asked;
      assert.ok(performance.now() - startMs < 6000);
    },
  },
  {
    id: "J-5.3",
    rule: "the late end of an old connection does not take the new one along",
    on: ["passwords", "TLS", "mutual TLS"],
    async run(bench) {
      const old = await bench.booted();
      const second = await bench.booted();
      await old.closed;
      await old.close();
      assert.equal((await bench.command("ClearCache")).ok, true);
      await second.settled();
    },
  },
  {
    id: "J-5.3, errata J 3.11",
    rule: "silence is asked for by pings, and ended after two without an answer",
    on: ["lenient"],
    async run(bench) {
      const wire = await bench.dial({ autoPong: false, reply: () => undefined });
      const pinged = new Promise((resolve) => wire.socket.once("ping", resolve));
      await pinged;
      await wire.closed;
      await bench.event("offline", ({ payload }) => /pings/.test(String(payload["reason"])));
    },
  },
  {
    id: "J-5.3, errata J 3.11",
    rule: "a charge point is told to ping every 30 s",
    async run(bench) {
      const key = { key: "WebSocketPingInterval", readonly: false, value: "0" };
      const wire = await bench.dial();
      wire.reply = ({ action }) =>
        action === "GetConfiguration" ? { configurationKey: [key] } : { status: "Accepted" };
      const told = wire.nextCall("ChangeConfiguration", ({ payload }) => payload["key"] === key.key);
      await wire.boot();
      assert.deepEqual((await told).payload, { key: key.key, value: "30" });
    },
  },
  {
    id: "J-5.4",
    rule: "one that connects again without booting is served at once",
    async run(bench) {
      await (await bench.booted()).close();
      await bench.event("offline");
      const wire = await bench.dial();
      await wire.confirmed("StatusNotification", { connectorId: 1, errorCode: "NoError", status: "Available" });
      await wire.confirmed("Authorize", { idTag: "T" });
      await bench.event("status");
    },
  },
];

/** Every character as an escape, but for the last, which a literal one matches. */
function escaped(character: string, index: number): string {
  return index === 0 ? character : `%${character.charCodeAt(0).toString(16).padStart(2, "0")}`;
}

export const TRANSPORT: readonly Row[] = [...HANDSHAKES, ...FRAMES, ...LIFETIMES];
