import { SAFE_A, TELLING_A } from "../../thresholds.ts";
import type { ConnectorSight } from "./connectors.ts";
import { at, type PerRow, PHASES, ROWS } from "./guard-types.ts";
import type { ZoneTotals } from "./zone-totals.ts";

/** Lowered that far, the meter has to show it after this time, ms: the charger's way down, and a sample. */
const TRIAL_MS = 12_000;
/** It shows at least this part of it. */
const SHOWN_SHARE = 0.5;
/** A connector that was found not to be on a phase is not tried on it again for so long, ms. */
const CLEARED_MS = 3_600_000;

/** A current that changes by no more than this is as it was, A. */
const SAME_A = 0.5;
/** So long after a charger has told of a step its meter shows it at last; a smaller one is taken as it is then, ms. */
const STEP_MS = 3000;

/** What was seen when a charger's current last stood still. */
interface Level {
  drawA: number;
  shownA: PerRow;
  /** Since when it has been different; null = it has not. */
  sinceMs: number | null;
  /** Its last step showed on the phases that it is said to be on. */
  isRight: boolean;
}

/** A phase over its limit on which nothing is left to lower, as far as the rotations are right. */
export interface Unrelieved {
  zone: number;
  phase: 0 | 1 | 2;
}

interface ProbeRun extends Unrelieved {
  /** Time of the meter's sample before, and what it showed, A. */
  seenMs: number;
  measuredA: number;
  loweredA: number;
  /** What is commanded meanwhile, A. */
  heldA: ReadonlyMap<string, number>;
}

/** What a look has shown. */
export interface WrongPhaseView {
  /** What must not be exceeded now, A, by connector. */
  heldA: ReadonlyMap<string, number>;
  /** Connectors that draw on a phase that they were not said to be on. */
  probe: ReadonlyMap<string, 0 | 1 | 2>;
  runs: readonly Unrelieved[];
}

/**
 * Finds chargers that are on other phases than their rotation says. It acts where a phase stays over its limit with no charger left on it
 * to lower. Any charger that draws on another phase might be on this one, unless its last step showed on the meter where it should.
 * These chargers are lowered; if the phase falls, they are on it.
 */
export class WrongPhaseProbe {
  #runs: readonly ProbeRun[] = [];
  readonly #clearedMs = new Map<string, number>();
  readonly #levels = new Map<string, Level>();

  look(
    nowMs: number,
    totals: ZoneTotals,
    sights: readonly ConnectorSight[],
    unrelieved: readonly Unrelieved[],
  ): WrongPhaseView {
    for (const sight of sights) this.#watchSteps(sight, totals);
    const probe = new Map<string, 0 | 1 | 2>();
    const open: ProbeRun[] = [];
    for (const run of this.#runs) {
      if ((totals.seenMs[run.zone] ?? nowMs) - run.seenMs < TRIAL_MS) open.push(run);
      else this.#judge(nowMs, run, totals, probe);
    }
    for (const place of unrelieved) {
      if (open.some(({ zone, phase }) => zone === place.zone && phase === place.phase)) continue;
      const run = this.#begin(nowMs, place, totals, sights);
      if (run) open.push(run);
    }
    this.#runs = open;
    const heldA = new Map<string, number>();
    for (const run of open)
      for (const [id, limitA] of run.heldA) heldA.set(id, Math.min(limitA, heldA.get(id) ?? limitA));
    return { heldA, probe, runs: open };
  }

