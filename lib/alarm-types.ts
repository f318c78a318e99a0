export type AlarmSeverity = "info" | "warning" | "alarm";

/** Weight of a severity, for comparing. */
export const SEVERITY_RANK: Readonly<Record<AlarmSeverity, number>> = { info: 0, warning: 1, alarm: 2 };

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
  breakerOpen: "alarm",
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
  certificateEnds: "warning",
  recovered: "alarm",
  upstreamRefused: "alarm",
  upstreamWaits: "warning",
  limit: "info",
  drill: "info",
} as const satisfies Record<string, AlarmSeverity>;

export type AlarmKind = keyof typeof ALARMS;

/** Kinds that tell what is being done at this moment; it ends with the process that did it. */
export const PASSING: readonly AlarmKind[] = ["drill"];

/** Something that is wrong, as its source tells it. */
export interface AlarmReport {
  /** Stable name: `<kind>/<subject>`. */
  key: string;
  severity: AlarmSeverity;
  /** What is wrong, in plain words, with the numbers. */
  text: string;
  /** What to do about it. */
  action: string;
  /** A person brings it about: however often it is raised, it does not come and go, and ends with its clearing. */
  isDeliberate?: boolean;
}

/** Who saw an alarm and took it on. */
export interface Acknowledgement {
  by: string;
  comment: string;
  wallMs: number;
}

/** One alarm of the site's list. Wall times are ms since 1970. */
export interface Alarm extends Omit<AlarmReport, "isDeliberate"> {
  /** Who reports it: only that source clears it. */
  source: string;
  /** Where it is: zone and charge point, as far as known. */
  location: string | null;
  sinceWallMs: number;
  /** How often it was raised since it is on the list. */
  times: number;
  /** It comes and goes; it stays on the list until it has been quiet for a while. */
  flapping: boolean;
  acknowledged: Acknowledgement | null;
}
