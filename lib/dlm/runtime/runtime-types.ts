import type { Clock } from "../../clock.ts";
import type { AlarmMessage, AllocationMessage, Words, ZoneMessage } from "../../messages.ts";
import type { JsonValue } from "../../units.ts";
import type { Language } from "../../words/types.ts";
import type { SetpointBoard } from "../board.ts";
import type { DrillSight } from "../inputs/drill.ts";
import type { ManagerWords } from "../inputs/external-inputs.ts";
import type { SampleMoment, SampleView } from "../snapshot/samples.ts";
import type { ConnectorFacts } from "../topology/facts.ts";
import type { PlantTree } from "../topology/plant.ts";
import type { AllocationConfig, Ceiling, ControllerConfig, ControllerResult, DlmController, Reason } from "../types.ts";
import type { Explanation } from "./explain.ts";

/** What the dialog sets; the rest has the defaults of the controller and the allocator. */
export interface DlmConfig extends Pick<AllocationConfig, "shedding" | "priorityPolicy" | "idlePolicy" | "fairness"> {
  cycleS: number;
  rampUpAps: number;
  rotationS: number;
}

/** Where results go. A listener that throws stops no other listener. */
export interface DlmOutput {
  allocation(message: AllocationMessage): void;
  zone(message: ZoneMessage): void;
  alarm(message: AlarmMessage): void;
  /** What to keep for the next start: on change of an input, and once a minute. @param hasChanged a crash must not forget it from now on */
  state(saved: JsonValue, hasChanged: boolean): void;
  /** What of it a crash must not forget, in its place: the limits last commanded and the highest loads, on each setpoint and once a minute. */
  newest(saved: JsonValue): void;
  status(status: DlmStatus): void;
  log(text: string): void;
  /** Every decision with what it was made of, for records. */
  decided?(decision: CycleDecision): void;
}

/** One cycle: what was known, and what became of it. */
export interface CycleDecision {
  view: SampleView;
  result: ControllerResult;
  moment: SampleMoment;
  /** Of the regular cycle, not in between because something could not wait. */
  regular: boolean;
  explanations: ReadonlyMap<string, Explanation>;
  /** Settings of the controller; those that are not given have their defaults. */
  settings: Partial<ControllerConfig>;
  /** Gives everything the controller remembers after it. */
  memory: Pick<DlmController, "state">;
}

/** The runtime in one line, for the node's status. */
export interface DlmStatus {
  /** Connectors that are given current. */
  cars: number;
  /** Load of the root zone's fullest phase, A; null = unknown, and the limit of that phase. */
  usedA: number | null;
  limitA: number;
  /** Name of a meter whose failure holds a zone in fail-safe. */
  failSafe: string | null;
  /** Why the deployed tree is not in force. */
  refused: string | null;
  /** Why the last cycle failed, or what the guard did. */
  failure: string | null;
}

export interface DlmRuntimeOptions {
  /** Name of the root zone. */
  root: string;
  clock: Clock;
  /** The tree in force; null = none yet. */
  plant(): PlantTree | null;
  /** Why the deployed tree was refused; null = it is in force. */
  refusal?(): string | null;
  /** Facts of every OCPP connector of the site. */
  facts(nowMs: number): ConnectorFacts[];
  /** What somebody else lowers a connector to; null = nothing does. Without it nobody does. */
  ceiling?(id: string): Ceiling | null;
  /** What a run that proves the wiring, or a drill, asks of a connector; null = nothing. Without it there are none. */
  commissioning?(id: string): Ceiling | null;
  /** What a drill lets it see otherwise than it is; without it there are none. */
  drill?: DrillSight;
  board: SetpointBoard;
  /** What energy managers allow connectors and zones; without it there are none. */
  managers?: ManagerWords;
  /** An earlier `state()`: what it remembers is taken over before the first tick, so that a restart raises nothing (S11). */
  saved?: JsonValue | undefined;
  config: DlmConfig;
  output: DlmOutput;
  /** A reason without numbers, for each reader; without it messages carry none. */
  words?: (reason: Reason) => Words;
  /** The language of explanations and alarms, asked each time; English without. */
  language?(): Language;
  /** A connector (`CP1/1`) for the people who read alarms: its name and its id; the id alone without. */
  called?(id: string): string;
  /** Whose clocks explanations show, asked each time; that of this machine without. */
  timeZone?(): string;
}

/** Load management of one root zone, running. */
export interface DlmRuntime {
  /** @throws EvError EV_MESSAGE_INVALID naming the field; nothing is changed then */
  input(message: unknown): void;
  /** Something changed that should not wait for the next cycle. Coalesced. */
  poke(): void;
  /** Starts the cycle; harmless when it runs. Not before the tree was checked once. */
  start(): void;
  /** Other settings, another root zone or another output, without forgetting anything. */
  configure(change: Partial<Pick<DlmRuntimeOptions, "root" | "config" | "output">>): void;
  state(): JsonValue;
  /** Names of the zones whose own load was seen for a whole day; worked out anew each time. */
  readonly seenADay: ReadonlySet<string>;
  /** Stops the cycle. Leases run out by themselves. */
  close(): void;
}
