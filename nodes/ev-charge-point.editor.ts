import { readOverrides } from "../lib/station/capabilities/models/overrides.ts";
import { AddressList, dialledOf } from "./editor/address-list.ts";
import { BackEndList, backEndsRule } from "./editor/back-ends.ts";
import { onlyOne } from "./editor/candidates.ts";
import { ModelPanel } from "./editor/charge-point/charge-point-model.ts";
import { ConnectorList, connectorsRule, NEW_CONNECTOR } from "./editor/charge-point/connector-list.ts";
import { offerCloud } from "./editor/charge-point/keep-cloud.ts";
import type { Installed } from "./editor/commissioning.ts";
import { chosenNode, fillFlag, prepareDialog, readFlag, saveNumbers, textIn, textsIn } from "./editor/fields.ts";
import { readNumber } from "./editor/numbers.ts";
import { answer, isEmpty, isIdentity, labelOf, nodeRule, numberRule, uniqueRule } from "./editor/rules.ts";
import { titleWord, wordsOf } from "./editor/words.ts";

interface EvChargePoint {
  centralSystem: string;
  identity: string;
  name: string;
  place: string;
  aliases: string[];
  zone: string;
  model: string;
  connectors: Record<string, unknown>[];
  stationLimitA: number | string | null;
  exclusive: boolean | undefined;
  safeA: number | string;
  overrides: Record<string, unknown>;
  commissioned: string[];
  backEnds: string[] | undefined;
}

const FIELD = "#node-config-input-";

/** Of the dialog that is open; there is at most one. */
let panel: ModelPanel | null = null;
let connectors: ConnectorList | null = null;
let backEnds: BackEndList | null = null;

const text = wordsOf("ev-charge-point");

/** The runtime's own check, in its words. */
function overridesRule(value: unknown, options?: object): boolean | string {
  return answer(options, readOverrides(value).problem);
}

/** One of its own, and one that chargers can have. */
function identityRule(this: EditorNode, value: unknown, options?: object): boolean | string {
  const unique = uniqueRule("identity", "identity").call(this, value, options);
  if (unique !== true) return unique;
  return answer(options, isIdentity(value) ? null : text("rule.identity", { field: labelOf(this, "identity") }));
}

/** Names fit the title of a mail. */
function nameRule(name: "name" | "place") {
  return function (this: EditorNode, value: unknown, options?: object): boolean | string {
    const isLong = String(value ?? "").trim().length > 80;
    return answer(options, isLong ? text("rule.name", { field: labelOf(this, name) }) : null);
  };
}

/** What it may dial under besides. */
function aliasesRule(this: EditorNode, value: unknown, options?: object): boolean | string {
  const aliases: unknown[] = Array.isArray(value) ? value : [];
  return answer(options, aliases.every(isIdentity) ? null : text("rule.identity", { field: labelOf(this, "aliases") }));
}

/** It belongs to a site through one of the two. */
function placeRule(this: EditorNode, value: unknown, options?: object): boolean | string {
  if (isEmpty(value) && isEmpty(this["zone"])) return answer(options, text("rule.place"));
  return nodeRule("centralSystem", { optional: true }).call(this, value, options);
}

/** What is below the minimum of a connector charges nobody and is reserved for nothing. */
function safeRule(this: EditorNode, value: unknown, options?: object): boolean | string {
  const number = numberRule("safeA", { min: 0, max: 80 }).call(this, value, options);
  if (number !== true || readNumber(value) === 0) return number;
  const rows = Array.isArray(this["connectors"]) ? (this["connectors"] as Record<string, unknown>[]) : [];
  const most = Math.max(0, ...rows.map(({ minA }) => Number(minA) || 0));
  const isBelow = readNumber(value) < most;
  return answer(options, isBelow ? text("rule.safeA", { field: labelOf(this, "safeA"), min: most }) : null);
}

