import { type Column, fillList, readList, saveNumbers } from "./editor/fields.ts";
import { numberRule, uniqueRule, word } from "./editor/rules.ts";

interface EvChargePoint {
  centralSystem: string;
  identity: string;
  aliases: string[];
  zone: string;
  model: string;
  connectors: Record<string, unknown>[];
  stationLimitA: number | string | null;
  safeA: number | string;
}

const NEW_CONNECTOR = { number: 1, phases: 3, rotation: "RST", maxA: 32, minA: 6, priorityClass: 1, mode: "fast" };

/** Whether every row can be what the runtime takes; the runtime says which cell is wrong in its own words, too. */
function connectorsRule(value: unknown, options?: object): boolean | string {
  const rows = Array.isArray(value) ? (value as Record<string, unknown>[]) : [];
  const within = (cell: unknown, min: number, max: number) =>
    Number(cell) >= min && Number(cell) <= max && cell !== "" && cell !== null;
  const broken = rows.findIndex(
    (row) => !(within(row["number"], 1, 99) && within(row["maxA"], 1, 1000) && within(row["minA"], 1, 80)),
  );
  const twin = rows.findIndex((row, index) => rows.findIndex((other) => other["number"] === row["number"]) < index);
  if (rows.length > 0 && broken < 0 && twin < 0) return true;
  return options ? word("connectors", { row: Math.max(broken, twin, 0) + 1 }) : false;
}

RED.nodes.registerType<EvChargePoint>("ev-charge-point", {
  category: "config",
  defaults: {
    centralSystem: { value: "", type: "ev-central-system", required: false },
    identity: { value: "", validate: uniqueRule("identity", "identity") },
    aliases: { value: [] },
    zone: { value: "", type: "ev-zone", required: false },
    model: { value: "auto" },
    connectors: { value: [NEW_CONNECTOR], validate: connectorsRule },
    stationLimitA: { value: null, validate: numberRule("stationLimitA", { min: 1, max: 1000, optional: true }) },
    safeA: { value: 6, validate: numberRule("safeA", { min: 0, max: 80 }) },
  },
  credentials: { password: { type: "password" } },
  label() {
    return this.identity || this._("ev-charge-point.label.default");
  },
  oneditprepare() {
    $("#ev-charge-point-aliases").val((this.aliases ?? []).join(", "));
    fillList("#ev-charge-point-connectors", columns(this), this.connectors ?? [], NEW_CONNECTOR);
  },
  oneditsave() {
    saveNumbers(this, "node-config-input", ["stationLimitA", "safeA"]);
    this.aliases = String($("#ev-charge-point-aliases").val() ?? "")
      .split(",")
      .map((alias) => alias.trim())
      .filter(Boolean);
    this.connectors = readList("#ev-charge-point-connectors", columns(this));
  },
});

function columns(node: Localised): Column[] {
  const label = (name: string) => node._(`ev-charge-point.connector.${name}`);
  return [
    { name: "number", label: label("number"), kind: "number", width: "9%", initial: "next", min: 1, max: 99 },
    { name: "phases", label: label("phases"), kind: ["3", "1", "2"], width: "11%", initial: 3 },
    {
      name: "rotation",
      label: label("rotation"),
      kind: ["RST", "STR", "TRS", "RTS", "SRT", "TSR", "Unknown"],
      width: "19%",
      initial: "RST",
    },
    { name: "maxA", label: label("maxA"), kind: "number", width: "14%", initial: 32, min: 1, max: 1000 },
    { name: "minA", label: label("minA"), kind: "number", width: "14%", initial: 6, min: 1, max: 80 },
    { name: "priorityClass", label: label("priorityClass"), kind: "number", width: "12%", initial: 1 },
    { name: "mode", label: label("mode"), kind: ["fast", "pv", "minpv", "off"], width: "16%", initial: "fast" },
  ];
}
