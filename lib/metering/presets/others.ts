import type { MappingPreset } from "./preset.ts";

const power: MappingPreset = {
  id: "power",
  label: "A power in W",
  note: "For surplus only: without currents no breaker can be watched. Import is positive; write -payload.power where it is not.",
  mapping: `{"powerW": $type(payload) = "object" ? payload.power : payload}`,
  samples: [{ payload: { power: 1250.5 } }],
};

/** A smart-meter script (SML head) of Tasmota: names are what the script calls them. */
const tasmota: MappingPreset = {
  id: "tasmota-sml",
  label: "Tasmota smart meter (SML, MQTT)",
  note: "Subscribe to tele/<device>/SENSOR. The names are those of your meter script: change them where yours differ. TelePeriod must be shorter than the stale time.",
  mapping: `(
  $meter := payload.SML ? payload.SML : payload.*[Power_curr or Power][0];
  $or := function($value) { $exists($value) ? $value : null };
  $watts := $exists($meter.Power_curr) ? $meter.Power_curr : $meter.Power;
  $exists($watts) ? $merge([
    {
      "powerW": $watts,
      "energyImportWh": $exists($meter.Total_in) ? 1000 * $meter.Total_in : null,
      "energyExportWh": $exists($meter.Total_out) ? 1000 * $meter.Total_out : null
    },
    $exists($meter.Power_L1_curr) ? {"phasePowerW": [$meter.Power_L1_curr, $or($meter.Power_L2_curr), $or($meter.Power_L3_curr)]},
    $exists($meter.Curr_L1) ? {"currentA": [$meter.Curr_L1, $or($meter.Curr_L2), $or($meter.Curr_L3)]},
    $exists($meter.Volt_L1) ? {"voltageV": [$meter.Volt_L1, $or($meter.Volt_L2), $or($meter.Volt_L3)]}
  ])
)`,
  samples: [
    {
      topic: "tele/tasmota_8F12A0/SENSOR",
      payload: {
        Time: "2026-06-01T12:00:00",
        SML: {
          Total_in: 1250,
          Total_out: 2,
          Power_curr: 999,
          Power_L1_curr: 1320,
          Power_L2_curr: -410,
          Power_L3_curr: 89,
          Volt_L1: 229.4,
          Volt_L2: 230,
          Volt_L3: 229,
          Curr_L1: 5.85,
          Curr_L2: 1.82,
          Curr_L3: 0.52,
        },
      },
    },
  ],
};

/** States of Home Assistant, one entity per message, as its Node-RED nodes and its MQTT statestream send them. */
const homeAssistant: MappingPreset = {
  id: "home-assistant",
  label: "Home Assistant (entity states)",
  note: 'Put your entities in the first lines. Takes "events: state" nodes (topic = entity id) and MQTT statestream (…/sensor/<name>/state). kW and kWh are converted where the unit comes along.',
  mapping: `(
  $entities := {
    "sensor.grid_power": "powerW",
    "sensor.grid_current_l1": "currentL1",
    "sensor.grid_current_l2": "currentL2",
    "sensor.grid_current_l3": "currentL3",
    "sensor.grid_energy_import": "energyImportWh"
  };
  $streamed := $match(topic, /([a-z_]+)\\/([a-z0-9_]+)\\/state$/);
  $id := data.entity_id ? data.entity_id : $streamed ? $streamed.groups[0] & "." & $streamed.groups[1] : topic;
  $name := $lookup($entities, $id);
  $state := $exists(data.new_state.state) ? data.new_state.state : payload;
  $unit := data.new_state.attributes.unit_of_measurement;
  $isNumber := $exists($match($string($state), /^-?[0-9.]+(e[-+]?[0-9]+)?$/i));
  $value := $isNumber ? $number($state) * ($unit in ["kW", "kWh"] ? 1000 : 1) : null;
  $name ? {$name: $value}
)`,
  samples: [
    {
      topic: "sensor.grid_power",
      payload: "0.999",
      data: {
        entity_id: "sensor.grid_power",
        new_state: { state: "0.999", attributes: { unit_of_measurement: "kW", device_class: "power" } },
      },
    },
    { topic: "homeassistant/sensor/grid_current_l1/state", payload: "5.85" },
    { topic: "homeassistant/sensor/grid_current_l2/state", payload: "1.82" },
    { topic: "homeassistant/sensor/grid_current_l3/state", payload: "0.52" },
    { topic: "homeassistant/sensor/kitchen_temperature/state", payload: "21.4" },
  ],
};

/** The Solar API of Fronius, GetMeterRealtimeData with Scope=Device. */
const fronius: MappingPreset = {
  id: "fronius-solar-api",
  label: "Fronius Solar API (HTTP, JSON)",
  note: "Ask http://<inverter>/solar_api/v1/GetMeterRealtimeData.cgi?Scope=Device&DeviceId=0 once a second. Right for a meter at the feed-in point, where import is positive.",
  mapping: `(
  $or := function($value) { $exists($value) ? $value : null };
  $ok := payload.Head.Status.Code = 0;
  payload.Body.Data.($ok and $exists(PowerReal_P_Sum) ? {
    "powerW": PowerReal_P_Sum,
    "phasePowerW": [$or(PowerReal_P_Phase_1), $or(PowerReal_P_Phase_2), $or(PowerReal_P_Phase_3)],
    "voltageV": [$or(Voltage_AC_Phase_1), $or(Voltage_AC_Phase_2), $or(Voltage_AC_Phase_3)],
    "currentA": [$or(Current_AC_Phase_1), $or(Current_AC_Phase_2), $or(Current_AC_Phase_3)],
    "frequencyHz": $or(Frequency_Phase_Average),
    "energyImportWh": $or(EnergyReal_WAC_Sum_Consumed),
    "energyExportWh": $or(EnergyReal_WAC_Sum_Produced)
  })
)`,
  samples: [
    {
      payload: {
        Body: {
          Data: {
            Current_AC_Phase_1: 5.851,
            Current_AC_Phase_2: -1.82,
            Current_AC_Phase_3: 0.52,
            Details: { Manufacturer: "Fronius", Model: "Smart Meter 63A", Serial: "15480258" },
            Enable: 1,
            EnergyReal_WAC_Sum_Consumed: 1_250_000,
            EnergyReal_WAC_Sum_Produced: 2000,
            Frequency_Phase_Average: 50,
            Meter_Location_Current: 0,
            PowerReal_P_Phase_1: 1320.4,
            PowerReal_P_Phase_2: -410.2,
            PowerReal_P_Phase_3: 89.7,
            PowerReal_P_Sum: 999.9,
            Voltage_AC_Phase_1: 229.4,
            Voltage_AC_Phase_2: 230,
            Voltage_AC_Phase_3: 229,
          },
        },
        Head: { RequestArguments: { DeviceClass: "Meter", DeviceId: "0", Scope: "Device" }, Status: { Code: 0 } },
      },
    },
  ],
};

export const others: readonly MappingPreset[] = [power, tasmota, homeAssistant, fronius];
