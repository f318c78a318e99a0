import { BadgeImport } from "./editor/badge-import.ts";
import { BadgePanel } from "./editor/badge-panel.ts";
import { onlyOne } from "./editor/candidates.ts";
import { type Column, fillList, OpenDialog, prepareDialog, readList } from "./editor/fields.ts";
import { isEmpty, rowsRule, siteRule, word } from "./editor/rules.ts";
import { paletteWords, wordsOf } from "./editor/words.ts";

interface EvAuthorization {
  name: string;
  site: string;
  reversedBytes: boolean;
  defaultIdTag: string;
  freeCharging: { chargePoint: string; idTag: string; badge: string }[];
  localLists: boolean;
}

const text = wordsOf("ev-authorization");
const ROWS = "#ev-authorization-freeCharging";

/** Each line says whom such charges count for. */
const freeChargingRule = rowsRule("freeCharging", "freeCharging", ({ badge }, place) =>
  isEmpty(badge) ? word("required", { field: place("badge") }) : null,
);

const panel = new OpenDialog<BadgePanel>();

RED.nodes.registerType<EvAuthorization>("ev-authorization", {
  category: "EV charging",
  color: "#87A980",
  icon: "ev-authorization.svg",
  inputs: 1,
  outputs: 2,
  defaults: {
    name: { value: "" },
    site: onlyOne({ type: "ev-site", validate: siteRule }),
    reversedBytes: { value: false },
    defaultIdTag: { value: "" },
    freeCharging: { value: [], validate: freeChargingRule },
    localLists: { value: true },
  },
  ...paletteWords("ev-authorization", "name"),
  outputLabels: (index) => text(index === 0 ? "port.question" : "port.answer"),
  oneditprepare() {
    prepareDialog(this, { freeCharging: { at: ROWS, value: () => readList(ROWS, columns()) } });
    fillList(ROWS, columns(), this.freeCharging ?? []);
    panel.close();
    const opened = new BadgePanel(this.id);
    new BadgeImport((topic, payload) => opened.change(topic, payload));
    panel.open(opened);
  },
  oneditcancel: panel.close,
  oneditdelete: panel.close,
  oneditsave() {
    this.freeCharging = readList(ROWS, columns()) as EvAuthorization["freeCharging"];
    panel.close();
  },
});

function columns(): Column[] {
  return ["chargePoint", "idTag", "badge"].map((name) => ({
    name,
    label: text(`freeCharging.${name}`),
    kind: "text",
    width: "33%",
    initial: "",
  }));
}
