/** The values behind a form: pure, so that the form only draws. */
import type { Field, Path } from "../../../lib/ocpp/rpc/field.ts";
import { readNumber } from "../numbers.ts";

/** What a new object or list item starts with: the members it must have, as far as there is an obvious value. */
export function skeleton(field: Field): unknown {
  switch (field.type) {
    case "object": {
      const { properties = {}, required = [] } = field;
      const members = required.map((name) => [name, skeleton(properties[name] ?? {})]);
      return Object.fromEntries(members.filter(([, value]) => value !== undefined));
    }
    case "array":
      return Array.from({ length: field.minItems ?? 0 }, () => skeleton(field.items ?? {}));
    case "integer":
    case "number":
      return field.minimum;
    case "string":
      return field.kind === "dateTime" ? undefined : "";
    default:
      return undefined;
  }
}

/** A payload with another value at a path; undefined takes the member or list item away. The payload itself stays as it is. */
export function withValue(payload: unknown, path: Path, value: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  if (Array.isArray(payload)) {
    const items: unknown[] = [...payload];
    if (rest.length === 0 && value === undefined) items.splice(Number(step), 1);
    else items[Number(step)] = withValue(items[Number(step)], rest, value);
    return items;
  }
  const members = new Map<string, unknown>(
    typeof payload === "object" && payload !== null ? Object.entries(payload) : [],
  );
  const member = withValue(members.get(String(step)), rest, value);
  if (member === undefined) members.delete(String(step));
  else members.set(String(step), member);
  return Object.fromEntries(members);
}

/** What was typed as the field has it; what cannot be read stays as typed, so that it can be shown and named. Empty = left out. */
export function typedValue(field: Field, typed: string, isRequired: boolean): unknown {
  if (field.type === "string" && !field.enum && field.kind !== "dateTime")
    return typed === "" && !isRequired ? undefined : typed;
  const text = typed.trim();
  if (text === "") return undefined;
  if (field.type === "integer" || field.type === "number")
    return Number.isFinite(readNumber(text)) ? readNumber(text) : text;
  return text;
}

/** A time as a local date and time field has it, `2030-01-31T09:00:00`; null when the text is no time. */
export function toLocal(iso: string): string | null {
  const time = new Date(iso);
  if (Number.isNaN(time.getTime())) return null;
  return new Date(time.getTime() - time.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
}

/** What such a field holds as UTC, `2030-01-31T08:00:00Z`; empty when it is empty. */
export function toIso(local: string): string {
  const time = new Date(local);
  return Number.isNaN(time.getTime()) ? "" : `${time.toISOString().slice(0, 19)}Z`;
}
