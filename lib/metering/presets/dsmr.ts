import type { MappingPreset } from "./preset.ts";

/** Whole amperes are too coarse to steer by, and may be cut off: what power and voltage say is taken where it is more. */
const CURRENT_NOTE =
  "Many meters give currents in whole amperes, cut off: the larger of that and power ÷ voltage is taken, so that nothing is underrated.";

/** A telegram as it comes from the P1 port (DSMR 5.0.2 P1 Companion Standard, 6.12). */
const telegram: MappingPreset = {
  id: "p1-telegram",
  label: "P1 port / DSMR telegram (text)",
  note: `Wire a serial or TCP input that gives one whole telegram per message (split at "!"). ${CURRENT_NOTE}`,
  mapping: `(
  $text := $type(payload) = "string" ? payload : "";
  $lines := $split($text, /\\r?\\n/).$match($, /^1-0:([0-9]+\\.[0-9]+)\\.0(?:\\.255)?\\(([0-9.]+)\\*/);
  $obis := $lines{groups[0]: $number(groups[1])};
  $tariffs := $split($text, /\\r?\\n/).$match($, /^1-0:([12])\\.8\\.[12]\\(([0-9.]+)\\*/);
  $counted := $tariffs{groups[0]: $sum(groups[1].$number())};
  $v := function($code) { $lookup($obis, $code) };
  $kW := function($in, $out) { $exists($v($in)) or $exists($v($out)) ? 1000 * ($sum([$v($in)]) - $sum([$v($out)])) : null };
  $u := [$v("32.7"), $v("52.7"), $v("72.7")];
  $w := [$kW("21.7", "22.7"), $kW("41.7", "42.7"), $kW("61.7", "62.7")];
  $a := function($code, $volts, $watts) {
    $exists($v($code)) ? ($exists($volts) and $watts != null ? $max([$v($code), $abs($watts) / $volts]) : $v($code)) : null
  };
  $or := function($value) { $exists($value) ? $value : null };
  $exists($v("1.7")) ? {
    "powerW": $kW("1.7", "2.7"),
    "phasePowerW": $w,
    "voltageV": [$or($v("32.7")), $or($v("52.7")), $or($v("72.7"))],
    "currentA": [$a("31.7", $v("32.7"), $w[0]), $a("51.7", $v("52.7"), $w[1]), $a("71.7", $v("72.7"), $w[2])],
    "energyImportWh": $exists($lookup($counted, "1")) ? 1000 * $lookup($counted, "1") : null,
    "energyExportWh": $exists($lookup($counted, "2")) ? 1000 * $lookup($counted, "2") : null
  }
)`,
  samples: [
    {
      payload: [
        "/ISK5\\2M550T-1012",
        "",
        "1-3:0.2.8(50)",
        "0-0:1.0.0(260601120000S)",
        "1-0:1.8.1(000700.250*kWh)",
        "1-0:1.8.2(000549.750*kWh)",
        "1-0:2.8.1(000001.500*kWh)",
        "1-0:2.8.2(000000.500*kWh)",
        "0-0:96.14.0(0002)",
        "1-0:1.7.0(00.999*kW)",
        "1-0:2.7.0(00.000*kW)",
        "1-0:32.7.0(229.4*V)",
        "1-0:52.7.0(230.0*V)",
        "1-0:72.7.0(229.0*V)",
        "1-0:31.7.0(005*A)",
        "1-0:51.7.0(001*A)",
        "1-0:71.7.0(000*A)",
        "1-0:21.7.0(01.320*kW)",
        "1-0:41.7.0(00.000*kW)",
        "1-0:61.7.0(00.089*kW)",
        "1-0:22.7.0(00.000*kW)",
        "1-0:42.7.0(00.410*kW)",
        "1-0:62.7.0(00.000*kW)",
        "!A1B2",
        "",
      ].join("\r\n"),
    },
  ],
};

