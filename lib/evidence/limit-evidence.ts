/**
 * Keeps evidence of every limit that came from outside (§14a EnWG): when it came, what it said, when setpoints, the
 * chargers' confirmations and the measured draw were at or below it, and when it ended. Durable, and bounded.
 */

import type { LimitInput } from "../dlm/inputs/input.ts";
import type { CycleDecision } from "../dlm/runtime/runtime-types.ts";
import type { SampleMoment } from "../dlm/snapshot/samples.ts";
import { inShort, messageOf } from "../errors.ts";
import { record } from "../fields.ts";
import type { LimitCommandBook, LimitCommandRecord } from "../store/types.ts";
import { type LoadKind, type ZoneLoad, zoneLoad } from "./zone-load.ts";

const DAY_MS = 86_400_000;
/** How long commands are kept, ms: two years are required, and a third year is spare. */
const KEPT_MS = 3 * 366 * DAY_MS;
/** Most commands that are kept, one every five minutes for two years; the oldest go beyond it. */
const MOST_COMMANDS = 220_000;
/** The same refusal again within this time is noted once, ms. */
const SAME_REFUSAL_MS = 60_000;
/** What a setpoint may be above a limit by rounding: A, or a share of the limit. */
const SETPOINT_TOLERANCE = { a: 0.05, share: 0.001 };
/** What a measured draw may be above a limit by the error of car and meter: A, or a share of the limit. */
const DRAW_TOLERANCE = { a: 0.5, share: 0.05 };

export interface EvidenceOptions {
  book: LimitCommandBook;
  /** Current that a connector's charge point has confirmed last, A; null = not known. */
  acceptedA(id: string): number | null;
  voltageV(): number;
  log(text: string): void;
}

/** A command that still holds. `id` is null until it is written. */
interface Kept {
  record: Omit<LimitCommandRecord, "id"> & { id: number | null };
  /** Monotonic time of its receipt; readings before it show nothing. */
  receivedMs: number;
  dirty: boolean;
}

export class LimitEvidence {
  readonly #options: EvidenceOptions;
  #kept: Kept[] | null = null;
  #lastRefusal = { text: "", atMs: Number.NEGATIVE_INFINITY };
  #prunedAtMs = Number.NEGATIVE_INFINITY;
  #failing = false;

  constructor(options: EvidenceOptions) {
    this.#options = options;
  }

  /** A limit that was taken. The same value again from the same source is no new command. Never throws. */
  received({ zone, source, scope, limitA, powerW, holdStarts, reason }: LimitInput, moment: SampleMoment): void {
    const before = this.#open(moment).find(({ record }) => record.zone === zone && record.source === source);
    const released = limitA === null && powerW === null && !holdStarts;
    if (before) {
      const { record } = before;
      const same = record.limitA === limitA && record.powerW === powerW && record.holdStarts === holdStarts;
      if (!released && same && record.scope === scope) return;
      end(before, released ? "released" : "replaced", moment.wallMs);
    }
    if (!released) this.#add({ ...blank(moment), zone, source, scope, limitA, powerW, holdStarts, reason }, moment);
    this.#write();
  }

  /** A limit message that was refused, and why. Never throws. */
  refused(message: unknown, error: unknown, moment: SampleMoment): void {
    const refused = messageOf(error);
    const { zone, ...told } = readLeniently(message);
    const text = `${zone} ${told.source} ${refused}`;
    if (text === this.#lastRefusal.text && moment.nowMs - this.#lastRefusal.atMs < SAME_REFUSAL_MS) return;
    this.#lastRefusal = { text, atMs: moment.nowMs };
    this.#open(moment);
    this.#add({ ...blank(moment), zone, ...told, refused, endedWallMs: moment.wallMs }, moment);
    this.#write();
  }

  /** After each cycle: what has come into effect, and what has run out. Never throws. */
  decided(decision: CycleDecision): void {
    const { moment, view } = decision;
    for (const kept of this.#open(moment)) {
      const { zone, source } = kept.record;
      if (!view.plant.byName.has(zone)) continue;
      if (view.limits(zone).some((limit) => limit.source === source)) this.#follow(kept, decision);
      else end(kept, "expired", moment.wallMs);
    }
    this.#write();
    this.#prune(moment);
  }

  #add(record: Omit<LimitCommandRecord, "id">, { nowMs }: SampleMoment): void {
    this.#kept!.push({ record: { ...record, id: null }, receivedMs: nowMs, dirty: true });
  }

