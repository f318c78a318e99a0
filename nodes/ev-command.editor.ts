import { COMMANDS } from "./editor/commands.ts";

interface EvCommand {
  name: string;
  centralSystem: string;
  chargePoint: string;
  action: string;
  payload: string;
  payloadType: string;
}

RED.nodes.registerType<EvCommand>("ev-command", {
  category: "EV charging",
  color: "#87A980",
  icon: "ev-command.svg",
  inputs: 1,
  outputs: 1,
  defaults: {
    name: { value: "" },
    centralSystem: { value: "", type: "ev-central-system", required: false },
    chargePoint: { value: "" },
    action: { value: "" },
    payload: { value: "payload" },
    payloadType: { value: "msg" },
  },
  paletteLabel: "charger command",
  inputLabels: () => RED._("@phasewise/node-red-ev-charging/ev-command:ev-command.port.input"),
  outputLabels: () => RED._("@phasewise/node-red-ev-charging/ev-command:ev-command.port.output"),
  label() {
    return this.name || this.action || this._("ev-command.label.default");
  },
  labelStyle() {
    return this.name ? "node_label_italic" : "";
  },
  oneditprepare() {
    const action = $("#node-input-action").empty();
    action.append($("<option>").val("").text(this._("ev-command.label.fromMessage")));
    for (const name of Object.keys(COMMANDS)) action.append($("<option>").val(name).text(name));
    action.val(this.action ?? "");
    const payload = $("#node-input-payload");
    payload.typedInput({ types: ["msg", "json", "jsonata"], typeField: "#node-input-payloadType" });
    payload.typedInput("type", this.payloadType || "msg");
    payload.typedInput("value", this.payload ?? "payload");
    const untouched = new Set(["", "{}", ...Object.values(COMMANDS).map((sample) => JSON.stringify(sample))]);
    const suggest = () => {
      const sample = JSON.stringify(COMMANDS[String(action.val() ?? "")] ?? {});
      const current = payload.typedInput("value");
      if (payload.typedInput("type") !== "json" || current === sample || !untouched.has(current)) return;
      payload.typedInput("value", sample);
    };
    action.on("change", suggest);
    payload.on("change", suggest);
    const names = $("#ev-command-charge-points").empty();
    RED.nodes.eachConfig((node) => {
      if (node.type === "ev-charge-point") names.append($("<option>").val(String(node["identity"] ?? "")));
    });
  },
});
