/** Text frames of a WebSocket connection out of the bytes that pass (RFC 6455 §5.2), without being part of it. */

/** One direction of one connection: first a HTTP message, then frames. */
export class FrameReader {
  readonly #hear: (text: string) => void;
  #rest: Buffer = Buffer.alloc(0);
  #isOpen = false;
  #text: Buffer[] = [];

  /** @param hear told each text message that is whole */
  constructor(hear: (text: string) => void) {
    this.#hear = hear;
  }

  /** Takes what passed, in order. */
  feed(chunk: Buffer): void {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    if (!this.#isOpen) {
      const end = this.#rest.indexOf("\r\n\r\n");
      if (end < 0) return;
      this.#isOpen = true;
      this.#rest = this.#rest.subarray(end + 4);
    }
    while (this.#next());
  }

  #next(): boolean {
    const bytes = this.#rest;
    if (bytes.length < 2) return false;
    const opcode = bytes[0]! & 0x0f;
    const isMasked = (bytes[1]! & 0x80) !== 0;
    const short = bytes[1]! & 0x7f;
    const lengthBytes = short === 126 ? 2 : short === 127 ? 8 : 0;
    const headBytes = 2 + lengthBytes + (isMasked ? 4 : 0);
    if (bytes.length < headBytes) return false;
    const length =
      lengthBytes === 2 ? bytes.readUInt16BE(2) : lengthBytes === 8 ? Number(bytes.readBigUInt64BE(2)) : short;
    if (bytes.length < headBytes + length) return false;
    const payload = Buffer.from(bytes.subarray(headBytes, headBytes + length));
    if (isMasked) for (let i = 0; i < length; i++) payload[i]! ^= bytes[headBytes - 4 + (i % 4)]!;
    this.#rest = bytes.subarray(headBytes + length);
    this.#take(opcode, (bytes[0]! & 0x80) !== 0, payload);
    return true;
  }

  /** Pings and closes come between the parts of a message; binary messages are none of OCPP's. */
  #take(opcode: number, isLast: boolean, payload: Buffer): void {
    if (opcode > 1) return;
    this.#text.push(payload);
    if (!isLast) return;
    this.#hear(Buffer.concat(this.#text).toString("utf8"));
    this.#text = [];
  }
}
