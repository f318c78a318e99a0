import { fillFlag, readFlag, saveNumbers } from "./editor/fields.ts";
import { numberRule } from "./editor/rules.ts";

interface EvSite {
  name: string;
  dataDir: string;
  voltageV: number | string;
  country: string;
  itNetwork: boolean | undefined;
  language: string;
  timeZone: string;
}

RED.nodes.registerType<EvSite>("ev-site", {
  category: "config",
  defaults: {
    name: { value: "" },
    dataDir: { value: "" },
    voltageV: { value: 230, validate: numberRule("voltageV", { min: 100, max: 300 }) },
    country: { value: "DE" },
    itNetwork: { value: false },
    language: { value: "" },
    timeZone: { value: "" },
  },
  label() {
    return this.name || this._("ev-site.label.default");
  },
  oneditprepare() {
    fillFlag("#ev-site-itNetwork", this.itNetwork);
  },
  oneditsave() {
    saveNumbers(this, "node-config-input", ["voltageV"]);
    this.itNetwork = readFlag("#ev-site-itNetwork", this.itNetwork);
  },
});
