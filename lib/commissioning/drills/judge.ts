import type { Note } from "../../words/types.ts";
import type { DrillEnd, DrillFinding } from "./drill-result.ts";
import type { Plan } from "./plan.ts";

/** A register tells the time no better than this part of the drill. */
const REGISTER_PART = 0.2;

/** What was seen of a drill; seconds since it began. */
export interface Seen {
  end: DrillEnd;
  /** How long its fault lasted. */
  faultS: number;
  commandedS: number | null;
  measuredS: number | null;
  /** What was drawn at last, in the unit of the plan; null = not known. */
  lastMeasured: number | null;
  /** Of a connection that was cut: what the charger drew before, A. */
  drawnA: number | null;
  /** When it came down by its own energy register; null = that tells nothing. */
  registerS: number | null;
  /** When all was as before again; null = not yet. */
  restoredS: number | null;
}

/** What a drill says, and what to do. */
export function judgeDrill(plan: Plan, seen: Seen): DrillFinding[] {
  const isWhole = seen.end === "finished";
  const found = plan.kind === "link" ? ofLink(plan, seen) : ofShare(plan, seen);
  const judged = isWhole ? found : found.map((one) => (one.verdict === "right" ? one : CUT_SHORT));
  const once = judged.filter((one, i) => judged.indexOf(one) === i);
  return [...once, restored(plan, seen)];
}

const CUT_SHORT: DrillFinding = {
  verdict: "unsure",
  text: { code: "drill.cutShort" },
  cure: { code: "drill.cutShortCure" },
};

/** One charger that is alone comes down by itself. */
function ofLink(plan: Plan, { faultS, measuredS, lastMeasured, drawnA, registerS }: Seen): DrillFinding[] {
  const { limit, allowedS, target } = plan;
  const values = { target, safe: amps(limit) };
  const stayed = wrong(
    {
      code: "drill.linkStayed",
      values: { target, current: amps(lastMeasured ?? drawnA ?? 0), seconds: Math.round(faultS) },
    },
    { code: "drill.linkStayedCure", values },
  );
  if (measuredS !== null) {
    const text: Note = { code: "drill.linkFell", values: { ...values, seconds: tenth(measuredS) } };
    return [measuredS <= allowedS ? right(text) : wrong(text, lateCure(plan))];
  }
  const doubtS = faultS * REGISTER_PART;
  if (registerS !== null && registerS <= allowedS + doubtS)
    return [right({ code: "drill.linkRegister", values: { ...values, seconds: Math.round(Math.max(0, registerS)) } })];
  if (registerS !== null && registerS >= faultS - doubtS) return [stayed];
  const isStill = lastMeasured !== null && drawnA !== null && lastMeasured > drawnA - 0.3 * (drawnA - limit);
  if (isStill && faultS >= allowedS) return [stayed];
  return [unsure({ code: "drill.linkUnseen" }, { code: "drill.linkUnseenCure" })];
}

/** Several chargers are told less, and draw less. */
function ofShare(plan: Plan, { faultS, commandedS, measuredS, lastMeasured }: Seen): DrillFinding[] {
  const { allowedS, limit, unit } = plan;
  const cure: Note = { code: CURES[plan.kind] };
  const told =
    commandedS === null
      ? wrong({ code: "drill.notConfirmed", values: { seconds: Math.round(faultS) } }, cure)
      : commandedS <= allowedS
        ? right({ code: "drill.confirmed", values: { seconds: tenth(commandedS), limit: amount(limit, unit) } })
        : wrong(
            { code: "drill.confirmed", values: { seconds: tenth(commandedS), limit: amount(limit, unit) } },
            lateCure(plan),
          );
  if (measuredS !== null) return [told, right({ code: "drill.drawn", values: { seconds: tenth(measuredS) } })];
  if (commandedS === null) return [told];
  if (lastMeasured === null) return [told, unsure({ code: "drill.unseen" }, { code: "drill.unseenCure" })];
  const values = { measured: amount(lastMeasured, unit), limit: amount(limit, unit) };
  return lastMeasured > limit
    ? [told, wrong({ code: "drill.notDrawn", values }, { code: "drill.notDrawnCure" })]
    : [told, unsure({ code: "drill.unseen" }, { code: "drill.unseenCure" })];
}

const CURES = {
  link: "drill.linkUnseenCure",
  meter: "drill.meterCure",
  limit: "drill.limitCure",
  disobey: "drill.disobeyCure",
} as const;

/** That all is as before. */
function restored({ kind }: Plan, { restoredS, faultS, end }: Seen): DrillFinding {
  if (kind !== "link") return right({ code: `drill.${kind}Back` });
  if (restoredS !== null)
    return right({ code: "drill.linkBack", values: { seconds: tenth(Math.max(0, restoredS - faultS)) } });
  if (end !== "finished") return right({ code: "drill.linkOpen" });
  return unsure({ code: "drill.linkAway" }, { code: "drill.linkAwayCure" });
}

function lateCure({ allowedS }: Plan): Note {
  return { code: "drill.lateCure", values: { allowed: Math.round(allowedS) } };
}

const right = (text: Note): DrillFinding => ({ verdict: "right", text, cure: null });
const wrong = (text: Note, cure: Note): DrillFinding => ({ verdict: "wrong", text, cure });
const unsure = (text: Note, cure: Note): DrillFinding => ({ verdict: "unsure", text, cure });

const tenth = (seconds: number): number => Math.round(seconds * 10) / 10;
const amps = (value: number): string => amount(value, "A");
const amount = (value: number, unit: "A" | "W"): string =>
  unit === "W" ? `${Math.round(value)} W` : `${Math.round(value * 10) / 10} A`;
