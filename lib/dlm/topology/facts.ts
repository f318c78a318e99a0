import type { Hint } from "../../words/types.ts";
import type { ChargingMode, ConnectorState, Rotation } from "../types.ts";

/** How a connector is wired and what the installer allows it: from the dialog. */
export interface ConnectorWiring {
  phases: 1 | 2 | 3;
  rotation: Rotation;
  maxA: number;
  minA: number;
  /** Minimum while its car charges on more than one phase; absent = `minA`. */
  minA3p?: number;
  /** On a network without neutral: its one terminal lies between two lines. */
  betweenLines?: boolean;
  priorityClass: number;
  mode: ChargingMode;
  /** What the charge point falls back to when left alone; 0 = it pauses. */
  safeA: number;
}

/** What is known of a connector at one moment. The station layer (or a flow, for chargers without OCPP) produces it, the DLM consumes it. */
export interface ConnectorFacts {
  /** `<identity>/<number>`, as in topics. */
  id: string;
  chargePoint: string;
  connector: number;
  wiring: ConnectorWiring;
  /** Priority class that its driver brings for this charge; absent = that of the wiring. */
  priorityClass?: number;
  /** `offline` while the charge point is not connected or was never seen. */
  state: ConnectorState;
  /** A per terminal 1..3; null where no reading exists. */
  measuredA: (number | null)[] | null;
  /** Monotonic time of the newest measurement. */
  measuredAtMs: number | null;
  /**
   * The newest measurement is zeros in answer to a question: monotonic time of the newest one that the charger sent of its own accord,
   * null = none. Absent where it is anything else.
   */
  unproven?: { ownAtMs: number | null };
  /** S8: what must stay reserved while offline, A per wired phase. */
  disconnectedA: number;
  /** What its charge point still allows as far as it has said, A: the accepted limit until its lease ends, then the safe current. Absent = unknown. */
  heldA?: number;
  /** What it takes when it is left alone, A per wired phase, because it does not fall back by itself; absent = it does (S12). */
  aloneA?: number;
  /** The limits that a charger driven by a flow may be following; absent = its limits are answered. */
  toldByFlow?: readonly PossibleFlowLimit[];
  /** S7: online but not controllable; null when it obeys. */
  reservedA: number | null;
  /** It is given nothing because the badge of its charge was refused. */
  refused?: boolean;
  /** Why it is not controllable: refused, unanswered, nonCompliant, outOfService; absent or null when it obeys. */
  trouble?: string | null;
  /** Which setting of its charge point a person should look at when it does not obey; one sentence. */
  hint?: Hint | null;
  /** Charging profiles written to it in the last 24 hours. */
  writesPerDay?: number;
  /** Monotonic time since when a car is connected; null without one. */
  pluggedAtMs: number | null;
  /** Its charger can feed a car on one phase or on three, as it is told. */
  switchesPhases?: boolean;
  /** It does so only while it is paused, as far as is known of its model. */
  pausesToSwitch?: boolean;
  /** Seconds of charging and energy of the present session. */
  chargingS: number;
  energyWh: number;
}

/** A limit that a charger may be following without having answered it, A per phase. */
export interface PossibleFlowLimit {
  limitA: number;
  /** When it ends, monotonic; Infinity where it does not by itself. */
  untilMs: number;
  /** What holds afterwards, A per phase. */
  safeA: number;
}
