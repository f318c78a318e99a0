import type { Clock } from "../../clock.ts";
import type { ConnectorFacts } from "../../dlm/topology/facts.ts";
import type { StationEvent, StationEventName } from "../../messages.ts";
import type {
  BadgeInfo,
  BootAnswer,
  BootFact,
  DataAnswer,
  DataStatus,
  Heard,
  Reply,
  SamplesFact,
  StartAnswer,
  StartFact,
  StatusFact,
  StopFact,
} from "../../ocpp/facts.ts";
import type { CallOptions, StationConnection, StationPort } from "../../ocpp/port.ts";
import { OcppCallError } from "../../ocpp/rpc/call-error.ts";
import type { AuthorizationPort } from "../../session/badges/authorization-port.ts";
import type { AuthorizationMode } from "../../session/badges/authorize.ts";
import type { SessionWatch } from "../../session/sessions/session-watch.ts";
import type { Store } from "../../store/types.ts";
import { forReaders } from "../../words/sentence.ts";
import type { Language } from "../../words/types.ts";
import { rememberedClock } from "../capabilities/lessons.ts";
import type { LimitBook } from "../limits/limit-book.ts";
import { Badges } from "../transactions/badges.ts";
import type { ChargeIndex } from "../transactions/charge-index.ts";
import { momentOf } from "../transactions/charge-point-transactions.ts";
import { Connectors } from "../transactions/connectors.ts";
import { TransactionHandlers } from "../transactions/handlers.ts";
import { isSigned } from "../transactions/meter-values.ts";
import type {
  Carrier,
  ChargePointDefinition,
  SignRequests,
  StationChangeKind,
  StationHandle,
  StationState,
} from "../types.ts";
import { DlmFacts } from "./dlm-facts.ts";
import { faultPayload, meterPayload, redactFrame } from "./events.ts";
import { KnownStation } from "./known-station.ts";
import { Observer } from "./observer.ts";
import { StartUp } from "./start-up.ts";
import { StationEvents } from "./station-events.ts";

/** A parked charge point asks again after this, s; twice as long each time, up to the longest. */
const PARKED_RETRY_S = 30;
const LONGEST_PARKED_RETRY_S = 300;

/** How a charge point without a definition is served. */
export type Admittance = "park" | "accept";

export interface StationDeps {
  store: Store;
  clock: Clock;
  limits: LimitBook;
  /** Who decides about badges. */
  authorization: AuthorizationPort;
  /** Who keeps the sessions of a charge point. */
  sessions: (chargePoint: string) => SessionWatch;
  emit: (event: StationEvent, origin: string) => void;
  change: (kind: StationChangeKind, chargePoint: string, connector: number, paths?: readonly string[]) => void;
  /** Whether anyone listens to such events; others need not be made. */
  hears: (event: StationEventName) => boolean;
  /** Who takes its own words on to others; null = nobody does. */
  carrier: () => Carrier | null;
  charges: ChargeIndex;
  /** In which sentences are worded. */
  language: () => Language;
  sign: SignRequests;
}

/** One charge point: answers its messages, remembers what it reported and tells the rest of the product. */
export class Station extends KnownStation implements StationPort, StationHandle {
  readonly #deps: StationDeps;
  readonly #events: StationEvents;
  readonly #connectors: Connectors;
  readonly #startUp: StartUp;
  readonly #badges: Badges;
  readonly #handlers: TransactionHandlers;
  readonly #sessions: SessionWatch;
  readonly #observer: Observer;
  readonly #dlmFacts: DlmFacts;
  #definition: ChargePointDefinition | null = null;
  admittance: Admittance = "park";
  /** Key of the central system it last connected to. */
  origin = "";
  #authorization: () => AuthorizationMode = () => "open";
  /** How often in a row it was told Pending. */
  #timesPending = 0;

