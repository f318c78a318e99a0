import { onlyOne } from "./editor/candidates.ts";
import { saveNumbers } from "./editor/fields.ts";
import { type DoorWithPort, doorDefaults, doorIn, prepareDoor } from "./editor/manager-door.ts";
import { numberRule, siteRule } from "./editor/rules.ts";
import { paletteWords } from "./editor/words.ts";

interface EvModbusServer extends DoorWithPort {
  name: string;
  site: string;
  map: string;
  connector: string;
  unitId: number | string;
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
    ...doorDefaults(1502),
  },
  ...paletteWords("ev-modbus-server", "name"),
  oneditprepare() {
    prepareDoor("ev-modbus-server", this);
    $("#node-input-map").on("change", showMap);
    showMap();
  },
  oneditsave() {
    saveNumbers(this, "node-input", ["unitId", "port", "leaseS", "fallbackA"]);
    const { writable, writers, announce } = doorIn("ev-modbus-server", this);
    Object.assign(this, { writable, writers, announce });
  },
});

/** Only a map that its readers look for is announced. */
function showMap(): void {
  $("#ev-modbus-server-announce-row").toggle($("#node-input-map").val() === "victron");
}
