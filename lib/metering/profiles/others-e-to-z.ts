import type { Sheet } from "./notation.ts";

const eltakoDsz15: Sheet = {
  id: "eltako-dsz15",
  vendor: "Eltako",
  models: ["DSZ15DZMOD", "DSZ16"],
  transports: ["rtu"],
  usual: { unitId: 1 },
  defaultsSource: "not stated",
  functionCode: 4,
  limits: { maxGap: 8 },
  registers: [
    ["voltage", [0, 2, 4], "uint32", 0.01, "mbmd", "quantity"],
    ["current", [6, 8, 10], "uint32", 0.01, "mbmd", "quantity"],
    ["power", [12, 14, 16], "int32", 1, "mbmd", "quantity"],
    ["power", 52, "int32", 1, "mbmd", "quantity"],
    ["powerFactor", [30, 32, 34], "int32", 0.001, "mbmd", "quantity"],
    ["powerFactor", 62, "int32", 0.001, "mbmd", "quantity"],
    ["energyImport", 72, "uint32", 10, "mbmd", "quantity"],
    ["energyExport", 74, "uint32", 10, "mbmd", "quantity"],
  ],
  sources: {
    mbmd: "meters/rs485/eltako.go",
  },
  notes: ["SDM630 addresses but INTEGER data: an SDM630 profile returns garbage."],
  confidence: "B",
};

const hagerEcr380d: Sheet = {
  id: "hager-ecr380d",
  vendor: "Hager",
  models: ["ECR380D", "ECR310D", "ECR140D (L1)"],
  transports: ["rtu", "tcp"],
  usual: { unitId: 1, port: 502 },
  defaultsSource: "not stated",
  functionCode: 3,
  limits: { maxGap: 4 },
  registers: [
    ["voltage", [45056, 45057, 45058], "uint16", 0.01, "openems mdb", "full"],
    ["frequency", 45062, "uint16", 0.01, "openems mdb", "full"],
    ["current", [45065, 45067, 45069], "uint32", 0.001, "openems mdb", "full"],
    ["power", 45073, "int32", 10, "openems mdb", "full"],
    ["powerFactor", 45079, "int16", 0.001, "openems mdb", "full"],
    ["power", [45081, 45083, 45085], "int32", 10, "openems mdb", "full"],
    ["powerFactor", [45099, 45100, 45101], "int16", 0.001, "openems mdb", "full"],
    ["energyImport", 45152, "uint32", 1000, "openems mdb", "full"],
    ["energyExport", 45156, "uint32", 1000, "openems mdb", "full"],
  ],
  sources: {
    openems: "io.openems.edge.meter.hager/src/io/openems/edge/meter/hager/ecr380d/HagerEcr380dMeterImpl.java",
    mdb: "modbus-tables/hager/ecn-ecp-ect-ecm-ecr-eca/latest/registers.json",
  },
  disagreements: [
    "energy naming: OpenEMS maps Ea+ (0xB060) to CONSUMPTION; meter table: Ea+ = import.",
    "OpenEMS scales per-phase PF by 0.001 but not the sum PF.",
  ],
  notes: [
    "0xB000..0xB030 (49 regs) in one request.",
    "Power resolution 10 W, energy 1 kWh in this block (fine energies: P_Ea at 0xB068).",
  ],
  confidence: "A",
};

