import { Errors } from "typebox/value";
import { inShort } from "../errors.ts";
import { MeterProfileSchema } from "./profile-schema.ts";

type ShapeError = ReturnType<typeof Errors>[number];

/** What the schema finds wrong with a profile: one sentence per fault, beginning with the path of the field, ending with the way out. */
export function shapeFaults(profile: unknown): string[] {
  const errors = Errors(MeterProfileSchema, profile);
  const alternatives = new Set(errors.filter(({ keyword }) => keyword === "anyOf").map((error) => error.instancePath));
  const sentences = errors
    .filter((error) => !(alternatives.has(error.instancePath) && isNullBranch(error)))
    .flatMap((error) => sentencesOf(error, profile));
  return [...new Set(sentences)];
}

/** Of "a number or null" the number is what the user meant. */
function isNullBranch({ keyword, params }: ShapeError): boolean {
  return keyword === "anyOf" || ("type" in params && params.type === "null");
}

function sentencesOf(error: ShapeError, profile: unknown): string[] {
  const { keyword, instancePath, params } = error;
  const path = instancePath.slice(1).replaceAll("/", ".");
  const at = (name: string) => (path ? `${path}.${name}` : name);
  const given = `${path || "the profile"} is ${inShort(walk(profile, instancePath.split("/").slice(1)))}; it must be`;
  if ("requiredProperties" in params) return names(params.requiredProperties).map((name) => `${at(name)} is missing`);
  if ("additionalProperties" in params) {
    const known = knownAt(error.schemaPath).join(", ");
    return names(params.additionalProperties).map((name) => `${at(name)} is not known; known here: ${known}`);
  }
  if ("allowedValues" in params) return [`${given} one of ${names(params.allowedValues).join(", ")}`];
  if ("limit" in params && "comparison" in params)
    return [`${given} ${params.comparison === "<=" ? "at most" : "at least"} ${String(params.limit)}`];
  if (keyword === "minItems" || keyword === "minLength") return [`${path} is empty; it must hold at least one entry`];
  if ("pattern" in params) return [`${given} ${patternInWords(String(params.pattern))}`];
  if ("type" in params) return [`${given} ${TYPES[String(params.type)] ?? String(params.type)}`];
  // Left over are the details of a fault that is told already.
  return [];
}

const TYPES: Record<string, string> = {
  integer: "a whole number",
  number: "a number",
  string: "text in quotes",
  boolean: "true or false",
  object: "an object in braces",
  array: "a list in brackets",
};

function patternInWords(pattern: string): string {
  return pattern.startsWith("^0x")
    ? "bits in hexadecimal, such as 0x8000 or 0xFFFFFFFF"
    : "small letters and digits, joined by hyphens, such as my-meter";
}

function names(list: unknown): string[] {
  return Array.isArray(list) ? list.map((name) => String(name) || '""') : [];
}

/** Names of the properties that the schema at this place has. */
function knownAt(schemaPath: string): string[] {
  return Object.keys((walk(MeterProfileSchema, [...schemaPath.split("/").slice(1), "properties"]) as object) ?? {});
}

function walk(root: unknown, steps: readonly string[]): unknown {
  return steps.reduce<unknown>(
    (value, step) =>
      typeof value === "object" && value !== null ? (value as Record<string, unknown>)[step] : undefined,
    root,
  );
}
