import type { Clock, Timer } from "../../clock.ts";
import type { Store } from "../../store/types.ts";
import type { Hint } from "../../words/types.ts";
import { type LimitFaultKind, LimitFaults, type LimitRefusal } from "../connection/limit-faults.ts";
import { DurableLimits, type LimitStore } from "./durable-limits.ts";
import { eitherOf, type PossibleLimit } from "./limit-course.ts";
import {
  fallsBackAlone,
  highestInForceA,
  isHeld,
  isUnanswered,
  type LimitEntry,
  lastDownwardEndMs,
  mostAloneA,
  obeysFromMs,
  UNKNOWN_LIMIT,
  unansweredOf,
} from "./limit-entry.ts";
import { WriteCount } from "./write-count.ts";

/** A disk that takes longer to keep a limit is not waited for, ms. */
const KEPT_WITHIN_MS = 2000;
/** When the last lease ends is found again after so long, ms: what was forgotten lets it end sooner. */
const LAST_FOR_MS = 1000;

/** What to do about troubles that no setting of the charge point cures. */
const HINTS: Partial<Record<LimitFaultKind, Hint>> = {
  unanswered: { code: "hint.unanswered" },
  zero: { code: "hint.noPause" },
};

export type { LimitFaultKind, LimitRefusal } from "../connection/limit-faults.ts";

/** An accepted limit as the charge point now holds it. */
export interface AcceptedLimit {
  limitA: number;
  safeA: number;
  /** Monotonic; Infinity where the limit does not end by itself. */
  leaseUntilMs: number;
  /**
   * Left alone, without a connection, the charge point goes to its safe current by itself (default). False for a charge point
   * that takes a single period, or drops its profiles with the connection: away, it counts with its maximum. `ifShown`: only
   * once a composite schedule showed that it does.
   */
  holdsAlone?: boolean | "ifShown";
  /**
   * The charge point is built to go to its safe current by itself (default), whether that is believed or not: a charge point that is
   * not built so counts with its maximum also while it is connected (safety.md S12). `ifShown`: as far as a composite schedule showed it.
   */
  fallsBack?: boolean | "ifShown";
  /** The limit ends with its transaction: the limit that the outlet was told before goes on below it. */
  ofTransaction?: boolean;
  /** The limit stands in for 0 A, which this charge point does not take: the connector goes on refusing 0 A. */
  insteadOfZero?: boolean;
}

/**
 * What limit may be in force at each connector, whatever happened since: the basis of every reservation for charge
 * points that are away, refuse limits or did not answer (safety.md S2, S7, S8). Accepted limits are durable.
 */
export class LimitBook {
  readonly #clock: Clock;
  readonly #durable: DurableLimits;
  readonly #limitFaults: LimitFaults;
  readonly #writes = new Map<string, WriteCount>();
  readonly #suspects = new Set<string>();
  readonly #troubled: (chargePoint: string, connector: number) => void;
  #restored = false;
  #lastDownward = { foundAtMs: Number.NaN, changes: 0, endMs: Number.NEGATIVE_INFINITY };

  /**
   * @param troubled called when what `trouble` says of a connector has changed
   * @param limits keeps the limits themselves, where that is not the database
   */
  constructor(
    store: Store,
    clock: Clock,
    troubled: (chargePoint: string, connector: number) => void = () => {},
    limits: LimitStore = store,
  ) {
    this.#clock = clock;
    this.#troubled = troubled;
    this.#durable = new DurableLimits(limits, clock);
    this.#limitFaults = new LimitFaults(store);
    this.restore();
  }

  /** Whether this charge point was ever told a limit by OCPP. */
  knows(chargePoint: string): boolean {
    return this.#durable.of(chargePoint) !== undefined;
  }