const ineproPro380: Sheet = {
  id: "inepro-pro380",
  vendor: "Inepro Metering",
  models: ["PRO380-Mod", "PRO380-Mod CT", "Klefr 693x/694x", "PRO1/PRO2 (L1)"],
  transports: ["rtu"],
  usual: { unitId: 1, line: "9600 8E1" },
  defaultsSource: "mbmap excerpt: address 1, 9600 8E1",
  functionCode: 3,
  limits: { maxGap: 4 },
  registers: [
    ["voltage", [20482, 20484, 20486], "float32", 1, "mbmd nymea everest mdb", "quantity"],
    ["frequency", 20488, "float32", 1, "mbmd nymea everest mdb", "quantity"],
    ["current", [20492, 20494, 20496], "float32", 1, "mbmd nymea everest mdb", "quantity"],
    ["power", 20498, "float32", 1000, "mbmd nymea everest mdb", "quantity"],
    ["power", [20500, 20502, 20504], "float32", 1000, "mbmd nymea everest mdb", "quantity"],
    ["powerFactor", 20522, "float32", 1, "mbmd mdb", "quantity"],
    ["powerFactor", [20524, 20526, 20528], "float32", 1, "mbmd mdb", "quantity"],
    ["energyImport", 24588, "float32", 1000, "mbmd nymea everest", "quantity"],
    ["energyExport", 24600, "float32", 1000, "mbmd nymea everest", "quantity"],
  ],
  sources: {
    mbmd: "meters/rs485/inepro.go",
    nymea: "inepro/pro380-registers.json",
    everest: "modules/HardwareDrivers/PowerMeters/GenericPowermeter/models/Klefr_693x-694x.yaml",
    mdb: "modbus-tables/inepro/metering-pro380/latest/registers.json",
    mbmap: { path: "maps/inepro-metering/pro380.mbmap.json", note: "defaults (excerpt, manual V2.18-8)" },
  },
  notes: [
    "Power in kW, energy in kWh floats.",
    "0x5000..0x5031 (50 regs) in one request.",
    "WAGO 879-30xx uses the same map (mbmd wago87930.go).",
  ],
  confidence: "A",
};

const lovatoDmg610: Sheet = {
  id: "lovato-dmg610",
  vendor: "Lovato",
  models: ["DMG610", "DMG210", "DMG300", "DMG700/800", "DMG110 (verify)"],
  transports: ["rtu"],
  usual: { unitId: 1, line: "9600 8N1" },
  defaultsSource: "evcc default 9600 8N1 (not device-specific)",
  functionCode: 4,
  alternativeFunctionCodes: [3],
  limits: { maxGap: 8 },
  registers: [
    ["voltage", [1, 3, 5], "uint32", 0.01, "mbmd openwb mdb", "quantity"],
    ["current", [7, 9, 11], "uint32", 0.0001, "mbmd openwb mdb", "quantity"],
    ["power", [19, 21, 23], "int32", 0.01, "mbmd openwb mdb", "quantity"],
    ["powerFactor", [37, 39, 41], "int32", 0.0001, "openwb mdb", "quantity"],
    ["frequency", 49, "uint32", 0.01, "mbmd openwb mdb", "quantity"],
    ["power", 57, "int32", 0.01, "mbmd mdb", "quantity"],
    ["energyImport", 6943, "uint64", 10, "mbmd", "quantity"],
    ["energyExport", 6947, "uint64", 10, "mbmd", "quantity"],
  ],
  sources: {
    mbmd: "meters/rs485/dmg610.go",
    openwb: "packages/modules/common/lovato.py",
    mdb: "modbus-tables/lovato/dmg210-dmg300-dmg700-dmg800/latest/registers.json",
  },
  disagreements: [
    'frequency scale: mbmd 0.001 Hz, openWB 0.01 Hz with "divide by 10 if > 100" (external CT variant): use 0.01 and auto-correct by plausibility 45..65 Hz.',
  ],
  notes: ["Table numbers are 1-based: wire = number - 1.", "1..0x3A (58 regs) in one request."],
  confidence: "A",
};

const pqplusUmd96: Sheet = {
  id: "pqplus-umd96",
  vendor: "PQ Plus",
  models: ["UMD 96"],
  transports: ["tcp", "rtu"],
  usual: { unitId: 1, port: 502 },
  defaultsSource: "not stated",
  functionCode: 3,
  limits: { maxGap: 10 },
  registers: [
    ["frequency", 4100, "float32", 1, "openems", "full"],
    ["voltage", [4352, 4354, 4356], "float32", 1, "openems", "full"],
    ["current", [4608, 4610, 4612], "float32", 1, "openems", "full"],
    ["power", 4884, "float32", 1, "openems", "full"],
    ["power", [4896, 4898, 4900], "float32", 1, "openems", "full"],
  ],
  sources: {
    openems: "io.openems.edge.meter.pqplus/src/io/openems/edge/meter/pqplus/umd96/MeterPqplusUmd96Impl.java",
  },
  confidence: "B",
};

