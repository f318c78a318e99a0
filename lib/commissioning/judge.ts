import type { Rotation } from "../dlm/types.ts";
import { OVERDRAW_A } from "../thresholds.ts";
import type { Code, Note, Values } from "../words/types.ts";
import { asSampled, bestResponse, drawn, fitLeg, type LegFit, perSecond, type Response } from "./fit.ts";
import type { Aspect, CommissioningResult, Finding, MeterResult, RotatingField, Verdict } from "./result.ts";
import { fitting, sameWiring } from "./rotations.ts";

/** A sample of a meter, s since the start of the run. */
export interface MeterTrace {
  meter: string;
  zone: string;
  location: "including" | "excluding";
  samples: { atS: number; currentA: readonly (number | null)[] }[];
  /** What load management has against it; null = nothing. */
  doubt: { flaw: string; phase: number } | null;
}

/** A reading of the charger's own meter. */
export interface ChargerReading {
  atS: number;
  terminalsA: readonly (number | null)[];
}

/** Everything that a run has seen. */
export interface RunTrace {
  /** Steps count from here on, s, and until here. */
  fromS: number;
  seconds: number;
  /** A, one for each second. */
  commandedA: readonly number[];
  lowA: number;
  highA: number;
  /** The nearest to the charger first. */
  meters: readonly MeterTrace[];
  readings: readonly ChargerReading[];
  configured: CommissioningResult["configured"];
  /** Between two lines of a network without neutral: a terminal loads two phases. */
  betweenLines: boolean;
  field: RotatingField | null;
  /** As the charger says. */
  charger: { rotation: Rotation | null; maxA: number | null };
  /** Rotations that earlier runs at the same wiring left; null = there are none. */
  earlier: readonly Rotation[] | null;
}

export type Judgement = Pick<CommissioningResult, "findings" | "meters" | "candidates" | "rotation" | "usedPhases">;

/** Samples of a meter this far apart are still joined, s. */
const GAP_S = 12;
/** A charger whose response is not known is taken to need so long, s. */
const USUAL_RESPONSE: Response = { lagS: 4, slewAps: Number.POSITIVE_INFINITY };
/** A meter with the right scale shows between these parts of what the charger draws. */
const SCALE = { least: 0.8, most: 1.25 };
/** One that shows less or more than these is wrong. */
const OFF_SCALE = { less: 0.67, more: 1.5 };
/** A leg carries current. */
const CARRIES_A = 1;
/** A battery or a regulator keeps a meter at zero where all phases together show less than this part of the charger's draw. */
const REGULATED_SHARE = 0.1;

/** What a run says, and to what it is worth. Pure. */
export function judge(trace: RunTrace): Judgement {
  const { configured, seconds, fromS } = trace;
  const legs = trace.meters.map(({ samples }) => {
    const times = samples.map(({ atS }) => atS);
    return [0, 1, 2].map((p) => {
      const values = perSecond(
        samples.map(({ atS, currentA }) => ({ atS, value: currentA[p] ?? null })),
        seconds,
        GAP_S,
      );
      return { values: values.map((value, s) => (s < fromS ? null : value)), times };
    });
  });
  const first = bestResponse(trace.commandedA, legs.flat(), GAP_S);
  const reach = reachOf(trace, (first ?? USUAL_RESPONSE).lagS + CALM_S);
  const wantedA = trace.commandedA.map((currentA) => Math.min(currentA, reach.mostA));
  const response = reach.mostA < trace.highA ? bestResponse(wantedA, legs.flat(), GAP_S) : first;
  const drawnA = drawn(wantedA, response ?? USUAL_RESPONSE);
  const meters = trace.meters.map((meter, i) => ({
    meter,
    fits: legs[i]!.map(({ values, times }) => fitLeg(asSampled(drawnA, times, GAP_S), values)),
    isRegulated: isRegulated(meter, drawnA),
  }));
  const findings: Finding[] = [];
  const reference = meters.find(
    ({ meter, fits, isRegulated }) =>
      meter.location === "including" &&
      !isRegulated &&
      fits.every(({ follows }) => follows !== "unsure") &&
      fits.some(({ follows }) => follows === "yes"),
  );
  const used = reference ? [1, 2, 3].filter((leg) => reference.fits[leg - 1]!.follows === "yes") : null;
  const loaded = used && loadedTerminals(trace, used.length);
  const sees = loaded !== null && used !== null && loaded.length === used.length;
  const candidates =
    sees && !trace.betweenLines ? fitting(configured.phases, { terminals: loaded, phases: used }, trace.field) : [];
  const left = together(candidates, trace.earlier);
  findings.push(...phaseFindings(trace, reference?.meter.meter ?? null, used, loaded));
  findings.push(...rotationFindings(trace, reference?.meter.meter ?? null, used, candidates, left));
  for (const one of meters) findings.push(...meterFindings(one, reach.share, used));
  findings.push(...chargerFindings(trace, left));
  const order = (aspect: Aspect) => ORDER.indexOf(aspect);
  return {
    findings: findings.sort((a, b) => order(a.aspect) - order(b.aspect)),
    meters: meters.map(({ meter, fits }) => meterResult(meter, fits, response)),
    candidates,
    rotation: left.length === 1 ? left[0]! : null,
    usedPhases: used,
  };
}