  /** Takes over what the database knows (S11); does nothing once that succeeded. */
  restore(): void {
    if (this.#restored) return;
    try {
      this.#durable.restore();
      this.#limitFaults.restore();
      this.#restored = true;
    } catch {
      // Without the database nothing is known, and an unknown connector reserves its maximum.
    }
  }

  /** How often profiles are written to a connector. */
  writes(chargePoint: string, connector: number): WriteCount {
    const id = idOf(chargePoint, connector);
    const writes = this.#writes.get(id) ?? new WriteCount(this.#clock);
    this.#writes.set(id, writes);
    return writes;
  }

  /** How many profiles were written in the last 24 hours. */
  writesPerDay(chargePoint: string, connector: number): number {
    return this.#writes.get(idOf(chargePoint, connector))?.lastDay ?? 0;
  }

  /** A limit was accepted. Returns false when it could not be made durable. */
  accepted(chargePoint: string, connector: number, limit: AcceptedLimit): boolean {
    return this.#tell(chargePoint, connector, () => this.#accept(chargePoint, connector, limit));
  }

  #accept(chargePoint: string, connector: number, limit: AcceptedLimit): boolean {
    const entry = this.#durable.entry(chargePoint, connector);
    const refusedBefore = !limit.insteadOfZero && this.#limitFaults.accepts(idOf(chargePoint, connector));
    if (refusedBefore || entry.uncertain !== null) entry.obeysSinceMs = this.#clock.nowMs();
    const ends = Number.isFinite(limit.leaseUntilMs);
    const proofNeeded = limit.holdsAlone === "ifShown";
    const ofTransaction = limit.ofTransaction ?? false;
    if (ofTransaction) this.#leaveBelow(entry);
    else entry.below = null;
    // What was shown of a limit that needed no proof says nothing of a limit that needs it.
    if (proofNeeded && !entry.proofNeeded) entry.tailShown = null;
    Object.assign(entry, {
      acceptedA: limit.limitA,
      safeA: limit.safeA,
      leaseUntilMs: limit.leaseUntilMs,
      tailAccepted: ends,
      proofNeeded,
      fallsBack: limit.fallsBack ?? true,
      ofTransaction,
      holdsAlone: ends && (limit.holdsAlone === "ifShown" ? entry.tailShown === true : (limit.holdsAlone ?? true)),
      uncertain: null,
      askedAtMs: null,
    } satisfies Partial<LimitEntry>);
    return this.#durable.save(chargePoint, connector, entry);
  }