  #follow(kept: Kept, decision: CycleDecision): void {
    const { record, receivedMs } = kept;
    const { wallMs } = decision.moment;
    const { voltageV, acceptedA } = this.#options;
    const load = (asked: LoadKind) => zoneLoad(record.zone, record.scope, asked, decision, voltageV());
    const note = (change: Partial<LimitCommandRecord>) => {
      Object.assign(record, change);
      kept.dirty = true;
    };
    if (record.measuredWallMs === null && record.loadBeforeW === null && record.allocatedWallMs === null) {
      const before = load({ kind: "measured", sinceMs: Number.NEGATIVE_INFINITY });
      if (before) note({ loadBeforeW: Math.round(before.powerW) });
    }
    if (record.allocatedWallMs === null && isWithin(load({ kind: "allocated" }), record, SETPOINT_TOLERANCE))
      note({ allocatedWallMs: wallMs });
    if (record.allocatedWallMs === null) return;
    if (record.acceptedWallMs === null && isWithin(load({ kind: "accepted", acceptedA }), record, SETPOINT_TOLERANCE))
      note({ acceptedWallMs: wallMs });
    if (record.measuredWallMs !== null) return;
    const after = load({ kind: "measured", sinceMs: receivedMs });
    if (after && isWithin(after, record, DRAW_TOLERANCE))
      note({ measuredWallMs: wallMs, loadAfterW: Math.round(after.powerW) });
  }

  /** Those without an end; after a start, as they were written. */
  #open({ nowMs }: SampleMoment): Kept[] {
    if (!this.#kept) {
      const open = this.#try(() => this.#options.book.open());
      if (!open) return [];
      this.#kept = open.map((record) => ({ record, receivedMs: nowMs, dirty: false }));
    }
    return this.#kept.filter(({ record }) => record.endedWallMs === null);
  }

  /** What cannot be written now is tried again after the next cycle. */
  #write(): void {
    const { book } = this.#options;
    for (const kept of this.#kept ?? []) {
      const { record } = kept;
      if (!kept.dirty) continue;
      const done = this.#try(() => {
        if (record.id === null) record.id = book.add(record);
        else book.update(record as LimitCommandRecord);
        return true;
      });
      if (!done) return;
      kept.dirty = false;
    }
    this.#kept = this.#kept?.filter(({ record, dirty }) => dirty || record.endedWallMs === null) ?? null;
  }

  #prune({ nowMs, wallMs }: SampleMoment): void {
    if (nowMs - this.#prunedAtMs < DAY_MS) return;
    this.#prunedAtMs = nowMs;
    this.#try(() => this.#options.book.prune(wallMs - KEPT_MS, MOST_COMMANDS));
  }

  #try<T>(run: () => T): T | null {
    try {
      const result = run();
      this.#failing = false;
      return result;
    } catch (error) {
      if (!this.#failing) this.#options.log(`limits from outside cannot be kept: ${messageOf(error)}`);
      this.#failing = true;
      return null;
    }
  }
}

function blank({ wallMs }: SampleMoment) {
  return {
    receivedWallMs: wallMs,
    refused: null,
    allocatedWallMs: null,
    acceptedWallMs: null,
    measuredWallMs: null,
    loadBeforeW: null,
    loadAfterW: null,
    endedWallMs: null,
    end: null,
  };
}

function end(kept: Kept, how: NonNullable<LimitCommandRecord["end"]>, wallMs: number): void {
  Object.assign(kept.record, { endedWallMs: wallMs, end: how });
  kept.dirty = true;
}

function isWithin(
  load: ZoneLoad | null,
  { limitA, powerW }: Pick<LimitCommandRecord, "limitA" | "powerW">,
  { a, share }: typeof DRAW_TOLERANCE,
): boolean {
  if (!load) return false;
  const current = limitA === null || Math.max(...load.phasesA) <= limitA * (1 + share) + a;
  return current && (powerW === null || load.powerW <= powerW * (1 + share) + 3 * a * 230);
}

/** A refused message, as far as it can be read. */
function readLeniently(message: unknown) {
  const { topic, payload } = record(message);
  const fields = record(payload);
  const number = (value: unknown) => (typeof value === "number" && Number.isFinite(value) ? value : null);
  const text = (value: unknown) => (value === undefined ? "" : typeof value === "string" ? value : inShort(value));
  return {
    zone: text(topic).replace(/^limit\//, ""),
    source: text(fields["source"]),
    scope: fields["scope"] === "evse" ? ("evse" as const) : ("total" as const),
    limitA: number(fields["limitA"]),
    powerW: number(fields["powerW"]),
    holdStarts: fields["holdStarts"] === true,
    reason: text(fields["reason"]),
  };
}
