/** Whether what came back on a connection is what had to come: counted by message id. */
import type { Duty } from "./ocpp-frames.ts";

/** OCPP-J 1.6 table 7, in its own spelling. A CALL never leads to an error inside the central system. */
const CODES = new Set([
  ...["NotImplemented", "NotSupported", "ProtocolError", "SecurityError", "FormationViolation", "GenericError"],
  ...["PropertyConstraintViolation", "OccurenceConstraintViolation", "TypeConstraintViolation"],
]);

export class Judge {
  readonly #due = new Map<string | number, number>();
  readonly #had = new Map<string | number, number>();
  /** Answers that may come, under ids that cannot be known. */
  #free = 0;
  #faults: string[] = [];

  owe(duty: Duty): void {
    if (duty.kind === "answer") this.#due.set(duty.id, (this.#due.get(duty.id) ?? 0) + 1);
    else if (duty.kind === "atMostOne") this.#free += 1;
  }

  /** Takes a frame of the central system that is no CALL. */
  hear(frame: unknown[]): void {
    const [type, id, code, description, details] = frame;
    if (typeof id !== "string" && typeof id !== "number") this.#faults.push(`an answer without an id: ${short(frame)}`);
    else this.#had.set(id, (this.#had.get(id) ?? 0) + 1);
    const isResult = type === 3 && frame.length === 3 && isObject(code);
    const isError =
      type === 4 &&
      CODES.has(String(code)) &&
      typeof description === "string" &&
      isObject(details) &&
      description.length <= 255;
    if (!isResult && !isError) this.#faults.push(`no proper answer: ${short(frame)}`);
  }

  /** What is wrong, now that everything sent must have been answered; nothing is remembered. */
  verdict(): string[] {
    const faults = this.#faults;
    let surplus = 0;
    for (const [id, due] of this.#due) {
      const had = this.#had.get(id) ?? 0;
      if (had < due) faults.push(`${JSON.stringify(id)} was to be answered ${due} times and was ${had} times`);
    }
    for (const [id, had] of this.#had) surplus += Math.max(0, had - (this.#due.get(id) ?? 0));
    if (surplus > this.#free) faults.push(`${surplus} answers came that nobody asked for, where ${this.#free} might`);
    this.forget();
    return faults;
  }

  /** The connection has ended: what is open on it stays open. */
  forget(): void {
    this.#due.clear();
    this.#had.clear();
    this.#free = 0;
    this.#faults = [];
  }
}

const isObject = (value: unknown): boolean => typeof value === "object" && value !== null && !Array.isArray(value);
const short = (value: unknown): string => JSON.stringify(value).slice(0, 200);
