import { ROTATIONS, type RotatingField, turnsRight } from "./result.ts";

type Order = (typeof ROTATIONS)[number];

/** What a load on some terminals has shown. */
export interface Seen {
  /** Terminals that were loaded, 1 to 3. */
  terminals: readonly number[];
  /** Site phases that the meters saw it on, 1 to 3. */
  phases: readonly number[];
}

/** Every order of the terminals, of so many that are wired, that fits what was seen; one for each that cannot be told apart. */
export function fitting(wired: 1 | 2 | 3, { terminals, phases }: Seen, field: RotatingField | null): Order[] {
  const seen = new Set(phases);
  const fits = ROTATIONS.filter((order) => {
    const loaded = terminals.map((terminal) => phaseOf(order, terminal));
    return loaded.length === seen.size && loaded.every((phase) => seen.has(phase));
  });
  // One terminal has no field, and three orders of the second and third that mean the same.
  if (wired === 1) return fits.filter(turnsRight);
  if (wired === 3 && field) return fits.filter((order) => turnsRight(order) === (field === "right"));
  return fits;
}

/** Whether two rotations mean the same where so many terminals are wired. */
export function sameWiring(wired: 1 | 2 | 3, one: string, other: string): boolean {
  return one.slice(0, wired) === other.slice(0, wired);
}

/** Site phase of a terminal, 1 to 3. */
function phaseOf(order: Order, terminal: number): number {
  return "RST".indexOf(order[terminal - 1]!) + 1;
}

/** What a charger says of a connector in `ConnectorPhaseRotation` (`0.RST, 1.RST`); null where it says nothing that can be used. */
export function claimedRotation(value: string | null, connector: number): Order | null {
  const items = (value ?? "").split(",").map((item) => item.trim().split("."));
  const own =
    items.find(([number]) => Number(number) === connector) ??
    (connector === 1 && items.length === 1 ? items[0] : undefined);
  const said = own?.at(-1)?.toUpperCase();
  return ROTATIONS.find((order) => order === said) ?? null;
}