const ORDER: readonly Aspect[] = [
  "phases",
  "rotation",
  "role",
  "direction",
  "scale",
  "chargerRotation",
  "chargerMaximum",
];

/** Whether every leg of every meter is decided: more steps would not say more. */
export function isDecided({ meters }: Judgement): boolean {
  return (
    meters.length > 0 &&
    meters.every(({ legs }) => legs.every(({ follows, agreement }) => follows !== "unsure" && agreement >= 0.75))
  );
}

function meterResult(
  { meter, zone, location, samples }: MeterTrace,
  fits: readonly LegFit[],
  response: Response | null,
): MeterResult {
  return {
    ...{ meter, zone, location, lagS: response?.lagS ?? null, samples: samples.length },
    legs: fits.map(({ slope, follows, agreement }, p) => ({
      leg: (p + 1) as 1 | 2 | 3,
      slope: slope === null ? null : Math.round(slope * 1000) / 1000,
      follows,
      agreement: Math.round(agreement * 100) / 100,
    })),
  };
}

/** How the charger's own readings lie beside what it was commanded. */
interface Reach {
  /** The car takes no more, A. */
  mostA: number;
  /** Part of each step that the charger draws by its own meter; null = it did not say at both levels. */
  share: number | null;
}

/** A reading counts where a charger that follows has drawn the same for so long before it, s. */
const CALM_S = 4;

function reachOf({ readings, commandedA, lowA, highA }: RunTrace, calmS: number): Reach {
  const calm = readings.flatMap(({ atS, terminalsA }) => {
    const at = Math.floor(atS);
    const before = commandedA.slice(Math.max(0, at - calmS), at + 1);
    const isCalm = before.length > calmS && before.every((currentA) => Math.abs(currentA - before[0]!) < 0.6);
    const drawnA = Math.max(...terminalsA.map((currentA) => currentA ?? 0));
    return isCalm && Number.isFinite(drawnA) ? [{ commandedA: before[0]!, drawnA }] : [];
  });
  const at = (levelA: number) =>
    median(calm.filter((one) => Math.abs(one.commandedA - levelA) < 0.6).map(({ drawnA }) => drawnA));
  const [low, high] = [at(lowA), at(highA)];
  const isShort = high !== null && high < highA - OVERDRAW_A - 0.5;
  // A car that takes less than it may takes the lower step whole.
  const mostA = isShort && high > lowA ? high + 0.01 : Number.POSITIVE_INFINITY;
  const stepA = Math.min(highA, mostA) - lowA;
  return { mostA, share: low === null || high === null || stepA <= 0 ? null : (high - low) / stepA };
}

function isRegulated({ samples, location }: MeterTrace, drawnA: readonly number[]): boolean {
  if (location === "excluding") return false;
  const shown = samples.flatMap(({ atS, currentA: [a, b, c] }) => {
    const ofCharger = drawnA[Math.floor(atS)];
    return a == null || b == null || c == null || ofCharger === undefined
      ? []
      : [Math.abs(a + b + c) / Math.max(1, ofCharger)];
  });
  return (median(shown) ?? 1) < REGULATED_SHARE;
}

