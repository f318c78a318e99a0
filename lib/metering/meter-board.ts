/** The latest reading of every meter of this process, by name: meters of several flows meet here. */
import type { MeasurementPayload } from "../messages.ts";

/** What a meter said last, and when. */
export interface BoardReading {
  payload: MeasurementPayload;
  /** Monotonic time at which it came. */
  atMs: number;
  /** Monotonic time since when no good reading came; null while they are good. */
  badSinceMs: number | null;
}

const KEY = Symbol.for("@phasewise/node-red-ev-charging/meter-board");
const holder = globalThis as { [KEY]?: Map<string, BoardReading> };
holder[KEY] ??= new Map();
const board: Map<string, BoardReading> = holder[KEY];

/** Puts a reading on the board. @param nowMs monotonic */
export function postReading(meter: string, payload: MeasurementPayload, nowMs: number): void {
  const badSinceMs = payload.quality === "good" ? null : (board.get(meter)?.badSinceMs ?? nowMs);
  board.set(meter, { payload, atMs: nowMs, badSinceMs });
}

/** Takes a meter off that is gone. */
export function takeOff(meter: string): void {
  board.delete(meter);
}

/** All readings by meter. */
export function readings(): ReadonlyMap<string, BoardReading> {
  return board;
}
