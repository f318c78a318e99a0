import { type Clock, isoTime } from "../clock.ts";
import type { ConnectorFacts } from "../dlm/facts.ts";
import { EvError } from "../errors.ts";
import type { StationEvent, StationEventName } from "../messages.ts";
import type { CallContext, CallOptions, StationConnection, StationPort } from "../ocpp/port.ts";
import type {
  AuthorizeRequest,
  AuthorizeResponse,
  BootNotificationRequest,
  BootNotificationResponse,
  DataTransferRequest,
  DataTransferResponse,
  IdTagInfo,
  MeterValuesRequest,
  StartTransactionRequest,
  StartTransactionResponse,
  StatusNotificationRequest,
  StopTransactionRequest,
  StopTransactionResponse,
} from "../ocpp/v16/index.ts";
import type { Store } from "../store/types.ts";
import { Badges } from "./badges.ts";
import { meterPayload, redactFrame, startPayload, stationEvent, stopPayload } from "./events.ts";
import { connectorFacts } from "./facts.ts";
import type { LimitBook } from "./limit-book.ts";
import { Outlets } from "./outlets.ts";
import { StartUp } from "./start-up.ts";
import type { ChargePointDefinition, Learnt, StationChangeKind, StationHandle, StationState } from "./types.ts";

/** A parked charge point asks again after this. */
const PARKED_RETRY_S = 30;

/** How a charge point without a definition is served. */
export type Admittance = "park" | "accept";

export interface StationDeps {
  store: Store;
  clock: Clock;
  limits: LimitBook;
  emit: (event: StationEvent, station: Station) => void;
  change: (kind: StationChangeKind, chargePoint: string, connector: number) => void;
  /** Whether anyone listens to such events; others need not be made. */
  hears: (event: StationEventName) => boolean;
}

/** One charge point: answers its messages, remembers what it reported and tells the rest of the product. */
export class Station implements StationPort, StationHandle {
  readonly identity: string;
  readonly #deps: StationDeps;
  readonly #outlets: Outlets;
  readonly #startUp: StartUp;
  readonly #badges: Badges;
  #definition: ChargePointDefinition | null = null;
  #connection: StationConnection | null = null;
  admittance: Admittance = "park";
  #heartbeatS: () => number = () => 60;
  /** Key of the central system it last connected to. */
  origin = "";
  vendor: string | null = null;
  model: string | null = null;
  firmware: string | null = null;
  learnt: Learnt = { rateUnit: "A", maxStackLevel: null };
  /** Address and wall time of the last connection. */
  address: string | null = null;
  lastSeenWallMs = 0;

