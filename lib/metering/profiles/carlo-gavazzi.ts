import { INT16_MAX, INT32_MAX, maker } from "./notation.ts";

const WORD_ORDER = "int32 LOW WORD FIRST. Overflow = 0x7FFFFFFF (on the wire FFFF 7FFF).";

/** Devices of Carlo Gavazzi. */
export const carloGavazzi = maker(
  {
    vendor: "Carlo Gavazzi",
    functionCode: 4,
    alternativeFunctionCodes: [3],
    wordOrder: "little",
    limits: { maxRegistersPerRead: 50, maxGap: 8 },
  },
  [
    {
      id: "carlo-gavazzi-em24-rtu",
      models: ["EM24-DIN (RS485, -IS)", "Victron EM24 RS485"],
      transports: ["rtu"],
      usual: { unitId: 1, line: "9600 8N1" },
      defaultsSource: "mbmap excerpt: unit 1, 9600, N; PDF: 1 stop bit, parity none fixed",
      limits: { maxRegistersPerRead: 11, maxGap: 4 },
      registers: [
        ["voltage", [0, 2, 4], "int32", 0.1, "mbmd cgwacs pdf", "quantity", INT32_MAX],
        ["current", [12, 14, 16], "int32", 0.001, "mbmd cgwacs pdf", "quantity", INT32_MAX],
        ["power", [18, 20, 22], "int32", 0.1, "mbmd cgwacs pdf", "quantity", INT32_MAX],
        ["power", 40, "int32", 0.1, "mbmd cgwacs pdf", "quantity", INT32_MAX],
        ["powerFactor", [50, 51, 52], "int16", 0.001, "mbmd pdf", "quantity", INT16_MAX],
        ["powerFactor", 53, "int16", 0.001, "mbmd pdf", "quantity", INT16_MAX],
        ["frequency", 55, "int16", 0.1, "mbmd cgwacs pdf", "quantity", INT16_MAX],
        ["energyImport", 62, "int32", 100, "cgwacs pdf", "text", INT32_MAX],
        ["energyExport", 92, "int32", 100, "mbmd cgwacs pdf", "quantity", INT32_MAX],
      ],
      signConvention:
        "signed power only when the meter runs application H (victron forces it); currents are unsigned RMS magnitudes: take the direction from the sign of the phase power",
      sources: {
        mbmd: "meters/rs485/carlogavazzi-em24.go",
        cgwacs: "software/src/ac_sensor_updater.cpp",
        pdf: {
          repo: "victronenergy/dbus-cgwacs",
          path: "documents/AcSensors/EM24_PFA_PFB_X-CP V4R0 ENG 031212.pdf",
          note: "manufacturer protocol PDF in the repository",
        },
        mbmap: { path: "maps/carlo-gavazzi/em24-is.mbmap.json", note: "defaults and limits (excerpt)" },
      },
      disagreements: [
        "energyImport: mbmd reads 0x42, which the manufacturer PDF names kWh(+) PARTIAL; total is 0x3E (PDF, dbus-cgwacs) -> 0x3E taken.",
        "energyExport removed from the evcc template (evcc#31143): on this meter export depends on the application; 0x5C is kWh(-) TOT in the PDF.",
      ],
      notes: [
        WORD_ORDER,
        "At most 11 registers per request (protocol V4): a generic 125-register planner gets exceptions.",
        "PF L1..L3 at 0x32..0x34, total PF 0x35, frequency 0x37: NOT the layout of the Ethernet EM24 or the EM340.",
        'Victron sets application "H" at start (0x1101..): other applications show |P| or import only.',
      ],
      confidence: "A",
    },
    {
      id: "carlo-gavazzi-em24-e1",
      models: ["EM24DINAV23XE1X", "EM24DINAV53XE1X", "EM24-E1 (Ethernet)", "Victron EM24 Ethernet"],
      transports: ["tcp"],
      usual: { unitId: 1, port: 502 },
      defaultsSource: "victron: tcp, unit 1",
      limits: { maxRegistersPerRead: 50, maxGap: 6 },
      registers: [
        ["voltage", [0, 2, 4], "int32", 0.1, "mbmd victron openwb", "quantity", INT32_MAX],
        ["current", [12, 14, 16], "int32", 0.001, "mbmd victron openwb", "quantity", INT32_MAX],
        ["power", [18, 20, 22], "int32", 0.1, "mbmd victron openwb", "quantity", INT32_MAX],
        ["power", 40, "int32", 0.1, "mbmd victron", "quantity", INT32_MAX],
        ["powerFactor", [46, 47, 48], "int16", 0.001, "mbmd", "quantity", INT16_MAX],
        ["powerFactor", 49, "int16", 0.001, "mbmd", "quantity", INT16_MAX],
        ["frequency", 51, "int16", 0.1, "mbmd victron openwb", "quantity", INT16_MAX],
        ["energyImport", 52, "int32", 100, "mbmd victron", "quantity", INT32_MAX],
        ["energyExport", 78, "int32", 100, "mbmd victron", "quantity", INT32_MAX],
      ],
      signConvention:
        "signed (application H required; victron writes 7 to 0xA000); currents are unsigned RMS magnitudes: take the direction from the sign of the phase power",
      sources: {
        mbmd: "meters/rs485/carlogavazzi-em24_e1.go",
        victron: "carlo_gavazzi.py",
        openwb: "packages/modules/devices/carlo_gavazzi/carlo_gavazzi/counter.py",
      },
      notes: [WORD_ORDER, "evcc: needs firmware >= 1.8.3.", "Identify: register 0x000B = 1648..1653."],
      confidence: "A",
    },
    {
      id: "carlo-gavazzi-em111-em112",
      models: ["EM110", "EM111", "EM112", "ET112"],
      phases: 1,
      transports: ["rtu"],
      usual: { unitId: 1, line: "9600 8N1" },
      defaultsSource: "mbmap excerpt: unit 1, 9600, N",
      registers: [
        ["voltageL1", 0, "int32", 0.1, "openems cgwacs evcc pdf mbmap", "full", INT32_MAX],
        ["currentL1", 2, "int32", 0.001, "openems cgwacs evcc pdf mbmap", "full", INT32_MAX],
        ["power", 4, "int32", 0.1, "openems cgwacs evcc pdf", "full", INT32_MAX],
        ["powerFactor", 14, "int16", 0.001, "pdf", "text", INT16_MAX],
        ["frequency", 15, "int16", 0.1, "openems cgwacs pdf", "full", INT16_MAX],
        ["energyImport", 16, "int32", 100, "cgwacs evcc pdf", "text", INT32_MAX],
        ["energyExport", 32, "int32", 100, "cgwacs evcc pdf", "text", INT32_MAX],
      ],
      signConvention:
        'measurement mode B (bidirectional) gives negative power on export; mode A ("easy connection") counts everything as import',
      sources: {
        openems:
          "io.openems.edge.meter.carlo.gavazzi/src/io/openems/edge/meter/carlo/gavazzi/em100/MeterCarloGavazziEm100Impl.java",
        cgwacs: "software/src/ac_sensor_updater.cpp",
        evcc: "templates/definition/meter/cg-emt1xx.yaml",
        pdf: {
          repo: "victronenergy/dbus-cgwacs",
          path: "documents/AcSensors/EM100 and ET100 series - Modbus serial protocol - rev.2.6 - 141114.pdf",
          note: "manufacturer protocol PDF in the repository",
        },
        mbmap: {
          path: "maps/carlo-gavazzi/em111.mbmap.json",
          note: "defaults and limits (excerpt, protocol V4.0 2025)",
        },
      },
      disagreements: [
        "current: OpenEMS multiplies the raw value by 100 (SCALE_FACTOR_2) although the PDF says Ampere*1000 -> 0.001 A taken.",
        "[scale] currentL1: OpenEMS scale 0.1 vs profile 0.001 (openems)",
      ],
      notes: [WORD_ORDER, "Set register 0x1103 measurement mode to B for PV/grid use (victron does)."],
      confidence: "A",
    },
    {
      id: "carlo-gavazzi-em340-et340",
      models: ["EM330", "EM340", "ET330", "ET340", "EM341", "Kostal KEM-C", "Victron ET340"],
      transports: ["rtu", "tcp"],
      usual: { unitId: 1, port: 502, line: "9600 8N1" },
      defaultsSource: "PDF: RS485 parity default none, 1 stop bit; 9600 as EM100 (mbmap)",
      registers: [
        ["voltageL1", 0, "int32", 0.1, "mbmd openems cgwacs openwb pdf", "full", INT32_MAX],
        ["voltageL2", 2, "int32", 0.1, "mbmd openems cgwacs openwb mdb pdf", "full", INT32_MAX],
        ["voltageL3", 4, "int32", 0.1, "mbmd openems cgwacs openwb mdb pdf", "full", INT32_MAX],
        ["current", [12, 14, 16], "int32", 0.001, "mbmd openems cgwacs openwb mdb pdf", "full", INT32_MAX],
        ["power", [18, 20, 22], "int32", 0.1, "mbmd openems cgwacs openwb mdb pdf", "full", INT32_MAX],
        ["power", 40, "int32", 0.1, "mbmd openems cgwacs mdb pdf", "full", INT32_MAX],
        ["powerFactor", [46, 47, 48], "int16", 0.001, "mbmd mdb pdf", "quantity", INT16_MAX],
        ["powerFactor", 49, "int16", 0.001, "mbmd mdb pdf", "quantity", INT16_MAX],
        ["frequency", 51, "int16", 0.1, "mbmd openems cgwacs openwb mdb pdf", "full", INT16_MAX],
        ["energyImport", 52, "int32", 100, "mbmd cgwacs mdb pdf", "quantity", INT32_MAX],
        ["energyExport", 78, "int32", 100, "mbmd cgwacs mdb pdf", "quantity", INT32_MAX],
      ],
      signConvention:
        "mode B: negative power = export; mode A: no sign; currents are unsigned RMS magnitudes: take the direction from the sign of the phase power",
      sources: {
        mbmd: "meters/rs485/carlogavazzi-ex3x0.go",
        openems:
          "io.openems.edge.meter.carlo.gavazzi/src/io/openems/edge/meter/carlo/gavazzi/em300/MeterCarloGavazziEm300Impl.java",
        cgwacs: "software/src/ac_sensor_updater.cpp",
        openwb: "packages/modules/devices/carlo_gavazzi/carlo_gavazzi/counter.py",
        mdb: "modbus-tables/carlo/gavazzi-em300-et300/latest/registers.json",
        pdf: {
          repo: "victronenergy/dbus-cgwacs",
          path: "documents/AcSensors/EM300 and ET300 series - Modbus serial protocol - rev2.6 141114.pdf",
          note: "manufacturer protocol PDF in the repository",
        },
      },
      notes: [
        WORD_ORDER,
        "0..0x33 = 52 registers: split in two (max 50).",
        "kWh(-) per phase 0x60.. only on ET series.",
        "openWB: frequency is sometimes x10 (divide when > 100).",
      ],
      confidence: "A",
    },
    {
      id: "carlo-gavazzi-em530-em540",
      models: ["EM530", "EM540", "Victron EM530/EM540"],
      transports: ["rtu", "tcp"],
      usual: { unitId: 1, port: 502, line: "9600 8N1" },
      defaultsSource: "as EM340",
      registers: [
        ["voltage", [0, 2, 4], "int32", 0.1, "mbmd cgwacs", "quantity", INT32_MAX],
        ["current", [12, 14, 16], "int32", 0.001, "mbmd cgwacs", "quantity", INT32_MAX],
        ["power", [18, 20, 22], "int32", 0.1, "mbmd cgwacs", "quantity", INT32_MAX],
        ["power", 40, "int32", 0.1, "mbmd cgwacs", "quantity", INT32_MAX],
        ["powerFactor", [46, 47, 48], "int16", 0.001, "mbmd cgwacs", "quantity", INT16_MAX],
        ["powerFactor", 49, "int16", 0.001, "mbmd cgwacs", "quantity", INT16_MAX],
        ["frequency", 1340, "int32", 0.001, "cgwacs", "text", INT32_MAX],
        ["energyImport", 52, "int32", 100, "mbmd cgwacs", "quantity", INT32_MAX],
        ["energyExport", 78, "int32", 100, "mbmd cgwacs", "quantity", INT32_MAX],
      ],
      signConvention:
        'victron uses measurement mode C (total energy accounting, "saldierend") or B; currents are unsigned RMS magnitudes: take the direction from the sign of the phase power',
      sources: {
        mbmd: "meters/rs485/carlogavazzi-ex3x0.go",
        cgwacs: "software/src/ac_sensor_updater.cpp",
      },
      notes: [
        WORD_ORDER,
        "evcc uses the EM340 map for EM530/540 (cg-emt3xx.yaml); dbus-cgwacs has its own EM540 list with frequency at 0x053C (0.001 Hz); 0x33 also works per evcc.",
      ],
      confidence: "A",
    },
  ],
);
