import { onlyOne } from "./editor/candidates.ts";
import { prepareDialog, saveNumbers } from "./editor/fields.ts";
import { answer, nodeRule, numberRule } from "./editor/rules.ts";
import { paletteWords, wordsOf } from "./editor/words.ts";

interface EvDlm {
  name: string;
  zone: string;
  cycleS: number | string;
  shedding: string;
  priorityPolicy: string;
  idlePolicy: string;
  fairness: string;
  rampUpAps: number | string;
  rotationS: number | string;
}

const text = wordsOf("ev-dlm");

/** Whether an ev-dlm, other than the one of an id, controls a zone. */
function isControlled(zone: string, besides?: string): boolean {
  let found = false;
  RED.nodes.eachNode((node) => {
    if (node.type === "ev-dlm" && node.id !== besides && node["zone"] === zone && !node["d"]) found = true;
  });
  return found;
}

/** A root zone that no other ev-dlm controls. */
function zoneRule(this: EditorNode, value: unknown, options?: object): boolean | string {
  const zone = RED.nodes.node(String(value ?? ""));
  if (!zone) return nodeRule("zone").call(this, value, options);
  if (zone["parent"] && zone["parent"] !== "_ADD_") return answer(options, text("rule.root"));
  return isControlled(zone.id, this.id)
    ? answer(options, text("rule.twin"))
    : nodeRule("zone").call(this, value, options);
}

RED.nodes.registerType<EvDlm>("ev-dlm", {
  category: "EV charging",
  color: "#E2D96E",
  icon: "ev-dlm.svg",
  inputs: 1,
  outputs: 3,
  defaults: {
    name: { value: "" },
    zone: onlyOne(
      { type: "ev-zone", filter: (zone) => !zone["parent"], validate: zoneRule },
      (zone) => !isControlled(zone.id),
    ),
    cycleS: { value: 5, validate: numberRule("cycleS", { min: 1, max: 60 }) },
    shedding: { value: "fifo" },
    priorityPolicy: { value: "minFirst" },
    idlePolicy: { value: "minIfSpare" },
    fairness: { value: "current" },
    rampUpAps: { value: 0.5, validate: numberRule("rampUpAps", { min: 0.01, max: 100 }) },
    rotationS: { value: 900, validate: numberRule("rotationS", { min: 60, max: 86400 }) },
  },
  ...paletteWords("ev-dlm", "name"),
  outputLabels: (index) => text(`port.output${index + 1}`),
  label() {
    const zone = RED.nodes.node(this.zone)?.name;
    return this.name || [text("label.default"), zone].filter(Boolean).join(" ");
  },
  oneditprepare() {
    prepareDialog(this);
  },
  oneditsave() {
    saveNumbers(this, "node-input", ["cycleS", "rampUpAps", "rotationS"]);
  },
});
