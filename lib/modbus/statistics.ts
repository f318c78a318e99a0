/** What is known of one device on a line. */
export interface UnitStatistics {
  unitId: number;
  latencyP50Ms: number | null;
  latencyP99Ms: number | null;
  /** What the device takes, without the time on the wire. */
  turnaroundMs: number | null;
  /** In a row. */
  failures: number;
  /** Until it is asked again; 0 = any time. */
  restMs: number;
}

/** How a line does: counts since it was made, utilisation and cycle over the last minute. */
export interface BusStatistics {
  /** Frames sent, retries included. */
  requests: number;
  retries: number;
  /** Reads that were answered by the answer to the same read. */
  coalesced: number;
  timeouts: number;
  exceptions: number;
  /** Serial frames with a wrong check sum. */
  crcErrors: number;
  /** Replies that came too late, or answered nothing that was asked. */
  lateFrames: number;
  /** Reads that fell out of the full queue. */
  drops: number;
  /** Reads that were not tried because the unit or the connection rests after failures. */
  refused: number;
  connects: number;
  isConnected: boolean;
  queued: number;
  /** Share of the time that the line is in use. */
  utilisationPercent: number;
  /** How long one round over everything that is read keeps the line in use; null while nothing is read. */
  cycleMs: number | null;
  /** What such a round takes at best, by the speed of the wire and the turnaround of the devices; null on lines that are not serial. */
  idealCycleMs: number | null;
  latencyP50Ms: number | null;
  latencyP99Ms: number | null;
  /** Cycles that were left out because the one before was not finished. */
  skipped: number;
  units: UnitStatistics[];
}

/** What the connection of a bus counts. */
export type LinkCounts = Pick<BusStatistics, "connects" | "lateFrames" | "crcErrors">;
