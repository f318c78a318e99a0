import { ALL_ONES_16, ALL_ONES_32, INT16_EXTREMES, INT32_EXTREMES, type Sheet } from "./notation.ts";

const CONNECT =
  "Wait 1 s after TCP connect, timeout >= 5 s, one client only (evcc connectdelay 1s; SDongle is slow: openWB sleeps 1 s between reads).";
const BLOCKS = "evcc reads blocks 37101..37137 (37 regs) and 37760..37783 (24 regs).";

const dtsu666H: Sheet = {
  id: "huawei-dtsu666-h",
  vendor: "Huawei",
  models: ["DTSU666-H 100A/250A", "DTSU666-HW"],
  transports: ["rtu"],
  usual: { unitId: 11, line: "9600 8N1" },
  defaultsSource: "Etyop/salakrzy: address 11 (0x0B), 9600 8N1",
  functionCode: 3,
  limits: { maxGap: 4 },
  registers: [
    ["current", [2102, 2104, 2106], "float32", 1, "proxy etyop xlsx", "text"],
    ["voltage", [2110, 2112, 2114], "float32", 1, "proxy etyop xlsx", "text"],
    ["frequency", 2124, "float32", 1, "proxy xlsx", "text"],
    ["power", 2126, "float32", 1, "proxy xlsx", "text"],
    ["power", [2128, 2130, 2132], "float32", 1, "proxy etyop xlsx", "text"],
    ["powerFactor", 2150, "float32", 1, "proxy xlsx", "text"],
    ["powerFactor", [2152, 2154, 2156], "float32", 1, "proxy xlsx", "text"],
    ["energyImport", 2166, "float32", 1000, "proxy xlsx", "text"],
    ["energyExport", 2174, "float32", 1000, "proxy xlsx", "text"],
  ],
  signConvention:
    "DEVICE-SPECIFIC: wired for the Huawei inverter; sign of 2126 not proven by the sources -> make it configurable",
  sources: {
    proxy: { repo: "pazzero/esphome-dtsu666h-modbus-proxy", path: "sensors/em1_sensors.yaml", commit: "f9bb1857ae" },
    etyop: {
      repo: "Etyop/DTSU666-H-Arduino-Reader",
      path: "DTSU666H_reader/DTSU666H_reader.ino",
      commit: "f129463309",
    },
    xlsx: { repo: "salakrzy/DTSU666_CHINT_to_HUAWEI_translator", path: "doc/CHINT HUAWEI address remapping.xlsx" },
  },
  disagreements: [
    "power unit: the xlsx column says kW (divider 1000) but the translator code divides the Chint raw by 10 (= W) and Etyop prints W -> W taken.",
    'A third dialect (Deye/"DTSU666 plain") serves kW floats at 0x151E (ArminJo): do not mix.',
  ],
  notes: [
    "Different map from the Chint DTSU666 (engineering units, no scaling).",
    "SUN2000 polls 80 registers from 2102 (0x0836): the block is readable in one request.",
    "2001 = 0x3F80/0x3B11 identifies the meter to the inverter.",
  ],
  confidence: "A",
};

