import fc from "fast-check";
import { type MeterProfile, QUANTITIES, type Register, wordsOf } from "../../lib/metering/profile-schema.ts";

const TYPES = ["uint16", "int16", "uint32", "int32", "uint64", "float32", "float64"] as const;

/** What a profile holds that plans no reads of its own. */
export const EMPTY_PROFILE: MeterProfile = {
  id: "random",
  kind: "meter",
  vendor: "Random",
  models: ["R1"],
  phases: 3,
  transports: ["tcp"],
  defaults: { unitId: 1, port: 502, baudRate: null, parity: null, stopBits: null },
  defaultsSource: null,
  functionCode: 3,
  alternativeFunctionCodes: [],
  wordOrder: "big",
  limits: { maxRegistersPerRead: 125, maxGap: 10, minRequestGapMs: 0, connectDelayMs: 0, singleClient: false },
  registers: {},
  signConvention: "import positive",
  sources: {},
  disagreements: [],
  notes: [],
  confidence: "B",
};

/** A register at an address of a profile made by hand. */
export function register(address: number, type: Register["type"], more: Partial<Register> = {}): Register {
  return { address, type, scale: 1, unit: "", sources: [], verified: "hand", ...more };
}

/** Any valid profile: values in any order with any holes, of any type, in both tables, some computed as a difference. */
export const randomProfile: fc.Arbitrary<MeterProfile> = fc
  .record({
    names: fc.uniqueArray(fc.constantFrom(...QUANTITIES, "powerImport", "powerExport"), {
      minLength: 1,
      maxLength: 22,
    }),
    holes: fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 22, maxLength: 22 }),
    types: fc.array(fc.constantFrom(...TYPES), { minLength: 22, maxLength: 22 }),
    otherTable: fc.array(fc.boolean(), { minLength: 22, maxLength: 22 }),
    start: fc.integer({ min: 0, max: 60_000 }),
    maxRegistersPerRead: fc.integer({ min: 4, max: 125 }),
    maxGap: fc.integer({ min: 0, max: 125 }),
  })
  .map(({ names, holes, types, otherTable, start, maxRegistersPerRead, maxGap }) => {
    const registers: MeterProfile["registers"] = {};
    let next = start;
    for (const [index, name] of names.entries()) {
      const type = types[index] as Register["type"];
      const address = next + (holes[index] as number);
      registers[name] = register(address, type, otherTable[index] ? { functionCode: 4 } : {});
      next = address + wordsOf(type);
    }
    const computable = "powerImport" in registers && "powerExport" in registers && !("power" in registers);
    return {
      ...EMPTY_PROFILE,
      limits: { ...EMPTY_PROFILE.limits, maxRegistersPerRead, maxGap },
      registers,
      ...(computable ? { computed: { power: "powerImport - powerExport" } } : {}),
    };
  });
