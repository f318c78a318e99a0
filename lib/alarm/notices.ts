import { type Alarm, type AlarmSeverity, SEVERITY_RANK } from "../alarm-types.ts";
import type { Clock, Timer } from "../clock.ts";
import type { AlarmChangeKind } from "./alarm-list.ts";

/** What people are told: one alarm, or many of one kind at once. */
export interface Notice {
  state: "raised" | "cleared" | "acknowledged";
  /** The kind where many came together; null for a single alarm. */
  kind: string | null;
  severity: AlarmSeverity;
  /** Those concerned; a single alarm is a list of one. */
  alarms: readonly Readonly<Alarm>[];
}

/** Alarms that come within this time are told together, ms. */
const GATHER_MS = 2_000;
/** Up to this many alarms of one kind at once are told one by one; more become one notice. */
const MOST_SINGLE = 4;
/** Alarms that join a group later are told at most this often, ms. */
const GROUP_EVERY_MS = 60_000;

interface Group {
  members: Map<string, Readonly<Alarm>>;
  toldAtMs: number;
  untold: boolean;
}

/**
 * Turns changes of the alarm list into notices, without storms: what begins within two seconds is told together, many of one kind
 * become one notice, and what blinked is not told unless it was severe.
 */
export class Notices {
  readonly #clock: Clock;
  readonly #send: (notice: Notice) => void;
  #minSeverity: AlarmSeverity;
  #waiting = new Map<string, Readonly<Alarm>>();
  /** Told one by one and not cleared yet. */
  readonly #single = new Map<string, AlarmSeverity>();
  readonly #groups = new Map<string, Group>();
  #timer: Timer | undefined;

  /** @param send receives each notice; what it throws is its own */
  constructor(clock: Clock, minSeverity: AlarmSeverity, send: (notice: Notice) => void) {
    this.#clock = clock;
    this.#minSeverity = minSeverity;
    this.#send = send;
  }

  /** Takes alarms for told that were so by an earlier run or an earlier deploy. */
  assume(alarms: readonly Readonly<Alarm>[]): void {
    for (const { key, severity } of alarms) if (this.#counts(severity)) this.#single.set(key, severity);
  }

  take(change: AlarmChangeKind, alarm: Readonly<Alarm>): void {
    if (change === "cleared") this.#cleared(alarm);
    else if (this.#counts(alarm.severity)) this.#open(change, alarm);
  }

  close(): void {
    this.#clock.clear(this.#timer);
    this.#timer = undefined;
  }

  #counts(severity: AlarmSeverity): boolean {
    return SEVERITY_RANK[severity] >= SEVERITY_RANK[this.#minSeverity];
  }

  #open(change: AlarmChangeKind, alarm: Readonly<Alarm>): void {
    const told = this.#single.get(alarm.key);
    const isWorse = told !== undefined && SEVERITY_RANK[alarm.severity] > SEVERITY_RANK[told];
    const isKnown = told !== undefined || this.#groups.get(kindOf(alarm.key))?.members.has(alarm.key) === true;
    if (change === "acknowledged" && isKnown) this.#tell("acknowledged", null, [alarm]);
    if (isKnown && !isWorse) return;
    this.#waiting.set(alarm.key, alarm);
    this.#timer ??= this.#clock.setTimeout(() => this.#flush(), GATHER_MS);
  }

  #cleared(alarm: Readonly<Alarm>): void {
    const { key, severity } = alarm;
    const kind = kindOf(key);
    const group = this.#groups.get(kind);
    if (this.#waiting.delete(key) && severity === "alarm") {
      this.#tell("raised", null, [alarm]);
      this.#tell("cleared", null, [alarm]);
    }
    if (this.#single.delete(key)) this.#tell("cleared", null, [alarm]);
    if (!group?.members.has(key)) return;
    if (group.members.size === 1) {
      this.#groups.delete(kind);
      this.#tell("cleared", kind, [alarm]);
    }
    group.members.delete(key);
  }

  /** Gathered alarms by kind: few one by one, many as a group, more of a group's kind to the group. */
  #flush(): void {
    this.#timer = undefined;
    const byKind = groupByKind(this.#waiting.values());
    this.#waiting = new Map();
    for (const [kind, alarms] of byKind) {
      const group = this.#groups.get(kind);
      if (group) this.#join(group, alarms);
      else if (alarms.length > MOST_SINGLE) this.#gather(kind, alarms);
      else
        for (const alarm of alarms) {
          this.#single.set(alarm.key, alarm.severity);
          this.#tell("raised", null, [alarm]);
        }
    }
    this.#tellGroups();
  }

  #gather(kind: string, alarms: readonly Readonly<Alarm>[]): void {
    const members = new Map(alarms.map((alarm) => [alarm.key, alarm]));
    this.#groups.set(kind, { members, toldAtMs: this.#clock.nowMs(), untold: false });
    this.#tell("raised", kind, alarms);
  }

  #join(group: Group, alarms: readonly Readonly<Alarm>[]): void {
    for (const alarm of alarms) group.members.set(alarm.key, alarm);
    group.untold = true;
  }

  /** Groups that grew are told again, not too often. */
  #tellGroups(): void {
    const nowMs = this.#clock.nowMs();
    const grown = [...this.#groups].filter(([, { untold }]) => untold);
    for (const [kind, group] of grown) {
      if (nowMs - group.toldAtMs < GROUP_EVERY_MS) continue;
      group.toldAtMs = nowMs;
      group.untold = false;
      this.#tell("raised", kind, [...group.members.values()]);
    }
    const nextMs = Math.min(
      ...[...this.#groups.values()].filter(({ untold }) => untold).map(({ toldAtMs }) => toldAtMs + GROUP_EVERY_MS),
    );
    if (nextMs < Number.POSITIVE_INFINITY) this.#timer ??= this.#clock.setTimeout(() => this.#flush(), nextMs - nowMs);
  }

  #tell(state: Notice["state"], kind: string | null, alarms: readonly Readonly<Alarm>[]): void {
    const worst = alarms.reduce<AlarmSeverity>(
      (most, { severity }) => (SEVERITY_RANK[severity] > SEVERITY_RANK[most] ? severity : most),
      "info",
    );
    this.#send({ state, kind, severity: worst, alarms });
  }
}

function groupByKind(alarms: Iterable<Readonly<Alarm>>): Map<string, Readonly<Alarm>[]> {
  const byKind = new Map<string, Readonly<Alarm>[]>();
  for (const alarm of alarms) {
    const kind = kindOf(alarm.key);
    const others = byKind.get(kind);
    if (others) others.push(alarm);
    else byKind.set(kind, [alarm]);
  }
  return byKind;
}

/** The first part of a key: what sort of trouble it is. */
export function kindOf(key: string): string {
  return key.split("/", 1)[0] ?? key;
}
