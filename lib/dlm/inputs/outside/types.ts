/** How far something is lowered, A per phase and W in sum; null = not by this. */
export interface Lowering {
  limitA: number | null;
  powerW: number | null;
}

/** A weekly window in which a limit holds. Minutes are of the local day. */
export interface ScheduleWindow extends Lowering {
  /** Days on which it begins: 0 = Monday … 6 = Sunday. */
  days: number[];
  fromMinute: number;
  /** Not after `fromMinute`: it ends on the next day. The same minute: it lasts 24 hours. */
  toMinute: number;
}

/** What an `ev-limit` was set to. */
export interface OutsideSettings extends Lowering {
  kind: "contact" | "schedule" | "power" | "current";
  /**
   * What an active contact means: it lowers to `limitA` or `powerW`, it makes all wait, it permits to start, the zone's breaker is open,
   * or, of the four contacts of an FNN control box, W4 lowers and the others cap the feed-in.
   */
  purpose: "limit" | "delay" | "permit" | "breaker" | "fnn";
  /** What becomes of cars that charge already while a permit is missing. */
  running: "continue" | "stop";
  normallyClosed: boolean;
  schedule: ScheduleWindow[];
  /** IANA name; empty = the zone of this machine. */
  timeZone: string;
  /** Silence after which the source is unknown; 0 = never. */
  staleAfterS: number;
}

/** What a source from outside says at a moment. Nothing lowered and no starts held = free. */
export interface OutsideLimit extends Lowering {
  /** Connectors without current stay without. */
  holdStarts: boolean;
  /** False while the source is unknown, and the limit is what its silence stands for. */
  known: boolean;
  /** In words, for explanations. */
  reason: string;
  /** The zone's breaker is open: nothing below it has power. Absent = it is closed, or that is unknown. */
  breakerOpen?: true;
  /** What an FNN control box leaves the feed-in, %; null = unknown. Absent where there is none. */
  feedInPercent?: number | null;
}
