import type { LegacyHighs } from "highs";
import { isUnbalanced, loadOf, type Reference, type ReferenceCar, type ReferenceRow } from "./reference.ts";

/** Currents closer than this count as equal where a linear program found them, A. */
const TOLERANCE_A = 1e-7;
/** A car is bound at the level of a round when the price of its share is above this. */
const PRICE = 1e-9;

type Currents = Map<string, number>;

/**
 * The exact decision for an input, found by means that share nothing with the allocator: who gets a minimum by trying all
 * subsets of the connectors, how much by linear programs.
 */
export function solveByPrograms(highs: LegacyHighs, reference: Reference): Currents {
  const { cars, config } = reference;
  const asking = cars.filter(({ role }) => role === "requesting");
  const classOf = ({ connector }: ReferenceCar) => connector.priorityClass ?? 1;
  const classes = [...new Set(asking.map(classOf))];
  const currentA: Currents = new Map();
  if (config.priorityPolicy === "minFirst") for (const car of bestSubset(reference, asking, currentA)) start(car);
  for (const priorityClass of classes) {
    const members = asking.filter((car) => classOf(car) === priorityClass);
    if (config.priorityPolicy === "strict") for (const car of bestSubset(reference, members, currentA)) start(car);
    const open = members.filter(({ id }) => currentA.has(id));
    for (const [id, filledA] of fill(highs, withRoomOf(reference, currentA), open, currentA)) currentA.set(id, filledA);
  }
  if (config.idlePolicy === "minIfSpare") {
    const idle = cars.filter(({ role }) => role === "idle");
    for (const car of bestSubset(reference, idle, currentA)) start(car);
  }
  return currentA;

  function start({ id, minA }: ReferenceCar): void {
    currentA.set(id, minA);
  }
}

/** The row of the surplus holds what is guaranteed to cars in minpv whatever it is. */
function withRoomOf(reference: Reference, currentA: Currents): ReferenceRow[] {
  const rows = reference.rows.map((row) =>
    row.kind === "pv" ? { ...row, capacityA: Math.max(row.capacityA, loadOf(row, currentA)) } : row,
  );
  return [...rows, ...balanceRows(reference, currentA)];
}

/** For every phase that carries unbalanced current and every other one: their difference has a limit. */
function balanceRows({ cars, imbalances }: Reference, currentA: Currents): ReferenceRow[] {
  const rows: ReferenceRow[] = [];
  for (const { limitA, backgroundA, below } of imbalances) {
    const unbalanced = cars.filter(({ id, phases }) => below.has(id) && phases.length < 3);
    for (const high of [0, 1, 2]) {
      if (!unbalanced.some(({ id, phases }) => phases.includes(high) && currentA.has(id))) continue;
      for (const low of [0, 1, 2]) {
        if (low === high) continue;
        const sign = ({ phases }: ReferenceCar) => Number(phases.includes(high)) - Number(phases.includes(low));
        const reservedA = unbalanced.reduce((sum, car) => sum + sign(car) * car.reservedA, 0);
        const capacityA = limitA + backgroundA[low]! - backgroundA[high]! - reservedA;
        rows.push({ kind: "zone", capacityA, coefficient: new Map(unbalanced.map((car) => [car.id, sign(car)])) });
      }
    }
  }
  return rows;
}

/**
 * The lexicographically largest of all subsets that can have their minimums together, beside what is given already: all
 * 2^n are compared. Of two subsets the one with the first connector, in order, that the other does not have is larger.
 */
export function bestSubset(reference: Reference, order: readonly ReferenceCar[], given: Currents): ReferenceCar[] {
  const able = order.filter(({ minA, maxA }) => maxA >= minA - TOLERANCE_A);
  if (able.length > 16) throw new RangeError(`${able.length} connectors have too many subsets`);
  for (let code = 2 ** able.length - 1; code > 0; code--) {
    const chosen = able.filter((_, i) => ((code >> (able.length - 1 - i)) & 1) === 1);
    if (fitTogether(reference, chosen, given)) return chosen;
  }
  return [];
}

