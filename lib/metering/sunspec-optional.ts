import { type RegisterRead, registerValue } from "./decode.ts";
import { planBlocks } from "./plan.ts";
import type { MeterProfile } from "./profile-schema.ts";
import type { Words } from "./sunspec-blocks.ts";

const PHASE_POWERS = ["powerL1", "powerL2", "powerL3"];

/**
 * A resolved profile without the phase powers, where the device gives none of them beside a total: they are optional in the meter models
 * (SunSpec models 201 to 214), and a reading must not be called bad for what the device never promised. Rejects with what `words` rejects with.
 */
export async function withoutOptional(profile: MeterProfile, words: Words): Promise<MeterProfile> {
  const wanted = [...PHASE_POWERS, "power"];
  const registers = Object.fromEntries(Object.entries(profile.registers).filter(([name]) => wanted.includes(name)));
  if (!registers["power"] || !PHASE_POWERS.some((name) => registers[name])) return profile;
  const reads: RegisterRead[] = [];
  for (const { functionCode, address, count } of planBlocks({ ...profile, registers, computed: {} }))
    reads.push({ functionCode, address, registers: await words(address, count) });
  const isKnown = (name: string) => registerValue(profile, reads, name) !== null;
  if (!isKnown("power") || PHASE_POWERS.some(isKnown)) return profile;
  const kept = Object.entries(profile.registers).filter(([name]) => !PHASE_POWERS.includes(name));
  return { ...profile, registers: Object.fromEntries(kept) };
}
