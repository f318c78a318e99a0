import { OpenDialog, prepareDialog, saveNumbers } from "./editor/fields.ts";
import { MappingDialog, mappingRule } from "./editor/meter/mapping-dialog.ts";
import { meterNameRule, numberRule } from "./editor/rules.ts";
import { paletteWords } from "./editor/words.ts";

interface EvMeterInput {
  meter: string;
  mapping: string;
  staleAfterS: number | string;
}

const dialog = new OpenDialog<MappingDialog>();

RED.nodes.registerType<EvMeterInput>("ev-meter-input", {
  category: "EV charging",
  color: "#C0DEED",
  icon: "ev-meter-input.svg",
  inputs: 1,
  outputs: 1,
  defaults: {
    meter: { value: "", validate: meterNameRule("meter") },
    mapping: { value: "", validate: mappingRule },
    staleAfterS: { value: 30, validate: numberRule("staleAfterS", { min: 1, max: 86400 }) },
  },
  ...paletteWords("ev-meter-input", "meter"),
  oneditprepare() {
    prepareDialog(this);
    dialog.open(new MappingDialog(this.mapping ?? ""));
  },
  oneditsave() {
    saveNumbers(this, "node-input", ["staleAfterS"]);
    this.mapping = dialog.current?.mapping ?? this.mapping;
    dialog.close();
  },
  oneditcancel: dialog.close,
  oneditdelete: dialog.close,
});
