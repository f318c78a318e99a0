import { EvError } from "../errors.ts";

/**
 * One read of coils (1), discrete inputs (2), holding (3) or input (4) registers; `address` counts from 0, `count` is 1 to 125. With
 * function 5 one coil is written: `count` is 1, and `value` says how it is to stand.
 */
export interface ReadRequest {
  unitId: number;
  functionCode: 1 | 2 | 3 | 4 | 5;
  address: number;
  count: number;
  /** Only with function 5. */
  value?: boolean;
}

/** A read of registers. */
export type RegisterRequest = Omit<ReadRequest, "functionCode" | "value"> & { functionCode: 3 | 4 };

/** Words of the coil that was written, as the reply repeats them. */
const COIL_ON = 0xff00;
const COIL_BYTES = 8;

/** Whether single bits are read. */
export function readsBits({ functionCode }: Pick<ReadRequest, "functionCode">): boolean {
  return functionCode === 1 || functionCode === 2;
}

/** How many bytes of values the reply to a read carries. */
export function dataBytes({ functionCode, count }: Pick<ReadRequest, "functionCode" | "count">): number {
  return readsBits({ functionCode }) ? Math.ceil(count / COIL_BYTES) : 2 * count;
}

/** What follows the function code in the reply to a written coil: its address and how it stands. */
export function coilEcho({ address, value }: ReadRequest): Buffer {
  const echo = Buffer.alloc(4);
  echo.writeUInt16BE(address);
  echo.writeUInt16BE(value ? COIL_ON : 0, 2);
  return echo;
}

/**
 * How a request ends: with exactly the registers asked for; with an EvError (EV_MODBUS_EXCEPTION as a `ModbusException`,
 * EV_MODBUS_FRAME, EV_MODBUS_CONNECT when the connection ended); or not yet: the device answers, but this answer could not be told
 * apart from a late one. Asking once more after so many ms brings the right one.
 */
export type ReadOutcome = number[] | EvError | { againInMs: number };

/** A request that is under way. */
export interface Exchange {
  /**
   * Gives the request up: its reply, should it come, is dropped and counted.
   * @returns the outcome that has to stand in for "no answer": an answer held back or a wrong one; null = nothing came
   */
  abandon(): ReadOutcome | null;
}

/** An open connection to a Modbus line; time-outs are its owner's business. */
export interface ModbusTransport {
  /** Sends a request. `settle` is called once, unless the exchange is abandoned before. */
  start(request: ReadRequest, settle: (outcome: ReadOutcome) => void): Exchange;
  /** Whether requests can still be sent. */
  readonly isOpen: boolean;
  /** Silence that the line still needs before the next request, ms. */
  readonly restMs: number;
  /** Whether a peer that is gone can look like one that is silent, so that reconnecting may help. */
  readonly canBeHalfOpen: boolean;
  /** Replies that came too late or belong to no request of ours. */
  readonly lateFrames: number;
  /** Frames whose check sum was wrong. */
  readonly crcErrors: number;
  /** Ends the connection; what is pending settles with EV_MODBUS_CONNECT. */
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

  /** Whether it was the gateway that answered, because it could not reach the device. */
  get isFromGateway(): boolean {
    return this.exceptionCode === 10 || this.exceptionCode === 11;
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

/** Set in the function code of an exception. */
export const EXCEPTION_FLAG = 0x80;

/** The same for requests whose answers are the same. */
export function keyOf({ unitId, functionCode, address, count, value }: ReadRequest): string {
  return `${unitId}/${functionCode}/${address}/${value ?? count}`;
}

/** A request in words, for messages. */
export function describe(request: ReadRequest): string {
  const { unitId, functionCode, address, count, value } = request;
  const head = `unit ${unitId}, function ${functionCode}`;
  if (functionCode === 5) return `${head}, coil ${address} ${value ? "on" : "off"}`;
  const what = functionCode === 1 ? "coils" : functionCode === 2 ? "inputs" : "registers";
  return `${head}, ${what} ${address} to ${address + count - 1}`;
}
