import Type from "typebox";

/** Wire types of a value; the digits are its bits, so `float32` takes two registers. */
const RegisterType = Type.Enum(["uint16", "int16", "uint32", "int32", "uint64", "int64", "float32", "float64"]);
const WordOrder = Type.Enum(["big", "little"]);
const FunctionCode = Type.Enum([3, 4]);
const Sentinel = Type.String({ pattern: "^0x[0-9A-Fa-f]{4,16}$" });
const Unit = Type.Enum(["V", "A", "W", "Wh", "Hz", "%", ""]);

/** One value on the wire. `address` counts from 0 as it travels; raw × `scale` is the value in `unit`, import positive. */
const RegisterSchema = Type.Object(
  {
    address: Type.Integer({ minimum: 0, maximum: 65_535 }),
    type: RegisterType,
    scale: Type.Number(),
    unit: Unit,
    /** Order of the 16-bit words, where it differs from the profile's. */
    wordOrder: Type.Optional(WordOrder),
    /** Where it differs from the profile's. */
    functionCode: Type.Optional(FunctionCode),
    /** Raw bits that mean "not available". */
    notAvailable: Type.Optional(Type.Array(Sentinel, { minItems: 1 })),
    /** `fourQuadrant`: a power factor above 1 stands for 2 − value, below −1 for −2 − value. */
    coding: Type.Optional(Type.Enum(["fourQuadrant"])),
    note: Type.Optional(Type.String()),
    /** Keys of the profile's `sources` that agree on it. */
    sources: Type.Array(Type.String()),
    /** How far the sources were compared: everything, quantity and address, the number's occurrence, by hand. */
    verified: Type.Enum(["full", "quantity", "text", "hand"]),
  },
  { additionalProperties: false },
);

/** What the device bears; the gaps are practice values, see the profile's notes. */
const LimitsSchema = Type.Object(
  {
    maxRegistersPerRead: Type.Integer({ minimum: 1, maximum: 125 }),
    /** Largest run of unneeded registers that one read may span. */
    maxGap: Type.Integer({ minimum: 0, maximum: 125 }),
    minRequestGapMs: Type.Integer({ minimum: 0 }),
    connectDelayMs: Type.Integer({ minimum: 0 }),
    singleClient: Type.Boolean(),
    /** A read that cuts a value is answered by an exception. */
    alignToValues: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
);

const DefaultsSchema = Type.Object(
  {
    unitId: Type.Union([Type.Integer({ minimum: 0, maximum: 255 }), Type.Null()]),
    port: Type.Union([Type.Integer({ minimum: 1, maximum: 65_535 }), Type.Null()]),
    baudRate: Type.Union([Type.Integer({ minimum: 300 }), Type.Null()]),
    parity: Type.Union([Type.Enum(["N", "E", "O"]), Type.Null()]),
    stopBits: Type.Union([Type.Enum([1, 2]), Type.Null()]),
  },
  { additionalProperties: false },
);

const SourceSchema = Type.Object(
  {
    repo: Type.String({ minLength: 1 }),
    path: Type.String({ minLength: 1 }),
    commit: Type.Optional(Type.String()),
    note: Type.Optional(Type.String()),
  },
  { additionalProperties: false },
);

/** A point of a SunSpec model: the offset counts from the model's id register. */
const SunSpecPointSchema = Type.Object({
  offset: Type.Integer({ minimum: 0 }),
  type: RegisterType,
  unit: Unit,
  point: Type.String(),
  scaleFactorPoint: Type.Optional(Type.String()),
  scaleFactorOffset: Type.Optional(Type.Integer({ minimum: 0 })),
  notAvailable: Type.Optional(Type.Array(Type.String())),
});

/** Devices that are found by walking the SunSpec models instead of by fixed addresses. */
const SunSpecSchema = Type.Object({
  baseCandidates: Type.Array(Type.Integer({ minimum: 0, maximum: 65_535 }), { minItems: 1 }),
  modelPreference: Type.Array(Type.String(), { minItems: 1 }),
  subdevice: Type.Integer({ minimum: 0 }),
  models: Type.Record(
    Type.String(),
    Type.Object({
      length: Type.Union([Type.Integer({ minimum: 1 }), Type.Null()]),
      points: Type.Record(Type.String(), SunSpecPointSchema),
    }),
  ),
});

/** The shape of a device as data. Rules between the fields are in `validateProfile`. */
export const MeterProfileSchema = Type.Object(
  {
    id: Type.String({ pattern: "^[a-z0-9]+(-[a-z0-9]+)*$" }),
    kind: Type.Enum(["meter", "grid", "pv", "battery", "charger"]),
    vendor: Type.String({ minLength: 1 }),
    models: Type.Array(Type.String(), { minItems: 1 }),
    phases: Type.Enum([1, 3]),
    /** How the device is usually reached: a hint, never a refusal, since gateways translate. */
    transports: Type.Array(Type.Enum(["tcp", "rtu", "udp"]), { minItems: 1 }),
    defaults: DefaultsSchema,
    defaultsSource: Type.Union([Type.String(), Type.Null()]),
    functionCode: FunctionCode,
    alternativeFunctionCodes: Type.Array(FunctionCode),
    wordOrder: WordOrder,
    limits: LimitsSchema,
    /** By name: a quantity of `QUANTITIES`, or a part that `computed` adds up. */
    registers: Type.Record(Type.String(), RegisterSchema),
    /** Sums and differences of register names, such as `powerImport - powerExport`. */
    computed: Type.Optional(Type.Record(Type.String(), Type.String())),
    sunspec: Type.Optional(SunSpecSchema),
    signConvention: Type.String({ minLength: 1 }),
    sources: Type.Record(Type.String(), SourceSchema),
    disagreements: Type.Array(Type.String()),
    notes: Type.Array(Type.String()),
    /** A: most registers agree in two sources; B: in one, or partly; C: check on a device first. */
    confidence: Type.Enum(["A", "B", "C"]),
  },
  { additionalProperties: false },
);

/** A device as data: where its values are, how they are coded, what it bears, and how sure that is. */
export type MeterProfile = Type.Static<typeof MeterProfileSchema>;
/** One value on the wire. */
export type Register = Type.Static<typeof RegisterSchema>;
export type RegisterType = Register["type"];
export type WordOrder = Register["wordOrder"] & string;
export type FunctionCode = MeterProfile["functionCode"];

/** Number of 16-bit registers that a type takes. */
export function wordsOf(type: RegisterType): number {
  return Number(type.replace(/\D+/, "")) / 16;
}

const PHASED = ["current", "voltage", "power", "powerFactor"].flatMap((name) =>
  [1, 2, 3].map((phase) => `${name}L${phase}`),
);

/** Names of registers (or computed values) that a measurement is made of. */
export const QUANTITIES: readonly string[] = [
  ...PHASED,
  "power",
  "powerFactor",
  "frequency",
  "energyImport",
  "energyExport",
  "soc",
];

/** Whether a value is a current or a power: what load management steers by, and what a reading may not lack. */
export function isSteering(name: string): boolean {
  return /^(current|power(?!Factor))/.test(name);
}

/** Whether a value is read every cycle; the others are read in turn. */
export function isFast(name: string): boolean {
  return isSteering(name) || name === "soc";
}
