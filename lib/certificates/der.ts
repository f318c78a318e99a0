/** DER (X.690), as far as signing requests and certificates need it. */

export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bits: 0x03,
  octets: 0x04,
  oid: 0x06,
  utf8: 0x0c,
  printable: 0x13,
  t61: 0x14,
  ia5: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  bmp: 0x1e,
  sequence: 0x30,
  set: 0x31,
} as const;

/** One element as it was read. */
export interface Element {
  tag: number;
  /** What is in it. */
  content: Buffer;
  /** All of it, with tag and length. */
  whole: Buffer;
}

/** One element: tag, length, content. */
export function der(tag: number, ...content: readonly Buffer[]): Buffer {
  const body = Buffer.concat(content);
  return Buffer.concat([Buffer.from([tag, ...lengthOf(body.length)]), body]);
}

export const sequence = (...content: readonly Buffer[]): Buffer => der(TAG.sequence, ...content);
export const set = (...content: readonly Buffer[]): Buffer => der(TAG.set, ...content);
export const octets = (content: Buffer): Buffer => der(TAG.octets, content);
export const bits = (content: Buffer, unused = 0): Buffer => der(TAG.bits, Buffer.from([unused]), content);
export const yes = (): Buffer => der(TAG.boolean, Buffer.from([0xff]));

/** A number of any length, not negative. */
export function integer(bytes: Buffer): Buffer {
  let from = 0;
  while (from < bytes.length - 1 && bytes[from] === 0) from += 1;
  const short = bytes.subarray(from);
  return der(TAG.integer, short[0]! >= 0x80 ? Buffer.concat([Buffer.from([0]), short]) : short);
}

/** @param dotted such as `2.5.4.3` */
export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...others] = dotted.split(".").map(Number);
  return der(TAG.oid, Buffer.from([40 * first + second, ...others.flatMap(base128)]));
}

/** The last year that UTCTime can name is 2049 (RFC 5280 §4.1.2.5). */
export function time(wallMs: number): Buffer {
  const text = `${new Date(wallMs).toISOString().replace(/[-:T]|\..*/g, "")}Z`;
  const isLate = new Date(wallMs).getUTCFullYear() >= 2050;
  return der(isLate ? TAG.generalizedTime : TAG.utcTime, Buffer.from(isLate ? text : text.slice(2)));
}

/** The elements that follow each other. @throws where bytes are missing, left over, or not DER */
export function elements(bytes: Buffer): Element[] {
  const found: Element[] = [];
  for (let at = 0; at < bytes.length; ) {
    const { contentAt, length } = headAt(bytes, at);
    const end = contentAt + length;
    if (end > bytes.length) throw new Error("bytes are missing");
    found.push({ tag: bytes[at]!, content: bytes.subarray(contentAt, end), whole: bytes.subarray(at, end) });
    at = end;
  }
  return found;
}

/** The elements of the one element that the bytes are. @throws as `elements` */
export function inside(bytes: Buffer, tag: number): Element[] {
  const [only, ...others] = elements(bytes);
  if (!only || only.tag !== tag || others.length > 0) throw new Error("it has another form");
  return elements(only.content);
}

/** The dotted form of an OID's content. */
export function dottedOf(content: Buffer): string {
  const numbers: number[] = [];
  let value = 0;
  for (const byte of content) {
    value = value * 128 + (byte & 0x7f);
    if (byte < 0x80) {
      numbers.push(value);
      value = 0;
    }
  }
  const [first = 0, ...others] = numbers;
  const top = Math.min(2, Math.floor(first / 40));
  return [top, first - 40 * top, ...others].join(".");
}

/** A text of any of the kinds that names have; null = of none of them. */
export function textOf({ tag, content }: Element): string | null {
  if (tag === TAG.utf8) return new TextDecoder("utf-8", { fatal: true }).decode(content);
  if (tag === TAG.bmp) return Buffer.from(content).swap16().toString("utf16le");
  return tag === TAG.printable || tag === TAG.ia5 || tag === TAG.t61 ? content.toString("latin1") : null;
}

/** The bytes behind the first PEM block of that kind. @throws where there is none */
export function unarmoured(pem: string, label: string): Buffer {
  const [, body] = new RegExp(`-----BEGIN ${label}-----([A-Za-z0-9+/=\\s]+)-----END ${label}-----`).exec(pem) ?? [];
  if (body === undefined) throw new Error("it is not in PEM form");
  return Buffer.from(body.replace(/\s+/g, ""), "base64");
}

export function armoured(bytes: Buffer, label: string): string {
  const lines = bytes.toString("base64").match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join("\n")}\n-----END ${label}-----\n`;
}

function lengthOf(length: number): number[] {
  if (length < 0x80) return [length];
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return [0x80 | bytes.length, ...bytes];
}

function base128(value: number): number[] {
  const bytes = [value & 0x7f];
  for (let rest = value >>> 7; rest > 0; rest >>>= 7) bytes.unshift((rest & 0x7f) | 0x80);
  return bytes;
}

function headAt(bytes: Buffer, at: number): { contentAt: number; length: number } {
  const first = bytes[at + 1];
  // Tags of more than one byte are not in what is read here.
  if (first === undefined || (bytes[at]! & 0x1f) === 0x1f) throw new Error("it is no DER");
  if (first < 0x80) return { contentAt: at + 2, length: first };
  const count = first & 0x7f;
  if (count === 0 || count > 3 || at + 2 + count > bytes.length) throw new Error("it is no DER");
  return { contentAt: at + 2 + count, length: bytes.readUIntBE(at + 2, count) };
}
