import { type Clock, isoTime } from "../clock.ts";
import { messageOf } from "../errors.ts";
import { ModbusException } from "../modbus/transport.ts";
import type { MeterBus } from "./acquisition.ts";
import { decodeWithProblems, type RegisterRead, registerValue, wordsRead } from "./decode.ts";
import type { Measurement } from "./measurement.ts";
import type { PlannedBlock, ReadBlock } from "./plan.ts";
import { PollPlan } from "./poll-plan.ts";
import type { MeterProfile } from "./profile-schema.ts";
import { unwired } from "./quality.ts";
import { discoverSunSpec } from "./sunspec.ts";
import { doubtsOf } from "./suspicions.ts";

export interface InspectOptions {
  bus: MeterBus;
  profile: MeterProfile;
  unitId: number;
  timeoutMs: number;
  clock: Clock;
}

/** One read as it came. */
export interface InspectedBlock {
  functionCode: number;
  address: number;
  count: number;
  /** Four hexadecimal digits each; null = refused, see `error`. */
  words: string[] | null;
  error: string | null;
}

/** One register of the profile, raw and decoded. */
export interface InspectedValue {
  name: string;
  address: number;
  type: string;
  /** `0x43651EB8`, null where it was not read. */
  raw: string | null;
  value: number | null;
  unit: string;
  /** What is wrong with it, in words; null = plausible. */
  problem: string | null;
  /** How far the sources of this register were compared, and what is noted of it. */
  verified: string;
  note: string | null;
}

/** All that "Read now" shows of a device. Values are the meter's own: neither turned nor moved to site phases. */
export interface Inspection {
  ts: string;
  blocks: InspectedBlock[];
  values: InspectedValue[];
  measurement: Measurement;
  /** Doubts about mounting, word order and scale. */
  suspicions: string[];
  /** What discovery found; null for profiles with fixed addresses. */
  found: string | null;
  /** What the profile says of itself: to be compared with the display. */
  notes: readonly string[];
  disagreements: readonly string[];
  confidence: MeterProfile["confidence"];
}

/**
 * Reads everything that the profile knows, once, and shows it raw and decoded. A block that is refused is read in parts, so that a
 * missing register hides no other. Rejects with the bus's EvError when the device does not answer at all, or refuses everything.
 */
export async function inspectMeter(options: InspectOptions): Promise<Inspection> {
  const { bus, profile, unitId, timeoutMs, clock } = options;
  const { minRequestGapMs: gapMs, connectDelayMs } = profile.limits;
  const read = ({ functionCode, address, count }: ReadBlock) =>
    bus.read({ unitId, functionCode, address, count }, { timeoutMs, gapMs, connectDelayMs });
  const device = profile.sunspec ? await discoverSunSpec(profile, read) : null;
  const resolved = device?.profile ?? profile;
  const blocks: InspectedBlock[] = [];
  const reads = await readAll(resolved, read, blocks);
  const decoded = decodeWithProblems(resolved, reads);
  const problems = new Map(decoded.problems.map(({ quantity, text }) => [quantity, text]));
  return {
    ts: isoTime(clock.wallMs()),
    blocks,
    values: Object.entries(resolved.registers).map(([name, { address, type, unit, verified, note = null }]) => {
      const words = wordsRead(resolved, reads, name);
      const value = registerValue(resolved, reads, name);
      const unknown = value === null ? (words ? "not available" : "not read") : null;
      const raw = words && `0x${words.map(hex).join("")}`;
      return { name, address, type, raw, value, unit, problem: problems.get(name) ?? unknown, verified, note };
    }),
    measurement: decoded.measurement,
    suspicions: [...doubtsOf(resolved, reads, decoded).map(({ text }) => text), ...unwired(decoded.problems)],
    found: device?.text ?? null,
    notes: profile.notes,
    disagreements: profile.disagreements,
    confidence: profile.confidence,
  };
}

async function readAll(
  profile: MeterProfile,
  read: (block: ReadBlock) => Promise<number[]>,
  blocks: InspectedBlock[],
): Promise<RegisterRead[]> {
  const reads: RegisterRead[] = [];
  const plan = new PollPlan(profile, { inTurn: false });
  let refusal: ModbusException | null = null;
  const fetch = async (block: PlannedBlock): Promise<void> => {
    const { functionCode, address, count } = block;
    try {
      const registers = await read(block);
      reads.push({ functionCode, address, registers });
      blocks.push({ functionCode, address, count, words: registers.map(hex), error: null });
    } catch (error) {
      if (!(error instanceof ModbusException)) throw error;
      refusal ??= error;
      const parts = error.isAddressing ? plan.refused(block, 0) : [];
      if (parts.length === 0) blocks.push({ functionCode, address, count, words: null, error: messageOf(error) });
      for (const part of parts) await fetch(part);
    }
  };
  const { fast, slow } = plan.next(0);
  for (const block of [...fast, ...slow]) await fetch(block);
  if (reads.length === 0 && refusal) throw refusal;
  return reads;
}

function hex(word: number): string {
  return word.toString(16).padStart(4, "0").toUpperCase();
}
