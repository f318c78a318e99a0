import type { Sheet } from "./notation.ts";
import {
  METER_FLOAT,
  METER_INT,
  SINGLE_METER_FLOAT,
  SINGLE_METER_INT,
  STANDARD_BASES,
  STORAGE,
  SUNSPEC_NOTES,
  strings,
} from "./sunspec-models.ts";

const smartMeter: Sheet = {
  id: "fronius-smart-meter",
  kind: "grid",
  vendor: "Fronius",
  models: ["Smart Meter TS/63A via GEN24/Symo/Datamanager", "Smart Meter IP"],
  transports: ["tcp"],
  usual: { unitId: 200, port: 502 },
  defaultsSource: "evcc/callifo: unit 200, port 502",
  functionCode: 3,
  limits: { maxGap: 125 },
  registers: [],
  sunspec: {
    baseCandidates: STANDARD_BASES,
    modelPreference: ["213", "203", "211", "201"],
    subdevice: 0,
    models: { "213": METER_FLOAT, "203": METER_INT, "211": SINGLE_METER_FLOAT, "201": SINGLE_METER_INT },
  },
  signConvention: "import positive at the feed-in point",
  sources: {
    sunspec: "json/model_213.json, json/model_203.json, json/model_211.json, json/model_201.json",
    evcc: "templates/definition/meter/fronius-gen24.yaml",
    callifo: {
      repo: "callifo/fronius_modbus",
      path: "custom_components/fronius_modbus/const.py",
      commit: "78b77f96c9",
    },
  },
  notes: [
    SUNSPEC_NOTES.offsets,
    SUNSPEC_NOTES.scaleFactors,
    SUNSPEC_NOTES.exportFirst,
    SUNSPEC_NOTES.preferFloat,
    "GEN24: meter unit id 200 (first), 201.. (further); inverter unit 1. Datamanager/older: 240 (configurable).",
    "int vs float models are selectable in the inverter UI: support both by discovery.",
  ],
  confidence: "A",
};

const gen24Hybrid: Sheet = {
  id: "fronius-gen24-hybrid",
  kind: "battery",
  vendor: "Fronius",
  models: ["Symo/Primo GEN24 Plus (PV strings + battery)"],
  transports: ["tcp"],
  usual: { unitId: 1, port: 502 },
  defaultsSource: "evcc: inverter unit 1, port 502",
  functionCode: 3,
  limits: { maxGap: 125 },
  registers: [],
  sunspec: {
    baseCandidates: [40000],
    modelPreference: ["160"],
    companions: ["124"],
    subdevice: 0,
    models: {
      "160": strings({ "1": "PV string 1", "2": "PV string 2", "3": "battery charge", "4": "battery discharge" }),
      "124": STORAGE,
    },
  },
  computed: { pvPower: "module1.DCW + module2.DCW", power: "module4.DCW - module3.DCW" },
  signConvention: "PV positive; battery discharging positive",
  sources: {
    sunspec: "json/model_160.json, json/model_124.json",
    evcc: "templates/definition/meter/fronius-gen24.yaml",
  },
  notes: [SUNSPEC_NOTES.modules, SUNSPEC_NOTES.idleModule],
  confidence: "A",
};

const gen24Pv: Sheet = {
  id: "fronius-gen24-pv",
  kind: "pv",
  vendor: "Fronius",
  models: ["Symo/Primo GEN24 (PV strings)"],
  transports: ["tcp"],
  usual: { unitId: 1, port: 502 },
  defaultsSource: "evcc: inverter unit 1, port 502",
  functionCode: 3,
  limits: { maxGap: 125 },
  registers: [],
  sunspec: {
    baseCandidates: [40000],
    modelPreference: ["160"],
    subdevice: 0,
    models: { "160": strings({ "1": "PV string 1", "2": "PV string 2" }) },
  },
  computed: { power: "module1.DCW + module2.DCW" },
  signConvention: "production positive (DC side)",
  sources: {
    sunspec: "json/model_160.json",
    evcc: "templates/definition/meter/fronius-gen24.yaml",
  },
  notes: [
    SUNSPEC_NOTES.modules,
    SUNSPEC_NOTES.idleModule,
    "Non-hybrid Fronius: use sunspec-inverter (AC power W). Argeno: never model 160 (reports only a part, evcc).",
  ],
  confidence: "A",
};

/** Devices of Fronius. */
export const fronius: readonly Sheet[] = [smartMeter, gen24Hybrid, gen24Pv];
