import type { JsonValue, MaybeTriple, Triple } from "../../../units.ts";
import { MeterTrace } from "./meter-trace.ts";
import type { Run } from "./steady-runs.ts";

/** What a wrong meter looks like: its sign, its scale, or its phases. */
export const FLAWS = ["sign", "scale", "order"] as const;
export type MeterFlaw = (typeof FLAWS)[number];

/** A meter that does not follow the chargers behind it. */
export interface MeterDoubt {
  flaw: MeterFlaw;
  phase: 1 | 2 | 3;
}

/** A change of the chargers' current on a phase is a step from here on, A. */
const STEP_A = 3;
/** The chargers left a phase alone where their current changed by no more than this, A. */
const STILL_A = 1;
/** A right meter shows at least this part of a step. */
const SHOWN_SHARE = 0.5;
/** A meter with a wrong scale shows less than this part of a step. */
const SCALE_SHARE = 0.35;
/** A charger may report a change of its draw so late, ms. */
const CHARGER_LATE_MS = 10_000;
/** A meter may show a change so late, ms. */
const METER_LATE_MS = 5000;
/** A step is judged only where samples of the meter came at least this often, ms. */
const PAUSE_MS = 3000;
/** A step that takes longer than this is not judged, ms. */
const LONGEST_STEP_MS = 150_000;
/** The level before a step is that of this time, ms. */
const LEVEL_MS = 30_000;
/** A battery that keeps the meter at zero hides steps: the phases then add up to less than this part of what chargers draw. */
const REGULATED_SHARE = 0.05;
/** A battery is looked for only while chargers draw at least this, A. */
const REGULATED_FROM_A = 6;
/** Nothing can be told from then on, ms. */
const REGULATED_MS = 3_600_000;
/** Chargers alone draw more than the meter shows where the difference is more than this, A … */
const EXCESS_A = 2;
/** … and this part of their draw in addition … */
const EXCESS_SHARE = 0.1;
/** … for so long, ms. */
const EXCESS_MS = 30_000;
/** So many of the last steps on a phase are kept. */
const REMEMBERED = 4;
/** So many of these have to contradict. */
const CONTRADICTING = 3;
/** Steps closer together than this count once, ms: one cloud may spoil several of them. */
const APART_MS = 60_000;

const PHASES = [0, 1, 2] as const;

type StepVerdict = MeterFlaw | "agrees";
const VERDICTS: readonly StepVerdict[] = [...FLAWS, "agrees"];

/** Two steady times with a step between them. */
interface Step {
  before: Run;
  after: Run;
  changeA: Triple;
}

/**
 * Judges one meter by the chargers behind it: what they say that they draw more or less, it has to show as well. Loads that come and
 * go beside them make one step look wrong now and then, so only a run of contradicting steps counts. A contradiction is
 * more than a step that is not seen: the meter goes the other way, or another phase shows it, or little of it is
 * shown and the meter shows less than the chargers draw by themselves.
 */
export class MeterSteps {
  readonly #trace = new MeterTrace();
  #settled: Run | null = null;
  #verdicts: StepVerdict[][] = [[], [], []];
  readonly #contradictedMs: Triple = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  /** Without a step: the chargers draw more than the meter shows. */
  #excess: (MeterFlaw | null)[] = [null, null, null];
  #regulatedMs = Number.NEGATIVE_INFINITY;

  /** Takes a good sample of the meter. @param atMs monotonic */
  measured(atMs: number, currentA: MaybeTriple): void {
    this.#trace.add(atMs, currentA);
  }

  /** What hangs behind the meter is not the same as before: what was seen of it does not count for the next step. */
  forgetLevel(): void {
    this.#settled = null;
  }

  /**
   * Takes what the chargers behind the meter draw together.
   * @param run the last time in which all of them were steady
   * @param generates power may come from behind the meter: chargers may then draw more than it shows
   */
  look(nowMs: number, run: Run, generates: boolean): void {
    const before = this.#settled;
    this.#watchRegulation(nowMs, run);
    // The meter may show the end of the step a little later.
    if (before && run.fromMs > before.fromMs && nowMs < run.fromMs + METER_LATE_MS) return;
    const tells = nowMs - this.#regulatedMs > REGULATED_MS;
    if (tells && before && run.fromMs > before.toMs && run.fromMs - before.toMs <= LONGEST_STEP_MS) {
      const changeA = PHASES.map((p) => run.currentA[p] - before.currentA[p]) as Triple;
      this.#judge({ before, after: run, changeA });
    }
    this.#settled = run;
    if (tells && run.toMs - run.fromMs >= EXCESS_MS) this.#compare(run, generates);
  }

