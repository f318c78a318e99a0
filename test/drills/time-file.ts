/** The time of a drill in a file, where each of its processes reads it, and says what it has seen of it. */
import { readSync, writeSync } from "node:fs";

/** Processes that live in the time of a drill: its number in the file. */
export const SEATS = { nodeRed: 0, simulator: 1 } as const;
export type Seat = keyof typeof SEATS;

const COUNT = Object.keys(SEATS).length;
/** The time comes twice, the second time with every bit turned round: what is read while it is written is found out. */
const [TIME, TURNED, BEAT, FIRST_SEAT] = [0, 1, 2, 3];
export const FILE_WORDS = FIRST_SEAT + COUNT;
const WORD = Uint32Array.BYTES_PER_ELEMENT;

const time = new Uint32Array(2);
const word = new Uint32Array(1);

/** Time of the drill, ms since its beginning. */
export function readTimeMs(file: number): number {
  do readSync(file, time, 0, 2 * WORD, TIME * WORD);
  while (~time[TIME]! >>> 0 !== time[TURNED]);
  return time[TIME]!;
}

/** @param nowMs whole ms; never less than before */
export function writeTimeMs(file: number, nowMs: number): void {
  time[TIME] = nowMs;
  time[TURNED] = ~nowMs;
  writeSync(file, time, 0, 2 * WORD, TIME * WORD);
}

function readWord(file: number, at: number): number {
  readSync(file, word, 0, WORD, at * WORD);
  return word[0]!;
}

function writeWord(file: number, at: number, value: number): void {
  word[0] = value;
  writeSync(file, word, 0, WORD, at * WORD);
}

/** Counts how often time went on. */
export const readBeat = (file: number): number => readWord(file, BEAT);
export const writeBeat = (file: number, beat: number): void => writeWord(file, BEAT, beat);

/** The last beat that a process has followed; 0 = it is not there. */
export const readSeat = (file: number, seat: Seat): number => readWord(file, FIRST_SEAT + SEATS[seat]);
export const writeSeat = (file: number, seat: Seat, beat: number): void =>
  writeWord(file, FIRST_SEAT + SEATS[seat], beat);
