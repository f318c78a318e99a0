import { ALL_ONES_16, ALL_ONES_32, ALL_ONES_64, INT16_MAX, INT32_MAX, maker, SIGNS } from "./notation.ts";

const NOT_AVAILABLE =
  'Not-available: all-ones (unsigned) / 0x7FFF.. (signed): per-phase values on 1-phase and 2-wire meters, export on import-only ("bronze") variants.';
const ENERGY_STEP = "Energies count 0.01 kWh (uint64).";
const BLOCK = "0x5B00..0x5B3D (62 regs) can be read in one request.";
const PAUSES = "openWB waits 0.1 s between requests; victron uses a 0.5 s minimum timeout.";

/** Devices of ABB. */
export const abb = maker(
  {
    vendor: "ABB",
    transports: ["rtu"],
    usual: { unitId: 1 },
    functionCode: 3,
    limits: { maxGap: 12, minRequestGapMs: 100 },
  },
  [
    {
      id: "abb-b23-b24",
      models: ["B23", "B24", "EQmatic B23/B24"],
      transports: ["rtu", "tcp"],
      usual: { unitId: 1, port: 502 },
      defaultsSource: "victron probes units 1 and 2; baud/parity are set on the meter (not stated)",
      registers: [
        ["voltage", [23296, 23298, 23300], "uint32", 0.1, "mbmd openwb victron", "quantity", ALL_ONES_32],
        ["current", [23308, 23310, 23312], "uint32", 0.01, "mbmd openwb victron", "quantity", ALL_ONES_32],
        ["power", 23316, "int32", 0.01, "mbmd openwb victron", "quantity", INT32_MAX],
        ["power", [23318, 23320, 23322], "int32", 0.01, "mbmd openwb victron", "quantity", INT32_MAX],
        ["frequency", 23340, "uint16", 0.01, "mbmd openwb victron", "quantity", ALL_ONES_16],
        ["powerFactor", 23354, "int16", 0.001, "mbmd victron", "quantity", INT16_MAX],
        ["powerFactor", [23355, 23356, 23357], "int16", 0.001, "mbmd openwb victron", "quantity", INT16_MAX],
        ["energyImport", 20480, "uint64", 10, "mbmd openwb victron mdb", "quantity", ALL_ONES_64],
        ["energyExport", 20484, "uint64", 10, "mbmd openwb victron mdb", "quantity", ALL_ONES_64],
      ],
      sources: {
        mbmd: "meters/rs485/abb.go",
        openwb: "packages/modules/common/b23.py",
        victron: "abb.py",
        mdb: "modbus-tables/abb/b23-b24/latest/registers.json",
      },
      disagreements: [
        'openWB comment: documented per-phase PF registers 0x5B3B/0x5B3D/0x5B3F "not available in all devices"; code uses 0x5B3B..3D.',
      ],
      notes: [NOT_AVAILABLE, ENERGY_STEP, BLOCK, PAUSES],
      confidence: "A",
    },
    {
      id: "abb-b21",
      models: ["B21"],
      phases: 1,
      defaultsSource: "victron probes units 1 and 2",
      registers: [
        ["voltageL1", 23296, "uint32", 0.1, "victron mbmd", "quantity", ALL_ONES_32],
        ["currentL1", 23308, "uint32", 0.01, "victron mbmd", "quantity", ALL_ONES_32],
        ["power", 23316, "int32", 0.01, "victron mbmd", "quantity", INT32_MAX],
        ["frequency", 23340, "uint16", 0.01, "victron mbmd", "quantity", ALL_ONES_16],
        ["powerFactor", 23354, "int16", 0.001, "victron mbmd", "quantity", INT16_MAX],
        ["energyImport", 20480, "uint64", 10, "victron mbmd mdb", "quantity", ALL_ONES_64],
        ["energyExport", 20484, "uint64", 10, "victron mbmd mdb", "quantity", ALL_ONES_64],
      ],
      signConvention: SIGNS.currentsSigned,
      sources: {
        victron: "abb.py",
        mbmd: "meters/rs485/abb.go",
        mdb: "modbus-tables/abb/b21/latest/registers.json",
      },
      notes: [
        NOT_AVAILABLE,
        "Phase power/energy registers return not-available on B21: use the totals (victron abb.py).",
      ],
      confidence: "A",
    },
    {
      id: "abb-a43-a44",
      models: ["A43", "A44", "A41/A42 (1-phase: L1 only)"],
      defaultsSource: "not stated",
      registers: [
        ["voltage", [23296, 23298, 23300], "uint32", 0.1, "mbmd", "quantity", ALL_ONES_32],
        ["current", [23308, 23310, 23312], "uint32", 0.01, "mbmd", "quantity", ALL_ONES_32],
        ["power", 23316, "int32", 0.01, "mbmd", "quantity", INT32_MAX],
        ["power", [23318, 23320, 23322], "int32", 0.01, "mbmd", "quantity", INT32_MAX],
        ["frequency", 23340, "uint16", 0.01, "mbmd", "quantity", ALL_ONES_16],
        ["powerFactor", 23354, "int16", 0.001, "mbmd", "quantity", INT16_MAX],
        ["powerFactor", [23355, 23356, 23357], "int16", 0.001, "mbmd", "quantity", INT16_MAX],
        ["energyImport", 20480, "uint64", 10, "mbmd mdb", "quantity", ALL_ONES_64],
        ["energyExport", 20484, "uint64", 10, "mbmd mdb", "quantity", ALL_ONES_64],
      ],
      sources: {
        mbmd: "meters/rs485/abb.go",
        mdb: "modbus-tables/abb/a43-a44/latest/registers.json",
      },
      notes: [NOT_AVAILABLE, ENERGY_STEP, BLOCK, PAUSES, "evcc abb-ab.yaml lists A43/A44/B23/B24 under this one map."],
      confidence: "B",
    },
  ],
);
