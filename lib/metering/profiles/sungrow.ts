import { ALL_ONES_16, INT32_MAX, type Sheet } from "./notation.ts";

const WORD_ORDER = "32-bit values LOW WORD FIRST; documents are 1-based (13010 -> wire 13009).";
const DONGLE = "WiNet-S dongle: one client, slow (nymea spaces requests by 400 ms), old firmware misses values (evcc).";

const shGrid: Sheet = {
  id: "sungrow-sh-grid",
  kind: "grid",
  vendor: "Sungrow",
  models: ["SH hybrid (DTSU666/S100 meter)"],
  transports: ["tcp", "rtu"],
  usual: { unitId: 1, port: 502, line: "9600 8N1" },
  defaultsSource: "evcc: id 1, 9600; nymea 400 ms request spacing",
  functionCode: 4,
  wordOrder: "little",
  limits: { maxGap: 4, minRequestGapMs: 100, singleClient: true },
  registers: [
    ["power", 13009, "int32", -1, "evcc openwb nymea mkaiser", "text", INT32_MAX],
    ["power", [5602, 5604, 5606], "int32", 1, "evcc openwb nymea mkaiser", "text", INT32_MAX],
    ["voltage", [5740, 5741, 5742], "uint16", 0.1, "openwb nymea mkaiser", "text", ALL_ONES_16],
    ["current", [5743, 5744, 5745], "uint16", 0.01, "nymea mkaiser", "text", ALL_ONES_16],
    ["frequency", 5035, "uint16", 0.1, "openwb nymea mkaiser", "text", ALL_ONES_16],
    ["energyImport", 13036, "uint32", 100, "evcc nymea mkaiser", "text"],
    ["energyExport", 13045, "uint32", 100, "nymea mkaiser", "text"],
  ],
  signConvention: "13009 = EXPORT power -> scale -1; 5602.. phase powers import positive; currents unsigned",
  sources: {
    evcc: "templates/definition/meter/sungrow-hybrid.yaml",
    openwb: "packages/modules/devices/sungrow/sungrow_sh/counter.py",
    nymea: "sungrow/sungrow-registers.json",
    mkaiser: "modbus_sungrow.yaml",
  },
  notes: [WORD_ORDER, DONGLE],
  confidence: "A",
};

const shPv: Sheet = {
  id: "sungrow-sh-pv",
  kind: "pv",
  vendor: "Sungrow",
  models: ["SH hybrid"],
  transports: ["tcp", "rtu"],
  usual: { unitId: 1, port: 502, line: "9600" },
  defaultsSource: "evcc",
  functionCode: 4,
  wordOrder: "little",
  limits: { maxGap: 8, minRequestGapMs: 100, singleClient: true },
  registers: [
    ["power", 5016, "uint32", 1, "evcc openwb nymea mkaiser", "text"],
    ["energyExport", 13002, "uint32", 100, "evcc nymea mkaiser", "text"],
  ],
  signConvention: "production positive (DC)",
  sources: {
    evcc: "templates/definition/meter/sungrow-hybrid.yaml",
    openwb: "packages/modules/devices/sungrow/sungrow_sh/inverter.py",
    nymea: "sungrow/sungrow-registers.json",
    mkaiser: "modbus_sungrow.yaml",
  },
  notes: [WORD_ORDER, DONGLE],
  confidence: "A",
};

const shBattery: Sheet = {
  id: "sungrow-sh-battery",
  kind: "battery",
  vendor: "Sungrow",
  models: ["SH hybrid"],
  transports: ["tcp", "rtu"],
  usual: { unitId: 1, port: 502, line: "9600" },
  defaultsSource: "evcc",
  functionCode: 4,
  wordOrder: "little",
  limits: { maxGap: 8, minRequestGapMs: 100, singleClient: true },
  registers: [
    ["power", 5213, "int32", 1, "openwb mkaiser", "text"],
    ["soc", 13022, "uint16", 0.1, "evcc openwb nymea mkaiser", "text"],
    ["energyDischarge", 13026, "uint32", 100, "evcc mkaiser", "text"],
  ],
  computed: { energyExport: "energyDischarge" },
  signConvention: "5213 signed, discharging positive (openWB inverts it for its charge-positive convention)",
  sources: {
    evcc: "templates/definition/meter/sungrow-hybrid.yaml",
    openwb: "packages/modules/devices/sungrow/sungrow_sh/bat.py",
    nymea: "sungrow/sungrow-registers.json",
    mkaiser: "modbus_sungrow.yaml",
  },
  disagreements: [
    "evcc 13021/13000/13020 logic vs openWB/mkaiser 5213 (newer firmware): prefer 5213, fall back on exception 2.",
  ],
  notes: [
    WORD_ORDER,
    DONGLE,
    "Old firmware: 13021 is UNSIGNED magnitude; direction from status bit 0x2 at 13000 or the sign of the current at 13020 (evcc script).",
  ],
  confidence: "A",
};

