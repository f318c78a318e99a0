import { EventEmitter } from "node:events";
import ModbusRTU from "modbus-serial";
import { EvError, messageOf } from "../errors.ts";
import { ModbusException, type ReadRequest } from "./transport.ts";

/**
 * modbus-serial as a codec for one request at a time: it writes the request to a port of ours and hears the reply from it. The
 * transports, not modbus-serial, decide which reply belongs to which request: the ids of its own ports wrap at 256, and a serial
 * request has none, so that a late reply could pass for the reply to another request.
 */
export class Codec {
  readonly #port = new FramePort();
  readonly #client = new ModbusRTU(this.#port);
  /** Registers or bits, an exception code, or what is wrong with the frame. */
  #reply: number[] | number | string = "";
  #count = 0;

  constructor() {
    this.#client.open();
  }

  /** The request as a serial frame: unit id, PDU, CRC. */
  encode({ unitId, functionCode, address, count, value = false }: ReadRequest): Buffer {
    const client = this.#client;
    const settled = this.#settled;
    this.#count = count;
    if (functionCode === 1) client.writeFC1(unitId, address, count, settled);
    else if (functionCode === 2) client.writeFC2(unitId, address, count, settled);
    else if (functionCode === 3) client.writeFC3(unitId, address, count, settled);
    else if (functionCode === 4) client.writeFC4(unitId, address, count, settled);
    else client.writeFC5(unitId, address, value, settled);
    return this.#port.written;
  }

  /**
   * What the reply to the request that was encoded last says, from a serial frame (unit id, PDU, CRC): its registers or bits, a
   * ModbusException, or EvError EV_MODBUS_FRAME when the frame is no reply to it.
   * @param what names the request, for messages
   */
  decode(frame: Buffer, what: string): number[] | EvError {
    this.#reply = "the frame answers no request";
    this.#port.emit("data", frame);
    if (typeof this.#reply === "number") return new ModbusException(this.#reply, what);
    return Array.isArray(this.#reply) ? this.#reply : new EvError("EV_MODBUS_FRAME", `${what}: ${this.#reply}`);
  }

  readonly #settled = (error: unknown, result?: { data?: unknown; state?: unknown }): void => {
    const code = (error as { modbusCode?: unknown } | null)?.modbusCode;
    if (typeof code === "number") this.#reply = code;
    else if (error || !result) this.#reply = messageOf(error);
    else if (Array.isArray(result.data)) this.#reply = result.data.slice(0, this.#count).map(Number);
    else this.#reply = [Number(result.state)];
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
