import { saveNumbers } from "./editor/fields.ts";
import { MessagesPanel } from "./editor/messages.ts";
import { ParkedPanel } from "./editor/parked.ts";
import { numberRule } from "./editor/rules.ts";

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
}

const FIELD = "#ev-central-system-";
/** Properties that older flows do not have; they stay away while nothing else is chosen. */
const LOG_DEFAULTS = { messageLog: "memory", messageLogMB: 100, messageLogDays: 30 };

/** Of the dialog that is open; there is at most one. */
let panels: { close(): void }[] = [];

function closePanels(): void {
  for (const panel of panels) panel.close();
  panels = [];
}

RED.nodes.registerType<EvCentralSystem>("ev-central-system", {
  category: "config",
  defaults: {
    name: { value: "" },
    site: { value: "", type: "ev-site", required: false },
    host: { value: "" },
    port: { value: 9000, validate: numberRule("port", { min: 1, max: 65535, integer: true, optional: true }) },
    path: { value: "/" },
    tls: { value: "", type: "tls-config", required: false },
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
  },
  credentials: { sharedPassword: { type: "password" } },
  label() {
    if (this.name) return this.name;
    const path = this.path && this.path !== "/" ? this.path : "";
    return this.port === "" ? this._("ev-central-system.label.onEditor", { path }) : `OCPP :${this.port}${path}`;
  },
  oneditprepare() {
    showAddress();
    $("#node-config-input-port, #node-config-input-path").on("input", showAddress);
    $("#node-config-input-tls").on("change", showAddress);
    for (const [name, value] of Object.entries(LOG_DEFAULTS))
      $(FIELD + name).val(String((this as unknown as Record<string, unknown>)[name] ?? value));
    $(`${FIELD}messageLog`).on("change", showLimits);
    showLimits();
    const words = (key: string, values?: Record<string, unknown>) => this._(`ev-central-system.${key}`, values);
    closePanels();
    panels = [new ParkedPanel(words, this.id), new MessagesPanel(words, this.id)];
  },
  oneditcancel: closePanels,
  oneditdelete: closePanels,
  oneditsave() {
    saveNumbers(this, "node-config-input", ["heartbeatS", "pingS", "callTimeoutS"]);
    saveNumbers(this, "node-config-input", ["port"], "");
    const typed = (name: string) => String($(FIELD + name).val() ?? "").trim();
    const number = (name: string) => (Number(typed(name)) > 0 ? Number(typed(name)) : typed(name));
    const messageLog = typed("messageLog");
    const log = { messageLog, messageLogMB: number("messageLogMB"), messageLogDays: number("messageLogDays") };
    const isDefault = JSON.stringify(log) === JSON.stringify(LOG_DEFAULTS);
    if (this.messageLog !== undefined || !isDefault) Object.assign(this, log);
    closePanels();
  },
});

/** Size and age matter only on disk. */
function showLimits(): void {
  $(`${FIELD}limits`).toggle($(`${FIELD}messageLog`).val() === "store");
}

/** The address to type into a charger, for the host name under which this editor was opened. */
function showAddress(): void {
  const typed = String($("#node-config-input-port").val() ?? "").trim();
  const port = typed || window.location.port;
  const path = String($("#node-config-input-path").val() ?? "").replace(/^\/+|\/+$/g, "");
  const tls = String($("#node-config-input-tls").val() ?? "");
  const isOwnSecure = typed !== "" && tls !== "" && tls !== "_ADD_";
  const secure = typed === "" ? window.location.protocol === "https:" : isOwnSecure;
  const address = `${secure ? "wss" : "ws"}://${window.location.hostname}${port ? `:${port}` : ""}/${path ? `${path}/` : ""}`;
  $("#ev-central-system-address").text(`${address}<identity>`);
}
