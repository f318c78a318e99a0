/** First byte: the last frame of a text message (RFC 6455 §5.2). */
const FINAL_TEXT = 0x81;
/** Second byte where the length stands in the two, or eight, that follow. */
const LENGTH_16 = 126;
const LENGTH_64 = 127;

/**
 * A server's text message as one frame in one piece of memory, so that it leaves in one write: a server does not mask what it sends,
 * and what we send is never compressed.
 */
export function textFrame(text: string): Buffer {
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