const sun2000Grid: Sheet = {
  id: "huawei-sun2000-grid",
  kind: "grid",
  vendor: "Huawei",
  models: ["SUN2000 with DTSU666-H/DDSU666-H/SmartPS (grid meter)"],
  transports: ["tcp", "rtu"],
  usual: { unitId: 1, port: 502 },
  defaultsSource: "unit 1 (SDongle) / 0 (inverter AP); port 502 or 6607 by firmware",
  functionCode: 3,
  limits: { maxGap: 10, minRequestGapMs: 50, connectDelayMs: 1000, singleClient: true },
  registers: [
    ["voltage", [37101, 37103, 37105], "int32", 0.1, "evcc lib", "text", INT32_EXTREMES],
    ["current", [37107, 37109, 37111], "int32", -0.01, "evcc lib openwb", "text", INT32_EXTREMES],
    ["power", 37113, "int32", -1, "evcc lib openwb nymea", "text", INT32_EXTREMES],
    ["powerFactor", 37117, "int16", 0.001, "lib", "text", INT16_EXTREMES],
    ["frequency", 37118, "int16", 0.01, "lib", "text", INT16_EXTREMES],
    ["power", [37132, 37134, 37136], "int32", -1, "evcc lib", "text", INT32_EXTREMES],
    ["energyExport", 37119, "int32", 10, "evcc lib nymea", "text", INT32_EXTREMES],
    ["energyImport", 37121, "int32", 10, "evcc lib nymea", "text", INT32_EXTREMES],
  ],
  signConvention: "raw positive = FEED-IN to grid (export): scale -1 makes import positive; also for currents",
  sources: {
    evcc: "templates/definition/meter/huawei-sun2000-hybrid.yaml",
    lib: "src/huawei_solar/registers.py",
    openwb: "packages/modules/devices/huawei/huawei/counter.py",
    nymea: "huawei/huawei-registers.json",
  },
  disagreements: ["energy type: evcc uint32, huawei-solar-lib int32 (export as absolute value)."],
  notes: [CONNECT, BLOCKS],
  confidence: "A",
};

const sun2000Pv: Sheet = {
  id: "huawei-sun2000-pv",
  kind: "pv",
  vendor: "Huawei",
  models: ["SUN2000"],
  transports: ["tcp", "rtu"],
  usual: { unitId: 1, port: 502 },
  defaultsSource: "unit 1",
  functionCode: 3,
  limits: { maxGap: 10, minRequestGapMs: 50, connectDelayMs: 1000, singleClient: true },
  registers: [
    ["power", 32064, "int32", 1, "evcc lib openwb", "text", { ...INT32_EXTREMES, note: "DC input power" }],
    ["powerAc", 32080, "int32", 1, "lib evcc_inv nymea", "text", INT32_EXTREMES],
    ["energyExport", 32106, "uint32", 10, "lib evcc_inv nymea", "text", ALL_ONES_32],
  ],
  signConvention: "production positive; with a DC battery use 32064 (PV only), 32080 includes the battery",
  sources: {
    evcc: "templates/definition/meter/huawei-sun2000-hybrid.yaml",
    lib: "src/huawei_solar/registers.py",
    evcc_inv: "templates/definition/meter/huawei-sun2000-inverter.yaml",
    openwb: "packages/modules/devices/huawei/huawei/inverter.py",
    nymea: "huawei/huawei-registers.json",
  },
  notes: [CONNECT],
  confidence: "A",
};

const luna2000Battery: Sheet = {
  id: "huawei-luna2000-battery",
  kind: "battery",
  vendor: "Huawei",
  models: ["SUN2000 + LUNA2000"],
  transports: ["tcp", "rtu"],
  usual: { unitId: 1, port: 502 },
  defaultsSource: "unit 1",
  functionCode: 3,
  limits: { maxGap: 20, minRequestGapMs: 50, connectDelayMs: 1000, singleClient: true },
  registers: [
    ["power", 37765, "int32", -1, "evcc lib openwb", "text", INT32_EXTREMES],
    ["soc", 37760, "uint16", 0.1, "evcc lib openwb", "text", ALL_ONES_16],
    ["energyCharge", 37780, "uint32", 10, "evcc lib", "text", ALL_ONES_32],
    ["energyDischarge", 37782, "uint32", 10, "evcc lib", "text", ALL_ONES_32],
  ],
  computed: { energyImport: "energyCharge", energyExport: "energyDischarge" },
  signConvention: "raw positive = charging -> scale -1 = discharging positive",
  sources: {
    evcc: "templates/definition/meter/huawei-sun2000-hybrid.yaml",
    lib: "src/huawei_solar/registers.py",
    openwb: "packages/modules/devices/huawei/huawei/bat.py",
  },
  notes: [CONNECT, BLOCKS],
  confidence: "A",
};

