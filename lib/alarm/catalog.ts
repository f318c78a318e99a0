import type { AlarmSeverity } from "./types.ts";

/** What each kind of alarm weighs. `<kind>/<subject>` is an alarm's key; its words stand in `words/<language>/alarms.ts`. */
export const ALARMS = {
  meterStale: "alarm",
  meterFrozen: "alarm",
  meterWrong: "alarm",
  failSafe: "warning",
  chargerOffline: "warning",
  notControllable: "alarm",
  nonCompliant: "alarm",
  breakerOver: "alarm",
  fallbackOver: "warning",
  outOfService: "alarm",
  phasesMistaken: "alarm",
  phasesKept: "warning",
  manyWrites: "warning",
  guard: "alarm",
  zoneTree: "alarm",
  control: "alarm",
  chargePointOffline: "warning",
  chargerFault: "warning",
  identityConflict: "alarm",
  meterUnread: "warning",
  clock: "warning",
  store: "alarm",
  copy: "warning",
  recovered: "alarm",
  limit: "info",
} as const satisfies Record<string, AlarmSeverity>;

export type AlarmKind = keyof typeof ALARMS;
