import { EM300_NOTES, maker, PAIRED_POWERS } from "./notation.ts";
import { foundBy, METER_FLOAT, METER_INT, MODEL_NOTES } from "./sunspec-models.ts";

const WORD_ORDER =
  "Word order is configurable in the inverter (register 5 / web UI): default little (CDAB). Auto-detect: frequency 220 must decode to 45..65 Hz.";
const ONE_CLIENT = "Only one Modbus client allowed (evcc).";

/** Devices of Kostal. */
export const kostal = maker(
  { vendor: "Kostal", kind: "grid", transports: ["tcp"], usual: { unitId: 71, port: 1502 }, functionCode: 3 },
  [
    {
      id: "kostal-ksem",
      kind: "grid",
      models: ["Smart Energy Meter (KSEM) G1/G2 native map"],
      usual: { unitId: 71, port: 502 },
      defaultsSource: "openWB/evcc default unit 71, port 502",
      limits: { maxGap: 20 },
      registers: [
        ["powerImport", 0, "uint32", 0.1, "openwb openems", "full"],
        ["powerExport", 2, "uint32", 0.1, "openwb openems", "full"],
        ["frequency", 26, "uint32", 0.001, "openwb openems", "full"],
        ["powerImport", [40, 80, 120], "uint32", 0.1, "openwb openems", "full"],
        ["powerExport", [42, 82, 122], "uint32", 0.1, "openwb openems", "full"],
        ["current", [60, 100, 140], "uint32", 0.001, "openwb openems", "full"],
        ["voltage", [62, 102, 142], "uint32", 0.001, "openwb openems", "full"],
        ["powerFactor", [64, 104, 144], "int32", 0.001, "openwb", "text"],
        ["energyImport", 512, "uint64", 0.1, "openwb", "text"],
        ["energyExport", 516, "uint64", 0.1, "openwb", "text"],
      ],
      computed: PAIRED_POWERS,
      signConvention: "as TQ EM300-LR",
      sources: {
        openwb: "packages/modules/devices/kostal/kostal_sem/counter.py",
        openems: "io.openems.edge.kostal/src/io/openems/edge/kostal/plenticore/gridmeter/KostalGridMeterImpl.java",
      },
      notes: [
        ...EM300_NOTES,
        "KSEM also answers SunSpec model 203/213 (evcc kostal-ksem.yaml): profile kostal-ksem-sunspec.",
        "OpenEMS offers a wordwrap option: some firmware swaps words (LSW first).",
      ],
      confidence: "A",
    },
    {
      id: "kostal-plenticore-grid",
      kind: "grid",
      models: ["Plenticore plus/G2/G3 with KSEM (sensor position 2)"],
      defaultsSource: "evcc/openWB: unit 71, port 1502",
      wordOrder: "little",
      limits: { maxGap: 6, singleClient: true },
      registers: [
        ["frequency", 220, "float32", 1, "openwb nymea", "text"],
        ["current", [222, 232, 242], "float32", 1, "openwb nymea openems", "full"],
        ["power", [224, 234, 244], "float32", 1, "openwb nymea openems", "full"],
        ["voltage", [230, 240, 250], "float32", 1, "openwb nymea openems", "full"],
        ["power", 252, "float32", 1, "openwb nymea openems evcc", "full"],
      ],
      signConvention: "import positive when the KSEM sits at the grid connection (position 2)",
      sources: {
        openwb: "packages/modules/devices/kostal/kostal_plenticore/counter.py",
        nymea: "kostal/kostal-registers.json",
        openems: "io.openems.edge.kostal/src/io/openems/edge/kostal/plenticore/gridmeter/KostalGridMeterImpl.java",
        evcc: "templates/definition/meter/kostal-ksem-inverter.yaml",
      },
      notes: [WORD_ORDER, ONE_CLIENT],
      confidence: "A",
    },
    {
      id: "kostal-plenticore-pv",
      kind: "pv",
      models: ["Plenticore"],
      defaultsSource: "unit 71, port 1502",
      wordOrder: "little",
      limits: { maxGap: 2, singleClient: true },
      registers: [
        ["power", 1066, "float32", 1, "openwb", "text"],
        ["powerDcTotal", 100, "float32", 1, "nymea mdb", "quantity"],
        ["powerAc", 172, "float32", 1, "nymea mdb", "quantity"],
        ["energyExport", 320, "float32", 1, "openwb nymea", "text"],
      ],
      signConvention: "production positive; 100 (total DC) includes the battery string on hybrids, 1066 is PV only",
      sources: {
        openwb: "packages/modules/devices/kostal/kostal_plenticore/inverter.py",
        nymea: "kostal/kostal-registers.json",
        mdb: "modbus-tables/kostal/piko-iq-plenticore/latest/registers.json",
      },
      notes: [WORD_ORDER, ONE_CLIENT],
      confidence: "B",
    },
    {
      id: "kostal-plenticore-battery",
      kind: "battery",
      models: ["Plenticore plus with battery"],
      defaultsSource: "unit 71, port 1502",
      wordOrder: "little",
      limits: { maxGap: 8, singleClient: true },
      registers: [
        ["power", 582, "int16", 1, "openwb nymea", "text"],
        ["soc", 514, "uint16", 1, "openwb nymea", "text"],
      ],
      signConvention: "raw negative = charging, positive = discharging",
      sources: {
        openwb: "packages/modules/devices/kostal/kostal_plenticore/bat.py",
        nymea: "kostal/kostal-registers.json",
      },
      notes: [ONE_CLIENT],
      confidence: "A",
    },
    {
      id: "kostal-ksem-sunspec",
      kind: "grid",
      models: ["Smart Energy Meter (SunSpec)"],
      usual: { unitId: 71, port: 502 },
      defaultsSource: "evcc: unit 71",
      limits: { maxGap: 125 },
      ...foundBy([
        ["213", METER_FLOAT],
        ["203", METER_INT],
      ]),
      signConvention: "import positive (evcc: no inversion)",
      sources: {
        evcc: "templates/definition/meter/kostal-ksem.yaml",
      },
      notes: MODEL_NOTES,
      confidence: "A",
    },
  ],
);
