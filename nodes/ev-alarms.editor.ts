import { onlyOne } from "./editor/candidates.ts";
import { prepareDialog } from "./editor/fields.ts";
import { siteRule } from "./editor/rules.ts";
import { paletteWords } from "./editor/words.ts";

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
    site: onlyOne({ type: "ev-site", validate: siteRule }),
    minSeverity: { value: "warning" },
    format: { value: "alarm" },
    siteName: { value: "" },
  },
  ...paletteWords("ev-alarms", "name"),
  oneditprepare() {
    prepareDialog(this);
    const format = $("#node-input-format");
    const showRows = () => $(".ev-alarms-email").toggle(String(format.val() ?? "") === "email");
    format.on("change", showRows);
    showRows();
  },
});