  constructor(identity: string, deps: StationDeps) {
    this.identity = identity;
    this.#deps = deps;
    this.#outlets = new Outlets(identity, deps.store, deps.clock, (connector) => this.#phases(connector));
    this.#badges = new Badges(deps.clock, () => this.#served);
    this.#startUp = new StartUp({
      clock: deps.clock,
      call: (action, payload, options) => this.call(action, payload, options),
      connectors: () => this.#numbers(),
      unreported: () => this.#numbers().filter((number) => !this.#outlets.get(number)?.reported),
      note: (text) => this.deviation(text),
      learnt: (facts) => this.#learn(facts),
      ready: () => this.#change("ready"),
    });
  }

  get definition(): ChargePointDefinition | null {
    return this.#definition;
  }

  get connectors(): Outlets["byNumber"] {
    return this.#outlets.byNumber;
  }

  get clockSkewMs(): number {
    return this.#outlets.skew.ms;
  }

  get online(): boolean {
    return this.#connection?.open ?? false;
  }

  get state(): StationState {
    if (!this.#connection) return "offline";
    if (!this.#served) return "parked";
    return this.#startUp.readySinceMs !== null ? "ready" : "awaitBoot";
  }

  /** Describes the charge point, describes it anew, or (null) leaves it to the policy for unknown ones. */
  define(definition: ChargePointDefinition | null): void {
    const adopted = this.#definition === null && definition !== null;
    this.#definition = definition;
    if (definition) this.#outlets.restore();
    if (adopted && this.#connection) this.#startUp.connected(0);
    if (!definition) this.#connection?.close(1001, "no longer configured");
  }

  /** Called at each admission, before `attached`. */
  admit(origin: string, admittance: Admittance, heartbeatS: () => number): void {
    this.origin = origin;
    this.admittance = admittance;
    this.#heartbeatS = heartbeatS;
  }

  facts(nowMs: number): ConnectorFacts[] {
    const serving = this.online && this.#startUp.readySinceMs !== null;
    const authorized = this.#badges.waiting(nowMs);
    return (this.#definition?.connectors ?? []).map((wiring) => {
      const live = this.#outlets.ensure(wiring.number);
      return connectorFacts(
        { chargePoint: this.identity, wiring, serving, authorized, live, limits: this.#deps.limits },
        nowMs,
      );
    });
  }

  commandableSinceMs(connector: number): number | null {
    const readySinceMs = this.online ? this.#startUp.readySinceMs : null;
    const knownSinceMs = this.#outlets.get(connector)?.knownSinceMs ?? null;
    const obeysSinceMs = this.#deps.limits.obeysSinceMs(this.identity, connector);
    if (readySinceMs === null || knownSinceMs === null || obeysSinceMs === null) return null;
    return Math.max(readySinceMs, knownSinceMs, obeysSinceMs);
  }

  async call(action: string, payload: unknown, options?: CallOptions): Promise<Record<string, unknown>> {
    if (!this.#connection)
      throw new EvError("EV_OCPP_OFFLINE", `${this.identity} is not connected; ${action} was not sent`);
    return this.#connection.call(action, payload, options);
  }

  /** Ends timers; the socket belongs to the endpoint. */
  close(): void {
    this.#startUp.disconnected();
  }

  attached(connection: StationConnection): void {
    this.#connection = connection;
    this.address = connection.remoteAddress;
    this.lastSeenWallMs = this.#deps.clock.wallMs();
    if (this.#definition) this.#outlets.restore();
    if (this.#served) this.#startUp.connected();
    this.#emit("online", 0, () => ({ address: connection.remoteAddress }));
    this.#change("online");
  }

  detached(connection: StationConnection, reason: string): void {
    if (this.#connection !== connection) return;
    this.#connection = null;
    this.lastSeenWallMs = this.#deps.clock.wallMs();
    this.#startUp.disconnected();
    this.#emit("offline", 0, () => ({ reason }));
    this.#change("offline");
  }

  bootNotification(request: BootNotificationRequest, context: CallContext): BootNotificationResponse {
    this.vendor = request.chargePointVendor;
    this.model = request.chargePointModel;
    this.firmware = request.firmwareVersion ?? null;
    const status = this.#served ? "Accepted" : "Pending";
    if (this.#served && this.#startUp.booted()) {
      this.#outlets.rebooted();
      this.#deps.limits.rebooted(this.identity);
    }
    this.#emit("boot", 0, () => ({ ...request, status }), "BootNotification", context);
    this.#change("boot");
    const interval = this.#served ? this.#heartbeatS() : PARKED_RETRY_S;
    return { status, interval, currentTime: isoTime(this.#deps.clock.wallMs()) };
  }

  heartbeat(): { currentTime: string } {
    return { currentTime: isoTime(this.#deps.clock.wallMs()) };
  }

  statusNotification(request: StatusNotificationRequest, context: CallContext): void {
    const { connectorId, status, errorCode } = request;
    const live = connectorId > 0 ? this.#outlets.admit(connectorId) : null;
    const moved = live?.report(status, errorCode, context.receivedAtMs) ?? null;
    this.#emit("status", connectorId, () => ({ ...request }), "StatusNotification", context);
    if (moved) this.#change(moved, connectorId);
    this.#change("status", connectorId);
  }

  authorize(request: AuthorizeRequest, context: CallContext): AuthorizeResponse {
    const idTagInfo = this.#badges.show(context.receivedAtMs);
    const payload = () => ({ idTag: request.idTag, status: idTagInfo.status });
    this.#emit("authorize", 0, payload, "Authorize", context);
    this.#change("status");
    return { idTagInfo };
  }

  /** Resolves when it is durable. @throws EvError when that failed: the charge point then sends it again (S10) */
  async startTransaction(request: StartTransactionRequest, context: CallContext): Promise<StartTransactionResponse> {
    const idTagInfo = this.#badges.info();
    const { started, isNew, live } = await this.#outlets.start(request, idTagInfo.status, context);
    const { record } = started;
    this.#badges.use();
    for (const old of started.superseded)
      this.#emit("transaction.stop", old.connector, () => stopPayload(old.transactionId, old));
    if (isNew) {
      this.#emit("transaction.start", request.connectorId, () => startPayload(record), "StartTransaction", context);
    }
    // A stored start reported late moves no profile (OCPP 1.6 §5.16.1).
    this.#change(live ? "transaction" : "status", request.connectorId);
    return {
      transactionId: record.transactionId,
      idTagInfo: { ...idTagInfo, status: record.idTagStatus as IdTagInfo["status"] },
    };
  }

  /** Resolves when it is durable. @throws EvError when that failed */
  async stopTransaction(request: StopTransactionRequest, context: CallContext): Promise<StopTransactionResponse> {
    const { record, connector, isNew } = await this.#outlets.stop(request, context);
    if (isNew) {
      const payload = () => ({ ...stopPayload(request.transactionId, record), known: record !== null });
      this.#emit("transaction.stop", connector, payload, "StopTransaction", context);
      this.#change("transaction", connector);
    }
    return request.idTag === undefined ? {} : { idTagInfo: this.#badges.info() };
  }

  meterValues(request: MeterValuesRequest, context: CallContext): void {
    const { reading, replay, adopted } = this.#outlets.meter(request, context);
    const { connectorId, transactionId = null } = request;
    if (reading) {
      this.#emit("meter", connectorId, () => meterPayload(reading, transactionId, replay), "MeterValues", context);
    }
    if (adopted) this.#change("transaction", connectorId);
  }

  dataTransfer(request: DataTransferRequest, context: CallContext): DataTransferResponse {
    this.#emit("unknown", 0, () => ({ ...request }), "DataTransfer", context);
    return { status: "UnknownVendorId" };
  }

  notification(action: string, payload: Record<string, unknown>, context: CallContext): void {
    const event = action === "SecurityEventNotification" ? "security" : "unknown";
    this.#emit(event, 0, () => ({ action, ...payload }), action, context);
  }

  frame(direction: "in" | "out", text: string): void {
    this.#emit("raw", 0, () => ({ direction, frame: redactFrame(text) }));
  }

  conflict(remoteAddress: string): void {
    const reason = "a second charge point claims this identity";
    this.#emit("security", 0, () => ({ reason, address: remoteAddress }));
  }

  deviation(text: string): void {
    this.#emit("unknown", 0, () => ({ deviation: text }));
  }

  get #served(): boolean {
    return this.#definition !== null || this.admittance === "accept";
  }

  #numbers(): number[] {
    return this.#definition?.connectors.map(({ number }) => number) ?? [...this.#outlets.byNumber.keys()];
  }

  #phases(connector: number): 1 | 2 | 3 {
    return this.#definition?.connectors.find(({ number }) => number === connector)?.phases ?? 3;
  }

  #learn(facts: Learnt): void {
    const changed = facts.rateUnit !== this.learnt.rateUnit || facts.maxStackLevel !== this.learnt.maxStackLevel;
    this.learnt = facts;
    if (changed) this.#change("learnt");
  }

  #emit(
    event: StationEventName,
    connector: number,
    payload: () => Record<string, unknown>,
    action?: string,
    context?: CallContext,
  ): void {
    if (!this.#deps.hears(event)) return;
    const source = action !== undefined && context ? { action, context } : undefined;
    this.#deps.emit(stationEvent(event, this.identity, connector, payload(), source), this);
  }

  #change(kind: StationChangeKind, connector = 0): void {
    this.#deps.change(kind, this.identity, connector);
  }
}
