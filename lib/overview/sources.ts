import type { AlarmList } from "../alarm/alarm-list.ts";
import type { SetpointBoard } from "../dlm/board.ts";
import type { CycleDecision } from "../dlm/runtime/runtime-types.ts";
import type { Finding } from "../dlm/topology/checks/finding.ts";
import type { PlantTree } from "../dlm/topology/plant.ts";
import type { BoardReading } from "../metering/meter-board.ts";
import type { Limiter } from "../profile/limiter.ts";
import type { Stations } from "../station/connection/stations.ts";
import type { Language } from "../words/types.ts";
import type { Consumption } from "./consumption.ts";
import type { BackEndItem, ExposedItem, SiteItem } from "./types.ts";

/** The parts of a site that the overview reads. */
export interface OverviewSite {
  readonly plant: {
    /** The tree in force; null before the first. */
    readonly tree: PlantTree | null;
    readonly findings: readonly Finding[];
    readonly errors: readonly Finding[];
  };
  readonly stations: Stations;
  readonly board: Pick<SetpointBoard, "get">;
  readonly limiter: Pick<Limiter, "view">;
  readonly alarms: { readonly list: Pick<AlarmList, "list"> };
  /** The latest decision of every load management, by node id of the `ev-dlm`. */
  readonly decisions: ReadonlyMap<string, CycleDecision>;
  readonly language: Language;
  /** What zones consumed. */
  readonly consumption?: Pick<Consumption, "state">;
}

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
  /** What is told of back ends; none where the reader does not show them. */
  backEnds: readonly BackEndItem[];
  /** What anybody may act on without a login. */
  exposed: readonly ExposedItem[];
}
