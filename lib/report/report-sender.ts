import { randomUUID } from "node:crypto";
import { type Clock, isoTime, type Timer } from "../clock.ts";
import { messageOf } from "../errors.ts";
import type { ReportBook, ReportDestination, ReportRecord } from "../store/books/reports.ts";
import type { SessionBook } from "../store/books/session-types.ts";
import { type ContentStyle, type ReportContent, type ReportRange, writeReport } from "./content.ts";
import { lastDue, nextDue, periodName, type ReportPlan } from "./schedule.ts";

/** How often it is looked whether a report is due, ms: a clock that was set, or a machine that slept, does no harm. */
const LOOK_MS = 20_000;

/** Time between two tries of a report, ms. */
const RETRY_MS = 3_600_000;
/** A report that was not delivered for so long is given up, ms: 168 tries. */
const GIVE_UP_MS = 7 * 86_400_000;

/** Time between two tries where the destination never acknowledged a report, ms: perhaps it takes each, and does not say so. */
const SILENT_RETRY_MS = 86_400_000;

/** Why a try failed of which no answer came, or in the middle of which the process ended. */
const NO_WORD = "nothing was heard of the last try";

/** A report that is dated this far ahead was written down while the clock was wrong, ms. */
const FUTURE_MS = 2 * 86_400_000;

/** A test report holds this many of the last sessions. */
const TEST_SESSIONS = 10;
/** And what zones consumed in so many days. */
const TEST_DAYS_MS = 7 * 86_400_000;

export type ReportEventName = "created" | "sent" | "failed" | "givenUp" | "test";

/** What became of a report. Times are ISO 8601 UTC. */
export interface ReportEvent {
  event: ReportEventName;
  reportId: string;
  destination: string;
  /** What it is about: `2026-05`. */
  period: string;
  /** Number of sessions in it. */
  sessions: number;
  tries: number;
  nextTry: string | null;
  error: string | null;
}

type TestNote = Omit<ReportEvent, "event" | "destination" | "error">;

/** `done`: it has arrived. `handedOver`: an acknowledgement will tell. */
export type DeliveryState = "done" | "handedOver";

export interface ReportSenderDeps {
  reports: ReportBook;
  sessions: SessionBook;
  clock: Clock;
  /** Stable name of the destination: no session is sent to it twice. */
  destination: string;
  plan: () => ReportPlan;
  style: () => ContentStyle;
  /** Delivers a report; rejects with why not. */
  deliver: (id: string, content: ReportContent) => Promise<DeliveryState>;
  tell: (event: ReportEvent) => void;
  /** The store fails; the next look tries again. */
  trouble: (error: unknown) => void;
}

/** Looks after the reports to one destination: makes them when they are due, sends each once, tries for a week. */
export class ReportSender {
  readonly #deps: ReportSenderDeps;
  #looking: Timer | undefined;
  #busy = false;
  #closed = false;
  /** A try by hand was asked for while another one ran. */
  #again = false;
  /** The last test, about which a flow may still say something. */
  #tested: TestNote | null = null;

  constructor(deps: ReportSenderDeps) {
    this.#deps = deps;
  }

  /** Begins to look; at once for what was missed. */
  start(): void {
    this.#looking = this.#deps.clock.setInterval(() => void this.look(), LOOK_MS);
    void this.look();
  }

  close(): void {
    this.#closed = true;
    this.#deps.clock.clear(this.#looking);
  }

  /** Reports that wait. @throws EvError of the store */
  get waiting(): ReportRecord[] {
    return this.#deps.reports.waiting(this.#deps.destination);
  }

  /** The newest reports, newest first. @throws EvError of the store */
  newest(most: number): ReportRecord[] {
    return this.#deps.reports.newest(this.#deps.destination, most);
  }

