import type { Sheet } from "./notation.ts";
import {
  BATTERY_BASE,
  INVERTER_FLOAT,
  INVERTER_INT,
  METER_FLOAT,
  METER_INT,
  SINGLE_INVERTER_FLOAT,
  SINGLE_INVERTER_INT,
  SINGLE_METER_FLOAT,
  SINGLE_METER_INT,
  STANDARD_BASES,
  STORAGE,
  SUNSPEC_NOTES,
} from "./sunspec-models.ts";

const meter: Sheet = {
  id: "sunspec-meter",
  vendor: "SunSpec",
  models: ["any SunSpec meter: 201-204 (int+SF), 211-214 (float)"],
  transports: ["tcp", "rtu"],
  usual: { unitId: 1, port: 502 },
  defaultsSource: null,
  functionCode: 3,
  limits: { maxGap: 125 },
  registers: [],
  sunspec: {
    baseCandidates: STANDARD_BASES,
    modelPreference: ["213", "214", "212", "211", "203", "204", "202", "201"],
    subdevice: 0,
    models: {
      "213": METER_FLOAT,
      "214": METER_FLOAT,
      "212": METER_FLOAT,
      "211": SINGLE_METER_FLOAT,
      "203": METER_INT,
      "204": METER_INT,
      "202": METER_INT,
      "201": SINGLE_METER_INT,
    },
  },
  signConvention: "SunSpec: import positive on most devices (Fronius, KSEM); SolarEdge is inverted",
  sources: {
    sunspec:
      "json/model_213.json, json/model_214.json, json/model_212.json, json/model_211.json, json/model_203.json, json/model_204.json, json/model_202.json, json/model_201.json",
    evcc: "templates/definition/meter/sunspec-meter.yaml",
    openems: "io.openems.edge.bridge.modbus/src/io/openems/edge/bridge/modbus/sunspec/meter/AbstractSunSpecMeter.java",
  },
  notes: [SUNSPEC_NOTES.offsets, SUNSPEC_NOTES.scaleFactors, SUNSPEC_NOTES.exportFirst, SUNSPEC_NOTES.preferFloat],
  confidence: "A",
};

const inverter: Sheet = {
  id: "sunspec-inverter",
  kind: "pv",
  vendor: "SunSpec",
  models: ["any SunSpec inverter: 101-103 (int+SF), 111-113 (float)"],
  transports: ["tcp", "rtu"],
  usual: { unitId: 1, port: 502 },
  defaultsSource: null,
  functionCode: 3,
  limits: { maxGap: 125 },
  registers: [],
  sunspec: {
    baseCandidates: STANDARD_BASES,
    modelPreference: ["113", "112", "111", "103", "102", "101"],
    subdevice: 0,
    models: {
      "113": INVERTER_FLOAT,
      "112": INVERTER_FLOAT,
      "111": SINGLE_INVERTER_FLOAT,
      "103": INVERTER_INT,
      "102": INVERTER_INT,
      "101": SINGLE_INVERTER_INT,
    },
  },
  sources: {
    sunspec:
      "json/model_113.json, json/model_112.json, json/model_111.json, json/model_103.json, json/model_102.json, json/model_101.json",
    evcc: "templates/definition/meter/sunspec-inverter.yaml",
  },
  notes: [
    SUNSPEC_NOTES.offsets,
    SUNSPEC_NOTES.scaleFactors,
    SUNSPEC_NOTES.exportFirst,
    SUNSPEC_NOTES.preferFloat,
    "Hybrids: AC power W includes battery; use model 160 strings for PV (Fronius GEN24) but NOT on Fronius Argeno (160 reports a fraction, evcc).",
    'Night: W = 0x8000/NaN -> 0 W with quality "asleep".',
  ],
  confidence: "A",
};

const battery802: Sheet = {
  id: "sunspec-battery-802",
  kind: "battery",
  vendor: "SunSpec",
  models: ["any SunSpec storage: 802 (battery base) or 124 (storage)", "Kostal Plenticore (802)"],
  transports: ["tcp", "rtu"],
  usual: { unitId: 1, port: 502 },
  defaultsSource: null,
  functionCode: 3,
  limits: { maxGap: 125 },
  registers: [],
  sunspec: {
    baseCandidates: STANDARD_BASES,
    modelPreference: ["802", "124"],
    subdevice: 0,
    models: { "802": BATTERY_BASE, "124": STORAGE },
  },
  signConvention: "model 802 W: discharging positive on Kostal (evcc uses it without inversion); verify per vendor",
  sources: {
    sunspec: "json/model_802.json, json/model_124.json",
    evcc: "templates/definition/meter/kostal-plenticore-gen2.yaml",
  },
  notes: [SUNSPEC_NOTES.offsets, SUNSPEC_NOTES.scaleFactors],
  confidence: "B",
};

/** Devices of SunSpec. */
export const sunspec: readonly Sheet[] = [meter, inverter, battery802];
