import type { Clock } from "../clock.ts";
import { CALL_PRIORITY } from "../ocpp/port.ts";
import type { LimitBook } from "../station/limit-book.ts";
import { ownProfileIds } from "../station/profile-ids.ts";
import type { ConnectorView, StationHandle } from "../station/types.ts";
import type { WriteCount } from "../station/write-count.ts";
import { book, bookSending, leaseEndMs, type SentLimit } from "./booking.ts";
import { beginsWithTransaction, compileLimit } from "./compile.ts";
import { supersedes } from "./ladder.ts";
import type { Fact } from "./lessons.ts";
import type { Accepted } from "./result.ts";
import { Room } from "./room.ts";
import { type Sent, sendProfile } from "./send.ts";
import type { Moment, ProfileTarget } from "./target.ts";
import type { Way } from "./way.ts";
import { WayChoice } from "./way-choice.ts";

/** Wait after a call that was not answered. */
const RETRY_MS = 5_000;

const NOT_DURABLE = "accepted, but the database could not be written";

/** One limit to be installed, as the charge point may be told it. */
export interface Order extends Omit<SentLimit, "sentAtMs"> {
  /** Wait after a refusal. */
  refreshMs: number;
  priority: number;
  stillWanted: () => boolean;
}

interface Shipment extends Order, SentLimit {
  transactionId: number | null;
  phases: 1 | 3 | null;
}

/** What became of an order. */
export interface Delivered {
  sent: Sent;
  /** False when the connection it went out on is gone: it says nothing of the present one. */
  current: boolean;
  /** What counted as accepted at that moment. */
  accepted: Accepted | null;
}

export interface DeliveryDeps {
  clock: Clock;
  limits: LimitBook;
  target: () => ProfileTarget;
  writes: WriteCount;
  /** What to look at when this charge point refuses. */
  hint: () => string;
  /** Notes what the charge point showed about itself. */
  teach: (facts: readonly Fact[]) => void;
  /** The baseline was taken off. */
  lostBaseline: () => void;
}

/** Brings the limits of one connector into its charge point: tries the ways, learns, and books what may be in force. */
export class Delivery {
  readonly #station: StationHandle;
  readonly #deps: DeliveryDeps;
  readonly #choice: WayChoice;
  #accepted: Accepted | null = null;
  /** On the wire or in the connection's queue. Emptied with the connection: what comes back later is of the past. */
  readonly #onTheWay = new Set<Shipment>();
  #retry: { limitA: number; atMs: number } | null = null;
  #unsupported: string | null = null;
  /** Transaction of the last limit that was answered. */
  #answeredTransactionId: number | null = null;
  /** 0 A was refused, and nothing accepted since. */
  #refusedZero = false;
  readonly #room: Room;

