/** How one leg of a meter follows a current that goes up and down. Pure; all series have one value for each second. */

/** How one leg follows. */
export interface LegFit {
  /** A shown for each ampere of the steps; null = it cannot be told. */
  slope: number | null;
  follows: "yes" | "no" | "unsure";
  /** Part of the steps, 0 to 1, that agree with the slope. */
  agreement: number;
  /** It followed at first, and came back by itself: something behind the meter makes up for the steps. */
  comesBack: boolean;
}

/** Differences are taken over so long, s: a house load that switches spoils no more than this. */
const OVER_S = 8;
/** For what comes back at once, s. */
const BRIEFLY_S = 3;
/** Only differences with at least this much of a step tell something, A. */
const STEP_A = 2;
/** A charger and its car take at most so long, s. */
const MOST_LAG_S = 32;
/** How fast cars change their current, A/s. */
const SLEWS_APS = [Number.POSITIVE_INFINITY, 2, 0.7] as const;
/** A leg follows where this part of the steps agrees with its slope … */
const AGREE_SHARE = 0.55;
/** … within this part of it. */
const AGREE_WITHIN = 0.35;
/** Less than that of an ampere is no following, however regular. */
const LEAST_SLOPE = 0.04;
/** A leg that does not follow shows no more than this … */
const QUIET_SLOPE = 0.12;
/** … and so much in most of the steps. */
const QUIET_RATIO = 0.3;
/** So many seconds of steps have to be seen. */
const LEAST_SECONDS = 24;
/** So many times it has to have gone up or down, and most of these times have to agree. */
const LEAST_EDGES = 4;
const EDGE_SECONDS = 4;
/** A small slope may be a load that switches at bad moments: more has to agree. */
const SMALL_SLOPE = 0.4;
const SMALL_SHARE = 0.74;

export type Series = readonly (number | null)[];

/** What a charger makes of its limits: later, and not at any speed. */
export interface Response {
  lagS: number;
  slewAps: number;
}

/** Values of irregular samples, one for each second: on the line between two that are near enough, else null. */
export function perSecond(
  samples: readonly { atS: number; value: number | null }[],
  seconds: number,
  mostGapS: number,
): (number | null)[] {
  const known = samples.filter((one): one is { atS: number; value: number } => one.value !== null);
  const values: (number | null)[] = [];
  let next = 0;
  for (let s = 0; s < seconds; s++) {
    while (next < known.length && known[next]!.atS < s) next++;
    const [before, after] = [known[next - 1], known[next]];
    if (after?.atS === s) values.push(after.value);
    else if (!before || !after || after.atS - before.atS > mostGapS) values.push(null);
    else {
      const part = (s - before.atS) / (after.atS - before.atS);
      values.push(before.value + part * (after.value - before.value));
    }
  }
  return values;
}

/** One leg of a meter: what it shows, one value for each second, and when it was sampled, s. */
export interface Leg {
  values: Series;
  times: readonly number[];
}

/** A current as a meter shows it that samples it at these times: steps between two samples look slower than they are. */
export function asSampled(currentA: readonly number[], times: readonly number[], mostGapS: number): (number | null)[] {
  const at = (second: number): number | null => {
    const [before, after] = [currentA[Math.floor(second)], currentA[Math.ceil(second)]];
    return before === undefined || after === undefined ? null : before + (after - before) * (second % 1);
  };
  const samples = times.map((atS) => ({ atS, value: at(atS) }));
  return perSecond(samples, currentA.length, mostGapS);
}

/** The current as a charger with this response draws it. */
export function drawn(commandedA: readonly number[], { lagS, slewAps }: Response): number[] {
  const out: number[] = [];
  for (let s = 0; s < commandedA.length; s++) {
    const aimA = commandedA[Math.max(0, s - lagS)]!;
    const lastA = out.at(-1) ?? aimA;
    out.push(lastA + Math.max(-slewAps, Math.min(slewAps, aimA - lastA)));
  }
  return out;
}

/** The response with which the legs that follow fit best; null where none follows. */
export function bestResponse(commandedA: readonly number[], legs: readonly Leg[], mostGapS: number): Response | null {
  let best: { response: Response; gain: number } | null = null;
  const shown = legs.map(({ values, times }) => ({ change: changes(values, OVER_S), times }));
  const kinds = [...new Set(legs.map(({ times }) => times))];
  for (const slewAps of SLEWS_APS) {
    for (let lagS = 0; lagS <= MOST_LAG_S; lagS++) {
      const drawnA = drawn(commandedA, { lagS, slewAps });
      // The legs of one meter have their times in common.
      const sampled = new Map(
        kinds.map((times) => [times, changes(asSampled(drawnA, times, mostGapS), OVER_S)] as const),
      );
      const gain = shown.reduce((sum, { change, times }) => sum + explained(sampled.get(times)!, change), 0);
      // A little better is no reason for a more complicated charger.
      if (gain > (best?.gain ?? 0) * 1.02 + 1e-6) best = { response: { lagS, slewAps }, gain };
    }
  }
  return best?.response ?? null;
}