const sbcAle3: Sheet = {
  id: "sbc-ale3",
  vendor: "Saia Burgess Controls",
  models: ["ALE3", "AxD3/AxE3 energy meters"],
  transports: ["rtu"],
  usual: { unitId: 1 },
  defaultsSource: "not stated",
  functionCode: 3,
  limits: { maxRegistersPerRead: 20, maxGap: 2 },
  registers: [
    ["energyImport", 27, "uint32", 10, "mbmd", "quantity"],
    ["energyExport", 31, "uint32", 10, "mbmd", "quantity"],
    ["voltage", [35, 40, 45], "uint16", 1, "mbmd", "quantity"],
    ["current", [36, 41, 46], "uint16", 0.1, "mbmd", "quantity"],
    ["power", [37, 42, 47], "int16", 10, "mbmd", "quantity"],
    ["powerFactor", [39, 44, 49], "uint16", 0.01, "mbmd", "quantity"],
    ["power", 50, "int16", 10, "mbmd", "quantity"],
  ],
  signConvention: "mbmd decodes power as uint16; int16 assumed here for bidirectional variants -> verify",
  sources: {
    mbmd: "meters/rs485/sbc.go",
  },
  disagreements: [
    'power: mbmd says "scaler 100" and divides by 100 (kW) while the unit used elsewhere is W; raw unit = 0.01 kW -> scale 10 W.',
  ],
  confidence: "C",
};

const shellyPro3em: Sheet = {
  id: "shelly-pro-3em",
  vendor: "Shelly",
  models: ["Pro 3EM", "Pro 3EM-400", "3EM-63 Gen3 (triphase profile)"],
  transports: ["tcp"],
  usual: { unitId: 1, port: 502 },
  defaultsSource: "driver: tcp unit 1, port 502; Modbus must be enabled first (Modbus.SetConfig)",
  functionCode: 4,
  wordOrder: "little",
  limits: { maxGap: 20 },
  registers: [
    ["power", 1013, "float32", 1, "driver esphome", "text"],
    ["voltage", [1020, 1040, 1060], "float32", 1, "driver esphome", "text"],
    ["current", [1022, 1042, 1062], "float32", 1, "driver esphome", "text"],
    ["power", [1024, 1044, 1064], "float32", 1, "driver esphome", "text"],
    ["powerFactor", [1028, 1048, 1068], "float32", 1, "driver esphome", "text"],
    ["energyImport", 1162, "float32", 1, "driver", "hand"],
    ["energyExport", 1164, "float32", 1, "driver", "hand"],
  ],
  sources: {
    driver: {
      repo: "public source file",
      path: "dbus-modbus-client add-on driver for Shelly (Reg_shelly: base - 30000, float little-endian words, FC4)",
      note: "31013, 31020+20n, 31162/31164",
    },
    mbmap: {
      path: "maps/shelly/pro-3em.mbmap.json",
      note: "official doc rules: FC4, 3xxxx -> minus 30000, low word first, +80/+70 for a 2nd component",
    },
    esphome: {
      repo: "creepystefan/ESPHome-Shelly-3EM-Pro-Gen-2",
      path: "README.md",
      commit: "93bdfe43e2",
      note: "lists register + 1 (1014, 1021, 1041, 1061)",
    },
  },
  disagreements: [
    "creepystefan README uses addresses one higher (1014/1021/...): its reader is 1-based; driver and official rule give 1013/1020.",
  ],
  notes: [
    "float32 LOW WORD FIRST, input registers only.",
    "Monophase profile uses EM1 blocks at 2003.. (V), 2005 (I), 2007 (P), +20 per channel; energies 2310/2312 +20.",
    "Energies are PER-PHASE summed (no net metering): evcc#29727 integrates power instead.",
    "1013..1069 = 57 registers in one request.",
  ],
  confidence: "A",
};

