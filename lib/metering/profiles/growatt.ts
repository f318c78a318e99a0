import { maker } from "./notation.ts";

/** Devices of Growatt. */
export const growatt = maker(
  {
    vendor: "Growatt",
    transports: ["rtu", "tcp"],
    usual: { unitId: 1, port: 502, line: "9600 8N1" },
    defaultsSource: "evcc",
    functionCode: 4,
    limits: { maxGap: 8 },
  },
  [
    {
      id: "growatt-sph-grid",
      kind: "grid",
      models: ["SPH/SPA/MOD-XH (storage range 1000+)"],
      defaultsSource: "evcc: id 1, 9600",
      limits: { maxGap: 6, minRequestGapMs: 100 },
      registers: [
        ["powerImport", 1021, "uint32", 0.1, "evcc openwb", "text"],
        ["powerExport", 1029, "uint32", 0.1, "evcc openwb", "text"],
        ["energyImport", 1046, "uint32", 100, "evcc openwb", "text"],
        ["energyExport", 1050, "uint32", 100, "openwb", "text"],
      ],
      computed: { power: "powerImport - powerExport" },
      signConvention: "unsigned pair (to user / to grid)",
      sources: {
        evcc: "templates/definition/meter/growatt-hybrid.yaml",
        openwb: "packages/modules/devices/growatt/growatt/counter.py",
      },
      confidence: "A",
    },
    {
      id: "growatt-sph-pv",
      kind: "pv",
      models: ["SPH/SPA"],
      registers: [
        ["power", 1, "uint32", 0.1, "evcc openwb", "text"],
        ["energyExport", 91, "uint32", 100, "evcc openwb", "text"],
      ],
      sources: {
        evcc: "templates/definition/meter/growatt-hybrid.yaml",
        openwb: "packages/modules/devices/growatt/growatt/inverter.py",
      },
      confidence: "A",
    },
    {
      id: "growatt-sph-battery",
      kind: "battery",
      models: ["SPH/SPA"],
      registers: [
        ["powerDischarge", 1009, "uint32", 0.1, "evcc openwb", "text"],
        ["powerCharge", 1011, "uint32", 0.1, "evcc openwb", "text"],
        ["soc", 1014, "uint16", 1, "evcc openwb", "text"],
        ["energyDischarge", 1054, "uint32", 100, "evcc openwb", "text"],
        ["energyCharge", 1058, "uint32", 100, "openwb", "text"],
      ],
      computed: {
        power: "powerDischarge - powerCharge",
        energyImport: "energyCharge",
        energyExport: "energyDischarge",
      },
      sources: {
        evcc: "templates/definition/meter/growatt-hybrid.yaml",
        openwb: "packages/modules/devices/growatt/growatt/bat.py",
      },
      confidence: "A",
    },
    {
      id: "growatt-tlxh-grid",
      kind: "grid",
      models: ["MIN/MOD TL-X(H) (range 3000+)"],
      limits: { maxGap: 6, minRequestGapMs: 100 },
      registers: [
        ["powerImport", 3041, "uint32", 0.1, "evcc openwb", "text"],
        ["powerExport", 3043, "uint32", 0.1, "evcc openwb", "text"],
        ["energyImport", 3069, "uint32", 100, "evcc openwb", "text"],
        ["energyExport", 3073, "uint32", 100, "openwb", "text"],
      ],
      computed: { power: "powerImport - powerExport" },
      signConvention: "unsigned pair",
      sources: {
        evcc: "templates/definition/meter/growatt-hybrid-tlxh.yaml",
        openwb: "packages/modules/devices/growatt/growatt/counter.py",
      },
      confidence: "A",
    },
    {
      id: "growatt-tlxh-pv",
      kind: "pv",
      models: ["MIN/MOD TL-X(H)"],
      registers: [
        ["power", 3001, "uint32", 0.1, "openwb", "text"],
        ["energyExport", 3053, "uint32", 100, "evcc openwb", "text"],
      ],
      signConvention: "production positive; evcc sums strings 3005+3009+3013+3017",
      sources: {
        evcc: "templates/definition/meter/growatt-hybrid-tlxh.yaml",
        openwb: "packages/modules/devices/growatt/growatt/inverter.py",
      },
      confidence: "B",
    },
    {
      id: "growatt-tlxh-battery",
      kind: "battery",
      models: ["MIN/MOD TL-XH"],
      registers: [
        ["powerDischarge", 3178, "uint32", 0.1, "evcc openwb", "text"],
        ["powerCharge", 3180, "uint32", 0.1, "evcc openwb", "text"],
        ["soc", 3171, "uint16", 1, "evcc openwb", "text"],
        ["energyDischarge", 3127, "uint32", 100, "evcc openwb", "text"],
        ["energyCharge", 3131, "uint32", 100, "openwb", "text"],
      ],
      computed: {
        power: "powerDischarge - powerCharge",
        energyImport: "energyCharge",
        energyExport: "energyDischarge",
      },
      sources: {
        evcc: "templates/definition/meter/growatt-hybrid-tlxh.yaml",
        openwb: "packages/modules/devices/growatt/growatt/bat.py",
      },
      disagreements: [
        "openWB uses opposite battery signs for the SPH (charge positive) and TL-XH (discharge positive) branches: a probable openWB bug; the register meaning (3178 discharge, 3180 charge) agrees with evcc.",
      ],
      confidence: "A",
    },
  ],
);