const emmaGrid: Sheet = {
  id: "huawei-emma-grid",
  kind: "grid",
  vendor: "Huawei",
  models: ["EMMA-A01/A02"],
  transports: ["tcp"],
  usual: { unitId: 0, port: 502 },
  defaultsSource: "evcc: unit 0",
  functionCode: 3,
  limits: { maxGap: 10, minRequestGapMs: 50, connectDelayMs: 1000, singleClient: true },
  registers: [
    ["voltage", [31639, 31641, 31643], "uint32", 0.01, "evcc", "text"],
    ["current", [31651, 31653, 31655], "int32", 0.1, "evcc openwb", "text"],
    ["power", 31657, "int32", 1, "evcc openwb", "text"],
    ["power", [31665, 31667, 31669], "int32", 1, "evcc", "text"],
    ["energyImport", 31679, "int64", 10, "evcc", "text"],
  ],
  signConvention: "import positive (no inversion in evcc and openWB)",
  sources: {
    evcc: "templates/definition/meter/huawei-emma.yaml",
    openwb: "packages/modules/devices/huawei/huawei_emma/counter.py",
  },
  confidence: "B",
};

const emmaPv: Sheet = {
  id: "huawei-emma-pv",
  kind: "pv",
  vendor: "Huawei",
  models: ["EMMA"],
  transports: ["tcp"],
  usual: { unitId: 0, port: 502 },
  defaultsSource: "evcc: unit 0",
  functionCode: 3,
  limits: { maxGap: 10, minRequestGapMs: 50, connectDelayMs: 1000, singleClient: true },
  registers: [
    ["power", 30354, "int32", 1, "evcc openwb", "text"],
    ["energyExport", 30348, "uint64", 10, "evcc openwb", "text"],
  ],
  sources: {
    evcc: "templates/definition/meter/huawei-emma.yaml",
    openwb: "packages/modules/devices/huawei/huawei_emma/inverter.py",
  },
  confidence: "A",
};

const emmaBattery: Sheet = {
  id: "huawei-emma-battery",
  kind: "battery",
  vendor: "Huawei",
  models: ["EMMA + LUNA2000"],
  transports: ["tcp"],
  usual: { unitId: 0, port: 502 },
  defaultsSource: "evcc: unit 0",
  functionCode: 3,
  limits: { maxGap: 10, minRequestGapMs: 50, connectDelayMs: 1000, singleClient: true },
  registers: [
    ["power", 30360, "int32", -1, "evcc openwb", "text"],
    ["soc", 30368, "uint16", 0.01, "evcc openwb", "text"],
  ],
  signConvention: "raw positive = charging -> scale -1",
  sources: {
    evcc: "templates/definition/meter/huawei-emma.yaml",
    openwb: "packages/modules/devices/huawei/huawei_emma/bat.py",
  },
  confidence: "A",
};

const smartloggerGrid: Sheet = {
  id: "huawei-smartlogger-grid",
  kind: "grid",
  vendor: "Huawei",
  models: ["SmartLogger 3000 meter"],
  transports: ["tcp"],
  usual: { port: 502 },
  defaultsSource: "unit id = meter address in the SmartLogger (required)",
  functionCode: 3,
  limits: { maxGap: 10, minRequestGapMs: 50, connectDelayMs: 1000, singleClient: true },
  registers: [
    ["current", [32272, 32274, 32276], "int32", 0.1, "evcc openwb", "text"],
    ["power", 32278, "int32", 1, "evcc openwb", "text"],
    ["voltage", [32260, 32262, 32264], "int32", 0.01, "openwb", "text"],
    ["power", [32335, 32337, 32339], "int32", 1, "openwb", "text"],
    ["energyImport", 32349, "int64", 10, "evcc", "text"],
  ],
  signConvention: "import positive in both sources (differs from SUN2000 37113!)",
  sources: {
    evcc: "templates/definition/meter/huawei-smartlogger.yaml",
    openwb: "packages/modules/devices/huawei/huawei_smartlogger/counter.py",
  },
  confidence: "B",
};

/** Devices of Huawei. */
export const huawei: readonly Sheet[] = [
  dtsu666H,
  sun2000Grid,
  sun2000Pv,
  luna2000Battery,
  emmaGrid,
  emmaPv,
  emmaBattery,
  smartloggerGrid,
];
