/**
 * Rules for `validate`: true, or a sentence that names the field as the dialog does and says what it must be. A value such as
 * `${NAME}` is filled in by Node-RED at deploy, so it passes here.
 */
type Rule = (this: EditorNode, value: unknown, options?: object) => boolean | string;

/** Words shared by all dialogs stand in the catalogue of ev-site. */
export function word(key: string, values: Record<string, unknown> = {}): string {
  return RED._(`@phasewise/node-red-ev-charging/ev-site:common.${key}`, values);
}

/** How the dialog of a node labels a property; the property's own name where it has no label. */
function labelOf(node: EditorNode, property: string): string {
  const key = `${node.type}.label.${property}`;
  const label = RED._(`@phasewise/node-red-ev-charging/${node.type}:${key}`);
  return label.endsWith(key) ? property : label;
}

export function numberRule(
  field: string,
  rule: { min?: number; max?: number; integer?: boolean; optional?: boolean },
): Rule {
  return function (value, options) {
    if (isEnvironment(value)) return true;
    if (isEmpty(value))
      return rule.optional ? true : answer(options, word("required", { field: labelOf(this, field) }));
    if (isNumberWithin(value, rule)) return true;
    return answer(options, numberSentence(labelOf(this, field), rule));
  };
}

/** Three numbers (L1, L2, L3), or one for all. */
export function tripleRule(field: string, rule: { min?: number; max?: number; optional?: boolean }): Rule {
  return function (value, options) {
    const values: unknown[] = Array.isArray(value) ? value : [value];
    const label = labelOf(this, field);
    if (values.every((one) => isEmpty(one)))
      return rule.optional ? true : answer(options, word("required", { field: label }));
    const fine = values.every((one) => isEnvironment(one) || isNumberWithin(one, rule));
    return fine && [1, 3].includes(values.length) ? true : answer(options, numberSentence(label, rule));
  };
}

export function requiredRule(field: string): Rule {
  return function (value, options) {
    return isEmpty(value) || value === "_ADD_"
      ? answer(options, word("required", { field: labelOf(this, field) }))
      : true;
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
      const rivals = types ? types.includes(node.type) : node.type === this.type;
      if (rivals && node.id !== this.id && node[property] === value && !node["d"]) twin = true;
    };
    RED.nodes.eachConfig(check);
    RED.nodes.eachNode(check);
    return twin ? answer(options, word("duplicate", { field: label, value })) : true;
  };
}

function isNumberWithin(value: unknown, rule: { min?: number; max?: number; integer?: boolean }): boolean {
  if (isEmpty(value)) return false;
  const number = Number(value);
  return (
    Number.isFinite(number) &&
    number >= (rule.min ?? -Infinity) &&
    number <= (rule.max ?? Infinity) &&
    (!rule.integer || Number.isInteger(number))
  );
}

function numberSentence(
  field: string,
  { min, max, integer }: { min?: number; max?: number; integer?: boolean },
): string {
  const range =
    min !== undefined && max !== undefined
      ? word("range", { min, max })
      : min !== undefined
        ? word("atLeast", { min })
        : "";
  return word(integer ? "wholeNumber" : "number", { field, range });
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === "";
}

function isEnvironment(value: unknown): boolean {
  return typeof value === "string" && /^\$\{[^}]+\}$/.test(value);
}

/** Without options the editor wants a boolean only. */
function answer(options: object | undefined, sentence: string): boolean | string {
  return options ? sentence : false;
}
