import type { RegisterRead } from "../../metering/decode.ts";
import type { MeterProfile, SunSpec } from "../../metering/profile-schema.ts";
import { resolveSunSpec, type SunSpecBlock } from "../../metering/sunspec-resolve.ts";

/** Where a simulated device has its values, and the registers that never change. */
export interface MeterImage {
  /** With registers; for SunSpec devices those of the models that the device pretends to have. */
  profile: MeterProfile;
  fixed: readonly RegisterRead[];
}

const MARKER = [0x5375, 0x6e53];
const END = [0xffff, 0];
const COMMON = { id: 1, length: 66 };

/** The registers of a device of this profile: a SunSpec device has the model that is preferred, its companions, and what leads to them. */
export async function imageOf(profile: MeterProfile): Promise<MeterImage> {
  const { sunspec } = profile;
  if (!sunspec) return { profile, fixed: [] };
  const base = sunspec.baseCandidates[0] ?? 0;
  const blocks = laidOut(sunspec, base + MARKER.length);
  const own = blocks.filter(({ id }) => id !== COMMON.id);
  const resolved = await resolveSunSpec(profile, own, async () => [modulesOf(sunspec)]);
  const last = blocks.at(-1);
  const end = last ? last.address + 2 + last.length : base + MARKER.length;
  const heads = blocks.map(({ id, address, length }): [number, number[]] => [address, [id, length]]);
  const counts = own.flatMap(({ id, address }): [number, number[]][] => {
    const modules = sunspec.models[String(id)]?.modules;
    return modules ? [[address + modules.countOffset, [modulesOf(sunspec)]]] : [];
  });
  const fixed: [number, number[]][] = [[base, MARKER], ...heads, ...counts, [end, END]];
  const { functionCode } = profile;
  return {
    profile: resolved,
    fixed: fixed.map(([address, registers]) => ({ functionCode, address, registers })),
  };
}

/** A common block for each device behind the address up to the one that is read, then the models of that one. */
function laidOut({ modelPreference, companions = [], models, subdevice }: SunSpec, start: number): SunSpecBlock[] {
  const own = [modelPreference[0] as string, ...companions].map((id) => {
    const { length = 0, modules } = models[id] ?? {};
    const repeated = modules ? modules.start - 2 + modules.length * Object.keys(modules.meaning).length : 0;
    return { id: Number(id), length: length ?? repeated, subdevice };
  });
  const commons = Array.from({ length: subdevice + 1 }, (_, index) => ({ ...COMMON, subdevice: index }));
  let address = start;
  return [...commons, ...own].map((block) => {
    const placed = { ...block, address };
    address += 2 + block.length;
    return placed;
  });
}

function modulesOf({ models }: SunSpec): number {
  return Math.max(0, ...Object.values(models).map(({ modules }) => Object.keys(modules?.meaning ?? {}).length));
}
