import type { JsonValue } from "../../units.ts";
import type { ChargingMode, Zone } from "../types.ts";
import type { LimitInput } from "./input.ts";
import { BY_HAND, Overrides } from "./overrides.ts";
import type { DemandLimit } from "./peak-window.ts";

/** A limit from outside that holds now. */
export interface ActiveLimit extends Omit<LimitInput, "kind" | "ttlS" | "holdStarts"> {
  /** Absent in what older releases saved. */
  holdStarts?: boolean;
  /** Wall time at which it ends; null = until replaced or released. */
  untilWallMs: number | null;
  /** The demand limit that it comes from; absent = it was said. */
  demand?: DemandLimit;
}

/**
 * What flows said beside measurements: limits from outside, other modes and priorities, reservations cleared by a person.
 * Survives a restart through `save` and `restore`, so that a restart raises nothing (S11).
 */
export class Signals {
  #limits = new Map<string, ActiveLimit>();
  #modes = new Map<string, ChargingMode>();
  #priorities = new Map<string, number>();
  #cleared = new Set<string>();
  /** What people decided beside that, for a time. */
  readonly overrides = new Overrides();

  /** Each zone and source has one limit; the newest one holds. */
  setLimit({ kind: _, ttlS, ...limit }: LimitInput, wallMs: number): void {
    const key = JSON.stringify([limit.zone, limit.source]);
    if (limit.limitA === null && limit.powerW === null && !limit.holdStarts) this.#limits.delete(key);
    else this.#limits.set(key, { ...limit, untilWallMs: ttlS === null ? null : wallMs + ttlS * 1000 });
  }

  /** The limits of a zone that have not ended. */
  limits(zone: string, wallMs: number): ActiveLimit[] {
    for (const [key, { untilWallMs }] of this.#limits)
      if (untilWallMs !== null && untilWallMs <= wallMs) this.#limits.delete(key);
    const external: ActiveLimit[] = [];
    for (const limit of this.#limits.values()) if (limit.zone === zone) external.push(limit);
    const { limitA, by, reason, untilWallMs } = this.overrides.ofZone(zone) ?? {};
    if (limitA === undefined) return external;
    const why = [by, reason].filter(Boolean).join(": ");
    const byHand = { zone, source: BY_HAND, reason: why, scope: "evse", limitA, powerW: null } as const;
    return [...external, { ...byHand, untilWallMs: untilWallMs ?? null }];
  }

  /** Zones have other names: their limits are those of the same breakers. */
  rename(names: ReadonlyMap<string, string>): void {
    const moved = [...this.#limits.values()].map((limit) => ({ ...limit, zone: names.get(limit.zone) ?? limit.zone }));
    this.#limits = new Map(moved.map((limit) => [JSON.stringify([limit.zone, limit.source]), limit]));
    this.overrides.rename(names);
  }

  setMode(id: string, mode: ChargingMode | null): void {
    if (mode === null) this.#modes.delete(id);
    else this.#modes.set(id, mode);
  }

  mode(id: string): ChargingMode | undefined {
    return this.overrides.of(id)?.mode ?? this.#modes.get(id);
  }

  setPriority(id: string, priorityClass: number | null): void {
    if (priorityClass === null) this.#priorities.delete(id);
    else this.#priorities.set(id, priorityClass);
  }

  priority(id: string): number | undefined {
    return this.overrides.of(id)?.priorityClass ?? this.#priorities.get(id);
  }

  /** The charger is gone for good: nothing is reserved for it until it is seen again. */
  clear(id: string): void {
    this.#cleared.add(id);
  }

  seen(id: string): void {
    this.#cleared.delete(id);
  }

  isCleared(id: string): boolean {
    return this.#cleared.has(id);
  }

  save(): JsonValue {
    const plain = {
      limits: [...this.#limits.values()],
      modes: [...this.#modes],
      priorities: [...this.#priorities],
      cleared: [...this.#cleared],
      overrides: this.overrides.save(),
    };
    return JSON.parse(JSON.stringify(plain)) as JsonValue;
  }

  /** Takes over what `save` gave; anything else is left out. */
  restore(saved: JsonValue | undefined): void {
    const { limits, modes, priorities, cleared, overrides } = record(saved);
    for (const limit of list(limits)) {
      const { zone, source } = record(limit);
      if (typeof zone === "string") this.#limits.set(JSON.stringify([zone, source]), limit as unknown as ActiveLimit);
    }
    this.#modes = new Map(list(modes) as [string, ChargingMode][]);
    this.#priorities = new Map(list(priorities) as [string, number][]);
    this.#cleared = new Set(list(cleared) as string[]);
    this.overrides.restore(overrides);
  }
}

/**
 * The zone with its outside limits, which only ever lower: those for chargers alone become its grid limit, those for the whole zone too,
 * unless both kinds hold at once; then the latter join the operator limit and the power limit, which mean the same.
 */
export function withLimits(zone: PlainZone, limits: readonly ActiveLimit[]): LimitedZone {
  if (limits.length === 0) return zone;
  const lowering = limits.filter(({ limitA, powerW }) => limitA !== null || powerW !== null);
  const evse = lowest(lowering.filter(({ scope }) => scope === "evse"));
  const total = lowest(lowering.filter(({ scope }) => scope === "total"));
  if (!evse) return total ? { ...zone, gridLimit: { ...total, scope: "total" } } : zone;
  const { currentA = Number.POSITIVE_INFINITY, powerW } = total ?? {};
  const operator = [zone.operatorLimitA ?? zone.limitA].flat();
  return {
    ...zone,
    ...(Number.isFinite(currentA) && {
      operatorLimitA: [0, 1, 2].map((p) => Math.min(operator[p % operator.length]!, currentA)) as [
        number,
        number,
        number,
      ],
    }),
    ...(powerW !== undefined && { maxPowerW: Math.min(powerW, zone.maxPowerW ?? powerW) }),
    gridLimit: { ...evse, scope: "evse" },
  };
}

/** Whether one of the limits of a zone says that its breaker is open. */
export function isOpen(limits: readonly ActiveLimit[]): boolean {
  return limits.some(({ breakerOpen }) => breakerOpen === true);
}

type PlainZone = Omit<Zone, "meters" | "gridLimit">;

/** A zone with its outside limits. */
export type LimitedZone = PlainZone & Pick<Zone, "gridLimit">;

function lowest(limits: readonly ActiveLimit[]): { currentA?: number; powerW?: number } | null {
  if (!limits.length) return null;
  const currentA = Math.min(...limits.map(({ limitA }) => limitA ?? Number.POSITIVE_INFINITY));
  const powerW = Math.min(...limits.map((limit) => limit.powerW ?? Number.POSITIVE_INFINITY));
  return { ...(Number.isFinite(currentA) && { currentA }), ...(Number.isFinite(powerW) && { powerW }) };
}

/** The fields of a saved object; none when it is something else. */
export function record(value: JsonValue | undefined): Record<string, JsonValue> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value : {};
}

/** The items of a saved list; none when it is something else. */
export function list(value: JsonValue | undefined): JsonValue[] {
  return Array.isArray(value) ? value : [];
}