/** Terminals that carried current; those that cars with so many phases use where the charger does not say. null = it contradicts. */
function loadedTerminals({ readings, configured }: RunTrace, seen: number): number[] | null {
  const whole = readings.filter(
    ({ terminalsA }) => terminalsA.length === 3 && terminalsA.every((currentA) => currentA !== null),
  );
  const carried = [1, 2, 3].filter(
    (terminal) => (median(whole.map(({ terminalsA }) => terminalsA[terminal - 1] ?? 0)) ?? 0) > CARRIES_A,
  );
  // Some chargers measure one terminal of three.
  if (carried.length > 0 && !(carried.length === 1 && seen > 1)) return carried;
  return seen <= configured.phases || seen === 3 ? [1, 2, 3].slice(0, seen) : null;
}

function phaseFindings(
  { configured: { phases }, betweenLines }: RunTrace,
  meter: string | null,
  used: number[] | null,
  loaded: number[] | null,
): Finding[] {
  const say = finding("phases", meter);
  if (!used || betweenLines) return [say("unsure", "proof.phasesUnsure", {}, "proof.phasesUnsureCure")];
  const values = { used: used.length, legs: listed(used), phases };
  if (loaded === null || loaded.length > used.length)
    return [say("wrong", "proof.legMissing", { ...values, terminals: loaded?.length ?? 0 }, "proof.legMissingCure")];
  if (loaded.length < used.length) return [say("unsure", "proof.phasesOdd", values, "proof.phasesOddCure")];
  if (used.length > phases) return [say("wrong", "proof.phasesMore", values, "proof.phasesMoreCure")];
  if (used.length < phases) return [say("unsure", "proof.phasesFewer", values, "proof.phasesFewerCure")];
  return [say("right", "proof.phases", values)];
}

function rotationFindings(
  { configured: { phases, rotation }, betweenLines, field }: RunTrace,
  meter: string | null,
  used: number[] | null,
  candidates: readonly Rotation[],
  left: readonly Rotation[],
): Finding[] {
  const say = finding("rotation", meter);
  if (!used || betweenLines || candidates.length === 0)
    return [say("unsure", "proof.rotationUnsure", {}, "proof.rotationUnsureCure")];
  const values = { legs: listed(used), rotation, proven: left.join(", ") };
  const isPossible = left.some((one) => sameWiring(phases, one, rotation));
  // The field tells orders apart only beside a load that is not the same on all terminals.
  const isFieldMissing = field === null && phases === 3 && used.length < phases;
  if (!isPossible && rotation !== "Unknown")
    return [
      left.length === 1
        ? say("wrong", "proof.rotationWrong", values, "proof.rotationWrongCure")
        : say(
            "wrong",
            "proof.rotationOther",
            values,
            isFieldMissing ? "proof.rotationOtherCure" : "proof.rotationAllCure",
          ),
    ];
  if (left.length === 1)
    return rotation === "Unknown"
      ? [say("wrong", "proof.rotationFound", values, "proof.rotationWrongCure")]
      : [say("right", "proof.rotation", values)];
  return [
    say("unsure", "proof.rotationOpen", values, isFieldMissing ? "proof.rotationOpenCure" : "proof.rotationAllCure"),
  ];
}

function meterFindings(
  {
    meter: { meter, location, zone, doubt },
    fits,
    isRegulated,
  }: { meter: MeterTrace; fits: readonly LegFit[]; isRegulated: boolean },
  share: number | null,
  used: readonly number[] | null,
): Finding[] {
  const say = (aspect: Aspect, verdict: Verdict, text: Code, values: Values, cure?: Code) =>
    finding(aspect, meter)(verdict, text, { meter, zone, ...values }, cure);
  const following = fits.flatMap(({ follows, slope }, p) => (follows === "yes" ? [{ leg: p + 1, slope: slope! }] : []));
  const areQuiet = fits.every(({ follows }) => follows === "no");
  if (doubt?.flaw === "sign" && following.length === 0)
    return [say("direction", "wrong", "proof.reversed", { legs: `L${doubt.phase}` }, "proof.reversedCure")];
  if (doubt && following.length === 0) return [say("role", "unsure", "proof.doubted", {}, "proof.doubtedCure")];
  if (isRegulated || fits.some(({ comesBack }) => comesBack))
    return [say("role", "unsure", "proof.regulated", {}, "proof.regulatedCure")];
  if (location === "excluding") {
    if (areQuiet) return [say("role", "right", "proof.excluding", {})];
    if (following.length > 0) return [say("role", "wrong", "proof.excludingSees", {}, "proof.excludingSeesCure")];
    return [say("role", "unsure", "proof.meterUnsure", {}, "proof.meterUnsureCure")];
  }
  if (areQuiet) return [say("role", "wrong", "proof.blind", {}, "proof.blindCure")];
  if (following.length === 0) return [say("role", "unsure", "proof.meterUnsure", {}, "proof.meterUnsureCure")];
  const findings = [say("role", "right", "proof.including", {})];
  const turned = following.filter(({ slope }) => slope < 0).map(({ leg }) => leg);
  const areAllKnown = fits.every(({ follows }) => follows !== "unsure");
  if (turned.length > 0)
    findings.push(say("direction", "wrong", "proof.reversed", { legs: listed(turned) }, "proof.reversedCure"));
  else if (areAllKnown)
    findings.push(say("direction", "right", "proof.direction", { legs: listed(following.map(({ leg }) => leg)) }));
  else findings.push(say("direction", "unsure", "proof.meterUnsure", {}, "proof.meterUnsureCure"));
  if (used && following.length !== used.length && areAllKnown)
    findings.push(say("role", "wrong", "proof.otherLegs", { legs: listed(used) }, "proof.otherLegsCure"));
  return [...findings, scaleFinding(following, share, say)];
}

