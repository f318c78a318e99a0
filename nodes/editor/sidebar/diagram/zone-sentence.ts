import type { ZoneItem } from "../../../../lib/overview/types.ts";
import { amps, type SidebarWords, watts } from "../words.ts";

/** Reasons that have a sentence of their own; the others share one. */
const TOLD = ["ZONE", "POWER", "GRID", "IMBALANCE"];

/** With less room on a phase it is called full, A. */
const FULL_A = 1;

/** What binds in a zone, or how much room it has; and how grave that is. */
export function zoneSentence(zone: ZoneItem, words: SidebarWords): { text: string; tone: "bad" | "tight" | "fine" } {
  const { binding, outside } = zone;
  const limited = `${outside ? ` · ${words("zone.outside", { limit: outsideText(outside) })}` : ""}${demandText(zone, words)}${consumptionText(zone, words)}`;
  if (!binding)
    return { text: `${roomText(zone, words)}${limited}`, tone: leastRoom(zone).amps < FULL_A ? "tight" : "fine" };
  const { kind, code, phase, cars } = binding;
  const values = { phase: phase === null ? "" : `L${phase}`, n: cars };
  if (kind === "over") return { text: words("zone.over", values), tone: "bad" };
  if (kind === "failSafe") return { text: words("zone.failSafe"), tone: "bad" };
  const known = code !== null && TOLD.includes(code) && !(code === "ZONE" && phase === null);
  const name = code === "GRID" && zone.demand && !outside ? "DEMAND" : known ? code : "other";
  return { text: `${words(`zone.binding.${name}`, values)}${limited}`, tone: "tight" };
}

/** The mean of the present window, and the month's highest. */
function demandText({ demand }: ZoneItem, words: SidebarWords): string {
  if (!demand) return "";
  const { limitW, meanW, peakW } = demand;
  const now = words("zone.demand", { mean: watts(meanW), limit: watts(limitW) });
  return ` · ${now}${peakW === null ? "" : `, ${words("zone.peak", { peak: watts(peakW) })}`}`;
}

/** Energy of the day and the month, with the cars' part. */
function consumptionText({ consumption }: ZoneItem, words: SidebarWords): string {
  if (!consumption) return "";
  const { dayKWh, monthKWh, carsMonthKWh } = consumption;
  return ` · ${words("zone.consumption", { day: dayKWh, month: monthKWh, cars: carsMonthKWh })}`;
}

function outsideText({ limitA, powerW }: NonNullable<ZoneItem["outside"]>): string {
  return [limitA !== null && `${amps(limitA)} A`, powerW !== null && watts(powerW)].filter(Boolean).join(", ");
}

function roomText(zone: ZoneItem, words: SidebarWords): string {
  const { amps: roomA, phase } = leastRoom(zone);
  if (phase === "") return words("zone.unknown");
  return roomA < FULL_A ? words("zone.full", { phase }) : words("zone.room", { amps: Math.floor(roomA), phase });
}

/** On the fullest phase of those whose load is known; endless and without a name where none is. */
function leastRoom({ limitA, loadA }: ZoneItem): { amps: number; phase: string } {
  let least = { amps: Number.POSITIVE_INFINITY, phase: "" };
  for (const [index, load] of loadA.entries()) {
    const room = load === null ? Number.POSITIVE_INFINITY : limitA[index]! - load;
    if (room < least.amps) least = { amps: room, phase: `L${index + 1}` };
  }
  return least;
}
