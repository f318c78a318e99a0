import { OVERDRAW_A, SETTLED_MS } from "../thresholds.ts";
import { carrying, isIgnored, isMeasured, type PhaseProof, prove, type Terminals } from "./phase-proof.ts";

/**
 * `steady`: no change is under way. `preparing`: lowered to the minimum, or to 0 where the charger needs a pause, before it is told.
 * `resting`: told, and paused still.
 */
export type PhaseStage = "steady" | "preparing" | "resting";

/** Which phases a charger that can choose gives its car, and how far a change is. Times in s; null = it is not so, or never was. */
export interface PhaseSwitchMemory extends PhaseProof {
  /** What the charger is told. */
  phases: 1 | 3;
  stage: PhaseStage;
  /** How long it is in that stage. */
  stageS: number;
  /** What it is told at the end of the preparation; the same again where it is only to be paused. */
  aim: 1 | 3;
  /** The surplus has been enough for three phases and some more, too little for them, enough for one, too little even for that. */
  enoughS: number | null;
  shortS: number | null;
  oneS: number | null;
  noneS: number | null;
  /** Since it was told something else; null before the first time. */
  sinceS: number | null;
  /** Of the present session. */
  switches: number;
  /** It changes only during a pause: its model says so, or it has shown it. */
  pauses: boolean;
  /** It did not follow: it is left alone until the car has gone. */
  failed: boolean;
  /** It runs at its minimum until a measurement shows its phases. */
  trial: boolean;
}

/** One look at a connector whose charger can switch. */
export interface PhaseSwitchFacts extends Terminals {
  /** A car is connected; without one the session is over. */
  plugged: boolean;
  /** It charges from surplus; else it gets all phases. */
  onSurplus: boolean;
  /** On surplus it gets its minimum, whether the sun shines or not. */
  guaranteed: boolean;
  /** Power for this connector, W, its own draw included. */
  surplusW: number;
  /** Minimum on one phase, and on three. */
  minA: number;
  minA3p: number;
  voltageV: number;
  /** Limits leave no room for its minimum on three phases. */
  threeForbidden: boolean;
  setpointA: number;
  elapsedS: number;
}

/** Delays of the surplus, s. */
export interface PvDelays {
  enableDelayS: number;
  disableDelayS: number;
}

/** More than the three minimums must be left before three phases pay, W, and for so long, s. */
const SPARE_W = 200;
const UP_AFTER_S = 600;
/** In a session, and s between two: contactors and cars wear. */
export const MOST_SWITCHES = 5;
export const BETWEEN_S = 300;
/** So much before the controller would stop the car for want of surplus, s: time to switch instead. */
const DOWN_LEAD_S = 30;

/** All phases, until the surplus says otherwise. @param pauses it changes only during a pause */
export function threePhases(pauses = false): PhaseSwitchMemory {
  const timers = { enoughS: null, shortS: null, oneS: null, noneS: null, sinceS: null, wrongS: null };
  const idle = { stage: "steady", stageS: 0, aim: 3, trial: false } as const;
  return { phases: 3, confirmed: true, ...idle, ...timers, switches: 0, pauses, failed: false };
}

/**
 * Decides between one phase and three: up once the surplus has been enough for the minimum on three phases and 200 W more for 600 s;
 * down once it has been too little for nearly `disableDelayS`, at once where a limit forbids three; no more than five times a session
 * and 300 s apart. Off surplus a car has three. Before either switch the connector is lowered to its minimum, or paused, and has
 * followed. A charger that goes on with other phases is paused and tried once more, then left alone with what it had.
 */
export function planPhases(memory: PhaseSwitchMemory, sight: PhaseSwitchFacts, delays: PvDelays): PhaseSwitchMemory {
  if (!sight.plugged) return threePhases(memory.pauses);
  const next = moved(grown(memory, sight), sight, delays);
  return { ...next, trial: isTrial(next, sight, delays) };
}

/** What the connector may have at most while its phases change, A; null = nothing holds it. Enough for either number of phases. */
export function phaseCapA({ stage, pauses, trial }: PhaseSwitchMemory, minA3p: number): number | null {
  if (stage === "resting") return 0;
  if (stage === "preparing") return pauses ? 0 : minA3p;
  return trial ? minA3p : null;
}

/**
 * The terminals that the connector is to be reckoned with; undefined = as its measurements show. From before it is told until a
 * measurement has shown which phases it feeds that is all of them: one phase carries no more than each of three.
 */
export function reckonedTerminals({ phases, confirmed, stage }: PhaseSwitchMemory): number[] | undefined {
  if (!confirmed || stage !== "steady") return [1, 2, 3];
  return phases === 1 ? [1] : undefined;
}

