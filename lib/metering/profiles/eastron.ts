import { maker, type Sheet, SIGNS } from "./notation.ts";

const NUMBERS = "Document numbers 30001.. -> wire address = number - 30001, FC4, float32 high word first.";
const SMALL_READS =
  "openWB: wait 0.1 s between requests (silent interval) and read small blocks: SDM120 <=20 registers per read, some SDM72 only 10.";
const FREQUENCY_GLITCHES =
  "One-decimal or x10 frequency glitches were seen with external CTs: openWB divides by 10 when > 100 Hz.";

/** The registers of the SDM630 family, for models that only mbmd describes. */
const OF_FAMILY: Sheet["registers"] = [
  ["voltage", [0, 2, 4], "float32", 1, "mbmd", "quantity"],
  ["current", [6, 8, 10], "float32", 1, "mbmd", "quantity"],
  ["power", [12, 14, 16], "float32", 1, "mbmd", "quantity"],
  ["power", 52, "float32", 1, "mbmd", "quantity"],
  ["powerFactor", [30, 32, 34], "float32", 1, "mbmd", "quantity"],
  ["powerFactor", 62, "float32", 1, "mbmd", "quantity"],
  ["frequency", 70, "float32", 1, "mbmd", "quantity"],
  ["energyImport", 72, "float32", 1000, "mbmd", "quantity"],
  ["energyExport", 74, "float32", 1000, "mbmd", "quantity"],
];

