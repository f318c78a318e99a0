import { candidates } from "./candidates.ts";
import { fieldText, readNumber } from "./numbers.ts";
import { wordsOf } from "./words.ts";

/**
 * Rules for `validate`: true, or a sentence that names the field as the dialog does and says what it must be. A value such as
 * `${NAME}` is filled in by Node-RED at deploy, so it passes here.
 */
export type Rule = (this: EditorNode, value: unknown, options?: object) => boolean | string;

export interface NumberFieldRule {
  min?: number;
  max?: number;
  integer?: boolean;
  /** It may be left empty. */
  optional?: boolean;
}

/** Words shared by all dialogs stand in the catalogue of ev-site. */
export const word = wordsOf("ev-site", "common");

/** How the dialog of a node labels a property; the property's own name where it has no label. */
export function labelOf(node: EditorNode, property: string, section = "label"): string {
  const key = `${node.type}.${section}.${property}`;
  const label = RED._(`@phasewise/node-red-ev-charging/${node.type}:${key}`);
  return label.endsWith(key) ? property : label;
}

/** What is wrong with a number, as a sentence about `place`; null = nothing. What a flow file leaves out takes its default. */
export function numberProblem(place: string, value: unknown, rule: NumberFieldRule): string | null {
  if (value === undefined || isEnvironment(value)) return null;
  if (isEmpty(value)) return rule.optional ? null : word("required", { field: place });
  return isNumberWithin(value, rule) ? null : numberSentence(place, rule);
}

export function numberRule(field: string, rule: NumberFieldRule): Rule {
  return function (value, options) {
    return answer(options, numberProblem(labelOf(this, field), value, rule));
  };
}

/** Three numbers (L1, L2, L3), or one for all. */
export function tripleRule(field: string, rule: NumberFieldRule): Rule {
  return function (value, options) {
    if (value === undefined) return true;
    const values: unknown[] = Array.isArray(value) ? value : [value];
    const label = labelOf(this, field);
    if (values.every((one) => isEmpty(one)))
      return answer(options, rule.optional ? null : word("required", { field: label }));
    if (values.length !== 1 && values.length !== 3) return answer(options, word("triple", { field: label }));
    const strict = { ...rule, optional: false };
    const problems = values.map((one, phase) =>
      numberProblem(values.length === 1 ? label : `${label} L${phase + 1}`, one, strict),
    );
    return answer(options, problems.find((problem) => problem !== null) ?? null);
  };
}

export function requiredRule(field: string): Rule {
  return function (value, options) {
    const isMissing = isEmpty(value) || value === "_ADD_";
    return answer(options, isMissing ? word("required", { field: labelOf(this, field) }) : null);
  };
}

/** A text for which `isRight` holds, else the sentence `key` of the words that all dialogs share. Empty passes. */
export function textRule(field: string, key: string, isRight: (text: string) => boolean): Rule {
  return function (value, options) {
    const text = String(value ?? "").trim();
    const passes = text === "" || text.startsWith("${") || isRight(text);
    return answer(options, passes ? null : word(key, { field: labelOf(this, field), value: text }));
  };
}

/** A config node that must be there and must have no errors of its own. */
export function nodeRule(field: string, { optional = false } = {}): Rule {
  return function (value, options) {
    const label = labelOf(this, field);
    if (isEmpty(value) || value === "_ADD_")
      return answer(options, optional ? null : word("required", { field: label }));
    if (isEnvironment(value)) return true;
    const node = RED.nodes.node(String(value));
    if (!node) return answer(options, word("gone", { field: label }));
    return answer(options, node["valid"] === false ? word("broken", { field: label }) : null);
  };
}

/** The site that a node belongs to: it may be empty where there is only one. */
export function siteRule(this: EditorNode, value: unknown, options?: object): boolean | string {
  const sites = candidates("ev-site");
  const isOpen = isEmpty(value) && sites.length > 1;
  if (!isOpen) return nodeRule("site", { optional: true }).call(this, value, options);
  const names = sites.map(({ id, name }) => name || id).join(", ");
  return answer(options, word("chooseOne", { field: labelOf(this, "site"), names }));
}

/** Where a cell of a list stands, as sentences name it: `Connectors, line 2, max A`. */
export type CellName = (column: string) => string;

