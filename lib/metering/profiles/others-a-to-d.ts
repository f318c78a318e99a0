import { ALL_ONES_32, type Sheet } from "./notation.ts";

const acrelAdw300: Sheet = {
  id: "acrel-adw300",
  vendor: "Acrel",
  models: ["ADW300"],
  transports: ["rtu", "tcp"],
  usual: { unitId: 1, port: 502, line: "1200" },
  defaultsSource: "evcc: 1200 baud default",
  functionCode: 3,
  limits: { maxGap: 6 },
  registers: [
    ["voltage", [20, 21, 22], "uint16", 0.1, "evcc", "text"],
    ["current", [26, 27, 28], "uint16", 0.01, "evcc", "text"],
    ["power", [30, 32, 34], "int32", 1, "evcc", "text"],
    ["power", 36, "int32", 1, "evcc", "text"],
    ["energyImport", 62, "int32", 10, "evcc", "text"],
    ["energyExport", 64, "int32", 10, "evcc", "text"],
  ],
  sources: {
    evcc: "templates/definition/meter/acrel-adw300.yaml",
  },
  confidence: "B",
};

const algodueUem: Sheet = {
  id: "algodue-uem",
  vendor: "Algodue",
  models: ["UEM40/UEM80 (Modbus RTU / via LAN gateway)"],
  transports: ["rtu", "tcp"],
  usual: { unitId: 1, port: 502 },
  defaultsSource: "openWB: unit 1, port 502",
  functionCode: 4,
  limits: { maxGap: 8 },
  registers: [
    ["voltage", [4096, 4098, 4100], "float32", 1, "openwb finder", "quantity"],
    ["current", [4110, 4112, 4114], "float32", 1, "openwb finder", "quantity"],
    ["powerFactor", [4120, 4122, 4124], "float32", 1, "openwb finder", "quantity"],
    ["power", [4128, 4130, 4132], "float32", 1, "openwb finder", "quantity"],
    ["frequency", 4152, "float32", 1, "openwb finder", "quantity"],
  ],
  computed: { power: "powerL1 + powerL2 + powerL3" },
  sources: {
    openwb: "packages/modules/devices/algodue/algodue/counter.py",
    finder: {
      repo: "jibrilsharafi/modbus-database",
      path: "modbus-tables/finder/series-7e-7e64-7e68-7e78-7e86/latest/registers.json",
      commit: "fba9d46911",
      note: "OEM sibling map",
    },
  },
  notes: [
    "Sum power/PF/energies at 4134/4126/4358/4366 exist in the sibling maps (Finder 7E, Phoenix EEM-EM3xx) but were not seen for Algodue itself.",
    "Model id at holding 0x505 (openWB comment).",
  ],
  confidence: "A",
};

const benderCc612: Sheet = {
  id: "bender-cc612",
  kind: "charger",
  vendor: "Bender",
  models: [
    "CC612/CC613 charge controller (OCPP meter via its Modbus TCP server)",
    "Mennekes AMTRON ECU",
    "Ebee controllers",
  ],
  transports: ["tcp"],
  usual: { unitId: 255, port: 502 },
  defaultsSource: "evcc: unit 255",
  functionCode: 3,
  limits: { maxGap: 6 },
  registers: [
    ["current", [212, 214, 216], "uint32", 0.001, "evcc nymea", "text", ALL_ONES_32],
    ["energyImport", 218, "uint32", 1, "evcc nymea", "text", ALL_ONES_32],
    ["power", 220, "uint32", 1, "evcc nymea", "text", ALL_ONES_32],
    ["voltage", [222, 224, 226], "uint32", 1, "evcc nymea", "text", ALL_ONES_32],
    ["power", [206, 208, 210], "uint32", 1, "nymea", "text", ALL_ONES_32],
  ],
  signConvention: "charging power, always >= 0",
  sources: {
    evcc: "charger/bender.go",
    nymea: "mennekes/amtron-ecu-registers.json",
  },
  notes: [
    "Charger-side meter (primary/OCPP meter of the controller), useful to see the EVSE share behind a main meter.",
    "Controller setting: Modbus TCP server for EMS on; register set must be Ebee/Bender/MENNEKES, not Phoenix/TQ-DM100/ISE (evcc).",
    "0xFFFFFFFF = temporarily unavailable: keep last value, flag stale.",
    "Legacy firmware: only 200..216 (energies per phase at 200/202/204).",
  ],
  confidence: "B",
};

