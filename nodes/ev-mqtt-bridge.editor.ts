import { onlyOne } from "./editor/candidates.ts";
import { saveNumbers } from "./editor/fields.ts";
import { prepareWriting, WRITING, type Writing, writableIn } from "./editor/manager-door.ts";
import { requiredRule, siteRule } from "./editor/rules.ts";
import { paletteWords } from "./editor/words.ts";

interface EvMqttBridge extends Writing {
  name: string;
  site: string;
  discoveryPrefix: string;
  baseTopic: string;
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
    ...WRITING,
  },
  ...paletteWords("ev-mqtt-bridge", "name"),
  oneditprepare() {
    prepareWriting("ev-mqtt-bridge", this);
  },
  oneditsave() {
    saveNumbers(this, "node-input", ["leaseS", "fallbackA"]);
    this.writable = writableIn("ev-mqtt-bridge", this);
  },
});
