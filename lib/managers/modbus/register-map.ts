/** What a register map is: data that says which value stands where, in which form, and what a write means. */
import type { ManagerCode } from "../../dlm/types.ts";
import type { ConnectorValue, NamedValue, NamedValues, SiteValue, ZoneValue } from "../values.ts";

/** What a write asks. `keepAlive` asks nothing: it shows that the writer is there. */
export type WriteName = "limitA" | "powerW" | "permit" | "mode" | "keepAlive";

/** `u32` has its high word first. A text is filled up with zeros; `little` swaps the bytes of each word. */
export interface MapRegister<Name extends string = string> {
  /** In its block. */
  address: number;
  type: "u16" | "u32" | "text" | "littleText";
  /** Of a text. */
  words?: number;
  /** A value by name, or one that is always the same. */
  value: Name | { fixed: number | string };
  /** The register holds the value times this. */
  scale?: number;
  /** What stands for each word of a value that is one of a few. */
  codes?: Readonly<Record<string, number>>;
  write?: WriteName;
  /** A read is refused. */
  writeOnly?: true;
  /** Known also while the charger is away. */
  steady?: true;
  unit?: string;
  /** For the page. */
  what: string;
}

/** Registers of one kind of thing. A register that is none reads as all ones. */
export interface MapBlock<Name extends string = string> {
  /** Where the first one begins. */
  base: number;
  /** From one to the next; 0 = there is one. */
  stride: number;
  /** How many there are at most. */
  most: number;
  /** Words of one, from `base` on. */
  size: number;
  registers: readonly MapRegister<Name>[];
}

export interface RegisterMap {
  id: "phasewise" | "victron" | "bender";
  /** Of reasons. */
  code: ManagerCode;
  title: string;
  about: string;
  sources: readonly string[];
  /** Whether a unit and a port stand for the site or for one connector. */
  serves: "site" | "connector";
  /** Every unit id is answered. */
  anyUnit?: true;
  /** What a read of a charger that is away gets: the map's word for unknown, or exception 11. */
  away: "unknown" | "exception";
  /** What goes on with a lease: any request of its writer, or a write alone. */
  renewedBy: "request" | "write";
  /** Service type by which it is announced. */
  service?: string;
  site?: MapBlock<SiteValue>;
  zone?: MapBlock<ZoneValue>;
  connector: MapBlock<ConnectorValue>;
}

export const WORDS = { u16: 1, u32: 2 } as const;

export function wordsOf({ type, words = 0 }: MapRegister): number {
  return type === "u16" || type === "u32" ? WORDS[type] : words;
}

/** Writes a value into words. What is not known is all ones, as a text it is empty; what does not fit is the largest that does. */
export function encode(register: MapRegister, values: NamedValues, into: Uint16Array, at: number): void {
  const { type, value, scale = 1, codes } = register;
  const found: NamedValue = typeof value === "object" ? value.fixed : (values[value] ?? null);
  const count = wordsOf(register);
  if (type === "text" || type === "littleText") {
    const bytes = Buffer.alloc(2 * count);
    bytes.write(found === null ? "" : String(found), "utf8");
    for (let i = 0; i < count; i++)
      into[at + i] = type === "text" ? bytes.readUInt16BE(2 * i) : bytes.readUInt16LE(2 * i);
    return;
  }
  const most = type === "u16" ? 0xffff : 0xffffffff;
  const number = codes ? (codes[String(found)] ?? null) : typeof found === "number" ? found * scale : null;
  // A fixed value may be all ones; a measured one must not look unknown.
  const raw =
    number === null ? most : Math.min(Math.max(Math.round(number), 0), typeof value === "object" ? most : most - 1);
  if (type === "u16") into[at] = raw;
  else {
    into[at] = raw >>> 16;
    into[at + 1] = raw & 0xffff;
  }
}

/** What words that were written mean: a number, a word of `codes`, or null for all ones; undefined = nothing that it may be. */
export function decode(
  { type, scale = 1, codes }: MapRegister,
  words: Uint16Array,
): number | string | null | undefined {
  const raw = type === "u16" ? words[0]! : words[0]! * 0x10000 + words[1]!;
  if (raw === (type === "u16" ? 0xffff : 0xffffffff)) return null;
  if (!codes) return raw / scale;
  return Object.keys(codes).find((word) => codes[word] === raw);
}
