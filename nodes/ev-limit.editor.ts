import { isTimeZone, readDays, readTime } from "../lib/dlm/outside/schedule.ts";
import { type Column, fillList, readList, saveNumbers } from "./editor/fields.ts";
import { preparePmin } from "./editor/pmin.ts";
import { numberRule, requiredRule } from "./editor/rules.ts";

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
}

const NEW_WINDOW = { days: "daily", from: "17:00", to: "21:00", limitA: null, powerW: null };

const text = (key: string, values?: Record<string, unknown>): string =>
  RED._(`@phasewise/node-red-ev-charging/ev-limit:ev-limit.${key}`, values);

const isEmpty = (value: unknown): boolean => value === undefined || value === null || value === "";
const isValue = (value: unknown): boolean => isEmpty(value) || Number(value) >= 0;

/** A contact that lowers needs something to lower to. */
function valueRule(this: EditorNode, value: unknown, options?: object): boolean | string {
  const sentence = numberRule("limitA", { min: 0, max: 100000, optional: true }).call(this, value, options);
  if (sentence !== true || this["kind"] !== "contact" || (this["purpose"] ?? "limit") !== "limit") return sentence;
  if (!isEmpty(value) || !isEmpty(this["powerW"])) return true;
  return options ? text("rule.values") : false;
}

/** Each window has days, times and, unless the node has values of its own, a value. */
function scheduleRule(this: EditorNode, value: unknown, options?: object): boolean | string {
  if (this["kind"] !== "schedule") return true;
  const rows = Array.isArray(value) ? (value as Record<string, unknown>[]) : [];
  const own = !isEmpty(this["limitA"]) || !isEmpty(this["powerW"]);
  const broken = rows.findIndex(
    ({ days, from, to, limitA, powerW }) =>
      !readDays(days) ||
      (readTime(from) ?? 1440) === 1440 ||
      readTime(to) === null ||
      !isValue(limitA) ||
      !isValue(powerW) ||
      (isEmpty(limitA) && isEmpty(powerW) && !own),
  );
  if (rows.length > 0 && broken < 0) return true;
  return options ? text("rule.schedule", { row: Math.max(broken, 0) + 1 }) : false;
}

function timeZoneRule(value: unknown, options?: object): boolean | string {
  if (isTimeZone(String(value ?? ""))) return true;
  return options ? text("rule.timeZone") : false;
}

RED.nodes.registerType<EvLimit>("ev-limit", {
  category: "EV charging",
  color: "#E9A8A0",
  icon: "ev-limit.svg",
  inputs: 1,
  outputs: 1,
  defaults: {
    name: { value: "" },
    zone: { value: "", type: "ev-zone", validate: requiredRule("zone") },
    kind: { value: "contact" },
    scope: { value: "evse" },
    purpose: { value: "limit" },
    running: { value: "continue" },
    normallyClosed: { value: false },
    limitA: { value: null, validate: valueRule },
    powerW: { value: null, validate: numberRule("powerW", { min: 0, max: 1e9, optional: true }) },
    schedule: { value: [], validate: scheduleRule },
    timeZone: { value: "", validate: timeZoneRule },
    staleAfterS: { value: 0, validate: numberRule("staleAfterS", { min: 0, max: 86400 }) },
  },
  paletteLabel: () => text("label.default"),
  inputLabels: () => text("port.input"),
  outputLabels: () => text("port.output"),
  label() {
    const zone = RED.nodes.node(this.zone);
    return this.name || (zone ? text("label.ofZone", { zone: zone["name"] }) : text("label.default"));
  },
  labelStyle() {
    return this.name ? "node_label_italic" : "";
  },
  oneditprepare() {
    $("#node-input-normallyClosed").val(String(this.normallyClosed === true || this.normallyClosed === "true"));
    fillList("#ev-limit-schedule", columns(this), this.schedule ?? [], NEW_WINDOW);
    preparePmin(this);
    for (const field of ["kind", "purpose"]) $(`#node-input-${field}`).on("change", showFields);
    showFields();
  },
  oneditsave() {
    saveNumbers(this, "node-input", ["limitA", "powerW", "staleAfterS"]);
    this.normallyClosed = $("#node-input-normallyClosed").val() === "true";
    $("#node-input-normallyClosed").removeAttr("id");
    const rows = readList("#ev-limit-schedule", columns(this));
    this.schedule = $("#node-input-kind").val() === "schedule" ? rows : (this.schedule ?? []);
  },
});

/** Only what the chosen kind and purpose need. */
function showFields(): void {
  const kind = String($("#node-input-kind").val() ?? "contact");
  const purpose = String($("#node-input-purpose").val() ?? "limit");
  const contact = kind === "contact";
  $(".ev-limit-contact").toggle(contact);
  $(".ev-limit-permit").toggle(contact && purpose === "permit");
  $(".ev-limit-values").toggle(!contact || purpose === "limit");
  $(".ev-limit-schedule").toggle(kind === "schedule");
  $(".ev-limit-heard").toggle(kind !== "schedule");
  $("#ev-limit-own").text(
    contact ? text("own.contact") : kind === "schedule" ? text("own.schedule") : text("own.command"),
  );
}

function columns(node: Localised): Column[] {
  const label = (name: string) => node._(`ev-limit.window.${name}`);
  return [
    { name: "days", label: label("days"), kind: "text", width: "30%", initial: "daily" },
    { name: "from", label: label("from"), kind: "text", width: "17%", initial: "17:00" },
    { name: "to", label: label("to"), kind: "text", width: "17%", initial: "21:00" },
    { name: "limitA", label: label("limitA"), kind: "number", width: "16%", initial: "" },
    { name: "powerW", label: label("powerW"), kind: "number", width: "18%", initial: "" },
  ];
}
