/** Pieces of dialogs that several nodes share. */
import { type Drawn, LiveRules } from "./live-rules.ts";
import { style } from "./looks.ts";
import { fieldText, readNumber } from "./numbers.ts";
import { type NumberFieldRule, numberProblem } from "./rules.ts";

/**
 * Takes fields of the dialog into the node as numbers; an empty one becomes `empty`, and what is no number stays as typed, so that
 * validation can name it. The editor itself would store text: it leaves alone what it finds no input for.
 */
export function saveNumbers(
  node: object,
  prefix: "node-input" | "node-config-input",
  names: readonly string[],
  empty: "" | null = null,
): void {
  for (const name of names) {
    const field = $(`#${prefix}-${name}`);
    const text = String(field.val() ?? "").trim();
    Object.assign(node, { [name]: text === "" ? empty : numberOf(text) });
    field.removeAttr("id");
  }
}

/**
 * Gives an opening dialog its looks, and its rules a voice. Fields of properties that a flow file leaves out show their defaults, which
 * is what holds.
 * @param drawn properties that have a rule and no field of their own
 */
export function prepareDialog(node: object, drawn: Readonly<Record<string, Drawn>> = {}): void {
  style();
  const { _def: definition, ...known } = node as Record<string, unknown> & { _def?: NodeDefinition<object> };
  const prefix = definition?.category === "config" ? "node-config-input" : "node-input";
  for (const [name, property] of Object.entries(definition?.defaults ?? {}) as [string, DefaultProperty<unknown>][]) {
    const field = $(`#${prefix}-${name}`);
    if (typeof known[name] === "number" && field.is("input")) field.val(fieldText(known[name]));
    // What refers to another node is chosen for new nodes only.
    if (known[name] !== undefined || property.type) continue;
    const { value } = property;
    if (typeof value === "boolean") field.prop("checked", value);
    else if (value !== null && typeof value !== "object")
      field.val(field.is("input") && typeof value === "number" ? fieldText(value) : String(value));
  }
  if (!definition) return;
  openGroups(known, definition);
  new LiveRules(node, definition, drawn);
}

/** Opens the folded groups in which something is not as a new node has it. `data-holds` names the properties of a group. */
function openGroups(known: Record<string, unknown>, { defaults }: NodeDefinition<object>): void {
  const usual = defaults as Record<string, DefaultProperty<unknown>>;
  const credentials = known["credentials"] as Record<string, unknown> | undefined;
  const isOwn = (name: string) =>
    usual[name]
      ? known[name] !== undefined && JSON.stringify(known[name]) !== JSON.stringify(usual[name].value)
      : Boolean(credentials?.[name] ?? credentials?.[`has_${name}`]);
  $("details.ev-group[data-holds]").each((_at, group) => {
    const holds = String($(group).data("holds")).split(" ");
    if (holds.some(isOwn)) $(group).prop("open", true);
  });
}

/** What has to be ended with the open dialog, of which there is one at most. */
export class OpenDialog<T extends { close(): void }> {
  current: T | null = null;

  open(parts: T): void {
    this.close();
    this.current = parts;
  }

  /** For `oneditcancel`, `oneditdelete` and the end of `oneditsave`. */
  readonly close = (): void => {
    this.current?.close();
    this.current = null;
  };
}

/** What stands in a field. */
export function textIn(field: string): string {
  return String($(field).val() ?? "").trim();
}

/** What stands in a field, between commas. */
export function textsIn(field: string): string[] {
  return textIn(field)
    .split(",")
    .map((text) => text.trim())
    .filter(Boolean);
}

/** Fills a list of suggestions with a property of all nodes of these types. */
export function offerNames(list: string, property: string, ...types: string[]): void {
  const names = $(list).empty();
  const offer = (node: EditorNode) => {
    if (types.includes(node.type)) names.append($("<option>").val(String(node[property] ?? "")));
  };
  RED.nodes.eachConfig(offer);
  RED.nodes.eachNode(offer);
}

/** The config node chosen in a dialog, as it stands in the editor; null while there is none. */
export function chosenNode(field: string): EditorNode | null {
  const id = String($(field).val() ?? "");
  return id && id !== "_ADD_" ? RED.nodes.node(id) : null;
}

/** A checkbox whose property older flows do not have. */
export function fillFlag(selector: string, value: unknown): void {
  $(selector).prop("checked", value === true || value === "true");
}

/** The checkbox as a property: absent stays absent while it is not ticked, so that *Done* alone changes nothing. */
export function readFlag(selector: string, before: boolean | undefined): boolean | undefined {
  const ticked = $(selector).is(":checked");
  return ticked || before !== undefined ? ticked : undefined;
}

/** Three inputs `#<prefix>-<name>-l1..3` for a value per phase. Empty in all three = `empty`. @param rule what each must be, if not empty */
export function fillTriple(prefix: string, name: string, value: unknown, rule: NumberFieldRule): void {
  const values = Array.isArray(value) ? value : [value, value, value];
  for (const phase of [0, 1, 2]) {
    const field = $(`#${prefix}-${name}-l${phase + 1}`).val(fieldText(values[phase]));
    markWrong(field, (text) => numberProblem("", text, { ...rule, optional: true }) === null);
  }
}

/** The inputs of a value per phase. */
export function tripleFields(prefix: string, name: string): string {
  return [1, 2, 3].map((phase) => `#${prefix}-${name}-l${phase}`).join(", ");
}

