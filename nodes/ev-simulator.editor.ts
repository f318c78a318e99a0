import { prepareDialog, saveNumbers } from "./editor/fields.ts";
import { answer, isAddress, isIdentity, labelOf, numberRule, uniqueRule } from "./editor/rules.ts";
import { paletteWords, wordsOf } from "./editor/words.ts";

interface EvSimulator {
  name: string;
  url: string;
  identity: string;
  phases: number | string;
  rotation: string;
  maxA: number | string;
  batteryWh: number | string;
  plugged: boolean;
  behaviour: string;
  vendorModel: string;
}

/** One of the runtime's list of simulated models. */
interface ListedModel {
  id: string;
  name: string;
}

RED.nodes.registerType<EvSimulator>("ev-simulator", {
  category: "EV charging",
  color: "#87A980",
  icon: "ev-simulator.svg",
  inputs: 1,
  outputs: 1,
  defaults: {
    name: { value: "" },
    url: { value: "ws://127.0.0.1:9000", validate: urlRule },
    identity: { value: "", validate: identityRule },
    phases: { value: 3 },
    rotation: { value: "RST" },
    maxA: { value: 16, validate: numberRule("maxA", { min: 6, max: 1000 }) },
    batteryWh: { value: 60000, validate: numberRule("batteryWh", { min: 1, max: 10000000 }) },
    plugged: { value: true },
    behaviour: { value: "normal" },
    vendorModel: { value: "" },
  },
  credentials: { password: { type: "password" } },
  ...paletteWords("ev-simulator", "name", "identity"),
  oneditprepare() {
    prepareDialog(this);
    fillModels(this.vendorModel ?? "");
    keepSeveral(this.behaviour ?? "normal", this._("ev-simulator.vendorModel.several"));
  },
  oneditsave() {
    saveNumbers(this, "node-input", ["phases", "maxA", "batteryWh"]);
  },
});

/** Adds the models of the runtime to the dropdown; what is chosen stays chosen, also before the list has come. */
function fillModels(chosen: string): void {
  const select = $("#node-input-vendorModel");
  const add = ({ id, name }: ListedModel) => select.append($("<option>").val(id).text(name));
  if (chosen !== "") add({ id: chosen, name: chosen });
  select.val(chosen);
  void $.getJSON("ev-charging/simulated-models").then((models: ListedModel[]) => {
    select.children().not("[value='']").remove();
    for (const model of models) add(model);
    if (chosen !== "" && !models.some(({ id }) => id === chosen)) add({ id: chosen, name: chosen });
    select.val(chosen);
  });
}

/** Several behaviours with commas between them, as a flow file may have them, are a choice of their own. */
function keepSeveral(chosen: string, label: string): void {
  const select = $("#node-input-behaviour");
  if (chosen.includes(","))
    select.append(
      $("<option>")
        .val(chosen)
        .text(label + chosen),
    );
  select.val(chosen);
}

function identityRule(this: EditorNode, value: unknown, options?: object): boolean | string {
  const unique = uniqueRule("identity", "identity").call(this, value, options);
  if (unique !== true || isIdentity(value)) return unique;
  return answer(options, wordsOf("ev-charge-point")("rule.identity", { field: labelOf(this, "identity") }));
}

/** Empty = the default address. */
function urlRule(value: unknown, options?: object): boolean | string {
  const text = String(value ?? "");
  if (text === "" || text.startsWith("${") || isAddress(text, "ws", "wss")) return true;
  return options ? wordsOf("ev-simulator")("error.url") : false;
}