function scaleFinding(
  following: readonly { leg: number; slope: number }[],
  share: number | null,
  say: (aspect: Aspect, verdict: Verdict, text: Code, values: Values, cure?: Code) => Finding,
): Finding {
  const shown = following.map(({ slope }) => Math.abs(slope) / (share !== null && share > 0.3 ? share : 1));
  const farthest = shown.reduce((worst, one) => (Math.abs(Math.log(one)) > Math.abs(Math.log(worst)) ? one : worst), 1);
  const values = { scale: Math.round(farthest * 100) / 100 };
  if (farthest >= SCALE.least && farthest <= SCALE.most) return say("scale", "right", "proof.scale", values);
  const isOff = farthest < OFF_SCALE.less || farthest > OFF_SCALE.more;
  if (isOff && share !== null && share > 0.7 && share < 1.3)
    return say("scale", "wrong", "proof.scaleWrong", values, "proof.scaleWrongCure");
  return say("scale", "unsure", "proof.scaleUnsure", values, "proof.scaleUnsureCure");
}

function chargerFindings({ configured, charger }: RunTrace, left: readonly Rotation[]): Finding[] {
  const findings: Finding[] = [];
  const { rotation, maxA } = charger;
  if (rotation !== null) {
    const say = finding("chargerRotation", null);
    const proven = left.length === 1 ? left[0]! : configured.rotation;
    const values = { said: rotation, proven };
    const isSame = sameWiring(configured.phases, rotation, proven);
    if (isSame) findings.push(say("right", "proof.saidRotation", values));
    else if (left.length === 1) findings.push(say("wrong", "proof.saidOther", values, "proof.saidOtherCure"));
    else findings.push(say("unsure", "proof.saidOther", values, "proof.saidOpenCure"));
  }
  if (maxA !== null) {
    const say = finding("chargerMaximum", null);
    const values = { said: maxA, maxA: configured.maxA };
    if (maxA > configured.maxA + 0.5) findings.push(say("wrong", "proof.maximumMore", values, "proof.maximumMoreCure"));
    else if (maxA < configured.maxA - 0.5)
      findings.push(say("unsure", "proof.maximumLess", values, "proof.maximumLessCure"));
    else findings.push(say("right", "proof.maximum", values));
  }
  return findings;
}

/** What this run and those before leave; runs that contradict it were at another wiring. */
function together(candidates: readonly Rotation[], earlier: readonly Rotation[] | null): readonly Rotation[] {
  const both = earlier === null ? candidates : candidates.filter((one) => earlier.includes(one));
  return both.length > 0 ? both : candidates;
}

function finding(aspect: Aspect, meter: string | null) {
  return (verdict: Verdict, code: Code, values: Values = {}, cure?: Code): Finding => {
    const note = (one: Code): Note => (Object.keys(values).length > 0 ? { code: one, values } : { code: one });
    return { aspect, verdict, meter, text: note(code), cure: cure ? note(cure) : null };
  };
}

function listed(legs: readonly number[]): string {
  return legs.map((leg) => `L${leg}`).join(", ");
}

function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