  /** A step of a charger shows on the meter next above it: where it should, or not. */
  #watchSteps(sight: ConnectorSight, totals: ZoneTotals): void {
    const { given, sampleMs, phases } = sight;
    const isTelling = phases.length < 3 && sampleMs !== null && given.state !== "available";
    const zone = isTelling ? meteredZone(totals, given.zone) : undefined;
    if (!isTelling || zone === undefined) this.#levels.delete(given.id);
    else this.#watchLevel(sight, sampleMs, zone, totals);
  }

  #watchLevel({ given, drawA, weights }: ConnectorSight, sampleMs: number, zone: number, totals: ZoneTotals): void {
    const shownA = ROWS.map((row) => totals.measuredA[at(zone, row)]!) as PerRow;
    const level = this.#levels.get(given.id);
    const changeA = drawA - (level?.drawA ?? drawA);
    if (level && Math.abs(changeA) > SAME_A) {
      level.sinceMs ??= sampleMs;
      if (totals.seenMs[zone]! - level.sinceMs < STEP_MS) return;
    }
    const shows = (p: 0 | 1 | 2) => (shownA[p] - level!.shownA[p]) / changeA >= SHOWN_SHARE;
    const stepped = level !== undefined && Math.abs(changeA) >= TELLING_A;
    const isRight = stepped ? PHASES.every((p) => weights[p] === 0 || shows(p)) : (level?.isRight ?? false);
    this.#levels.set(given.id, { drawA, shownA, sinceMs: null, isRight });
  }

  #begin(
    nowMs: number,
    { zone, phase }: Unrelieved,
    totals: ZoneTotals,
    sights: readonly ConnectorSight[],
  ): ProbeRun | null {
    const measuredA = totals.measuredA[at(zone, phase)]!;
    const suspects = sights.filter((sight) => this.#isSuspect(nowMs, sight, totals, zone, phase));
    let roomA = totals.limitA[at(zone, phase)]! - measuredA + suspects.reduce((sum, { drawA }) => sum + drawA, 0);
    let loweredA = 0;
    const heldA = new Map<string, number>();
    for (const { given, drawA } of suspects) {
      const keptA = drawA >= SAFE_A + TELLING_A && roomA >= SAFE_A ? SAFE_A : 0;
      roomA -= keptA;
      loweredA += drawA - keptA;
      heldA.set(given.id, keptA);
    }
    return suspects.length ? { zone, phase, seenMs: totals.seenMs[zone]!, measuredA, loweredA, heldA } : null;
  }

  #isSuspect(
    nowMs: number,
    { given, weights, controllable, afterA, drawA }: ConnectorSight,
    totals: ZoneTotals,
    zone: number,
    phase: 0 | 1 | 2,
  ): boolean {
    const clearedMs = this.#clearedMs.get(`${phase}${given.id}`) ?? Number.NEGATIVE_INFINITY;
    const may = controllable && afterA > 0 && drawA >= TELLING_A && weights[phase] === 0;
    const level = this.#levels.get(given.id);
    if (!level || level.isRight || level.sinceMs !== null) return false;
    return may && totals.tree.path(given.zone).includes(zone) && nowMs - clearedMs > CLEARED_MS;
  }

  #judge(
    nowMs: number,
    { zone, phase, measuredA, loweredA, heldA }: ProbeRun,
    totals: ZoneTotals,
    probe: Map<string, 0 | 1 | 2>,
  ) {
    const fellA = measuredA - (totals.measuredA[at(zone, phase)] ?? measuredA);
    for (const id of heldA.keys()) {
      if (fellA >= SHOWN_SHARE * loweredA) probe.set(id, phase);
      else this.#clearedMs.set(`${phase}${id}`, nowMs);
    }
    for (const [key, atMs] of this.#clearedMs) if (nowMs - atMs > CLEARED_MS) this.#clearedMs.delete(key);
  }
}

/** The zone next above whose meter includes the chargers. */
function meteredZone(totals: ZoneTotals, home: string): number | undefined {
  return totals.tree.path(home).find((z) => totals.zones[z]!.meters?.some(isIncluding));
}

function isIncluding({ location }: { location: string }): boolean {
  return location === "including";
}

/** Phases of zones that stay over their limit although no charger is left on them to lower. @param isLate over for too long already */
export function unrelievedPhases(
  totals: ZoneTotals,
  isLate: (zone: number, phase: 0 | 1 | 2) => boolean,
): Unrelieved[] {
  const found: Unrelieved[] = [];
  for (let zone = 0; zone < totals.zones.length; zone++)
    for (const phase of PHASES)
      if (!totals.lowerable[at(zone, phase)] && isLate(zone, phase)) found.push({ zone, phase });
  return found;
}
