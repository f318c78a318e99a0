import type { MeterProfile } from "./profile-schema.ts";
import { eastron } from "./profiles/eastron.ts";
import { schneider } from "./profiles/schneider.ts";
import { siemens } from "./profiles/siemens.ts";

export type { FunctionCode, MeterProfile, Register } from "./profile-schema.ts";

const PROFILES: readonly MeterProfile[] = [...eastron, ...schneider, ...siemens];

/** Every device that can be read, by vendor. The profiles are shared: do not change them. */
export function meterProfiles(): MeterProfile[] {
  return [...PROFILES];
}

/** The profile of this id, or undefined. */
export function meterProfile(id: string): MeterProfile | undefined {
  return PROFILES.find((profile) => profile.id === id);
}
