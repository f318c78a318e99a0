import type { AllocationConnector } from "../allocation/cars.ts";
import type { ChargingMode, ConnectorState, SnapshotConnector } from "../types.ts";
import type { ConnectorMemory } from "./memory.ts";

/**
 * How a connector takes part in the allocation: `part` as it is; `blocked` = stopped a moment ago, may not start yet;
 * `waking` = switched off to wake its car; `sun` = waits for surplus; `held` = keeps its minimum without surplus;
 * `unsure` = its start could not be told from other load.
 */
export type AllocationRole = "part" | "blocked" | "waking" | "sun" | "held" | "unsure";

/**
 * One connector: what is remembered of it, and during a tick what is given and what follows from both. It lives as long as
 * the connector is in the snapshots: making thousands anew at every tick would take longer than deciding.
 */
export interface ControlledConnector {
  given: SnapshotConnector;
  readonly memory: ConnectorMemory;
  /** Number of its zone. */
  zone: number;
  state: ConnectorState;
  mode: ChargingMode;
  /** Site phases (0 = L1) that it may load at all, and those its present car loads. */
  wiredPhases: readonly number[];
  phases: readonly number[];
  /** Terminals in use: what a current is multiplied with to get power. */
  terminals: number;
  detectedPhases: number[] | undefined;
  minA: number;
  maxA: number;
  /** Largest terminal current, A; null = unmeasured. */
  drawA: number | null;
  sampleAgeS: number;
  /** The sample was not there at the last tick. */
  fresh: boolean;
  role: AllocationRole;
  /** The connector was away, and goes on from a higher limit than was decided here last. */
  resumed: boolean;
  /** A meter is silent, and the connector gets no more than this, A; null = it may get more. */
  heldA: number | null;
  /** The connector as the allocator is asked about it. */
  readonly core: AllocationConnector;
  /** What it is to have in the end, A. */
  targetA: number;
  /** What it is to have now, and what held that below the target; null = nothing. */
  limitA: number;
  held: "SETTLING" | "RAMP" | null;
  /** What it may draw at the moment, A (S1). */
  reservedA: number;
}

/** Whether a car is connected that may be given current. */
export function isRequesting(connector: ControlledConnector): boolean {
  return (connector.state === "charging" || connector.state === "waiting") && connector.mode !== "off";
}
