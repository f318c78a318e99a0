import { strict as assert } from "node:assert";
import type { IncomingMessage } from "node:http";
import { Duplex } from "node:stream";
import fc from "fast-check";
import { type WebSocket, WebSocketServer } from "ws";
import { DirectReading } from "../../lib/ocpp/direct-reading.ts";
import { SOCKET_LIMITS } from "../../lib/ocpp/socket.ts";

/** A stream into which bytes are put by hand. */
class Wire extends Duplex {
  override _read(): void {}
  override _write(_chunk: Buffer, _encoding: string, done: () => void): void {
    done();
  }
}

const REQUEST = {
  method: "GET",
  headers: {
    upgrade: "websocket",
    connection: "Upgrade",
    "sec-websocket-version": "13",
    "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
  },
} as unknown as IncomingMessage;

/** What a server's side makes of these pieces: each message, ping, pong, fault and close. */
async function heard(pieces: readonly Buffer[], direct: boolean): Promise<{ events: string[]; directly: number }> {
  const wire = new Wire();
  const events: string[] = [];
  let directly = 0;
  const handshake = new WebSocketServer({ noServer: true, clientTracking: false, ...SOCKET_LIMITS });
  const webSocket = await new Promise<WebSocket>((done) =>
    handshake.handleUpgrade(REQUEST, wire, Buffer.alloc(0), done),
  );
  const reading = direct
    ? DirectReading.install(wire, (text) => {
        directly += 1;
        events.push(`text ${text}`);
      })
    : null;
  assert.equal(reading !== null, direct);
  webSocket.on("message", (data, isBinary) => events.push(`${isBinary ? "binary" : "text"} ${data}`));
  webSocket.on("ping", (data) => events.push(`ping ${data}`));
  webSocket.on("pong", (data) => events.push(`pong ${data}`));
  webSocket.on("close", (code) => events.push(`close ${code}`));
  webSocket.on("error", (error) => {
    reading?.stop();
    events.push(`error ${error.message}`);
  });
  await turn();
  for (const piece of pieces) {
    wire.push(Buffer.from(piece));
    await turn();
  }
  webSocket.terminate();
  await turn();
  return { events, directly };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

interface FrameOptions {
  first?: number;
  key?: number;
  masked?: boolean;
}

/** A client's frame; `first` is its first byte, a whole text when nothing is said. */
function frame(content: string | Buffer, { first = 0x81, key = 0x37fa213d, masked = true }: FrameOptions = {}): Buffer {
  const body = Buffer.from(content);
  const mask = Buffer.alloc(4);
  mask.writeUInt32BE(key);
  const bit = masked ? 0x80 : 0;
  const head =
    body.length < 126
      ? Buffer.from([first, bit | body.length])
      : body.length < 65_536
        ? Buffer.from([first, bit | 126, body.length >> 8, body.length & 0xff])
        : Buffer.concat([Buffer.from([first, bit | 127, 0, 0, 0, 0]), uint32(body.length)]);
  return Buffer.concat(masked ? [head, mask, body.map((byte, index) => byte ^ mask[index & 3]!)] : [head, body]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

describe("Reading whole text messages from the stream", () => {
  const directlyOf = async (...pieces: Buffer[]): Promise<string[]> => {
    const { events, directly } = await heard(pieces, true);
    return [...events.filter((event) => event.startsWith("text")), `${directly} directly`];
  };

  it("takes one, several in one piece, masked or with a key of zeros", async () => {
    const many = Buffer.concat([frame("a"), frame("ü".repeat(100)), frame("", { key: 0 }), frame("z".repeat(65_535))]);
    assert.deepEqual(await directlyOf(frame("[2]"), many), [
      "text [2]",
      "text a",
      `text ${"ü".repeat(100)}`,
      "text ",
      `text ${"z".repeat(65_535)}`,
      "5 directly",
    ]);
  });

  it("takes the next one after what it left to ws", async () => {
    const ping = frame("p", { first: 0x89 });
    const parts = [frame("frag", { first: 0x01 }), frame("ment", { first: 0x80 })];
    const cut = frame("cut by the network");
    const pieces = [ping, frame("1"), ...parts, frame("2"), cut.subarray(0, 3), cut.subarray(3), frame("3")];
    assert.deepEqual(await directlyOf(...pieces), [
      "text 1",
      "text fragment",
      "text 2",
      "text cut by the network",
      "text 3",
      "3 directly",
    ]);
  });

  it("takes nothing after a close frame or a fault", async () => {
    assert.deepEqual(await directlyOf(frame("\x03\xe8", { first: 0x88 }), frame("late")), ["0 directly"]);
    assert.deepEqual(await directlyOf(frame("x", { masked: false }), frame("late")), ["0 directly"]);
    assert.deepEqual(await directlyOf(frame(Buffer.from([0xff, 0xfe])), frame("late")), ["0 directly"]);
  });

  it("lets a character pass that looks like a fault", async () => {
    assert.deepEqual(await directlyOf(frame("\ufffd")), ["text \ufffd", "1 directly"]);
  });

  it("leaves it to ws where something else listens to the stream", () => {
    const wire = new Wire();
    assert.equal(
      DirectReading.install(wire, () => undefined),
      null,
    );
    for (let listener = 0; listener < 2; listener++) wire.on("data", () => undefined);
    assert.equal(
      DirectReading.install(wire, () => undefined),
      null,
    );
  });

  it("hears exactly what ws hears, whatever comes and however it is cut", async () => {
    const first = fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(0x81, 0x81, 0x81, 0x01, 0x80, 0x00, 0x82, 0x89, 0x8a) },
      { weight: 1, arbitrary: fc.constantFrom(0x88, 0x83, 0xc1, 0x91, 0x09, 0x02) },
    );
    const content = fc.oneof(
      fc.string({ unit: "binary", maxLength: 200 }).map((text) => Buffer.from(text)),
      fc.constantFrom(125, 126, 127, 65_535, 65_536, 300_000).map((length) => Buffer.alloc(length, "x")),
      fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
    );
    const piece = fc.record({
      first,
      content,
      key: fc.constantFrom(0, 0x37fa213d),
      masked: fc.integer({ max: 19, min: 0 }).map((chance) => chance > 0),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(piece, { maxLength: 12 }),
        fc.array(fc.nat(), { maxLength: 20 }),
        async (given, cuts) => {
          const all = Buffer.concat(given.map(({ content, ...options }) => frame(content, options)));
          const places = [...new Set([0, ...cuts.map((cut) => cut % (all.length + 1)), all.length])].sort(
            (a, b) => a - b,
          );
          const pieces = places.slice(1).map((end, index) => all.subarray(places[index], end));
          const [ws, direct] = [await heard(pieces, false), await heard(pieces, true)];
          assert.deepEqual(direct.events, ws.events);
        },
      ),
      { numRuns: 100 },
    );
  });
});
