import type { Language } from "../words/types.ts";
import { carsText, filled, viewWords } from "./row-words.ts";
import type { ZoneItem } from "./types.ts";

export type ZoneState = "fine" | "full" | "over" | "failSafe" | "unknown";

/** So near to the limit there is nothing to give, A. */
const BRIM_A = 1;

/** How a zone is doing, in one word. */
export function zoneState(item: ZoneItem): ZoneState {
  const { binding, loadA } = item;
  if (binding?.kind === "over" || binding?.kind === "failSafe") return binding.kind;
  if (loadA.every((amps) => amps === null)) return "unknown";
  return binding || brimOf(item) ? "full" : "fine";
}

/** The phase that is as good as full; null = none. */
function brimOf({ loadA, limitA }: ZoneItem): number | null {
  const phase = loadA.findIndex((amps, index) => amps !== null && amps > limitA[index]! - BRIM_A);
  return phase < 0 ? null : phase + 1;
}

/** A zone above that keeps cars of this one from getting more. */
export interface HeldFromAbove {
  zone: string;
  cars: number;
  failSafe: boolean;
}

/** The same in a sentence. @param above what holds cars back where the zone itself does not; null = nothing */
export function zoneSentence(item: ZoneItem, language: Language, above: HeldFromAbove | null = null): string {
  const words = viewWords(language);
  const { binding, outside, chargersA } = item;
  const cars = carsText(binding?.cars ?? 0, language);
  const phase = binding?.phase ?? 0;
  switch (zoneState(item)) {
    case "over":
      return filled(words.over, { phase });
    case "failSafe":
      return words.failSafe;
    case "unknown":
      return words.unknown;
    case "full":
      if (binding?.code === "GRID" && outside)
        return filled(words.outside, { limit: limitText(outside), source: outside.source });
      if (!binding) return filled(words.brim, { phase: brimOf(item) ?? 0 });
      return filled(phase > 0 ? words.full : words.limited, { phase, cars });
    case "fine":
      if (above?.failSafe) return words.failSafe;
      if (above) return filled(words.above, { zone: above.zone, cars: carsText(above.cars, language) });
      return chargersA.some((amps) => amps > 1) ? words.fine : words.free;
  }
}

function limitText({ limitA, powerW }: { limitA: number | null; powerW: number | null }): string {
  return limitA === null ? `${Math.round((powerW ?? 0) / 100) / 10} kW` : `${limitA} A`;
}
