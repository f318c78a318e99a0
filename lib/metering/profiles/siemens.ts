import { maker } from "./notation.ts";

const OFFSETS = 'Manual "offset" == 0-based wire address (1 = VL1-N): do NOT subtract 1.';
const WHOLE_VALUES =
  "A read that starts or ends inside a multi-register value returns an exception (mbmap note, from the manual): never split values; FC03 and FC04 both work.";
const TARIFFS =
  "Energies are float64 (4 registers) in Wh per tariff: 801 = import T1, 805 = import T2, 809 = export T1, 813 = export T2. With two tariffs the total is T1+T2.";
const BLOCKS = "One block 1..70 (70 registers) covers all fast values; a second 801..816 covers energies.";

/** Siemens SENTRON. */
export const siemens = maker(
  {
    vendor: "Siemens",
    transports: ["tcp", "rtu"],
    functionCode: 3,
    alternativeFunctionCodes: [4],
    limits: { maxGap: 14, alignToValues: true },
  },
  [
    {
      id: "siemens-pac2200",
      models: ["SENTRON PAC2200", "7KM2200"],
      usual: { unitId: 1, port: 502, line: "19200 8N2" },
      defaultsSource: "mbmap excerpt: RS-485 versions address 126, 19200 8N2; TCP port 502 (unit 1 in openWB)",
      registers: [
        ["voltage", [1, 3, 5], "float32", 1, "openwb openems mbmd mdb", "full"],
        ["current", [13, 15, 17], "float32", 1, "openwb openems mbmd mdb", "full"],
        ["power", [25, 27, 29], "float32", 1, "openwb openems mbmd mdb", "full"],
        ["power", 65, "float32", 1, "openwb openems mbmd mdb", "full"],
        ["powerFactor", [37, 39, 41], "float32", 1, "openwb mbmd mdb", "quantity"],
        ["powerFactor", 69, "float32", 1, "mbmd mdb", "quantity"],
        ["frequency", 55, "float32", 1, "openwb mdb", "quantity"],
        ["energyImportT1", 801, "float64", 1, "openwb openems mbmd mdb", "full"],
        ["energyImportT2", 805, "float64", 1, "mbmap", "text"],
        ["energyExportT1", 809, "float64", 1, "openwb openems mbmd mdb", "full"],
        ["energyExportT2", 813, "float64", 1, "mbmap", "text"],
      ],
      computed: { energyImport: "energyImportT1 + energyImportT2", energyExport: "energyExportT1 + energyExportT2" },
      sources: {
        openwb: "packages/modules/devices/siemens/siemens_sentron/counter.py",
        openems: "io.openems.edge.meter.siemens/src/io/openems/edge/meter/siemens/pac2200/MeterSiemensPac2200Impl.java",
        mbmd: "meters/rs485/pac2200.go",
        mdb: "modbus-tables/siemens/sentron-pac-2200/latest/registers.json",
        mbmap: {
          path: "maps/siemens/sentron-pac-2200.mbmap.json",
          note: "defaults and read rules (excerpt of the manual L1V30415167B-06)",
        },
      },
      disagreements: [
        "frequency: mbmd reads 46, openWB and the manual table (modbus-database) read 55 -> 55 taken; 46 lies outside the documented values.",
      ],
      notes: [OFFSETS, WHOLE_VALUES, TARIFFS, BLOCKS, "RTU versions ship with address 126."],
      confidence: "A",
    },
    {
      id: "siemens-pac3200",
      models: ["SENTRON PAC3200", "SENTRON PAC3200T", "7KM2112"],
      usual: { unitId: 1, port: 502, line: "19200 8N2" },
      defaultsSource: "sibling PAC3100 (mbmap excerpt: 126, 19200, 8N2); TCP 502",
      registers: [
        ["voltage", [1, 3, 5], "float32", 1, "mdb openwb", "quantity"],
        ["current", [13, 15, 17], "float32", 1, "mdb openwb", "quantity"],
        ["power", [25, 27, 29], "float32", 1, "mdb openwb", "quantity"],
        ["power", 65, "float32", 1, "mdb openwb", "quantity"],
        ["powerFactor", [37, 39, 41], "float32", 1, "mdb openwb", "quantity"],
        ["powerFactor", 69, "float32", 1, "mdb", "quantity"],
        ["frequency", 55, "float32", 1, "mdb openwb", "quantity"],
        ["energyImportT1", 801, "float64", 1, "openwb zabbix", "text"],
        ["energyImportT2", 805, "float64", 1, "", "hand"],
        ["energyExportT1", 809, "float64", 1, "openwb", "text"],
        ["energyExportT2", 813, "float64", 1, "", "hand"],
      ],
      computed: { energyImport: "energyImportT1 + energyImportT2", energyExport: "energyExportT1 + energyExportT2" },
      sources: {
        mdb: "modbus-tables/siemens/sentron-pac-3200/latest/registers.json",
        openwb: "packages/modules/devices/siemens/siemens_sentron/counter.py",
        zabbix: { repo: "JamFox/zabbix-pac3200-template", path: "pac3200_template.yaml", commit: "2c21b002bc" },
      },
      notes: [OFFSETS, WHOLE_VALUES, TARIFFS, BLOCKS],
      confidence: "A",
    },
    {
      id: "siemens-pac4200",
      models: ["SENTRON PAC4200", "7KM4211", "7KM4212"],
      usual: { unitId: 1, port: 502, line: "19200" },
      defaultsSource: "mbmap excerpt: unit 1, port 502, 19200 baud (RTU through the RS485 expansion module)",
      registers: [
        ["voltage", [1, 3, 5], "float32", 1, "mdb openwb", "quantity"],
        ["current", [13, 15, 17], "float32", 1, "mdb openwb", "quantity"],
        ["power", [25, 27, 29], "float32", 1, "mdb openwb", "quantity"],
        ["power", 65, "float32", 1, "mdb openwb", "quantity"],
        ["powerFactor", [37, 39, 41], "float32", 1, "mdb openwb", "quantity"],
        ["powerFactor", 69, "float32", 1, "mdb", "quantity"],
        ["frequency", 55, "float32", 1, "mdb openwb", "quantity"],
      ],
      sources: {
        mdb: "modbus-tables/siemens/sentron-pac-4200/latest/registers.json",
        openwb: "packages/modules/devices/siemens/siemens_sentron/counter.py",
        mbmap: { path: "maps/siemens/sentron-pac-4200.mbmap.json", note: "defaults (excerpt)" },
      },
      notes: [
        OFFSETS,
        WHOLE_VALUES,
        "Energies left out: PAC4200 energy offsets were not seen in a readable source (PAC2200/3200 use 801/809).",
      ],
      confidence: "A",
    },
    {
      id: "siemens-pac1600",
      models: ["SENTRON PAC1600", "7KT1665", "7KT1666"],
      usual: { unitId: 1, port: 502 },
      defaultsSource: null,
      limits: { maxGap: 2 },
      registers: [
        ["voltage", [1, 3, 5], "uint32", 0.01, "openems evcc", "full"],
        ["current", [7, 9, 11], "uint32", 0.0001, "openems evcc", "full"],
        ["power", [19, 21, 23], "int32", 0.01, "openems", "full"],
        ["power", 57, "int32", 0.01, "openems evcc", "full"],
        ["frequency", 49, "int32", 0.01, "openems", "full"],
        ["energyImport", 6687, "uint32", 1, "openems evcc", "full"],
        ["energyExport", 6689, "uint32", 1, "openems", "full"],
      ],
      sources: {
        openems: "io.openems.edge.meter.siemens/src/io/openems/edge/meter/siemens/pac1600/MeterSiemensPac1600Impl.java",
        evcc: "templates/definition/meter/siemens-7kt1665.yaml",
      },
      disagreements: [
        "energy direction: evcc takes 6687 as import; OpenEMS maps 6687 to CONSUMPTION when not inverted (opposite of its other meters) -> import taken (evcc).",
      ],
      notes: [
        "OpenEMS comment: a dummy (gap) read 31..48 did not work: keep 1..30 and 49..60 as two blocks.",
        "Same layout as Lovato DMG (OEM): V at 1, I at 7, P at 19, total at 57.",
      ],
      confidence: "B",
    },
    {
      id: "siemens-pac1020",
      models: ["SENTRON PAC1020"],
      transports: ["rtu"],
      usual: { unitId: 1 },
      defaultsSource: null,
      registers: [
        ["voltage", [1, 3, 5], "float32", 1, "modelo", "hand"],
        ["current", [13, 15, 17], "float32", 1, "modelo", "hand"],
        ["power", [19, 21, 23], "float32", 1, "modelo", "hand"],
        ["power", 41, "float32", 1, "modelo", "hand"],
        ["powerFactor", [31, 33, 35], "float32", 1, "modelo", "hand"],
        ["powerFactor", 45, "float32", 1, "modelo", "hand"],
        ["frequency", 39, "float32", 1, "modelo", "hand"],
        ["energyImport", 2803, "float32", 1, "modelo", "hand"],
      ],
      signConvention:
        "import only energy; currents are unsigned RMS magnitudes: take the direction from the sign of the phase power",
      sources: {
        modelo: {
          repo: "public source file",
          path: "ModeloMedidorSeeder.java",
          note: "SENTRON PAC1020 manual table A-3, cross-checked by its author against a real device; offsets 0-based",
        },
      },
      notes: [
        "19..24 are PHASE powers here (on PAC2200 19 is apparent power): do not reuse the PAC2200 map.",
        "No export energy.",
      ],
      confidence: "B",
    },
  ],
);
