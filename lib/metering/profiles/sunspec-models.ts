/** The points of SunSpec models that a measurement is made of (sunspec/models, json/model_<id>.json). Offsets count from the id register. */
import type { SunSpecModel, SunSpecPoint } from "../profile-schema.ts";
import { unitOf } from "./notation.ts";

/** Where devices put the marker "SunS", in the order of the specification's preference. */
export const STANDARD_BASES = [40_000, 50_000, 0];

/** Notes that hold for several devices. */
export const SUNSPEC_NOTES = {
  offsets: "Offsets count from the model ID register (ID=+0, L=+1).",
  scaleFactors:
    "sunssf is int16 exponent: value*10^sf; -32768 (0x8000) = not implemented. Cache the SF for static points but re-read with the block (SolarEdge changes SF at run time).",
  exportFirst: "Order trap: TotWhExp comes BEFORE TotWhImp.",
  preferFloat: "Prefer float models (21x/11x) when present, else int+SF.",
  modules: "Offsets of module n: base offset + (n-1)*20 (repeating block of 20 registers from +10).",
  idleModule: "0xFFFF on idle module = not available -> 0.",
};

type Name = readonly [quantity: string, offset: number, point: string];
type Special = Partial<Pick<SunSpecPoint, "scale" | "unavailableMeans">>;
type Points = SunSpecModel["points"];

/** What each type shows instead of a value it does not have; an accumulator that is not supported stays at 0. */
const NOT_AVAILABLE = {
  float32: ["0x7FC00000"],
  int16: ["0x8000"],
  uint16: ["0xFFFF"],
  uint32: ["0x00000000", "0xFFFFFFFF"],
};

const PERCENT: Special = { scale: 0.01 };
/** An inverter that sleeps has no power to report: it produces none. */
const ASLEEP: Special = { unavailableMeans: 0 };

function floats(names: readonly Name[], special: Special = {}): Points {
  return points("float32", names, special);
}

/** Integers that share the scale factor point of this name and offset. */
function integers(
  type: "int16" | "uint16" | "uint32",
  [scaleFactorPoint, scaleFactorOffset]: readonly [string, number],
  names: readonly Name[],
  special: Special = {},
): Points {
  return points(type, names, { scaleFactorPoint, scaleFactorOffset, ...special });
}

function points(type: keyof typeof NOT_AVAILABLE, names: readonly Name[], rest: Partial<SunSpecPoint>): Points {
  const notAvailable = NOT_AVAILABLE[type];
  return Object.fromEntries(
    names.map(([quantity, offset, point]) => [
      quantity,
      { offset, type, unit: unitOf(quantity), point, ...rest, notAvailable },
    ]),
  );
}

/** 212 to 214, meters with float values. */
export const METER_FLOAT: SunSpecModel = {
  length: 124,
  points: floats([
    ["currentL1", 4, "AphA"],
    ["currentL2", 6, "AphB"],
    ["currentL3", 8, "AphC"],
    ["voltageL1", 12, "PhVphA"],
    ["voltageL2", 14, "PhVphB"],
    ["voltageL3", 16, "PhVphC"],
    ["frequency", 26, "Hz"],
    ["power", 28, "W"],
    ["powerL1", 30, "WphA"],
    ["powerL2", 32, "WphB"],
    ["powerL3", 34, "WphC"],
    ["powerFactor", 52, "PF"],
    ["energyExport", 60, "TotWhExp"],
    ["energyImport", 68, "TotWhImp"],
  ]),
};

/** 211, a single-phase meter with float values. */
export const SINGLE_METER_FLOAT: SunSpecModel = { ...METER_FLOAT, phases: 1 };

/** 202 to 204, meters with integers and scale factors. */
export const METER_INT: SunSpecModel = {
  length: 105,
  points: {
    ...integers(
      "int16",
      ["A_SF", 6],
      [
        ["currentL1", 3, "AphA"],
        ["currentL2", 4, "AphB"],
        ["currentL3", 5, "AphC"],
      ],
    ),
    ...integers(
      "int16",
      ["V_SF", 15],
      [
        ["voltageL1", 8, "PhVphA"],
        ["voltageL2", 9, "PhVphB"],
        ["voltageL3", 10, "PhVphC"],
      ],
    ),
    ...integers("int16", ["Hz_SF", 17], [["frequency", 16, "Hz"]]),
    ...integers(
      "int16",
      ["W_SF", 22],
      [
        ["power", 18, "W"],
        ["powerL1", 19, "WphA"],
        ["powerL2", 20, "WphB"],
        ["powerL3", 21, "WphC"],
      ],
    ),
    ...integers("int16", ["PF_SF", 37], [["powerFactor", 33, "PF"]], PERCENT),
    ...integers(
      "uint32",
      ["TotWh_SF", 54],
      [
        ["energyExport", 38, "TotWhExp"],
        ["energyImport", 46, "TotWhImp"],
      ],
    ),
  },
};

