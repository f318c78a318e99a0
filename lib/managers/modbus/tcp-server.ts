import { createServer, type Socket } from "node:net";
import { encodeMbap, MbapFramer } from "../../modbus/mbap.ts";
import { TimeShare } from "../guests.ts";
import { ListeningPort } from "../port.ts";
import { EXCEPTION } from "./register-bank.ts";

/** What answers the frames of one port. */
export interface FrameHandler {
  /** The words that stand there, behind `at` free bytes; or the number of an exception. */
  read(unitId: number, address: number, count: number, at: number, peer: string): Buffer | number;
  /** 0 = done, else the number of an exception. */
  write(unitId: number, address: number, words: Uint16Array, peer: string): number;
  /** Whether this peer keeps its place when strangers want it. */
  isKnown(peer: string): boolean;
}

/** Of each window answering takes so long at most for all writers, and as long for all others; what comes beyond that waits, ms. */
const MOST_MS = 25;
const WINDOW_MS = 100;
/** A client that sends more requests than this in one piece does not wait for answers, and goes. */
const MOST_AT_ONCE = 100;
/** A client that asks and never reads is cut off here, bytes. */
const MAX_UNREAD = 65_536;
/** Modbus Application Protocol V1.1b3, sections 6.3, 6.4 and 6.12. */
const MOST_READ = 125;
const MOST_WRITTEN = 123;
const READ_HOLDING = 3;
const READ_INPUT = 4;
const WRITE_ONE = 6;
const WRITE_MANY = 16;

/** One listening port. What a client sends that is no frame costs it its connection; nobody else notices. */
export class ModbusTcpServer {
  readonly #handler: FrameHandler;
  readonly #port: ListeningPort;
  readonly #shares = { writers: new TimeShare(MOST_MS, WINDOW_MS), strangers: new TimeShare(MOST_MS, WINDOW_MS) };

  constructor(handler: FrameHandler) {
    this.#handler = handler;
    this.#port = new ListeningPort((peer) => handler.isKnown(peer));
  }

  /** Connections that are open now. */
  get clients(): number {
    return this.#port.guests.count;
  }

  /** Resolves with the port. Rejects with EvError EV_PORT_IN_USE or EV_LISTEN_FAILED. @param host empty = every address */
  listen(host: string, port: number): Promise<number> {
    return this.#port.listen(
      createServer((socket) => this.#serve(socket)),
      host,
      port,
    );
  }

  /** Stops listening and drops every connection; resolves when the port is free. */
  close(): Promise<void> {
    return this.#port.close();
  }

  #serve(socket: Socket): void {
    const peer = this.#port.admit(socket);
    if (peer === null) return;
    const framer = new MbapFramer();
    socket.setNoDelay(true);
    const share = this.#handler.isKnown(peer) ? this.#shares.writers : this.#shares.strangers;
    const take = (chunk: Buffer): void => {
      if (socket.destroyed) return;
      const { waitMs } = share;
      if (waitMs === 0) {
        share.spend(() => this.#answerAll(socket, framer, chunk, peer));
        socket.resume();
        return;
      }
      // Others have their turn; nothing more of this one is read until then.
      socket.pause();
      setTimeout(() => take(chunk), waitMs).unref();
    };
    socket.on("data", (chunk: Buffer) => {
      this.#port.guests.heard(socket);
      take(chunk);
    });
  }

  /** All answers leave in one piece; a client that is cut off gets none. */
  #answerAll(socket: Socket, framer: MbapFramer, chunk: Buffer, peer: string): void {
    const answers: Buffer[] = [];
    try {
      for (const { transactionId, unitId, pdu } of framer.feed(chunk)) {
        if (answers.length === MOST_AT_ONCE) throw new RangeError("it asks more than it can want");
        answers.push(encodeMbap({ transactionId, unitId, pdu: reply(this.#handler, unitId, pdu, peer) }));
      }
    } catch {
      socket.destroy();
      return;
    }
    if (answers.length === 0 || !socket.writable) return;
    socket.write(answers.length === 1 ? answers[0]! : Buffer.concat(answers));
    if (socket.writableLength > MAX_UNREAD) socket.destroy();
  }
}

/** What answers a request (function code and data). */
export function reply(handler: FrameHandler, unitId: number, pdu: Buffer, peer: string): Buffer {
  const code = pdu[0]!;
  if (code === READ_HOLDING || code === READ_INPUT) {
    if (pdu.length !== 5) return exception(code, EXCEPTION.illegalValue);
    const count = pdu.readUInt16BE(3);
    if (count < 1 || count > MOST_READ) return exception(code, EXCEPTION.illegalValue);
    const found = handler.read(unitId, pdu.readUInt16BE(1), count, 2, peer);
    if (typeof found === "number") return exception(code, found);
    found[0] = code;
    found[1] = 2 * count;
    return found;
  }
  if (code === WRITE_ONE || code === WRITE_MANY) {
    const words = code === WRITE_ONE ? oneWord(pdu) : manyWords(pdu);
    if (words === null) return exception(code, EXCEPTION.illegalValue);
    const refused = handler.write(unitId, pdu.readUInt16BE(1), words, peer);
    return refused ? exception(code, refused) : Buffer.from(pdu.subarray(0, 5));
  }
  return exception(code, EXCEPTION.illegalFunction);
}

function oneWord(pdu: Buffer): Uint16Array | null {
  return pdu.length === 5 ? Uint16Array.of(pdu.readUInt16BE(3)) : null;
}

function manyWords(pdu: Buffer): Uint16Array | null {
  if (pdu.length < 6) return null;
  const count = pdu.readUInt16BE(3);
  if (count < 1 || count > MOST_WRITTEN || pdu[5] !== 2 * count || pdu.length !== 6 + 2 * count) return null;
  return Uint16Array.from({ length: count }, (_, i) => pdu.readUInt16BE(6 + 2 * i));
}

function exception(code: number, number: number): Buffer {
  return Buffer.from([code | 0x80, number]);
}