  constructor(identity: string, deps: StationDeps) {
    const { clock, store, charges } = deps;
    super(identity, store, clock, (paths) => this.#events.change("learnt", 0, paths));
    this.#deps = deps;
    this.#events = new StationEvents(this, deps);
    this.#sessions = deps.sessions(identity);
    this.#connectors = new Connectors(this, store, clock, charges, this.#sessions);
    this.#badges = new Badges({
      identity,
      clock,
      authorization: deps.authorization,
      served: () => this.#served,
      mode: () => this.#authorization(),
      connectors: () => this.#numbers(),
    });
    this.#handlers = new TransactionHandlers(this.#badges, this.#connectors, this.#events);
    this.#observer = new Observer({
      identity,
      capabilities: this.capabilities,
      connectors: this.#connectors,
      limits: deps.limits,
    });
    this.#dlmFacts = new DlmFacts({
      identity,
      connectors: this.#connectors,
      badges: this.#badges,
      limits: deps.limits,
      definition: () => this.#definition,
      traits: () => this.traits,
      service: () => (this.online ? this.#startUp : null),
    });
    this.#startUp = new StartUp({
      clock,
      capabilities: this.capabilities,
      call: (action, payload, options) => this.call(action, payload, options),
      order: this.order,
      dialect: () => this.dialect,
      connectors: () => this.#numbers(),
      unreported: () => this.#numbers().filter((number) => !this.#connectors.get(number)?.reported),
      unavailable: () => this.#connectors.unavailable(this.capabilities.memory.inoperative),
      charging: (connector) => (this.#connectors.get(connector)?.transaction ?? null) !== null,
      heartbeatS: () => this.heartbeatS(),
      wishes: () => this.#wishes(),
      described: () => this.#definition !== null,
      note: (text) => this.deviation(text),
      ready: () => this.#events.change("ready"),
    });
  }

  get definition(): ChargePointDefinition | null {
    return this.#definition;
  }

  get connectors(): Connectors["byNumber"] {
    return this.#connectors.byNumber;
  }

  get faults(): Connectors["faults"] {
    return this.#connectors.faults;
  }

  get clockSkewMs(): number {
    return this.#connectors.skew.ms;
  }

  get clockAheadMs(): number {
    return this.#connectors.skew.aheadMs;
  }

  /** As StationPort. */
  get served(): boolean {
    return this.#served;
  }

  get state(): StationState {
    if (!this.line.attached) return "offline";
    if (!this.#served) return "parked";
    return this.#startUp.readySinceMs !== null ? "ready" : "awaitBoot";
  }

  /** Describes the charge point, describes it anew, or (null) leaves it to the policy for unknown ones. */
  define(definition: ChargePointDefinition | null): void {
    const adopted = this.#definition === null && definition !== null;
    this.#definition = definition;
    this.#connectors.wire(definition?.connectors ?? []);
    this.capabilities.define(definition);
    if (adopted) this.#connectors.adopted();
    this.#timesPending = 0;
    if (definition) this.#restore();
    if (adopted && this.line.attached) this.#startUp.adopted();
    else if (definition) this.#startUp.reconsider();
    if (!definition) this.line.close(1001, "no longer configured");
    else if (this.origin && definition.centralSystem && definition.centralSystem !== this.origin)
      this.line.close(1001, "configured for another central system");
  }

  /** Called at each admission, before `attached`. */
  admit(
    origin: string,
    admittance: Admittance,
    heartbeatS: () => number,
    authorization: () => AuthorizationMode = () => "open",
  ): void {
    this.origin = origin;
    this.admittance = admittance;
    this.heartbeatS = heartbeatS;
    this.#authorization = authorization;
  }

  /** Who decides about its badges. */
  get authorization(): AuthorizationMode {
    return this.#authorization();
  }

  /** As StationHandle.call. */
  override call(action: string, payload: unknown, options?: CallOptions): Promise<Record<string, unknown>> {
    const send = () => super.call(action, payload, options);
    const meant = this.dialect.meaning(action, payload);
    if (meant?.order === "report" && meant.given.what === "MeterValues")
      this.#connectors.asked(meant.given.connector ?? null);
    return meant?.order === "startTransaction" ? this.#badges.startFromHere(meant.given.idTag, send) : send();
  }

  facts(nowMs: number): ConnectorFacts[] {
    return this.#dlmFacts.facts(nowMs);
  }

  willStop(transactionId: string, reason: string): void {
    this.#connectors.willStop(transactionId, reason);
  }

  commandableSinceMs(connector: number): number | null {
    return this.#dlmFacts.commandableSinceMs(connector);
  }

  /** This machine's wall clock was set forward by this (negative = back): its schedules are to be written anew. */
  hostClockStepped(byMs: number): void {
    this.#connectors.skew.hostStepped(byMs);
    this.#events.change("clock");
  }

  /** Ends timers; the socket belongs to the endpoint. */
  close(): void {
    this.#startUp.disconnected();
  }

  attached(connection: StationConnection, httpBase: string | null = null): void {
    this.line.attach(connection, httpBase);
    if (this.#definition) this.#restore();
    this.#connectors.skew.backlog.returned(this.#deps.clock.wallMs());
    if (this.#served) this.#startUp.connected();
    this.#events.emit("online", 0, () => ({ address: connection.remoteAddress }));
    this.#events.change("online");
  }

  detached(connection: StationConnection, reason: string): void {
    if (!this.line.detach(connection)) return;
    this.#startUp.disconnected();
    this.#connectors.skew.backlog.left(this.#deps.clock.wallMs());
    this.#observer.left(this.#definition?.connectors ?? []);
    this.#sessions.offline({ nowMs: this.#deps.clock.nowMs(), wallMs: this.#deps.clock.wallMs() });
    this.#events.emit("offline", 0, () => ({ reason }));
    this.#events.change("offline");
  }

  booted({ vendor, model, firmware, hasMeter }: BootFact, heard: Heard): BootAnswer {
    this.capabilities.identify(vendor, model, firmware);
    this.#observer.booted();
    this.line.adapt();
    const status = this.#served ? "Accepted" : "Pending";
    if (this.#served && this.#startUp.booted()) {
      this.#restarted();
      this.#connectors.rebooted();
      this.#deps.limits.rebooted(this.identity);
      this.#sessions.booted(hasMeter, momentOf(heard));
    }
    this.#events.emit("boot", 0, () => ({ ...heard.payload, status }), heard);
    this.#events.change("boot");
    const intervalS = this.#served ? this.heartbeatS() : this.#parkedRetryS();
    return { status, intervalS, wallMs: this.#deps.clock.wallMs() };
  }

  heartbeat(heard: Heard): number {
    this.#events.emit("heartbeat", 0, () => ({}), heard);
    // The answer leaves first: only then the charge point's clock is right again.
    if (this.#connectors.skew.told()) queueMicrotask(() => this.#events.change("clock"));
    return this.#deps.clock.wallMs();
  }

  status(told: StatusFact, heard: Heard): void {
    const { connector, status, timestampMs } = told;
    const moved = this.#connectors.report(told, heard.receivedAtMs);
    // Numbers that no connector has have no sessions.
    if (this.#served && this.#connectors.get(connector))
      this.#sessions.status(connector, status, timestampMs, momentOf(heard));
    this.#events.emit("status", connector, () => this.#statusPayload(told, heard), heard);
    if (moved) this.#events.change(moved, connector);
    this.#events.change("status", connector);
  }

  authorize(idTag: string, heard: Heard): Reply<BadgeInfo> {
    return this.#handlers.authorize(idTag, heard);
  }

  /** Resolves when it is durable. @throws EvError when that failed: the charge point then sends it again (S10) */
  async started(start: StartFact, heard: Heard): Promise<StartAnswer> {
    this.#refuseParked();
    this.#observer.start(start);
    return this.#handlers.start(start, heard);
  }

  /** Resolves when it is durable. @throws EvError when that failed */
  async stopped(stop: StopFact, heard: Heard): Promise<BadgeInfo | null> {
    this.#refuseParked();
    const { transactionId, samples } = stop;
    await this.#events.whole({ connector: 0, transactionId, atEnd: true, samples });
    return this.#handlers.stop(stop, heard);
  }

  /** Resolves when signed values are durable that are taken on. @throws EvError when that failed: the charge point then sends them again */
  measured(told: SamplesFact, heard: Heard): Reply<void> {
    const { connector, transactionId, samples } = told;
    if (told.ofTransaction) this.#refuseParked();
    const signed = this.#served ? samples.filter(isSigned) : [];
    const kept = this.#events.whole({ connector, transactionId, atEnd: false, samples: signed });
    this.#take(told, heard);
    return kept ?? undefined;
  }

  #take(told: SamplesFact, heard: Heard): void {
    const { connector, transactionId } = told;
    const outcome = this.#connectors.meter(told, heard);
    const { reading, replay, adopted, clockMoved } = outcome;
    if (reading) {
      this.#events.emit("meter", connector, () => meterPayload(reading, transactionId, replay), heard);
      if (this.#served && this.#connectors.get(connector))
        this.#sessions.reading(connector, reading, transactionId, replay, momentOf(heard));
    }
    if (adopted) this.#events.change("transaction", connector);
    this.#observer.reading(connector, outcome, heard.receivedAtMs);
    this.#judgeAnswers(connector);
    if (clockMoved) this.#events.change("clock");
  }

  /** A charge point that answers with zeros while a car charges is not asked any more. */
  #judgeAnswers(connector: number): void {
    const { triggers } = this.traits.config;
    if (triggers.MeterValues === "no" || !this.#connectors.get(connector)?.answers.worthless) return;
    const how = "answered with zeros between samples of its own that show a current";
    this.learn("config.triggers", { ...triggers, MeterValues: "no" }, how);
  }

  data(heard: Heard): Reply<DataStatus | DataAnswer> {
    const tell = (status: DataStatus) =>
      this.#events.emit("data", 0, () => ({ messageId: null, data: null, ...heard.payload, status }), heard);
    const carried = this.#served ? this.#events.carry(heard.payload) : null;
    if (!carried) {
      tell("UnknownVendorId");
      return "UnknownVendorId";
    }
    return carried.then((answer) => {
      tell(answer.status);
      return answer;
    });
  }

  signRequested(csr: string, heard: Heard): boolean {
    const answer = this.#deps.sign(this.identity, csr);
    const { status, requestId, reason } = answer;
    const told = { action: heard.action, csr, status, ...(requestId && { requestId }), ...(reason && { reason }) };
    this.#events.emit("certificate", 0, () => told, heard);
    return status === "Accepted";
  }

  /** Ends its connection; it may dial again. */
  hangUp(reason: string): void {
    this.line.close(1008, reason);
  }

  notified(event: StationEventName, payload: () => Record<string, unknown>, heard: Heard): void {
    this.#events.emit(event, 0, payload, heard);
  }

  frame(direction: "in" | "out", text: string): void {
    if (this.#deps.hears("raw")) this.#events.emit("raw", 0, () => ({ direction, frame: redactFrame(text) }));
  }

  conflict(remoteAddress: string): void {
    const reason = "a second charge point claims this identity";
    this.#events.emit("security", 0, () => ({ reason, address: remoteAddress }));
    this.#events.change("conflict");
  }

  deviation(text: string): void {
    this.#events.note(text);
  }

  protected override rebootNeeded(key: string): void {
    super.rebootNeeded(key);
    this.#events.emit("restart", 0, () => ({ required: true, keys: [...this.pendingReboot] }));
  }

  #restarted(): void {
    const keys = [...this.pendingReboot];
    this.capabilities.memory.rebooted();
    if (keys.length > 0) this.#events.emit("restart", 0, () => ({ required: false, keys }));
  }

  /** What was reported, and what it means to whom. */
  #statusPayload({ connector, status }: StatusFact, { payload }: Heard): Record<string, unknown> {
    const language = this.#deps.language();
    const words = forReaders(language, `status.${status}`);
    const fault = this.#connectors.faults.get(connector);
    return { ...payload, words, fault: fault ? faultPayload(fault, language) : null };
  }

  /**
   * Messages of a transaction are refused while the charge point waits to be added. Nothing of them is written or confirmed, so that
   * the charge point keeps it and sends it again (OCPP 1.6 §3.7.1, §4.2; OCPP-J 1.6 errata 3.10).
   */
  #refuseParked(): void {
    if (this.#served) return;
    throw new OcppCallError("SecurityError", "This charge point is not accepted yet: keep it and send it again later");
  }

  #parkedRetryS(): number {
    const retryS = PARKED_RETRY_S * 2 ** Math.min(this.#timesPending, 10);
    this.#timesPending++;
    return Math.min(LONGEST_PARKED_RETRY_S, retryS);
  }

  get #served(): boolean {
    return this.#definition !== null || this.admittance === "accept";
  }

  #numbers(): number[] {
    return this.#definition?.connectors.map(({ number }) => number) ?? [...this.#connectors.byNumber.keys()];
  }

  /** What its configuration is set up for. */
  #wishes(): string {
    const { model, overrides } = this.#definition ?? {};
    return JSON.stringify([model, overrides, this.#numbers(), this.heartbeatS(), this.capabilities.called]);
  }

  /** Takes over what was known when the process ended (S11); tried again until the database can be read. */
  #restore(): void {
    this.capabilities.restore();
    this.#connectors.restore(rememberedClock(this.learntFacts));
  }
}
