import type { ZoneItem } from "../../../lib/overview/types.ts";
import { amps, type Words, watts } from "./words.ts";

/** Reasons that have a sentence of their own; the others share one. */
const TOLD = ["ZONE", "POWER", "GRID", "IMBALANCE"];

/** What binds in a zone, or how much room it has; and how grave that is. */
export function zoneSentence(zone: ZoneItem, words: Words): { text: string; tone: "bad" | "tight" | "fine" } {
  const { binding, outside } = zone;
  const limited = outside ? ` · ${words("zone.outside", { limit: outsideText(outside) })}` : "";
  if (!binding) return { text: `${roomText(zone, words)}${limited}`, tone: "fine" };
  const { kind, code, phase, cars } = binding;
  const values = { phase: phase === null ? "" : `L${phase}`, n: cars };
  if (kind === "over") return { text: words("zone.over", values), tone: "bad" };
  if (kind === "failSafe") return { text: words("zone.failSafe"), tone: "bad" };
  const known = code !== null && TOLD.includes(code) && !(code === "ZONE" && phase === null);
  return { text: `${words(`zone.binding.${known ? code : "other"}`, values)}${limited}`, tone: "tight" };
}

function outsideText({ limitA, powerW }: NonNullable<ZoneItem["outside"]>): string {
  return [limitA !== null && `${amps(limitA)} A`, powerW !== null && watts(powerW)].filter(Boolean).join(", ");
}

function roomText({ limitA, loadA }: ZoneItem, words: Words): string {
  const room = loadA.map((load, phase) => (load === null ? null : limitA[phase]! - load));
  const known = room.filter((one) => one !== null);
  if (known.length === 0) return words("zone.unknown");
  const least = Math.min(...known);
  return words("zone.room", { amps: Math.floor(Math.max(0, least)), phase: `L${room.indexOf(least) + 1}` });
}
