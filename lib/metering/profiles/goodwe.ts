import { ALL_ONES_32, maker } from "./notation.ts";

/** Devices of GoodWe. */
export const goodwe = maker(
  {
    vendor: "GoodWe",
    transports: ["rtu", "tcp", "udp"],
    usual: { unitId: 247, port: 502, line: "9600" },
    defaultsSource: "evcc: 247, 9600",
    functionCode: 3,
  },
  [
    {
      id: "goodwe-et-grid",
      kind: "grid",
      models: ["ET/EH/BT/BH hybrid (meter)"],
      usual: { unitId: 247, port: 502, line: "9600 8N1" },
      limits: { maxGap: 4, minRequestGapMs: 50 },
      registers: [
        ["power", 36025, "int32", -1, "evcc openwb goodwe", "text"],
        ["power", [36019, 36021, 36023], "int32", -1, "evcc openwb goodwe", "text"],
        ["voltage", [36052, 36053, 36054], "uint16", 0.1, "evcc goodwe", "text"],
        ["current", [36055, 36056, 36057], "uint16", 0.1, "evcc goodwe", "text"],
        ["frequency", 36014, "uint16", 0.01, "openwb", "text"],
        ["energyExport", 36015, "float32", 1, "openwb goodwe", "text"],
        ["energyImport", 36017, "float32", 1, "evcc openwb goodwe", "text"],
      ],
      signConvention: "raw positive = EXPORT -> scale -1; currents unsigned",
      sources: {
        evcc: "templates/definition/meter/goodwe-hybrid.yaml",
        openwb: "packages/modules/devices/good_we/good_we/counter.py",
        goodwe: "goodwe/et.py",
      },
      notes: [
        "Older ARM firmware (<9): int16 powers at 36005..36008 (openWB).",
        "evcc blocks: 36017..36026 and 36052..36057.",
      ],
      confidence: "A",
    },
    {
      id: "goodwe-et-pv",
      kind: "pv",
      models: ["ET/EH/BT/BH hybrid"],
      limits: { maxGap: 4 },
      registers: [
        ["powerDc1", 35105, "uint32", 1, "evcc openwb goodwe", "text", { ...ALL_ONES_32, unavailableMeans: 0 }],
        ["powerDc2", 35109, "uint32", 1, "evcc openwb goodwe", "text", { ...ALL_ONES_32, unavailableMeans: 0 }],
        ["powerDc3", 35113, "uint32", 1, "evcc openwb goodwe", "text", { ...ALL_ONES_32, unavailableMeans: 0 }],
        ["powerDc4", 35117, "uint32", 1, "evcc openwb goodwe", "text", { ...ALL_ONES_32, unavailableMeans: 0 }],
        ["energyExport", 35191, "uint32", 100, "evcc openwb goodwe", "text", ALL_ONES_32],
      ],
      computed: { power: "powerDc1 + powerDc2 + powerDc3 + powerDc4" },
      signConvention: "production positive; 0xFFFFFFFF for absent strings",
      sources: {
        evcc: "templates/definition/meter/goodwe-hybrid.yaml",
        openwb: "packages/modules/devices/good_we/good_we/inverter.py",
        goodwe: "goodwe/et.py",
      },
      confidence: "A",
    },
    {
      id: "goodwe-et-battery",
      kind: "battery",
      models: ["ET/EH/BT/BH hybrid"],
      limits: { maxGap: 8 },
      registers: [
        ["power", 35182, "int32", 1, "evcc openwb goodwe", "text"],
        ["soc", 37007, "uint16", 1, "evcc openwb goodwe", "text"],
        ["energyCharge", 35206, "uint32", 100, "openwb goodwe", "text"],
        ["energyDischarge", 35209, "uint32", 100, "evcc openwb goodwe", "text"],
      ],
      computed: { energyImport: "energyCharge", energyExport: "energyDischarge" },
      sources: {
        evcc: "templates/definition/meter/goodwe-hybrid.yaml",
        openwb: "packages/modules/devices/good_we/good_we/bat.py",
        goodwe: "goodwe/et.py",
      },
      notes: ["openWB reads 35183 (int16) on old firmware. Second battery: 35264 / SoC 39005."],
      confidence: "A",
    },
    {
      id: "goodwe-dt-pv",
      kind: "pv",
      models: ["SDT/DT"],
      transports: ["rtu", "tcp"],
      limits: { maxGap: 8 },
      registers: [
        ["power", 781, "uint16", 1, "evcc", "text"],
        ["energyExport", 786, "uint32", 100, "evcc", "text"],
      ],
      sources: {
        evcc: "templates/definition/meter/goodwe-dt.yaml",
      },
      confidence: "B",
    },
  ],
);
