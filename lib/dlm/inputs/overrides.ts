import type { JsonValue } from "../../units.ts";
import { pathOf, type RootPlant } from "../topology/root-plant.ts";
import type { ChargingMode } from "../types.ts";
import { invalid } from "./input-fields.ts";
import type { OverrideInput } from "./override-input.ts";

/** The source of a zone's limit that a person set. */
export const BY_HAND = "by hand";

/** What a person decided about a connector, or about a zone and all connectors below it, until it ends by itself. */
export interface Override {
  /** `<identity>/<number>`, or the name of a zone. */
  target: string;
  /** Connectors that mode and priority class are meant for. */
  connectors: readonly string[];
  isZone: boolean;
  mode: ChargingMode | null;
  /** A per phase; of a zone: what its chargers may draw together. */
  limitA: number | null;
  priorityClass: number | null;
  /** What energy managers say does not hold meanwhile. Absent in what older releases saved. */
  aside?: boolean;
  by: string;
  reason: string;
  sinceWallMs: number;
  untilWallMs: number;
  /** Connectors of a zone whose mode somebody has chosen since: its own mode holds for them no longer. */
  exceptMode?: readonly string[];
}

/** The part of a connector's override that holds for the connector itself. */
export type ConnectorOverride = Pick<
  Override,
  "mode" | "limitA" | "priorityClass" | "aside" | "by" | "reason" | "untilWallMs"
>;

/**
 * What people decided by hand, each with an end and a reason. It only lowers limits and changes modes and priorities; one for each
 * target, and a connector's own comes before that of its zone. Survives a restart.
 */
export class Overrides {
  #list = new Map<string, Override>();
  /** What follows for each connector. */
  #byConnector: ReadonlyMap<string, ConnectorOverride> = new Map();

  /**
   * Begins, replaces or ends one.
   * @param plant null = no tree is known: names cannot be checked
   * @throws EvError EV_MESSAGE_INVALID for a target that the plant does not have
   */
  take({ target, sets }: OverrideInput, plant: RootPlant | null, wallMs: number): void {
    const connectors = plant ? connectorsOf(plant, target) : [target];
    if (!connectors) throw invalid("payload.target", "a connector such as CP1/1, or a zone, of this ev-dlm", target);
    const isZone = plant?.byName.has(target) ?? false;
    const others = this.all().filter((one) => one.target !== target);
    if (!sets) {
      this.#replace(others);
      return;
    }
    const { ttlS, ...values } = sets;
    const untilWallMs = wallMs + ttlS * 1000;
    this.#replace([...others, { ...values, target, connectors, isZone, sinceWallMs: wallMs, untilWallMs }]);
  }

  /** Somebody chooses how these connectors charge: what was decided of that before has ended for them. */
  endModes(ids: readonly string[]): void {
    const chosen = new Set(ids);
    const without = (one: Override): Override[] => {
      if (one.mode === null || !one.connectors.some((id) => chosen.has(id))) return [one];
      const exceptMode = one.connectors.filter((id) => chosen.has(id) || one.exceptMode?.includes(id));
      if (exceptMode.length < one.connectors.length) return [{ ...one, exceptMode }];
      return one.limitA === null && one.priorityClass === null && !one.aside ? [] : [{ ...one, mode: null }];
    };
    this.#replace(this.all().flatMap(without));
  }

  /** Forgets what has ended. */
  passTo(wallMs: number): void {
    const lasting = this.all().filter(({ untilWallMs }) => untilWallMs > wallMs);
    if (lasting.length < this.#list.size) this.#replace(lasting);
  }

  /** What holds for a connector; undefined = nothing. A zone's limit is none of its own. */
  of(id: string): ConnectorOverride | undefined {
    return this.#byConnector.get(id);
  }

  /** Whether what energy managers say of a connector or a zone does not hold. */
  setsAside(target: string): boolean {
    return (this.#byConnector.get(target) ?? this.#list.get(target))?.aside === true;
  }

  /** The limit of a zone; undefined = none. */
  ofZone(zone: string): Override | undefined {
    const found = this.#list.get(zone);
    return found?.isZone && found.limitA !== null ? found : undefined;
  }

  /** Those in force, the oldest first. */
  all(): Override[] {
    return [...this.#list.values()];
  }

  /** Zones have other names. */
  rename(names: ReadonlyMap<string, string>): void {
    this.#replace(this.all().map((one) => ({ ...one, target: (one.isZone && names.get(one.target)) || one.target })));
  }

  save(): JsonValue {
    return JSON.parse(JSON.stringify(this.all())) as JsonValue;
  }

  /** Takes over what `save` gave; anything else is left out. */
  restore(saved: JsonValue | undefined): void {
    const items = (Array.isArray(saved) ? saved : []) as unknown as Override[];
    this.#replace(items.filter((one) => typeof one?.target === "string" && Array.isArray(one.connectors)));
  }

  /** Of zones, the newest decision comes first. */
  #replace(list: readonly Override[]): void {
    this.#list = new Map(list.map((one) => [one.target, one]));
    const byConnector = new Map<string, ConnectorOverride>();
    for (const zone of list.filter(({ isZone }) => isZone))
      for (const id of zone.connectors)
        byConnector.set(id, { ...zone, limitA: null, mode: zone.exceptMode?.includes(id) ? null : zone.mode });
    for (const own of list.filter(({ isZone }) => !isZone)) {
      const { mode = null, priorityClass = null, aside = false } = byConnector.get(own.target) ?? {};
      byConnector.set(own.target, {
        ...own,
        mode: own.mode ?? mode,
        priorityClass: own.priorityClass ?? priorityClass,
        ...((own.aside || aside) && { aside: true }),
      });
    }
    this.#byConnector = byConnector;
  }
}

/** The connector itself, or those at and below a zone; null for a name that the plant does not have. */
export function connectorsOf(plant: RootPlant, target: string): string[] | null {
  if (plant.connectors.some(({ id }) => id === target)) return [target];
  if (!plant.byName.has(target)) return null;
  const isBelow = (home: string) => pathOf(plant, home).some(({ zone }) => zone.id === target);
  return plant.connectors.filter(({ zone }) => isBelow(zone)).map(({ id }) => id);
}
