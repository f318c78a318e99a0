import { onlyOne } from "./editor/candidates.ts";
import { CommandDialog } from "./editor/charge-point/command-dialog.ts";
import { fixedProblem } from "./editor/charge-point/commands.ts";
import { offerNames, prepareDialog } from "./editor/fields.ts";
import { answer, labelOf, nodeRule } from "./editor/rules.ts";
import { paletteWords } from "./editor/words.ts";

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
    centralSystem: onlyOne({
      type: "ev-central-system",
      validate: nodeRule("centralSystem", { optional: true }),
    }),
    chargePoint: { value: "" },
    action: { value: "" },
    payload: { value: "payload", validate: payloadRule },
    payloadType: { value: "msg" },
  },
  ...paletteWords("ev-command", "name", "action"),
  oneditprepare() {
    prepareDialog(this);
    offerNames("#ev-command-charge-points", "identity", "ev-charge-point");
    new CommandDialog(this.action ?? "", payloadText(this.payload ?? "payload"), this.payloadType || "msg");
  },
});
