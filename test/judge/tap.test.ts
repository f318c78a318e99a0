import { strict as assert } from "node:assert";
import { FrameReader } from "./tap.ts";

/** A frame as a client or server writes it. */
function frame(text: string, { isLast = true, opcode = 1, mask = null as Buffer | null } = {}): Buffer {
  const payload = Buffer.from(text);
  const masked = mask ? 0x80 : 0;
  const head =
    payload.length < 126
      ? Buffer.from([(isLast ? 0x80 : 0) | opcode, masked | payload.length])
      : Buffer.from([(isLast ? 0x80 : 0) | opcode, masked | 126, payload.length >> 8, payload.length & 255]);
  const body = mask ? payload.map((byte, i) => byte ^ mask[i % 4]!) : payload;
  return Buffer.concat([head, mask ?? Buffer.alloc(0), body]);
}

describe("The tap", () => {
  const heard = (chunks: Buffer[]): string[] => {
    const texts: string[] = [];
    const reader = new FrameReader((text) => texts.push(text));
    reader.feed(Buffer.from("HTTP/1.1 101 Switching Protocols\r\n\r"));
    reader.feed(Buffer.concat([Buffer.from("\n"), chunks[0]!]));
    for (const chunk of chunks.slice(1)) reader.feed(chunk);
    return texts;
  };
  const mask = Buffer.from([1, 2, 3, 250]);

  it("reads frames of both sides", () => {
    assert.deepEqual(heard([frame("[3,1]"), frame("Zoë", { mask })]), ["[3,1]", "Zoë"]);
  });

  it("reads frames that come byte by byte, long ones, too", () => {
    const long = "x".repeat(1000);
    assert.deepEqual(
      heard([...Buffer.concat([frame("a"), frame(long, { mask })])].map((byte) => Buffer.from([byte]))),
      ["a", long],
    );
  });

  it("puts parts together, with a ping between them", () => {
    const parts = [frame("one ", { isLast: false }), frame("ping", { opcode: 9 }), frame("text", { opcode: 0 })];
    assert.deepEqual(heard(parts), ["one text"]);
  });
});
