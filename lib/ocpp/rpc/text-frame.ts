import type { Writable } from "node:stream";

/** First byte: the last frame of a text message (RFC 6455 §5.2). */
const FINAL_TEXT = 0x81;
/** Second byte where the length stands in the two, or eight, that follow. */
const LENGTH_16 = 126;
const LENGTH_64 = 127;

/** Characters of which each is one byte in UTF-8. */
const ONE_BYTE_EACH = /^[\0-\x7f]*$/;

/**
 * Sends a server's text message as one frame in one write: a server does not mask what it sends, and what we send is never compressed.
 * Short ones, as most answers are, go as text, which costs no memory of their own.
 */
export function writeText(stream: Writable, text: string): void {
  if (text.length >= LENGTH_16 || !ONE_BYTE_EACH.test(text)) stream.write(textFrame(text));
  else stream.write(String.fromCharCode(FINAL_TEXT, text.length) + text, "latin1");
}

/** The same in a piece of memory. */
function textFrame(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const startsAt = length < LENGTH_16 ? 2 : length < 65_536 ? 4 : 10;
  const frame = Buffer.allocUnsafe(startsAt + length);
  frame[0] = FINAL_TEXT;
  if (startsAt === 2) frame[1] = length;
  else if (startsAt === 4) {
    frame[1] = LENGTH_16;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = LENGTH_64;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  frame.write(text, startsAt);
  return frame;
}
