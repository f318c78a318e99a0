import type { PvDay } from "./days.ts";
import { type PvCarPlan, usableWh } from "./pv-home.ts";

const VOLTAGE_V = 230;
/** Seconds for which a car is on or off at least. */
const STEP_S = 30;
const SEARCHES = 24;

/** What charging in hindsight comes to. Energies in Wh. */
export interface Hindsight {
  usedWh: number;
  boughtWh: number;
  starts: number;
}

/**
 * How little could be bought by one that knows the whole day beforehand and whose car follows at once: on and off as is best, with
 * so many starts at most, and so much of the usable surplus used at least. Found by a price for what is bought, raised as far as the
 * use allows: nothing that buys less for its use exists. null = so much cannot be used.
 */
export function foresight(day: PvDay, plan: PvCarPlan, mostStarts: number, leastUsed: number): Hindsight | null {
  const steps = stepsOf(day, plan);
  const leastWh = leastUsed * usableWh(day, plan) - 1e-6;
  let best: Hindsight | null = null;
  let low = 0;
  let high = 100;
  for (let search = 0; search < SEARCHES; search++) {
    const price = (low + high) / 2;
    const found = bestFor(steps, mostStarts, price);
    if (found.usedWh >= leastWh) {
      best = found;
      low = price;
    } else high = price;
  }
  return best;
}

interface Step {
  usedWh: number;
  boughtWh: number;
}

/** What each step would give and cost a car that is on. */
function stepsOf({ pvW, houseW }: PvDay, { phases, minA, maxA }: PvCarPlan): Step[] {
  const perA = phases * VOLTAGE_V;
  const steps: Step[] = [];
  for (let second = 0; second < pvW.length; second++) {
    const sunW = Math.max(0, pvW[second]! - houseW[second]!);
    const carW = Math.min(maxA * perA, Math.max(minA * perA, sunW));
    if (second % STEP_S === 0) steps.push({ usedWh: 0, boughtWh: 0 });
    const step = steps.at(-1)!;
    step.usedWh += Math.min(carW, sunW) / 3600;
    step.boughtWh += Math.max(0, carW - sunW) / 3600;
  }
  return steps;
}

interface State extends Hindsight {
  value: number;
}

const IMPOSSIBLE: State = { usedWh: 0, boughtWh: 0, starts: 0, value: Number.NEGATIVE_INFINITY };

/** The best of all ways to be on and off, by used − price × bought; by dynamic programming over the starts made. */
function bestFor(steps: readonly Step[], mostStarts: number, price: number): Hindsight {
  let off = Array.from(
    { length: mostStarts + 1 },
    (_, k): State => (k === 0 ? { ...IMPOSSIBLE, value: 0 } : IMPOSSIBLE),
  );
  let on = off.map((): State => IMPOSSIBLE);
  for (const { usedWh, boughtWh } of steps) {
    const charged = on.map((running, k): State => {
      const before = better(running, k === 0 ? IMPOSSIBLE : { ...off[k - 1]!, starts: k });
      const value = before.value + usedWh - price * boughtWh;
      return { ...before, usedWh: before.usedWh + usedWh, boughtWh: before.boughtWh + boughtWh, value };
    });
    off = off.map((state, k) => better(state, on[k]!));
    on = charged;
  }
  return [...off, ...on].reduce(better);
}

const better = (one: State, other: State): State => (other.value > one.value ? other : one);
