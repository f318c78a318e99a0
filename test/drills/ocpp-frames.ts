/** Frames a charge point might send, right and wrong, from a seed; and what each of them must be answered with. */
import { ACTIONS } from "../../lib/ocpp/v16/index.ts";
import { MESSAGES } from "../ocpp/v16/messages.ts";
import { least, most, variants } from "../ocpp/v16/variants.ts";

/** One thing to send: a text frame, or what only a faulty peer sends. */
export type Sent =
  | { text: string }
  /** After which the socket has to be closed with this code. */
  | { bytes: Buffer; binary: boolean; closes: number }
  | { fragments: string[] };

/** What a text frame must lead to: an answer under its id, exactly once; none; or at most one, under whatever id. */
export type Duty = { kind: "answer"; id: string | number } | { kind: "silence" } | { kind: "atMostOne" };

/**
 * Reads a text frame as OCPP-J 1.6 §4 has it, without any of the product's code. A CALL with an id and the name of an action is
 * answered whatever else is in it; what JSON.parse does not take may be put right by a tolerant reader.
 */
export function dutyOf(text: string): Duty {
  let frame: unknown;
  try {
    frame = JSON.parse(text);
  } catch {
    return { kind: "atMostOne" };
  }
  if (!Array.isArray(frame) || frame[0] !== 2 || typeof frame[2] !== "string") return { kind: "silence" };
  const id: unknown = frame[1];
  if (typeof id !== "string" && typeof id !== "number") return { kind: "silence" };
  // 1e999 is a number to JSON and none to JavaScript.
  return typeof id === "number" && !Number.isFinite(id) ? { kind: "atMostOne" } : { kind: "answer", id };
}

/** Longest message a central system has to take. */
const MAX_BYTES = 256 * 1024;
const TO_CENTRAL_SYSTEM = [...ACTIONS.values()].filter(({ initiator }) => initiator !== "centralSystem");
const STRANGE_ACTIONS = [
  "Reset",
  "RemoteStartTransaction",
  "toString",
  "__proto__",
  "constructor",
  "",
  "heartbeat",
  "X".repeat(5000),
];
const STRANGE_IDS: unknown[] = [
  "",
  "__proto__",
  "constructor",
  "error",
  "-1",
  "ü€😀",
  "x".repeat(300),
  "\u0000",
  0,
  -1,
  17,
  2 ** 53,
  1.5,
];
const STRANGE_KEYS = [
  "__proto__",
  "constructor",
  "toString",
  "",
  "status",
  "idTag",
  "connectorId",
  "\u0000",
  "x".repeat(1000),
];
const NO_IDS: unknown[] = [null, true, [], {}, ["a"]];
const NO_TYPES: unknown[] = [0, 1, 5, 7, "2", 2.5, null, [2], "3", -2, true];
const VALUES: unknown[] = [
  ...[
    null,
    true,
    false,
    0,
    -0,
    -1,
    1,
    2 ** 31,
    -(2 ** 31),
    2 ** 53,
    1e308,
    -1e308,
    0.1,
    5e-324,
    "",
    " ",
    "0",
    "NaN",
    "null",
  ],
  ...[
    "2026-06-01T12:00:00Z",
    "1970-01-01T00:00:00Z",
    "9999-12-31T23:59:60Z",
    "+275760-09-13T00:00:00.001Z",
    "tomorrow",
  ],
  ...[
    "__proto__",
    "constructor",
    "\u0000",
    "\ud800",
    "\u202e",
    "<script>alert(1)</script>",
    "'; DROP TABLE transactions; --",
  ],
  ...["%s%n%x", "../../etc/passwd", "https://u:p@192.0.2.1/", [], {}, [[]], [null], { a: { b: { c: {} } } }],
  ...[{ length: 5 }, { toString: 1 }, { toJSON: "x" }, { valueOf: 1 }, { constructor: { prototype: { polluted: 1 } } }],
];

/** How a shrewd peer would do it: mostly right, with one thing wrong. */
export class Frames {
  readonly #random: () => number;
  readonly #prefix: string;
  readonly #mostBytes: number;
  #made = 0;

  /** @param random 0 ≤ x < 1, the same for the same seed @param prefix of the message ids @param mostBytes longer ones close the socket */
  constructor(random: () => number, prefix: string, mostBytes = MAX_BYTES) {
    this.#random = random;
    this.#prefix = prefix;
    this.#mostBytes = mostBytes;
  }

