import type { ChargingMode } from "../dlm/types.ts";

/** Mode while power is cheap, and while it is dear. */
export interface TariffModes {
  cheap: ChargingMode;
  dear: ChargingMode;
}

/** From a moment on, power is cheap or dear. */
export interface TariffStep {
  fromWallMs: number;
  cheap: boolean;
  /** As the tariff gives it; null = only on or off is known. */
  price: number | null;
}

/** When power is cheap, and until when that is known. */
export interface Tariff extends TariffModes {
  /** In order of time. */
  steps: TariffStep[];
  /** Afterwards nothing is known. */
  endsWallMs: number;
}

/** A price from its start to its end, wall time, ms. */
export interface PriceSlot {
  price: number;
  startMs: number;
  endMs: number;
}

/** How cheap hours are told from dear ones; with none of these: all that cost less than the average. */
export interface PriceRule {
  /** No more than this is cheap; null = not asked. */
  maxPrice: number | null;
  /** The cheapest hours are cheap, so many; null = not asked. */
  cheapestHours: number | null;
}

/** The step that holds now; null before the first, and once nothing is known any more. */
export function stepNow({ steps, endsWallMs }: Tariff, wallMs: number): TariffStep | null {
  if (wallMs >= endsWallMs) return null;
  return steps.findLast(({ fromWallMs }) => fromWallMs <= wallMs) ?? null;
}

/** When the present step ends: at the next that differs in cheap or dear, or with the tariff. */
export function stepEndsWallMs({ steps, endsWallMs }: Tariff, step: TariffStep): number {
  const next = steps.find(({ fromWallMs, cheap }) => fromWallMs > step.fromWallMs && cheap !== step.cheap);
  return Math.min(endsWallMs, next?.fromWallMs ?? endsWallMs);
}

/** A plain on or off, for a time. */
export function switchedTariff(cheap: boolean, modes: TariffModes, wallMs: number, ttlS: number): Tariff {
  return { ...modes, steps: [{ fromWallMs: wallMs, cheap, price: null }], endsWallMs: wallMs + ttlS * 1000 };
}

/** Cheap and dear hours of a list of prices. Gaps between slots are dear. @param slots at least one, none overlapping */
export function pricedTariff(slots: readonly PriceSlot[], rule: PriceRule, modes: TariffModes, wallMs: number): Tariff {
  const sorted = slots.toSorted((a, b) => a.startMs - b.startMs);
  const cheap = cheapOf(sorted, rule, wallMs);
  const steps: TariffStep[] = [];
  sorted.forEach((slot, i) => {
    steps.push({ fromWallMs: slot.startMs, cheap: cheap.has(slot), price: slot.price });
    const nextMs = sorted[i + 1]?.startMs ?? slot.endMs;
    if (nextMs > slot.endMs) steps.push({ fromWallMs: slot.endMs, cheap: false, price: null });
  });
  return { ...modes, steps, endsWallMs: sorted.at(-1)!.endMs };
}

function cheapOf(slots: readonly PriceSlot[], { maxPrice, cheapestHours }: PriceRule, wallMs: number): Set<PriceSlot> {
  const ahead = slots.filter(({ endMs }) => endMs > wallMs);
  const affordable = (slot: PriceSlot) => maxPrice === null || slot.price <= maxPrice;
  if (cheapestHours !== null) {
    const cheap = new Set<PriceSlot>();
    let leftMs = cheapestHours * 3_600_000;
    for (const slot of ahead.toSorted((a, b) => a.price - b.price || a.startMs - b.startMs)) {
      if (leftMs <= 0 || !affordable(slot)) break;
      cheap.add(slot);
      leftMs -= slot.endMs - Math.max(wallMs, slot.startMs);
    }
    return cheap;
  }
  if (maxPrice !== null) return new Set(slots.filter(affordable));
  const hours = slots.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0);
  const averagePrice = slots.reduce((sum, { price, startMs, endMs }) => sum + price * (endMs - startMs), 0) / hours;
  return new Set(slots.filter(({ price }) => price < averagePrice));
}
