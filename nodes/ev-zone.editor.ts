import { type Column, fillList, fillTriple, readList, readTriple, saveNumbers } from "./editor/fields.ts";
import { numberRule, tripleRule, uniqueRule } from "./editor/rules.ts";

type Amps = number | string | (number | string)[];

interface EvZone {
  site: string;
  name: string;
  parent: string;
  limitA: Amps;
  operatorLimitA: Amps | null;
  headroomA: Amps;
  assumedLoadA: Amps;
  maxPowerW: number | string | null;
  imbalanceA: number | string | null;
  failSafeA: number | string;
  meters: Record<string, unknown>[];
}

const TRIPLES = ["limitA", "operatorLimitA", "headroomA", "assumedLoadA"] as const;

/** Each line names a meter and how long it may be silent; a fallback load needs a value. */
function metersRule(value: unknown, options?: object): boolean | string {
  const rows = Array.isArray(value) ? (value as Record<string, unknown>[]) : [];
  const isWrong = ({ meter, staleAfterS, onStale, fallbackA }: Record<string, unknown>) =>
    !meter || !(Number(staleAfterS) >= 1) || (onStale === "fallbackLoad" && (fallbackA === null || fallbackA === ""));
  const row = rows.findIndex(isWrong);
  if (row < 0) return true;
  const sentence = RED._("@phasewise/node-red-ev-charging/ev-zone:ev-zone.rule.meters", { row: row + 1 });
  return options ? sentence : false;
}

/** Whether a zone is `ancestor` or hangs on it, directly or further up. */
function isBelow(zone: string, ancestor: string): boolean {
  const visited = new Set<string>();
  for (let at = RED.nodes.node(zone); at && !visited.has(at.id); at = RED.nodes.node(String(at["parent"] ?? ""))) {
    if (at.id === ancestor) return true;
    visited.add(at.id);
  }
  return false;
}

/** The zone above must be another one that does not hang on this one. */
function parentRule(this: EditorNode, value: unknown, options?: object): boolean | string {
  if (!isBelow(String(value ?? ""), this.id)) return true;
  return options ? RED._("@phasewise/node-red-ev-charging/ev-zone:ev-zone.rule.parent") : false;
}

function offerParents(zone: string): void {
  for (const option of $("#node-config-input-parent option").toArray()) {
    if (isBelow(String($(option).val()), zone)) $(option).remove();
  }
}

RED.nodes.registerType<EvZone>("ev-zone", {
  category: "config",
  defaults: {
    site: { value: "", type: "ev-site", required: false },
    name: { value: "", validate: uniqueRule("name", "name") },
    parent: { value: "", type: "ev-zone", required: false, validate: parentRule },
    limitA: { value: [63, 63, 63], validate: tripleRule("limitA", { min: 0, max: 100000 }) },
    operatorLimitA: { value: null, validate: tripleRule("operatorLimitA", { min: 0, max: 100000, optional: true }) },
    headroomA: { value: [0, 0, 0], validate: tripleRule("headroomA", { min: 0, max: 100000, optional: true }) },
    assumedLoadA: { value: [0, 0, 0], validate: tripleRule("assumedLoadA", { min: 0, max: 100000, optional: true }) },
    maxPowerW: { value: null, validate: numberRule("maxPowerW", { min: 1, optional: true }) },
    imbalanceA: { value: null, validate: numberRule("imbalanceA", { min: 0, max: 100000, optional: true }) },
    failSafeA: { value: 6, validate: numberRule("failSafeA", { min: 0, max: 100000 }) },
    meters: { value: [], validate: metersRule },
  },
  label() {
    return this.name || this._("ev-zone.label.default");
  },
  oneditprepare() {
    for (const name of TRIPLES) fillTriple("ev-zone", name, this[name]);
    $("#ev-zone-preset").on("change", function () {
      const ampere = $(this).val();
      if (ampere) fillTriple("ev-zone", "limitA", Number(ampere));
    });
    fillList("#ev-zone-meters", columns(this), this.meters ?? []);
    offerMeters();
    offerParents(this.id);
  },
  oneditsave() {
    saveNumbers(this, "node-config-input", ["maxPowerW", "imbalanceA", "failSafeA"]);
    this.limitA = readTriple("ev-zone", "limitA", [63, 63, 63]);
    this.operatorLimitA = readTriple("ev-zone", "operatorLimitA", null);
    this.headroomA = readTriple("ev-zone", "headroomA", [0, 0, 0]);
    this.assumedLoadA = readTriple("ev-zone", "assumedLoadA", [0, 0, 0]);
    this.meters = readList("#ev-zone-meters", columns(this));
  },
});

function columns(node: Localised): Column[] {
  const label = (name: string) => node._(`ev-zone.meter.${name}`);
  return [
    { name: "meter", label: label("meter"), kind: "text", width: "27%", initial: "" },
    {
      name: "location",
      label: label("location"),
      kind: ["including", "excluding"],
      width: "22%",
      initial: "including",
    },
    { name: "staleAfterS", label: label("staleAfterS"), kind: "number", width: "14%", initial: 10, min: 1 },
    { name: "onStale", label: label("onStale"), kind: ["failSafe", "fallbackLoad"], width: "22%", initial: "failSafe" },
    { name: "fallbackA", label: label("fallbackA"), kind: "number", width: "13%", initial: "" },
  ];
}

/** The names of all meters as suggestions for the first column. */
function offerMeters(): void {
  const names = $("#ev-zone-meter-names").empty();
  RED.nodes.eachNode((node) => {
    if (node.type === "ev-meter" || node.type === "ev-meter-input")
      names.append($("<option>").val(String(node["meter"] ?? "")));
  });
  const suggest = () => $("#ev-zone-meters").find('[data-column="meter"]').attr("list", "ev-zone-meter-names");
  suggest();
  $("#ev-zone-meters").on("focusin", suggest);
}
