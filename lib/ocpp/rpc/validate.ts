import type { TSchema } from "typebox";
import { Compile, type Validator } from "typebox/compile";
import type { CallErrorCode } from "./call-error.ts";
import { isObject, isTooDeep } from "./frame.ts";

/** What came of checking an inbound payload. */
export type Inbound =
  /** `deviation` words what the specification does not allow; null when there is nothing, or when it was not asked for. */
  | { accepted: true; payload: Record<string, unknown>; deviation: string | null }
  | { accepted: false; code: CallErrorCode; description: string };

/** The members of a schema this file reads; see `v16/schema.ts` for `open` and `coerce`. */
interface Shape {
  type?: string;
  properties?: Record<string, Shape>;
  required?: string[];
  additionalProperties?: boolean;
  items?: Shape;
  maxLength?: number;
  enum?: unknown[];
  open?: boolean;
  coerce?: boolean;
}

interface Checks {
  shape: Shape;
  /** Everything but the ban on further members. */
  content: Validator;
  closed: Closed;
  /** Words what is wrong; made when something is. */
  strict: Validator | null;
  tolerant: Validator;
}

/** Which members an object may have, with those that its objects may have. The validator would ask a pattern for each of their names. */
interface Closed extends ReadonlyMap<string, Closed | null> {}

const compiled = new WeakMap<TSchema, Checks>();

/** A text beyond its length passes; of one beyond so many characters, or four times its length, the rest is of no use to anyone. */
const LONGEST_TEXT = 255;

/** Null when `payload` is exactly as the specification has it, else a sentence that names the member and its fault. */
export function strictFault(schema: TSchema, payload: unknown): string | null {
  const checks = checksOf(schema);
  return isExact(checks, payload) ? null : faults(checks.shape, strictOf(schema, checks), payload);
}

/**
 * Holds an inbound payload to the structure of its message: members that must be there, their types, and words from
 * closed lists. Other content passes and is reported. On that path `payload` is put right in place: null members and
 * a member `__proto__` go, numbers where text belongs become text, texts far beyond their length are cut.
 *
 * @param describe asked once something deviates; false saves the work of wording it
 */
export function checkInbound(schema: TSchema, payload: unknown, describe = () => true): Inbound {
  const checks = checksOf(schema);
  const { shape, tolerant } = checks;
  if (isExact(checks, payload)) return { accepted: true, payload: payload as Record<string, unknown>, deviation: null };
  if (!isObject(payload)) {
    return { accepted: false, code: "FormationViolation", description: "The payload must be an object" };
  }
  if (isTooDeep(payload)) {
    return { accepted: false, code: "FormationViolation", description: "The payload is nested too deeply" };
  }
  const deviation = describe() ? faults(shape, strictOf(schema, checks), payload) : null;
  repair(shape, payload);
  if (tolerant.Check(payload)) return { accepted: true, payload, deviation };
  const [first] = tolerant.Errors(sampleOf(shape, payload, (sample) => !tolerant.Check(sample)));
  return { accepted: false, code: violation(first?.keyword), description: faults(shape, tolerant, payload) };
}

/** OCPP-J 1.6 table 7, in its spelling. */
function violation(keyword: string | undefined): CallErrorCode {
  if (keyword === "required") return "OccurenceConstraintViolation";
  if (keyword === "type") return "TypeConstraintViolation";
  return "PropertyConstraintViolation";
}

function checksOf(schema: TSchema): Checks {
  const known = compiled.get(schema);
  if (known) return known;
  const shape = schema as Shape;
  const checks = {
    shape,
    content: Compile(openForm(shape) as TSchema),
    closed: closedForm(shape),
    strict: null,
    tolerant: Compile(tolerantForm(shape) as TSchema),
  };
  compiled.set(schema, checks);
  return checks;
}

function strictOf(schema: TSchema, checks: Checks): Validator {
  checks.strict ??= Compile(schema);
  return checks.strict;
}

function isExact({ content, closed }: Checks, payload: unknown): boolean {
  return content.Check(payload) && hasNoOthers(closed, payload as Record<string, unknown>);
}

/** Of a value whose content is right: no object in it has members beyond those of its schema. */
function hasNoOthers(closed: Closed, value: Record<string, unknown>): boolean {
  for (const name in value) {
    const inner = closed.get(name);
    if (inner === undefined) return false;
    if (inner !== null && !haveNoOthers(inner, value[name])) return false;
  }
  return true;
}

function haveNoOthers(closed: Closed, member: unknown): boolean {
  if (member === undefined) return true;
  if (!Array.isArray(member)) return hasNoOthers(closed, member as Record<string, unknown>);
  for (const item of member) if (!hasNoOthers(closed, item)) return false;
  return true;
}

/** What `hasNoOthers` needs of a schema. */
function closedForm({ properties = {} }: Shape): Closed {
  const members = Object.entries(properties).map(([name, member]) => {
    const inner = member.items ?? member;
    return [name, inner.properties ? closedForm(inner) : null] as const;
  });
  return new Map(members);
}