/** A red border while `isRight` does not hold, as the editor gives to the fields it knows. What the environment gives passes. */
export function markWrong(field: JQuery, isRight: (text: string) => boolean): void {
  const mark = () => {
    const text = String(field.val() ?? "").trim();
    const passes = text.startsWith("${") || isRight(text);
    field.toggleClass("input-error", !passes).attr("aria-invalid", String(!passes));
  };
  field.off("input.wrong change.wrong").on("input.wrong change.wrong", mark);
  mark();
}

/** What the three inputs hold: numbers where they are numbers, else the text as typed so that validation can name it. */
export function readTriple<E>(prefix: string, name: string, empty: E): (number | string)[] | E {
  const texts = [1, 2, 3].map((phase) => textIn(`#${prefix}-${name}-l${phase}`));
  if (texts.every((text) => text === "")) return empty;
  return texts.map(numberOf);
}

function numberOf(text: string): number | string {
  const number = readNumber(text);
  return Number.isFinite(number) ? number : text;
}

export interface Column {
  name: string;
  label: string;
  /** Input type, or the choices of a dropdown. */
  kind: "text" | "number" | readonly string[];
  width: string;
  /** Value of a new row; "next" is one more than the largest so far. */
  initial: string | number;
  /** What the choices are called, where not by themselves. */
  words?: Readonly<Record<string, string>>;
  /** Bounds of a number; it must be filled in unless it is `optional`. */
  min?: number;
  max?: number;
  optional?: boolean;
  /** Whether a text may stand there. */
  isRight?: (text: string) => boolean;
}

type Row = Record<string, unknown>;

interface ListOptions {
  /** What stands there when there are no rows. */
  ifEmpty?: Row;
  /** Each input under a label of its own, on as many lines as it takes, instead of one header for all. */
  cells?: boolean;
  /** Called for each row once its inputs are there; may add to it. */
  onRow?: (container: JQuery) => void;
  /** Called after a row was taken away. */
  onRemove?: () => void;
}

/** An editable list with one input per column. `selector` is an empty `<ol>`; it is as high as its rows. */
export function fillList(
  selector: string,
  columns: readonly Column[],
  rows: readonly Row[],
  { ifEmpty, cells = false, onRow, onRemove }: ListOptions = {},
): void {
  $(selector).editableList<Row>({
    ...(!cells && { header: headerOf(columns) }),
    removable: true,
    sortable: true,
    height: "auto",
    addItem: (container, _index, row) => {
      const line = $("<div>").css({ display: "flex", gap: "4px" }).toggleClass("ev-cells", cells).appendTo(container);
      for (const column of columns) {
        const field = input(column, row[column.name] ?? initial(selector, column));
        line.append(cells ? labelled(column, field) : field);
      }
      onRow?.(container);
    },
    removeItem: () => onRemove?.(),
  });
  for (const row of rows.length || !ifEmpty ? rows : [ifEmpty]) $(selector).editableList("addItem", row);
}

function headerOf(columns: readonly Column[]): JQuery {
  const header = $("<div>").css({ display: "flex", gap: "4px", padding: "0 40px 0 26px" });
  for (const { label, width } of columns) header.append($("<span>").css({ width, fontSize: "smaller" }).text(label));
  return header;
}

function labelled({ label, width }: Column, field: JQuery): JQuery {
  return $("<label>").css({ width }).append($("<span>").text(label), field);
}

function initial(selector: string, { name, initial: value }: Column): string | number {
  if (value !== "next") return value;
  const taken = $(selector).find(`[data-column="${name}"]`).toArray();
  return 1 + Math.max(0, ...taken.map((field) => readNumber($(field).val()) || 0));
}

/** The rows as typed: numbers where the column is a number and the text is one; an empty number is null. */
export function readList(selector: string, columns: readonly Column[]): Row[] {
  const rows: Row[] = [];
  $(selector)
    .editableList("items")
    .each((_index, item) => {
      const row: Row = { ...$(item).data("data") };
      for (const column of columns)
        row[column.name] = typed(column, String($(item).find(`[data-column="${column.name}"]`).val() ?? "").trim());
      rows.push(row);
    });
  return rows;
}

function input(column: Column, value: unknown): JQuery {
  const { kind, label, min, max = Infinity, name, width, words = {} } = column;
  const element = Array.isArray(kind)
    ? $("<select>").append(
        kind.map((choice: string) =>
          $("<option>")
            .val(choice)
            .text(words[choice] ?? choice),
        ),
      )
    : // No `type="number"`: that would take no `${NAME}`.
      $("<input>").attr({ type: "text", ...(kind === "number" && { inputmode: "decimal" }) });
  element
    .attr({ "data-column": name, "aria-label": label, title: label })
    .css({ width, minWidth: 0 })
    .val(kind === "number" ? fieldText(value) : String(value ?? ""));
  const { isRight } = column;
  if (isRight) markWrong(element, isRight);
  else if (min !== undefined) {
    const rule = { min, max, optional: column.optional === true };
    markWrong(element, (text) => numberProblem("", text, rule) === null);
  }
  return element;
}

function typed(column: Column, text: string): unknown {
  if (column.kind === "number") return text === "" ? null : numberOf(text);
  const numbers = Array.isArray(column.kind) && column.kind.every((choice) => Number.isFinite(Number(choice)));
  return numbers ? Number(text) : text;
}