/**
 * A list whose rows each pass `check`, which gives a sentence for the first thing that is wrong with a row.
 * @param columns section of the node's catalogue with the labels of the columns
 */
export function rowsRule(
  field: string,
  columns: string,
  check: (
    row: Record<string, unknown>,
    place: CellName,
    index: number,
    rows: Record<string, unknown>[],
    node: EditorNode,
  ) => string | null,
): Rule {
  return function (value, options) {
    const rows = Array.isArray(value) ? (value as Record<string, unknown>[]) : [];
    for (const [index, row] of rows.entries()) {
      const place: CellName = (column) =>
        word("cell", {
          field: labelOf(this, field),
          row: index + 1,
          column: labelOf(this, column, columns),
        });
      const problem = check(row ?? {}, place, index, rows, this);
      if (problem !== null) return answer(options, problem);
    }
    return true;
  };
}

/** A required name of a meter that no other meter carries, however it is read. */
export function meterNameRule(field: string): Rule {
  return uniqueRule(field, "meter", ["ev-meter", "ev-meter-input"]);
}

/** A required name that no other node of the same type, or of these types, carries. */
export function uniqueRule(field: string, property: string, types?: readonly string[]): Rule {
  return function (value, options) {
    const label = labelOf(this, field);
    if (isEmpty(value)) return answer(options, word("required", { field: label }));
    let twin = false;
    const check = (node: EditorNode) => {
      const rivals = (types ? types.includes(node.type) : node.type === this.type) && !areApart(node, this);
      if (rivals && node.id !== this.id && node[property] === value && !node["d"]) twin = true;
    };
    RED.nodes.eachConfig(check);
    RED.nodes.eachNode(check);
    return answer(options, twin ? word("duplicate", { field: label, value }) : null);
  };
}

/** Two nodes that name different sites; a node that names none may belong to any. */
function areApart(one: EditorNode, other: EditorNode): boolean {
  return !isEmpty(one["site"]) && !isEmpty(other["site"]) && one["site"] !== other["site"];
}

/** What `validate` answers: without options the editor wants a boolean only. */
export function answer(options: object | undefined, problem: string | null): boolean | string {
  return problem === null || (options ? problem : false);
}

/** Short enough for OCPP, of signs that chargers take and that an address can end in. What the environment gives passes. */
export function isIdentity(value: unknown): boolean {
  return isEnvironment(value) || /^[\p{L}\p{N}*_=:+|@.-]{1,48}$/u.test(String(value));
}

/** A name or an address of a machine, alone. */
export function isHost(text: string): boolean {
  if (/^[\d.]+$/.test(text))
    return /^(\d{1,3}\.){3}\d{1,3}$/.test(text) && text.split(".").every((part) => Number(part) <= 255);
  if (text.includes(":")) return isUrl(`http://[${text}]`);
  return /^[\p{L}\p{N}_]([\p{L}\p{N}_.-]*[\p{L}\p{N}_.])?$/u.test(text) && isUrl(`http://${text}`);
}

/** An address of one of these kinds, such as `https`, whose host can be one. */
export function isAddress(text: string, ...kinds: string[]): boolean {
  const [, kind = "", host = ""] = /^([a-z]+):\/\/(?:[^\s/@]*@)?(\[[^\]]*\]|[^\s/:?#]+)/.exec(text) ?? [];
  return kinds.includes(kind) && isHost(host.replace(/^\[|\]$/g, "")) && isUrl(text);
}

function isUrl(text: string): boolean {
  try {
    return new URL(text).host !== "";
  } catch {
    return false;
  }
}

export function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === "";
}

function isNumberWithin(value: unknown, { min = -Infinity, max = Infinity, integer }: NumberFieldRule): boolean {
  const number = readNumber(value);
  return Number.isFinite(number) && number >= min && number <= max && (!integer || Number.isInteger(number));
}

function numberSentence(field: string, { min, max, integer }: NumberFieldRule): string {
  const range =
    min !== undefined && max !== undefined
      ? word("range", { min: fieldText(min), max: fieldText(max) })
      : min !== undefined
        ? word("atLeast", { min: fieldText(min) })
        : "";
  return word(integer ? "wholeNumber" : "number", { field, range });
}

export function isEnvironment(value: unknown): boolean {
  return typeof value === "string" && /^\$\{[^}]+\}$/.test(value);
}
