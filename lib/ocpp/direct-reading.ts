import { isUtf8 } from "node:buffer";
import type { Duplex } from "node:stream";

/** First byte of a text message in one frame, not compressed (RFC 6455 §5.2). */
const WHOLE_TEXT = 0x81;
const FINAL = 0x80;
const OPCODE = 0x0f;
const CLOSE = 0x08;
const MASKED = 0x80;
/** Second byte, less its mask bit, where the length stands in the two, or eight, that follow. */
const LENGTH_16 = 126;
const LENGTH_64 = 127;
/** A client's frames come with a key of four bytes. */
const KEY_BYTES = 4;
/** What an invalid sequence is decoded to. */
const REPLACEMENT = "\uFFFD";

/**
 * Takes whole text messages straight from the stream under a server's WebSocket, and leaves everything else – control frames,
 * fragments, what the network has cut, what is wrong – to `ws`, byte for byte and in order. Nearly every message of a charge point
 * is a whole one: it is spared the way through another stream and three emitters, which costs more than reading its JSON.
 */
export class DirectReading {
  readonly #stream: Duplex;
  readonly #rest: (chunk: Buffer) => void;
  readonly #onText: (text: string) => void;
  /** Of the frame that `ws` has only a part of: its head so far, and how many bytes are still to come. */
  readonly #head = new Uint8Array(10);
  #headBytes = 0;
  #restBytes = 0;
  /** `ws` has the beginning of a message in fragments. */
  #fragmented = false;
  /** A close frame came: what follows it means nothing. */
  #over = false;
  #stopped = false;

  private constructor(stream: Duplex, rest: (chunk: Buffer) => void, onText: (text: string) => void) {
    this.#stream = stream;
    this.#rest = rest;
    this.#onText = onText;
  }

  /** Puts itself before the `ws` on a stream. null = `ws` is not as it was when this was written, and goes on reading all. */
  static install(stream: Duplex, onText: (text: string) => void): DirectReading | null {
    const [rest, ...others] = stream.listeners("data") as ((chunk: Buffer) => void)[];
    if (!rest || others.length > 0) return null;
    const reading = new DirectReading(stream, (chunk) => rest.call(stream, chunk), onText);
    stream.on("data", (chunk: Buffer) => reading.#take(chunk));
    stream.off("data", rest);
    return reading;
  }

  /** `ws` has found a fault: nothing is taken any more. */
  stop(): void {
    this.#stopped = true;
  }

  #take(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length && this.#atFrame) {
      // What a closed stream still holds is read by `ws` itself.
      if (this.#stopped || this.#over || this.#stream.destroyed) return;
      const endsAt = this.#text(chunk, at);
      if (endsAt < 0) break;
      at = endsAt;
    }
    if (at === chunk.length || this.#stopped || this.#stream.destroyed) return;
    const rest = at === 0 ? chunk : chunk.subarray(at);
    this.#follow(rest);
    this.#rest(rest);
  }

  /** The next byte begins a frame, and with it a message. */
  get #atFrame(): boolean {
    return this.#restBytes === 0 && this.#headBytes === 0 && !this.#fragmented;
  }

  /** Hands on the whole text message at `at`. @returns where it ends; -1 = there is none */
  #text(chunk: Buffer, at: number): number {
    if (chunk[at] !== WHOLE_TEXT || chunk.length < at + 4) return -1;
    const second = chunk[at + 1]!;
    const short = second & ~MASKED;
    if (second === short || short === LENGTH_64) return -1;
    const keyAt = short === LENGTH_16 ? at + 4 : at + 2;
    const length = short === LENGTH_16 ? chunk.readUInt16BE(at + 2) : short;
    const startsAt = keyAt + KEY_BYTES;
    const endsAt = startsAt + length;
    if (endsAt > chunk.length) return -1;
    unmask(chunk, keyAt, startsAt, endsAt);
    const text = chunk.toString("utf8", startsAt, endsAt);
    if (text.includes(REPLACEMENT) && !isUtf8(chunk.subarray(startsAt, endsAt))) {
      // As it came, so that `ws` finds the fault and closes.
      unmask(chunk, keyAt, startsAt, endsAt);
      return -1;
    }
    this.#onText(text);
    return endsAt;
  }

  /** Keeps track of where frames end in what `ws` is given. */
  #follow(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length) {
      if (this.#restBytes > 0) {
        const here = Math.min(this.#restBytes, chunk.length - at);
        this.#restBytes -= here;
        at += here;
      } else {
        this.#head[this.#headBytes++] = chunk[at++]!;
        this.#readHead();
      }
    }
  }

  #readHead(): void {
    const head = this.#head;
    const short = head[1]! & ~MASKED;
    const size = this.#headBytes < 2 ? 2 : short === LENGTH_64 ? 10 : short === LENGTH_16 ? 4 : 2;
    if (this.#headBytes < size) return;
    this.#headBytes = 0;
    const view = new DataView(head.buffer);
    const length = size === 2 ? short : size === 4 ? view.getUint16(2) : Number(view.getBigUint64(2));
    this.#restBytes = length + (head[1]! & MASKED ? KEY_BYTES : 0);
    const opcode = head[0]! & OPCODE;
    if (opcode < CLOSE) this.#fragmented = (head[0]! & FINAL) === 0;
    if (opcode === CLOSE) this.#over = true;
  }
}

/** Twice is as it was. */
function unmask(bytes: Buffer, keyAt: number, startsAt: number, endsAt: number): void {
  if (bytes.readUInt32LE(keyAt) === 0) return;
  for (let at = startsAt; at < endsAt; at++) bytes[at]! ^= bytes[keyAt + ((at - startsAt) & 3)]!;
}
