import type { MeterKind, SessionRecord } from "../../store/books/session-types.ts";
import type { TransactionRecord } from "../../store/types.ts";
import { sessionOfTransaction, sessionWithout } from "./session-begin.ts";
import { freeEnd, presumedEnd, reportedEnd, unknownEnd } from "./session-ends.ts";
import type { BookedSession, SessionHost } from "./session-host.ts";
import { adopted, LiveSession, type SessionEnd } from "./session-live.ts";
import { draws, powerOf } from "./session-reading.ts";
import { modeOf, type SessionMode } from "./session-times.ts";
import type { EventMoment, SessionReading, SessionWatch, UnknownStop } from "./session-watch.ts";

/** A session that is open. */
export interface RunningSession {
  record: Readonly<SessionRecord>;
  mode: SessionMode;
}

/** Current that flows for this long without a transaction is a free charge, ms: no transaction is expected any more. */
const FREE_AFTER_MS = 10_000;

/** A transaction that begins this soon after free charging is the same charge. */
const SAME_CHARGE_MS = 600_000;

/** A flow that is silent for this long does not know what its charger does. */
const SILENT_MS = 60_000;

/** An update is told at most this often, unless the session does something else now. */
const TELL_MS = 60_000;

/** Statuses without a car. */
const FREE: ReadonlySet<string> = new Set(["Available", "Reserved", "Unavailable"]);

/** The sessions of one charge point: those that are open, and how the next one begins. */
export class PointSessions implements SessionWatch {
  readonly #identity: string;
  readonly #host: SessionHost;
  /** Open sessions, and sessions whose end could not be written yet. Oldest first. */
  #sessions: LiveSession[] = [];
  /** Charges without a transaction that are no record yet, by connector. */
  readonly #suspects = new Map<number, { session: LiveSession; sinceMs: number }>();
  #meterKind: Exclude<MeterKind, "computed">;
  /** When a flow reported its state last (monotonic); null for a charge point that reports by itself. */
  #heardAtMs: number | null = null;

  /** @param hasMeter it named a kWh meter when it started last */
  constructor(identity: string, host: SessionHost, hasMeter: boolean) {
    this.#identity = identity;
    this.#host = host;
    this.#meterKind = hasMeter ? "meter" : "charger";
  }