const berneckerMpm3pm: Sheet = {
  id: "bernecker-mpm3pm",
  vendor: "Bernecker Engineering",
  models: ["MPM3PM"],
  transports: ["rtu"],
  usual: { unitId: 1 },
  defaultsSource: "not stated",
  functionCode: 3,
  alternativeFunctionCodes: [4],
  limits: { maxGap: 8 },
  registers: [
    ["energyImport", 2, "uint32", 10, "mbmd openwb", "quantity"],
    ["energyExport", 4, "uint32", 10, "mbmd openwb", "quantity"],
    ["voltage", [8, 10, 12], "uint32", 0.1, "mbmd openwb", "quantity"],
    ["current", [14, 16, 18], "uint32", 0.01, "mbmd openwb", "quantity"],
    ["power", [20, 22, 24], "int32", 0.01, "mbmd openwb", "quantity"],
    ["power", 38, "int32", 0.01, "mbmd openwb", "quantity"],
    ["frequency", 44, "uint32", 0.01, "mbmd openwb", "quantity"],
  ],
  sources: {
    mbmd: "meters/rs485/mpm3pm.go",
    openwb: "packages/modules/common/mpm3pm.py",
  },
  disagreements: [
    "function code: mbmd FC3, openWB FC4.",
    "openWB notes the energy and PF factors differ from the document (x10 Wh; PF /10 or /1000): PF left out.",
  ],
  confidence: "A",
};

const camilleBauerAplus: Sheet = {
  id: "camille-bauer-aplus",
  vendor: "Camille Bauer",
  models: ["APLUS"],
  transports: ["tcp", "rtu"],
  usual: { unitId: 1, port: 502 },
  defaultsSource: "not stated",
  functionCode: 3,
  wordOrder: "little",
  limits: { maxGap: 12 },
  registers: [
    ["voltage", [101, 103, 105], "float32", 1, "openems", "full"],
    ["current", [117, 119, 121], "float32", 1, "openems", "full"],
    ["power", 133, "float32", 1, "openems", "full"],
    ["power", [135, 137, 139], "float32", 1, "openems", "full"],
    ["frequency", 157, "float32", 1, "openems", "full"],
  ],
  sources: {
    openems:
      "io.openems.edge.meter.camillebauer.aplus/src/io/openems/edge/meter/camillebauer/aplus/MeterCamillebauerAplusImpl.java",
  },
  confidence: "B",
};

