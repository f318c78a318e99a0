import { BadgeImport } from "./editor/badge-import.ts";
import { BadgePanel } from "./editor/badge-panel.ts";
import { type Column, fillList, prepareDialog, readList } from "./editor/fields.ts";
import { word as common, isEmpty, nodeRule, rowsRule } from "./editor/rules.ts";

interface EvAuthorization {
  name: string;
  site: string;
  reversedBytes: boolean;
  defaultIdTag: string;
  freeCharging: { chargePoint: string; idTag: string; badge: string }[];
  localLists: boolean;
}

const ROWS = "#ev-authorization-freeCharging";

/** Each line says whom such charges count for. */
const freeChargingRule = rowsRule("freeCharging", "freeCharging", ({ badge }, place) =>
  isEmpty(badge) ? common("required", { field: place("badge") }) : null,
);

/** Of the dialog that is open; there is at most one. */
let panel: BadgePanel | null = null;

function closePanel(): void {
  panel?.close();
  panel = null;
}

RED.nodes.registerType<EvAuthorization>("ev-authorization", {
  category: "EV charging",
  color: "#87A980",
  icon: "ev-authorization.svg",
  inputs: 1,
  outputs: 2,
  defaults: {
    name: { value: "" },
    site: { value: "", type: "ev-site", validate: nodeRule("site", { optional: true }) },
    reversedBytes: { value: false },
    defaultIdTag: { value: "" },
    freeCharging: { value: [], validate: freeChargingRule },
    localLists: { value: true },
  },
  paletteLabel: () => word("label.default"),
  inputLabels: () => word("port.input"),
  outputLabels: (index) => word(index === 0 ? "port.question" : "port.answer"),
  label() {
    return this.name || this._("ev-authorization.label.default");
  },
  labelStyle() {
    return this.name ? "node_label_italic" : "";
  },
  oneditprepare() {
    prepareDialog(this);
    fillList(ROWS, columns(), this.freeCharging ?? []);
    const words = (key: string, values?: Record<string, unknown>) => this._(`ev-authorization.${key}`, values);
    closePanel();
    const opened = new BadgePanel(words, this.id);
    new BadgeImport(words, (topic, payload) => opened.change(topic, payload));
    panel = opened;
  },
  oneditcancel: closePanel,
  oneditdelete: closePanel,
  oneditsave() {
    this.freeCharging = readList(ROWS, columns()) as EvAuthorization["freeCharging"];
    closePanel();
  },
});

function word(key: string): string {
  return RED._(`@phasewise/node-red-ev-charging/ev-authorization:ev-authorization.${key}`);
}

function columns(): Column[] {
  return ["chargePoint", "idTag", "badge"].map((name) => ({
    name,
    label: word(`freeCharging.${name}`),
    kind: "text",
    width: "33%",
    initial: "",
  }));
}
