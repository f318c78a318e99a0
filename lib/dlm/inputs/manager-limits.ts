/**
 * What energy managers, building management systems and other outsiders allow connectors and zones. Each writer has one word on each
 * target, the least of all writers holds, and it only ever lowers. A word is a lease: it ends by itself, and then what was agreed holds.
 */
import type { Clock, Timer } from "../../clock.ts";
import type { JsonValue } from "../../units.ts";
import type { ChargingMode, ManagerCode } from "../types.ts";
import { list, record } from "./signals.ts";

/** A lease is not shorter and not longer than this, s. */
export const MANAGER_LEASE_S = { least: 10, most: 900, usual: 120 } as const;

/** What a writer asks for one target. Absent = unchanged, null = it takes that back. */
export interface ManagerWord {
  /** A per phase; of a zone: what its chargers draw together, per phase. */
  limitA?: number | null;
  /** Of a zone: what its chargers draw together. */
  powerW?: number | null;
  /** false = no current at all; null as true. */
  permit?: boolean | null;
  /** Takes part in this mode, or in the one that was chosen here where that is stricter. */
  mode?: ChargingMode | null;
}

/** A word in force. */
export interface ManagerLimit {
  target: string;
  /** The server or bridge through which it came. */
  door: string;
  /** With its address, as reasons and logs name it. */
  writer: string;
  code: ManagerCode;
  limitA: number | null;
  powerW: number | null;
  permit: boolean;
  mode: ChargingMode | null;
  /** Wall time at which it ends; null = it is what was agreed for the time in which nobody speaks. */
  untilWallMs: number | null;
}

/** A door that may say something, and what holds at its targets while nobody speaks there. */
export interface ManagerDoor {
  code: ManagerCode;
  /** Of each connector; null = load management alone decides. */
  fallbackA: number | null;
  /** The connectors that it shows. */
  connectors: readonly string[];
}

/** What became of a lease. */
export interface ManagerNews {
  kind: "began" | "changed" | "ended";
  limit: ManagerLimit;
}

type Lease = Omit<ManagerLimit, "untilWallMs"> & { untilMs: number };

/** From the loosest to the strictest. */
const STRICTNESS: readonly ChargingMode[] = ["fast", "minpv", "pv", "off"];

