import { maker, SIGNS } from "./notation.ts";

const IDENTIFY = 'Identify: 0xC350 (4 words) = "SOCO" (0x0053004F0043004F), name string at 0xC38A (8 words).';
const COARSE = "V in 0.01 V, I in mA, P in 0.01 kW (10 W resolution!): coarse for surplus control.";
const THREE_PHASE =
  "io.openems.edge.meter.socomec/src/io/openems/edge/meter/socomec/threephase/MeterSocomecThreephaseImpl.java";

/** Devices of Socomec. */
export const socomec = maker(
  {
    vendor: "Socomec",
    transports: ["rtu"],
    usual: { unitId: 1 },
    defaultsSource: "not stated",
    functionCode: 3,
    limits: { maxGap: 4 },
    notes: [IDENTIFY, COARSE],
  },
  [
    {
      id: "socomec-countis-e23-e28",
      models: ["Countis E23", "E24", "E27", "E28"],
      registers: [
        ["voltage", [50520, 50522, 50524], "uint32", 0.01, "openems mdb", "full"],
        ["frequency", 50526, "uint32", 0.01, "openems", "full"],
        ["current", [50528, 50530, 50532], "uint32", 0.001, "openems mdb", "full"],
        ["power", 50536, "int32", 10, "openems mdb", "full"],
        ["power", [50544, 50546, 50548], "int32", 10, "openems mdb", "full"],
        ["energyImport", 50946, "uint32", 10, "openems", "full"],
        ["energyExport", 50952, "uint32", 10, "openems", "full"],
      ],
      sources: {
        openems: THREE_PHASE,
        mdb: "modbus-tables/socomec/countis-e23/latest/registers.json",
      },
      disagreements: [
        "frequency: OpenEMS applies no scaling on E2x but 0.01 Hz on E3x/E44/A10/A14 -> 0.01 Hz taken.",
        "[scale] frequency: OpenEMS scale 0.001 vs profile 0.01 (openems)",
      ],
      confidence: "A",
    },
    {
      id: "socomec-countis-e34-e44",
      models: ["Countis E33", "E34", "E43", "E44"],
      registers: [
        ["voltage", [50520, 50522, 50524], "uint32", 0.01, "openems mdb", "full"],
        ["frequency", 50526, "uint32", 0.01, "openems mdb", "full"],
        ["current", [50528, 50530, 50532], "uint32", 0.001, "openems mdb", "full"],
        ["power", 50536, "int32", 10, "openems mdb", "full"],
        ["power", [50544, 50546, 50548], "int32", 10, "openems mdb", "full"],
        ["energyImport", 50946, "uint32", 10, "openems", "full"],
        ["energyExport", 50952, "uint32", 10, "openems", "full"],
      ],
      sources: {
        openems: THREE_PHASE,
        mdb: "modbus-tables/socomec/countis-e33-countis-e43/latest/registers.json",
      },
      confidence: "A",
    },
    {
      id: "socomec-countis-e14",
      models: ["Countis E13", "E14"],
      phases: 1,
      limits: { maxGap: 6 },
      registers: [
        ["voltageL1", 50520, "uint32", 0.01, "openems_t mdb", "full"],
        ["currentL1", 50528, "uint32", 0.001, "openems_t mdb", "full"],
        ["power", 50536, "int32", 10, "openems_t mdb", "full"],
        ["energyImport", 50946, "uint32", 10, "openems openems_t mdb", "full"],
        ["energyExport", 50952, "uint32", 10, "openems openems_t mdb", "full"],
      ],
      signConvention: SIGNS.currentsSigned,
      sources: {
        openems:
          "io.openems.edge.meter.socomec/src/io/openems/edge/meter/socomec/singlephase/MeterSocomecSinglephaseImpl.java",
        openems_t:
          "io.openems.edge.meter.socomec/src/io/openems/edge/meter/socomec/singlephase/MeterSocomecSinglephaseImpl.java",
        mdb: "modbus-tables/socomec/countis-e14/latest/registers.json",
      },
      confidence: "A",
    },
    {
      id: "socomec-diris-a10",
      models: ["Diris A-10"],
      registers: [
        ["voltage", [50520, 50522, 50524], "uint32", 0.01, "openems", "full"],
        ["frequency", 50526, "uint32", 0.01, "openems", "full"],
        ["current", [50528, 50530, 50532], "uint32", 0.001, "openems", "full"],
        ["power", 50536, "int32", 10, "openems", "full"],
        ["power", [50544, 50546, 50548], "int32", 10, "openems", "full"],
        ["energyImport", 50780, "uint32", 1000, "openems", "full"],
        ["energyExport", 50786, "uint32", 1000, "openems", "full"],
      ],
      sources: {
        openems: THREE_PHASE,
      },
      confidence: "B",
    },
    {
      id: "socomec-diris-a14",
      models: ["Diris A14"],
      registers: [
        ["voltage", [50520, 50522, 50524], "uint32", 0.01, "openems", "full"],
        ["frequency", 50526, "uint32", 0.01, "openems", "full"],
        ["current", [50528, 50530, 50532], "uint32", 0.001, "openems", "full"],
        ["power", 50536, "int32", 10, "openems", "full"],
        ["power", [50544, 50546, 50548], "int32", 10, "openems", "full"],
        ["energyImport", 50946, "uint32", 10, "openems", "full"],
        ["energyExport", 50952, "uint32", 10, "openems", "full"],
      ],
      sources: {
        openems: THREE_PHASE,
      },
      confidence: "B",
    },
    {
      id: "socomec-diris-b30",
      models: ["Diris B30"],
      transports: ["rtu", "tcp"],
      usual: { unitId: 1, port: 502 },
      limits: { maxGap: 12 },
      registers: [
        ["voltage", [18444, 18446, 18448], "uint32", 0.01, "openems", "full"],
        ["current", [18458, 18460, 18462], "uint32", 0.001, "openems", "full"],
        ["power", 18476, "int32", 1, "openems", "full"],
        ["power", [18488, 18490, 18492], "int32", 1, "openems", "full"],
        ["energyImport", 19843, "uint32", 1000, "openems", "full"],
        ["energyExport", 19846, "uint32", 1000, "openems", "full"],
      ],
      sources: {
        openems: THREE_PHASE,
      },
      notes: [IDENTIFY],
      confidence: "B",
    },
  ],
);