  next(): Sent {
    const sent = this.#any();
    if ("bytes" in sent) return sent;
    const text = "text" in sent ? sent.text : sent.fragments.join("");
    if (Buffer.byteLength(text) <= this.#mostBytes) return sent;
    return { bytes: Buffer.from(text), binary: false, closes: 1009 };
  }

  #any(): Sent {
    const chance = this.#random();
    if (chance < 0.3) return { text: this.#call() };
    if (chance < 0.6) return { text: this.#spoiltCall() };
    if (chance < 0.67) return { text: JSON.stringify([2, this.#id(), this.#pick(STRANGE_ACTIONS), this.#payload()]) };
    if (chance < 0.73) return { text: JSON.stringify([2, this.#pick(STRANGE_IDS), "Heartbeat", {}]) };
    if (chance < 0.76) return { text: JSON.stringify([2, this.#pick(NO_IDS), "Heartbeat", {}]) };
    if (chance < 0.8) return { text: JSON.stringify([this.#pick(NO_TYPES), this.#id(), "Heartbeat", {}]) };
    if (chance < 0.86) return { text: this.#answer() };
    if (chance < 0.95) return { text: this.#damaged() };
    if (chance < 0.97) return { text: this.#monster() };
    if (chance < 0.985) return { fragments: this.#fragments() };
    if (chance < 0.995) return { text: JSON.stringify(this.#value()) };
    return this.#fatal();
  }

  /** A number from 0 to `below` - 1. */
  #number(below: number): number {
    return Math.floor(this.#random() * below);
  }

  #pick<T>(list: readonly T[]): T {
    return list[this.#number(list.length)] as T;
  }

  /** A copy: what is put into a payload may be spoilt there. */
  #value(): unknown {
    return structuredClone(this.#pick(VALUES));
  }

  #id(): string {
    return `${this.#prefix}-${++this.#made}`;
  }

  #action(): string {
    return this.#pick(TO_CENTRAL_SYSTEM).action;
  }

  #payload(action = this.#action()): object {
    const [request] = MESSAGES[action]!;
    return this.#random() < 0.5 ? least(request) : most(request);
  }

  #call(): string {
    const action = this.#action();
    return JSON.stringify([2, this.#id(), action, this.#payload(action)]);
  }

  /** A CALL with one fault of the specification's own table, or with anything anywhere. */
  #spoiltCall(): string {
    const action = this.#action();
    const faulty = variants(MESSAGES[action]![0]);
    if (faulty.length > 0 && this.#random() < 0.4)
      return JSON.stringify([2, this.#id(), action, this.#pick(faulty).payload]);
    const payload = structuredClone(this.#payload(action));
    for (let times = 1 + this.#number(3); times > 0; times--) this.#spoil(payload);
    return JSON.stringify([2, this.#id(), action, this.#random() < 0.1 ? this.#value() : payload]);
  }

  /** Changes one member somewhere in it. */
  #spoil(target: object): void {
    const record = target as Record<string, unknown>;
    const key = this.#pick(Object.keys(record));
    const value = key === undefined ? undefined : record[key];
    const isNested = typeof value === "object" && value !== null && Object.keys(value).length > 0;
    const chance = this.#random();
    if (isNested && this.#random() < 0.7) this.#spoil(value);
    else if (key === undefined || chance < 0.2) record[this.#pick(STRANGE_KEYS)] = this.#value();
    else if (chance < 0.4) delete record[key];
    else if (chance < 0.5) record[key] = [value, value];
    else if (chance < 0.6 && typeof value === "string")
      record[key] = value.slice(0, 1000).repeat(1 + this.#number(200));
    else record[key] = this.#value();
  }

  /** An answer that nobody asked for. */
  #answer(): string {
    const id = this.#random() < 0.5 ? this.#pick(STRANGE_IDS) : this.#id();
    return this.#random() < 0.5
      ? JSON.stringify([3, id, this.#value()])
      : JSON.stringify([4, id, this.#value(), this.#value(), this.#value()]);
  }

  /** A right frame with a few characters lost, doubled or replaced. */
  #damaged(): string {
    let text = this.#call();
    for (let times = 1 + this.#number(4); times > 0; times--) {
      const at = this.#number(text.length);
      const chance = this.#random();
      if (chance < 0.25) text = text.slice(0, at);
      else if (chance < 0.5) text = text.slice(0, at) + text.slice(at + 1 + this.#number(8));
      else
        text =
          text.slice(0, at) +
          this.#pick(['"', "{", "}", "[", "]", ",", ":", "\\", "\u0000", "\ufeff", "9", " "]) +
          text.slice(at);
    }
    return text;
  }

  /** Deep, long, or with names that mean something to JavaScript. */
  #monster(): string {
    const id = JSON.stringify(this.#id());
    const depth = this.#pick([17, 100, 5000, 20_000]);
    const open = this.#pick(["[", '{"a":']);
    const close = open === "[" ? "]" : "}";
    switch (this.#number(5)) {
      case 0:
        return `[2,${id},"DataTransfer",{"vendorId":"v","data":${open.repeat(depth)}1${close.repeat(depth)}}]`;
      case 1:
        return `[2,${id},"MeterValues",{"connectorId":1,"meterValue":[${"1,".repeat(this.#number(20_000))}1]}]`;
      case 2:
        return `[2,${id},"BootNotification",{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"chargePointVendor":"v","chargePointModel":"m"}]`;
      case 3:
        return `[2,${id},"StatusNotification",{${'"connectorId":1,'.repeat(1 + this.#number(2000))}"errorCode":"NoError","status":"Available"}]`;
      default:
        return open.repeat(depth);
    }
  }

  #fragments(): string[] {
    const text = this.#call();
    const parts: string[] = [];
    for (let from = 0; from < text.length; ) {
      const to = from + 1 + this.#number(text.length);
      parts.push(text.slice(from, to));
      from = to;
    }
    return parts;
  }

  /** What ends a WebSocket (RFC 6455 §7.4.1). */
  #fatal(): Sent {
    const text = Buffer.from(this.#call());
    switch (this.#number(3)) {
      case 0:
        return { bytes: text, binary: true, closes: 1003 };
      case 1:
        return { bytes: Buffer.concat([text, Buffer.from([0xc3, 0x28])]), binary: false, closes: 1007 };
      default:
        return { bytes: Buffer.alloc(MAX_BYTES + 1, "x"), binary: false, closes: 1009 };
    }
  }
}
