import { onlyOne } from "./editor/candidates.ts";
import { fillFlag, prepareDialog, readFlag, saveNumbers } from "./editor/fields.ts";
import { numberRule, requiredRule, siteRule } from "./editor/rules.ts";
import { paletteWords } from "./editor/words.ts";

interface EvMqttBridge {
  name: string;
  site: string;
  discoveryPrefix: string;
  baseTopic: string;
  writable: boolean | undefined;
  leaseS: number | string;
  fallbackA: number | string | null;
}

RED.nodes.registerType<EvMqttBridge>("ev-mqtt-bridge", {
  category: "EV charging",
  color: "#E9967A",
  icon: "ev-mqtt-bridge.svg",
  inputs: 1,
  outputs: 1,
  defaults: {
    name: { value: "" },
    site: onlyOne({ type: "ev-site", validate: siteRule }),
    discoveryPrefix: { value: "homeassistant", validate: requiredRule("discoveryPrefix") },
    baseTopic: { value: "phasewise", validate: requiredRule("baseTopic") },
    writable: { value: false },
    leaseS: { value: 120, validate: numberRule("leaseS", { min: 10, max: 900, integer: true }) },
    fallbackA: { value: null, validate: numberRule("fallbackA", { min: 0, max: 1000, optional: true }) },
  },
  ...paletteWords("ev-mqtt-bridge", "name"),
  oneditprepare() {
    prepareDialog(this);
    fillFlag("#ev-mqtt-bridge-writable", this.writable ?? false);
    $("#ev-mqtt-bridge-writable").on("change", showWriting);
    showWriting();
  },
  oneditsave() {
    saveNumbers(this, "node-input", ["leaseS", "fallbackA"]);
    this.writable = readFlag("#ev-mqtt-bridge-writable", this.writable);
  },
});

function showWriting(): void {
  $("#ev-mqtt-bridge-writing").toggle($("#ev-mqtt-bridge-writable").prop("checked") === true);
}
