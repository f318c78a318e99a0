import { EvError, inShort } from "../../lib/errors.ts";
import type { Triple } from "../../lib/units.ts";

/** Bounds of a number; `integer` refuses fractions. */
export interface NumberRule {
  min?: number;
  max?: number;
  integer?: boolean;
}

/**
 * Reads the properties of a node as the dialog or a flow file left them: numbers may be text (also from `${ENV}`), absent ones take
 * the default. Every method throws EvError EV_CONFIG_INVALID that names the property, the value found and what it must be.
 */
export class Properties {
  readonly #values: Record<string, unknown>;
  readonly #path: string;

  constructor(values: object, path = "") {
    this.#values = values as Record<string, unknown>;
    this.#path = path;
  }

  /** As it stands in the flow. */
  given(name: string): unknown {
    return this.#values[name];
  }

  text(name: string, fallback = ""): string {
    const value = this.#values[name];
    if (value === undefined || value === null) return fallback;
    if (typeof value !== "string" && typeof value !== "number") throw this.#wrong(name, value, "a text");
    return String(value).trim();
  }

  /** A text that must not be empty. */
  name(name: string): string {
    const value = this.text(name);
    if (!value) throw this.#wrong(name, value, "filled in");
    return value;
  }

  /** JSON as text, or what it stands for, as text; empty when there is none. */
  json(name: string): string {
    const value = this.#values[name];
    return typeof value === "object" && value !== null ? JSON.stringify(value) : this.text(name);
  }

  flag(name: string, fallback: boolean): boolean {
    const value = this.#values[name] ?? fallback;
    if (value === true || value === "true") return true;
    if (value === false || value === "false" || value === "") return false;
    throw this.#wrong(name, value, "true or false");
  }

  choice<T extends string>(name: string, choices: readonly [T, ...T[]]): T {
    const value = this.#values[name];
    if (value === undefined || value === null || value === "") return choices[0];
    if (!choices.includes(value as T)) throw this.#wrong(name, value, `one of ${choices.join(", ")}`);
    return value as T;
  }

  number(name: string, fallback: number, rule: NumberRule = {}): number {
    return this.optionalNumber(name, rule) ?? fallback;
  }

  /** null when empty. */
  optionalNumber(name: string, rule: NumberRule = {}): number | null {
    const value = this.#values[name];
    return isEmpty(value) ? null : this.#toNumber(name, value, rule);
  }

  triple(name: string, fallback: Triple, rule: NumberRule = { min: 0 }): Triple {
    return this.optionalTriple(name, rule) ?? [...fallback];
  }

  /** One number for all phases, or a list of three; null when empty. */
  optionalTriple(name: string, rule: NumberRule = { min: 0 }): Triple | null {
    const value = this.#values[name];
    if (isEmpty(value)) return null;
    if (!Array.isArray(value)) {
      const all = this.#toNumber(name, value, rule);
      return [all, all, all];
    }
    if (value.length !== 3) throw this.#wrong(name, value, "one number, or three (L1, L2, L3)");
    if (value.every(isEmpty)) return null;
    return [0, 1, 2].map((phase) => this.#toNumber(`${name}[${phase}]`, value[phase], rule)) as Triple;
  }

  /** An object; null when empty. */
  object(name: string): Record<string, unknown> | null {
    const value = this.#values[name];
    if (isEmpty(value)) return null;
    if (typeof value !== "object" || Array.isArray(value)) throw this.#wrong(name, value, "an object");
    return value as Record<string, unknown>;
  }

  /** A list of objects, each with its own reader. */
  list(name: string): Properties[] {
    const value = this.#values[name];
    if (isEmpty(value)) return [];
    if (!Array.isArray(value)) throw this.#wrong(name, value, "a list");
    return value.map((item: unknown, index) => {
      if (typeof item !== "object" || item === null) throw this.#wrong(`${name}[${index}]`, item, "an object");
      return new Properties(item, `${this.#path}${name}[${index}].`);
    });
  }

  /** A list of texts; empty ones are left out. */
  texts(name: string): string[] {
    const value = this.#values[name];
    if (isEmpty(value)) return [];
    const items: unknown[] = Array.isArray(value) ? value : String(value).split(",");
    return items.map((item) => String(item).trim()).filter(Boolean);
  }

  /** The error for a property whose value breaks a rule that only the caller knows. */
  wrong(name: string, mustBe: string): EvError {
    return this.#wrong(name, this.#values[name], mustBe);
  }

  #toNumber(name: string, value: unknown, rule: NumberRule): number {
    const number =
      typeof value === "number" ? value : typeof value === "string" ? Number(value.trim() || Number.NaN) : Number.NaN;
    const { min = -Infinity, max = Infinity, integer = false } = rule;
    if (!Number.isFinite(number) || number < min || number > max || (integer && !Number.isInteger(number))) {
      throw this.#wrong(name, value, describe(rule));
    }
    return number;
  }

  #wrong(name: string, value: unknown, mustBe: string): EvError {
    return new EvError("EV_CONFIG_INVALID", `${this.#path}${name} is ${show(value)}; it must be ${mustBe}`);
  }
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === "";
}

function describe({ min, max, integer }: NumberRule): string {
  const kind = integer ? "a whole number" : "a number";
  if (min !== undefined && max !== undefined) return `${kind} from ${min} to ${max}`;
  if (min !== undefined) return `${kind} not below ${min}`;
  return max !== undefined ? `${kind} not above ${max}` : kind;
}

function show(value: unknown): string {
  return value === undefined || value === "" ? "empty" : inShort(value);
}