  /** What is wrong with it; null = nothing that is known. */
  get doubt(): MeterDoubt | null {
    for (const p of PHASES) {
      const flaws = this.#verdicts[p]!.filter((verdict) => verdict !== "agrees");
      const flaw = flaws.length >= CONTRADICTING ? mostFrequent(flaws) : (this.#excess[p] ?? null);
      if (flaw) return { flaw, phase: (p + 1) as 1 | 2 | 3 };
    }
    return null;
  }

  save(): JsonValue {
    return { verdicts: this.#verdicts.map((verdicts) => [...verdicts]), excess: [...this.#excess] };
  }

  /** The reverse of `save`; what it does not understand it leaves out. */
  restore(saved: JsonValue | undefined): void {
    const { verdicts, excess } = (saved ?? {}) as { verdicts?: unknown; excess?: unknown };
    const rows = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
    for (const p of PHASES) {
      this.#verdicts[p] = rows(rows(verdicts)[p]).filter((one): one is StepVerdict =>
        VERDICTS.includes(one as StepVerdict),
      );
      this.#excess[p] = FLAWS.find((flaw) => flaw === rows(excess)[p]) ?? null;
    }
  }

  #judge(step: Step): void {
    const { before, after, changeA } = step;
    if (changeA.every((change) => Math.abs(change) < STEP_A)) return;
    const fromMs = before.toMs - CHARGER_LATE_MS;
    const toMs = after.fromMs + METER_LATE_MS;
    if (!this.#trace.isDense(fromMs, toMs, PAUSE_MS)) return;
    const was = this.#trace.median(Math.max(before.fromMs, before.toMs - LEVEL_MS), before.toMs);
    const is = this.#trace.median(after.fromMs, Math.max(after.toMs, toMs));
    if (!was || !is) return;
    for (const p of PHASES) {
      if (Math.abs(changeA[p]) < STEP_A) continue;
      const movedA = this.#trace.move(fromMs, toMs, p, changeA[p] > 0 ? 1 : -1);
      const verdict = verdictOf(p, step, { was, is, movedA });
      if (verdict === null) continue;
      if (verdict !== "agrees") {
        if (after.fromMs - this.#contradictedMs[p] < APART_MS) continue;
        this.#contradictedMs[p] = after.fromMs;
      }
      this.#verdicts[p] = [verdict, ...this.#verdicts[p]!].slice(0, REMEMBERED);
      if (verdict === "agrees") this.#excess[p] = null;
    }
  }

  #watchRegulation(nowMs: number, { fromMs, toMs, currentA }: Run): void {
    const drawnA = sum(currentA);
    const shownA = drawnA < REGULATED_FROM_A ? null : this.#trace.median(Math.max(fromMs, toMs - LEVEL_MS), toMs);
    if (shownA && Math.abs(sum(shownA)) < REGULATED_SHARE * drawnA) this.#regulatedMs = nowMs;
  }

  #compare({ fromMs, toMs, currentA }: Run, generates: boolean): void {
    const mostA = this.#trace.most(Math.max(fromMs, toMs - EXCESS_MS), toMs);
    if (!mostA || !this.#trace.isDense(toMs - EXCESS_MS, toMs, PAUSE_MS)) return;
    for (const p of PHASES) {
      if (currentA[p] < STEP_A) continue;
      const doubtful = !generates && this.#verdicts[p]![0] !== "agrees" && isExcess(currentA[p], mostA[p]);
      this.#excess[p] = doubtful ? (mostA[p] < 0 ? "sign" : "scale") : null;
    }
  }
}

function verdictOf(
  p: 0 | 1 | 2,
  { before, after, changeA }: Step,
  { was, is, movedA }: { was: Triple; is: Triple; movedA: number },
): StepVerdict | null {
  const change = changeA[p];
  const shown = (phase: 0 | 1 | 2): number => (is[phase] - was[phase]) / change;
  const follows = movedA >= SHOWN_SHARE * Math.abs(change);
  if (shown(p) <= -SHOWN_SHARE) return follows ? null : "sign";
  if (follows) return "agrees";
  const elsewhere = PHASES.some((q) => Math.abs(changeA[q]) <= STILL_A && shown(q) >= SHOWN_SHARE);
  if (elsewhere) return "order";
  if (shown(p) >= SCALE_SHARE) return null;
  const [drawn, measured] = change > 0 ? [after.currentA[p], is[p]] : [before.currentA[p], was[p]];
  return isExcess(drawn, measured) ? "scale" : null;
}

function isExcess(drawnA: number, shownA: number): boolean {
  return drawnA > shownA + EXCESS_A + EXCESS_SHARE * drawnA;
}

function sum([l1, l2, l3]: Triple): number {
  return l1 + l2 + l3;
}

function mostFrequent(flaws: readonly MeterFlaw[]): MeterFlaw {
  const count = (flaw: MeterFlaw) => flaws.filter((one) => one === flaw).length;
  return [...FLAWS].sort((a, b) => count(b) - count(a))[0]!;
}
