import type { MappingPreset } from "./preset.ts";

/** Shelly 3EM, first generation: one MQTT topic per phase and value. */
const shelly3em: MappingPreset = {
  id: "shelly-3em-mqtt",
  label: "Shelly 3EM (MQTT)",
  note: "Subscribe to shellies/<device>/emeter/#. Currents come as magnitudes and take the direction of their phase's power.",
  mapping: `(
  $found := $match(topic, /emeter\\/([0-2])\\/([a-z]+)$/);
  $name := $lookup({"power": "powerL", "voltage": "voltageL", "current": "currentL"}, $found.groups[1]);
  $name ? {$name & $string($number($found.groups[0]) + 1): $number(payload)}
)`,
  samples: [
    { topic: "shellies/shellyem3-34945470AABB/emeter/0/power", payload: "1320.45" },
    { topic: "shellies/shellyem3-34945470AABB/emeter/0/voltage", payload: "229.41" },
    { topic: "shellies/shellyem3-34945470AABB/emeter/0/current", payload: "5.85" },
    { topic: "shellies/shellyem3-34945470AABB/emeter/1/power", payload: "-410.20" },
    { topic: "shellies/shellyem3-34945470AABB/emeter/1/voltage", payload: "230.02" },
    { topic: "shellies/shellyem3-34945470AABB/emeter/1/current", payload: "1.82" },
    { topic: "shellies/shellyem3-34945470AABB/emeter/2/power", payload: "89.75" },
    { topic: "shellies/shellyem3-34945470AABB/emeter/2/voltage", payload: "228.97" },
    { topic: "shellies/shellyem3-34945470AABB/emeter/2/current", payload: "0.52" },
    { topic: "shellies/shellyem3-34945470AABB/emeter/2/pf", payload: "0.75" },
  ],
};

/** Shelly Pro 3EM: one object per reading, in three wrappings. */
const shellyPro3em: MappingPreset = {
  id: "shelly-pro-3em",
  label: "Shelly Pro 3EM (MQTT or RPC)",
  note: "Takes <device>/status/em:0, <device>/events/rpc and the answers of EM.GetStatus and Shelly.GetStatus.",
  mapping: `(
  $body := payload.params ? payload.params : payload.result ? payload.result : payload;
  $em := $lookup($body, "em:0") ? $lookup($body, "em:0") : $body;
  $data := $lookup($body, "emdata:0") ? $lookup($body, "emdata:0") : $body;
  $or := function($value) { $exists($value) ? $value : null };
  $merge([
    $exists($em.total_act_power) ? {
      "currentA": [$or($em.a_current), $or($em.b_current), $or($em.c_current)],
      "voltageV": [$or($em.a_voltage), $or($em.b_voltage), $or($em.c_voltage)],
      "phasePowerW": [$or($em.a_act_power), $or($em.b_act_power), $or($em.c_act_power)],
      "powerW": $em.total_act_power,
      "frequencyHz": $or($em.a_freq)
    },
    $exists($data.total_act) ? {
      "energyImportWh": $data.total_act,
      "energyExportWh": $or($data.total_act_ret)
    }
  ])
)`,
  samples: [
    {
      topic: "shellypro3em-a0dd6c9e1234/events/rpc",
      payload: {
        src: "shellypro3em-a0dd6c9e1234",
        dst: "shellypro3em-a0dd6c9e1234/events",
        method: "NotifyStatus",
        params: {
          ts: 1780315200.11,
          "em:0": {
            id: 0,
            a_current: 5.851,
            a_voltage: 229.4,
            a_act_power: 1320.4,
            a_aprt_power: 1342.2,
            a_pf: 0.98,
            a_freq: 50,
            b_current: 1.82,
            b_voltage: 230,
            b_act_power: -410.2,
            b_aprt_power: 418.6,
            b_pf: 0.98,
            b_freq: 50,
            c_current: 0.52,
            c_voltage: 229,
            c_act_power: 89.7,
            c_aprt_power: 119.1,
            c_pf: 0.75,
            c_freq: 50,
            n_current: null,
            total_current: 8.191,
            total_act_power: 999.9,
            total_aprt_power: 1879.9,
          },
        },
      },
    },
    {
      topic: "shellypro3em-a0dd6c9e1234/status/emdata:0",
      payload: { id: 0, a_total_act_energy: 812_331.2, total_act: 1_250_000.5, total_act_ret: 2000.25 },
    },
  ],
};

export const shelly: readonly MappingPreset[] = [shelly3em, shellyPro3em];