  /** What holds without a transaction goes on below the limit of one: what was accepted, and what was not answered. */
  #leaveBelow(entry: LimitEntry): void {
    const { acceptedA, leaseUntilMs, safeA, ofTransaction, uncertain } = entry;
    if (!ofTransaction && acceptedA !== null && leaseUntilMs !== null)
      addBelow(entry, { limitA: acceptedA, untilMs: leaseUntilMs, safeA });
    const unanswered = unansweredOf(entry);
    if (unanswered && !uncertain?.ofTransaction) addBelow(entry, unanswered);
  }

  /**
   * The permanent baseline is about to be sent.
   * @param replacesA its current, where it may take the place of what holds the outlet: from now on the outlet counts with that below the
   * limit of its transaction (safety.md S12); null where what holds the outlet stands beside it
   */
  baselineSending(chargePoint: string, connector: number, replacesA: number | null = null): void {
    const entry = this.#durable.entry(chargePoint, connector);
    if (replacesA !== null) addBelow(entry, { limitA: replacesA, untilMs: Number.POSITIVE_INFINITY, safeA: replacesA });
    if (!isHeld(entry) && entry.acceptedA === null) entry.askedAtMs ??= this.#clock.nowMs();
  }

  /**
   * The permanent baseline was accepted. Returns false when it could not be made durable.
   * @param holdsAlone false for a charge point that drops it with the connection
   */
  baselineAccepted(chargePoint: string, connector: number, safeA: number, holdsAlone = true): boolean {
    const entry = this.#durable.entry(chargePoint, connector);
    entry.baselineAccepted = true;
    entry.askedAtMs = null;
    if (entry.uncertain) entry.uncertain.answered = true;
    entry.safeA = entry.tailAccepted ? Math.max(entry.safeA, safeA) : safeA;
    if (entry.acceptedA === null || !holdsAlone) entry.holdsAlone = holdsAlone;
    return this.#durable.save(chargePoint, connector, entry);
  }

  /**
   * The outlet is held below the limit of its transaction: what it was told before is replaced.
   * @param endsInBaseline it stands in the place of the permanent safe current, and ends in it
   */
  outletHeld(chargePoint: string, connector: number, held: PossibleLimit, endsInBaseline: boolean): void {
    const entry = this.#durable.find(chargePoint, connector);
    if (!entry) return;
    entry.below = held;
    if (!endsInBaseline || entry.baselineAccepted) return;
    entry.baselineAccepted = true;
    this.#durable.save(chargePoint, connector, entry);
  }

  /** What holds the outlet is taken off the connector: below the limit of its transaction the permanent safe current counts (safety.md S12). */
  outletCleared(chargePoint: string, connector: number): void {
    const entry = this.#durable.find(chargePoint, connector);
    if (entry) addBelow(entry, { limitA: entry.safeA, untilMs: Number.POSITIVE_INFINITY, safeA: entry.safeA });
  }

  /** A composite schedule showed that the limit falls back to the safe current, or that it does not. */
  tailSeen(chargePoint: string, connector: number, shown: boolean): void {
    const entry = this.#durable.entry(chargePoint, connector);
    if (entry.tailShown === shown) return;
    entry.tailShown = shown;
    if (entry.proofNeeded) entry.holdsAlone = shown;
    this.#durable.save(chargePoint, connector, entry);
  }

  /**
   * A limit is about to be sent: if the process ends before the answer, the highest of all that may be in force is what a restart has to
   * reserve. It is made durable first where the disk has less.
   * @returns what it counts as until `sent` is told
   */
  sending(chargePoint: string, connector: number, limit: AcceptedLimit): PossibleLimit {
    const possible = possibleOf(limit);
    const entry = this.#durable.entry(chargePoint, connector);
    entry.pending = [...entry.pending, possible];
    if (limit.limitA < (entry.acceptedA ?? 0)) entry.askedAtMs ??= this.#clock.nowMs();
    if (isHeld(entry)) {
      const may = entry.pending.reduce(eitherOf, unansweredOf(entry) ?? possible);
      this.#durable.save(chargePoint, connector, entry, may);
    }
    return possible;
  }

  /**
   * Resolves when what a charge point is about to be told or to lose is on the disk, so that a power cut forgets nothing that a restart
   * has to reserve. A disk that fails, or takes too long, is not waited for: a limit that is late does more harm. null = nothing waits.
   */
  kept(): Promise<void> | null {
    const { keeping } = this.#durable;
    if (!keeping) return null;
    let late: Timer | undefined;
    const patience = new Promise<void>((resolve) => {
      late = this.#clock.setTimeout(resolve, KEPT_WITHIN_MS);
    });
    return Promise.race([keeping, patience]).finally(() => this.#clock.clear(late));
  }

  /** What was being sent has got its answer, or none: `accepted`, `refused` or `uncertain` said what may be in force now. */
  sent(chargePoint: string, connector: number, possible: PossibleLimit): void {
    const entry = this.#durable.find(chargePoint, connector);
    if (entry) entry.pending = entry.pending.filter((one) => one !== possible);
  }

  /** A limit was sent and not answered: at any time to come the higher of old and new counts from now on. */
  uncertain(chargePoint: string, connector: number, limit: AcceptedLimit): void {
    const entry = this.#durable.entry(chargePoint, connector);
    const { safeA } = limit;
    const possible = possibleOf(limit);
    this.#tell(chargePoint, connector, () => {
      entry.askedAtMs = null;
      // It may end in this by now.
      if (isHeld(entry)) entry.safeA = Math.max(entry.safeA, safeA);
      const before = unansweredOf(entry);
      const { limitA, untilMs, fallsBack } = before ? eitherOf(possible, before) : possible;
      entry.uncertain = {
        limitA,
        leaseUntilMs: untilMs,
        ofTransaction: (limit.ofTransaction ?? false) && (entry.uncertain?.ofTransaction ?? true),
        ...(fallsBack === false && { fallsBack }),
      };
    });
    if (isHeld(entry)) this.#durable.save(chargePoint, connector, entry);
  }

  /** A limit was refused; what was in force stays in force. Refusing a real limit weighs more than refusing 0 A. */
  refused(chargePoint: string, connector: number, refusal: LimitRefusal, hint: Hint | null = null): void {
    const nowMs = this.#clock.nowMs();
    this.#tell(chargePoint, connector, () => {
      this.#durable.entry(chargePoint, connector).askedAtMs = null;
      this.#limitFaults.refused(idOf(chargePoint, connector), refusal, hint, nowMs);
    });
  }

  /** The connector draws more than its limit, whatever was tried (S7). @param drawA A per phase */
  disobeyed(chargePoint: string, connector: number, drawA: number, hint: Hint | null): void {
    this.#tell(chargePoint, connector, () => this.#limitFaults.disobeys(idOf(chargePoint, connector), drawA, hint));
  }

  /** Samples lie above the connector's limit, or no longer do: if the connection is lost meanwhile, the connector counts with its maximum. */
  suspect(chargePoint: string, connector: number, suspected: boolean): void {
    const id = idOf(chargePoint, connector);
    if (suspected) this.#suspects.add(id);
    else this.#suspects.delete(id);
  }

  /** Whether the connector's last draw, as far as it counts, was above its limit. */
  isSuspect(chargePoint: string, connector: number): boolean {
    const id = idOf(chargePoint, connector);
    return this.#suspects.has(id) || (this.#limitFaults.get(id)?.disobeysA ?? null) !== null;
  }

  /** The connector keeps to its limits again. */
  obeyed(chargePoint: string, connector: number): void {
    const again = this.#tell(chargePoint, connector, () => this.#limitFaults.obeys(idOf(chargePoint, connector)));
    if (again) this.#durable.entry(chargePoint, connector).obeysSinceMs = this.#clock.nowMs();
  }

  /** We made the connector inoperative, or a person made it operative again. */
  setOutOfService(chargePoint: string, connector: number, outOfService: boolean, hint: Hint | null = null): void {
    this.#tell(chargePoint, connector, () => {
      this.#limitFaults.setOutOfService(idOf(chargePoint, connector), outOfService, hint);
    });
  }

  /** The baseline was taken off the connector; the limit's tail goes on holding. */
  baselineCleared(chargePoint: string, connector: number): void {
    const entry = this.#durable.entry(chargePoint, connector);
    entry.baselineAccepted = false;
    this.#durable.save(chargePoint, connector, entry);
  }

  /**
   * The limit is being taken off the connector; the permanent baseline goes on holding, where there is one. Until its lease would have
   * ended the higher of both counts: the request may get lost.
   */
  limitCleared(chargePoint: string, connector: number): void {
    const entry = this.#durable.entry(chargePoint, connector);
    const { baselineAccepted, acceptedA, safeA } = entry;
    if (!baselineAccepted) forget(entry);
    else if (acceptedA !== null) entry.acceptedA = Math.max(acceptedA, safeA);
    this.#durable.save(chargePoint, connector, entry);
  }

  /** Our profiles are taken off the connector: until new ones are accepted nothing holds it. Durable before they are. */
  cleared(chargePoint: string, connector: number): void {
    const entry = this.#durable.entry(chargePoint, connector);
    const wasHeld = isHeld(entry);
    forget(entry);
    if (wasHeld) this.#durable.save(chargePoint, connector, entry);
  }

  /** The connection is gone, and with it the limits of a charge point that does not hold them alone: its record says so already. */
  disconnected(chargePoint: string): void {
    for (const entry of this.#durable.of(chargePoint)?.values() ?? []) {
      entry.askedAtMs = null;
      if (!entry.holdsAlone) forget(entry);
    }
  }

  /** The charge point booted: it may have lost its profiles, and may take what it refused before. */
  rebooted(chargePoint: string): void {
    for (const [connector, entry] of this.#durable.of(chargePoint) ?? []) {
      const id = idOf(chargePoint, connector);
      const wasHeld = isHeld(entry);
      const refusedBefore = this.#tell(chargePoint, connector, () => this.#limitFaults.accepts(id));
      if (refusedBefore) entry.obeysSinceMs = this.#clock.nowMs();
      Object.assign(entry, {
        tailAccepted: false,
        tailShown: null,
        baselineAccepted: false,
        askedAtMs: null,
      } satisfies Partial<LimitEntry>);
      if (wasHeld) this.#durable.save(chargePoint, connector, entry);
    }
  }

  /** The highest limit that may be in force at this moment, A per phase; `maxA` for a connector of which nothing is known. */
  inForceA(chargePoint: string, connector: number, maxA: number, nowMs: number): number {
    const entry = this.#durable.find(chargePoint, connector);
    return entry ? highestInForceA(entry, maxA, nowMs) : maxA;
  }

  /**
   * The most that the connector may hold between two moments (monotonic) if its charge point were never spoken to again, A per phase
   * (safety.md S12). @param maxA what counts where nothing holds it
   */
  mostAloneA(chargePoint: string, connector: number, maxA: number, fromMs: number, toMs: number): number {
    const entry = this.#durable.find(chargePoint, connector);
    return entry ? mostAloneA(entry, maxA, fromMs, toMs) : maxA;
  }

  /** Whether the connector, left alone, goes to its safe current, as far as its limits tell. */
  fallsBack(chargePoint: string, connector: number): boolean {
    const entry = this.#durable.find(chargePoint, connector);
    return entry ? fallsBackAlone(entry) : true;
  }

  /** When the last limit of a connector ends that may end downwards, monotonic; −Infinity without one. */
  downwardEndMs(chargePoint: string, connector: number): number {
    const entry = this.#durable.find(chargePoint, connector);
    return entry ? lastDownwardEndMs(entry) : Number.NEGATIVE_INFINITY;
  }

  /**
   * When the last lease of all connectors ends that may end downwards, monotonic; −Infinity without one. Found again after each change
   * that may let it end later, and once a second.
   */
  lastDownwardEndMs(): number {
    const nowMs = this.#clock.nowMs();
    const { changes } = this.#durable;
    const { foundAtMs, changes: foundAt } = this.#lastDownward;
    if (foundAt === changes && nowMs - foundAtMs < LAST_FOR_MS) return this.#lastDownward.endMs;
    let endMs = Number.NEGATIVE_INFINITY;
    for (const entry of this.#durable.entries()) endMs = Math.max(endMs, lastDownwardEndMs(entry));
    this.#lastDownward = { foundAtMs: nowMs, changes, endMs };
    return endMs;
  }

  /** What the limits of a connector end in, A per phase; null for one of which nothing is known. */
  safeA(chargePoint: string, connector: number): number | null {
    return this.#durable.find(chargePoint, connector)?.safeA ?? null;
  }

  /** What the connector surely still allows, A per phase: its lease may have ended. null = unknown. */
  heldA(chargePoint: string, connector: number, nowMs: number): number | null {
    const { acceptedA = null, leaseUntilMs = null, safeA = 0 } = this.#durable.find(chargePoint, connector) ?? {};
    return acceptedA === null || leaseUntilMs === null || nowMs < leaseUntilMs ? acceptedA : safeA;
  }

  /** The same for any time to come, as things are now: what happens later does not change it. */
  outlook(chargePoint: string, connector: number, maxA: number): (nowMs: number) => number {
    const entry = this.#durable.find(chargePoint, connector);
    const now = entry && { ...entry };
    return (nowMs) => (now ? highestInForceA(now, maxA, nowMs) : maxA);
  }

  /** What it may draw although its limit is lower, A per phase: the most it drew while it did not obey; 0 while it obeys. */
  disobeysA(chargePoint: string, connector: number): number {
    return this.#limitFaults.get(idOf(chargePoint, connector))?.disobeysA ?? 0;
  }

  /** Why the connector is not controlled as it should be; null when it obeys. */
  trouble(chargePoint: string, connector: number): LimitFaultKind | null {
    const known = this.#limitFaults.get(idOf(chargePoint, connector));
    if (known?.outOfService) return "outOfService";
    if (known && known.disobeysA !== null) return "nonCompliant";
    if (known?.refusal) return known.refusal;
    const entry = this.#durable.find(chargePoint, connector);
    return entry && isUnanswered(entry, this.#clock.nowMs()) ? "unanswered" : null;
  }

  /** It was taken out of service because it did not obey. */
  isOutOfService(chargePoint: string, connector: number): boolean {
    return this.#limitFaults.get(idOf(chargePoint, connector))?.outOfService === true;
  }

  /** Which setting a person should look at when the connector does not obey; null where nothing is known. */
  hint(chargePoint: string, connector: number): Hint | null {
    const trouble = this.trouble(chargePoint, connector);
    return (trouble && HINTS[trouble]) ?? this.#limitFaults.hint(idOf(chargePoint, connector));
  }

  /** What is known of its model in case it does not obey. */
  advise(chargePoint: string, connector: number, hint: Hint): void {
    this.#limitFaults.advise(idOf(chargePoint, connector), hint);
  }

  /** Monotonic time since when the connector refuses limits; null while it does not. */
  refusesSinceMs(chargePoint: string, connector: number): number | null {
    const known = this.#limitFaults.get(idOf(chargePoint, connector));
    return known?.refusal ? known.refusedAtMs : null;
  }

  /** Since when the connector takes what it is given (monotonic); null while it does not. Refusing only 0 A does not count. */
  obeysSinceMs(chargePoint: string, connector: number): number | null {
    const trouble = this.trouble(chargePoint, connector);
    if (trouble !== null && trouble !== "zero") return null;
    const entry = this.#durable.find(chargePoint, connector);
    return entry ? obeysFromMs(entry) : Number.NEGATIVE_INFINITY;
  }

  /** Does something, and tells when the connector's trouble is another one afterwards. */
  #tell<T>(chargePoint: string, connector: number, act: () => T): T {
    const before = this.trouble(chargePoint, connector);
    const done = act();
    if (this.trouble(chargePoint, connector) !== before) this.#troubled(chargePoint, connector);
    return done;
  }
}

/** What a limit that was not accepted yet may come to. */
function possibleOf({ limitA, leaseUntilMs, safeA, fallsBack }: AcceptedLimit): PossibleLimit {
  return { limitA, untilMs: leaseUntilMs, safeA, ...(fallsBack === false && { fallsBack }) };
}

/** The outlet may hold this, too, below the limit of its transaction. */
function addBelow(entry: LimitEntry, possible: PossibleLimit): void {
  entry.below = entry.below ? eitherOf(entry.below, possible) : possible;
}

/** Nothing holds the connector any more that is known of. */
function forget(entry: LimitEntry): void {
  const { safeA, obeysSinceMs, uncertain, pending } = entry;
  Object.assign(entry, { ...UNKNOWN_LIMIT, safeA, obeysSinceMs, uncertain, pending });
}

const idOf = (chargePoint: string, connector: number): string => `${chargePoint}/${connector}`;