/** Eastron SDM. */
export const eastron = maker(
  {
    vendor: "Eastron",
    transports: ["rtu"],
    usual: { unitId: 1, line: "9600 8N1" },
    functionCode: 4,
    limits: { maxRegistersPerRead: 80, maxGap: 6, minRequestGapMs: 100 },
    signConvention: SIGNS.separateEnergies,
    notes: [NUMBERS, SMALL_READS, FREQUENCY_GLITCHES],
  },
  [
    {
      id: "eastron-sdm120",
      models: ["SDM120-Modbus", "SDM120M", "SDM120C"],
      phases: 1,
      usual: { unitId: 1, line: "2400 8N1" },
      defaultsSource: "nmakel/sdm_modbus: SDM120 baud 2400, parity N",
      limits: { maxRegistersPerRead: 20, maxGap: 4, minRequestGapMs: 100 },
      registers: [
        ["voltageL1", 0, "float32", 1, "mbmd openwb nmakel openems wb", "full"],
        ["currentL1", 6, "float32", 1, "mbmd openwb nmakel openems wb", "full"],
        ["power", 12, "float32", 1, "mbmd openwb nmakel openems wb", "full"],
        ["powerFactor", 30, "float32", 1, "mbmd openwb nmakel wb", "quantity"],
        ["frequency", 70, "float32", 1, "mbmd openwb nmakel openems wb", "full"],
        ["energyImport", 72, "float32", 1000, "mbmd openwb nmakel", "quantity"],
        ["energyExport", 74, "float32", 1000, "mbmd openwb nmakel", "quantity"],
      ],
      sources: {
        mbmd: "meters/rs485/sdm120.go",
        openwb: "packages/modules/common/sdm.py",
        nmakel: "src/sdm_modbus/sdm.py",
        openems: "io.openems.edge.meter.eastron/src/io/openems/edge/meter/eastron/sdm120/MeterEastronSdm120Impl.java",
        wb: "templates/config-sdm120.json",
      },
      confidence: "A",
    },
    {
      id: "eastron-sdm220",
      models: ["SDM220-Modbus"],
      phases: 1,
      usual: { unitId: 1, line: "2400 8N1" },
      defaultsSource: "assumed as SDM120/230 (nmakel: 2400 N)",
      registers: [
        ["voltageL1", 0, "float32", 1, "mbmd wb", "quantity"],
        ["currentL1", 6, "float32", 1, "mbmd wb", "quantity"],
        ["power", 12, "float32", 1, "mbmd wb", "quantity"],
        ["powerFactor", 30, "float32", 1, "mbmd wb", "quantity"],
        ["frequency", 70, "float32", 1, "mbmd wb", "quantity"],
        ["energyImport", 72, "float32", 1000, "mbmd", "quantity"],
        ["energyExport", 74, "float32", 1000, "mbmd", "quantity"],
      ],
      sources: {
        mbmd: "meters/rs485/sdm220.go",
        wb: "templates/config-sdm220.json",
      },
      confidence: "B",
    },
    {
      id: "eastron-sdm230",
      models: ["SDM230-Modbus", "Weidmueller EM110-RTU-2P", "Weidmueller EM111-RTU-2P"],
      phases: 1,
      usual: { unitId: 1, line: "2400 8N1" },
      defaultsSource: "nmakel/sdm_modbus: SDM230 baud 2400",
      registers: [
        ["voltageL1", 0, "float32", 1, "mbmd nmakel everest", "quantity"],
        ["currentL1", 6, "float32", 1, "mbmd nmakel everest", "quantity"],
        ["power", 12, "float32", 1, "mbmd nmakel everest", "quantity"],
        ["powerFactor", 30, "float32", 1, "mbmd nmakel", "quantity"],
        ["frequency", 70, "float32", 1, "mbmd nmakel everest", "quantity"],
        ["energyImport", 72, "float32", 1000, "mbmd nmakel everest", "quantity"],
        ["energyExport", 74, "float32", 1000, "mbmd nmakel everest", "quantity"],
      ],
      sources: {
        mbmd: "meters/rs485/sdm230.go",
        nmakel: "src/sdm_modbus/sdm.py",
        everest: "modules/HardwareDrivers/PowerMeters/GenericPowermeter/models/Eastron_SDM230.yaml",
      },
      disagreements: [
        "EVerest Eastron_SDM230.yaml multiplies the kWh energy by 0.001 (its SDM72/630 files use x1000): treated as an EVerest bug.",
      ],
      confidence: "A",
    },
    {
      id: "eastron-sdm630",
      models: ["SDM630-Modbus", "SDM630-Modbus-V2", "Kostal KEM-P", "Weidmueller EM120/EM122-RTU-2P"],
      defaultsSource: "nmakel/sdm_modbus: SDM630 baud 9600; ioBroker README 9600",
      registers: [
        ["voltage", [0, 2, 4], "float32", 1, "mbmd openwb openems nymea everest", "full"],
        ["current", [6, 8, 10], "float32", 1, "mbmd openwb openems nymea everest", "full"],
        ["power", [12, 14, 16], "float32", 1, "mbmd openwb openems nymea everest", "full"],
        ["power", 52, "float32", 1, "mbmd openems nymea everest", "full"],
        ["powerFactor", [30, 32, 34], "float32", 1, "mbmd openwb", "quantity"],
        ["powerFactor", 62, "float32", 1, "mbmd", "quantity"],
        ["frequency", 70, "float32", 1, "mbmd openwb openems nymea everest", "full"],
        ["energyImport", 72, "float32", 1000, "mbmd openwb nymea everest", "quantity"],
        ["energyExport", 74, "float32", 1000, "mbmd openwb nymea everest", "quantity"],
      ],
      sources: {
        mbmd: "meters/rs485/sdm.go",
        openwb: "packages/modules/common/sdm.py",
        openems: "io.openems.edge.meter.eastron/src/io/openems/edge/meter/eastron/sdm630/MeterEastronSdm630Impl.java",
        nymea: "bgetech/sdm630-registers.json",
        everest: "modules/HardwareDrivers/PowerMeters/GenericPowermeter/models/Eastron_SDM630-V2.yaml",
      },
      disagreements: ["[scale] frequency: OpenEMS scale 0.001 vs profile 1 (openems)"],
      confidence: "A",
    },
    {
      id: "eastron-sdm72d-m",
      models: ["SDM72D-M", "SDM72DM-v1"],
      defaultsSource: "ioBroker EASTRON README: 9600 baud",
      limits: { maxRegistersPerRead: 10, maxGap: 4, minRequestGapMs: 100 },
      registers: [
        ["power", 52, "float32", 1, "mbmd everest", "quantity"],
        ["energyImport", 72, "float32", 1000, "mbmd everest", "quantity"],
        ["energyExport", 74, "float32", 1000, "mbmd everest", "quantity"],
      ],
      sources: {
        mbmd: "meters/rs485/sdm72.go",
        everest: "modules/HardwareDrivers/PowerMeters/GenericPowermeter/models/Eastron_SDM72DM.yaml",
      },
      disagreements: ["nmakel lists per-phase V/I/P for SDM72, mbmd and EVerest do not: v1 hardware lacks them."],
      notes: [
        NUMBERS,
        SMALL_READS,
        FREQUENCY_GLITCHES,
        "NO currents/voltages: not usable for per-phase load management; only surplus.",
      ],
      confidence: "A",
    },
    {
      id: "eastron-sdm72d-m-v2",
      models: ["SDM72D-M-2", "SDM72DM-V2"],
      defaultsSource: "ioBroker EASTRON README: 9600 baud",
      registers: [
        ["voltage", [0, 2, 4], "float32", 1, "mbmd openwb nmakel everest", "quantity"],
        ["current", [6, 8, 10], "float32", 1, "mbmd openwb nmakel everest", "quantity"],
        ["power", [12, 14, 16], "float32", 1, "mbmd openwb nmakel everest", "quantity"],
        ["power", 52, "float32", 1, "mbmd nmakel everest", "quantity"],
        ["powerFactor", [30, 32, 34], "float32", 1, "mbmd openwb nmakel", "quantity"],
        ["powerFactor", 62, "float32", 1, "mbmd nmakel", "quantity"],
        ["frequency", 70, "float32", 1, "mbmd openwb nmakel everest", "quantity"],
        ["energyImport", 72, "float32", 1000, "mbmd openwb nmakel everest", "quantity"],
        ["energyExport", 74, "float32", 1000, "mbmd openwb nmakel everest", "quantity"],
      ],
      sources: {
        mbmd: "meters/rs485/sdm72v2.go",
        openwb: "packages/modules/common/sdm.py",
        nmakel: "src/sdm_modbus/sdm.py",
        everest: "modules/HardwareDrivers/PowerMeters/GenericPowermeter/models/Eastron_SDM72DM-V2.yaml",
      },
      confidence: "A",
    },
    {
      id: "eastron-sdm54",
      models: ["SDM54-M", "SDM54 series"],
      defaultsSource: "not stated (family default)",
      registers: OF_FAMILY,
      sources: { mbmd: "meters/rs485/sdm54.go" },
      confidence: "B",
    },
    {
      id: "eastron-smart-x96",
      models: ["SMART X96-1A"],
      defaultsSource: "not stated (family default)",
      registers: OF_FAMILY,
      sources: { mbmd: "meters/rs485/x961a.go" },
      confidence: "B",
    },
  ],
);
