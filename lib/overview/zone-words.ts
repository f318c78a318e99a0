import { BY_HAND } from "../dlm/inputs/overrides.ts";
import { sentence } from "../words/sentence.ts";
import type { Language } from "../words/types.ts";
import type { ZoneItem } from "./types.ts";

export type ZoneState = "fine" | "full" | "over" | "failSafe" | "unknown";

/** A phase this near to its limit is full: a start does not fit, A. */
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
  const { binding, outside, chargersA } = item;
  const cars = sentence(language, "line.cars", { n: binding?.cars ?? 0 });
  const phase = binding?.phase ?? 0;
  switch (zoneState(item)) {
    case "over":
      return sentence(language, "zone.over", { phase });
    case "failSafe":
      return sentence(language, "zone.failSafe");
    case "unknown":
      return sentence(language, "zone.unknown");
    case "full":
      if (binding?.code === "GRID" && outside)
        return outside.source === BY_HAND
          ? sentence(language, "zone.byHand", { limit: limitText(outside) })
          : sentence(language, "zone.outside", { limit: limitText(outside), source: outside.source });
      if (binding?.code === "GRID" && item.demand)
        return sentence(language, "zone.demand", { limit: limitText({ limitA: null, powerW: item.demand.limitW }) });
      if (!binding) return sentence(language, "zone.brim", { phase: brimOf(item) ?? 0 });
      return sentence(language, phase > 0 ? "zone.full" : "zone.limited", { phase, cars });
    case "fine":
      if (above?.failSafe) return sentence(language, "zone.failSafe");
      if (above)
        return sentence(language, "zone.above", {
          zone: above.zone,
          cars: sentence(language, "line.cars", { n: above.cars }),
        });
      return sentence(language, chargersA.some((amps) => amps > 1) ? "zone.fine" : "zone.free");
  }
}

function limitText({ limitA, powerW }: { limitA: number | null; powerW: number | null }): string {
  return limitA === null ? `${Math.round((powerW ?? 0) / 100) / 10} kW` : `${limitA} A`;
}
