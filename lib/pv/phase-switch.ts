/** Which phases a charger that can choose gives its car, and why a change is under way. Times in s. */
export interface PhaseMemory {
  phases: 1 | 3;
  /** Lowered to the minimum, which both sides of the switch can carry, before it happens; null = no switch is under way. */
  preparingS: number | null;
  /** The surplus has been enough for three phases, or not enough, for so long; null while it is not so. */
  enoughS: number | null;
  shortS: number | null;
  /** Since the last switch; null before the first. */
  sinceS: number | null;
  /** Of the present session. */
  switches: number;
}

/** One look at a connector whose charger can switch. */
export interface PhaseSight {
  /** A car is connected; without one the session is over. */
  plugged: boolean;
  /** It charges from surplus; else it gets all phases. */
  onSurplus: boolean;
  /** Power for this connector, W, its own draw included. */
  surplusW: number;
  minA: number;
  voltageV: number;
  /** A limit leaves no room for its minimum on three phases. */
  threeForbidden: boolean;
  /** What it may and does draw now, A; null = unmeasured. */
  setpointA: number;
  drawA: number | null;
  elapsedS: number;
}

/** More than the three minimums must be left before three phases pay, W, and for so long, s. */
const SPARE_W = 200;
const UP_AFTER_S = 600;
const MOST_SWITCHES = 5;
/** So much before the controller would stop the car for want of surplus, s: time to switch instead. */
const DOWN_LEAD_S = 30;
/** After a switch the measured phases tell nothing for so long, s. */
export const BLIND_S = 60;
/** A charger without measurements has followed the lower limit after this, s. */
const FOLLOWED_S = 10;
const TOLERANCE_A = 1;

/** All phases, until the surplus says otherwise. */
export function threePhases(): PhaseMemory {
  return { phases: 3, preparingS: null, enoughS: null, shortS: null, sinceS: null, switches: 0 };
}

/**
 * Decides between one phase and three: up once the surplus has been enough for the minimum on three phases and 200 W more for 600 s;
 * down once it has been too little for nearly `disableDelayS`, at once where a limit forbids three; no more than five times a session. Before
 * either switch the connector is lowered to its minimum and has followed: the same current flows on the phase that stays, so that
 * nothing that three phases shared ever lands on one.
 */
export function planPhases(memory: PhaseMemory, sight: PhaseSight, disableDelayS: number): PhaseMemory {
  if (!sight.plugged) return threePhases();
  const { elapsedS } = sight;
  const threeW = 3 * sight.minA * sight.voltageV;
  const sinceS = memory.sinceS === null ? null : memory.sinceS + elapsedS;
  const enough = !sight.onSurplus || sight.surplusW >= threeW + SPARE_W;
  const short = sight.onSurplus && sight.surplusW < threeW;
  const next: PhaseMemory = {
    ...memory,
    sinceS,
    enoughS: enough && !sight.threeForbidden ? (memory.enoughS ?? -elapsedS) + elapsedS : null,
    shortS: short ? (memory.shortS ?? -elapsedS) + elapsedS : null,
  };
  if (!wantsSwitch(next, sight, disableDelayS)) return { ...next, preparingS: null };
  const preparingS = memory.preparingS === null ? 0 : memory.preparingS + elapsedS;
  if (memory.preparingS === null || !hasFollowed(sight, preparingS)) return { ...next, preparingS };
  return { ...threePhases(), phases: memory.phases === 3 ? 1 : 3, sinceS: 0, switches: memory.switches + 1 };
}

function wantsSwitch(memory: PhaseMemory, sight: PhaseSight, disableDelayS: number): boolean {
  const { phases, switches, sinceS } = memory;
  if (switches >= MOST_SWITCHES || (sinceS !== null && sinceS < BLIND_S)) return false;
  const downAfterS = Math.max(0, disableDelayS - DOWN_LEAD_S);
  if (phases === 3) return sight.onSurplus && (sight.threeForbidden || (memory.shortS ?? -1) >= downAfterS);
  return (memory.enoughS ?? -1) >= (sight.onSurplus ? UP_AFTER_S : 0);
}

function hasFollowed({ setpointA, minA, drawA }: PhaseSight, preparingS: number): boolean {
  if (setpointA > minA + 1e-6) return false;
  return drawA === null ? preparingS >= FOLLOWED_S : drawA <= minA + TOLERANCE_A;
}

/** The terminals that the connector is to be reckoned with; undefined = as its measurements show. */
export function reckonedTerminals({ phases, sinceS }: PhaseMemory): number[] | undefined {
  if (phases === 1) return [1];
  return sinceS !== null && sinceS < BLIND_S ? [1, 2, 3] : undefined;
}
