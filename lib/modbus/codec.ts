import { EventEmitter } from "node:events";
import ModbusRTU from "modbus-serial";
import { EvError, messageOf } from "../errors.ts";
import type { ReadRequest } from "./transport.ts";

/** What a well-formed reply says. */
export type Reply = { registers: number[] } | { exceptionCode: number };

/**
 * modbus-serial as a codec for one request at a time: it writes the request to a port of ours and hears the reply from it. The
 * transports, not modbus-serial, decide which reply belongs to which request: the ids of its own ports wrap at 256, and a serial
 * request has none, so that a late reply could pass for the reply to another request.
 */
export class Codec {
  readonly #port = new FramePort();
  readonly #client = new ModbusRTU(this.#port);
  #reply: Reply | EvError | null = null;

  constructor() {
    this.#client.open();
  }

  /** The request as a serial frame: unit id, PDU, CRC. */
  encode({ unitId, functionCode, address, count }: ReadRequest): Buffer {
    if (functionCode === 3) this.#client.writeFC3(unitId, address, count, this.#settled);
    else this.#client.writeFC4(unitId, address, count, this.#settled);
    return this.#port.written;
  }

  /**
   * The reply to the request that was encoded last, from a serial frame (unit id, PDU, CRC).
   * @throws EvError EV_MODBUS_FRAME when the frame is no reply to it
   */
  decode(frame: Buffer): Reply {
    this.#reply = null;
    this.#port.emit("data", frame);
    const reply = this.#reply as Reply | EvError | null;
    if (reply === null) throw new EvError("EV_MODBUS_FRAME", "the frame answers no request");
    if (reply instanceof EvError) throw reply;
    return reply;
  }

  readonly #settled = (error: unknown, result: { data: number[] } | undefined): void => {
    const code = (error as { modbusCode?: unknown } | null)?.modbusCode;
    if (typeof code === "number") this.#reply = { exceptionCode: code };
    else if (error || !result) this.#reply = new EvError("EV_MODBUS_FRAME", messageOf(error));
    else this.#reply = { registers: result.data };
  };
}

/** A port as modbus-serial takes it (its `TestPort`), which keeps what is written and emits as `data` what came in. */
class FramePort extends EventEmitter {
  readonly isOpen = true;
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
