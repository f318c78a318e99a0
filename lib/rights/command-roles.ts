import type { Role } from "./roles.ts";

/** Commands that change nothing. */
const READS = /^(Get|Trigger|ExtendedTrigger|Check|MaintenanceReport|ExportSite)/;

/** What running a site day by day takes. */
const DAILY: ReadonlySet<string> = new Set([
  "RemoteStartTransaction",
  "RemoteStopTransaction",
  "UnlockConnector",
  "ChangeAvailability",
  "ReserveNow",
  "CancelReservation",
  "Reset",
  "ClearCache",
  "SendLocalList",
]);

/** The role that a command to a charge point takes. What changes its set-up, its software or its limits takes an admin. */
export function commandRole(action: string): Role {
  if (READS.test(action)) return "viewer";
  return DAILY.has(action) ? "operator" : "admin";
}