  /** Takes over a session that was open when the process ended. */
  restore(session: LiveSession): void {
    if (!this.#sessions.some(({ kept }) => kept.id === session.kept.id)) this.#add(session);
  }

  /** How many sessions are open. */
  get count(): number {
    return this.#sessions.length;
  }

  /** Whether there is no session to be kept. */
  get idle(): boolean {
    return this.#sessions.length === 0 && this.#suspects.size === 0;
  }

  /** The session at a connector and what it does; undefined = there is none. */
  runningAt(connector: number): RunningSession | undefined {
    const session = this.#current(connector);
    return session && { record: session.kept, mode: session.times.mode };
  }

  get identity(): string {
    return this.#identity;
  }

  writeStart(record: TransactionRecord, replay: boolean, moment: EventMoment): void {
    this.#host.written.write(record, () => this.#writeStart(record, replay, moment));
  }

  writeStop(record: TransactionRecord, moment: EventMoment): void {
    this.#host.written.write(record, () => {
      const session = this.#ofTransaction(record.transactionId) ?? this.#fromBook(record, moment);
      const ended = this.#recordOf(session, reportedEnd(record, session, moment), moment);
      return this.#host.book.save([{ record: ended, memory: session.save() }])[0];
    });
  }

  /** A session that is not in memory: its end was presumed, or its start is known from the table of transactions alone. @throws EvError of the store */
  #fromBook(transaction: TransactionRecord, { wallMs }: EventMoment): LiveSession {
    const { chargePoint, connector, transactionId } = transaction;
    const { book } = this.#host;
    const outlet = this.#host.outlet(chargePoint, connector);
    const stored = book.byTransaction(chargePoint, transactionId);
    const found = stored?.record ?? book.add(sessionOfTransaction(transaction, outlet, true, wallMs));
    return new LiveSession(found, outlet, stored?.memory ?? null);
  }

  #writeStart(record: TransactionRecord, replay: boolean, moment: EventMoment): SessionRecord | undefined {
    const outlet = this.#host.outlet(this.#identity, record.connector);
    const first = sessionOfTransaction(record, outlet, replay, moment.wallMs);
    const free = this.#sameCharge(record, replay);
    if (!free) return this.#host.book.add(first);
    const taken = adopted(this.#recordOf(free, null, moment), first);
    return this.#host.book.save([{ record: taken, memory: free.save() }])[0];
  }

  started(record: TransactionRecord, replay: boolean, moment: EventMoment): void {
    const { connector, transactionId } = record;
    if (record.stoppedWallMs !== null || this.#ofTransaction(transactionId)) return;
    const outlet = this.#host.outlet(this.#identity, connector);
    const first = sessionOfTransaction(record, outlet, replay, moment.wallMs);
    const stored = this.#host.written.take(this.#host.book, record);
    if (stored?.endedWallMs != null) return;
    const suspect = replay ? undefined : this.#suspects.get(connector)?.session;
    if (!replay) this.#suspects.delete(connector);
    const free = this.#sameCharge(record, replay);
    if (free) {
      free.adopt(first);
      this.#host.tell("update", this.#recordOf(free, null, moment));
      return;
    }
    if (!replay) this.#supersede(connector, first.startedWallMs, moment);
    const session = new LiveSession(stored ?? { ...first, number: 0, closedNumber: null }, outlet);
    session.times.set(suspect?.times.mode ?? null, moment.nowMs);
    this.#add(session);
    if (!stored) this.#write(session, moment);
    this.#host.tell("open", this.#recordOf(session, null, moment));
  }

  stopped(record: TransactionRecord, moment: EventMoment): void {
    const session = this.#ofTransaction(record.transactionId);
    const stored = this.#host.written.take(this.#host.book, record);
    if (stored?.endedWallMs != null) {
      if (session) this.#drop(session);
      this.#host.tell("close", stored);
    } else if (session) this.#end(session, reportedEnd(record, session, moment), moment);
  }

  stoppedUnknown(stop: UnknownStop, moment: EventMoment): void {
    const session = this.#ofTransaction(stop.transactionId);
    if (session) this.#end(session, unknownEnd(stop, moment), moment);
  }

  reading(
    connector: number,
    reading: SessionReading,
    transactionId: string | null,
    replay: boolean,
    moment: EventMoment,
  ): void {
    const powerW = powerOf(reading);
    const isDrawing = draws(reading, powerW);
    const session = this.#concerned(connector, transactionId, replay, isDrawing, moment);
    if (!session) return;
    const wallMs = replay && Number.isFinite(reading.timestampMs) ? reading.timestampMs : moment.wallMs;
    if (!replay && powerW !== null) this.#host.sun.draw(session, powerW);
    const share = replay ? null : this.#host.sun.share(moment.wallMs);
    const hadRegister = session.hasRegister;
    session.read({ wallMs, registerWh: reading.energyWh, powerW }, reading.currentA, share);
    if (!hadRegister && session.hasRegister) this.#hurry(session);
    if (replay) return;
    if (isDrawing) session.goneSinceWallMs = null;
    if (isDrawing && session.times.mode !== "charging") session.times.set("charging", moment.nowMs);
    if (session.rebooted && (isDrawing || transactionId !== null) && transactionId === session.kept.transactionId)
      this.#resume(session);
  }

  measured(transactionId: string, readings: readonly SessionReading[], { wallMs }: EventMoment): void {
    this.#ofTransaction(transactionId)?.supply(readings, wallMs);
  }

  status(connector: number, status: string, timestampMs: number, moment: EventMoment): void {
    if (connector === 0) return;
    const session = this.#current(connector) ?? this.#suspects.get(connector)?.session;
    if (!session) {
      if (status === "Charging") this.#suspect(connector, moment);
      return;
    }
    const mode = modeOf(status);
    session.times.set(mode, moment.nowMs);
    if (mode !== "charging") {
      session.rest(moment.wallMs);
      this.#host.sun.draw(session, 0);
    }
    if (this.#suspects.get(connector)?.session === session) {
      if (mode === null || status === "Finishing") this.#suspects.delete(connector);
      return;
    }
    const isFree = session.kept.transactionId === null;
    const over = FREE.has(status) || (isFree && status === "Finishing");
    if (isFree && mode === "charging" && session.rebooted) this.#resume(session);
    if (!over && !session.rebooted) session.seen(moment.wallMs);
    if (!over) session.goneSinceWallMs = null;
    else if (!isFree) session.leave(moment.wallMs);
    else this.#end(session, freeEnd(session, status, timestampMs, moment), moment);
  }

  offline({ nowMs }: EventMoment): void {
    for (const session of this.#sessions) {
      session.times.set(null, nowMs);
      this.#host.sun.draw(session, 0);
    }
    this.#suspects.clear();
  }

  booted(hasMeter: boolean, moment: EventMoment): void {
    this.#meterKind = hasMeter ? "meter" : "charger";
    this.#host.named(this.#identity, hasMeter);
    for (const session of this.#sessions) {
      session.times.set(null, moment.nowMs);
      session.rebooted = true;
      session.hurry();
    }
  }

  /** A flow speaks for the charge point, and does so at least once a minute. */
  heard({ nowMs }: EventMoment): void {
    this.#heardAtMs = nowMs;
  }

  /** A flow says whose session runs at a connector. */
  identify(connector: number, known: Parameters<LiveSession["identify"]>[0]): void {
    (this.#current(connector) ?? this.#suspects.get(connector)?.session)?.identify(known);
  }

  /** Takes a person's name out of what is in memory. */
  forget(isTheirs: (name: string) => boolean): void {
    for (const session of this.#sessions) session.forget(isTheirs);
    for (const { session } of this.#suspects.values()) session.forget(isTheirs);
  }

  /** Counts times, ends sessions that are over, begins free charges. @returns the sessions that are to be written */
  tick(moment: EventMoment): LiveSession[] {
    if (this.#heardAtMs !== null && moment.nowMs - this.#heardAtMs > SILENT_MS) this.offline(moment);
    for (const [connector, { session, sinceMs }] of this.#suspects) {
      if (moment.nowMs - sinceMs < FREE_AFTER_MS) continue;
      this.#suspects.delete(connector);
      this.#open(session, moment);
    }
    for (const session of [...this.#sessions]) this.#watch(session, moment);
    return this.#sessions.filter((session) => session.wantsWriting(moment.nowMs));
  }

  /** What is to be written of a session. */
  row(session: LiveSession, moment: EventMoment): BookedSession {
    return { record: this.#recordOf(session, null, moment), memory: session.save() };
  }

  /** It was written as this. */
  written(session: LiveSession, record: SessionRecord): void {
    session.written(record);
    if (!session.closed) return;
    this.#drop(session);
    this.#host.tell("close", record);
  }

  #watch(session: LiveSession, moment: EventMoment): void {
    if (session.closed) return;
    this.#readMeter(session, moment);
    const { times } = session;
    times.count(moment.nowMs);
    times.limited = times.mode === "charging" && this.#host.limited(this.#identity, session.kept.connector) === true;
    if (times.mode !== null) session.isDirty = true;
    const end = presumedEnd(session, moment);
    if (end) this.#end(session, end, moment);
    else this.#tellUpdate(session, moment);
  }

  #tellUpdate(session: LiveSession, moment: EventMoment): void {
    const isOther = session.toldMode !== session.times.mode;
    if (!isOther && (!session.isDirty || moment.nowMs - session.toldAtMs < TELL_MS)) return;
    session.toldAtMs = moment.nowMs;
    session.toldMode = session.times.mode;
    this.#host.tell("update", this.#recordOf(session, null, moment));
  }

  /** What still runs at a connector, without a transaction of ours, when another one begins. */
  #supersede(connector: number, wallMs: number, moment: EventMoment): void {
    const before = this.#current(connector);
    const isOurs = before && before.kept.transactionId !== null && !before.kept.flags.includes("foreignTransaction");
    if (before && !isOurs) this.#end(before, { wallMs, meterStopWh: null, reason: "superseded" }, moment);
  }

  #end(session: LiveSession, end: SessionEnd, moment: EventMoment): void {
    session.become(this.#recordOf(session, end, moment));
    this.#host.sun.draw(session, 0);
    this.#write(session, moment);
  }

  /** What cannot be written now is written with a later tick. */
  #write(session: LiveSession, moment: EventMoment): void {
    try {
      const [record] = this.#host.book.save([this.row(session, moment)]);
      if (record) this.written(session, record);
    } catch {
      session.hurry();
    }
  }

  #hurry(session: LiveSession): void {
    session.hurry();
    this.#host.soon();
  }

  #resume(session: LiveSession): void {
    session.rebooted = false;
    session.flag("resumed");
  }

  #concerned(
    connector: number,
    transactionId: string | null,
    replay: boolean,
    isDrawing: boolean,
    moment: EventMoment,
  ): LiveSession | undefined {
    const named = transactionId === null ? undefined : this.#ofTransaction(transactionId);
    if (named || replay) return named;
    const session = this.#current(connector) ?? this.#suspects.get(connector)?.session;
    if (!session) return isDrawing ? this.#suspect(connector, moment) : undefined;
    if (session.kept.transactionId === null && transactionId !== null) session.number(transactionId);
    return session;
  }

  #suspect(connector: number, moment: EventMoment): LiveSession {
    const outlet = this.#host.outlet(this.#identity, connector);
    const first = sessionWithout(this.#identity, connector, outlet, moment.wallMs);
    const session = new LiveSession({ ...first, number: 0, closedNumber: null }, outlet);
    session.times.set("charging", moment.nowMs);
    if (outlet.isFree) {
      this.#open(session, moment);
      return session;
    }
    this.#suspects.set(connector, { session, sinceMs: moment.nowMs });
    this.#host.busy();
    return session;
  }

  /** The free session that a transaction continues. */
  #sameCharge({ connector, startedWallMs }: TransactionRecord, replay: boolean): LiveSession | null {
    const before = replay ? undefined : this.#current(connector);
    if (!before || before.kept.transactionId !== null) return null;
    return Math.abs(startedWallMs - before.kept.startedWallMs) <= SAME_CHARGE_MS ? before : null;
  }

  #current(connector: number): LiveSession | undefined {
    const sessions = this.#sessions;
    for (let at = sessions.length - 1; at >= 0; at--) {
      const { kept } = sessions[at]!;
      if (kept.connector === connector && kept.endedWallMs === null) return sessions[at];
    }
    return undefined;
  }

  #ofTransaction(transactionId: string): LiveSession | undefined {
    return this.#sessions.find((session) => session.kept.transactionId === transactionId && !session.closed);
  }

  /** A session without a transaction becomes a record. */
  #open(session: LiveSession, moment: EventMoment): void {
    this.#add(session);
    this.#write(session, moment);
    this.#host.tell("open", this.#recordOf(session, null, moment));
  }

  #add(session: LiveSession): void {
    this.#sessions.push(session);
    this.#host.busy();
  }

  #drop(session: LiveSession): void {
    this.#host.sun.draw(session, 0);
    this.#sessions = this.#sessions.filter((other) => other !== session);
  }

  /** The meter of its socket is read when the session begins and ends, and with each tick. */
  #readMeter(session: LiveSession, moment: EventMoment): void {
    if (!session.isMetered) return;
    const reading = this.#host.meter?.(this.#identity, session.kept.connector, moment);
    if (reading) session.readMeter(reading);
  }

  #recordOf(session: LiveSession, end: SessionEnd | null, moment: EventMoment): SessionRecord {
    if (session.closed && end === null) return session.kept;
    this.#readMeter(session, moment);
    const badge = session.kept.idTag ? this.#host.badge(this.#identity, session.kept.idTag) : null;
    return session.record(end, moment, badge, this.#meterKind);
  }
}
