import { LOWEST_FLOAT, maker } from "./notation.ts";
import {
  exporting,
  foundBy,
  INVERTER_INT,
  METER_INT,
  MODEL_NOTES,
  SINGLE_INVERTER_INT,
  SINGLE_METER_INT,
} from "./sunspec-models.ts";

/** Devices of SolarEdge. */
export const solaredge = maker(
  {
    vendor: "SolarEdge",
    transports: ["tcp", "rtu"],
    usual: { unitId: 1, port: 1502 },
    defaultsSource: "evcc: unit 1, port 1502",
    functionCode: 3,
  },
  [
    {
      id: "solaredge-se-mtr-3y",
      models: ["SE-MTR-3Y-400V-A (direct RTU)", "WattNode compatible"],
      transports: ["rtu"],
      usual: { unitId: 2, line: "9600 8N1" },
      defaultsSource: "mbmd sources give none; 9600 8N1/unit 2 assumed from SolarEdge practice -> verify",
      functionCode: 4,
      alternativeFunctionCodes: [3],
      wordOrder: "little",
      limits: { maxGap: 4 },
      registers: [
        ["power", 1008, "float32", 1, "mbmd", "quantity"],
        ["power", [1010, 1012, 1014], "float32", 1, "mbmd", "quantity"],
        ["voltage", [1018, 1020, 1022], "float32", 1, "mbmd", "quantity"],
        ["frequency", 1032, "float32", 1, "mbmd", "quantity"],
        ["current", [1162, 1164, 1166], "float32", 1, "mbmd", "quantity"],
        ["powerFactor", 1138, "float32", 1, "mbmd", "quantity"],
        ["powerFactor", [1140, 1142, 1144], "float32", 1, "mbmd", "quantity"],
        ["energyImport", 1002, "float32", 1000, "mbmd", "quantity"],
        ["energyExport", 1112, "float32", 1000, "mbmd", "quantity"],
      ],
      signConvention: "reverse engineered: verify sign",
      sources: {
        mbmd: "meters/rs485/semtr3y.go",
      },
      notes: [
        "float32 LOW WORD FIRST.",
        "Normally read through the inverter (SunSpec 203): profile solaredge-meter-via-inverter.",
      ],
      confidence: "C",
    },
    {
      id: "solaredge-battery",
      kind: "battery",
      models: ["Home/StorEdge battery 1"],
      wordOrder: "little",
      limits: { maxGap: 20, singleClient: true },
      registers: [
        ["power", 57716, "float32", -1, "evcc openwb", "text", LOWEST_FLOAT],
        ["soc", 57732, "float32", 1, "evcc openwb", "text", LOWEST_FLOAT],
      ],
      signConvention: "raw positive = charging -> scale -1 = discharging positive",
      sources: {
        evcc: "templates/definition/meter/solaredge-hybrid.yaml",
        openwb: "packages/modules/devices/solaredge/solaredge/bat.py",
      },
      notes: [
        "float32 low word first; unsupported = 0xFF7FFFFF (-FLT_MAX).",
        "Energies uint64 low-word-first at 0xE176 (discharged) / 0xE17A (charged), Wh (evcc).",
        "Battery 2: +0x100.",
      ],
      confidence: "A",
    },
    {
      id: "solaredge-meter-via-inverter",
      kind: "grid",
      models: ["Energy meter behind a SolarEdge inverter (meter 1)"],
      limits: { maxGap: 125, singleClient: true },
      ...foundBy(
        [
          ["203", exporting(METER_INT)],
          ["201", exporting(SINGLE_METER_INT)],
        ],
        { subdevice: 1 },
      ),
      signConvention: "raw positive = EXPORT: sign -1 applied to power (evcc scale -1, openWB *-1)",
      sources: {
        evcc: "templates/definition/meter/solaredge-inverter.yaml",
        openwb: "packages/modules/devices/solaredge/solaredge/meter.py",
      },
      notes: [
        ...MODEL_NOTES,
        "Second common block: inverter 40000..40120, meter 1 common at 40121, model 203 at 40188 -> W at 40206, scale factor 40210 (openWB); meters 2/3: +174/+348; synergy (multi-unit) inverters: +50/+70.",
        "Only ONE Modbus TCP client at a time (evcc).",
        "Model 203 int16 + SF, cross-checked against the fixed addresses in openWB meter.py (40191 AphA, 40196 PhVphA, 40206 W, 40226 TotWhExp, 40234 TotWhImp with base 40188).",
        "Only ENABLED meters occupy a slot: meters 1 and 3 enabled -> readable as 1st and 2nd (openWB).",
      ],
      confidence: "A",
    },
    {
      id: "solaredge-inverter-pv",
      kind: "pv",
      models: ["SE inverters"],
      limits: { maxGap: 125, singleClient: true },
      ...foundBy([
        ["103", INVERTER_INT],
        ["101", SINGLE_INVERTER_INT],
      ]),
      sources: {
        evcc: "templates/definition/meter/solaredge-inverter.yaml",
        openwb: "packages/modules/devices/solaredge/solaredge/inverter.py",
      },
      notes: [
        ...MODEL_NOTES,
        "With a battery PV power = DCW + battery power (0xE174) (evcc solaredge-hybrid).",
        "openWB fixed addresses: W 40083/SF 40084, WH 40093/SF 40095, DCW 40100/SF 40101.",
      ],
      confidence: "A",
    },
  ],
);
