import type { BoardReading } from "../metering/meter-board.ts";
import type { Site } from "../site/site.ts";
import type { SiteItem } from "./types.ts";

/** The parts of a site that the overview reads. */
export type OverviewSite = Pick<Site, "plant" | "stations" | "board" | "limiter" | "alarms" | "decisions" | "language">;

/** What is not the site's own. */
export interface Surroundings {
  /** Monotonic. */
  nowMs: number;
  /** Every site of the process. */
  sites: readonly SiteItem[];
  /** The latest reading of every meter. */
  readings: ReadonlyMap<string, BoardReading>;
  /** Meters for which a node delivers measurements, with what they measure. */
  meters: ReadonlyMap<string, string | null>;
  /** Meters that zones of other sites name. */
  foreignMeters: ReadonlySet<string>;
}
