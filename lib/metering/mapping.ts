import jsonata from "jsonata";
import { EvError, inShort, messageOf } from "../errors.ts";
import { type MappedValues, readMapped } from "./mapping-values.ts";

/** A compiled expression; jsonata's own, or one that the editor's runtime prepared. */
export interface MappingExpression {
  evaluate(input: unknown): unknown;
}

/** Compiles; throws what jsonata throws: an object with `code`, `position` and `message`. */
export type PrepareExpression = (text: string) => MappingExpression;

/** A mapping may take this long: it runs for every message, on the loop that also serves the chargers. */
const TIMEOUT_MS = 200;
const DEEPEST_CALLS = 200;
/** Characters of the expression that an error shows around the fault. */
const CONTEXT = 20;

/** Turns any message into values of a meter. */
export interface MeterMapping {
  /**
   * What the message says of this meter; null when the expression gives nothing, so that the message is not for it. A payload that is
   * JSON as text (or bytes) is parsed before.
   * Rejects with EvError EV_MESSAGE_INVALID naming the field, or saying why the expression failed.
   */
  evaluate(message: unknown): Promise<MappedValues | null>;
}

/**
 * Compiles the JSONata expression of an `ev-meter-input`. Its result is an object with keys of the measurement payload (`currentA`,
 * `powerW`, …) or with single values (`currentL1`, `powerL2`, `power`, …: A, V, W, Wh, Hz, %), import positive.
 * @throws EvError EV_CONFIG_INVALID naming `mapping`, with the position of the fault and what to do
 */
export function compileMapping(
  text: string,
  prepare: PrepareExpression = (given) => jsonata(given, { timeout: TIMEOUT_MS, stack: DEEPEST_CALLS }),
): MeterMapping {
  if (text.trim() === "")
    throw new EvError("EV_CONFIG_INVALID", 'mapping is empty; write an expression such as {"powerW": payload.power}');
  let expression: MappingExpression;
  try {
    expression = prepare(text);
  } catch (thrown) {
    throw new EvError("EV_CONFIG_INVALID", `mapping ${whatIsWrong(thrown, text)}`, { cause: thrown });
  }
  return { evaluate: async (message) => readMapped(await evaluated(expression, message, text)) };
}

async function evaluated(expression: MappingExpression, message: unknown, text: string): Promise<unknown> {
  try {
    return await expression.evaluate(readable(message));
  } catch (thrown) {
    throw new EvError("EV_MESSAGE_INVALID", `mapping ${whatIsWrong(thrown, text)}`, { cause: thrown });
  }
}

/** The message with a payload that can be looked into. */
function readable(message: unknown): unknown {
  if (typeof message !== "object" || message === null || !("payload" in message)) return message;
  const { payload } = message;
  const text = Buffer.isBuffer(payload) ? payload.toString("utf8") : payload;
  if (typeof text !== "string") return message;
  return { ...message, payload: parsed(text) };
}

function parsed(text: string): unknown {
  if (!/^\s*[{[]/.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Further advice by jsonata's code; its own messages say the rest. */
const ADVICE: Record<string, string> = {
  D1011: "it calls itself without end",
  D1012: `it takes longer than ${TIMEOUT_MS} ms; make it simpler`,
  S0101: "close the quotation mark",
  S0201: "put an operator, a comma or a bracket there",
  S0202: "put the sign that is missing there",
  S0203: "close the bracket that was opened",
  S0207: "it ends too early; close what was opened",
  T1005: "functions are called with a $ before their name",
  T1006: "there is no function of that name; see docs.jsonata.org",
};

function whatIsWrong(thrown: unknown, text: string): string {
  const { code = "", position, message } = (thrown ?? {}) as { code?: string; position?: number; message?: string };
  const advice = ADVICE[code];
  const where = typeof position === "number" ? ` at character ${position} (${inShort(around(text, position))})` : "";
  const why = message || (advice ? "" : messageOf(thrown));
  return `cannot be evaluated${where}: ${[why, advice].filter(Boolean).join("; ")}`;
}

function around(text: string, position: number): string {
  return text
    .slice(Math.max(0, position - CONTEXT), position + CONTEXT)
    .replace(/\s+/g, " ")
    .trim();
}
