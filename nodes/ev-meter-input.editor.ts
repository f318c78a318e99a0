import { prepareDialog, saveNumbers } from "./editor/fields.ts";
import { MappingDialog, mappingRule } from "./editor/meter/mapping-dialog.ts";
import { meterNameRule, numberRule } from "./editor/rules.ts";

interface EvMeterInput {
  meter: string;
  mapping: string;
  staleAfterS: number | string;
}

const CATALOGUE = "@phasewise/node-red-ev-charging/ev-meter-input:ev-meter-input";

let dialog: MappingDialog | null = null;

function closeDialog(): void {
  dialog?.close();
  dialog = null;
}

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
  paletteLabel: () => RED._(`${CATALOGUE}.label.default`),
  inputLabels() {
    return RED._(`${CATALOGUE}.port.input`);
  },
  outputLabels() {
    return RED._(`${CATALOGUE}.port.output`);
  },
  label() {
    return this.meter || this._("ev-meter-input.label.default");
  },
  labelStyle() {
    return this.meter ? "node_label_italic" : "";
  },
  oneditprepare() {
    prepareDialog(this);
    dialog = new MappingDialog(this.mapping ?? "", (key, values) => RED._(`${CATALOGUE}.${key}`, values));
  },
  oneditsave() {
    saveNumbers(this, "node-input", ["staleAfterS"]);
    this.mapping = dialog?.mapping ?? this.mapping;
    closeDialog();
  },
  oneditcancel: closeDialog,
  oneditdelete: closeDialog,
});
