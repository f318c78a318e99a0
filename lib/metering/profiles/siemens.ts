import type { MeterProfile } from "../profile-schema.ts";

const FOUR = ["openwb", "openems", "mbmd", "mdb"];
const THREE = ["openwb", "mbmd", "mdb"];

const pac2200: MeterProfile = {
  id: "siemens-pac2200",
  kind: "meter",
  vendor: "Siemens",
  models: ["SENTRON PAC2200", "7KM2200"],
  phases: 3,
  transports: ["tcp", "rtu"],
  defaults: { unitId: 1, port: 502, baudRate: 19200, parity: "N", stopBits: 2 },
  defaultsSource: "mbmap excerpt: RS-485 versions address 126, 19200 8N2; TCP port 502 (unit 1 in openWB)",
  functionCode: 3,
  alternativeFunctionCodes: [4],
  wordOrder: "big",
  limits: {
    maxRegistersPerRead: 125,
    maxGap: 14,
    minRequestGapMs: 0,
    connectDelayMs: 0,
    singleClient: false,
    alignToValues: true,
  },
  registers: {
    voltageL1: { address: 1, type: "float32", scale: 1, unit: "V", sources: FOUR, verified: "full" },
    voltageL2: { address: 3, type: "float32", scale: 1, unit: "V", sources: FOUR, verified: "full" },
    voltageL3: { address: 5, type: "float32", scale: 1, unit: "V", sources: FOUR, verified: "full" },
    currentL1: { address: 13, type: "float32", scale: 1, unit: "A", sources: FOUR, verified: "full" },
    currentL2: { address: 15, type: "float32", scale: 1, unit: "A", sources: FOUR, verified: "full" },
    currentL3: { address: 17, type: "float32", scale: 1, unit: "A", sources: FOUR, verified: "full" },
    powerL1: { address: 25, type: "float32", scale: 1, unit: "W", sources: FOUR, verified: "full" },
    powerL2: { address: 27, type: "float32", scale: 1, unit: "W", sources: FOUR, verified: "full" },
    powerL3: { address: 29, type: "float32", scale: 1, unit: "W", sources: FOUR, verified: "full" },
    power: { address: 65, type: "float32", scale: 1, unit: "W", sources: FOUR, verified: "full" },
    powerFactorL1: { address: 37, type: "float32", scale: 1, unit: "", sources: THREE, verified: "quantity" },
    powerFactorL2: { address: 39, type: "float32", scale: 1, unit: "", sources: THREE, verified: "quantity" },
    powerFactorL3: { address: 41, type: "float32", scale: 1, unit: "", sources: THREE, verified: "quantity" },
    powerFactor: { address: 69, type: "float32", scale: 1, unit: "", sources: ["mbmd", "mdb"], verified: "quantity" },
    frequency: { address: 55, type: "float32", scale: 1, unit: "Hz", sources: ["openwb", "mdb"], verified: "quantity" },
    energyImportT1: { address: 801, type: "float64", scale: 1, unit: "Wh", sources: FOUR, verified: "full" },
    energyImportT2: { address: 805, type: "float64", scale: 1, unit: "Wh", sources: ["mbmap"], verified: "text" },
    energyExportT1: { address: 809, type: "float64", scale: 1, unit: "Wh", sources: FOUR, verified: "full" },
    energyExportT2: { address: 813, type: "float64", scale: 1, unit: "Wh", sources: ["mbmap"], verified: "text" },
  },
  computed: { energyImport: "energyImportT1 + energyImportT2", energyExport: "energyExportT1 + energyExportT2" },
  signConvention:
    "import (consumption) positive as delivered by the device; export negative. currents are unsigned RMS magnitudes: take the direction from the sign of the phase power",
  sources: {
    openwb: {
      repo: "openWB/core",
      path: "packages/modules/devices/siemens/siemens_sentron/counter.py",
      commit: "3039a21010",
    },
    openems: {
      repo: "OpenEMS/openems",
      path: "io.openems.edge.meter.siemens/src/io/openems/edge/meter/siemens/pac2200/MeterSiemensPac2200Impl.java",
      commit: "0e4ea8881f",
    },
    mbmd: { repo: "volkszaehler/mbmd", path: "meters/rs485/pac2200.go", commit: "fb8f9c22f1" },
    mdb: {
      repo: "jibrilsharafi/modbus-database",
      path: "modbus-tables/siemens/sentron-pac-2200/latest/registers.json",
      commit: "fba9d46911",
    },
    mbmap: {
      repo: "nobrega8/mbmap-library",
      path: "maps/siemens/sentron-pac-2200.mbmap.json",
      note: "defaults and read rules (excerpt of the manual L1V30415167B-06)",
    },
  },
  disagreements: [
    "frequency: mbmd reads 46, openWB and the manual table (modbus-database) read 55 -> 55 taken; 46 lies outside the documented values.",
  ],
  notes: [
    'Manual "offset" == 0-based wire address (1 = VL1-N): do NOT subtract 1.',
    "A read that starts or ends inside a multi-register value returns an exception (mbmap note, from the manual): never split values; FC03 and FC04 both work.",
    "Energies are float64 (4 registers) in Wh per tariff: 801 = import T1, 805 = import T2, 809 = export T1, 813 = export T2. With two tariffs the total is T1+T2.",
    "One block 1..70 (70 registers) covers all fast values; a second 801..816 covers energies.",
    "RTU versions ship with address 126.",
  ],
  confidence: "A",
};

/** Siemens SENTRON. */
export const siemens: readonly MeterProfile[] = [pac2200];
