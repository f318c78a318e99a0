/** One charge point of a copy: its keys are written, read back, and rolled back. */
import { EvError } from "../../errors.ts";
import { OcppCallError } from "../../ocpp/rpc/call-error.ts";
import type { Station } from "../../station/connection/station.ts";
import { type Configuration, ownName } from "../../station/setup/configuration.ts";
import { sameValue } from "../../station/setup/configuration-writes.ts";
import { keptOf } from "../check-configuration.ts";
import type { MaintenanceCommand } from "../types.ts";
import { type Place, planKey } from "./plan.ts";
import type { CopyTarget, KeyResult, KeyStatus, TargetState } from "./types.ts";

/** What the work at one charge point needs. */
export interface TargetPort {
  send(command: MaintenanceCommand): Promise<Record<string, unknown>>;
  /** Reads the configuration, these keys of it at least; null when it told none. */
  read(station: Station, keys: readonly string[]): Promise<Configuration | null>;
  /** Resolves when what stands in the target is durable. */
  keep(): Promise<void>;
  /** A key was written, for the log. */
  note(result: KeyResult): void;
}

/** `gone`: it is no longer connected. `silent`: it is, and does not answer. `unread`: it told nothing, and nothing was sent. */
export type Outcome = "written" | "gone" | "silent" | "unread";

/** After so many keys without an answer the rest is not sent. */
const MOST_SILENT = 2;

/** What may have changed the charge point. */
const TOUCHED: ReadonlySet<KeyStatus> = new Set(["accepted", "restart", "sent", "noAnswer", "differs"]);

/** Whether something at the charge point may be different by this copy. */
export const isTouched = ({ keys }: CopyTarget): boolean => keys.some(({ status }) => TOUCHED.has(status));

/** What is known of a charge point for copying. */
export function placeOf(station: Station): Place {
  return { traits: station.traits, modelProfile: station.modelProfile, kept: keptOf(station) };
}

/** Writes the keys that it has not yet. What was sent and not answered when the process ended is looked at first. */
export async function writeKeys(port: TargetPort, station: Station, target: CopyTarget): Promise<Outcome> {
  const before = await port.read(station, namesOf(target));
  if (!before) return !station.online ? "gone" : isTouched(target) ? "silent" : "unread";
  const todo = target.keys.filter(
    (result) => isOpen(result) && !settles(result, planKey(result, placeOf(station), before)),
  );
  if (todo.length === 0) return "written";
  for (const result of todo) result.status = "sent";
  target.tries++;
  await port.keep();
  let silent = 0;
  for (const result of todo) {
    if (!station.online) return "gone";
    if (silent >= MOST_SILENT) break;
    result.status = await write(port, station, nameAt(station, before, result.key), result.value);
    if (result.status === "noAnswer") silent++;
    if (result.status !== "sent") port.note(result);
  }
  return readBack(port, station, target, false);
}

/** Compares what was accepted with what it holds. @param restarted it has restarted since: what waited for that counts, too */
export async function readBack(
  port: TargetPort,
  station: Station,
  target: CopyTarget,
  restarted: boolean,
): Promise<Outcome> {
  const open = (status: KeyStatus) => TOUCHED.has(status) && (restarted || status !== "restart");
  const after = await port.read(station, namesOf(target));
  if (!after) return station.online ? "silent" : "gone";
  for (const result of target.keys.filter(({ status }) => open(status))) {
    const found = after.find(result.key)?.value;
    if (found === undefined && result.status !== "accepted" && result.status !== "restart") continue;
    const holds = found === undefined || sameValue(found, result.value);
    if (holds) result.status = "accepted";
    else if (result.status !== "noAnswer" && result.status !== "sent") result.status = "differs";
    result.found = holds ? null : (found ?? null);
  }
  return "written";
}

/** Writes the old values back. @returns `lost` where it did not answer: it is tried again when it has dialled anew */
export async function rollBack(port: TargetPort, station: Station, target: CopyTarget): Promise<TargetState> {
  const now = await port.read(station, namesOf(target));
  if (!now && !station.online) return "lost";
  for (const result of target.keys.filter(({ status }) => TOUCHED.has(status))) {
    const { key, old } = result;
    const found = now?.find(key)?.value;
    if (old === null) result.status = "notRolledBack";
    else if (found !== undefined && sameValue(found, old)) result.status = "rolledBack";
    else {
      const ownKey = now ? nameAt(station, now, key) : ownName(station.traits.config, key);
      const status = await write(port, station, ownKey, old);
      if (status === "sent" || status === "noAnswer") return "lost";
      result.status = status === "accepted" || status === "restart" ? "rolledBack" : "notRolledBack";
      port.note(result);
    }
  }
  return target.keys.some(({ status }) => status === "notRolledBack") ? "notRolledBack" : "rolledBack";
}

/** Where a charge point stands that was written to. */
export function endOf({ keys }: CopyTarget): TargetState {
  const good = keys.filter(({ status }) => status === "same" || status === "accepted" || status === "restart").length;
  if (good === keys.length) return "done";
  return good > 0 || keys.some(({ status }) => TOUCHED.has(status)) ? "partly" : "refused";
}

const namesOf = ({ keys }: CopyTarget): string[] => keys.map(({ key }) => key);

const isOpen = ({ status }: KeyResult): boolean => status === "waiting" || status === "sent" || status === "noAnswer";

/** Takes over what needs no sending. @returns whether that is all */
function settles(result: KeyResult, plan: ReturnType<typeof planKey>): boolean {
  const isFirst = result.status === "waiting";
  if (isFirst) result.old = plan.old;
  if (plan.status === "send") return false;
  result.status = plan.status === "same" && !isFirst ? "accepted" : plan.status;
  return true;
}

function nameAt({ traits }: Station, configuration: Configuration, key: string): string {
  return configuration.find(key)?.key ?? ownName(traits.config, key);
}

/** @returns `sent` where it left before it answered */
async function write(port: TargetPort, station: Station, key: string, value: string): Promise<KeyStatus> {
  const command = { station, action: "ChangeConfiguration", payload: { key, value }, force: false, file: null };
  try {
    const { status } = await port.send(command);
    return ANSWERS[String(status)] ?? "refused";
  } catch (error) {
    if (error instanceof OcppCallError) return ANSWERS[error.ocppCode] ?? "refused";
    const code = error instanceof EvError ? error.code : null;
    if (code === "EV_MESSAGE_INVALID" || code === "EV_OCPP_INVALID") return "impossible";
    return code === "EV_OCPP_TIMEOUT" && station.online ? "noAnswer" : "sent";
  }
}

const ANSWERS: Readonly<Record<string, KeyStatus>> = {
  Accepted: "accepted",
  RebootRequired: "restart",
  Rejected: "refused",
  NotSupported: "unknown",
  NotImplemented: "unknown",
};
