import type { SampleView } from "./samples.ts";
import type { ControllerResult } from "./types.ts";

export function guardTick(_view: SampleView, decided: ControllerResult, _before: ReadonlyMap<string, number>, _nowMs: number) {
  return { result: decided, alarm: null as string | null };
}
