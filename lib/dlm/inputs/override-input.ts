import type { ChargingMode } from "../types.ts";
import { choice, type Fields, fields, flag, invalid, number, text, whole } from "./input-fields.ts";

/** A decision by hand about a connector or a zone. */
export interface OverrideInput {
  kind: "override";
  target: string;
  /** null = it ends. */
  sets: {
    mode: ChargingMode | null;
    limitA: number | null;
    priorityClass: number | null;
    /** What energy managers say does not hold meanwhile. */
    aside?: true;
    by: string;
    reason: string;
    ttlS: number;
  } | null;
}

const MODES = ["fast", "pv", "minpv", "off"] as const;
const HOUR_S = 3600;
/** Without another word it ends after this. */
const USUAL_S = 2 * HOUR_S;
/** Nothing that is set by hand lasts longer. */
const LONGEST_S = 7 * 24 * HOUR_S;

/**
 * Reads `override/<target>`, or `override` with the target in its payload, as a form or a row of a table sends it: fields that are
 * empty are not given. `override/end` ends what its payload names; so does a payload of null. `by` may stand beside the payload.
 * @throws EvError EV_MESSAGE_INVALID naming the field
 */
export function readOverride(topic: string, message: Fields): OverrideInput {
  const { payload, by } = message;
  const [, ...rest] = topic.split("/");
  const subject = rest.join("/");
  const ends = subject === "end" || payload === null;
  const given = payload === null ? {} : fields(payload, "payload");
  const target = subject && subject !== "end" ? subject : text(given["target"]);
  if (!target) throw invalid("payload.target", "a connector such as CP1/1, or the name of a zone", given["target"]);
  return { kind: "override", target, sets: ends ? null : readSets(given, text(by)) };
}

function readSets(given: Fields, by: string): OverrideInput["sets"] {
  const read = <T>(name: string, reader: (value: unknown, field: string) => T): T | null =>
    isGiven(given[name]) ? reader(given[name], `payload.${name}`) : null;
  const reason = text(given["reason"]).trim();
  if (!reason) throw invalid("payload.reason", "why: it is kept, and others read it", given["reason"]);
  const sets = {
    mode: read("mode", (value, field) => choice(value, field, MODES)),
    limitA: read("limitA", (value, field) => number(asNumber(value), field)),
    priorityClass: read("priorityClass", (value, field) => whole(asNumber(value), field)),
    ...(read("aside", flag) && { aside: true as const }),
    by: (by || text(given["by"])).trim(),
    reason,
    ttlS: readTtl(read),
  };
  if (sets.mode === null && sets.limitA === null && sets.priorityClass === null && !sets.aside)
    throw invalid("payload", "something to change: mode, limitA, priorityClass or aside", given, "nothing");
  return sets;
}

function readTtl(read: (name: string, reader: (value: unknown, field: string) => number) => number | null): number {
  const within = (value: unknown, field: string, mostS: number) => {
    const amount = number(asNumber(value), field);
    if (amount > 0 && amount <= mostS) return amount;
    throw invalid(field, `more than 0 and at most ${mostS}`, value);
  };
  const hours = read("hours", (value, field) => within(value, field, LONGEST_S / HOUR_S));
  return read("ttlS", (value, field) => within(value, field, LONGEST_S)) ?? (hours === null ? USUAL_S : hours * HOUR_S);
}

const isGiven = (value: unknown): boolean => value !== undefined && value !== null && value !== "";

/** Forms give numbers as texts. */
function asNumber(value: unknown): unknown {
  return typeof value === "string" && value.trim() !== "" ? Number(value) : value;
}
