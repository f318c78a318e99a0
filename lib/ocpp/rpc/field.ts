/**
 * Checks a payload against a message's schema and says in plain words what is wrong and what is right, for whoever fills it in: a form
 * in the editor, or a flow. `validate.ts` decides what goes out; this explains. Works on the schema as JSON, so that a browser needs
 * nothing else.
 */

/** As much of a JSON schema as `v16/schema.ts` writes. */
export interface Field {
  type?: "object" | "array" | "string" | "integer" | "number" | "boolean";
  description?: string;
  properties?: Record<string, Field>;
  required?: string[];
  items?: Field;
  minItems?: number;
  enum?: string[];
  minimum?: number;
  maximum?: number;
  multipleOf?: number;
  maxLength?: number;
  pattern?: string;
  /** What a text means: see `v16/schema.ts`. */
  kind?: "dateTime" | "configurationKey" | "pem";
  unit?: string;
}

/** Names of members and numbers of list items, from the payload down. */
export type Path = readonly (string | number)[];

export interface FieldProblem {
  path: Path;
  /** What it must be instead, to follow "must be ": `a whole number of at least 0`. */
  mustBe: string;
}

/** `csChargingProfiles.chargingSchedule.chargingSchedulePeriod[0].limit`; `payload` for the whole. */
export function pathText(path: Path): string {
  if (path.length === 0) return "payload";
  return path.map((step, at) => (typeof step === "number" ? `[${step}]` : `${at === 0 ? "" : "."}${step}`)).join("");
}

/** A problem as a sentence: path, what is there, what must be. */
export function problemText({ path, mustBe }: FieldProblem, payload: unknown): string {
  const found = valueAt(payload, path);
  const is = found === undefined ? "is missing" : `is ${shortened(found)}`;
  return `${pathText(path)} ${is}; it must be ${mustBe}`;
}

/** What stands at a path; undefined where nothing does. */
export function valueAt(payload: unknown, path: Path): unknown {
  return path.reduce(ownMember, payload);
}

/** The last step of a path. */
export function lastOf(path: Path): string | number {
  return path[path.length - 1] ?? "payload";
}

/** Never what every object inherits: a payload's `constructor` is a strange member like any other. */
function ownMember(value: unknown, name: string | number): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  return Reflect.getOwnPropertyDescriptor(value, name)?.value;
}

/** Everything that the schema does not allow, in the order of its fields. Empty = it may be sent. */
export function problemsOf(field: Field, value: unknown, path: Path = []): FieldProblem[] {
  if (field.type === "object") return objectProblems(field, value, path);
  if (field.type === "array") return arrayProblems(field, value, path);
  return isRight(field, value) ? [] : [{ path, mustBe: mustBe(field) }];
}

function objectProblems(field: Field, value: unknown, path: Path): FieldProblem[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [{ path, mustBe: mustBe(field) }];
  const { properties = {}, required = [] } = field;
  const problems = Object.entries(properties).flatMap(([name, member]) => {
    const found: unknown = valueAt(value, [name]);
    if (found !== undefined) return problemsOf(member, found, [...path, name]);
    return required.includes(name) ? [{ path: [...path, name], mustBe: mustBe(member) }] : [];
  });
  const strange = Object.keys(value).filter((name) => ownMember(properties, name) === undefined);
  const known = Object.keys(properties).join(", ");
  const fix = known ? `left out: the fields here are ${known}` : "left out: there are no fields here";
  return [...problems, ...strange.map((name) => ({ path: [...path, name], mustBe: fix }))];
}

function arrayProblems(field: Field, value: unknown, path: Path): FieldProblem[] {
  if (!Array.isArray(value)) return [{ path, mustBe: mustBe(field) }];
  if (value.length < (field.minItems ?? 0)) return [{ path, mustBe: mustBe(field) }];
  const { items } = field;
  return items ? value.flatMap((item, at) => problemsOf(items, item, [...path, at])) : [];
}

function isRight(field: Field, value: unknown): boolean {
  if (field.enum) return typeof value === "string" && field.enum.includes(value);
  if (field.type === "boolean") return typeof value === "boolean";
  if (field.type === "string") {
    if (typeof value !== "string" || [...value].length > (field.maxLength ?? Infinity)) return false;
    return field.pattern === undefined || new RegExp(field.pattern).test(value);
  }
  if (typeof value !== "number" || !Number.isFinite(value)) return false;
  if (field.type === "integer" && !Number.isInteger(value)) return false;
  return value >= (field.minimum ?? -Infinity) && value <= (field.maximum ?? Infinity) && isStep(field, value);
}

/** Within what a double can hold: 8.1 is a multiple of 0.1. */
function isStep({ multipleOf }: Field, value: number): boolean {
  if (multipleOf === undefined) return true;
  const steps = value / multipleOf;
  return Math.abs(steps - Math.round(steps)) < 1e-9 * Math.max(1, Math.abs(steps));
}

function mustBe(field: Field): string {
  if (field.enum) return `one of ${field.enum.join(", ")}`;
  switch (field.type) {
    case "object":
      return "an object";
    case "array":
      return field.minItems ? `a list of at least ${field.minItems}` : "a list";
    case "boolean":
      return "true or false";
    case "string":
      if (field.kind === "dateTime") return "a time such as 2030-01-31T08:00:00Z";
      return field.maxLength === undefined ? "text" : `text of at most ${field.maxLength} characters`;
    default:
      return `${field.type === "integer" ? "a whole number" : "a number"}${range(field)}`;
  }
}

function range({ minimum, maximum, multipleOf }: Field): string {
  const decimal = multipleOf === 0.1 ? " with at most one decimal" : "";
  if (minimum !== undefined && maximum !== undefined) return ` from ${minimum} to ${maximum}${decimal}`;
  return minimum === undefined ? decimal : ` of at least ${minimum}${decimal}`;
}

function shortened(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
