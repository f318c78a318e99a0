import { maker } from "./notation.ts";
import {
  BATTERY_BASE,
  foundBy,
  INTEGER_NOTES,
  INVERTER_FLOAT,
  INVERTER_INT,
  METER_FLOAT,
  METER_INT,
  MODEL_NOTES,
  SINGLE_INVERTER_FLOAT,
  SINGLE_INVERTER_INT,
  SINGLE_METER_FLOAT,
  SINGLE_METER_INT,
  STORAGE,
} from "./sunspec-models.ts";

/** Devices of SunSpec. */
export const sunspec = maker(
  {
    vendor: "SunSpec",
    transports: ["tcp", "rtu"],
    usual: { unitId: 1, port: 502 },
    defaultsSource: null,
    functionCode: 3,
    limits: { maxGap: 125 },
  },
  [
    {
      id: "sunspec-meter",
      models: ["any SunSpec meter: 201-204 (int+SF), 211-214 (float)"],
      ...foundBy([
        ["213", METER_FLOAT],
        ["214", METER_FLOAT],
        ["212", METER_FLOAT],
        ["211", SINGLE_METER_FLOAT],
        ["203", METER_INT],
        ["204", METER_INT],
        ["202", METER_INT],
        ["201", SINGLE_METER_INT],
      ]),
      signConvention: "SunSpec: import positive on most devices (Fronius, KSEM); SolarEdge is inverted",
      sources: {
        evcc: "templates/definition/meter/sunspec-meter.yaml",
        openems:
          "io.openems.edge.bridge.modbus/src/io/openems/edge/bridge/modbus/sunspec/meter/AbstractSunSpecMeter.java",
      },
      notes: MODEL_NOTES,
      confidence: "A",
    },
    {
      id: "sunspec-inverter",
      kind: "pv",
      models: ["any SunSpec inverter: 101-103 (int+SF), 111-113 (float)"],
      ...foundBy([
        ["113", INVERTER_FLOAT],
        ["112", INVERTER_FLOAT],
        ["111", SINGLE_INVERTER_FLOAT],
        ["103", INVERTER_INT],
        ["102", INVERTER_INT],
        ["101", SINGLE_INVERTER_INT],
      ]),
      sources: {
        evcc: "templates/definition/meter/sunspec-inverter.yaml",
      },
      notes: [
        ...MODEL_NOTES,
        "Hybrids: AC power W includes battery; use model 160 strings for PV (Fronius GEN24) but NOT on Fronius Argeno (160 reports a fraction, evcc).",
        'Night: W = 0x8000/NaN -> 0 W with quality "asleep".',
      ],
      confidence: "A",
    },
    {
      id: "sunspec-battery-802",
      kind: "battery",
      models: ["any SunSpec storage: 802 (battery base) or 124 (storage)", "Kostal Plenticore (802)"],
      ...foundBy([
        ["802", BATTERY_BASE],
        ["124", STORAGE],
      ]),
      signConvention: "model 802 W: discharging positive on Kostal (evcc uses it without inversion); verify per vendor",
      sources: {
        evcc: "templates/definition/meter/kostal-plenticore-gen2.yaml",
      },
      notes: INTEGER_NOTES,
      confidence: "B",
    },
  ],
);
