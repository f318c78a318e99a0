/** How far the reports to one destination have come. */
export interface ReportDestination {
  /** The highest closed number of a session that a report took. */
  mark: number;
  /** The last time at which a report was due, ms since 1970. */
  dueWallMs: number;
  /** It has acknowledged a report once. */
  acknowledges: boolean;
}

/** One report and what became of it. Wall times are ms since 1970. */
export interface ReportRecord {
  id: string;
  destination: string;
  /** It holds the sessions with a closed number behind the one, up to the other. */
  afterClosed: number;
  upToClosed: number;
  /** The time it reports on; sessions that became known late may have ended before. */
  fromWallMs: number;
  toWallMs: number;
  createdWallMs: number;
  tries: number;
  /** When it is tried next; null once it is sent or given up. */
  nextWallMs: number | null;
  state: "waiting" | "sent" | "givenUp";
  /** Of the last try; null = none. */
  error: string | null;
  doneWallMs: number | null;
}

/** Reports and their destinations. @throws EvError EV_STORE_WRITE | EV_STORE_OPEN */
export interface ReportBook {
  destination(key: string): ReportDestination | null;
  saveDestination(key: string, destination: ReportDestination): void;
  /** Keeps a new report and moves its destination's marks, both or none. */
  add(report: ReportRecord, dueWallMs: number): void;
  save(report: ReportRecord): void;
  /** Those that are neither sent nor given up, oldest first. */
  waiting(destination: string): ReportRecord[];
  get(id: string): ReportRecord | null;
  /** Whether a report to a destination that was sent, or waits, holds the session of this closed number. */
  holds(destination: string, closedNumber: number): boolean;
  /** The newest so many, newest first. */
  newest(destination: string, most: number): ReportRecord[];
}
