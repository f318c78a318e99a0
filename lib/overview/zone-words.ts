import type { Language } from "../words/types.ts";
import { carsText, filled, viewWords } from "./row-words.ts";
import type { ZoneItem } from "./types.ts";

export type ZoneState = "fine" | "full" | "over" | "failSafe" | "unknown";

/** How a zone is doing, in one word. */
export function zoneState({ binding, loadA }: ZoneItem): ZoneState {
  if (binding?.kind === "over" || binding?.kind === "failSafe") return binding.kind;
  if (loadA.every((amps) => amps === null)) return "unknown";
  return binding ? "full" : "fine";
}

/** The same in a sentence. */
export function zoneSentence(item: ZoneItem, language: Language): string {
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
      return filled(phase > 0 ? words.full : words.limited, { phase, cars });
    case "fine":
      return chargersA.some((amps) => amps > 1) ? words.fine : words.free;
  }
}

function limitText({ limitA, powerW }: { limitA: number | null; powerW: number | null }): string {
  return limitA === null ? `${Math.round((powerW ?? 0) / 100) / 10} kW` : `${limitA} A`;
}
