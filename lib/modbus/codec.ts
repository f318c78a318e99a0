import { EventEmitter } from "node:events";
import ModbusRTU from "modbus-serial";
import { EvError, messageOf } from "../errors.ts";
import type { ReadRequest } from "./transport.ts";

/** What a well-formed reply says. */
export type Reply = { registers: number[] } | { exceptionCode: number };

type Settled = (error: unknown, result: { data: number[] } | undefined) => void;

/**
 * modbus-serial as a codec, one slot per request in flight. Its own ports leave the matching of replies open (their transaction ids
 * wrap at 256 and forget nothing; serial requests share one), so that a late reply could pass for another request's. Here it is given
 * frames only after the transport has matched them.
 */
export class Codec {
  readonly #port = new SlotPort();
  readonly #client = new ModbusRTU(this.#port);
  #reply: Reply | EvError | null = null;

  constructor() {
    this.#client.open(() => {});
  }

  /** The request as a serial frame: unit id, PDU, CRC. */
  encode(slot: number, { unitId, functionCode, address, count }: ReadRequest): Buffer {
    this.#port._transactionIdWrite = slot;
    // Their named-argument forms: setID would be state shared by all requests.
    if (functionCode === 3) this.#client.writeFC3(unitId, address, count, this.#settled);
    else this.#client.writeFC4(unitId, address, count, this.#settled);
    return this.#port.written;
  }

  /**
   * The reply to the request last encoded for this slot, from a serial frame (unit id, PDU, CRC).
   * @throws EvError EV_MODBUS_FRAME when it is none
   */
  decode(slot: number, frame: Buffer): Reply {
    this.#reply = null;
    this.#port._transactionIdRead = slot;
    this.#port.emit("data", frame);
    if (this.#reply === null) throw new EvError("EV_MODBUS_FRAME", "the frame answers no request");
    if ((this.#reply as Reply | EvError) instanceof EvError) throw this.#reply;
    return this.#reply;
  }

  readonly #settled: Settled = (error, result) => {
    const code = (error as { modbusCode?: unknown } | null)?.modbusCode;
    if (typeof code === "number") this.#reply = { exceptionCode: code };
    else if (error || !result) this.#reply = new EvError("EV_MODBUS_FRAME", messageOf(error));
    else this.#reply = { registers: result.data };
  };
}

/** The port that modbus-serial writes to and hears from. It reads the two ids under these names. */
class SlotPort extends EventEmitter {
  readonly isOpen = true;
  _transactionIdRead = 0;
  _transactionIdWrite = 0;
  written: Buffer = Buffer.alloc(0);

  open(done: () => void): void {
    done();
  }

  close(done: () => void): void {
    done();
  }

  write(frame: Buffer): void {
    this.written = frame;
  }
}
