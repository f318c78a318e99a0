import { maker, SIGNS } from "./notation.ts";

/** Devices of Orno. */
export const orno = maker(
  { vendor: "Orno", transports: ["rtu"], usual: { unitId: 1, line: "9600 8E1" }, functionCode: 3 },
  [
    {
      id: "orno-we516-we517",
      models: ["OR-WE-516", "OR-WE-517"],
      defaultsSource: "mbmd README / evcc orno.yaml: 9600 8E1, id 1",
      limits: { maxGap: 8 },
      registers: [
        ["voltage", [14, 16, 18], "float32", 1, "mbmd zero drt", "full"],
        ["frequency", 20, "float32", 1, "mbmd zero drt", "full"],
        ["current", [22, 24, 26], "float32", 1, "mbmd zero drt", "full"],
        ["power", 28, "float32", 1000, "mbmd zero drt", "full"],
        ["power", [30, 32, 34], "float32", 1000, "mbmd zero drt", "full"],
        ["powerFactor", 52, "float32", 1, "mbmd drt", "full"],
        ["powerFactor", [54, 56, 58], "float32", 1, "mbmd drt", "full"],
        ["energyImport", 264, "float32", 1000, "mbmd drt", "full"],
        ["energyExport", 272, "float32", 1000, "mbmd drt", "full"],
      ],
      sources: {
        mbmd: "meters/rs485/orno3p.go",
        zero: {
          repo: "public source file",
          path: 'orno/fif-style modbus yaml "zero_mode" map: l1_voltage/14, frequency/20, l1_current/22, total_active_power/28*1000, l1_active_power/30*1000',
          note: "float32be holding registers",
        },
        drt: {
          repo: "OpenEMS/openems",
          path: "io.openems.edge.meter.bgetech/src/io/openems/edge/meter/bgetech/MeterBgeTechDrt428M2Impl.java",
          commit: "0e4ea8881f",
        },
      },
      disagreements: [
        "[scale] energyExport: OpenEMS scale 1 vs profile 1000 (drt)",
        "[scale] energyImport: OpenEMS scale 1 vs profile 1000 (drt)",
      ],
      notes: [
        "Same hardware map as B+G E-Tech DRT428M-2 (OpenEMS) with kW/kWh floats.",
        "0x0E..0x3B = 46 registers in one request.",
      ],
      confidence: "A",
    },
    {
      id: "orno-we514-we515",
      models: ["OR-WE-514", "OR-WE-515"],
      phases: 1,
      defaultsSource: "mbmd README: 9600 8E1, id 1",
      limits: { maxGap: 6 },
      registers: [
        ["frequency", 304, "uint16", 0.01, "mbmd", "quantity"],
        ["voltageL1", 305, "uint16", 0.01, "mbmd", "quantity"],
        ["currentL1", 313, "uint32", 0.001, "mbmd", "quantity"],
        ["power", 320, "uint32", 1, "mbmd", "quantity"],
        ["powerFactor", 344, "uint16", 0.001, "mbmd", "quantity"],
        ["energyTotal", 40960, "uint32", 10, "mbmd", "quantity"],
      ],
      computed: { energyImport: "energyTotal" },
      signConvention: "unsigned: direction not available",
      sources: {
        mbmd: "meters/rs485/orno1p.go",
      },
      disagreements: [
        "openWB orno/counter.py reads 0x141 (int32 power) and 0xA001 (energy x10): one register higher than mbmd -> off-by-one between the two; mbmd (probe-tested) taken.",
      ],
      confidence: "B",
    },
    {
      id: "orno-we504",
      models: ["OR-WE-504"],
      phases: 1,
      defaultsSource: "mbmd README: 9600 8E1, id 1",
      limits: { maxGap: 2 },
      registers: [
        ["voltageL1", 0, "uint16", 0.1, "mbmd", "quantity"],
        ["currentL1", 1, "uint16", 0.1, "mbmd", "quantity"],
        ["frequency", 2, "uint16", 0.1, "mbmd", "quantity"],
        ["power", 3, "uint16", 1, "mbmd", "quantity"],
        ["powerFactor", 6, "uint16", 0.001, "mbmd", "quantity"],
        ["energyTotal", 7, "uint32", 1, "mbmd", "quantity"],
      ],
      computed: { energyImport: "energyTotal" },
      signConvention: "unsigned",
      sources: {
        mbmd: "meters/rs485/orno1p504.go",
      },
      confidence: "B",
    },
    {
      id: "orno-we525-we526",
      models: ["OR-WE-525", "OR-WE-526"],
      phases: 1,
      defaultsSource: "family default",
      functionCode: 4,
      alternativeFunctionCodes: [3],
      limits: { maxGap: 4 },
      registers: [
        ["voltageL1", 256, "int32", 0.001, "mbmd ws100", "quantity"],
        ["currentL1", 258, "int32", 0.001, "mbmd ws100", "quantity"],
        ["power", 260, "int32", 1, "mbmd ws100", "quantity"],
        ["frequency", 266, "uint16", 0.1, "mbmd ws100", "quantity"],
        ["powerFactor", 267, "int16", 0.001, "mbmd ws100", "quantity"],
        ["energyImport", 270, "uint32", 10, "mbmd ws100", "quantity"],
        ["energyExport", 280, "uint32", 10, "mbmd ws100", "quantity"],
      ],
      signConvention: SIGNS.currentsSigned,
      sources: {
        mbmd: "meters/rs485/orno1p525.go",
        ws100: {
          repo: "volkszaehler/mbmd",
          path: "meters/rs485/ws100.go",
          commit: "fb8f9c22f1",
          note: "B+G e-tech WS100: same map, FC3",
        },
      },
      confidence: "A",
    },
  ],
);
