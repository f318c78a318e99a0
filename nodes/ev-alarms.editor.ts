import { prepareDialog } from "./editor/fields.ts";
import { nodeRule } from "./editor/rules.ts";

interface EvAlarms {
  name: string;
  site: string;
  minSeverity: string;
  format: string;
  siteName: string;
}

RED.nodes.registerType<EvAlarms>("ev-alarms", {
  category: "EV charging",
  color: "#FF9C92",
  icon: "ev-alarms.svg",
  inputs: 1,
  outputs: 1,
  defaults: {
    name: { value: "" },
    site: { value: "", type: "ev-site", validate: nodeRule("site", { optional: true }) },
    minSeverity: { value: "warning" },
    format: { value: "alarm" },
    siteName: { value: "" },
  },
  paletteLabel: () => RED._("@phasewise/node-red-ev-charging/ev-alarms:ev-alarms.label.default"),
  inputLabels: () => RED._("@phasewise/node-red-ev-charging/ev-alarms:ev-alarms.port.input"),
  outputLabels: () => RED._("@phasewise/node-red-ev-charging/ev-alarms:ev-alarms.port.output"),
  label() {
    return this.name || this._("ev-alarms.label.default");
  },
  labelStyle() {
    return this.name ? "node_label_italic" : "";
  },
  oneditprepare() {
    prepareDialog(this);
    const format = $("#node-input-format");
    const showRows = () => $(".ev-alarms-email").toggle(String(format.val() ?? "") === "email");
    format.on("change", showRows);
    showRows();
  },
});
