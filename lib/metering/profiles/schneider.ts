import { INT64_MIN, maker, NAN } from "./notation.ts";

const ONE_BASED =
  "Manual numbers are 1-based (3060 = total power): wire address = number - 1 (3059) (all sources read for the iEM3155 agree).";
const KILOWATTS = "Power in kW float32 -> x1000. Energy int64 Wh: BigInt.";
const NOT_AVAILABLE =
  'Not-available values read as NaN 0xFFC00000 (floats) / 0x8000000000000000 (int64): flag as "unavailable", not as 0.';
const BLOCKS = "Block 2999..3060 (62 regs) = currents, voltages, powers in one request; 3083..3110; 3203..3210.";

/** Schneider Electric PowerLogic and Acti9. */
export const schneider = maker(
  {
    vendor: "Schneider Electric",
    transports: ["rtu", "tcp"],
    usual: { unitId: 1, port: 502, line: "19200 8E1" },
    functionCode: 3,
    limits: { maxGap: 22 },
  },
  [
    {
      id: "schneider-iem3x55",
      models: ["iEM3155", "iEM3255", "iEM3355", "iEM3455", "iEM3555", "iEM3x55 (4-quadrant)"],
      defaultsSource: "htvekov README/yaml: address 1, 19200, even, 1 stop; EVlink guides: address 2, 19200, none",
      registers: [
        ["currentL1", 2999, "float32", 1, "mbmd mdb nodered", "quantity", NAN],
        ["currentL2", 3001, "float32", 1, "mbmd mdb esphome nodered", "quantity", NAN],
        ["currentL3", 3003, "float32", 1, "mbmd mdb nodered", "quantity", NAN],
        ["voltage", [3027, 3029, 3031], "float32", 1, "mbmd mdb nodered", "quantity", NAN],
        ["power", [3053, 3055, 3057], "float32", 1000, "mbmd mdb esphome nodered", "quantity", NAN],
        ["power", 3059, "float32", 1000, "mbmd mdb esphome nodered", "quantity", NAN],
        ["powerFactor", 3083, "float32", 1, "mdb esphome nodered", "quantity", { ...NAN, coding: "fourQuadrant" }],
        ["frequency", 3109, "float32", 1, "mbmd mdb esphome nodered", "quantity", NAN],
        ["energyImport", 3203, "int64", 1, "mbmd mdb nodered", "quantity", INT64_MIN],
        ["energyExport", 3207, "int64", 1, "mbmd mdb", "quantity", INT64_MIN],
      ],
      sources: {
        mbmd: "meters/rs485/iem3000.go",
        mdb: "modbus-tables/schneider/electric-iem3000/latest/registers.json",
        esphome: { repo: "htvekov/iem3155_esphome", path: "iem3155-8266_modbus_esphome.yaml", commit: "e6a39cae90" },
        nodered: "iem3000.js",
      },
      disagreements: ["float energy copies at 45099/45101 (kWh) exist (htvekov): int64 preferred for resolution."],
      notes: [
        ONE_BASED,
        KILOWATTS,
        NOT_AVAILABLE,
        BLOCKS,
        "EVlink guides: meter set to 3PH4W, address 2, 19200 baud, parity None, Com.Protection disabled; the EVlink default for a gateway meter is RTU address 30 behind gateway unit 130.",
        "The power factor is a four-quadrant value: above 1 it stands for 2 - value, below -1 for -2 - value.",
        "Also reachable through a Modbus TCP gateway (Link150, Acti9 Smartlink ...): same map, unit id = RTU address.",
      ],
      confidence: "A",
    },
    {
      id: "schneider-iem3x50",
      models: ["iEM3150", "iEM3250", "iEM3350"],
      defaultsSource: "as iEM3x55",
      registers: [
        ["currentL1", 2999, "float32", 1, "mbmd mdb nodered", "quantity", NAN],
        ["currentL2", 3001, "float32", 1, "mbmd mdb esphome nodered", "quantity", NAN],
        ["currentL3", 3003, "float32", 1, "mbmd mdb nodered", "quantity", NAN],
        ["voltage", [3027, 3029, 3031], "float32", 1, "mbmd mdb nodered", "quantity", NAN],
        ["power", [3053, 3055, 3057], "float32", 1000, "mbmd mdb esphome nodered", "quantity", NAN],
        ["power", 3059, "float32", 1000, "mbmd mdb esphome nodered", "quantity", NAN],
        ["powerFactor", 3083, "float32", 1, "mdb esphome nodered", "quantity", NAN],
        ["frequency", 3109, "float32", 1, "mbmd mdb esphome nodered", "quantity", NAN],
        ["energyImport", 3203, "int64", 1, "mbmd mdb nodered", "quantity", INT64_MIN],
      ],
      signConvention: "import energy only",
      sources: {
        mbmd: "meters/rs485/iem3000.go",
        mdb: "modbus-tables/schneider/electric-iem3000/latest/registers.json",
        esphome: { repo: "htvekov/iem3155_esphome", path: "iem3155-8266_modbus_esphome.yaml", commit: "e6a39cae90" },
        nodered: "iem3000.js",
      },
      notes: [
        ONE_BASED,
        KILOWATTS,
        NOT_AVAILABLE,
        BLOCKS,
        'modbus-database: export energy, reactive power and digital I/O are "not applicable" on 3150/3250/3350.',
      ],
      confidence: "A",
    },
    {
      id: "schneider-pm3200",
      models: ["PM3200", "PM3210", "PM3250", "PM3255"],
      defaultsSource: "Schneider family default 19200 8E1 (as iEM3000)",
      registers: [
        ["current", [2999, 3001, 3003], "float32", 1, "nodered", "text", NAN],
        ["voltage", [3027, 3029, 3031], "float32", 1, "nodered", "text", NAN],
        ["power", [3053, 3055, 3057], "float32", 1000, "nodered", "text", NAN],
        ["power", 3059, "float32", 1000, "nodered pm3255", "text", NAN],
        ["powerFactor", 3083, "float32", 1, "nodered", "text", NAN],
        ["frequency", 3109, "float32", 1, "nodered", "text", NAN],
        ["energyImport", 3203, "int64", 1, "nodered", "text", INT64_MIN],
        ["energyExport", 3207, "int64", 1, "nodered", "text", INT64_MIN],
      ],
      sources: {
        nodered: "pm3000.js",
        pm3255: {
          repo: "public source file",
          path: "python pymodbus script for PM3255",
          note: "reads 0x0BF3 as float32 kW big-endian, address 2, 9600 8N1",
        },
      },
      notes: [ONE_BASED, KILOWATTS, NOT_AVAILABLE, BLOCKS],
      confidence: "B",
    },
    {
      id: "schneider-pm5000",
      models: ["PM5110", "PM5111", "PM5310", "PM5320", "PM5330", "PM5340", "PM5560", "PM5000 series"],
      defaultsSource: "Schneider family default (as iEM3000)",
      registers: [
        ["current", [2999, 3001, 3003], "float32", 1, "luc nodered modelo", "text", NAN],
        ["voltage", [3027, 3029, 3031], "float32", 1, "luc nodered modelo", "text", NAN],
        ["power", [3053, 3055, 3057], "float32", 1000, "luc nodered modelo", "text", NAN],
        ["power", 3059, "float32", 1000, "luc nodered modelo", "text", NAN],
        ["frequency", 3109, "float32", 1, "luc nodered modelo", "text", NAN],
        ["powerFactor", 3191, "float32", 1, "luc", "text", NAN],
        ["energyImport", 2699, "float32", 1000, "luc modelo", "text", NAN],
        ["energyExport", 2701, "float32", 1000, "luc modelo", "text", NAN],
      ],
      sources: {
        luc: {
          repo: "LucMathlin/ha-schneider-powerlogic",
          path: "custom_components/schneider_powerlogic/const.py",
          commit: "c6ba9c175c",
        },
        nodered: "pm5000.js",
        modelo: {
          repo: "public source file",
          path: "ModeloMedidorSeeder.java",
          note: "PM51xx_PM53xx register list R01, 1-based numbers",
        },
      },
      notes: [
        "3083 on PM5xxx is a 4-quadrant coded power factor (4Q_FP_PF: values >1 encode lead/lag): use 3191.",
        "Energy: float32 kWh at 2699/2701; int64 Wh at 3203/3207 also exist (pm5000.js).",
        ONE_BASED,
      ],
      confidence: "A",
    },
  ],
);
