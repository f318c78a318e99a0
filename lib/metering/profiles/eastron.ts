import type { MeterProfile } from "../profile-schema.ts";

const FIVE = ["mbmd", "openwb", "openems", "nymea", "everest"];
const WITHOUT_OPENWB = ["mbmd", "openems", "nymea", "everest"];
const WITHOUT_OPENEMS = ["mbmd", "openwb", "nymea", "everest"];

const sdm630: MeterProfile = {
  id: "eastron-sdm630",
  kind: "meter",
  vendor: "Eastron",
  models: ["SDM630-Modbus", "SDM630-Modbus-V2", "Kostal KEM-P", "Weidmueller EM120/EM122-RTU-2P"],
  phases: 3,
  transports: ["rtu"],
  defaults: { unitId: 1, port: null, baudRate: 9600, parity: "N", stopBits: 1 },
  defaultsSource: "nmakel/sdm_modbus: SDM630 baud 9600; ioBroker README 9600",
  functionCode: 4,
  alternativeFunctionCodes: [],
  wordOrder: "big",
  limits: { maxRegistersPerRead: 80, maxGap: 6, minRequestGapMs: 100, connectDelayMs: 0, singleClient: false },
  registers: {
    voltageL1: { address: 0, type: "float32", scale: 1, unit: "V", sources: FIVE, verified: "full" },
    voltageL2: { address: 2, type: "float32", scale: 1, unit: "V", sources: FIVE, verified: "full" },
    voltageL3: { address: 4, type: "float32", scale: 1, unit: "V", sources: FIVE, verified: "full" },
    currentL1: { address: 6, type: "float32", scale: 1, unit: "A", sources: FIVE, verified: "full" },
    currentL2: { address: 8, type: "float32", scale: 1, unit: "A", sources: FIVE, verified: "full" },
    currentL3: { address: 10, type: "float32", scale: 1, unit: "A", sources: FIVE, verified: "full" },
    powerL1: { address: 12, type: "float32", scale: 1, unit: "W", sources: FIVE, verified: "full" },
    powerL2: { address: 14, type: "float32", scale: 1, unit: "W", sources: FIVE, verified: "full" },
    powerL3: { address: 16, type: "float32", scale: 1, unit: "W", sources: FIVE, verified: "full" },
    power: { address: 52, type: "float32", scale: 1, unit: "W", sources: WITHOUT_OPENWB, verified: "full" },
    powerFactorL1: {
      address: 30,
      type: "float32",
      scale: 1,
      unit: "",
      sources: ["mbmd", "openwb"],
      verified: "quantity",
    },
    powerFactorL2: {
      address: 32,
      type: "float32",
      scale: 1,
      unit: "",
      sources: ["mbmd", "openwb"],
      verified: "quantity",
    },
    powerFactorL3: {
      address: 34,
      type: "float32",
      scale: 1,
      unit: "",
      sources: ["mbmd", "openwb"],
      verified: "quantity",
    },
    powerFactor: { address: 62, type: "float32", scale: 1, unit: "", sources: ["mbmd"], verified: "quantity" },
    frequency: { address: 70, type: "float32", scale: 1, unit: "Hz", sources: FIVE, verified: "full" },
    energyImport: {
      address: 72,
      type: "float32",
      scale: 1000,
      unit: "Wh",
      sources: WITHOUT_OPENEMS,
      verified: "quantity",
    },
    energyExport: {
      address: 74,
      type: "float32",
      scale: 1000,
      unit: "Wh",
      sources: WITHOUT_OPENEMS,
      verified: "quantity",
    },
  },
  signConvention:
    "signed active power, import positive; import/export energies separate. currents are unsigned RMS magnitudes: take the direction from the sign of the phase power",
  sources: {
    mbmd: { repo: "volkszaehler/mbmd", path: "meters/rs485/sdm.go", commit: "fb8f9c22f1" },
    openwb: { repo: "openWB/core", path: "packages/modules/common/sdm.py", commit: "3039a21010" },
    openems: {
      repo: "OpenEMS/openems",
      path: "io.openems.edge.meter.eastron/src/io/openems/edge/meter/eastron/sdm630/MeterEastronSdm630Impl.java",
      commit: "0e4ea8881f",
    },
    nymea: { repo: "nymea/nymea-plugins-modbus", path: "bgetech/sdm630-registers.json", commit: "fcffebb468" },
    everest: {
      repo: "EVerest/everest-core",
      path: "modules/HardwareDrivers/PowerMeters/GenericPowermeter/models/Eastron_SDM630-V2.yaml",
      commit: "23c9dac168",
    },
  },
  disagreements: ["[scale] frequency: OpenEMS scale 0.001 vs profile 1 (openems)"],
  notes: [
    "Document numbers 30001.. -> wire address = number - 30001, FC4, float32 high word first.",
    "openWB: wait 0.1 s between requests (silent interval) and read small blocks: SDM120 <=20 registers per read, some SDM72 only 10.",
    "One-decimal or x10 frequency glitches were seen with external CTs: openWB divides by 10 when > 100 Hz.",
  ],
  confidence: "A",
};

/** Eastron (also sold as B+G e-tech, Kostal, Weidmüller). */
export const eastron: readonly MeterProfile[] = [sdm630];
