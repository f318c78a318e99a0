import { offerNames, prepareDialog, saveNumbers } from "./editor/fields.ts";
import { numberRule } from "./editor/rules.ts";
import { paletteWords } from "./editor/words.ts";

interface EvPvSurplus {
  name: string;
  gridMeter: string;
  residualW: number | string;
  batteryMeter: string;
  pvMeter: string;
  batteryFirst: boolean;
  minSocPercent: number | string;
  enableDelayS: number | string;
  disableDelayS: number | string;
}

RED.nodes.registerType<EvPvSurplus>("ev-pv-surplus", {
  category: "EV charging",
  color: "#FFCC66",
  icon: "ev-pv-surplus.svg",
  inputs: 1,
  outputs: 1,
  defaults: {
    name: { value: "" },
    gridMeter: { value: "" },
    residualW: { value: 0, validate: numberRule("residualW", { min: -1000000, max: 1000000 }) },
    batteryMeter: { value: "" },
    pvMeter: { value: "" },
    batteryFirst: { value: true },
    minSocPercent: { value: 0, validate: numberRule("minSocPercent", { min: 0, max: 100 }) },
    enableDelayS: { value: 60, validate: numberRule("enableDelayS", { min: 0, max: 86400 }) },
    disableDelayS: { value: 180, validate: numberRule("disableDelayS", { min: 0, max: 86400 }) },
  },
  ...paletteWords("ev-pv-surplus", "name"),
  oneditprepare() {
    prepareDialog(this);
    offerNames("#ev-pv-surplus-meters", "meter", "ev-meter", "ev-meter-input");
    const battery = $("#node-input-batteryMeter");
    const showRules = () => $(".ev-pv-surplus-battery").toggle(String(battery.val() ?? "") !== "");
    battery.on("input change", showRules);
    showRules();
  },
  oneditsave() {
    saveNumbers(this, "node-input", ["residualW", "minSocPercent", "enableDelayS", "disableDelayS"]);
  },
});
