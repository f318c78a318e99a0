import Type from "typebox";
import { perPhase, WHOLE_KEYS } from "./measurement.ts";

/** Wire types of a value; the digits are its bits, so `float32` takes two registers. */
const REGISTER_TYPES = ["uint16", "int16", "uint32", "int32", "uint64", "int64", "float32", "float64"] as const;
const RegisterType = Type.Enum([...REGISTER_TYPES]);
const WordOrder = Type.Enum(["big", "little"]);
const FunctionCode = Type.Enum([3, 4]);
const Sentinel = Type.String({ pattern: "^0x[0-9A-Fa-f]{4,16}$" });
const Address = Type.Integer({ minimum: 0, maximum: 65_535 });
const Unit = Type.Enum(["V", "A", "W", "Wh", "Hz", "%", ""]);
const Text = Type.String({ minLength: 1 });

/** An object that may have no other fields. */
const strict = <T extends Type.TProperties>(fields: T) => Type.Object(fields, { additionalProperties: false });
const orNull = <T extends Type.TSchema>(type: T) => Type.Union([type, Type.Null()]);

/** One value on the wire. `address` counts from 0 as it travels; raw × `scale` is the value in `unit`, import positive. */
const RegisterSchema = strict({
  address: Address,
  type: RegisterType,
  scale: Type.Number(),
  unit: Unit,
  /** Order of the 16-bit words, where it differs from the profile's. */
  wordOrder: Type.Optional(WordOrder),
  /** Where it differs from the profile's. */
  functionCode: Type.Optional(FunctionCode),
  /** Where the int16 exponent of ten is that multiplies the value further (SunSpec scale factors); 0x8000 there: unknown. */
  scaleFactorAddress: Type.Optional(Address),
  /** Raw bits that mean "not available", besides those that mean it for every device (see `decodeRegisters`). */
  notAvailable: Type.Optional(Type.Array(Sentinel, { minItems: 1 })),
  /** What "not available" stands for where the device says it of something that is not there or asleep: a string, an inverter at night. */
  unavailableMeans: Type.Optional(Type.Enum([0])),
  /** `fourQuadrant`: a power factor above 1 stands for 2 − value, below −1 for −2 − value. */
  coding: Type.Optional(Type.Enum(["fourQuadrant"])),
  note: Type.Optional(Type.String()),
  /** Keys of the profile's `sources` that agree on it. */
  sources: Type.Array(Type.String()),
  /** How far the sources were compared: everything, quantity and address, the number's occurrence, by hand. */
  verified: Type.Enum(["full", "quantity", "text", "hand"]),
});

/** What the device bears; the gaps are practice values, see the profile's notes. */
const LimitsSchema = strict({
  maxRegistersPerRead: Type.Integer({ minimum: 1, maximum: 125 }),
  /** Largest run of unneeded registers that one read may span. */
  maxGap: Type.Integer({ minimum: 0, maximum: 125 }),
  minRequestGapMs: Type.Integer({ minimum: 0 }),
  connectDelayMs: Type.Integer({ minimum: 0 }),
  singleClient: Type.Boolean(),
  /** A read that cuts a value is answered by an exception. */
  alignToValues: Type.Optional(Type.Boolean()),
});

const DefaultsSchema = strict({
  unitId: orNull(Type.Integer({ minimum: 0, maximum: 255 })),
  port: orNull(Type.Integer({ minimum: 1, maximum: 65_535 })),
  baudRate: orNull(Type.Integer({ minimum: 300 })),
  parity: orNull(Type.Enum(["N", "E", "O"])),
  stopBits: orNull(Type.Enum([1, 2])),
});

const SourceSchema = strict({
  repo: Text,
  path: Text,
  commit: Type.Optional(Type.String()),
  note: Type.Optional(Type.String()),
});

/** A point of a SunSpec model: its value is raw × `scale` (default 1, the sign folded in) × 10^(scale factor). */
const SunSpecPointSchema = strict({
  /** Registers after the model's id register (id = 0, length = 1). */
  offset: Address,
  type: RegisterType,
  unit: Unit,
  /** Its name in the SunSpec model. */
  point: Text,
  scale: Type.Optional(Type.Number()),
  /** The int16 exponent; 0x8000 there makes the value unknown. Read it with the value: some devices change it while they run. */
  scaleFactorPoint: Type.Optional(Type.String()),
  scaleFactorOffset: Type.Optional(Address),
  notAvailable: Type.Optional(Type.Array(Sentinel, { minItems: 1 })),
  unavailableMeans: Type.Optional(Type.Enum([0])),
});

const PointsSchema = Type.Record(Type.String(), SunSpecPointSchema);