export class ManagerLimits {
  readonly #clock: Clock;
  #leases = new Map<string, Lease>();
  readonly #doors = new Map<string, ManagerDoor>();
  readonly #listeners = new Set<(news: ManagerNews | null) => void>();
  /** When a writer was last heard, by door, writer and target. */
  readonly #heardMs = new Map<string, number>();
  /** What holds for each target, made anew after each change. */
  #byTarget: ReadonlyMap<string, readonly ManagerLimit[]> | null = null;
  #timer: Timer | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Called at each change; with null where what is agreed changed. @returns a function that stops it */
  onChange(listener: (news: ManagerNews | null) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** A door opens, or has other settings. */
  open(door: string, settings: ManagerDoor): void {
    this.#doors.set(door, settings);
    this.#changed(null);
  }

  /** A door is gone for good; its words and what was agreed go with it. */
  shut(door: string): void {
    this.#doors.delete(door);
    for (const [key, lease] of this.#leases) if (lease.door === door) this.#end(key, lease);
    this.#changed(null);
  }

  /** A writer says something of a target. What it does not mention stays as it said before. */
  say(door: string, writer: string, target: string, word: ManagerWord, leaseS: number): ManagerLimit {
    const key = JSON.stringify([door, writer, target]);
    const before = this.#leases.get(key);
    const { code = "HEMS" } = this.#doors.get(door) ?? {};
    const { limitA = null, powerW = null, permit = true, mode = null } = before ?? {};
    const given = <T>(value: T | undefined, old: T): T => (value === undefined ? old : value);
    const lease: Lease = {
      target,
      door,
      writer,
      code,
      limitA: given(word.limitA, limitA),
      powerW: given(word.powerW, powerW),
      permit: given(word.permit, permit) ?? true,
      mode: given(word.mode, mode),
      untilMs: this.#clock.nowMs() + leaseS * 1000,
    };
    this.#leases.set(key, lease);
    this.#arm();
    const isSame = before && FIELDS.every((field) => before[field] === lease[field]);
    if (isSame) this.#byTarget = null;
    else this.#changed({ kind: before ? "changed" : "began", limit: this.#shown(lease) });
    return this.#shown(lease);
  }

  /** A writer that has said something is still there: its leases at this door begin anew. @param target of one target alone */
  alive(door: string, writer: string, leaseS: number, target?: string): void {
    if (this.#leases.size === 0) return;
    const nowMs = this.#clock.nowMs();
    const key = JSON.stringify([door, writer, target]);
    if (nowMs - (this.#heardMs.get(key) ?? Number.NEGATIVE_INFINITY) < HEARD_EVERY_MS) return;
    let heard = false;
    for (const lease of this.#leases.values()) {
      if (lease.door !== door || lease.writer !== writer || (target !== undefined && lease.target !== target)) continue;
      lease.untilMs = nowMs + leaseS * 1000;
      heard = true;
    }
    if (!heard) return;
    this.#heardMs.set(key, nowMs);
    this.#byTarget = null;
  }

  /** What holds for a connector or a zone now. */
  of(target: string): readonly ManagerLimit[] {
    this.#byTarget ??= this.#inForce();
    return this.#byTarget.get(target) ?? [];
  }

  /** All that holds now, leases and what is agreed. */
  all(): ManagerLimit[] {
    this.#byTarget ??= this.#inForce();
    return [...this.#byTarget.values()].flat();
  }

  /** What came through a door for a target: the least of its writers. null = nothing was said. */
  said(door: string, target: string): ManagerLimit | null {
    return leastOf(this.of(target).filter((limit) => limit.door === door && limit.untilWallMs !== null));
  }

  save(): JsonValue {
    const all = this.all().filter(({ untilWallMs }) => untilWallMs !== null);
    return JSON.parse(JSON.stringify(all)) as JsonValue;
  }

  /** Takes over what `save` gave: a restart raises nothing (S11). Anything else is left out, and no lease is longer than the longest. */
  restore(saved: JsonValue | undefined): void {
    const { most } = MANAGER_LEASE_S;
    for (const item of list(saved)) {
      const { target, door, writer, untilWallMs } = record(item);
      if (typeof target !== "string" || typeof door !== "string" || typeof writer !== "string") continue;
      const leftMs = Math.min(Number(untilWallMs) - this.#clock.wallMs(), most * 1000);
      if (!(leftMs > 0)) continue;
      const { untilWallMs: _, ...limit } = item as unknown as ManagerLimit;
      const lease = { ...limit, untilMs: this.#clock.nowMs() + leftMs };
      this.#leases.set(JSON.stringify([door, writer, target]), lease);
    }
    this.#byTarget = null;
    this.#arm();
  }

  close(): void {
    this.#clock.clear(this.#timer);
    this.#listeners.clear();
  }

  #inForce(): Map<string, ManagerLimit[]> {
    const found = new Map<string, ManagerLimit[]>();
    const add = (limit: ManagerLimit) => found.set(limit.target, [...(found.get(limit.target) ?? []), limit]);
    const spoken = new Set<string>();
    const nowMs = this.#clock.nowMs();
    for (const lease of this.#leases.values()) {
      if (lease.untilMs <= nowMs) continue;
      spoken.add(`${lease.door} ${lease.target}`);
      add(this.#shown(lease));
    }
    for (const [door, { code, fallbackA, connectors }] of this.#doors) {
      if (fallbackA === null) continue;
      for (const target of connectors) {
        if (spoken.has(`${door} ${target}`)) continue;
        add({ ...AGREED, target, door, code, limitA: fallbackA });
      }
    }
    return found;
  }

  #shown({ untilMs, ...lease }: Lease): ManagerLimit {
    return { ...lease, untilWallMs: this.#clock.wallMs() + (untilMs - this.#clock.nowMs()) };
  }

  /** Looks again when the next lease ends. */
  #arm(): void {
    this.#clock.clear(this.#timer);
    this.#timer = undefined;
    const next = Math.min(...[...this.#leases.values()].map(({ untilMs }) => untilMs));
    if (!Number.isFinite(next)) return;
    const delayMs = Math.max(1, Math.ceil(next - this.#clock.nowMs()));
    this.#timer = this.#clock.setTimeout(() => this.#endLeases(), delayMs);
  }

  #endLeases(): void {
    const nowMs = this.#clock.nowMs();
    this.#heardMs.clear();
    for (const [key, lease] of this.#leases) if (lease.untilMs <= nowMs) this.#end(key, lease);
    this.#arm();
  }

  #end(key: string, lease: Lease): void {
    this.#leases.delete(key);
    this.#changed({ kind: "ended", limit: this.#shown(lease) });
  }

  #changed(news: ManagerNews | null): void {
    this.#byTarget = null;
    for (const listener of this.#listeners) listener(news);
  }
}

/** A writer that only asks is noted as alive this often. */
const HEARD_EVERY_MS = 1000;
const FIELDS = ["limitA", "powerW", "permit", "mode"] as const;
const AGREED = { writer: "", powerW: null, permit: true, mode: null, untilWallMs: null } as const;

/** What a word leaves a connector, A per phase; null = all. */
export function allowedA({ limitA, permit }: Pick<ManagerLimit, "limitA" | "permit">): number | null {
  return permit ? limitA : 0;
}

/** The word that leaves the least, the first of equal ones; null without any. */
export function leastOf(limits: readonly ManagerLimit[]): ManagerLimit | null {
  const most = (limit: ManagerLimit) => allowedA(limit) ?? Number.POSITIVE_INFINITY;
  return limits.reduce<ManagerLimit | null>((least, one) => (!least || most(one) < most(least) ? one : least), null);
}

/** The word with the strictest mode that is stricter than the mode chosen here; null = that one holds. */
export function stricterMode(chosen: ChargingMode, limits: readonly ManagerLimit[]): ManagerLimit | null {
  const rank = (mode: ChargingMode | null) => (mode === null ? -1 : STRICTNESS.indexOf(mode));
  const strict = limits.filter(({ mode }) => rank(mode) > rank(chosen));
  return strict.reduce<ManagerLimit | null>(
    (most, one) => (!most || rank(one.mode) > rank(most.mode) ? one : most),
    null,
  );
}
