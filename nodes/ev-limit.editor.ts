import { INPUT_MODULES } from "../lib/dlm/inputs/outside/input-modules.ts";
import { readDays, readTime } from "../lib/dlm/inputs/outside/schedule.ts";
import { isTimeZone } from "../lib/local-time.ts";
import { onlyOne } from "./editor/candidates.ts";
import { type Column, fillList, prepareDialog, readList, saveNumbers } from "./editor/fields.ts";
import { preparePmin } from "./editor/pmin.ts";
import {
  answer,
  isEmpty,
  nodeRule,
  numberProblem,
  numberRule,
  type Rule,
  rowsRule,
  textRule,
  word,
} from "./editor/rules.ts";
import { paletteWords, wordsOf } from "./editor/words.ts";

interface EvLimit {
  name: string;
  zone: string;
  kind: string;
  scope: string;
  purpose: string;
  running: string;
  normallyClosed: boolean | string;
  limitA: number | string | null;
  powerW: number | string | null;
  schedule: Record<string, unknown>[];
  timeZone: string;
  staleAfterS: number | string;
  bus: string;
  unitId: number | string;
  address: number | string;
  functionCode: number | string;
  debounceMs: number | string;
}

const NEW_WINDOW = { days: "daily", from: "17:00", to: "21:00", limitA: null, powerW: null };

const text = wordsOf("ev-limit");

/** Whether an active contact of this purpose lowers to the values of the dialog. */
function hasValues(purpose: string): boolean {
  return purpose === "limit" || purpose === "fnn";
}

/** A rule that holds only while the contact is read by Modbus. */
function wired(rule: Rule): Rule {
  return function (value, options) {
    return this["kind"] !== "contact" || isEmpty(this["bus"]) ? true : rule.call(this, value, options);
  };
}

const whole = (field: string, max: number) => wired(numberRule(field, { min: 0, max, integer: true }));

/** The last of four contacts has to have an address, too. */
function addressRule(this: EditorNode, value: unknown, options?: object): boolean | string {
  return whole("address", this["purpose"] === "fnn" ? 65532 : 65535).call(this, value, options);
}

/** A contact that lowers needs something to lower to. */
function valueRule(this: EditorNode, value: unknown, options?: object): boolean | string {
  const sentence = numberRule("limitA", { min: 0, max: 100000, optional: true }).call(this, value, options);
  if (sentence !== true || this["kind"] !== "contact" || !hasValues(String(this["purpose"] ?? "limit")))
    return sentence;
  if (!isEmpty(value) || !isEmpty(this["powerW"])) return true;
  return answer(options, text("rule.values"));
}

/** Each window has days, times and, unless the node has values of its own, a value. */
const windowsRule = rowsRule("schedule", "window", (row, place, _index, _rows, node) => {
  const { days, from, to, limitA, powerW } = row;
  if (!readDays(days)) return word("days", { field: place("days") });
  if ((readTime(from) ?? 1440) === 1440) return word("timeOfDay", { field: place("from") });
  if (readTime(to) === null) return word("timeOfDay", { field: place("to") });
  const rule = { min: 0, optional: true };
  const problem = numberProblem(place("limitA"), limitA, rule) ?? numberProblem(place("powerW"), powerW, rule);
  const isWithout = [limitA, powerW, node["limitA"], node["powerW"]].every(isEmpty);
  return problem ?? (isWithout ? word("eitherOr", { field: place("limitA"), other: "W" }) : null);
});

function scheduleRule(this: EditorNode, value: unknown, options?: object): boolean | string {
  if (this["kind"] !== "schedule") return true;
  const isNone = !Array.isArray(value) || value.length === 0;
  if (isNone) return answer(options, word("oneLine", { field: text("label.schedule") }));
  return windowsRule.call(this, value, options);
}

