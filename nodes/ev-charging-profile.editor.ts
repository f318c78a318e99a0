import { prepareDialog, saveNumbers } from "./editor/fields.ts";
import { readNumber } from "./editor/numbers.ts";
import { answer, labelOf, numberRule } from "./editor/rules.ts";
import { paletteWords, wordsOf } from "./editor/words.ts";

interface EvChargingProfile {
  name: string;
  leaseS: number | string;
  refreshS: number | string;
  minIncreaseS: number | string;
}

/** A renewal that comes late must still come before the lease has run out. */
function refreshRule(this: EditorNode, value: unknown, options?: object): boolean | string {
  const number = numberRule("refreshS", { min: 10, max: 600 }).call(this, value, options);
  const mostS = Number(this["leaseS"]) - 30;
  if (number !== true || !(mostS >= 10 && readNumber(value) > mostS)) return number;
  return answer(
    options,
    wordsOf("ev-charging-profile")("rule.refreshS", { field: labelOf(this, "refreshS"), most: mostS }),
  );
}

RED.nodes.registerType<EvChargingProfile>("ev-charging-profile", {
  category: "EV charging",
  color: "#87A980",
  icon: "ev-charging-profile.svg",
  inputs: 1,
  outputs: 1,
  defaults: {
    name: { value: "" },
    leaseS: { value: 180, validate: numberRule("leaseS", { min: 60, max: 900 }) },
    refreshS: { value: 75, validate: refreshRule },
    minIncreaseS: { value: 5, validate: numberRule("minIncreaseS", { min: 0, max: 300 }) },
  },
  ...paletteWords("ev-charging-profile", "name"),
  oneditprepare() {
    prepareDialog(this);
  },
  oneditsave() {
    saveNumbers(this, "node-input", ["leaseS", "refreshS", "minIncreaseS"]);
  },
});