/** The same without the ban on further members. */
function openForm({ additionalProperties, ...shape }: Shape): Shape {
  const members = Object.entries(shape.properties ?? {}).map(([name, member]) => [name, openForm(member)] as const);
  return {
    ...shape,
    ...(shape.properties && { properties: Object.fromEntries(members) }),
    ...(shape.items && { items: openForm(shape.items) }),
  };
}

/** Keeps structure and closed lists, drops lengths, bounds, patterns and the ban on further members. */
function tolerantForm(shape: Shape): Shape {
  if (shape.enum) return shape.open ? { type: "string" } : { type: "string", enum: shape.enum };
  if (shape.type === "object") {
    const properties = Object.entries(shape.properties ?? {}).map(([name, member]) => [name, tolerantForm(member)]);
    return { type: "object", required: shape.required ?? [], properties: Object.fromEntries(properties) };
  }
  if (shape.type === "array" && shape.items) return { type: "array", items: tolerantForm(shape.items) };
  if (shape.type === "integer" && shape.open) return { type: "number" };
  return shape.type === undefined ? {} : { type: shape.type };
}

function repair(shape: Shape, value: Record<string, unknown>): void {
  for (const name of Object.keys(value)) {
    const member = value[name];
    if (member === null || name === "__proto__") {
      delete value[name];
      continue;
    }
    const expected = shape.properties && Object.hasOwn(shape.properties, name) ? shape.properties[name] : undefined;
    if (!expected) continue;
    if (expected.coerce && typeof member !== "string") value[name] = JSON.stringify(member);
    else if (typeof member === "string" && !expected.coerce) value[name] = cut(member, expected.maxLength);
    else if (isObject(member)) repair(expected, member);
    else if (Array.isArray(member) && expected.items) {
      for (const item of member) if (isObject(item)) repair(expected.items, item);
    }
  }
}

/** What is remembered of it must not hold on to all that was sent, hence the copy. */
function cut(text: string, maxLength = 0): string {
  const longest = Math.max(LONGEST_TEXT, 4 * maxLength);
  return text.length > longest ? Buffer.from(text.slice(0, longest)).toString() : text;
}

/** Items of a list, and unlisted members of an object, that are worded at most. */
const MOST_FAULTS = 3;
/** Lists up to this length are looked at as a whole. */
const SHORT_LIST = 16;

/**
 * As much of a payload as shows what is wrong with it: of long lists the first items that are wrong by themselves, of unlisted members a
 * few. The validator words every fault that there is, and a peer can send a hundred thousand.
 */
function sampleOf(shape: Shape, payload: unknown, isWrong: (payload: unknown) => boolean): unknown {
  if (!isObject(payload)) return payload;
  const properties = shape.properties ?? {};
  const names = Object.keys(payload);
  const unlisted = names.filter((name) => !Object.hasOwn(properties, name)).slice(0, MOST_FAULTS);
  const sample = Object.fromEntries(
    [...names.filter((name) => Object.hasOwn(properties, name)), ...unlisted].map((name) => [name, payload[name]]),
  );
  for (const [name, { items }] of Object.entries(properties)) {
    const member = sample[name];
    if (!Array.isArray(member) || !items) continue;
    const list =
      member.length > SHORT_LIST ? wrongItems(member, (item) => isWrong({ ...sample, [name]: [item] })) : member;
    sample[name] = list.map((item) => sampleOf(items, item, (inner) => isWrong({ ...sample, [name]: [inner] })));
  }
  return sample;
}

/** The items that are wrong by themselves; the first item where none is, because then something else is wrong. */
function wrongItems(list: unknown[], isWrong: (item: unknown) => boolean): unknown[] {
  const wrong: unknown[] = [];
  for (const item of list) {
    if (isWrong(item)) wrong.push(item);
    if (wrong.length === MOST_FAULTS) break;
  }
  return wrong.length > 0 ? wrong : list.slice(0, 1);
}

/** At most three faults in words, each with the path of its member. */
function faults(shape: Shape, validator: Validator, payload: unknown): string {
  const worded = validator
    .Errors(sampleOf(shape, payload, (sample) => !validator.Check(sample)))
    // An unlisted member is reported twice; the one that names it in the message is kept.
    .filter(({ keyword }) => keyword !== "boolean")
    .slice(0, MOST_FAULTS)
    .map((fault) => {
      const path = fault.instancePath.slice(1, 81).replaceAll("/", ".");
      if (fault.keyword === "enum") return `${path} must be one of ${fault.params.allowedValues.join(", ")}`;
      if (fault.keyword === "additionalProperties") {
        return `${path || "payload"} must not have ${fault.params.additionalProperties.join(", ").slice(0, 80)}`;
      }
      return `${path || "payload"} ${fault.message}`;
    });
  return printable(worded.join("; "));
}

const LONGEST_LINE = 300;

/** A peer's words in one line of a log: control characters are escaped, the length is bounded. */
export function printable(text: string): string {
  const escaped = text
    .slice(0, LONGEST_LINE + 1)
    .replace(
      /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
      (char) => `\\u${(char.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`,
    );
  return escaped.length > LONGEST_LINE ? `${escaped.slice(0, LONGEST_LINE)}…` : escaped;
}
