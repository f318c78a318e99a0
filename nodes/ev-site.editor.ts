import { saveNumbers } from "./editor/fields.ts";
import { numberRule } from "./editor/rules.ts";

interface EvSite {
  name: string;
  dataDir: string;
  voltageV: number | string;
  country: string;
}

RED.nodes.registerType<EvSite>("ev-site", {
  category: "config",
  defaults: {
    name: { value: "" },
    dataDir: { value: "" },
    voltageV: { value: 230, validate: numberRule("voltageV", { min: 100, max: 300 }) },
    country: { value: "DE" },
  },
  label() {
    return this.name || this._("ev-site.label.default");
  },
  oneditsave() {
    saveNumbers(this, "node-config-input", ["voltageV"]);
  },
});
