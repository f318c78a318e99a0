import { onlyOne } from "./editor/candidates.ts";
import { fillFlag, prepareDialog, readFlag, saveNumbers, textsIn } from "./editor/fields.ts";
import { isHost, numberRule, siteRule, textRule } from "./editor/rules.ts";
import { paletteWords } from "./editor/words.ts";

interface EvModbusServer {
  name: string;
  site: string;
  map: string;
  connector: string;
  unitId: number | string;
  host: string;
  port: number | string;
  writable: boolean | undefined;
  writers: string[];
  leaseS: number | string;
  fallbackA: number | string | null;
  announce: boolean | undefined;
}

RED.nodes.registerType<EvModbusServer>("ev-modbus-server", {
  category: "EV charging",
  color: "#E9967A",
  icon: "ev-modbus-server.svg",
  inputs: 0,
  outputs: 1,
  defaults: {
    name: { value: "" },
    site: onlyOne({ type: "ev-site", validate: siteRule }),
    map: { value: "phasewise" },
    connector: { value: "" },
    unitId: { value: 1, validate: numberRule("unitId", { min: 1, max: 247, integer: true }) },
    host: { value: "", validate: textRule("host", "host", isHost) },
    port: { value: 1502, validate: numberRule("port", { min: 1, max: 65535, integer: true }) },
    writable: { value: false },
    writers: { value: [] },
    leaseS: { value: 120, validate: numberRule("leaseS", { min: 10, max: 900, integer: true }) },
    fallbackA: { value: null, validate: numberRule("fallbackA", { min: 0, max: 1000, optional: true }) },
    announce: { value: true },
  },
  ...paletteWords("ev-modbus-server", "name"),
  oneditprepare() {
    prepareDialog(this);
    fillFlag("#ev-modbus-server-writable", this.writable ?? false);
    fillFlag("#ev-modbus-server-announce", this.announce ?? true);
    $("#ev-modbus-server-writers").val((this.writers ?? []).join(", "));
    $("#node-input-map").on("change", showMap);
    $("#ev-modbus-server-writable").on("change", showWriting);
    showMap();
    showWriting();
  },
  oneditsave() {
    saveNumbers(this, "node-input", ["unitId", "port", "leaseS", "fallbackA"]);
    this.writable = readFlag("#ev-modbus-server-writable", this.writable);
    this.announce = readFlag("#ev-modbus-server-announce", this.announce);
    this.writers = textsIn("#ev-modbus-server-writers");
  },
});

/** Only a map that its readers look for is announced. */
function showMap(): void {
  $("#ev-modbus-server-announce-row").toggle($("#node-input-map").val() === "victron");
}

function showWriting(): void {
  $("#ev-modbus-server-writing").toggle($("#ev-modbus-server-writable").prop("checked") === true);
}
