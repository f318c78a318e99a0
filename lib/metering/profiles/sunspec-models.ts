/** The points of SunSpec models that a measurement is made of (sunspec/models, json/model_<id>.json). Offsets count from the id register. */
import type { SunSpec, SunSpecModel, SunSpecPoint } from "../profile-schema.ts";
import { type Sheet, unitOf } from "./notation.ts";

/** Where devices put the marker "SunS", in the order of the specification's preference. */
const STANDARD_BASES = [40_000, 50_000, 0];

/** Notes that hold for every device with integers and scale factors. */
export const INTEGER_NOTES = [
  "Offsets count from the model ID register (ID=+0, L=+1).",
  "sunssf is int16 exponent: value*10^sf; -32768 (0x8000) = not implemented. Cache the SF for static points but re-read with the block (SolarEdge changes SF at run time).",
];
/** Notes that hold for every meter and inverter. */
export const MODEL_NOTES = [
  ...INTEGER_NOTES,
  "Order trap: TotWhExp comes BEFORE TotWhImp.",
  "Prefer float models (21x/11x) when present, else int+SF.",
];
/** Notes that hold for every device whose inputs are read one by one. */
export const STRING_NOTES = [
  "Offsets of module n: base offset + (n-1)*20 (repeating block of 20 registers from +10).",
  "0xFFFF on idle module = not available -> 0.",
];

/** A device that is found by walking its SunSpec models. @param models by their ids, best first, companions last */
export function foundBy(
  models: readonly (readonly [id: string, model: SunSpecModel])[],
  special: Partial<SunSpec> = {},
): Pick<Sheet, "registers" | "sunspec"> {
  const modelPreference = models.map(([id]) => id).filter((id) => !special.companions?.includes(id));
  const usual = { baseCandidates: STANDARD_BASES, modelPreference, subdevice: 0, models: Object.fromEntries(models) };
  return { registers: [], sunspec: { ...usual, ...special } };
}

/** Quantity, offset and name of a point; three offsets stand for L1, L2 and L3, whose points end in A, B and C. */
type Name = readonly [quantity: string, offset: number | readonly [number, number, number], point: string];
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
  const named = (quantity: string, offset: number, point: string) =>
    [quantity, { offset, type, unit: unitOf(quantity), point, ...rest, notAvailable }] as const;
  return Object.fromEntries(
    names.flatMap(([quantity, offset, point]) =>
      typeof offset === "number"
        ? [named(quantity, offset, point)]
        : offset.map((at, phase) => named(`${quantity}L${phase + 1}`, at, `${point}${"ABC"[phase]}`)),
    ),
  );
}

/** 212 to 214, meters with float values. */
export const METER_FLOAT: SunSpecModel = {
  length: 124,
  points: floats([
    ["current", [4, 6, 8], "Aph"],
    ["voltage", [12, 14, 16], "PhVph"],
    ["frequency", 26, "Hz"],
    ["power", 28, "W"],
    ["power", [30, 32, 34], "Wph"],
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
    ...integers("int16", ["A_SF", 6], [["current", [3, 4, 5], "Aph"]]),
    ...integers("int16", ["V_SF", 15], [["voltage", [8, 9, 10], "PhVph"]]),
    ...integers("int16", ["Hz_SF", 17], [["frequency", 16, "Hz"]]),
    ...integers(
      "int16",
      ["W_SF", 22],
      [
        ["power", 18, "W"],
        ["power", [19, 20, 21], "Wph"],
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
      ["current", [4, 6, 8], "Aph"],
      ["voltage", [16, 18, 20], "PhVph"],
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
    ...integers("uint16", ["A_SF", 6], [["current", [3, 4, 5], "Aph"]]),
    ...integers("uint16", ["V_SF", 13], [["voltage", [10, 11, 12], "PhVph"]]),
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
