import { maker, SIGNS } from "./notation.ts";

/** Devices of Finder. */
export const finder = maker(
  { vendor: "Finder", transports: ["rtu"], usual: { unitId: 33 }, functionCode: 4, limits: { maxGap: 24 } },
  [
    {
      id: "finder-7m24",
      models: ["7M.24"],
      phases: 1,
      defaultsSource: 'ioBroker template "Finder Typ 7M" uses device id 33',
      registers: [
        ["voltageL1", 2500, "float32", 1, "mbmd", "quantity"],
        ["currentL1", 2516, "float32", 1, "mbmd", "quantity"],
        ["power", 2536, "float32", 1, "mbmd", "quantity"],
        ["powerFactor", 2560, "float32", 1, "mbmd", "quantity"],
        ["frequency", 2584, "float32", 1, "mbmd", "quantity"],
        ["energyImport", 2752, "float32", 1, "mbmd", "quantity"],
        ["energyExport", 2756, "float32", 1, "mbmd", "quantity"],
      ],
      signConvention: SIGNS.currentsSigned,
      sources: {
        mbmd: "meters/rs485/finder7m24.go",
      },
      notes: ["Document register 32500 = wire 2500 (FC4). Energies Wh (float32: precision note)."],
      confidence: "B",
    },
    {
      id: "finder-7m38",
      models: ["7M.38"],
      defaultsSource: 'ioBroker template "Finder Typ 7M": device id 33',
      registers: [
        ["voltage", [2500, 2502, 2504], "float32", 1, "mbmd", "quantity"],
        ["current", [2516, 2518, 2520], "float32", 1, "mbmd", "quantity"],
        ["power", [2530, 2532, 2534], "float32", 1, "mbmd", "quantity"],
        ["power", 2536, "float32", 1, "mbmd", "quantity"],
        ["powerFactor", [2554, 2556, 2558], "float32", 1, "mbmd", "quantity"],
        ["powerFactor", 2560, "float32", 1, "mbmd", "quantity"],
        ["frequency", 2584, "float32", 1, "mbmd", "quantity"],
        ["energyImport", 2752, "float32", 1, "mbmd", "quantity"],
        ["energyExport", 2756, "float32", 1, "mbmd", "quantity"],
      ],
      sources: {
        mbmd: "meters/rs485/finder7m38.go",
      },
      notes: ['Scaled-integer copy of the values at 30107.. (ioBroker/modbus-templates "Finder Typ 7M").'],
      confidence: "B",
    },
    {
      id: "finder-7e",
      models: ["7E.64", "7E.68", "7E.78", "7E.86"],
      usual: { unitId: 1 },
      defaultsSource: "not stated",
      functionCode: 3,
      alternativeFunctionCodes: [4],
      limits: { maxGap: 8 },
      registers: [
        ["voltage", [4096, 4098, 4100], "float32", 1, "mdb", "quantity"],
        ["current", [4110, 4112, 4114], "float32", 1, "mdb", "quantity"],
        ["powerFactor", [4120, 4122, 4124], "float32", 1, "mdb", "quantity"],
        ["powerFactor", 4126, "float32", 1, "mdb", "quantity"],
        ["power", [4128, 4130, 4132], "float32", 1, "mdb", "quantity"],
        ["power", 4134, "float32", 1, "mdb", "quantity"],
        ["frequency", 4152, "float32", 1, "mdb", "quantity"],
        ["energyImport", 4358, "float32", 1, "mdb", "quantity"],
        ["energyExport", 4366, "float32", 1, "mdb", "quantity"],
      ],
      sources: {
        mdb: "modbus-tables/finder/series-7e-7e64-7e68-7e78-7e86/latest/registers.json",
      },
      notes: ["Same OEM map as Algodue UEM / Phoenix EEM-EM3xx."],
      confidence: "B",
    },
  ],
);