  /** Makes what is due and tries what waits. Never rejects. @param force tries also what is to be tried later */
  async look(force = false): Promise<void> {
    if (this.#busy) {
      this.#again ||= force;
      return;
    }
    this.#busy = true;
    try {
      this.#makeDue();
      for (const report of this.waiting) await this.#consider(report, force);
    } catch (error) {
      if (!this.#closed) this.#deps.trouble(error);
    }
    this.#busy = false;
    if (!this.#again || this.#closed) return;
    this.#again = false;
    await this.look(true);
  }

  /** Makes a report of what no report took yet, out of turn, and sends it. @throws EvError of the store */
  async sendNow(): Promise<void> {
    const { sessions, clock, plan } = this.#deps;
    const state = this.#destination();
    const upToClosed = sessions.lastClosedBefore(Number.MAX_SAFE_INTEGER);
    this.#make(state, upToClosed, nextDue(plan(), clock.wallMs()), state.dueWallMs);
    await this.look(true);
  }

  /**
   * Sends the last sessions as a test, and tries what waits. Rejects with why it failed.
   * @param deliver another way than the usual one, to try it out
   * @returns the number of sessions in it
   */
  async test(deliver: ReportSenderDeps["deliver"] = this.#deps.deliver): Promise<number> {
    const { sessions, clock, plan } = this.#deps;
    const upToClosed = sessions.lastClosedBefore(Number.MAX_SAFE_INTEGER);
    const afterClosed = Math.max(0, upToClosed - TEST_SESSIONS);
    const id = `test-${randomUUID()}`;
    const name = periodName(plan(), nextDue(plan(), clock.wallMs()));
    const toWallMs = clock.wallMs();
    const days = { fromWallMs: toWallMs - TEST_DAYS_MS, toWallMs };
    const content = await this.#write({ name, afterClosed, upToClosed, isTest: true, days });
    const about = { reportId: id, period: name, sessions: content.sessions, tries: 1, nextTry: null };
    this.#tested = about;
    try {
      await deliver(id, content);
      this.#tell({ event: "test", ...about, error: null });
      return content.sessions;
    } catch (error) {
      this.#tell({ event: "test", ...about, error: messageOf(error) });
      throw error;
    } finally {
      await this.look(true);
    }
  }

  /** Somebody says what became of a report that was handed over. @param error null = it has arrived. @returns whether it is one of ours */
  acknowledge(id: string, error: string | null): boolean {
    const { reports, destination } = this.#deps;
    if (id.startsWith("test-")) {
      if (error !== null && this.#tested?.reportId === id) this.#tell({ event: "test", ...this.#tested, error });
      return true;
    }
    const report = reports.get(id);
    if (report?.destination !== destination) return false;
    const state = this.#destination();
    if (!state.acknowledges) reports.saveDestination(destination, { ...state, acknowledges: true });
    if (report.state !== "waiting") return true;
    if (error === null) this.#sent(report);
    else this.#failed(report, error, this.#deps.clock.wallMs() + RETRY_MS);
    return true;
  }

  #makeDue(): void {
    const { clock, plan, sessions } = this.#deps;
    const now = clock.wallMs();
    const due = lastDue(plan(), now);
    const state = this.#destination();
    if (due <= state.dueWallMs) return;
    this.#make(state, sessions.lastClosedBefore(due), due, due);
  }

  #make(state: ReportDestination, upTo: number, toWallMs: number, dueWallMs: number): void {
    const { reports, clock, destination } = this.#deps;
    const now = clock.wallMs();
    const report: ReportRecord = {
      id: randomUUID(),
      destination,
      afterClosed: state.mark,
      upToClosed: Math.max(state.mark, upTo),
      fromWallMs: state.dueWallMs,
      toWallMs,
      createdWallMs: now,
      tries: 0,
      nextWallMs: now,
      state: "waiting",
      error: null,
      doneWallMs: null,
    };
    reports.add(report, dueWallMs);
    this.#told("created", report);
  }

  /** How far it has come. A new destination begins with the period that runs. */
  #destination(): ReportDestination {
    const { reports, sessions, clock, destination, plan } = this.#deps;
    const known = reports.destination(destination);
    const now = clock.wallMs();
    if (known && known.dueWallMs <= now + FUTURE_MS) return known;
    const dueWallMs = lastDue(plan(), now);
    const mark = known?.mark ?? sessions.lastClosedBefore(dueWallMs);
    const state = { mark, dueWallMs, acknowledges: known?.acknowledges ?? false };
    reports.saveDestination(destination, state);
    return state;
  }

