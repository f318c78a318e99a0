import { readOverrides } from "../lib/station/models/overrides.ts";
import { ModelPanel } from "./editor/charge-point-model.ts";
import { type Column, fillFlag, fillList, readFlag, readList, saveNumbers } from "./editor/fields.ts";
import { numberRule, uniqueRule, word } from "./editor/rules.ts";

interface EvChargePoint {
  centralSystem: string;
  identity: string;
  aliases: string[];
  zone: string;
  model: string;
  connectors: Record<string, unknown>[];
  stationLimitA: number | string | null;
  exclusive: boolean | undefined;
  safeA: number | string;
  overrides: Record<string, unknown>;
}

/** Of the dialog that is open; there is at most one. */
let panel: ModelPanel | null = null;

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

/** The runtime's own check, in its words. */
function overridesRule(value: unknown, options?: object): boolean | string {
  const { problem } = readOverrides(value);
  return problem === null || (options ? problem : false);
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
    exclusive: { value: false },
    safeA: { value: 6, validate: numberRule("safeA", { min: 0, max: 80 }) },
    overrides: { value: {}, validate: overridesRule },
  },
  credentials: { password: { type: "password" } },
  label() {
    return this.identity || this._("ev-charge-point.label.default");
  },
  oneditprepare() {
    $("#ev-charge-point-aliases").val((this.aliases ?? []).join(", "));
    fillFlag("#ev-charge-point-exclusive", this.exclusive);
    fillList("#ev-charge-point-connectors", columns(this), this.connectors ?? [], NEW_CONNECTOR);
    $("#ev-charge-point-minimum").on("change", takeMinimum);
    panel?.close();
    const words = (key: string, values?: Record<string, unknown>) => this._(`ev-charge-point.${key}`, values);
    panel = new ModelPanel(words, this.identity ?? "", this.model || "auto", this.overrides ?? {});
  },
  oneditcancel: closePanel,
  oneditdelete: closePanel,
  oneditsave() {
    saveNumbers(this, "node-config-input", ["stationLimitA", "safeA"]);
    this.aliases = String($("#ev-charge-point-aliases").val() ?? "")
      .split(",")
      .map((alias) => alias.trim())
      .filter(Boolean);
    this.exclusive = readFlag("#ev-charge-point-exclusive", this.exclusive);
    this.connectors = readList("#ev-charge-point-connectors", columns(this)).map(withoutEmpty);
    const overrides = panel?.overrides() ?? {};
    if (this.overrides || Object.keys(overrides).length > 0) this.overrides = overrides;
    closePanel();
  },
});

function closePanel(): void {
  panel?.close();
  panel = null;
}

/** A preset of minimums fills them in on every line. */
function takeMinimum(this: HTMLElement): void {
  const [minA, minA3p = ""] = String($(this).val() ?? "").split("/");
  if (!minA) return;
  $('#ev-charge-point-connectors [data-column="minA"]').val(minA).trigger("change");
  $('#ev-charge-point-connectors [data-column="minA3p"]').val(minA3p).trigger("change");
}

/** Most connectors have one minimum and a socket of which nobody writes anything; such a line stays as it was. */
function withoutEmpty({ minA3p, socketType, ...row }: Record<string, unknown>): Record<string, unknown> {
  return {
    ...row,
    ...(minA3p !== null && minA3p !== undefined && { minA3p }),
    ...(socketType ? { socketType } : {}),
  };
}

function columns(node: Localised): Column[] {
  const label = (name: string) => node._(`ev-charge-point.connector.${name}`);
  return [
    { name: "number", label: label("number"), kind: "number", width: "7%", initial: "next", min: 1, max: 99 },
    { name: "phases", label: label("phases"), kind: ["3", "1", "2"], width: "8%", initial: 3 },
    {
      name: "rotation",
      label: label("rotation"),
      kind: ["RST", "STR", "TRS", "RTS", "SRT", "TSR", "Unknown"],
      width: "15%",
      initial: "RST",
    },
    { name: "maxA", label: label("maxA"), kind: "number", width: "10%", initial: 32, min: 1, max: 1000 },
    { name: "minA", label: label("minA"), kind: "number", width: "10%", initial: 6, min: 1, max: 80 },
    { name: "minA3p", label: label("minA3p"), kind: "number", width: "11%", initial: "" },
    { name: "priorityClass", label: label("priorityClass"), kind: "number", width: "9%", initial: 1 },
    { name: "mode", label: label("mode"), kind: ["fast", "pv", "minpv", "off"], width: "14%", initial: "fast" },
    { name: "socketType", label: label("socketType"), kind: "text", width: "10%", initial: "" },
  ];
}
