import type { Triple } from "../../units.ts";
import type { ManagerLimit } from "../inputs/manager-limits.ts";
import type { Overrides } from "../inputs/overrides.ts";
import type { DemandState } from "../inputs/peaks.ts";
import type { ActiveLimit } from "../inputs/signals.ts";
import type { TariffState } from "../inputs/tariffs.ts";
import type { MeterCondition } from "../meters/meter-bank.ts";
import type { ConnectorFacts } from "../topology/facts.ts";
import type { RootPlant } from "../topology/root-plant.ts";
import type { Snapshot } from "../types.ts";
import type { PhasePlan } from "./phase-plans.ts";

/** One look at everything below a root zone. */
export interface SampleView {
  /** Monotonic. */
  atMs: number;
  snapshot: Snapshot;
  meters: MeterCondition[];
  /** What was commanded when the snapshot was taken, A by connector. */
  commanded: ReadonlyMap<string, number>;
  /** The limits from outside that hold on a zone. */
  limits(zone: string): readonly ActiveLimit[];
  /** Wall time; absent in what older releases recorded. */
  wallMs?: number;
  /** How the demand limit of a zone is doing; null = it has none. */
  demand?(zone: string): DemandState | null;
  /** Phases that a connector is to have, and how far a change is; undefined for one that cannot choose. */
  phases(id: string): PhasePlan | undefined;
  /** The phase (0..2) on which a connector was found although its rotation says another; null = none. */
  strayedTo(id: string): number | null;
  /** What people decided by hand. */
  overrides: Pick<Overrides, "of" | "all">;
  /** What a tariff makes of a connector; undefined where none speaks, or a person chose the mode. */
  tariff(id: string): TariffState | undefined;
  /** The word of an energy manager by which a connector takes part in a stricter mode than was chosen here; null = none. */
  managerMode?(id: string): ManagerLimit | null;
  /** Background of the zones when all their meters were good last, A per phase. */
  backgroundA: ReadonlyMap<string, Triple>;
  /** What the connectors below each zone are measured to draw, A per phase. */
  chargersA: ReadonlyMap<string, Triple>;
  facts: ConnectorFacts[];
  plant: RootPlant;
}

export interface SampleMoment {
  nowMs: number;
  wallMs: number;
}
