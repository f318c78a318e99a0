import { maker } from "./notation.ts";

/** Devices of Phoenix Contact. */
export const phoenix = maker(
  { vendor: "Phoenix Contact", transports: ["tcp", "rtu"], usual: { unitId: 1, port: 502 } },
  [
    {
      id: "phoenix-eem-mx37x",
      models: ["EEM-MB371", "EEM-MB370", "EEM-MA371", "EEM-MA370", "EMpro (-R/-24DC)"],
      defaultsSource: "OpenEMS default unit 1; web UI static IP 192.168.1.2",
      functionCode: 3,
      wordOrder: "little",
      limits: { maxGap: 26 },
      registers: [
        ["voltage", [32774, 32776, 32778], "float32", 1, "openems p1", "full"],
        ["frequency", 32780, "float32", 1, "openems p1", "full"],
        ["current", [32782, 32784, 32786], "float32", 1, "openems p1", "full"],
        ["power", 32790, "float32", 1, "openems p1", "full"],
        ["power", [32798, 32800, 32802], "float32", 1, "openems p1", "full"],
        [
          "energyImport",
          33024,
          "float32",
          1,
          "openems p1",
          "full",
          { note: "unit disputed Wh/kWh, see disagreements" },
        ],
        ["energyExport", 33030, "float32", 1, "openems p1", "full"],
      ],
      sources: {
        openems:
          "io.openems.edge.meter.phoenixcontact/src/io/openems/edge/meter/phoenixcontact/PhoenixContactMeterImpl.java",
        p1: {
          repo: "public source file",
          path: "P1 dongle ModbusServer.ino (mapping_mx3xx)",
          note: 'emulates the EEM-MA371 from Phoenix "EMpro_register_table_1.6.0"',
        },
      },
      disagreements: [
        "energyImport/energyExport unit: OpenEMS uses the float as Wh (no scaling); the P1-dongle emulator fills kWh. Verify against the display at commissioning; scale 1 (Wh) taken.",
      ],
      notes: [
        "float32 with LOW WORD FIRST (LSWMSW): the most frequent mistake on this meter.",
        "0x8006..0x803E can be read in one request (57 regs, OpenEMS).",
        "Factory address is static 192.168.1.2 -> set DHCP/IP in the web UI first.",
      ],
      confidence: "A",
    },
    {
      id: "phoenix-eem-em3xx",
      models: ["EEM-EM357", "EEM-EM377", "EEM-EM355", "EEM-EM375", "EEM-EM327", "EEM-DM357"],
      defaultsSource: "not stated in the sources read",
      functionCode: 4,
      alternativeFunctionCodes: [3],
      limits: { maxGap: 8 },
      registers: [
        ["voltage", [4096, 4098, 4100], "float32", 1, "iobroker mdb", "quantity"],
        ["current", [4110, 4112, 4114], "float32", 1, "iobroker mdb", "quantity"],
        ["powerFactor", [4120, 4122, 4124], "float32", 1, "iobroker mdb", "quantity"],
        ["powerFactor", 4126, "float32", 1, "iobroker mdb", "quantity"],
        ["power", [4128, 4130, 4132], "float32", 1, "iobroker mdb", "quantity"],
        ["power", 4134, "float32", 1, "iobroker mdb", "quantity"],
        ["frequency", 4152, "float32", 1, "iobroker mdb", "quantity"],
        ["energyImport", 4358, "float32", 1, "iobroker_e mdb", "quantity"],
        ["energyExport", 4366, "float32", 1, "iobroker_e mdb", "quantity"],
      ],
      sources: {
        iobroker:
          "Energiezaehler/Phoenix Contact EEM-EM3xx EEM-DM3xx/Input Register- Float/4096-4154 Momentanwerte 1.tsv",
        iobroker_e: "Energiezaehler/Phoenix Contact EEM-EM3xx EEM-DM3xx/Input Register- Float/4352-4430 Zähler.tsv",
        mdb: "modbus-tables/phoenix/contact-eem-em3xx-em325-em355-em375-em327-em357-em377/latest/registers.json",
      },
      disagreements: ["function code: ioBroker template reads input registers (FC4), modbus-database lists FC3."],
      notes: [
        "Tested by the template author on EEM-EM377 fw 1.0.7.",
        "float32 energies in Wh lose resolution above 16.7 MWh (24-bit mantissa): use the 64-bit integer counters (0x0100 block) for billing.",
        "Same OEM map as Finder 7E and Algodue UEM.",
      ],
      confidence: "A",
    },
  ],
);
