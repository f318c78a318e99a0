import { ALL_ONES_32, ALL_ONES_64, INT32_MIN, type Sheet } from "./notation.ts";

const shm2Grid: Sheet = {
  id: "sma-shm2-grid",
  kind: "grid",
  vendor: "SMA",
  models: ["Sunny Home Manager 2.0", "SMA hybrid/inverter with energy meter (grid values)"],
  transports: ["tcp"],
  usual: { unitId: 2, port: 502 },
  defaultsSource: "evcc: SHM unit 2, inverter unit 3, port 502; Modbus server must be enabled",
  functionCode: 3,
  alternativeFunctionCodes: [4],
  limits: { maxGap: 2 },
  registers: [
    ["powerImport", 30865, "int32", 1, "evcc openems evcc_shm openwb", "full", INT32_MIN],
    ["powerExport", 30867, "int32", 1, "evcc openems evcc_shm openwb", "full", INT32_MIN],
    ["powerImport", [31265, 31267, 31269], "uint32", 1, "evcc openems", "full", ALL_ONES_32],
    ["powerExport", [31259, 31261, 31263], "uint32", 1, "evcc openems", "full", ALL_ONES_32],
    ["voltage", [31253, 31255, 31257], "uint32", 0.01, "openems", "full", ALL_ONES_32],
    ["current", [31435, 31437, 31439], "int32", 0.001, "evcc openems", "full", INT32_MIN],
    ["frequency", 31447, "uint32", 0.01, "openems", "full", ALL_ONES_32],
    ["energyImport", 30581, "uint32", 1, "evcc openems evcc_shm", "full", ALL_ONES_32],
    ["energyExport", 30583, "uint32", 1, "openems evcc_shm", "full", ALL_ONES_32],
  ],
  computed: {
    power: "powerImport - powerExport",
    powerL1: "powerImportL1 - powerExportL1",
    powerL2: "powerImportL2 - powerExportL2",
    powerL3: "powerImportL3 - powerExportL3",
  },
  signConvention: "unsigned pairs: TotWIn (30865) import, TotWOut (30867) export; currents unsigned",
  sources: {
    evcc: "templates/definition/meter/sma-hybrid.yaml",
    openems: "io.openems.edge.sma/src/io/openems/edge/sma/meter/shm20/MeterSmaShm20Impl.java",
    evcc_shm: "templates/definition/meter/sma-homemanager-modbus.yaml",
    openwb: "packages/modules/devices/sma/sma_sunny_boy/counter.py",
  },
  notes: [
    "SMA registers 30000+ are wire addresses (no -1).",
    "Gaps return exceptions: only read documented registers.",
  ],
  confidence: "A",
};

const dataManagerGrid: Sheet = {
  id: "sma-data-manager-grid",
  kind: "grid",
  vendor: "SMA",
  models: ["Data Manager M / lite"],
  transports: ["tcp"],
  usual: { unitId: 2, port: 502 },
  defaultsSource: "evcc: unit 2",
  functionCode: 3,
  limits: { maxGap: 0 },
  registers: [
    ["power", 31249, "int32", -1, "evcc", "text", INT32_MIN],
    ["current", [31535, 31537, 31539], "int32", -0.001, "evcc", "text", INT32_MIN],
  ],
  signConvention: "raw positive = feed-in -> scale -1",
  sources: {
    evcc: "templates/definition/meter/sma-datamanager.yaml",
  },
  confidence: "B",
};

const inverterPv: Sheet = {
  id: "sma-inverter-pv",
  kind: "pv",
  vendor: "SMA",
  models: ["SMA inverters (SMA Modbus profile): STP, SB, Tripower X, Data Manager sum"],
  transports: ["tcp"],
  usual: { unitId: 3, port: 502 },
  defaultsSource: "evcc: unit 3",
  functionCode: 3,
  alternativeFunctionCodes: [4],
  limits: { maxGap: 8 },
  registers: [
    ["power", 30775, "int32", 1, "evcc openwb evcc_dm", "text", { ...INT32_MIN, unavailableMeans: 0 }],
    ["energyExport", 30513, "uint64", 1, "evcc openwb evcc_dm", "text", ALL_ONES_64],
  ],
  signConvention: "production positive; 0x80000000 at night = not available -> 0 W",
  sources: {
    evcc: "templates/definition/meter/sma-inverter-modbus.yaml",
    openwb: "packages/modules/devices/sma/sma_sunny_boy/inverter.py",
    evcc_dm: "templates/definition/meter/sma-datamanager.yaml",
  },
  confidence: "A",
};

