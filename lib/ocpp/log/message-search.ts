import { redactFrame } from "./redact.ts";

/** Of a frame, as the central system sees it. */
export type Direction = "in" | "out";

/** One frame as it is shown. */
export interface LoggedMessage {
  wallMs: number;
  chargePoint: string;
  direction: Direction;
  /** `other` = what is no OCPP-J frame. */
  kind: "call" | "result" | "error" | "other";
  /** Empty where there is none. */
  id: string;
  /** Of a CALL its own; of an answer that of the CALL it belongs to; empty when that is not known. */
  action: string;
  /** As it crossed the wire, without passwords. */
  text: string;
}

/** Which frames: what is null does not matter. Letter case is ignored. */
export interface MessageQuery {
  chargePoint: string | null;
  /** Whole. */
  action: string | null;
  /** Of the message; whole. */
  id: string | null;
  /** Found anywhere in the frame. */
  text: string | null;
  /** The newest so many. */
  most: number;
}

const KINDS: Readonly<Record<string, LoggedMessage["kind"]>> = { "2": "call", "3": "result", "4": "error" };
const HEAD = /^\s*\[\s*([234])\s*,\s*(?:"((?:[^"\\]|\\.)*)"|([-\d.]+))(?:\s*,\s*"((?:[^"\\]|\\.)*)")?/;

/** What a frame is, from its first characters. */
export function headOf(text: string): Pick<LoggedMessage, "kind" | "id" | "action"> {
  const [, type, quoted, bare, word] = HEAD.exec(text) ?? [];
  if (type === undefined) return { kind: "other", id: "", action: "" };
  return { kind: KINDS[type] ?? "other", id: quoted ?? bare ?? "", action: type === "2" ? (word ?? "") : "" };
}

/** Characters of an id or action by which a CALL is remembered; OCPP allows 36 of an id. */
const LONGEST_WORD = 100;

/** A copy: what a pattern found keeps the whole frame alive. */
const wordOf = (text: string): string => [...text.slice(0, LONGEST_WORD)].join("");

/** CALLs whose answer has not been seen: from these answers get their action. Keeps the newest 20,000. */
export class OpenCalls {
  readonly #actions = new Map<string, string>();

  /** The head of a frame, with the action of the CALL it answers. Takes frames in the order in which they crossed the wire. */
  complete(chargePoint: string, direction: Direction, text: string): ReturnType<typeof headOf> {
    const head = headOf(text);
    if (head.kind === "other") return head;
    const isCall = head.kind === "call";
    const caller = isCall === (direction === "in") ? "in" : "out";
    const key = `${caller} ${wordOf(head.id)} ${chargePoint}`;
    if (!isCall) return { ...head, action: this.#actions.get(key) ?? "" };
    this.#actions.set(key, wordOf(head.action));
    if (this.#actions.size > 20_000) this.#actions.delete(this.#actions.keys().next().value ?? "");
    return head;
  }
}

/** Picks, from frames offered in order for each charge point, the newest that a query asks for. */
export class Matcher {
  readonly #query: MessageQuery;
  readonly #calls = new OpenCalls();
  readonly #chargePoint: string | undefined;
  readonly #action: string | undefined;
  readonly #id: string | undefined;
  readonly #text: string | undefined;
  #found: LoggedMessage[] = [];

  constructor(query: MessageQuery) {
    this.#query = query;
    this.#chargePoint = query.chargePoint?.toLowerCase();
    this.#action = query.action?.toLowerCase();
    this.#id = query.id?.toLowerCase();
    this.#text = query.text?.toLowerCase();
  }

  concerns(chargePoint: string): boolean {
    return this.#chargePoint === undefined || chargePoint.toLowerCase() === this.#chargePoint;
  }

  offer(wallMs: number, chargePoint: string, direction: Direction, text: string): void {
    const head = this.#calls.complete(chargePoint, direction, text);
    const message = { wallMs, chargePoint, direction, ...head, text: redactFrame(text) };
    if (!this.matches(message)) return;
    this.#found.push(message);
    if (this.#found.length > 2 * this.#query.most + 1000) this.#found = this.found();
  }

  matches(message: LoggedMessage): boolean {
    if (this.#action !== undefined && message.action.toLowerCase() !== this.#action) return false;
    if (this.#id !== undefined && message.id.toLowerCase() !== this.#id) return false;
    return this.#text === undefined || message.text.toLowerCase().includes(this.#text);
  }

  /** Oldest first. */
  found(): LoggedMessage[] {
    return this.#found.sort((a, b) => a.wallMs - b.wallMs).slice(-Math.max(1, this.#query.most));
  }
}