  async #consider(report: ReportRecord, force: boolean): Promise<void> {
    if (this.#closed) return;
    const now = this.#deps.clock.wallMs();
    const isDue = report.nextWallMs === null || report.nextWallMs <= now || report.nextWallMs > now + FUTURE_MS;
    if (!isDue && !force) return;
    if (report.tries > 0 && now - report.createdWallMs >= GIVE_UP_MS) this.#giveUp(report);
    else await this.#try(report);
  }

  async #try(before: ReportRecord): Promise<void> {
    const { reports, clock, deliver } = this.#deps;
    const now = clock.wallMs();
    const { acknowledges } = this.#destination();
    // Written first: a crash in the middle costs an hour, not a second copy at once.
    const report: ReportRecord = { ...before, tries: before.tries + 1, nextWallMs: now + RETRY_MS, error: null };
    reports.save(report);
    if (before.tries > 0 && before.error === null) this.#told("failed", { ...report, error: NO_WORD });
    try {
      // A report out of turn ends in a period that runs: the report at its end tells the days.
      const days = report.toWallMs > report.createdWallMs ? null : report;
      const content = await this.#write({ ...report, name: this.#nameOf(report), isTest: false, days });
      const delivery = await deliver(report.id, content);
      const current = reports.get(report.id);
      if (current?.state !== "waiting") return;
      if (delivery === "done") this.#sent(current);
      else if (current.error === null && !acknowledges) {
        reports.save({ ...current, nextWallMs: now + SILENT_RETRY_MS });
      }
    } catch (error) {
      this.#failed(report, messageOf(error), now + RETRY_MS);
    }
  }

  #sent(report: ReportRecord): void {
    const doneWallMs = this.#deps.clock.wallMs();
    const sent: ReportRecord = { ...report, state: "sent", nextWallMs: null, error: null, doneWallMs };
    this.#deps.reports.save(sent);
    this.#told("sent", sent);
  }

  #failed(report: ReportRecord, error: string, nextWallMs: number): void {
    const failed = { ...report, error, nextWallMs };
    this.#deps.reports.save(failed);
    this.#told("failed", failed);
  }

  #giveUp(report: ReportRecord): void {
    const doneWallMs = this.#deps.clock.wallMs();
    const error = report.error ?? NO_WORD;
    const given: ReportRecord = { ...report, state: "givenUp", nextWallMs: null, error, doneWallMs };
    this.#deps.reports.save(given);
    this.#told("givenUp", given);
  }

  #nameOf(report: ReportRecord): string {
    return periodName(this.#deps.plan(), report.toWallMs);
  }

  #write(range: ReportRange): Promise<ReportContent> {
    const { sessions, reports, destination, style } = this.#deps;
    return writeReport(sessions, range, style(), (closedNumber) => reports.holds(destination, closedNumber));
  }

  #told(event: ReportEventName, report: ReportRecord): void {
    const { id, afterClosed, upToClosed, tries, nextWallMs, error } = report;
    this.#tell({
      event,
      reportId: id,
      period: this.#nameOf(report),
      sessions: this.#deps.sessions.closedCount(afterClosed, upToClosed),
      tries,
      nextTry: nextWallMs === null ? null : isoTime(nextWallMs),
      error,
    });
  }

  #tell(event: Omit<ReportEvent, "destination">): void {
    if (!this.#closed) this.#deps.tell({ ...event, destination: this.#deps.destination });
  }
}
