import { invalid } from "../../errors.ts";
import { record, text } from "../../fields.ts";
import { DRILLS, type DrillKind } from "./view-types.ts";

/** What somebody wants of the drills: one to begin, its end, or what is known. */
export type DrillRequest = { name: "start"; wish: DrillAsked } | { name: "abort" } | { name: "list" };

export interface DrillAsked {
  kind: DrillKind;
  /** `CP1/1`, the name of a meter or that of a zone; empty = the one zone that load management shares out. */
  target: string;
  /** The most it may take; null = what it needs. */
  seconds: number | null;
  /** The limit to be commanded, W; null = what §14a EnWG leaves. */
  limitW: number | null;
}

const TOPIC = "drill/";
/** No drill takes longer, s. */
export const LONGEST_S = 1200;
const SHORTEST_S = 10;

/** Whether a message is about drills. */
export function isDrill({ topic }: { topic?: unknown }): boolean {
  return typeof topic === "string" && topic.startsWith(TOPIC);
}

/** @throws EvError EV_MESSAGE_INVALID naming the field */
export function readDrill({ topic, payload }: { topic?: unknown; payload?: unknown }): DrillRequest {
  const name = String(topic).slice(TOPIC.length);
  switch (name) {
    case "abort":
    case "list":
      return { name };
    case "start":
      return { name, wish: readWish(record(payload)) };
    default:
      throw invalid("topic", "drill/start, drill/abort or drill/list", topic);
  }
}

function readWish(given: Record<string, unknown>): DrillAsked {
  const kind = DRILLS.find((one) => one === given["kind"]);
  if (!kind) throw invalid("payload.kind", `one of ${DRILLS.join(", ")}`, given["kind"]);
  const target = text(given["target"]) ?? "";
  if (!target && kind !== "limit")
    throw invalid(
      "payload.target",
      kind === "meter" ? "the name of a meter" : "a connector such as CP1/1",
      given["target"],
    );
  return {
    kind,
    target,
    seconds: amount(given["seconds"], "payload.seconds", SHORTEST_S, LONGEST_S),
    limitW: amount(given["limitW"], "payload.limitW", 1, 10_000_000),
  };
}

function amount(value: unknown, field: string, least: number, most: number): number | null {
  if (value === undefined || value === null || value === "") return null;
  const number = typeof value === "string" ? Number(value) : value;
  if (typeof number !== "number" || !(number >= least && number <= most))
    throw invalid(field, `a number from ${least} to ${most}, or left out`, value);
  return number;
}
