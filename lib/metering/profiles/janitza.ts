import { maker } from "./notation.ts";

const BLOCK = "19000..19078 = one request of 78 registers (float32, high word first).";
const ENERGY_RESOLUTION = "float32 Wh counters lose resolution above 16.7 MWh.";
const SIGNS_OF_POWER = 'P positive = import ("consumed"), 19076 = delivered.';

/** Devices of Janitza. */
export const janitza = maker(
  { vendor: "Janitza", usual: { unitId: 1, port: 502 }, functionCode: 3, limits: { maxGap: 10 } },
  [
    {
      id: "janitza-umg96rm",
      models: ["UMG 96RM", "UMG 96RM-E", "UMG 96-PA"],
      transports: ["tcp", "rtu"],
      defaultsSource: "openWB: unit 1, port 502",
      registers: [
        ["voltage", [19000, 19002, 19004], "float32", 1, "openems openwb mdb", "full"],
        ["current", [19012, 19014, 19016], "float32", 1, "openems openwb mdb", "full"],
        ["power", [19020, 19022, 19024], "float32", 1, "openems openwb mdb", "full"],
        ["power", 19026, "float32", 1, "openems openwb mdb", "full"],
        ["powerFactor", [19044, 19046, 19048], "float32", 1, "openwb mdb", "quantity"],
        ["frequency", 19050, "float32", 1, "openems openwb mdb", "full"],
        ["energyImport", 19068, "float32", 1, "openems mdb", "full"],
        ["energyExport", 19076, "float32", 1, "openems mdb", "full"],
      ],
      sources: {
        openems:
          "io.openems.edge.meter.janitza/src/io/openems/edge/meter/janitza/umg96rme/MeterJanitzaUmg96rmeImpl.java",
        openwb: "packages/modules/devices/janitza/janitza/counter.py",
        mdb: "modbus-tables/janitza/umg96/latest/registers.json",
      },
      notes: [BLOCK, ENERGY_RESOLUTION, SIGNS_OF_POWER],
      confidence: "A",
    },
    {
      id: "janitza-b2x",
      models: ["B21", "B23", "B24", "B23-312"],
      transports: ["rtu"],
      usual: { unitId: 1 },
      defaultsSource: "not stated",
      registers: [
        ["voltage", [19000, 19002, 19004], "float32", 1, "mbmd mdb", "quantity"],
        ["current", [19012, 19014, 19016], "float32", 1, "mbmd mdb", "quantity"],
        ["power", [19020, 19022, 19024], "float32", 1, "mbmd mdb", "quantity"],
        ["power", 19026, "float32", 1, "mbmd mdb", "quantity"],
        ["powerFactor", [19044, 19046, 19048], "float32", 1, "mbmd mdb", "quantity"],
        ["frequency", 19050, "float32", 1, "mbmd mdb", "quantity"],
        ["energyImport", 19068, "float32", 1, "mbmd mdb", "quantity"],
        ["energyExport", 19076, "float32", 1, "mbmd mdb", "quantity"],
      ],
      sources: {
        mbmd: "meters/rs485/janitza.go",
        mdb: "modbus-tables/janitza/b21-b23-b24/latest/registers.json",
      },
      notes: [
        BLOCK,
        ENERGY_RESOLUTION,
        SIGNS_OF_POWER,
        "ABB hardware with the Janitza register map: the ABB map does not apply.",
      ],
      confidence: "A",
    },
    {
      id: "janitza-umg604",
      models: ["UMG 604", "UMG 605", "UMG 104", "UMG 508"],
      transports: ["tcp", "rtu"],
      defaultsSource: "not stated; port 502",
      limits: { maxGap: 24 },
      registers: [
        ["voltage", [1317, 1319, 1321], "float32", 1, "openems openems104", "full"],
        ["current", [1325, 1327, 1329], "float32", 1, "openems openems104", "full"],
        ["power", [1333, 1335, 1337], "float32", 1, "openems openems104", "full"],
        ["power", 1369, "float32", 1, "openems openems104", "full"],
        ["frequency", 1439, "float32", 1, "openems openems104", "full"],
        ["energyImport", 9851, "float32", 1, "openems openems104", "full"],
        ["energyExport", 9863, "float32", 1, "openems openems104", "full"],
      ],
      sources: {
        openems: "io.openems.edge.meter.janitza/src/io/openems/edge/meter/janitza/umg604/MeterJanitzaUmg604Impl.java",
        openems104:
          "io.openems.edge.meter.janitza/src/io/openems/edge/meter/janitza/umg104/MeterJanitzaUmg104Impl.java",
      },
      notes: [
        "The 19000 block (profile janitza-umg96rm) is also listed for UMG 604/605 (modbus-database janitza/umg604); 1317.. is the native block.",
        "Both OpenEMS classes share the same numbers (not independent).",
      ],
      confidence: "B",
    },
    {
      id: "janitza-umg511",
      models: ["UMG 511", "UMG 512"],
      transports: ["tcp"],
      defaultsSource: null,
      registers: [
        ["voltage", [3845, 3847, 3849], "float32", 1, "openems", "full"],
        ["current", [3853, 3855, 3857], "float32", 1, "openems", "full"],
        ["power", [3861, 3863, 3865], "float32", 1, "openems", "full"],
        ["power", 3925, "float32", 1, "openems", "full"],
        ["frequency", 3995, "float32", 1, "openems", "full"],
        ["energyImport", 19068, "float32", 1, "openems mdb", "full"],
        ["energyExport", 19076, "float32", 1, "openems mdb", "full"],
      ],
      sources: {
        openems: "io.openems.edge.meter.janitza/src/io/openems/edge/meter/janitza/umg511/MeterJanitzaUmg511Impl.java",
        mdb: "modbus-tables/janitza/umg511/latest/registers.json",
      },
      confidence: "B",
    },
    {
      id: "janitza-umg801",
      models: ["UMG 801 (measuring group 1)"],
      transports: ["tcp"],
      defaultsSource: null,
      registers: [
        ["voltage", [19000, 19002, 19004], "float32", 1, "openems openems806", "full"],
        ["current", [19012, 19014, 19016], "float32", 1, "openems openems806", "full"],
        ["power", [19020, 19022, 19024], "float32", 1, "openems openems806", "full"],
        ["power", 19026, "float32", 1, "openems openems806", "full"],
        ["frequency", 19050, "float32", 1, "openems openems806", "full"],
        ["energyImport", 19062, "float32", 1, "openems openems806", "full"],
        ["energyExport", 19070, "float32", 1, "openems openems806", "full"],
      ],
      sources: {
        openems: "io.openems.edge.meter.janitza/src/io/openems/edge/meter/janitza/umg801/MeterJanitzaUmg801Impl.java",
        openems806:
          "io.openems.edge.meter.janitza/src/io/openems/edge/meter/janitza/umg806/MeterJanitzaUmg806Impl.java",
      },
      disagreements: [
        "energies: OpenEMS reads 19062/19070 as totals on UMG801/806; on every other Janitza those are the L1 counters and the totals are 19068/19076. Verify before billing.",
      ],
      notes: [
        "Groups n>=2: base = 19200 + (n-2)*100: current at base, power base+8, total base+14, frequency base+38 (OpenEMS).",
      ],
      confidence: "C",
    },
  ],
);