/** How a leg follows what is drawn, both sampled alike. */
export function fitLeg(drawnA: Series, leg: Series): LegFit {
  const over = ratios(drawnA, leg, OVER_S);
  const brief = ratios(drawnA, leg, BRIEFLY_S);
  const edges = edgesOf(over);
  if (edges.length < LEAST_EDGES || over.length < LEAST_SECONDS)
    return { slope: null, follows: "unsure", agreement: 0, comesBack: false };
  const slope = weightedMedian(over);
  const each = edges.map(weightedMedian);
  const share = (around: number, within: number) =>
    sum(over.filter(({ ratio }) => Math.abs(ratio - around) <= within)) / sum(over);
  const edgesAt = (around: number, within: number) =>
    each.filter((ratio) => Math.abs(ratio - around) <= within).length / each.length;
  const within = AGREE_WITHIN * Math.abs(slope);
  const agreement = share(slope, within);
  const quiet = share(0, QUIET_RATIO);
  const least = Math.abs(slope) < SMALL_SLOPE ? SMALL_SHARE : AGREE_SHARE;
  const follows = Math.abs(slope) >= LEAST_SLOPE && Math.min(agreement, edgesAt(slope, within)) >= least;
  const isQuiet = Math.abs(slope) <= QUIET_SLOPE && Math.min(quiet, edgesAt(0, QUIET_RATIO)) >= AGREE_SHARE;
  const briefly = brief.length > 0 ? weightedMedian(brief) : 0;
  const comesBack = !follows && Math.abs(briefly) >= 2 * QUIET_SLOPE && Math.abs(slope) < Math.abs(briefly) / 2;
  return {
    slope,
    follows: follows ? "yes" : isQuiet && !comesBack ? "no" : "unsure",
    agreement: follows ? agreement : quiet,
    comesBack,
  };
}

interface Ratio {
  atS: number;
  step: number;
  ratio: number;
}

/** The same by the times at which it went up or down. */
function edgesOf(values: readonly Ratio[]): Ratio[][] {
  const edges: Ratio[][] = [];
  let last: Ratio | undefined;
  for (const one of values) {
    if (last && one.step * last.step > 0 && one.atS - last.atS <= 2) edges.at(-1)!.push(one);
    else edges.push([one]);
    last = one;
  }
  return edges.filter(({ length }) => length >= EDGE_SECONDS);
}

/** What the leg changed for each ampere, wherever what is drawn changed enough. */
function ratios(drawnA: Series, leg: Series, overS: number): Ratio[] {
  const steps = changes(drawnA, overS);
  const shown = changes(leg, overS);
  return steps.flatMap((step, s) => {
    const change = shown[s]!;
    return step === null || change === null || Math.abs(step) < STEP_A ? [] : [{ atS: s, step, ratio: change / step }];
  });
}

/** How much of a leg's changes the steps explain, in amperes; 0 for none. */
function explained(steps: Series, leg: Series): number {
  const pairs = steps.flatMap((step, s) => (step === null || leg[s] === null ? [] : [{ step, change: leg[s]! }]));
  const telling = pairs
    .filter(({ step }) => Math.abs(step) >= STEP_A)
    .map(({ step, change }, atS) => ({ atS, step, ratio: change / step }));
  if (telling.length < LEAST_SECONDS) return 0;
  const slope = weightedMedian(telling);
  const all = pairs.reduce((total, { change }) => total + Math.abs(change), 0);
  const left = pairs.reduce((total, { step, change }) => total + Math.abs(change - slope * step), 0);
  return Math.max(0, all - left);
}

function changes(series: Series, overS: number): (number | null)[] {
  return series.slice(overS).map((value, s) => (value === null || series[s] == null ? null : value - series[s]!));
}

/** The median of ratios, each with the weight of its step: half of the amperes say more, half less. */
function weightedMedian(values: readonly Ratio[]): number {
  const sorted = [...values].sort((a, b) => a.ratio - b.ratio);
  const half = sum(sorted) / 2;
  let passed = 0;
  for (const one of sorted) {
    passed += Math.abs(one.step);
    if (passed >= half) return one.ratio;
  }
  return 0;
}

function sum(values: readonly Ratio[]): number {
  return values.reduce((total, { step }) => total + Math.abs(step), 0);
}
