import { EvError, inShort } from "../errors.ts";
import { BEHAVIOUR_NAMES, isBehaviour } from "./charger/presets.ts";

/** What a person or a flow does to a simulated charge point while it runs. Absent fields stay as they are. */
export interface Control {
  plugged?: boolean;
  /** One behaviour, or several with commas between them. */
  behaviour?: string;
  batteryWh?: number;
  /** The most the car takes, A per phase; 0 = it does not want to charge. */
  wantA?: number;
  /** Somebody shows this badge: it starts a charge, or ends the one it started. */
  badge?: string;
  /** It loses its supply for a moment; true. */
  reboot?: boolean;
  /** Somebody else writes a limit above all others into it, A per phase. */
  foreignA?: number;
}

const FIELDS = "an object with plugged, behaviour, batteryWh, wantA, badge, foreignA or reboot";

/**
 * Reads a control from a message's payload: an object of `Control`'s fields, or `"plug"` / `"unplug"`. Unknown keys are ignored.
 * @throws EvError EV_MESSAGE_INVALID naming the field
 */
export function readControl(payload: unknown): Control {
  if (payload === "plug" || payload === "unplug") return { plugged: payload === "plug" };
  if (typeof payload !== "object" || payload === null || Array.isArray(payload)) {
    throw invalid("payload", `${FIELDS}, or "plug" or "unplug"`, payload);
  }
  const { plugged, behaviour, batteryWh, wantA, badge, reboot, foreignA } = payload as Record<string, unknown>;
  const control: Control = {};
  if (plugged !== undefined) {
    if (typeof plugged !== "boolean") throw invalid("payload.plugged", "true or false", plugged);
    control.plugged = plugged;
  }
  if (behaviour !== undefined) {
    if (!isBehaviour(behaviour)) throw invalid("payload.behaviour", `one of ${BEHAVIOUR_NAMES.join(", ")}`, behaviour);
    control.behaviour = behaviour;
  }
  if (batteryWh !== undefined) control.batteryWh = number("payload.batteryWh", batteryWh, 1, 10_000_000);
  if (wantA !== undefined) control.wantA = number("payload.wantA", wantA, 0, 1000);
  if (badge !== undefined) {
    if (typeof badge !== "string" || !/^.{1,20}$/.test(badge))
      throw invalid("payload.badge", "1 to 20 characters", badge);
    control.badge = badge;
  }
  if (foreignA !== undefined) control.foreignA = number("payload.foreignA", foreignA, 0, 1000);
  if (reboot !== undefined) {
    if (reboot !== true) throw invalid("payload.reboot", "true", reboot);
    control.reboot = reboot;
  }
  if (Object.keys(control).length === 0) throw invalid("payload", FIELDS, payload);
  return control;
}

function number(field: string, value: unknown, min: number, max: number): number {
  if (typeof value === "number" && value >= min && value <= max) return value;
  throw invalid(field, `a number from ${min} to ${max}`, value);
}

function invalid(field: string, mustBe: string, found: unknown): EvError {
  return new EvError("EV_MESSAGE_INVALID", `${field} is ${inShort(found)}; it must be ${mustBe}`);
}
