import type { Clock, Timer } from "../clock.ts";
import { EvError, messageOf } from "../errors.ts";
import type { DataAnswer } from "../ocpp/facts.ts";
import { CALL_PRIORITY } from "../ocpp/port.ts";
import { OcppCallError } from "../ocpp/rpc/call-error.ts";
import type { BootNotificationRequest } from "../ocpp/v16/boot-notification.ts";
import type { UpstreamBook, UpstreamMessage, UpstreamRecord } from "../store/books/upstreams.ts";
import type { Language } from "../words/types.ts";
import { answerCommand, type CommandPort } from "./commands.ts";
import { Link, retryMs } from "./link.ts";
import type { Overlay } from "./overlay.ts";
import type { CloudProfiles } from "./profiles.ts";
import { type ConnectorNow, sampleOf, statusOf } from "./records.ts";
import { type BackEndSettings, takesVendor, upstreamIdentity } from "./types.ts";
import type { Upkeep } from "./upkeep.ts";

/** Words with which a back end says that it cannot take a message now; any other error is about the message itself. */
const PASSING_ERRORS: ReadonlySet<string> = new Set(["InternalError", "GenericError", "SecurityError"]);

/** A charger waits for the answer to a message of its vendor's own kind so long, ms. */
const DATA_MS = 15_000;

/** What a virtual charge point is told of the charger that it stands for. */
export interface ReportedCharger {
  boot(): BootNotificationRequest;
  /** By number. */
  connectors(): ReadonlyMap<number, ConnectorNow>;
  start(connector: number | null, idTag: string): Promise<boolean>;
  /** Id of the session that runs at a connector; null = none. */
  chargeAt(connector: number): string | null;
  /** Hands a message of a vendor's own kind to the charger. Never rejects. */
  data(request: Record<string, unknown>): Promise<DataAnswer>;
  /** @param session id of the session to be ended */
  stop(session: string): Promise<boolean>;
}

export interface VirtualChargePointOptions {
  settings: BackEndSettings;
  chargePoint: string;
  book: UpstreamBook;
  clock: Clock;
  charger: ReportedCharger;
  /** Limits that the back end has set. */
  profiles: CloudProfiles;
  /** What it has set for its own reports. */
  overlay: Overlay;
  upkeep: Upkeep;
  language(): Language;
  /** It has answered the start of a charge; what follows is durable before the start counts as confirmed. Never rejects. */
  started(record: UpstreamRecord, idTagInfo: unknown): Promise<string | null>;
  onChange(): void;
}

/** A message that the back end has taken. */
interface Confirmed {
  message: UpstreamMessage;
  transactionId: number | null;
  /** What is peculiar about it. */
  note: string | null;
}

/**
 * One charge point as one back end sees it. Sends the states of its connectors, of each the newest only, and the messages of its queue,
 * one after the other: a message leaves the queue when the back end has confirmed it, or will never take it.
 */
export class VirtualChargePoint {
  readonly #options: VirtualChargePointOptions;
  readonly #link: Link;
  /** States as they were confirmed last, by connector. */
  readonly #told = new Map<number, string>();
  /** What is to be told beside the records, by action. */
  readonly #notices = new Map<string, object>();
  #isPumping = false;
  #tries = 0;
  /** The start that is about to be sent, and was not yet: one whose mark does not come to the disk is not lost. */
  #unsent: number | null = null;
  /** Runs while the head of the queue waits to be tried again, and why. */
  #retry: Timer | null = null;
  #trouble: string | null = null;
  /** What the back end has confirmed and the database could not take yet. */
  #confirmed: Confirmed | null = null;
  #isClosed = false;

