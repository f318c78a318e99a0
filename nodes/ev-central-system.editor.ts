import { saveNumbers } from "./editor/fields.ts";
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
}

RED.nodes.registerType<EvCentralSystem>("ev-central-system", {
  category: "config",
  defaults: {
    name: { value: "" },
    site: { value: "", type: "ev-site", required: false },
    host: { value: "" },
    port: { value: 9000, validate: numberRule("port", { min: 1, max: 65535, integer: true, optional: true }) },
    path: { value: "/" },
    tls: { value: "" },
    versions: { value: ["ocpp1.6"] },
    unknownChargePoints: { value: "park" },
    allowMissingSubprotocol: { value: false },
    requirePassword: { value: false },
    authorization: { value: "open" },
    heartbeatS: { value: 60, validate: numberRule("heartbeatS", { min: 5, max: 86400, integer: true }) },
    pingS: { value: 20, validate: numberRule("pingS", { min: 2, max: 3600 }) },
    callTimeoutS: { value: 30, validate: numberRule("callTimeoutS", { min: 1, max: 120 }) },
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
  },
  oneditsave() {
    saveNumbers(this, "node-config-input", ["heartbeatS", "pingS", "callTimeoutS"]);
    saveNumbers(this, "node-config-input", ["port"], "");
  },
});

/** The address to type into a charger, for the host name under which this editor was opened. */
function showAddress(): void {
  const typed = String($("#node-config-input-port").val() ?? "").trim();
  const port = typed || window.location.port;
  const path = String($("#node-config-input-path").val() ?? "").replace(/^\/+|\/+$/g, "");
  const secure = typed === "" && window.location.protocol === "https:";
  const address = `${secure ? "wss" : "ws"}://${window.location.hostname}${port ? `:${port}` : ""}/${path ? `${path}/` : ""}`;
  $("#ev-central-system-address").text(`${address}<identity>`);
}