/** DSMR-reader and ESPHome-like names: one JSON object, kW and kWh as texts. */
const reader: MappingPreset = {
  id: "p1-json",
  label: "P1 port / DSMR-reader (MQTT, JSON)",
  note: `DSMR-reader: switch on "telegram as JSON" and subscribe to its topic (dsmr/json). ${CURRENT_NOTE}`,
  mapping: `(
  $n := function($value) { $exists($value) and $value != null ? $number($value) : 0 };
  $w := function($in, $out) { $exists($in) and $in != null ? $round(1000 * ($number($in) - $n($out))) : null };
  $or := function($value) { $exists($value) and $value != null ? $number($value) : null };
  $a := function($amps, $volts, $watts) {
    $or($amps) = null ? null : $or($volts) = null or $watts = null ? $number($amps) : $max([$number($amps), $abs($watts) / $number($volts)])
  };
  payload.(
    $w1 := $w(phase_currently_delivered_l1, phase_currently_returned_l1);
    $w2 := $w(phase_currently_delivered_l2, phase_currently_returned_l2);
    $w3 := $w(phase_currently_delivered_l3, phase_currently_returned_l3);
    $exists(electricity_currently_delivered) ? {
      "powerW": $w(electricity_currently_delivered, electricity_currently_returned),
      "phasePowerW": [$w1, $w2, $w3],
      "voltageV": [$or(phase_voltage_l1), $or(phase_voltage_l2), $or(phase_voltage_l3)],
      "currentA": [
        $a(phase_power_current_l1, phase_voltage_l1, $w1),
        $a(phase_power_current_l2, phase_voltage_l2, $w2),
        $a(phase_power_current_l3, phase_voltage_l3, $w3)
      ],
      "energyImportWh": 1000 * ($n(electricity_delivered_1) + $n(electricity_delivered_2)),
      "energyExportWh": 1000 * ($n(electricity_returned_1) + $n(electricity_returned_2))
    }
  )
)`,
  samples: [
    {
      topic: "dsmr/json",
      payload: {
        timestamp: "2026-06-01T12:00:00Z",
        electricity_delivered_1: "700.250",
        electricity_returned_1: "1.500",
        electricity_delivered_2: "549.750",
        electricity_returned_2: "0.500",
        electricity_currently_delivered: "0.999",
        electricity_currently_returned: "0.000",
        phase_currently_delivered_l1: "1.320",
        phase_currently_delivered_l2: "0.000",
        phase_currently_delivered_l3: "0.089",
        phase_currently_returned_l1: "0.000",
        phase_currently_returned_l2: "0.410",
        phase_currently_returned_l3: "0.000",
        phase_voltage_l1: "229.4",
        phase_voltage_l2: "230.0",
        phase_voltage_l3: "229.0",
        phase_power_current_l1: 5,
        phase_power_current_l2: 1,
        phase_power_current_l3: 0,
      },
    },
  ],
};

/** The local API of a HomeWizard P1 dongle. */
const homeWizard: MappingPreset = {
  id: "homewizard-p1",
  label: "HomeWizard P1 (HTTP)",
  note: "Ask http://<dongle>/api/v1/data once a second; the local API must be switched on in its app.",
  mapping: `(
  $or := function($value) { $exists($value) ? $value : null };
  payload.($exists(active_power_w) ? {
    "powerW": active_power_w,
    "phasePowerW": [$or(active_power_l1_w), $or(active_power_l2_w), $or(active_power_l3_w)],
    "voltageV": [$or(active_voltage_l1_v), $or(active_voltage_l2_v), $or(active_voltage_l3_v)],
    "currentA": [$or(active_current_l1_a), $or(active_current_l2_a), $or(active_current_l3_a)],
    "energyImportWh": $exists(total_power_import_kwh) ? 1000 * total_power_import_kwh : null,
    "energyExportWh": $exists(total_power_export_kwh) ? 1000 * total_power_export_kwh : null
  })
)`,
  samples: [
    {
      payload: {
        wifi_ssid: "Home",
        smr_version: 50,
        total_power_import_kwh: 1250,
        total_power_export_kwh: 2,
        active_power_w: 999,
        active_power_l1_w: 1320,
        active_power_l2_w: -410,
        active_power_l3_w: 89,
        active_voltage_l1_v: 229.4,
        active_voltage_l2_v: 230,
        active_voltage_l3_v: 229,
        active_current_l1_a: 5.754,
        active_current_l2_a: -1.783,
        active_current_l3_a: 0.389,
      },
    },
  ],
};

export const dsmr: readonly MappingPreset[] = [telegram, reader, homeWizard];
