import { maker, SIGNS } from "./notation.ts";

/** Devices of B+G e-tech. */
export const bgEtech = maker(
  {
    vendor: "B+G e-tech",
    transports: ["rtu"],
    usual: { unitId: 1 },
    defaultsSource: "not stated",
    functionCode: 3,
    limits: { maxGap: 4 },
  },
  [
    {
      id: "bg-etech-ws100",
      models: ["WS100"],
      phases: 1,
      registers: [
        ["voltageL1", 256, "int32", 0.001, "mbmd orno", "quantity"],
        ["currentL1", 258, "int32", 0.001, "mbmd orno", "quantity"],
        ["power", 260, "int32", 1, "mbmd orno", "quantity"],
        ["frequency", 266, "uint16", 0.1, "mbmd orno", "quantity"],
        ["powerFactor", 267, "int16", 0.001, "mbmd orno", "quantity"],
        ["energyImport", 270, "uint32", 10, "mbmd orno", "quantity"],
        ["energyExport", 280, "uint32", 10, "mbmd orno", "quantity"],
      ],
      signConvention: SIGNS.currentsSigned,
      sources: {
        mbmd: "meters/rs485/ws100.go",
        orno: {
          repo: "volkszaehler/mbmd",
          path: "meters/rs485/orno1p525.go",
          commit: "fb8f9c22f1",
          note: "same map, FC4",
        },
      },
      confidence: "A",
    },
    {
      id: "bg-etech-ds100",
      models: ["DS100", "DS100-30B"],
      registers: [
        ["voltage", [1024, 1026, 1028], "uint32", 0.001, "mbmd", "quantity"],
        ["current", [1040, 1042, 1044], "int32", 0.001, "mbmd", "quantity"],
        ["power", [1050, 1052, 1054], "int32", 1, "mbmd", "quantity"],
        ["power", 1056, "int32", 1, "mbmd", "quantity"],
        ["frequency", 1077, "uint16", 0.1, "mbmd", "quantity"],
        ["powerFactor", [1078, 1079, 1080], "int16", 0.001, "mbmd", "quantity"],
        ["powerFactor", 1081, "int16", 0.001, "mbmd", "quantity"],
        ["energyImport", 270, "uint32", 10, "mbmd", "quantity"],
        ["energyExport", 4490, "uint32", 10, "mbmd", "quantity", { note: "unusual address, from mbmd; verify" }],
      ],
      signConvention: "import (consumption) positive as delivered by the device; export negative. currents signed",
      sources: {
        mbmd: "meters/rs485/ds100.go",
      },
      disagreements: [
        "energyExport 0x118A looks odd next to import 0x010E/total 0x0122 (WS100 uses 0x0118): verify on a device.",
      ],
      confidence: "B",
    },
    {
      id: "bg-etech-drt428m2",
      models: ["DRT428M-2", "DRT 428M-3"],
      limits: { maxGap: 8 },
      registers: [
        ["voltage", [14, 16, 18], "float32", 1, "openems orno", "full"],
        ["frequency", 20, "float32", 1, "openems orno", "full"],
        ["current", [22, 24, 26], "float32", 1, "openems orno", "full"],
        ["power", 28, "float32", 1000, "openems orno", "full"],
        ["power", [30, 32, 34], "float32", 1000, "openems orno", "full"],
        ["powerFactor", 52, "float32", 1, "openems orno", "full"],
        ["powerFactor", [54, 56, 58], "float32", 1, "openems orno", "full"],
        ["energyImport", 264, "float32", 1000, "openems orno", "full"],
        ["energyExport", 272, "float32", 1000, "openems orno", "full"],
      ],
      sources: {
        openems: "io.openems.edge.meter.bgetech/src/io/openems/edge/meter/bgetech/MeterBgeTechDrt428M2Impl.java",
        orno: {
          repo: "volkszaehler/mbmd",
          path: "meters/rs485/orno3p.go",
          commit: "fb8f9c22f1",
          note: "same map (Orno WE-516/517)",
        },
      },
      disagreements: [
        "[scale] energyExport: OpenEMS scale 1 vs profile 1000 (openems)",
        "[scale] energyImport: OpenEMS scale 1 vs profile 1000 (openems)",
      ],
      confidence: "A",
    },
  ],
);