/** A block that a model repeats: point P of block n becomes register `module<n>.P` at P's offset + (n − 1) × `length`. */
const SunSpecModulesSchema = strict({
  /** Offset of the first block. */
  start: Type.Integer({ minimum: 2 }),
  length: Type.Integer({ minimum: 1 }),
  /** Offset of the uint16 that says how many blocks there are. */
  countOffset: Type.Integer({ minimum: 2 }),
  /** Offsets are those of the first block. */
  points: PointsSchema,
  /** What is connected to block 1, 2, … of this device. */
  meaning: Type.Record(Type.String(), Type.String()),
});

const SunSpecModelSchema = strict({
  /** Value of the model's length register; null where it depends on the device. */
  length: orNull(Type.Integer({ minimum: 1 })),
  /** 1: the model is of a single-phase device, whose L2 and L3 are never there. */
  phases: Type.Optional(Type.Enum([1])),
  /** By quantity, as `registers`. */
  points: PointsSchema,
  modules: Type.Optional(SunSpecModulesSchema),
});

/** Devices that are found by walking the SunSpec models instead of by fixed addresses. */
const SunSpecSchema = strict({
  /** Where the marker "SunS" (0x53756E53) may be, in this order; models follow it as id, length, content until id 0xFFFF. */
  baseCandidates: Type.Array(Address, { minItems: 1 }),
  /** Ids of models that serve, best first; the first one that the device has is taken. */
  modelPreference: Type.Array(Type.String(), { minItems: 1 }),
  /** Ids of models whose points are read beside the preferred one's, where the device has them. */
  companions: Type.Optional(Type.Array(Type.String(), { minItems: 1 })),
  /** Which device behind the address: 0 for the models after the first common block (model 1), 1 after the second, and so on. */
  subdevice: Type.Integer({ minimum: 0 }),
  models: Type.Record(Type.String(), SunSpecModelSchema),
});

/** The shape of a device as data. Rules between the fields are in `validateProfile`. */
export const MeterProfileSchema = strict({
  id: Type.String({ pattern: "^[a-z0-9]+(-[a-z0-9]+)*$" }),
  kind: Type.Enum(["meter", "grid", "pv", "battery", "charger"]),
  vendor: Text,
  models: Type.Array(Type.String(), { minItems: 1 }),
  phases: Type.Enum([1, 3]),
  /** How the device is usually reached: a hint, never a refusal, since gateways translate. */
  transports: Type.Array(Type.Enum(["tcp", "rtu", "udp"]), { minItems: 1 }),
  defaults: DefaultsSchema,
  defaultsSource: orNull(Type.String()),
  functionCode: FunctionCode,
  alternativeFunctionCodes: Type.Array(FunctionCode),
  wordOrder: WordOrder,
  limits: LimitsSchema,
  /** By name: a quantity of `QUANTITIES`, or a part that `computed` adds up. */
  registers: Type.Record(Type.String(), RegisterSchema),
  /** Sums and differences of register names, such as `powerImport - powerExport`. */
  computed: Type.Optional(Type.Record(Type.String(), Type.String())),
  /**
   * In place of `registers`: they are empty until discovery has found the models on the device. Unresolved, such a profile plans no
   * reads and decodes to a bad measurement with nothing known.
   */
  sunspec: Type.Optional(SunSpecSchema),
  signConvention: Text,
  sources: Type.Record(Type.String(), SourceSchema),
  disagreements: Type.Array(Type.String()),
  notes: Type.Array(Type.String()),
  /** A: most registers agree in two sources; B: in one, or partly; C: check on a device first. */
  confidence: Type.Enum(["A", "B", "C"]),
});

/** A device as data: where its values are, how they are coded, what it bears, and how sure that is. */
export type MeterProfile = Type.Static<typeof MeterProfileSchema>;
/** One value on the wire. */
export type Register = Type.Static<typeof RegisterSchema>;
export type RegisterType = Register["type"];
export type WordOrder = Register["wordOrder"] & string;
export type FunctionCode = MeterProfile["functionCode"];
/** How a SunSpec device is found and which of its points matter. */
export type SunSpec = NonNullable<MeterProfile["sunspec"]>;
export type SunSpecModel = SunSpec["models"][string];
export type SunSpecPoint = SunSpecModel["points"][string];

/** Number of 16-bit registers that a type takes. */
export function wordsOf(type: RegisterType): number {
  return WORDS[type];
}

const WORDS = Object.fromEntries(REGISTER_TYPES.map((type) => [type, Number(type.replace(/\D+/, "")) / 16])) as Record<
  RegisterType,
  number
>;

/** Names of registers (or computed values) that a measurement is made of. */
export const QUANTITIES: readonly string[] = [
  ...["current", "voltage", "power", "powerFactor"].flatMap(perPhase),
  ...Object.values(WHOLE_KEYS),
];

/** Whether a value is a current or a power: what load management steers by, and what a reading may not lack. */
export function isSteering(name: string): boolean {
  return /^(current|power(?!Factor))/.test(name);
}

/** Whether a value is read every cycle; the others are read in turn. */
export function isFast(name: string): boolean {
  return isSteering(name) || name === "soc";
}