RED.nodes.registerType<EvChargePoint>("ev-charge-point", {
  category: "config",
  paletteLabel: titleWord("ev-charge-point"),
  // It is in use whether or not another node names it.
  hasUsers: false,
  defaults: {
    centralSystem: onlyOne({ type: "ev-central-system", validate: placeRule }),
    identity: { value: "", validate: identityRule },
    name: { value: "", validate: nameRule("name") },
    place: { value: "", validate: nameRule("place") },
    aliases: { value: [], validate: aliasesRule },
    zone: onlyOne({ type: "ev-zone", validate: nodeRule("zone", { optional: true }) }),
    model: { value: "auto" },
    connectors: { value: [NEW_CONNECTOR], validate: connectorsRule },
    stationLimitA: { value: null, validate: numberRule("stationLimitA", { min: 1, max: 1000, optional: true }) },
    exclusive: { value: false },
    safeA: { value: 6, validate: safeRule },
    overrides: { value: {}, validate: overridesRule },
    commissioned: { value: [] },
    backEnds: { value: [], type: "ev-back-end[]", validate: backEndsRule },
  },
  credentials: { password: { type: "password" } },
  label() {
    return (
      (this.name && this.identity ? `${this.name} (${this.identity})` : this.identity) ||
      this._("ev-charge-point.label.default")
    );
  },
  oneditprepare() {
    prepareDialog(this, {
      connectors: { at: "#ev-charge-point-connectors", value: () => connectors?.rows ?? [] },
      backEnds: { at: "#ev-charge-point-backEnds", value: () => backEnds?.ids ?? [] },
      aliases: { at: "#ev-charge-point-aliases", value: () => textsIn("#ev-charge-point-aliases") },
    });
    closePanel();
    $("#ev-charge-point-aliases").val((this.aliases ?? []).join(", "));
    fillFlag("#ev-charge-point-exclusive", this.exclusive);
    const addresses = new AddressList($("#ev-charge-point-addresses"), () => {
      const chosen = chosenNode(`${FIELD}centralSystem`);
      return chosen && dialledOf(chosen);
    });
    const showAddresses = () => addresses.show(textIn(`${FIELD}identity`));
    const list = new BackEndList("#ev-charge-point-backEnds", this.backEnds ?? []);
    backEnds = list;
    const site = () => String(chosenNode(`${FIELD}centralSystem`)?.["site"] ?? "");
    offerCloud($("#ev-charge-point-cloud"), { identity: () => textIn(`${FIELD}identity`), site, list });
    connectors = new ConnectorList(this.connectors ?? [], showOutlets);
    panel = new ModelPanel({
      identity: this.identity ?? "",
      model: this.model || "auto",
      overrides: this.overrides ?? {},
      commissioned: this.commissioned ?? [],
      installed,
      connectors: (this.connectors ?? [NEW_CONNECTOR]).map(({ number }) => Number(number)),
      onRotation: (connector, rotation) => connectors?.setRotation(connector, rotation) ?? false,
      onModel: (model) => addresses.show(undefined, model?.appendsIdentity ?? null),
    });
    showAddresses();
    $(`${FIELD}identity`).on("input", showAddresses);
    $(`${FIELD}centralSystem`).on("change", showAddresses);
    $(`${FIELD}safeA, ${FIELD}stationLimitA, #ev-charge-point-exclusive`).on("input change", showOutlets);
  },
  oneditcancel: closePanel,
  oneditdelete: closePanel,
  oneditsave() {
    saveNumbers(this, "node-config-input", ["stationLimitA", "safeA"]);
    this.aliases = textsIn("#ev-charge-point-aliases");
    this.exclusive = readFlag("#ev-charge-point-exclusive", this.exclusive);
    this.connectors = connectors?.rows ?? this.connectors;
    const overrides = panel?.overrides() ?? {};
    if (this.overrides || Object.keys(overrides).length > 0) this.overrides = overrides;
    const commissioned = panel?.commissioned() ?? [];
    if (this.commissioned || commissioned.length > 0) this.commissioned = commissioned;
    const chosen = backEnds?.ids ?? [];
    if (this.backEnds || chosen.length > 0) this.backEnds = chosen;
    closePanel();
  },
});

function closePanel(): void {
  panel?.close();
  backEnds?.close();
  backEnds = null;
  panel = null;
  connectors = null;
}

/** The values of the dialog that the check-list names. */
function installed(): Installed {
  const rows = connectors?.rows ?? [];
  const largest = Math.max(0, ...rows.map(({ maxA }) => Number(maxA) || 0));
  const orders = [...new Set(rows.map(({ rotation }) => String(rotation)))];
  const known = orders.filter((order) => order !== "Unknown");
  return {
    maxA: largest > 0 ? String(largest) : "?",
    safeA: textIn(`${FIELD}safeA`) || "?",
    rotation: known.join(", ") || text("phases.notKnown"),
  };
}

/** Several outlets on one supply line need a limit that they share: said where it is missing. */
function showOutlets(): void {
  const rows = connectors?.rows ?? [];
  const isShared = textIn(`${FIELD}stationLimitA`) !== "";
  const isOneByOne = $("#ev-charge-point-exclusive").is(":checked");
  const sum = rows.reduce((total, { maxA }) => total + (Number(maxA) || 0), 0);
  const hint =
    rows.length < 2 || isOneByOne
      ? ""
      : isShared
        ? text("outlets.shared", { sum, limit: String($(`${FIELD}stationLimitA`).val()) })
        : text("outlets.alone", { sum, count: rows.length });
  $("#ev-charge-point-outlets").text(hint);
  if (rows.length > 1) $("#ev-charge-point-outlets").closest("details").prop("open", true);
  panel?.showSteps();
}
