import { CommandDialog } from "./editor/charge-point/command-dialog.ts";
import { fixedProblem } from "./editor/charge-point/commands.ts";
import { prepareDialog } from "./editor/fields.ts";
import { answer, labelOf, nodeRule } from "./editor/rules.ts";

interface EvCommand {
  name: string;
  centralSystem: string;
  chargePoint: string;
  action: string;
  payload: string;
  payloadType: string;
}

/** The type that stands in the open dialog, else the node's own. */
function payloadTypeOf(node: EditorNode): unknown {
  const field = $("#node-input-payloadType");
  return field.length ? field.val() : node["payloadType"];
}

/** A flow file may have JSON as it is instead of as text. */
function payloadText(payload: unknown): string {
  return typeof payload === "string" ? payload : JSON.stringify(payload);
}

function payloadRule(this: EditorNode, value: unknown, options?: object): boolean | string {
  if (payloadTypeOf(this) !== "json") return true;
  const action = $("#node-input-action");
  const problem = fixedProblem(String(action.length ? action.val() : (this["action"] ?? "")), payloadText(value ?? ""));
  return answer(options, problem === null ? null : `${labelOf(this, "payload")}: ${problem}`);
}

RED.nodes.registerType<EvCommand>("ev-command", {
  category: "EV charging",
  color: "#87A980",
  icon: "ev-command.svg",
  inputs: 1,
  outputs: 1,
  defaults: {
    name: { value: "" },
    centralSystem: {
      value: "",
      type: "ev-central-system",
      validate: nodeRule("centralSystem", { optional: true }),
    },
    chargePoint: { value: "" },
    action: { value: "" },
    payload: { value: "payload", validate: payloadRule },
    payloadType: { value: "msg" },
  },
  paletteLabel: () => RED._("@phasewise/node-red-ev-charging/ev-command:ev-command.label.default"),
  inputLabels: () => RED._("@phasewise/node-red-ev-charging/ev-command:ev-command.port.input"),
  outputLabels: () => RED._("@phasewise/node-red-ev-charging/ev-command:ev-command.port.output"),
  label() {
    return this.name || this.action || this._("ev-command.label.default");
  },
  labelStyle() {
    return this.name ? "node_label_italic" : "";
  },
  oneditprepare() {
    prepareDialog(this);
    const words = (key: string, values?: Record<string, unknown>) => this._(`ev-command.${key}`, values);
    const names = $("#ev-command-charge-points").empty();
    RED.nodes.eachConfig((node) => {
      if (node.type === "ev-charge-point") names.append($("<option>").val(String(node["identity"] ?? "")));
    });
    new CommandDialog(words, this.action ?? "", payloadText(this.payload ?? "payload"), this.payloadType || "msg");
  },
});
