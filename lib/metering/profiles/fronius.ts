import { maker } from "./notation.ts";
import {
  foundBy,
  METER_FLOAT,
  METER_INT,
  MODEL_NOTES,
  SINGLE_METER_FLOAT,
  SINGLE_METER_INT,
  STORAGE,
  STRING_NOTES,
  strings,
} from "./sunspec-models.ts";

/** Devices of Fronius. */
export const fronius = maker(
  {
    vendor: "Fronius",
    transports: ["tcp"],
    usual: { unitId: 1, port: 502 },
    defaultsSource: "evcc: inverter unit 1, port 502",
    functionCode: 3,
    limits: { maxGap: 125 },
  },
  [
    {
      id: "fronius-smart-meter",
      kind: "grid",
      models: ["Smart Meter TS/63A via GEN24/Symo/Datamanager", "Smart Meter IP"],
      usual: { unitId: 200, port: 502 },
      defaultsSource: "evcc/callifo: unit 200, port 502",
      ...foundBy([
        ["213", METER_FLOAT],
        ["203", METER_INT],
        ["211", SINGLE_METER_FLOAT],
        ["201", SINGLE_METER_INT],
      ]),
      signConvention: "import positive at the feed-in point",
      sources: {
        evcc: "templates/definition/meter/fronius-gen24.yaml",
        callifo: {
          repo: "callifo/fronius_modbus",
          path: "custom_components/fronius_modbus/const.py",
          commit: "78b77f96c9",
        },
      },
      notes: [
        ...MODEL_NOTES,
        "GEN24: meter unit id 200 (first), 201.. (further); inverter unit 1. Datamanager/older: 240 (configurable).",
        "int vs float models are selectable in the inverter UI: support both by discovery.",
      ],
      confidence: "A",
    },
    {
      id: "fronius-gen24-hybrid",
      kind: "battery",
      models: ["Symo/Primo GEN24 Plus (PV strings + battery)"],
      ...foundBy(
        [
          ["160", strings({ "1": "PV string 1", "2": "PV string 2", "3": "battery charge", "4": "battery discharge" })],
          ["124", STORAGE],
        ],
        { baseCandidates: [40000], companions: ["124"] },
      ),
      computed: { pvPower: "module1.DCW + module2.DCW", power: "module4.DCW - module3.DCW" },
      signConvention: "PV positive; battery discharging positive",
      sources: {
        evcc: "templates/definition/meter/fronius-gen24.yaml",
      },
      notes: STRING_NOTES,
      confidence: "A",
    },
    {
      id: "fronius-gen24-pv",
      kind: "pv",
      models: ["Symo/Primo GEN24 (PV strings)"],
      ...foundBy([["160", strings({ "1": "PV string 1", "2": "PV string 2" })]], { baseCandidates: [40000] }),
      computed: { power: "module1.DCW + module2.DCW" },
      signConvention: "production positive (DC side)",
      sources: {
        evcc: "templates/definition/meter/fronius-gen24.yaml",
      },
      notes: [
        ...STRING_NOTES,
        "Non-hybrid Fronius: use sunspec-inverter (AC power W). Argeno: never model 160 (reports only a part, evcc).",
      ],
      confidence: "A",
    },
  ],
);