const hybridPv: Sheet = {
  id: "sma-hybrid-pv",
  kind: "pv",
  vendor: "SMA",
  models: ["Sunny Tripower Smart Energy / hybrid (DC side)"],
  transports: ["tcp"],
  usual: { unitId: 3, port: 502 },
  defaultsSource: "evcc: unit 3",
  functionCode: 3,
  limits: { maxGap: 0 },
  registers: [
    ["powerDc1", 30773, "int32", 1, "evcc openwb", "text", { ...INT32_MIN, unavailableMeans: 0 }],
    ["powerDc2", 30961, "int32", 1, "evcc openwb", "text", { ...INT32_MIN, unavailableMeans: 0 }],
    ["powerDc3", 30967, "int32", 1, "evcc", "text", { ...INT32_MIN, unavailableMeans: 0 }],
  ],
  computed: { power: "powerDc1 + powerDc2 + powerDc3" },
  sources: {
    evcc: "templates/definition/meter/sma-hybrid.yaml",
    openwb: "packages/modules/devices/sma/sma_sunny_boy/inverter.py",
  },
  confidence: "B",
};

const hybridBattery: Sheet = {
  id: "sma-hybrid-battery",
  kind: "battery",
  vendor: "SMA",
  models: ["Sunny Tripower Smart Energy, Sunny Boy Smart Energy, Data Manager"],
  transports: ["tcp"],
  usual: { unitId: 3, port: 502 },
  defaultsSource: "evcc: unit 3",
  functionCode: 3,
  alternativeFunctionCodes: [4],
  limits: { maxGap: 8 },
  registers: [
    ["powerCharge", 31393, "uint32", 1, "evcc openwb", "text", ALL_ONES_32],
    ["powerDischarge", 31395, "uint32", 1, "evcc openwb", "text", ALL_ONES_32],
    ["soc", 30845, "uint32", 1, "evcc openwb", "text", ALL_ONES_32],
    ["energyCharge", 31397, "uint64", 1, "openwb", "text", ALL_ONES_64],
    ["energyDischarge", 31401, "uint64", 1, "evcc openwb", "text", ALL_ONES_64],
  ],
  computed: { power: "powerDischarge - powerCharge", energyImport: "energyCharge", energyExport: "energyDischarge" },
  sources: {
    evcc: "templates/definition/meter/sma-hybrid.yaml",
    openwb: "packages/modules/devices/sma/sma_sunny_boy/bat.py",
  },
  confidence: "A",
};

const sunnyIslandBattery: Sheet = {
  id: "sma-sunny-island-battery",
  kind: "battery",
  vendor: "SMA",
  models: ["Sunny Island", "Sunny Boy Storage"],
  transports: ["tcp"],
  usual: { unitId: 3, port: 502 },
  defaultsSource: "evcc: unit 3",
  functionCode: 3,
  alternativeFunctionCodes: [4],
  limits: { maxGap: 8 },
  registers: [
    ["power", 30775, "int32", 1, "evcc openwb evcc_sbs", "text", INT32_MIN],
    ["soc", 30845, "uint32", 1, "evcc openwb evcc_sbs", "text", ALL_ONES_32],
  ],
  signConvention: "AC power of the battery inverter, discharging positive",
  sources: {
    evcc: "templates/definition/meter/sma-si-modbus.yaml",
    openwb: "packages/modules/devices/sma/sma_sunny_island/bat.py",
    evcc_sbs: "templates/definition/meter/sma-sbs-modbus.yaml",
  },
  confidence: "A",
};

/** Devices of SMA. */
export const sma: readonly Sheet[] = [
  shm2Grid,
  dataManagerGrid,
  inverterPv,
  hybridPv,
  hybridBattery,
  sunnyIslandBattery,
];
