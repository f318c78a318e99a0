import { isDeepStrictEqual } from "node:util";
import { literalPattern } from "../../literal-pattern.ts";
import type { FormFrame, FrameForm } from "../dialect.ts";
import { parseFrame } from "../rpc/frame.ts";
import { strictFault } from "../rpc/validate.ts";
import { type MeterValuesRequest, meterValuesRequest } from "./meter-values.ts";
import { DATE_TIME } from "./schema.ts";

type Moment = MeterValuesRequest["meterValue"][number];

/** A longer frame is parsed each time. */
const LONGEST_FRAME = 4096;

/** Text that stands in JSON as it is. */
const PLAIN = '[^"\\\\\\x00-\\x1f]{0,255}';
const WHOLE = "-?(?:0|[1-9]\\d{0,14})";

/** Members that differ from message to message, by name, and what may stand there. All others stay to the letter. */
const CHANGING: ReadonlyMap<string, string> = new Map([
  ["connectorId", "(0|[1-9]\\d{0,8})"],
  ["transactionId", `(${WHOLE})`],
  ["timestamp", `"(${DATE_TIME})"`],
  ["value", `"(${PLAIN})"`],
]);

/** A CALL in its usual spelling: what is before its id, the id, what is between it and the payload, the payload, and what is behind. */
const CALL = /^(\s*\[\s*2\s*,\s*)("[^"]*"|\d+)(\s*,\s*"MeterValues"\s*,\s*)(\{.*\})(\s*\]\s*)$/s;
/** A member that is a text or a number: its name, the colon and what it is. */
const MEMBER = /"(\w+)"(\s*:\s*)("[^"]*"|-?\d[^\s,}\]]*)/;

/** The part of an expression that finds a payload, and the names of the members that it tells, in their order. */
interface Words {
  pattern: string;
  names: readonly string[];
  /** Characters that stay. */
  length: number;
}

/** What the message says that a form is made of. */
interface First {
  words: Words;
  payload: MeterValuesRequest;
  isNumbered: boolean;
}

/** One moment, and where among the members that are told are its time and the first of its values. */
interface MomentForm {
  moment: Moment;
  timeAt: number;
  valuesAt: number;
}

/**
 * The words of a charge point's MeterValues, which are the same from message to message but for id, numbers and times. A message that
 * fits is valid as the first one was. One regular expression reads it in a fifth of the time that parsing and checking take.
 */
export class MeterValuesForm implements FrameForm {
  readonly action = "MeterValues";
  readonly key: string;
  readonly leastLength: number;
  readonly #expression: RegExp;
  readonly #isNumbered: boolean;
  readonly #payload: MeterValuesRequest;
  readonly #moments: readonly MomentForm[];
  readonly #connectorAt: number;
  /** 0 = the messages name no transaction. */
  readonly #transactionAt: number;

  /** @returns null for what is no message exactly as the specification has it, or is not spelt as usual */
  static of(text: string): MeterValuesForm | null {
    if (text.length > LONGEST_FRAME || text.includes("\\")) return null;
    const frame = parseFrame(text);
    const [, start, id, middle, body, end] = CALL.exec(text) ?? [];
    if (frame.type !== "call" || id === undefined || body === undefined) return null;
    const payload = frame.payload as MeterValuesRequest;
    const words = wordsOf(body);
    if (strictFault(meterValuesRequest, payload) !== null || !isEachOnce(words.names, payload)) return null;
    const isNumbered = !id.startsWith('"');
    const idPattern = isNumbered ? `(${WHOLE})` : `"(${PLAIN})"`;
    const [before, between, behind] = [start, middle, end].map((part = "") => literalPattern(part));
    const form = new MeterValuesForm(`^${before}${idPattern}${between}${words.pattern}${behind}$`, {
      words,
      payload,
      isNumbered,
    });
    return isDeepStrictEqual(form.read(text), { id: frame.id, payload }) ? form : null;
  }

  private constructor(key: string, { words: { names, length }, payload, isNumbered }: First) {
    this.key = key;
    this.leastLength = length;
    this.#expression = new RegExp(key);
    this.#isNumbered = isNumbered;
    this.#payload = payload;
    // What an expression finds is counted from 1, and the id is the first.
    const placesOf = (wanted: string) => names.flatMap((name, index) => (name === wanted ? [index + 2] : []));
    [this.#connectorAt = 0] = placesOf("connectorId");
    [this.#transactionAt = 0] = placesOf("transactionId");
    const times = placesOf("timestamp");
    const values = placesOf("value");
    this.#moments = payload.meterValue.map((moment, index) => {
      const [valuesAt = 0] = values.splice(0, moment.sampledValue.length);
      return { moment, timeAt: times[index] ?? 0, valuesAt };
    });
  }

  read(text: string): FormFrame | null {
    const found = this.#expression.exec(text);
    if (!found) return null;
    const payload = { ...this.#payload, connectorId: Number(found[this.#connectorAt]) };
    if (this.#transactionAt > 0) payload.transactionId = Number(found[this.#transactionAt]);
    payload.meterValue = this.#moments.map(({ moment, timeAt, valuesAt }) => ({
      ...moment,
      timestamp: found[timeAt]!,
      sampledValue: moment.sampledValue.map((sampled, index) => ({ ...sampled, value: found[valuesAt + index]! })),
    }));
    return { id: this.#isNumbered ? Number(found[1]) : found[1]!, payload };
  }
}

function wordsOf(payload: string): Words {
  const words = { pattern: "", names: [] as string[], length: 0 };
  const keep = (text: string): void => {
    words.pattern += literalPattern(text);
    words.length += text.length;
  };
  const pieces = payload.split(MEMBER);
  for (let at = 0; at < pieces.length; at += 4) {
    const [before = "", name, colon, value = ""] = pieces.slice(at, at + 4);
    keep(before);
    if (name === undefined) break;
    keep(`"${name}"${colon}`);
    const changing = CHANGING.get(name);
    if (changing === undefined) keep(value);
    else {
      words.pattern += changing;
      words.names.push(name);
    }
  }
  return words;
}

/** A member that an object has twice, of which the last one counts, would be told twice. */
function isEachOnce(names: readonly string[], { meterValue, transactionId }: MeterValuesRequest): boolean {
  const count = (wanted: string) => names.filter((name) => name === wanted).length;
  const values = meterValue.reduce((sum, { sampledValue }) => sum + sampledValue.length, 0);
  return (
    count("connectorId") === 1 &&
    count("transactionId") === (transactionId === undefined ? 0 : 1) &&
    count("timestamp") === meterValue.length &&
    count("value") === values
  );
}