  constructor(station: StationHandle, deps: DeliveryDeps) {
    this.#station = station;
    this.#deps = deps;
    this.#choice = new WayChoice(deps.target, deps.teach);
    this.#room = new Room({
      ...deps,
      identity: station.identity,
      clear: (profileId) => this.#clear(profileId),
      clearAll: () => this.clearOwn(),
    });
  }

  /** The limit accepted last on this connection. */
  get accepted(): Accepted | null {
    return this.#accepted;
  }

  /** Why the charge point takes no profiles at all; null while it may. */
  get unsupported(): string | null {
    return this.#unsupported;
  }

  /** The connection is gone or its state unknown: nothing counts as accepted. */
  reset(): void {
    this.#accepted = null;
    this.#retry = null;
    this.#onTheWay.clear();
  }

  /** The charge point can be spoken to again, and may take what it refused before. */
  arm(): void {
    this.reset();
    this.#choice.reset();
    this.#room.reset();
    this.#unsupported = this.#deps.target().smart.supported === "no" ? this.#deps.hint() : null;
    if (this.#unsupported !== null) this.refuses(this.#unsupported);
  }

  /** It takes no profiles. */
  refuses(hint: string): void {
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

  /** One that is on its way does as well; only a lower limit overtakes it, the connection drops the one that still waits. */
  covers(limitA: number): boolean {
    return [...this.#onTheWay].some((shipment) => limitA >= shipment.limitA);
  }

  /** Something is on its way. */
  get busy(): boolean {
    return this.#onTheWay.size > 0;
  }

  /** Whether the next limit goes where the baseline is. */
  get takesBaselinesPlace(): boolean {
    return this.#choice.ways(this.#transactionId)[0]?.sharesBaseline ?? false;
  }

  /** The present way was accepted and is not obeyed: the next one is taken. */
  leaveWay(): void {
    if (this.#accepted) this.#choice.leave(this.#accepted.way, this.#transactionId);
  }

  /** Ways that were not obeyed may be tried again. */
  forgetIgnored(): void {
    this.#choice.forgetIgnored();
  }

  /** The limit is obeyed the present way. */
  wayProven(): void {
    if (this.#accepted) this.#choice.proven(this.#accepted.way);
  }

  /** Installs a limit. Never rejects. */
  async send(order: Order): Promise<Delivered> {
    const phases = this.#deps.target().toldPhases ?? null;
    const sentAtMs = this.#deps.clock.nowMs();
    const shipment: Shipment = { ...order, sentAtMs, phases, transactionId: this.#transactionId };
    this.#onTheWay.add(shipment);
    const [way] = this.#choice.ways(shipment.transactionId);
    if (way) bookSending(this.#deps.limits, this.#deps.target(), this.#station.identity, way, shipment);
    const sent = await this.#makeRoomAndTry(shipment);
    const above = this.#onTheWay.has(shipment) ? this.#rulesAbove(sent) : null;
    if (above) await this.#clear(above.profileId);
    const current = this.#onTheWay.delete(shipment);
    if (!book(this.#deps.limits, this.#deps.target(), this.#station.identity, sent, current, shipment))
      sent.hint = NOT_DURABLE;
    if (current) this.#settle(sent, shipment);
    return { sent, current, accepted: this.#accepted };
  }

  async #makeRoomAndTry(shipment: Shipment): Promise<Sent> {
    await this.#room.prepare(this.#accepted);
    const sent = await this.#try(shipment);
    const refused = sent.status === "rejected" && shipment.limitA > 0 && this.#onTheWay.has(shipment);
    const before = this.#accepted;
    const cleared = refused ? await this.#room.make(before) : null;
    if (cleared === null) return sent;
    const again = await this.#try(shipment);
    if (this.#onTheWay.has(shipment)) this.#room.made(cleared, again.status === "accepted", before !== null);
    return again;
  }

  #try(shipment: Shipment): Promise<Sent> {
    const { limitA, leaseS, priority, stillWanted } = shipment;
    const target = this.#deps.target();
    const moment = this.#moment();
    return sendProfile(
      (action, payload, options) => this.#call(action, payload, options),
      this.#choice.ways(this.#transactionId),
      (way) => compileLimit(target, way, limitA, leaseS, moment),
      {
        options: { priority, coalesceKey: `limit/${this.#connector}` },
        target,
        hint: this.#deps.hint(),
        stillWanted: () => this.#onTheWay.has(shipment) && stillWanted(),
      },
    );
  }

  /** Removes our own profiles from the connector, so that all can be written anew. Never rejects. */
  async clearOwn(): Promise<void> {
    this.#choice.forgetIgnored();
    const { connector, connectors, smart } = this.#deps.target();
    this.#deps.limits.cleared(this.#station.identity, this.#connector);
    for (const id of ownProfileIds({ connector, connectors, idMax: smart.idMax })) await this.#clear(id);
    this.#accepted = null;
  }

  get #connector(): number {
    return this.#deps.target().connector;
  }

  #call(...[action, payload, options]: Parameters<StationHandle["call"]>): Promise<Record<string, unknown>> {
    if (action === "SetChargingProfile") this.#deps.writes.note();
    return this.#station.call(action, payload, options);
  }

  /** The way of a limit from before that would go on ruling above the new one: it has to go. */
  #rulesAbove({ status, way }: Sent): Way | null {
    const before = this.#accepted;
    if (status !== "accepted" || !before || supersedes(way, before.way)) return null;
    return this.#deps.clock.nowMs() < before.leaseUntilMs ? before.way : null;
  }

  async #clear(id: number): Promise<void> {
    try {
      await this.#station.call("ClearChargingProfile", { id }, { priority: CALL_PRIORITY.decrease });
    } catch {
      // What stays in force shows when the limit is verified.
    }
  }

  #settle(sent: Sent, shipment: Shipment): void {
    const { status, hint } = sent;
    const { limitA } = shipment;
    const lesson = this.#lessonOf(sent, shipment);
    if (status === "accepted") this.#remember(sent, shipment, lesson);
    if (status === "uncontrollable") this.#unsupported = hint;
    if (status === "rejected") this.#rejected(shipment, lesson.refused);
    else if (status === "timeout") this.postpone(limitA, this.#deps.clock.nowMs() + RETRY_MS);
    else this.#retry = null;
  }

  /**
   * What refusals show. A profile of a transaction that has ended meanwhile is refused for that; so is the first one of a transaction
   * whose number the charge point does not know yet, and what it takes a moment later would have worked before.
   */
  #lessonOf({ status, way, refused }: Sent, { transactionId }: Shipment): Pick<Sent, "way" | "refused"> {
    if (transactionId !== this.#transactionId) return { way, refused: [] };
    if (status !== "accepted" && status !== "rejected") return { way, refused };
    const early = transactionId !== null && transactionId !== this.#answeredTransactionId;
    this.#answeredTransactionId = transactionId;
    if (!early || way.purpose !== "TxProfile") return { way, refused };
    return { way: { ...way, bare: false }, refused: refused.filter(({ purpose }) => purpose !== "TxProfile") };
  }

  /** A limit of 0 is refused for what it says, not for its form; unless another one is refused in its place. */
  #rejected({ limitA, refreshMs }: Shipment, refused: readonly Way[]): void {
    const again = this.#refusedZero && limitA > 0;
    if (limitA > 0) this.#choice.allRefused(refused);
    this.#refusedZero = limitA === 0 && this.#accepted !== null;
    if (this.#refusedZero) this.#deps.teach([{ path: "smart.zero", value: "min", how: "refused 0 A" }]);
    if (again) this.#deps.teach([{ path: "smart.zero", value: "pause", how: "refused other limits, too" }]);
    this.postpone(again ? 0 : limitA, this.#deps.clock.nowMs() + refreshMs);
  }

  #remember(sent: Sent, shipment: Shipment, lesson: Pick<Sent, "way" | "refused">): void {
    const { limitA, transactionId } = shipment;
    const { way, tries, hint } = sent;
    const before = this.#accepted;
    this.#accepted = {
      limitA,
      way,
      transactionId,
      phases: shipment.phases,
      relativeS: this.#relativeS(way),
      tries,
      hint,
      leaseUntilMs: leaseEndMs(this.#deps.target(), way, shipment),
      verified: before?.limitA === limitA ? before.verified : "no",
      atMs: this.#deps.clock.nowMs(),
    };
    this.#choice.accepted(lesson.way, lesson.refused);
    this.#refusedZero = false;
  }

  /** On the charge point's clock. */
  #moment(): Moment {
    const chargerWallMs = this.#deps.clock.wallMs() - this.#station.clockSkewMs;
    const transaction = this.#transactionId === null ? null : this.#live?.transaction;
    return { chargerWallMs, transactionStartedChargerWallMs: transaction?.startedWallMs ?? null };
  }

  #relativeS(way: Way): number | null {
    const { transactionStartedChargerWallMs: startedMs, chargerWallMs } = this.#moment();
    if (startedMs === null || !beginsWithTransaction(this.#deps.target(), way)) return null;
    return (chargerWallMs - startedMs) / 1000;
  }

  get #live(): ConnectorView | undefined {
    return this.#station.connectors.get(this.#connector);
  }

  get #transactionId(): number | null {
    return runningTransaction(this.#live);
  }
}

/** null also where the connector is free: a transaction left open there has nobody to charge. */
export function runningTransaction(live: ConnectorView | undefined): number | null {
  return live?.status === "Available" ? null : (live?.transaction?.transactionId ?? null);
}
