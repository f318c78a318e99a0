/** Which charge of a back end is which of ours, and what differs. Pure. */
import type { TheirCharge } from "./their-table.ts";

/** One charge as our books say it was reported. */
export interface OurCharge {
  session: string;
  chargePoint: string;
  connector: number;
  /** The name under which the back end knows the charger. */
  upstreamIdentity: string;
  startedWallMs: number;
  /** null = it goes on. */
  energyWh: number | null;
}

export type DifferenceKind = "onlyHere" | "onlyThere" | "energyDiffers" | "perhapsTwice";

export interface Difference {
  kind: DifferenceKind;
  /** null = it is there only. */
  ours: OurCharge | null;
  /** null = it is here only. */
  theirs: TheirCharge | null;
}

export interface Tolerance {
  startMs: number;
  energyWh: number;
}

export interface Comparison {
  /** Charges that are in both with the same energy. */
  equal: number;
  /** Earliest first. */
  differences: Difference[];
}

/** What stands beside the name of a charger in tables: `CP1/1`, `CP1-1`, `CP1*1`. */
const PARTS = /[^a-z0-9]/g;

/** @param isDue whether a charge of ours has to be in the table: one outside of its time may be, and need not */
export function compareCharges(
  ours: readonly OurCharge[],
  theirs: readonly TheirCharge[],
  tolerance: Tolerance,
  isDue: (charge: OurCharge) => boolean,
): Comparison {
  const sorted = [...ours].sort((one, other) => one.startedWallMs - other.startedWallMs);
  const isCharger = chargerRule(sorted, theirs);
  const pairs = theirs.flatMap((their) =>
    near(sorted, their, tolerance.startMs)
      .filter((our) => isCharger(our, their))
      .map((our) => ({ our, their, apart: apartness(our, their, tolerance) })),
  );
  pairs.sort((one, other) => one.apart - other.apart);
  const matched = new Map<OurCharge, TheirCharge>();
  const taken = new Set<TheirCharge>();
  for (const { our, their } of pairs) {
    if (matched.has(our) || taken.has(their)) continue;
    matched.set(our, their);
    taken.add(their);
  }
  const twice = new Map<TheirCharge, OurCharge>();
  for (const { our, their } of pairs)
    if (!taken.has(their) && !twice.has(their) && isSameEnergy(our, their, tolerance)) twice.set(their, our);
  const differing = [...matched].filter(([our, their]) => !isSameEnergy(our, their, tolerance));
  const differences: Difference[] = [
    ...differing.map(([our, their]) => ({ kind: "energyDiffers" as const, ours: our, theirs: their })),
    ...theirs
      .filter((their) => !taken.has(their))
      .map((their): Difference => {
        const our = twice.get(their) ?? null;
        return { kind: our ? "perhapsTwice" : "onlyThere", ours: our, theirs: their };
      }),
    ...sorted
      .filter((our) => !matched.has(our) && our.energyWh !== null && isDue(our))
      .map((our) => ({ kind: "onlyHere" as const, ours: our, theirs: null })),
  ];
  differences.sort((one, other) => startOf(one) - startOf(other));
  return { equal: matched.size - differing.length, differences };
}

function startOf({ ours, theirs }: Difference): number {
  return ours?.startedWallMs ?? theirs!.startedWallMs;
}

/** Those that began about then. */
function near(sorted: readonly OurCharge[], { startedWallMs }: TheirCharge, withinMs: number): OurCharge[] {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]!.startedWallMs < startedWallMs - withinMs) low = middle + 1;
    else high = middle;
  }
  const found: OurCharge[] = [];
  for (let at = low; at < sorted.length && sorted[at]!.startedWallMs <= startedWallMs + withinMs; at++)
    found.push(sorted[at]!);
  return found;
}

/** Time and energy both tell charges apart that began at nearly the same time. */
function apartness(our: OurCharge, their: TheirCharge, { startMs }: Tolerance): number {
  const most = Math.max(our.energyWh ?? 0, their.energyWh, 100);
  const energy = our.energyWh === null ? 0 : Math.abs(our.energyWh - their.energyWh) / most;
  return Math.abs(our.startedWallMs - their.startedWallMs) / Math.max(startMs, 1) + energy;
}

function isSameEnergy({ energyWh }: OurCharge, their: TheirCharge, tolerance: Tolerance): boolean {
  return energyWh === null || Math.abs(energyWh - their.energyWh) <= tolerance.energyWh;
}

/** Whether both name the same charger. A table whose names are all unknown here is compared without them. */
function chargerRule(
  ours: readonly OurCharge[],
  theirs: readonly TheirCharge[],
): (our: OurCharge, their: TheirCharge) => boolean {
  const names = new Map<OurCharge, ReadonlySet<string>>();
  const known = new Set<string>();
  for (const our of ours) {
    const both = [our.chargePoint, our.upstreamIdentity];
    const own = new Set(both.flatMap((name) => [plain(name), plain(`${name}${our.connector}`)]));
    names.set(our, own);
    for (const name of own) known.add(name);
  }
  const isKnown = theirs.some(({ charger }) => charger !== null && known.has(plain(charger)));
  return (our, { charger }) => !isKnown || charger === null || (names.get(our)?.has(plain(charger)) ?? false);
}

function plain(name: string): string {
  return name.toLowerCase().replace(PARTS, "");
}