RED.nodes.registerType<EvLimit>("ev-limit", {
  category: "EV charging",
  color: "#E9A8A0",
  icon: "ev-limit.svg",
  inputs: 1,
  outputs: 1,
  defaults: {
    name: { value: "" },
    zone: onlyOne({ type: "ev-zone", validate: nodeRule("zone") }),
    kind: { value: "contact" },
    scope: { value: "evse" },
    purpose: { value: "limit" },
    running: { value: "continue" },
    normallyClosed: { value: false },
    limitA: { value: null, validate: valueRule },
    powerW: { value: null, validate: numberRule("powerW", { min: 0, max: 1e9, optional: true }) },
    schedule: { value: [], validate: scheduleRule },
    timeZone: { value: "", validate: textRule("timeZone", "timeZone", isTimeZone) },
    staleAfterS: { value: 0, validate: numberRule("staleAfterS", { min: 0, max: 86400 }) },
    bus: { value: "", type: "ev-modbus", required: false, validate: wired(nodeRule("bus", { optional: true })) },
    unitId: { value: 1, validate: whole("unitId", 255) },
    address: { value: 0, validate: addressRule },
    functionCode: { value: 2 },
    debounceMs: { value: 200, validate: wired(numberRule("debounceMs", { min: 0, max: 60000 })) },
  },
  ...paletteWords("ev-limit", "name"),
  label() {
    const zone = RED.nodes.node(this.zone);
    return this.name || (zone ? text("label.ofZone", { zone: zone["name"] }) : text("label.default"));
  },
  oneditprepare() {
    prepareDialog(this, {
      schedule: { at: "#ev-limit-schedule", value: () => readList("#ev-limit-schedule", columns(this)) },
    });
    $("#node-input-normallyClosed").val(String(this.normallyClosed === true || this.normallyClosed === "true"));
    fillList("#ev-limit-schedule", columns(this), this.schedule ?? [], { ifEmpty: NEW_WINDOW });
    preparePmin(this);
    offerModules();
    for (const field of ["kind", "purpose", "bus"]) $(`#node-input-${field}`).on("change", showFields);
    showFields();
  },
  oneditsave() {
    saveNumbers(this, "node-input", [
      ...["limitA", "powerW", "staleAfterS", "unitId", "address", "functionCode", "debounceMs"],
    ]);
    this.normallyClosed = $("#node-input-normallyClosed").val() === "true";
    $("#node-input-normallyClosed").removeAttr("id");
    const rows = readList("#ev-limit-schedule", columns(this));
    this.schedule = $("#node-input-kind").val() === "schedule" ? rows : (this.schedule ?? []);
  },
});

/** Modules whose addresses are known: choosing one fills the fields. */
function offerModules(): void {
  const select = $("#ev-limit-module")
    .empty()
    .append($("<option>").val("").text(text("module.choose")));
  for (const { id, name, inputs, source } of INPUT_MODULES) {
    const label = text("module.option", { name, inputs });
    select.append($("<option>").val(id).attr("title", source).text(label));
  }
  select.on("change", () => {
    const chosen = INPUT_MODULES.find(({ id }) => id === select.val());
    if (!chosen) return;
    const { unitId, address, functionCode } = chosen;
    for (const [field, value] of Object.entries({ unitId, address, functionCode }))
      $(`#node-input-${field}`).val(String(value)).trigger("change");
  });
}

/** Only what the chosen kind and purpose need. */
function showFields(): void {
  const kind = String($("#node-input-kind").val() ?? "contact");
  const purpose = String($("#node-input-purpose").val() ?? "limit");
  const contact = kind === "contact";
  $(".ev-limit-contact").toggle(contact);
  $(".ev-limit-permit").toggle(contact && purpose === "permit");
  const bus = String($("#node-input-bus").val() ?? "");
  $(".ev-limit-bus").toggle(contact && bus !== "" && bus !== "_ADD_");
  $("#ev-limit-box").toggle(purpose === "fnn");
  $(".ev-limit-values").toggle(!contact || hasValues(purpose));
  $(".ev-limit-schedule").toggle(kind === "schedule");
  $(".ev-limit-heard").toggle(kind !== "schedule");
  $("#ev-limit-own").text(
    contact ? text("own.contact") : kind === "schedule" ? text("own.schedule") : text("own.command"),
  );
}

function columns(node: Localised): Column[] {
  const label = (name: string) => node._(`ev-limit.window.${name}`);
  return [
    {
      name: "days",
      label: label("days"),
      kind: "text",
      width: "30%",
      initial: "daily",
      isRight: (days) => readDays(days) !== null,
    },
    {
      name: "from",
      label: label("from"),
      kind: "text",
      width: "17%",
      initial: "17:00",
      isRight: (from) => (readTime(from) ?? 1440) !== 1440,
    },
    {
      name: "to",
      label: label("to"),
      kind: "text",
      width: "17%",
      initial: "21:00",
      isRight: (to) => readTime(to) !== null,
    },
    { name: "limitA", label: label("limitA"), kind: "number", width: "16%", initial: "", min: 0, optional: true },
    { name: "powerW", label: label("powerW"), kind: "number", width: "18%", initial: "", min: 0, optional: true },
  ];
}
