import type { ServerAddress } from "./editor/address.ts";
import { AddressList } from "./editor/address-list.ts";
import { BackEndList, backEndsRule } from "./editor/back-ends.ts";
import { onlyOne } from "./editor/candidates.ts";
import { ParkedPanel } from "./editor/charge-point/parked.ts";
import { ServerState } from "./editor/charge-point/server-state.ts";
import { prepareDialog, saveNumbers, textIn } from "./editor/fields.ts";
import { MessagesPanel } from "./editor/messages.ts";
import { fieldText, readNumber } from "./editor/numbers.ts";
import { answer, isEmpty, isHost, labelOf, nodeRule, numberRule, siteRule, textRule } from "./editor/rules.ts";
import { titleWord, wordsOf } from "./editor/words.ts";

interface EvCentralSystem {
  name: string;
  site: string;
  host: string;
  port: number | string;
  path: string;
  tls: string;
  versions: string[];
  unknownChargePoints: string;
  allowMissingSubprotocol: boolean;
  requirePassword: boolean;
  authorization: string;
  heartbeatS: number | string;
  pingS: number | string;
  callTimeoutS: number | string;
  messageLog: string;
  messageLogMB: number | string;
  messageLogDays: number | string;
  backEnds: string[] | undefined;
  certificates: string | undefined;
}

const FIELD = "#ev-central-system-";
const text = wordsOf("ev-central-system");
/** Properties that older flows do not have; they stay away while nothing else is chosen. */
const LOG_DEFAULTS = { messageLog: "memory", messageLogMB: 100, messageLogDays: 30 };

/** Of the dialog that is open; there is at most one. */
let panels: { close(): void }[] = [];
let backEnds: BackEndList | null = null;

function closePanels(): void {
  for (const panel of panels) panel.close();
  panels = [];
}

/** Node-RED's own server has a certificate of its own. */
function tlsRule(this: EditorNode, value: unknown, options?: object): boolean | string {
  const isChosen = !isEmpty(value) && value !== "_ADD_";
  if (isChosen && isEmpty(this["port"])) return answer(options, text("rule.tls", { field: labelOf(this, "tls") }));
  return nodeRule("tls", { optional: true }).call(this, value, options);
}

/** Certificates are shown by TLS, which only a port of its own has. */
function certificatesRule(this: EditorNode, value: unknown, options?: object): boolean | string {
  const isChosen = !isEmpty(value) && value !== "none";
  const hasTls = !isEmpty(this["tls"]) && this["tls"] !== "_ADD_" && !isEmpty(this["port"]);
  if (isChosen && !hasTls) return answer(options, text("rule.certificates", { field: labelOf(this, "certificates") }));
  return true;
}

RED.nodes.registerType<EvCentralSystem>("ev-central-system", {
  category: "config",
  paletteLabel: titleWord("ev-central-system"),
  // Chargers dial it whether or not another node names it.
  hasUsers: false,
  defaults: {
    name: { value: "" },
    site: onlyOne({ type: "ev-site", validate: siteRule }),
    host: { value: "", validate: textRule("host", "host", isHost) },
    port: { value: 9000, validate: numberRule("port", { min: 1, max: 65535, integer: true, optional: true }) },
    path: { value: "/", validate: textRule("path", "path", (path) => /^\/?[^\s?#]*$/.test(path)) },
    tls: { value: "", type: "tls-config", validate: tlsRule },
    versions: { value: ["ocpp1.6"] },
    unknownChargePoints: { value: "park" },
    allowMissingSubprotocol: { value: false },
    requirePassword: { value: false },
    authorization: { value: "open" },
    heartbeatS: { value: 60, validate: numberRule("heartbeatS", { min: 5, max: 86400, integer: true }) },
    pingS: { value: 20, validate: numberRule("pingS", { min: 2, max: 3600 }) },
    callTimeoutS: { value: 30, validate: numberRule("callTimeoutS", { min: 1, max: 120 }) },
    messageLog: { value: LOG_DEFAULTS.messageLog },
    messageLogMB: {
      value: LOG_DEFAULTS.messageLogMB,
      validate: numberRule("messageLogMB", { min: 1, max: 100000, optional: true }),
    },
    messageLogDays: {
      value: LOG_DEFAULTS.messageLogDays,
      validate: numberRule("messageLogDays", { min: 1, max: 3650, optional: true }),
    },
    certificates: { value: "none", validate: certificatesRule },
    backEnds: { value: [], type: "ev-back-end[]", validate: backEndsRule },
  },
  credentials: { sharedPassword: { type: "password" } },
  label() {
    if (this.name) return this.name;
    const path = this.path && this.path !== "/" ? this.path : "";
    return this.port === "" ? this._("ev-central-system.label.onEditor", { path }) : `OCPP :${this.port}${path}`;
  },
  oneditprepare() {
    const drawn = (name: string) => ({ at: FIELD + name, value: () => textIn(FIELD + name) });
    prepareDialog(this, {
      certificates: drawn("certificates"),
      messageLogMB: drawn("messageLogMB"),
      messageLogDays: drawn("messageLogDays"),
      backEnds: { at: `${FIELD}backEnds`, value: () => backEnds?.ids ?? [] },
    });
    const addresses = new AddressList($("#ev-central-system-addresses"), dialled);
    addresses.show();
    $("#node-config-input-port, #node-config-input-path, #node-config-input-host").on("input", () => addresses.show());
    $("#node-config-input-tls").on("change", () => addresses.show());
    for (const [name, value] of Object.entries(LOG_DEFAULTS))
      $(FIELD + name).val(fieldText((this as unknown as Record<string, unknown>)[name] ?? value));
    $(`${FIELD}certificates`).val(this.certificates ?? "none");
    $(`${FIELD}messageLog`).on("change", showLimits);
    showLimits();
    closePanels();
    backEnds = new BackEndList("#ev-central-system-backEnds", this.backEnds ?? []);
    panels = [new ParkedPanel(this.id, new ServerState(this.id)), new MessagesPanel(this.id), backEnds];
  },
  oneditcancel: closePanels,
  oneditdelete: closePanels,
  oneditsave() {
    saveNumbers(this, "node-config-input", ["heartbeatS", "pingS", "callTimeoutS"]);
    saveNumbers(this, "node-config-input", ["port"], "");
    const typed = (name: string) => textIn(FIELD + name);
    const number = (name: string) => (readNumber(typed(name)) > 0 ? readNumber(typed(name)) : typed(name));
    const messageLog = typed("messageLog");
    const log = { messageLog, messageLogMB: number("messageLogMB"), messageLogDays: number("messageLogDays") };
    const isDefault = JSON.stringify(log) === JSON.stringify(LOG_DEFAULTS);
    if (this.messageLog !== undefined || !isDefault) Object.assign(this, log);
    const certificates = typed("certificates");
    if (this.certificates !== undefined || certificates !== "none") this.certificates = certificates;
    const chosen = backEnds?.ids ?? [];
    if (this.backEnds || chosen.length > 0) this.backEnds = chosen;
    closePanels();
  },
});

/** Size and age matter only on disk. */
function showLimits(): void {
  $(`${FIELD}limits`).toggle($(`${FIELD}messageLog`).val() === "store");
}

/** As it stands in the dialog. */
function dialled(): ServerAddress {
  const typed = (name: string) => textIn(`#node-config-input-${name}`);
  const tls = typed("tls");
  return { host: typed("host"), port: typed("port"), path: typed("path"), isSecure: tls !== "" && tls !== "_ADD_" };
}
