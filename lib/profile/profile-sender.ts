import type { Clock } from "../clock.ts";
import { EvError } from "../errors.ts";
import { CALL_PRIORITY } from "../ocpp/port.ts";
import { OcppCallError } from "../ocpp/rpc/call-error.ts";
import type { LimitBook } from "../station/limits/limit-book.ts";
import type { PossibleLimit } from "../station/limits/limit-course.ts";
import { ownProfileId, ownProfileIds } from "../station/limits/profile-ids.ts";
import type { WriteCount } from "../station/limits/write-count.ts";
import type { ConnectorView, StationHandle } from "../station/types.ts";
import type { Hint } from "../words/types.ts";
import { beginsWithTransaction, compileLimit } from "./compile.ts";
import { type Lease, leaseOf } from "./lease.ts";
import { OutletHold } from "./outlet-hold.ts";
import { book, leaseEndMs, reserveSending, type SentLimit } from "./reservation.ts";
import type { AppliedLimit } from "./result.ts";
import { RETRY_MS, type Sent, type SetProfile, sendProfile } from "./send.ts";
import { SlotClearing } from "./slot-clearing.ts";
import { type ProfileTarget, safeCurrentA, type TargetMoment } from "./target.ts";
import type { LearnedCapability } from "./variants/learned.ts";
import { baselineVariant, keyOf, type ProfileVariant } from "./variants/variant.ts";
import { VariantChoice } from "./variants/variant-choice.ts";
import { supersedes, variants } from "./variants/variant-order.ts";

/** A charge point that took 0 A before has to refuse 0 A so often in a row until it counts as refusing it. */
const ZERO_REFUSALS = 3;

/** A limit that was accepted, while the clearing of one that rules above it was not answered. */
const UNCLEARED: Pick<Sent, "status" | "hint"> = { status: "timeout", hint: { code: "hint.noAnswer" } };

/** One limit to be installed, as the charge point may be told it. */
export interface WriteOrder extends Omit<SentLimit, "sentAtMs" | "aheadS"> {
  /** Wait after a refusal. */
  refreshMs: number;
  priority: number;
  stillWanted: () => boolean;
}

interface PendingWrite extends WriteOrder, SentLimit {
  transactionId: string | null;
  phases: 1 | 3 | null;
  /** What the limit book counts it as until it is known what became of it. */
  reserved: PossibleLimit | null;
}

/** A variant that may be tried. */
interface AdmittedVariant {
  variant: ProfileVariant;
  /** The charge point falls back from no other more surely. With one that is not sure it counts with its maximum. */
  isSure: boolean;
}

/** What became of an order. */
export interface WriteOutcome {
  sent: Sent;
  /** False when the limit's connection is gone: the outcome then says nothing of the present connection. */
  current: boolean;
  /** What counted as accepted at that moment. */
  accepted: AppliedLimit | null;
}

export interface ProfileSenderDeps {
  clock: Clock;
  limits: LimitBook;
  target: () => ProfileTarget;
  writes: WriteCount;
  /** What to look at when this charge point refuses. */
  hint: () => Hint;
  /** Notes what the charge point showed about itself. */
  learn: (facts: readonly LearnedCapability[]) => void;
  /** The baseline was taken off, or something else stands in its place. */
  lostBaseline: () => void;
  /** What holds the outlet stands in the baseline's place, and ends in it. */
  coversBaseline: () => void;
  /** Whether the connector may draw its maximum for a while, or for good, beside what all others hold (safety.md S12). */
  admitsMaximum: () => boolean;
  /** Whether the outlet may go to the safe current, and stay there (safety.md S12). */
  admitsSafe: () => boolean;
  /** Whether the least that it takes may be written instead of 0 A, and stay (safety.md S12). */
  admitsLeast: () => boolean;
}

