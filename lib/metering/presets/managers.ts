import type { MappingPreset } from "./preset.ts";

/** The grid meter of evcc, as it publishes it: one value per message. */
const evcc: MappingPreset = {
  id: "evcc",
  label: "evcc (MQTT)",
  note: "Subscribe to evcc/site/grid/#. evcc tells its grid meter once per interval (30 s as it comes): set the stale time to three times that. Enough for surplus; a breaker needs a meter that is read every few seconds.",
  mapping: `(
  $names := {
    "power": "powerW", "energy": "energyImportWh", "returnEnergy": "energyExportWh",
    "currents/1": "currentL1", "currents/2": "currentL2", "currents/3": "currentL3",
    "powers/1": "powerL1", "powers/2": "powerL2", "powers/3": "powerL3"
  };
  $found := $match(topic, /^evcc\\/site\\/grid\\/(.+)$/);
  $name := $found ? $lookup($names, $found.groups[0]);
  $isEnergy := $name in ["energyImportWh", "energyExportWh"];
  $name ? {$name: $isEnergy and payload != "" ? 1000 * $number(payload) : payload}
)`,
  samples: [
    { topic: "evcc/site/grid/power", payload: "999.9" },
    { topic: "evcc/site/grid/powers", payload: "3" },
    { topic: "evcc/site/grid/powers/1", payload: "1320.4" },
    { topic: "evcc/site/grid/powers/2", payload: "-410.2" },
    { topic: "evcc/site/grid/powers/3", payload: "89.7" },
    { topic: "evcc/site/grid/currents", payload: "3" },
    { topic: "evcc/site/grid/currents/1", payload: "5.851" },
    { topic: "evcc/site/grid/currents/2", payload: "-1.82" },
    { topic: "evcc/site/grid/currents/3", payload: "0.52" },
    { topic: "evcc/site/grid/energy", payload: "1250" },
    { topic: "evcc/site/grid/returnEnergy", payload: "2" },
    { topic: "evcc/site/pvPower", payload: "4200" },
  ],
};

/** A counter of openWB 2, as it publishes it: one quantity per message, phases as a list. */
const openWb: MappingPreset = {
  id: "openwb",
  label: "openWB 2 (MQTT)",
  note: "Subscribe to openWB/counter/+/get/#, and put the number of your grid counter (EVU) into the first line. openWB tells its counters once per control interval (10 s as it comes): set the stale time to three times that.",
  mapping: `(
  $counter := "0";
  $names := {
    "power": "powerW", "powers": "phasePowerW", "currents": "currentA", "voltages": "voltageV",
    "imported": "energyImportWh", "exported": "energyExportWh", "frequency": "frequencyHz"
  };
  $found := $match(topic, /^openWB\\/counter\\/([0-9]+)\\/get\\/([a-z]+)$/);
  $name := $found and $found.groups[0] = $counter ? $lookup($names, $found.groups[1]);
  $name ? {$name: payload}
)`,
  samples: [
    { topic: "openWB/counter/0/get/power", payload: 999.9 },
    { topic: "openWB/counter/0/get/powers", payload: [1320.4, -410.2, 89.7] },
    { topic: "openWB/counter/0/get/currents", payload: [5.85, -1.82, 0.52] },
    { topic: "openWB/counter/0/get/voltages", payload: [229.4, 230, 229] },
    { topic: "openWB/counter/0/get/imported", payload: 1_250_000 },
    { topic: "openWB/counter/0/get/exported", payload: 2000 },
    { topic: "openWB/counter/0/get/frequency", payload: 50 },
    { topic: "openWB/counter/0/get/fault_state", payload: 0 },
    { topic: "openWB/counter/4/get/power", payload: 1 },
  ],
};

export const managers: readonly MappingPreset[] = [evcc, openWb];