/** Whether all rows hold; the surplus must hold for every car in pv beside those before it, the others are guaranteed. */
function fitTogether(reference: Reference, chosen: readonly ReferenceCar[], given: Currents): boolean {
  const { rows } = reference;
  const currentA = new Map(given);
  for (const { id, minA } of chosen) currentA.set(id, minA);
  const fits = (row: ReferenceRow, sum: Currents) => {
    const loadA = loadOf(row, sum);
    return loadA <= row.capacityA + TOLERANCE_A || loadA === loadOf(row, given);
  };
  if (!rows.every((row) => row.kind === "pv" || fits(row, currentA)) || isUnbalanced(reference, currentA)) return false;
  const pv = rows.find(({ kind }) => kind === "pv")!;
  const before = new Map(given);
  return chosen.every(({ id, minA, connector }) => {
    before.set(id, minA);
    return connector.mode !== "pv" || loadOf(pv, before) <= pv.capacityA + TOLERANCE_A;
  });
}

/**
 * Weighted max-min fair currents with floors, by a sequence of linear programs: each raises the level t of everybody whose
 * share is still open as far as it goes; whose share has a price at the optimum is bound there for good.
 */
export function fill(
  highs: LegacyHighs,
  rows: readonly ReferenceRow[],
  members: readonly ReferenceCar[],
  given: Currents,
): Currents {
  const boundA: Currents = new Map();
  for (let open = [...members]; open.length > 0; ) {
    const { level, prices } = raise(highs, rows, members, boundA, given);
    const bound = open.filter((car) => prices.get(car.id)! > PRICE);
    if (bound.length === 0) throw new Error("a linear program that binds nobody");
    for (const { id, minA, maxA, weight } of bound) boundA.set(id, Math.max(minA, Math.min(maxA, weight * level)));
    open = open.filter(({ id }) => !boundA.has(id));
  }
  return boundA;
}

/** One round: max t with current ≥ weight × t for all who are not bound. */
function raise(
  highs: LegacyHighs,
  rows: readonly ReferenceRow[],
  members: readonly ReferenceCar[],
  boundA: Currents,
  given: Currents,
): { level: number; prices: Map<string, number> } {
  const name = new Map(members.map(({ id }, i) => [id, `a${i}`]));
  const lines: string[] = [];
  for (const row of rows) {
    const terms = members.filter(({ id }) => row.coefficient.has(id));
    const others = new Map([...given].filter(([id]) => !name.has(id)));
    const sum = terms.map(({ id }) => `+ ${row.coefficient.get(id)} ${name.get(id)}`).join(" ");
    if (sum) lines.push(`${sum} <= ${row.capacityA - loadOf(row, others)}`);
  }
  const open = members.filter(({ id }) => !boundA.has(id));
  const shares = open.map(({ id, weight }) => `${name.get(id)} - ${weight} t >= 0`);
  const bounds = members.map(({ id, minA, maxA }) => {
    const fixedA = boundA.get(id);
    return fixedA === undefined ? `${minA} <= ${name.get(id)} <= ${maxA}` : `${name.get(id)} = ${fixedA}`;
  });
  const text = ["Maximize", "obj: t", "Subject To", ...lines, ...shares, "Bounds", ...bounds, "t >= 0", "End", ""].join(
    "\n",
  );
  const { Status, Columns, Rows } = highs.solve(text, { output_flag: false });
  if (Status !== "Optimal") throw new Error(`${Status}:\n${text}`);
  const price = (i: number) => Math.abs((Rows[lines.length + i] as { Dual: number }).Dual);
  const prices = new Map(open.map(({ id }, i) => [id, price(i)]));
  return { level: (Columns["t"] as { Primal: number }).Primal, prices };
}