const tqEm300Lr: Sheet = {
  id: "tq-em300-lr",
  vendor: "TQ-Systems / B-control",
  models: ["EM300-LR", "EM300", "Energy Manager EM300 (B-control)"],
  transports: ["tcp"],
  usual: { unitId: 1, port: 502 },
  defaultsSource: "OpenEMS config requires a unit id; Modbus TCP port 502",
  functionCode: 3,
  limits: { maxGap: 20 },
  registers: [
    ["powerImport", 0, "uint32", 0.1, "openems openwb_ksem", "full"],
    ["powerExport", 2, "uint32", 0.1, "openems openwb_ksem", "full"],
    ["frequency", 26, "uint32", 0.001, "openems openwb_ksem", "full"],
    ["powerImport", [40, 80, 120], "uint32", 0.1, "openems openwb_ksem", "full"],
    ["powerExport", [42, 82, 122], "uint32", 0.1, "openems openwb_ksem", "full"],
    ["current", [60, 100, 140], "uint32", 0.001, "openems openwb_ksem", "full"],
    ["voltage", [62, 102, 142], "uint32", 0.001, "openems openwb_ksem", "full"],
    ["powerFactor", [64, 104, 144], "int32", 0.001, "openwb_ksem", "text"],
    ["energyImport", 512, "uint64", 0.1, "openems openwb_ksem", "full"],
    ["energyExport", 516, "uint64", 0.1, "openems openwb_ksem", "full"],
  ],
  computed: {
    power: "powerImport - powerExport",
    powerL1: "powerImportL1 - powerExportL1",
    powerL2: "powerImportL2 - powerExportL2",
    powerL3: "powerImportL3 - powerExportL3",
  },
  signConvention:
    "A+ (0) = import from grid, A- (2) = export; currents are unsigned RMS magnitudes: take the direction from the sign of the phase power",
  sources: {
    openems:
      "io.openems.edge.meter.bcontrol.em300/src/io/openems/edge/meter/bcontrol/em300/MeterBControlEM300Impl.java",
    openwb_ksem: { path: "packages/modules/devices/kostal/kostal_sem/counter.py", note: "KSEM, same OEM map" },
  },
  disagreements: [
    "tri-state: OpenEMS EM300 omits power factor; openWB reads it at 64/104/144 on the KSEM (same OEM map).",
  ],
  notes: [
    "Power comes as UNSIGNED import/export pairs in 0.1 W; exactly one of the pair is non-zero. Read both halves of a pair in the same request or the difference glitches at a sign change.",
    "Energies: uint64 in 0.1 Wh: decode with BigInt, then divide.",
    "Blocks: 0..27 (28 regs), 40..65, 80..105, 120..145, 512..519; or 0..125 + 126..145 in two requests. 40..143 in one request works (OpenEMS).",
  ],
  confidence: "A",
};

const wago87930xx: Sheet = {
  id: "wago-879-30xx",
  vendor: "WAGO",
  models: ["879-3000", "879-3020", "879-3040"],
  transports: ["rtu"],
  usual: { unitId: 1, line: "9600 8E1" },
  defaultsSource: "as Inepro (same map)",
  functionCode: 3,
  limits: { maxGap: 4 },
  registers: [
    ["voltage", [20482, 20484, 20486], "float32", 1, "mbmd", "quantity"],
    ["frequency", 20488, "float32", 1, "mbmd", "quantity"],
    ["current", [20492, 20494, 20496], "float32", 1, "mbmd", "quantity"],
    ["power", 20498, "float32", 1000, "mbmd", "quantity"],
    ["power", [20500, 20502, 20504], "float32", 1000, "mbmd", "quantity"],
    ["powerFactor", 20522, "float32", 1, "mbmd", "quantity"],
    ["powerFactor", [20524, 20526, 20528], "float32", 1, "mbmd", "quantity"],
    ["energyImport", 24588, "float32", 1000, "mbmd", "quantity"],
    ["energyExport", 24600, "float32", 1000, "mbmd", "quantity"],
  ],
  sources: {
    mbmd: "meters/rs485/wago87930.go",
  },
  notes: ["Second opinion: identical map in mbmd inepro.go."],
  confidence: "B",
};

/** Makers of one device each, Eltako to WAGO. */
export const othersEToZ: readonly Sheet[] = [
  eltakoDsz15,
  hagerEcr380d,
  ineproPro380,
  lovatoDmg610,
  pqplusUmd96,
  sbcAle3,
  shellyPro3em,
  tqEm300Lr,
  wago87930xx,
];