/** All that lasts has lasted longer, and the proof has seen one more sample. */
function grown(memory: PhaseSwitchMemory, sight: PhaseSwitchFacts): PhaseSwitchMemory {
  const { elapsedS, surplusW, onSurplus, threeForbidden } = sight;
  const lasting = (beforeS: number | null, holds: boolean) => (holds ? (beforeS ?? -elapsedS) + elapsedS : null);
  const threeW = 3 * sight.minA3p * sight.voltageV;
  const oneW = sight.minA * sight.voltageV;
  const sinceS = memory.sinceS === null ? null : memory.sinceS + elapsedS;
  const enough = !onSurplus || surplusW >= threeW + SPARE_W;
  return {
    ...memory,
    ...prove(memory, memory.phases, sinceS, sight),
    sinceS,
    stageS: memory.stageS + elapsedS,
    enoughS: lasting(memory.enoughS, enough && !threeForbidden),
    shortS: lasting(memory.shortS, onSurplus && surplusW < threeW),
    oneS: lasting(memory.oneS, surplusW >= oneW),
    noneS: lasting(memory.noneS, surplusW < oneW),
  };
}

function moved(memory: PhaseSwitchMemory, sight: PhaseSwitchFacts, delays: PvDelays): PhaseSwitchMemory {
  const { stage, stageS, aim, phases, sinceS, failed } = memory;
  const wanted = wantsSwitch(memory, sight, delays);
  switch (stage) {
    case "steady":
      if (!failed && isIgnored(memory, sinceS, sight)) return ignored(memory);
      return wanted ? prepared(memory, other(phases)) : memory;
    case "preparing":
      if (!wanted && aim !== phases) return { ...memory, stage: "steady", stageS: 0 };
      return hasFollowed(memory, sight) ? told(memory) : memory;
    case "resting":
      return stageS >= SETTLED_MS / 1000 ? { ...memory, stage: "steady", stageS: 0 } : memory;
  }
}

function prepared(memory: PhaseSwitchMemory, aim: 1 | 3): PhaseSwitchMemory {
  return { ...memory, stage: "preparing", stageS: 0, aim };
}

function told(memory: PhaseSwitchMemory): PhaseSwitchMemory {
  const { aim, phases, pauses } = memory;
  return {
    ...memory,
    phases: aim,
    stage: pauses ? "resting" : "steady",
    stageS: 0,
    sinceS: 0,
    confirmed: false,
    wrongS: null,
    enoughS: null,
    shortS: null,
    switches: memory.switches + (aim === phases ? 0 : 1),
  };
}

/** It goes on with other phases than it was told: it may need a pause to change them, or cannot. */
function ignored(memory: PhaseSwitchMemory): PhaseSwitchMemory {
  if (!memory.pauses) return prepared({ ...memory, pauses: true, wrongS: null }, memory.phases);
  return { ...memory, failed: true, phases: other(memory.phases), sinceS: 0, confirmed: false, wrongS: null };
}

function wantsSwitch(memory: PhaseSwitchMemory, sight: PhaseSwitchFacts, { disableDelayS }: PvDelays): boolean {
  const { phases, switches, sinceS, failed, confirmed } = memory;
  const { onSurplus, terminalsA } = sight;
  // One more than a day of clouds may take is left for a person who wants all phases.
  const left = MOST_SWITCHES + (onSurplus ? 0 : 1) - switches;
  if (failed || left <= 0 || (sinceS !== null && sinceS < BETWEEN_S)) return false;
  if (!onSurplus) return phases === 1 && !sight.threeForbidden;
  if (!confirmed || !isMeasured(terminalsA)) return false;
  if (phases === 1) return !sight.threeForbidden && (memory.enoughS ?? -1) >= UP_AFTER_S;
  const short = (memory.shortS ?? -1) >= Math.max(0, disableDelayS - DOWN_LEAD_S);
  const pays = sight.guaranteed || memory.oneS !== null;
  return carrying(terminalsA).length !== 1 && (sight.threeForbidden || (short && pays));
}

function hasFollowed(
  memory: PhaseSwitchMemory,
  { setpointA, minA3p, terminalsA, sampleAgeS }: PhaseSwitchFacts,
): boolean {
  const capA = phaseCapA(memory, minA3p) ?? 0;
  const { stageS } = memory;
  if (setpointA > capA + 1e-6 || stageS === 0) return false;
  const known = (terminalsA ?? []).filter((value) => value !== null);
  if (known.length === 0) return stageS >= SETTLED_MS / 1000;
  return Math.max(...known) <= capA + OVERDRAW_A && (sampleAgeS <= stageS || stageS >= SETTLED_MS / 1000);
}

/**
 * Reckoned with three phases the sun might never be enough for a car that was told one, and without current nothing shows. So it
 * runs at its minimum until it has shown, as long as the sun is enough for one phase.
 */
function isTrial(
  memory: PhaseSwitchMemory,
  sight: PhaseSwitchFacts,
  { enableDelayS, disableDelayS }: PvDelays,
): boolean {
  if (memory.confirmed || memory.phases === 3 || !sight.onSurplus || memory.stage !== "steady") return false;
  if (memory.trial || sight.setpointA > 0) return (memory.noneS ?? 0) < disableDelayS;
  return (memory.oneS ?? -1) >= enableDelayS;
}

const other = (phases: 1 | 3): 1 | 3 => (phases === 3 ? 1 : 3);