  constructor(options: VirtualChargePointOptions) {
    const { settings, chargePoint, clock, charger, language } = options;
    this.#options = options;
    const commands = this.#commands();
    this.#link = new Link({
      clock,
      language,
      url: settings.url,
      identity: upstreamIdentity(settings, chargePoint),
      ...(settings.password !== null && { password: settings.password }),
      ...(settings.tls && { tls: settings.tls }),
      boot: () => charger.boot(),
      onCall: (action, payload) => answerCommand(action, payload, commands),
      onChange: () => this.#linkChanged(),
    });
  }

  get connected(): boolean {
    return this.#link.accepted;
  }

  /** Why nothing is reported now; null = it is, or is about to be. */
  get failure(): string | null {
    return this.#link.failure ?? this.#trouble;
  }

  /** Hands on a message of a vendor's own kind. Never rejects. */
  async data(payload: Record<string, unknown>): Promise<DataAnswer> {
    const options = { priority: CALL_PRIORITY.lease, timeoutMs: DATA_MS };
    const answer = await this.#link.call("DataTransfer", payload, options)?.catch(() => undefined);
    return (answer as DataAnswer | undefined) ?? { status: "Rejected" };
  }

  /** Asks about a badge, before all that waits. @returns null where it cannot be asked now; rejects as StationConnection.call */
  authorize(idTag: string): Promise<Record<string, unknown>> | null {
    return this.#link.call("Authorize", { idTag }, { priority: CALL_PRIORITY.decrease });
  }

  /** Tells it something beside the records; the newest of each kind, once it can be told. */
  notify(action: string, payload: object): void {
    this.#notices.set(action, payload);
    this.nudge();
  }

  /** Something may be there to be sent. */
  nudge(): void {
    void this.#pump();
  }

  /** What was refused or waits is tried at once. */
  hurry(): void {
    this.#options.clock.clear(this.#retry ?? undefined);
    this.#retry = null;
    this.#tries = 0;
    this.nudge();
  }

  close(): void {
    this.#isClosed = true;
    this.#options.clock.clear(this.#retry ?? undefined);
    this.#link.close();
  }

  #linkChanged(): void {
    // The back end may have forgotten what it was told.
    this.#told.clear();
    this.#options.onChange();
    if (this.connected) this.hurry();
  }

  /** Never rejects. */
  async #pump(): Promise<void> {
    if (this.#isPumping) return;
    this.#isPumping = true;
    try {
      while (!this.#isClosed && this.connected && (await this.#tellOne())) {
        // Until nothing is left.
      }
    } catch (error) {
      this.#tryLater(messageOf(error));
    } finally {
      this.#isPumping = false;
    }
  }

  /** @returns whether there may be more to be told */
  async #tellOne(): Promise<boolean> {
    return (await this.#tellStatus()) || (await this.#tellNotice()) || this.#sendNext();
  }

  /** @returns whether there was one */
  async #tellNotice(): Promise<boolean> {
    for (const [action, payload] of this.#notices) {
      this.#notices.delete(action);
      try {
        await this.#link.call(action, payload);
      } catch (error) {
        if (isAnswer(error)) continue;
        if (!this.#notices.has(action)) this.#notices.set(action, payload);
        throw error;
      }
      return true;
    }
    return false;
  }

  /** Tells one state that has changed. @returns whether there was one */
  async #tellStatus(): Promise<boolean> {
    for (const [connectorId, now] of this.#states()) {
      const told = JSON.stringify(now);
      if (this.#told.get(connectorId) === told) continue;
      this.#told.set(connectorId, told);
      const timestamp = new Date(this.#options.clock.wallMs()).toISOString();
      try {
        await this.#link.call("StatusNotification", { connectorId, ...now, timestamp });
      } catch (error) {
        // A back end that does not take a state gets the next one.
        if (!isAnswer(error)) this.#told.delete(connectorId);
        if (!isAnswer(error)) throw error;
      }
      return true;
    }
    return false;
  }

  #states(): Map<number, ReturnType<typeof statusOf>> {
    const connectors = [...this.#options.charger.connectors()];
    const isGone = connectors.length > 0 && connectors.every(([, now]) => now.isGone);
    const whole = statusOf({ isGone, status: "Available", errorCode: null, isPaused: false });
    return new Map([[0, whole], ...connectors.map(([number, now]) => [number, statusOf(now)] as const)]);
  }

  /** Sends the head of the queue. @returns whether there may be more */
  async #sendNext(): Promise<boolean> {
    const { book, settings, chargePoint } = this.#options;
    if (this.#retry) return false;
    if (this.#confirmed) return this.#keepConfirmation(this.#confirmed);
    const message = book.next(settings.backEnd, chargePoint);
    if (!message) return false;
    const record = book.find(message.backEnd, message.session);
    try {
      const answer = record && (await this.#send(message, record));
      const transactionId = message.kind === "start" ? Number(answer?.["transactionId"]) : null;
      const isStart = message.kind === "start" && record !== null;
      const note = isStart ? await this.#options.started(record, answer?.["idTagInfo"]) : null;
      this.#confirmed = { message, transactionId, note };
    } catch (error) {
      return this.#failed(message, error);
    }
    return this.#keepConfirmation(this.#confirmed);
  }

  /** @throws EvError of the store: it is tried again, and nothing else is sent before */
  #keepConfirmation({ message, transactionId, note }: Confirmed): true {
    const { book, clock, onChange } = this.#options;
    book.confirm(message, transactionId, clock.wallMs(), note);
    this.#confirmed = null;
    this.#tries = 0;
    this.#trouble = null;
    onChange();
    return true;
  }

  /** @returns the answer; null = there is nothing to be sent @throws EvError as StationConnection.call */
  async #send(message: UpstreamMessage, record: UpstreamRecord): Promise<Record<string, unknown> | null> {
    const { book } = this.#options;
    const { transactionId } = record;
    if (message.kind === "start") {
      if (message.sent && message.number !== this.#unsent) book.lost(message);
      this.#unsent = message.number;
      await book.sending(message);
      this.#unsent = null;
      return this.#call("StartTransaction", record.start);
    }
    if (transactionId === null) return null;
    if (message.kind === "stop") {
      const transactionData = book.data(record);
      const stop = { ...record.stop, transactionId, ...(transactionData && { transactionData }) };
      return record.stop && this.#call("StopTransaction", stop);
    }
    const sample = sampleOf(record, message);
    const meterValue = message.sample?.whole ?? (sample ? [sample] : []);
    const { connectorId } = record.start;
    return meterValue.length === 0 ? null : this.#call("MeterValues", { connectorId, transactionId, meterValue });
  }

  async #call(action: string, payload: object): Promise<Record<string, unknown>> {
    const answer = this.#link.call(action, payload);
    if (!answer) throw new EvError("EV_UPSTREAM", `the connection ended before ${action} was sent`);
    return answer;
  }

  /** @returns whether the next message may be sent */
  #failed(message: UpstreamMessage, error: unknown): boolean {
    const { book, clock } = this.#options;
    const isPassing = error instanceof OcppCallError && PASSING_ERRORS.has(error.ocppCode);
    if (isAnswer(error) && !isPassing) {
      if (this.#sendsBare(message, messageOf(error))) return true;
      book.refuse(message, messageOf(error), clock.wallMs());
      this.#options.onChange();
      return true;
    }
    const isUnsent = error instanceof EvError && error.code === "EV_UPSTREAM";
    if ((isPassing || isUnsent) && message.kind === "start") book.notTaken(message);
    this.#tryLater(messageOf(error));
    return false;
  }

  /** An end whose meter values the back end does not take is sent without them: the energy counts. @returns whether it had any */
  #sendsBare(message: UpstreamMessage, why: string): boolean {
    const { book, clock } = this.#options;
    const record = message.kind === "stop" ? book.find(message.backEnd, message.session) : null;
    if (!record || book.data(record) === null) return false;
    book.dropData(record, `the charger's meter values were not taken: ${why}`, clock.wallMs());
    return true;
  }

  #tryLater(why: string): void {
    if (this.#isClosed || this.#retry) return;
    this.#trouble = why;
    this.#options.onChange();
    this.#retry = this.#options.clock.setTimeout(
      () => {
        this.#retry = null;
        this.nudge();
      },
      retryMs(this.#tries++),
    );
  }

  #commands(): CommandPort {
    const { settings, chargePoint, book, charger, profiles, overlay, upkeep } = this.#options;
    const connectors = () => [...charger.connectors().keys()];
    const link = () => this.#link;
    const port = {
      connectors,
      get heartbeatS() {
        return link().heartbeatS;
      },
      set heartbeatS(heartbeatS: number) {
        link().heartbeatS = heartbeatS;
      },
    };
    const running = (transactionId: number) => {
      const record = book.ofTransaction(settings.backEnd, chargePoint, transactionId);
      return record?.stop === null ? record : null;
    };
    return {
      profiles,
      setProfile: (connector, profile) => {
        const { transactionId } = profile;
        const record = transactionId === undefined ? null : running(transactionId);
        const charge = charger.chargeAt(connector);
        const isOther = transactionId !== undefined && (record === null || record.session !== charge);
        return profiles.set(connector, profile, isOther ? null : charge);
      },
      connectors,
      upkeep,
      data: (request) => (takesVendor(settings, request["vendorId"]) ? charger.data(request) : null),
      keys: () => overlay.keys(port),
      changeKey: (key, value) => overlay.change(key, value, port),
      mayControl: () => settings.role === "billing",
      report: (message, connector) => {
        // After the answer.
        setImmediate(() => {
          if (message === "BootNotification") this.#link.reboot();
          else if (message === "Heartbeat") this.#link.beat();
          else this.#tellAgain(connector);
        });
      },
      start: async (connector, idTag, profile) => {
        const takeBack = profile && (await profiles.expect(connector, idTag, profile));
        if (profile && !takeBack) return false;
        const isStarted = await charger.start(connector, idTag);
        if (!isStarted) takeBack?.();
        return isStarted;
      },
      stop: async (transactionId) => {
        const record = running(transactionId);
        return record !== null && (await charger.stop(record.session));
      },
    };
  }

  #tellAgain(connector: number | null): void {
    if (connector === null) this.#told.clear();
    else this.#told.delete(connector);
    this.nudge();
  }
}

/** The back end has answered, or would never take a message in this form. */
function isAnswer(error: unknown): boolean {
  return error instanceof OcppCallError || (error instanceof EvError && error.code === "EV_OCPP_INVALID");
}