/** 201, a single-phase meter with integers. */
export const SINGLE_METER_INT: SunSpecModel = { ...METER_INT, phases: 1 };

/** 112 and 113, inverters with float values. */
export const INVERTER_FLOAT: SunSpecModel = {
  length: 60,
  points: {
    ...floats([
      ["currentL1", 4, "AphA"],
      ["currentL2", 6, "AphB"],
      ["currentL3", 8, "AphC"],
      ["voltageL1", 16, "PhVphA"],
      ["voltageL2", 18, "PhVphB"],
      ["voltageL3", 20, "PhVphC"],
      ["frequency", 24, "Hz"],
      ["energyExport", 32, "WH"],
      ["powerDc", 38, "DCW"],
    ]),
    ...floats([["power", 22, "W"]], ASLEEP),
    ...floats([["powerFactor", 30, "PF"]], PERCENT),
  },
};

/** 111, a single-phase inverter with float values. */
export const SINGLE_INVERTER_FLOAT: SunSpecModel = { ...INVERTER_FLOAT, phases: 1 };

/** 102 and 103, inverters with integers and scale factors. */
export const INVERTER_INT: SunSpecModel = {
  length: 50,
  points: {
    ...integers(
      "uint16",
      ["A_SF", 6],
      [
        ["currentL1", 3, "AphA"],
        ["currentL2", 4, "AphB"],
        ["currentL3", 5, "AphC"],
      ],
    ),
    ...integers(
      "uint16",
      ["V_SF", 13],
      [
        ["voltageL1", 10, "PhVphA"],
        ["voltageL2", 11, "PhVphB"],
        ["voltageL3", 12, "PhVphC"],
      ],
    ),
    ...integers("uint16", ["Hz_SF", 17], [["frequency", 16, "Hz"]]),
    ...integers("int16", ["W_SF", 15], [["power", 14, "W"]], ASLEEP),
    ...integers("int16", ["PF_SF", 23], [["powerFactor", 22, "PF"]], PERCENT),
    ...integers("uint32", ["WH_SF", 26], [["energyExport", 24, "WH"]]),
    ...integers("int16", ["DCW_SF", 32], [["powerDc", 31, "DCW"]]),
  },
};

/** 101, a single-phase inverter with integers. */
export const SINGLE_INVERTER_INT: SunSpecModel = { ...INVERTER_INT, phases: 1 };

/** 124, basic storage control: state of charge. */
export const STORAGE: SunSpecModel = {
  length: 24,
  points: integers("uint16", ["ChaState_SF", 22], [["soc", 8, "ChaState"]]),
};

/** 802, battery base model. */
export const BATTERY_BASE: SunSpecModel = {
  length: 62,
  points: {
    ...integers("uint16", ["SoC_SF", 56], [["soc", 11, "SoC"]]),
    ...integers("int16", ["W_SF", 63], [["power", 47, "W"]]),
  },
};

/** 160, several inputs of an inverter; what is connected to which of them is up to the device. */
export function strings(meaning: Record<string, string>): SunSpecModel {
  const power = { type: "uint16", unit: "W", point: "DCW", scaleFactorPoint: "DCW_SF", scaleFactorOffset: 4 } as const;
  return {
    length: null,
    points: {},
    modules: {
      start: 10,
      length: 20,
      countOffset: 8,
      points: { DCW: { offset: 21, ...power, notAvailable: NOT_AVAILABLE.uint16, unavailableMeans: 0 } },
      meaning,
    },
  };
}

/** The same meter where positive power means export. */
export function exporting(model: SunSpecModel): SunSpecModel {
  const turned = Object.entries(model.points).map(([quantity, point]) => {
    const isPower = quantity.startsWith("power") && quantity !== "powerFactor";
    return [quantity, isPower ? { ...point, scale: -1 } : point] as const;
  });
  return { ...model, points: Object.fromEntries(turned) };
}
