import { type Column, fillFlag, fillList, readFlag, readList, saveNumbers } from "./editor/fields.ts";
import { numberRule } from "./editor/rules.ts";

interface EvSite {
  name: string;
  dataDir: string;
  voltageV: number | string;
  country: string;
  itNetwork: boolean | undefined;
  language: string;
  users: Record<string, unknown>[];
  otherUsers: string;
  flows: string;
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
    users: { value: [] },
    otherUsers: { value: "operator" },
    flows: { value: "admin" },
    timeZone: { value: "" },
  },
  label() {
    return this.name || this._("ev-site.label.default");
  },
  oneditprepare() {
    fillFlag("#ev-site-itNetwork", this.itNetwork);
    fillList("#ev-site-users", columns(this), this.users ?? []);
  },
  oneditsave() {
    saveNumbers(this, "node-config-input", ["voltageV"]);
    this.users = readList("#ev-site-users", columns(this));
    this.itNetwork = readFlag("#ev-site-itNetwork", this.itNetwork);
  },
});

function columns(node: Localised): Column[] {
  const label = (name: string) => node._(`ev-site.user.${name}`);
  return [
    { name: "user", label: label("user"), kind: "text", width: "60%", initial: "" },
    {
      name: "role",
      label: label("role"),
      kind: ["viewer", "operator", "admin", "none"],
      width: "38%",
      initial: "operator",
    },
  ];
}
