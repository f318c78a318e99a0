import { invalid } from "../errors.ts";
import { record, text } from "../fields.ts";
import { shortText, wallOfLocal } from "../local-time.ts";
import { OPERATIONS, type OperationName } from "./operation-types.ts";

/** One operation as it was asked for. */
export interface OperationRequest {
  name: Exclude<OperationName, "reserve" | "cancel">;
  /** `CP1/1`. */
  target: string;
  chargePoint: string;
  connector: number;
  /** Badge that is to charge; null = a guest. */
  idTag: string | null;
  /** Restart at once instead of in an orderly way. */
  hard: boolean;
  /** A charge may be broken off. */
  force: boolean;
  /** When it ends by itself; null = not. */
  untilWallMs: number | null;
}

/** Longest time that a connector is out of service, ms: a year. */
const LONGEST_MS = 366 * 86_400_000;

/** The operation of a topic `operations/<name>`; null for another topic. */
export function operationOf(topic: unknown): OperationName | null {
  const name = typeof topic === "string" && topic.startsWith("operations/") ? topic.slice("operations/".length) : "";
  return OPERATIONS.find((one) => one === name) ?? null;
}

/** The identity that a message about an operation names; null = none. */
export function chargePointOf(payload: unknown): string | null {
  const target = text(record(payload)["target"]) ?? "";
  return /^(.+)\/\d{1,2}$/.exec(target)?.[1] ?? null;
}

/** An operation as the log has it. */
export function operationText(
  { name, target, idTag, hard, force, untilWallMs }: OperationRequest,
  timeZone: string,
  nowWallMs: number,
): string {
  const words = [
    ...[name, target],
    name === "start" && `for ${idTag === null ? "a guest" : `badge ${idTag}`}`,
    hard && "at once",
    force && "whatever charges",
    untilWallMs !== null && `until ${shortText(untilWallMs, nowWallMs, timeZone)}`,
  ];
  return words.filter(Boolean).join(" ");
}

/** @throws EvError EV_MESSAGE_INVALID naming the field */
export function readOperation(
  name: OperationRequest["name"],
  payload: unknown,
  timeZone: string,
  nowWallMs: number,
): OperationRequest {
  const fields = record(payload);
  const target = text(fields["target"]) ?? "";
  const [, chargePoint = "", number = ""] = /^(.+)\/(\d{1,2})$/.exec(target) ?? [];
  if (!chargePoint) throw invalid("payload.target", "a connector such as CP1/1", fields["target"], "operationTarget");
  const idTag = text(fields["idTag"]);
  if (idTag !== null && idTag.length > 20) throw invalid("payload.idTag", "the number of a badge", idTag);
  const untilWallMs = readEnd(fields["until"], timeZone, nowWallMs);
  return {
    ...{ name, target, chargePoint, connector: Number(number), idTag },
    hard: flagOf(fields, "hard"),
    force: flagOf(fields, "force"),
    untilWallMs,
  };
}

function flagOf(fields: Readonly<Record<string, unknown>>, name: string): boolean {
  const { [name]: value = false } = fields;
  if (typeof value !== "boolean") throw invalid(`payload.${name}`, "true or false", value);
  return value;
}

/** A time of the place (`2026-06-05T18:00`), a day, which is meant whole, or a moment with its zone. */
function readEnd(value: unknown, timeZone: string, nowWallMs: number): number | null {
  if (value === undefined || value === null || value === "") return null;
  const [, year, month, day, hour, minute] = /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2}))?$/.exec(String(value)) ?? [];
  const date = { year: Number(year), month: Number(month), day: Number(day) };
  const wallMs = !year
    ? Date.parse(String(value))
    : hour === undefined
      ? wallOfLocal({ ...date, day: date.day + 1 }, timeZone)
      : wallOfLocal({ ...date, hour: Number(hour), minute: Number(minute) }, timeZone);
  if (wallMs > nowWallMs && wallMs <= nowWallMs + LONGEST_MS) return wallMs;
  throw invalid("payload.until", "a day or time that is to come, within a year", value, "operationUntil");
}
