import { dsmr } from "./presets/dsmr.ts";
import { managers } from "./presets/managers.ts";
import { others } from "./presets/others.ts";
import type { MappingPreset } from "./presets/preset.ts";
import { shelly } from "./presets/shelly.ts";

export type { MappingPreset } from "./presets/preset.ts";

/** Sources that `ev-meter-input` knows how to read, for its dialog. */
export const MAPPING_PRESETS: readonly MappingPreset[] = [
  ...others.slice(0, 1),
  ...shelly,
  ...dsmr,
  ...others.slice(1),
  ...managers,
];
