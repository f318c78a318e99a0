import type { NamedValues } from "../values.ts";
import {
  decode,
  encode,
  type MapBlock,
  type MapRegister,
  type RegisterMap,
  type WriteName,
  wordsOf,
} from "./register-map.ts";

/** Modbus Application Protocol V1.1b3, section 7. */
export const EXCEPTION = {
  illegalFunction: 1,
  illegalAddress: 2,
  illegalValue: 3,
  deviceFailure: 4,
  away: 11,
} as const;

/** One thing behind registers: the site, a zone, a connector. */
export interface PlacedBlock {
  block: MapBlock;
  /** From 1. */
  number: number;
  /** What a write is about; null = the site. */
  target: string | null;
  /** null = it is gone. */
  read(): { values: NamedValues; away: boolean } | null;
}

/** What one written register asks. A value of null takes back. */
export interface RegisterWrite {
  target: string | null;
  name: WriteName;
  value: number | string | null;
  /** As the request named it. */
  address: number;
}

/** How long values are taken from the last look, ms: many clients may ask at once. */
const FRESH_MS = 200;
const UNKNOWN = 0xffff;
/** What a word is: of a register that cannot be read, or of one that is refused while the charger is away. */
const REFUSED = 1;
const LIVE = 2;

interface Area {
  start: number;
  words: Uint16Array;
  /** What each word is; 0 = it can be read. */
  kinds: Uint8Array;
}

/** The registers behind one unit id. Reads are cheap: the words are made anew only when they are asked for and old. */
export class RegisterBank {
  readonly #map: RegisterMap;
  readonly #placed: readonly PlacedBlock[];
  readonly #areas: readonly Area[];
  readonly #nowMs: () => number;
  #madeMs = Number.NEGATIVE_INFINITY;

  constructor(map: RegisterMap, placed: readonly PlacedBlock[], nowMs: () => number) {
    this.#map = map;
    this.#placed = placed;
    this.#nowMs = nowMs;
    this.#areas = areasOf(placed);
  }

  /** Words as they stand now, big endian, behind the first `at` bytes of a new buffer; or the number of an exception. */
  read(address: number, count: number, at: number): Buffer | number {
    const area = this.#areas.find(({ start, words }) => address >= start && address + count <= start + words.length);
    if (!area) return EXCEPTION.illegalAddress;
    this.#refresh();
    const from = address - area.start;
    const kinds = area.kinds.subarray(from, from + count);
    if (kinds.includes(REFUSED)) return EXCEPTION.illegalAddress;
    if (kinds.includes(LIVE)) return EXCEPTION.away;
    const reply = Buffer.allocUnsafe(at + 2 * count);
    for (let i = 0, to = at; i < count; i++, to += 2) {
      const word = area.words[from + i]!;
      reply[to] = word >>> 8;
      reply[to + 1] = word & 0xff;
    }
    return reply;
  }

  /** What a write of words asks, all of it or none; or the number of an exception. */
  orders(address: number, words: Uint16Array): RegisterWrite[] | number {
    const orders: RegisterWrite[] = [];
    for (let at = 0; at < words.length; ) {
      const found = this.#writable(address + at);
      if (!found) return EXCEPTION.illegalAddress;
      const { placed, register } = found;
      const count = wordsOf(register);
      if (at + count > words.length) return EXCEPTION.illegalAddress;
      const value = register.write === "keepAlive" ? null : decode(register, words.subarray(at, at + count));
      if (value === undefined) return EXCEPTION.illegalValue;
      orders.push({ target: placed.target, name: register.write!, value, address: address + at });
      at += count;
    }
    return orders;
  }

  /** The next read looks anew. */
  stale(): void {
    this.#madeMs = Number.NEGATIVE_INFINITY;
  }

  #writable(address: number): { placed: PlacedBlock; register: MapRegister } | null {
    for (const placed of this.#placed) {
      const base = baseOf(placed);
      if (address < base || address >= base + placed.block.size) continue;
      const register = placed.block.registers.find((one) => base + one.address === address && one.write);
      return register ? { placed, register } : null;
    }
    return null;
  }

  #refresh(): void {
    const nowMs = this.#nowMs();
    if (nowMs - this.#madeMs < FRESH_MS) return;
    this.#madeMs = nowMs;
    for (const placed of this.#placed) this.#make(placed);
  }

  #make(placed: PlacedBlock): void {
    const base = baseOf(placed);
    const area = this.#areas.find(({ start, words }) => base >= start && base < start + words.length)!;
    const at = base - area.start;
    area.words.fill(UNKNOWN, at, at + placed.block.size);
    area.kinds.fill(0, at, at + placed.block.size);
    const known = placed.read();
    const isAway = known?.away ?? true;
    for (const register of placed.block.registers) {
      const from = at + register.address;
      if (known && (!isAway || register.steady)) encode(register, known.values, area.words, from);
      const isRefused = isAway && !register.steady && this.#map.away === "exception";
      const kind = register.writeOnly ? REFUSED : isRefused ? LIVE : 0;
      if (kind) area.kinds.fill(kind, from, from + wordsOf(register));
    }
  }
}

const baseOf = ({ block, number }: PlacedBlock): number => block.base + block.stride * (number - 1);

/** From the first to the last one of each block: holes and what is gone read as unknown. */
function areasOf(placed: readonly PlacedBlock[]): Area[] {
  const blocks = new Set(placed.map(({ block }) => block));
  return [...blocks].map((block) => {
    const last = Math.max(...placed.filter((one) => one.block === block).map(({ number }) => number));
    const length = block.stride * (last - 1) + block.size;
    return { start: block.base, words: new Uint16Array(length).fill(UNKNOWN), kinds: new Uint8Array(length) };
  });
}
