import type { ConnectorState } from "../../dlm/types.ts";

/** What a connector's state is derived from. */
export interface ReportedStatus {
  /** OCPP 1.6 ChargePointStatus. */
  status: string;
  /** A reported fault says that the outlet may carry current whatever is commanded. */
  mayBeLive: boolean;
  hasTransaction: boolean;
  /** A badge was accepted a moment ago and its charging has not begun. */
  authorized: boolean;
  /** The badge of its transaction was refused. */
  refused?: boolean;
}

/**
 * The state the load management works with. `offline` stands for a reported fault whose outlet may still be live:
 * such a connector keeps its reservation as if the charge point were away.
 */
export function connectorState(reported: ReportedStatus): ConnectorState {
  const state = statedState(reported);
  return state === "available" && reported.mayBeLive ? "offline" : state;
}

function statedState(reported: ReportedStatus): ConnectorState {
  // Such a charge point ends the charge or its energy by itself (OCPP 1.6 §4.8); a charge point that does neither is given no current.
  if (reported.refused && !reported.authorized) return "available";
  switch (reported.status) {
    case "Charging":
      return "charging";
    case "SuspendedEVSE":
      return "waiting";
    case "SuspendedEV":
      return "idle";
    case "Preparing":
      return reported.hasTransaction || reported.authorized ? "waiting" : "available";
    default:
      return "available";
  }
}

const WITH_CAR: ReadonlySet<string> = new Set(["Preparing", "Charging", "SuspendedEVSE", "SuspendedEV", "Finishing"]);
const WITHOUT_CAR: ReadonlySet<string> = new Set(["Available", "Reserved", "Unavailable"]);

/** Whether a status says that a car is connected; null where it says nothing about that (Faulted). */
export function carConnected(status: string): boolean | null {
  if (WITH_CAR.has(status)) return true;
  return WITHOUT_CAR.has(status) ? false : null;
}

/** Whether current may flow in this status by the specification; a reading from before it no longer holds otherwise. */
export function mayDraw(status: string): boolean {
  return status === "Charging" || status === "SuspendedEV" || status === "SuspendedEVSE" || status === "Faulted";
}