/** Brings the limits of one connector into its charge point: tries the variants, learns, and books what may be in force. */
export class ProfileSender {
  /** What keeps the outlet low when the transaction of its limit ends. */
  readonly outlet: OutletHold;
  readonly #station: StationHandle;
  readonly #deps: ProfileSenderDeps;
  readonly #choice: VariantChoice;
  #accepted: AppliedLimit | null = null;
  /** On the wire or in the connection's queue. Emptied with the connection: answers that come later count no more. */
  readonly #pendingWrites = new Set<PendingWrite>();
  #retry: { limitA: number; atMs: number } | null = null;
  /** The highest limit that was not answered since one was accepted: the charge point may follow it. */
  #unanswered: { limitA: number; untilMs: number } | null = null;
  #unsupported: Hint | null = null;
  /** Transaction of the last limit that was answered. */
  #answeredTransactionId: string | null = null;
  /** 0 A was refused, and nothing accepted since. */
  #refusedZero = false;
  /** Nothing of ours is left at a level that is not used any more. */
  #clearedAbove = false;
  /** The charge point took 0 A once. `#zeroRefusals`: how often it has refused 0 A in a row since. */
  #tookZero = false;
  #zeroRefusals = 0;
  readonly #room: SlotClearing;

  constructor(station: StationHandle, deps: ProfileSenderDeps) {
    this.#station = station;
    this.#deps = deps;
    this.#choice = new VariantChoice(deps.target, deps.learn);
    this.outlet = new OutletHold({
      ...deps,
      identity: station.identity,
      setProfile: (profile, options) => this.#setProfile(profile, options),
      accepted: () => this.#accepted,
      busy: () => this.busy,
      moment: () => this.#moment(),
      aheadS: () => this.#aheadS,
      clearAbove: (...inUse) => this.#clearAbove(...inUse),
    });
    this.#room = new SlotClearing({
      ...deps,
      identity: station.identity,
      mayClear: () => this.mayClear(),
      losesOutlet: () => this.outlet.cleared(),
      losesLimit: () => {
        this.#accepted = null;
      },
      clear: async (profileId) => {
        await this.#clear(profileId);
      },
      clearAll: () => this.clearOwn(),
    });
  }

  /** The limit accepted last on this connection. */
  get accepted(): AppliedLimit | null {
    return this.#accepted;
  }

  /** A higher limit, A per phase, that the charge point may follow by now although it did not answer; null = none. */
  get unansweredA(): number | null {
    if (!this.#unanswered) return null;
    const { limitA, untilMs } = this.#unanswered;
    return this.#deps.clock.nowMs() < untilMs ? limitA : safeCurrentA(this.#deps.target());
  }

  /** Why the charge point takes no profiles at all; null while it may. */
  get unsupported(): Hint | null {
    return this.#unsupported;
  }

  /** The connection is gone or its state unknown: nothing counts as accepted. */
  reset(): void {
    this.#accepted = null;
    this.#retry = null;
    this.#unanswered = null;
    this.#pendingWrites.clear();
    this.outlet.reset();
    this.#clearedAbove = false;
  }

  /** The charge point can be spoken to again, and may take what it refused before. */
  arm(): void {
    this.reset();
    this.#choice.reset();
    this.#room.reset();
    this.#unsupported = this.#deps.target().smart.supported === "no" ? this.#deps.hint() : null;
    if (this.#unsupported !== null) this.refuses(this.#unsupported);
  }

  /** The charge point takes no profiles. */
  refuses(hint: Hint): void {
    this.#unsupported = hint;
    this.#deps.limits.refused(this.#station.identity, this.#connector, "unsupported", hint);
  }

  /** Holds a limit back for a while. */
  postpone(limitA: number, untilMs: number): void {
    this.#retry = { limitA, atMs: untilMs };
  }

  /** Not before this after a failure. */
  retryAtMs(limitA: number): number {
    return this.#retry?.limitA === limitA ? this.#retry.atMs : Number.NEGATIVE_INFINITY;
  }

  /** Whether a limit on its way is as low: only a lower limit overtakes it, and the connection then drops the limit that still waits. */
  covers(limitA: number): boolean {
    return [...this.#pendingWrites].some((write) => limitA >= write.limitA);
  }

  /** A limit is on its way. */
  get busy(): boolean {
    return this.#pendingWrites.size > 0;
  }

  /** Whether the next limit goes where the baseline is. */
  get takesBaselinesPlace(): boolean {
    return this.#choice.variants(this.#transactionId)[0]?.sharesBaseline ?? false;
  }

  /** The present variant was accepted and is not obeyed: the next one is taken. */
  leaveVariant(): void {
    if (this.#accepted) this.#choice.leave(this.#accepted.variant, this.#transactionId);
  }

  /** Variants that were not obeyed may be tried again. */
  forgetIgnored(): void {
    this.#choice.forgetIgnored();
  }

  /** The limit is obeyed in the present variant. */
  variantProven(): void {
    if (this.#accepted) this.#choice.proven(this.#accepted.variant);
  }

  /** Installs a limit. Never rejects. */
  async send(order: WriteOrder): Promise<WriteOutcome> {
    const phases = this.#deps.target().toldPhases ?? null;
    const sentAtMs = this.#deps.clock.nowMs();
    const aheadS = this.#aheadS;
    const leaseS = order.leaseS + aheadS;
    const [transactionId, reserved] = [this.#transactionId, null];
    const write: PendingWrite = { ...order, leaseS, aheadS, sentAtMs, phases, transactionId, reserved };
    this.#pendingWrites.add(write);
    const { limits } = this.#deps;
    this.#reserve(write, this.#admitted(this.#deps.target(), write)[0]!);
    if (write.limitA > (this.#accepted?.limitA ?? 0)) await this.#keep(write);
    const sent = await this.#makeRoomAndTry(write);
    if (this.#pendingWrites.has(write) && !(await this.#clearsWay(sent))) Object.assign(sent, UNCLEARED);
    const current = this.#pendingWrites.delete(write);
    const isSure = write.reserved?.fallsBack !== false;
    if (!book(limits, this.#deps.target(), this.#station.identity, sent, current, write, isSure))
      sent.hint = { code: "hint.notDurable" };
    if (write.reserved) limits.sent(this.#station.identity, this.#connector, write.reserved);
    if (current) this.#settle(sent, write);
    return { sent, current, accepted: this.#accepted };
  }

  /** Clears what would rule above the limit that was accepted. @returns whether that was answered: else who knows which rules */
  async #clearsWay(sent: Sent): Promise<boolean> {
    let answered = true;
    for (const id of this.#rulesAbove(sent)) answered = (await this.#clear(id)) && answered;
    if (sent.status !== "accepted" || !this.#fellToDefault(sent.variant)) return answered;
    return (await this.#clearAbove(sent.variant.profileId)) && answered;
  }

  /** The limit was written below the usual level: a profile that an earlier process, say, wrote at that level would rule above it. */
  #fellToDefault(variant: ProfileVariant): boolean {
    const { purpose, stackLevel, tail, charging } = variant;
    if (purpose !== "TxDefaultProfile" || stackLevel > 0 || tail !== "within") return false;
    const [usual] = variants(this.#deps.target(), charging ? "0" : null);
    return keyOf(usual!) !== keyOf(variant);
  }

  /**
   * Clears profiles written before at a level, or for a transaction, that is refused by now: they may still be there, answered or not,
   * would rule above the new limit, and end earlier.
   * @returns false where a request was not answered: it is sent again then
   */
  async #clearAbove(...inUse: number[]): Promise<boolean> {
    if (this.#clearedAbove) return true;
    this.#clearedAbove = true;
    const { connector, connectors, smart } = this.#deps.target();
    const baseline = ownProfileId({ connector, connectors, idMax: smart.idMax }, "baseline");
    const [before, sending] = [this.#accepted, new Set(this.#pendingWrites)];
    for (const id of ownProfileIds({ connector, connectors, idMax: smart.idMax })) {
      if (id === baseline || inUse.includes(id)) continue;
      // A profile that was written meanwhile, for the next transaction perhaps, is not to be cleared.
      if (this.#accepted !== before || [...this.#pendingWrites].some((write) => !sending.has(write))) {
        this.#clearedAbove = false;
        return true;
      }
      if (!(await this.#clear(id))) this.#clearedAbove = false;
    }
    return this.#clearedAbove;
  }

  /** A higher limit is on the disk before it is sent: after a power cut, too, the higher of old and new is reserved. */
  async #keep(write: PendingWrite): Promise<void> {
    const kept = this.#deps.limits.kept();
    if (!kept) return;
    await kept;
    const waitedMs = this.#deps.clock.nowMs() - write.sentAtMs;
    write.sentAtMs += waitedMs;
    if (write.reserved) write.reserved.untilMs += waitedMs;
  }

  async #makeRoomAndTry(write: PendingWrite): Promise<Sent> {
    const replaces = this.#accepted !== null;
    let sent = await this.#try(write);
    if (replaces && sent.status === "accepted") this.#room.replaced();
    for (;;) {
      // 0 A is refused for its value.
      const weighs = write.limitA > 0 || this.#room.isFirst;
      const refused = sent.status === "rejected" && weighs && this.#pendingWrites.has(write);
      const before = this.#accepted;
      const cleared = refused ? await this.#room.make(before, sent.variant) : null;
      if (cleared === null) return sent;
      sent = await this.#try(write);
      if (this.#pendingWrites.has(write)) this.#room.made(cleared, sent.status === "accepted", before !== null);
    }
  }

  #try(write: PendingWrite): Promise<Sent> {
    const { limitA, leaseS, priority, stillWanted } = write;
    const target = this.#deps.target();
    const moment = this.#moment();
    const heldA = this.#deps.limits.heldA(this.#station.identity, this.#connector, this.#deps.clock.nowMs());
    const rises = limitA > (heldA ?? Number.POSITIVE_INFINITY);
    const admitted = this.#admitted(target, write);
    return sendProfile(
      (profile, options) => this.#setProfile(profile, options),
      admitted.map(({ variant }) => variant),
      (variant) => {
        const { isSure } = admitted.find((one) => keyOf(one.variant) === keyOf(variant))!;
        if (!isSure) this.#reserve(write, { variant, isSure });
        return compileLimit(target, variant, limitA, leaseS, moment, rises);
      },
      {
        mayTry: (variant) =>
          admitted.some((one) => one.isSure && keyOf(one.variant) === keyOf(variant)) || this.#deps.admitsMaximum(),
        options: { priority, coalesceKey: `limit/${this.#connector}` },
        target,
        hint: this.#deps.hint(),
        stillWanted: () => this.#pendingWrites.has(write) && stillWanted(),
        overtaken: () => [...this.#pendingWrites].at(-1) !== write,
      },
    );
  }

  /** Notes in the limit book what the charge point may hold from now on, should it take this variant. */
  #reserve(write: PendingWrite, { variant, isSure }: AdmittedVariant): void {
    const { limits, target } = this.#deps;
    const before = write.reserved;
    write.reserved = reserveSending(limits, target(), this.#station.identity, variant, write, isSure);
    if (before) limits.sent(this.#station.identity, this.#connector, before);
  }

  /**
   * Variants that may be tried: those from which the charger falls back most surely, also a variant that was not obeyed or was refused
   * for long. With any other variant the connector counts with its maximum, until a composite schedule has shown the limit's end, or for
   * good: that has to fit first.
   */
  #admitted(target: ProfileTarget, { limitA, leaseS }: Pick<PendingWrite, "limitA" | "leaseS">): AdmittedVariant[] {
    const good = this.#choice.variants(this.#transactionId);
    const rises = limitA > safeCurrentA(target);
    // On a free outlet what is counted from a start holds anew for each car that comes.
    const staysFor = (variant: ProfileVariant) => rises && !variant.charging && beginsWithTransaction(target, variant);
    const by = (variants: readonly ProfileVariant[], proof: Lease["fallsBackBy"]) =>
      variants.filter(
        (variant) => leaseOf(target, variant, limitA, leaseS).fallsBackBy === proof && !staysFor(variant),
      );
    const surestOf = (variants: readonly ProfileVariant[]) =>
      [by(variants, "acceptance"), by(variants, "composite")].find(({ length }) => length > 0);
    const surest = surestOf(good) ?? surestOf(this.#choice.everyVariant(this.#transactionId)) ?? good;
    const areAll = surest.length === good.length && surest.every((variant, i) => variant === good[i]);
    const chosen = areAll || this.#deps.admitsMaximum() ? good : surest;
    return chosen.map((variant) => ({ variant, isSure: surest.includes(variant) }));
  }

  /** Whether nothing may hold the connector for a while. */
  mayClear(): boolean {
    return this.#deps.admitsMaximum();
  }

  /** Removes our own profiles from the connector, so that all can be written anew. Never rejects. */
  async clearOwn(): Promise<void> {
    this.#choice.forgetIgnored();
    const { connector, connectors, smart } = this.#deps.target();
    this.#deps.limits.cleared(this.#station.identity, this.#connector);
    this.outlet.cleared();
    const kept = this.#deps.limits.kept();
    if (kept) await kept;
    for (const id of ownProfileIds({ connector, connectors, idMax: smart.idMax })) await this.#clear(id);
    this.#accepted = null;
  }

  get #connector(): number {
    return this.#deps.target().connector;
  }

  #setProfile(...[profile, options]: Parameters<SetProfile>): ReturnType<SetProfile> {
    this.#deps.writes.note();
    return this.#station.order("setProfile", profile, options);
  }

  /** Ids of earlier profiles that would go on ruling above the new profile: they have to be cleared. */
  #rulesAbove({ status, variant }: Sent): Set<number> {
    const nowMs = this.#deps.clock.nowMs();
    const before = this.#accepted;
    const outlet = this.outlet.variant;
    const earlier = [...(before && nowMs < before.leaseUntilMs ? [before.variant] : []), ...(outlet ? [outlet] : [])];
    const above = status === "accepted" ? earlier.filter((one) => !supersedes(variant, one)) : [];
    const own = variant.tail === "above" ? baselineVariant(this.#deps.target()).profileId : variant.profileId;
    const tookItsPlace = outlet?.profileId === variant.profileId && outlet.purpose !== variant.purpose;
    if (outlet && (above.includes(outlet) || (status === "accepted" && tookItsPlace))) this.outlet.cleared();
    return new Set(above.map(({ profileId }) => profileId).filter((id) => id !== own));
  }

  /** @returns whether it was answered. What stays in force although it was shows when the limit is verified */
  async #clear(id: number): Promise<boolean> {
    try {
      await this.#station.order("clearProfiles", { id }, { priority: CALL_PRIORITY.decrease });
      return true;
    } catch (error) {
      return !(error instanceof EvError) || error instanceof OcppCallError;
    }
  }

  #settle(sent: Sent, write: PendingWrite): void {
    const { status, hint } = sent;
    const lesson = this.#lessonOf(sent, write);
    if (status === "accepted") this.#remember(sent, write, lesson);
    if (status === "uncontrollable") this.#unsupported = hint;
    if (status === "rejected") this.#rejected(write, lesson.refused);
    else if (status === "timeout") this.#lostAnswer(sent.variant, write);
    else this.#retry = null;
  }

  /** The limit was not answered: the charge point may follow it by now. */
  #lostAnswer(variant: ProfileVariant, write: PendingWrite): void {
    const { limitA } = write;
    if (variant.purpose !== "TxProfile") this.outlet.doubted(variant.profileId);
    this.postpone(limitA, this.#deps.clock.nowMs() + RETRY_MS);
    if (!this.#accepted || limitA <= this.#accepted.limitA) return;
    const { limitA: beforeA, untilMs } = this.#unanswered ?? { limitA: 0, untilMs: 0 };
    const endMs = leaseEndMs(this.#deps.target(), variant, write);
    this.#unanswered = { limitA: Math.max(limitA, beforeA), untilMs: Math.max(endMs, untilMs) };
  }

  /**
   * What refusals show. A profile of a transaction that has ended meanwhile is refused for that; so is the first one of a transaction
   * whose number the charge point does not know yet, and what it takes a moment later would have worked before.
   */
  #lessonOf({ status, variant, refused }: Sent, { transactionId }: PendingWrite): Pick<Sent, "variant" | "refused"> {
    if (transactionId !== this.#transactionId) return { variant, refused: [] };
    if (status !== "accepted" && status !== "rejected") return { variant, refused };
    const early = transactionId !== null && transactionId !== this.#answeredTransactionId;
    this.#answeredTransactionId = transactionId;
    if (!early || variant.purpose !== "TxProfile") return { variant, refused };
    return { variant: { ...variant, bare: false }, refused: refused.filter(({ purpose }) => purpose !== "TxProfile") };
  }

  /** A limit of 0 A is refused for its value, not for its form; unless the limit that is sent in its place is refused, too. */
  #rejected({ limitA, refreshMs }: PendingWrite, refused: readonly ProfileVariant[]): void {
    const again = this.#refusedZero && limitA > 0;
    if (limitA > 0) this.#choice.allRefused(refused);
    if (limitA === 0) this.#zeroRefusals++;
    const takesNone = !this.#tookZero || this.#zeroRefusals >= ZERO_REFUSALS;
    // While its least does not fit, 0 A is tried again: the refusal may pass.
    this.#refusedZero = limitA === 0 && this.#accepted !== null && takesNone && this.#deps.admitsLeast();
    if (this.#refusedZero) this.#deps.learn([{ path: "smart.zero", value: "min", how: "refused 0 A" }]);
    if (again) this.#deps.learn([{ path: "smart.zero", value: "pause", how: "refused other limits, too" }]);
    this.postpone(again ? 0 : limitA, this.#deps.clock.nowMs() + refreshMs);
  }

  #remember(sent: Sent, write: PendingWrite, lesson: Pick<Sent, "variant" | "refused">): void {
    const { limitA, transactionId } = write;
    const { variant, tries, hint } = sent;
    const before = this.#accepted;
    this.#accepted = {
      limitA,
      variant,
      transactionId,
      phases: write.phases,
      relativeS: this.#relativeS(variant),
      tries,
      hint,
      leaseUntilMs: leaseEndMs(this.#deps.target(), variant, write),
      verified: before?.limitA === limitA ? before.verified : "no",
      atMs: this.#deps.clock.nowMs(),
    };
    this.#unanswered = null;
    if (variant.stackLevel > 0) this.#clearedAbove = false;
    if (variant.purpose === "TxDefaultProfile" && variant.tail === "within")
      this.outlet.heldBy({ limitA, untilMs: this.#accepted.leaseUntilMs, variant });
    this.#choice.accepted(lesson.variant, lesson.refused);
    this.#refusedZero = false;
    if (limitA > 0) return;
    this.#tookZero = true;
    this.#zeroRefusals = 0;
  }

  /** A lease that names its time holds so much longer, s: it must not have ended already by a clock that is ahead of what is believed. */
  get #aheadS(): number {
    const { smart } = this.#deps.target();
    return smart.kind === "Absolute" ? Math.ceil(this.#station.clockAheadMs / 1000) : 0;
  }

  /** On the charge point's clock. */
  #moment(): TargetMoment {
    const chargerWallMs = this.#deps.clock.wallMs() - this.#station.clockSkewMs;
    const transaction = this.#transactionId === null ? null : this.#live?.transaction;
    return { chargerWallMs, transactionStartedChargerWallMs: transaction?.startedWallMs ?? null };
  }

  #relativeS(variant: ProfileVariant): number | null {
    const { transactionStartedChargerWallMs: startedMs, chargerWallMs } = this.#moment();
    if (startedMs === null || !beginsWithTransaction(this.#deps.target(), variant)) return null;
    return (chargerWallMs - startedMs) / 1000;
  }

  get #live(): ConnectorView | undefined {
    return this.#station.connectors.get(this.#connector);
  }

  get #transactionId(): string | null {
    return runningTransaction(this.#live);
  }
}

/** null also where the connector is free: a transaction left open there charges no car. */
export function runningTransaction(live: ConnectorView | undefined): string | null {
  return live?.status === "Available" ? null : (live?.transaction?.transactionId ?? null);
}