const chintDtsu666: Sheet = {
  id: "chint-dtsu666",
  vendor: "Chint",
  models: ["DTSU666", "DSSU666", "DTSU666-CT"],
  transports: ["rtu"],
  usual: { unitId: 1, line: "9600 8N1" },
  defaultsSource: "family practice 9600 8N1; openWB reads it through an RTU/TCP adapter on port 8899",
  functionCode: 3,
  limits: { maxGap: 4 },
  registers: [
    ["voltage", [8198, 8200, 8202], "float32", 0.1, "mbmd openwb emul xlsx", "quantity"],
    ["current", [8204, 8206, 8208], "float32", 0.001, "mbmd openwb emul xlsx", "quantity"],
    ["power", 8210, "float32", 0.1, "mbmd openwb emul xlsx", "quantity"],
    ["power", [8212, 8214, 8216], "float32", 0.1, "mbmd openwb emul xlsx", "quantity"],
    ["powerFactor", 8234, "float32", 0.001, "mbmd xlsx", "quantity"],
    ["powerFactor", [8236, 8238, 8240], "float32", 0.001, "mbmd openwb xlsx", "quantity"],
    ["frequency", 8260, "float32", 0.01, "mbmd openwb emul xlsx", "quantity"],
    ["energyImport", 4126, "float32", 1000, "mbmd emul", "quantity"],
    ["energyExport", 4136, "float32", 1000, "mbmd emul", "quantity"],
  ],
  sources: {
    mbmd: "meters/rs485/dtsu666.go",
    openwb: "packages/modules/devices/chint/chint/counter.py",
    emul: { repo: "emavap/DTSU666-H-HA", path: "custom_components/dtsu666_emulator/const.py", commit: "b4ccbce3f2" },
    xlsx: { repo: "salakrzy/DTSU666_CHINT_to_HUAWEI_translator", path: "doc/CHINT HUAWEI address remapping.xlsx" },
    mbmap: { path: "maps/chint/dtsu666.mbmap.json", note: "CT/VT ratio rule (excerpt, manual ZTW0.464.0104)" },
  },
  disagreements: [
    'energy address: mbmd 0x101E/0x1028, openWB 0x401E/0x4028 (both exist in emavap const.py: "main" 0x401E, "alt" 0x101E): depends on the model/firmware; probe 0x401E if 0x101E answers exception 2.',
    "openWB energy factor irat*urat*100 equals kWh->Wh only with urat in 0.1 units: consistent with x1000*ratio.",
  ],
  notes: [
    "Floats hold SCALED INTEGERS (2301.5 = 230.15 V).",
    "All values are secondary: multiply I, P, energy by irat (0x0006) and V, P, energy by urat*0.1 (0x0007) (openWB, mbmap).",
    "The meter may ship in DL/T 645 mode (DDSU666 manual): switch the protocol to Modbus first.",
  ],
  confidence: "A",
};

const dzgDvh4013: Sheet = {
  id: "dzg-dvh4013",
  vendor: "DZG",
  models: ["DVH4013", "DVH4014"],
  transports: ["rtu"],
  usual: { line: "9600 8E1" },
  defaultsSource: "mbmd README",
  functionCode: 3,
  limits: { maxGap: 2 },
  registers: [
    ["powerImport", 0, "uint32", 0.1, "mbmd", "quantity"],
    ["powerExport", 2, "uint32", 0.1, "mbmd", "quantity"],
    ["voltage", [4, 6, 8], "uint32", 0.01, "mbmd", "quantity"],
    ["current", [10, 12, 14], "uint32", 0.001, "mbmd", "quantity"],
    ["powerFactor", 16, "uint32", 0.001, "mbmd", "quantity"],
    ["frequency", 18, "uint32", 0.001, "mbmd", "quantity"],
    ["energyImport", 16384, "uint32", 1, "mbmd", "quantity"],
    ["energyExport", 16640, "uint32", 1, "mbmd", "quantity"],
  ],
  computed: { power: "powerImport - powerExport" },
  signConvention: "unsigned import/export pair, no per-phase power",
  sources: {
    mbmd: "meters/rs485/dzg.go",
    readme: { repo: "volkszaehler/mbmd", path: "README.md", note: "9600 8E1, address from serial number" },
  },
  notes: [
    "Address: last two digits of the serial number + 1, read as HEX (e.g. 23 -> 24h -> 36).",
    "0x14/0x16 answer exception 2: keep blocks exact.",
    'mbmd: "only partially implemented and not recommended".',
  ],
  confidence: "B",
};

/** Makers of one device each, Acrel to DZG. */
export const othersAToD: readonly Sheet[] = [
  acrelAdw300,
  algodueUem,
  benderCc612,
  berneckerMpm3pm,
  camilleBauerAplus,
  chintDtsu666,
  dzgDvh4013,
];
