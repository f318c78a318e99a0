import { AMPS, BreakerFields } from "./editor/breaker.ts";
import { onlyOne } from "./editor/candidates.ts";
import {
  type Column,
  fillList,
  fillTriple,
  offerNames,
  prepareDialog,
  readList,
  readTriple,
  saveNumbers,
  tripleFields,
} from "./editor/fields.ts";
import type { Drawn } from "./editor/live-rules.ts";
import {
  answer,
  isEmpty,
  labelOf,
  nodeRule,
  numberProblem,
  numberRule,
  rowsRule,
  siteRule,
  tripleRule,
  uniqueRule,
  word,
} from "./editor/rules.ts";
import { titleWord, wordsOf } from "./editor/words.ts";

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
  consumptionMeter: string;
  demandLimitW: number | string | null;
  demandWindowS: number | string;
  meters: Record<string, unknown>[];
}

const DEFAULTS = { limitA: [63, 63, 63], operatorLimitA: null, headroomA: [0, 0, 0], assumedLoadA: [0, 0, 0] };
const TRIPLES = ["limitA", "operatorLimitA", "headroomA", "assumedLoadA"] as const;

const text = wordsOf("ev-zone");

/** Each line names a meter and how long it may be silent; a fallback load needs a value. */
const metersRule = rowsRule("meters", "meter", (row, place) => {
  if (isEmpty(row["meter"])) return word("required", { field: place("meter") });
  const silence = numberProblem(place("staleAfterS"), row["staleAfterS"], { min: 1, max: 86400 });
  const optional = row["onStale"] !== "fallbackLoad";
  return silence ?? numberProblem(place("fallbackA"), row["fallbackA"], { ...AMPS, optional });
});

/** What always stays free must leave something. */
function headroomRule(this: EditorNode, value: unknown, options?: object): boolean | string {
  const numbers = tripleRule("headroomA", { ...AMPS, optional: true }).call(this, value, options);
  if (numbers !== true) return numbers;
  const all = (triple: unknown) => (Array.isArray(triple) ? triple : [triple, triple, triple]).map(Number);
  const limits = all(this["limitA"]);
  const isAll = all(value).some((free, at) => limits[at]! > 0 && free >= limits[at]!);
  return answer(options, isAll ? text("rule.headroom", { field: labelOf(this, "headroomA") }) : null);
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
  if (isBelow(String(value ?? ""), this.id)) return answer(options, text("rule.parent"));
  return nodeRule("parent", { optional: true }).call(this, value, options);
}

function offerParents(zone: string): void {
  for (const option of $("#node-config-input-parent option").toArray()) {
    if (isBelow(String($(option).val()), zone)) $(option).remove();
  }
}

RED.nodes.registerType<EvZone>("ev-zone", {
  category: "config",
  paletteLabel: titleWord("ev-zone"),
  defaults: {
    site: onlyOne({ type: "ev-site", validate: siteRule }),
    name: { value: "", validate: uniqueRule("name", "name") },
    parent: { value: "", type: "ev-zone", validate: parentRule },
    limitA: { value: [63, 63, 63], validate: tripleRule("limitA", AMPS) },
    operatorLimitA: { value: null, validate: tripleRule("operatorLimitA", { ...AMPS, optional: true }) },
    headroomA: { value: [0, 0, 0], validate: headroomRule },
    assumedLoadA: {
      value: [0, 0, 0],
      validate: tripleRule("assumedLoadA", { ...AMPS, optional: true }),
    },
    maxPowerW: { value: null, validate: numberRule("maxPowerW", { min: 1, optional: true }) },
    imbalanceA: { value: null, validate: numberRule("imbalanceA", { ...AMPS, optional: true }) },
    failSafeA: { value: 6, validate: numberRule("failSafeA", AMPS) },
    consumptionMeter: { value: "" },
    demandLimitW: { value: null, validate: numberRule("demandLimitW", { min: 1, max: 1e9, optional: true }) },
    demandWindowS: { value: 900, validate: numberRule("demandWindowS", { min: 60, max: 86400, optional: true }) },
    meters: { value: [], validate: metersRule },
  },
  label() {
    return this.name || this._("ev-zone.label.default");
  },
  oneditprepare() {
    const triple = (name: keyof typeof DEFAULTS): Drawn => ({
      at: tripleFields("ev-zone", name),
      value: () => readTriple("ev-zone", name, null) ?? DEFAULTS[name],
    });
    const triples = Object.fromEntries(TRIPLES.map((name) => [name, triple(name)]));
    const meters = { at: "#ev-zone-meters", value: () => readList("#ev-zone-meters", columns()) };
    prepareDialog(this, { ...triples, meters });
    for (const name of TRIPLES)
      fillTriple("ev-zone", name, this[name] === undefined ? DEFAULTS[name] : this[name], AMPS);
    new BreakerFields();
    fillList("#ev-zone-meters", columns(), this.meters ?? []);
    offerMeters();
    offerParents(this.id);
  },
  oneditsave() {
    saveNumbers(this, "node-config-input", [
      ...["maxPowerW", "imbalanceA", "failSafeA", "demandLimitW", "demandWindowS"],
    ]);
    this.limitA = readTriple("ev-zone", "limitA", [63, 63, 63]);
    this.operatorLimitA = readTriple("ev-zone", "operatorLimitA", null);
    this.headroomA = readTriple("ev-zone", "headroomA", [0, 0, 0]);
    this.assumedLoadA = readTriple("ev-zone", "assumedLoadA", [0, 0, 0]);
    this.meters = readList("#ev-zone-meters", columns());
  },
});

function columns(): Column[] {
  const label = (name: string) => text(`meter.${name}`);
  const choice = (name: string, kind: readonly string[], width: string): Column => {
    const words = Object.fromEntries(kind.map((one) => [one, text(`choice.${one}`)]));
    return { name, label: label(name), kind, words, width, initial: kind[0]! };
  };
  return [
    { name: "meter", label: label("meter"), kind: "text", width: "26%", initial: "" },
    choice("location", ["including", "excluding"], "24%"),
    { name: "staleAfterS", label: label("staleAfterS"), kind: "number", width: "12%", initial: 10, min: 1, max: 86400 },
    choice("onStale", ["failSafe", "fallbackLoad"], "24%"),
    { name: "fallbackA", label: label("fallbackA"), kind: "number", width: "12%", initial: "", min: 0, optional: true },
  ];
}

/** The names of all meters as suggestions for the first column. */
function offerMeters(): void {
  offerNames("#ev-zone-meter-names", "meter", "ev-meter", "ev-meter-input");
  const suggest = () => $("#ev-zone-meters").find('[data-column="meter"]').attr("list", "ev-zone-meter-names");
  suggest();
  $("#ev-zone-meters").on("focusin", suggest);
}
