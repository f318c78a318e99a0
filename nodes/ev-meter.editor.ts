import { saveNumbers } from "./editor/fields.ts";
import { fillProfiles } from "./editor/meter-profiles.ts";
import { numberRule, requiredRule, uniqueRule } from "./editor/rules.ts";

interface EvMeter {
  meter: string;
  bus: string;
  profile: string;
  unitId: number | string;
  intervalMs: number | string;
  invert: boolean;
  phaseMap: (number | null)[];
  role: string;
}

const CATALOGUE = "@phasewise/node-red-ev-charging/ev-meter:ev-meter";

/** Each site phase at most once, at least one wired. */
function phaseMapRule(value: unknown, options?: object): boolean | string {
  const wired = (Array.isArray(value) ? value : []).filter((phase) => phase !== null);
  if (wired.length > 0 && new Set(wired).size === wired.length) return true;
  return options ? RED._(`${CATALOGUE}.error.phaseMap`) : false;
}

RED.nodes.registerType<EvMeter>("ev-meter", {
  category: "EV charging",
  color: "#C0DEED",
  icon: "ev-meter.svg",
  inputs: 1,
  outputs: 1,
  defaults: {
    meter: { value: "", validate: uniqueRule("meter", "meter") },
    bus: { value: "", type: "ev-modbus", validate: requiredRule("bus") },
    profile: { value: "eastron-sdm630", validate: requiredRule("profile") },
    unitId: { value: 1, validate: numberRule("unitId", { min: 0, max: 255, integer: true }) },
    intervalMs: { value: 1000, validate: numberRule("intervalMs", { min: 0, max: 86400000 }) },
    invert: { value: false },
    phaseMap: { value: [1, 2, 3], validate: phaseMapRule },
    role: { value: "dlm" },
  },
  paletteLabel: "meter",
  inputLabels() {
    return RED._(`${CATALOGUE}.port.input`);
  },
  outputLabels() {
    return RED._(`${CATALOGUE}.port.output`);
  },
  label() {
    return this.meter || this._("ev-meter.label.default");
  },
  labelStyle() {
    return this.meter ? "node_label_italic" : "";
  },
  oneditprepare() {
    fillProfiles("#node-input-profile", this.profile);
    for (const phase of [0, 1, 2]) $(`#ev-meter-phase-${phase + 1}`).val(String(this.phaseMap?.[phase] ?? ""));
  },
  oneditsave() {
    saveNumbers(this, "node-input", ["unitId", "intervalMs"]);
    this.phaseMap = [1, 2, 3].map((phase) => Number($(`#ev-meter-phase-${phase}`).val()) || null);
  },
});