const sgGrid: Sheet = {
  id: "sungrow-sg-grid",
  kind: "grid",
  vendor: "Sungrow",
  models: ["SG string inverters with meter"],
  transports: ["tcp", "rtu"],
  usual: { unitId: 1, port: 502, line: "9600" },
  defaultsSource: "evcc: 9600",
  functionCode: 4,
  wordOrder: "little",
  limits: { maxGap: 2, minRequestGapMs: 100, singleClient: true },
  registers: [
    ["power", 5082, "int32", 1, "evcc openwb", "text"],
    ["power", [5084, 5086, 5088], "int32", 1, "openwb", "text"],
    ["voltage", [5018, 5019, 5020], "uint16", 0.1, "openwb", "text"],
    ["frequency", 5035, "uint16", 0.1, "openwb", "text"],
    ["energyImport", 5098, "uint32", 100, "evcc", "text"],
  ],
  signConvention: "import positive in both sources",
  sources: {
    evcc: "templates/definition/meter/sungrow-inverter.yaml",
    openwb: "packages/modules/devices/sungrow/sungrow_sg/counter.py",
  },
  confidence: "B",
};

const sgPv: Sheet = {
  id: "sungrow-sg-pv",
  kind: "pv",
  vendor: "Sungrow",
  models: ["SG string inverters"],
  transports: ["tcp", "rtu"],
  usual: { unitId: 1, port: 502, line: "9600" },
  defaultsSource: "evcc: 9600",
  functionCode: 4,
  wordOrder: "little",
  limits: { maxGap: 8, minRequestGapMs: 100, singleClient: true },
  registers: [
    ["power", 5030, "int32", 1, "evcc openwb", "text"],
    ["energyExport", 5003, "uint32", 1000, "evcc", "text"],
  ],
  sources: {
    evcc: "templates/definition/meter/sungrow-inverter.yaml",
    openwb: "packages/modules/devices/sungrow/sungrow_sg/inverter.py",
  },
  disagreements: ["5030 type: evcc uint32, openWB int32."],
  confidence: "B",
};

const ihmGrid: Sheet = {
  id: "sungrow-ihm-grid",
  kind: "grid",
  vendor: "Sungrow",
  models: ["iHomeManager"],
  transports: ["tcp", "rtu"],
  usual: { unitId: 247, port: 502, line: "9600 8N1" },
  defaultsSource: "evcc: unit 247",
  functionCode: 4,
  wordOrder: "little",
  limits: { maxGap: 8 },
  registers: [
    ["power", 8156, "int32", 10, "evcc openwb", "text"],
    ["power", [8558, 8560, 8562], "int32", 1, "evcc openwb", "text"],
    ["energyImport", 8175, "uint32", 100, "evcc", "text"],
    ["energyExport", 8177, "uint32", 100, "evcc", "text"],
    ["frequency", 8557, "uint16", 0.1, "openwb", "text"],
  ],
  signConvention: "import positive; total in 10 W steps, phases in W",
  sources: {
    evcc: "templates/definition/meter/sungrow-ihm.yaml",
    openwb: "packages/modules/devices/sungrow/sungrow_ihm/counter.py",
  },
  disagreements: ["voltages: evcc 4356/4358/4360 (phase-neutral), openWB 8554.. (line-line / sqrt3): left out."],
  confidence: "B",
};

const ihmPv: Sheet = {
  id: "sungrow-ihm-pv",
  kind: "pv",
  vendor: "Sungrow",
  models: ["iHomeManager"],
  transports: ["tcp"],
  usual: { unitId: 247, port: 502 },
  defaultsSource: "evcc: unit 247",
  functionCode: 4,
  wordOrder: "little",
  limits: { maxGap: 8 },
  registers: [["power", 8154, "int32", 10, "evcc openwb", "text"]],
  sources: {
    evcc: "templates/definition/meter/sungrow-ihm.yaml",
    openwb: "packages/modules/devices/sungrow/sungrow_ihm/inverter.py",
  },
  confidence: "A",
};

const ihmBattery: Sheet = {
  id: "sungrow-ihm-battery",
  kind: "battery",
  vendor: "Sungrow",
  models: ["iHomeManager"],
  transports: ["tcp"],
  usual: { unitId: 247, port: 502 },
  defaultsSource: "evcc: unit 247",
  functionCode: 4,
  wordOrder: "little",
  limits: { maxGap: 8 },
  registers: [
    ["power", 8160, "int32", 10, "evcc openwb", "text"],
    ["soc", 8162, "uint16", 0.1, "evcc openwb", "text"],
  ],
  sources: {
    evcc: "templates/definition/meter/sungrow-ihm.yaml",
    openwb: "packages/modules/devices/sungrow/sungrow_ihm/bat.py",
  },
  confidence: "A",
};

/** Devices of Sungrow. */
export const sungrow: readonly Sheet[] = [shGrid, shPv, shBattery, sgGrid, sgPv, ihmGrid, ihmPv, ihmBattery];
