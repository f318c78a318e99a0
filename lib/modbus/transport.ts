import { EvError } from "../errors.ts";

/** One read of holding (3) or input (4) registers; `address` counts from 0, `count` is 1 to 125. */
export interface ReadRequest {
  unitId: number;
  functionCode: 3 | 4;
  address: number;
  count: number;
}

/** An open connection to a Modbus line. One request at a time; time-outs are its owner's business. */
export interface ModbusTransport {
  /**
   * Exactly `count` register words of the reply to this request, of no other.
   * Rejects with EvError: EV_MODBUS_EXCEPTION (a `ModbusException`), EV_MODBUS_FRAME, or EV_MODBUS_CONNECT when the connection ends.
   */
  read(request: ReadRequest): Promise<number[]>;
  /** Gives the pending request up: its reply, should it come, is dropped. */
  abandon(): void;
  /** Whether requests can still be sent. */
  readonly isOpen: boolean;
  /** Replies that came when nobody waited for them any more. */
  readonly lateReplies: number;
  /** Ends the connection; what is pending rejects with EV_MODBUS_CONNECT. */
  destroy(): void;
}

/** The device answered, and refused. */
export class ModbusException extends EvError {
  readonly exceptionCode: number;

  constructor(exceptionCode: number, detail: string) {
    super("EV_MODBUS_EXCEPTION", `${detail} was answered by exception ${exceptionCode} (${nameOf(exceptionCode)})`);
    this.exceptionCode = exceptionCode;
  }

  /** Whether the device does not have these registers, so that other ones may still be read. */
  get isAddressing(): boolean {
    return this.exceptionCode === 2 || this.exceptionCode === 3;
  }
}

/** Modbus Application Protocol V1.1b3, section 7. */
const EXCEPTIONS: Record<number, string> = {
  1: "function not supported",
  2: "no such register",
  3: "count not allowed",
  4: "device failure",
  5: "accepted, not ready",
  6: "device busy",
  8: "memory error",
  10: "gateway has no path",
  11: "no device behind the gateway answered",
};

function nameOf(exceptionCode: number): string {
  return EXCEPTIONS[exceptionCode] ?? "unknown";
}

/** A request in words, for messages. */
export function describe({ unitId, functionCode, address, count }: ReadRequest): string {
  return `unit ${unitId}, function ${functionCode}, registers ${address} to ${address + count - 1}`;
}
