import { type Fault, faultOf, vendorOf } from "../../alarm/faults.ts";
import type { Clock } from "../../clock.ts";
import type { CallContext, Sample, SamplesFact, StartFact, StatusFact, StopFact } from "../../ocpp/facts.ts";
import type { SessionWatch } from "../../session/sessions/session-watch.ts";
import type { Store, TransactionRecord } from "../../store/types.ts";
import { CHARGING_A, CLOCK_OFF_MS } from "../../thresholds.ts";
import type { MeterTraits } from "../capabilities/models/types.ts";
import { ClockSkew, type RememberedClock } from "../connection/clock-skew.ts";
import type { SampleOrigin } from "./answers.ts";
import type { ChargeIndex } from "./charge-index.ts";
import { ChargePointTransactions, MOST_CONNECTORS, type Started, type Stopped } from "./charge-point-transactions.ts";
import { ConnectorLive } from "./connector.ts";
import { type MeterReading, mergeReadings, readMeterValue } from "./meter-values.ts";

export interface StartOutcome {
  started: Started;
  /** The start was not known before; a retry is no new start. */
  isNew: boolean;
  /** The transaction begins now, and was not stored and reported late. */
  live: boolean;
}

export interface StopOutcome extends Stopped {
  /** Number of the connector; 0 where it is unknown: no connector is guessed. */
  connector: number;
}

export interface MeterOutcome {
  reading: MeterReading | null;
  /** The samples were stored and sent late: they must not be taken for the present. */
  replay: boolean;
  /** A running transaction was learnt from the samples. */
  adopted: boolean;
  /** The samples show that the charge point's clock is not where it was taken to be. */
  clockMoved: boolean;
}

/** What its readings and faults depend on of a charge point; asked anew each time. */
export interface ConnectorsOwner {
  readonly identity: string;
  readonly traits: { readonly meter: MeterTraits };
  /** Make of the charge point as its boot named it. */
  readonly vendor: string | null;
}

/** The connectors of one charge point and the transactions on them. */
export class Connectors {
  /** A connector stays here for good once it is known. */
  readonly byNumber = new Map<number, ConnectorLive>();
  #latest: ConnectorLive | null = null;
  readonly skew = new ClockSkew();
  readonly #owner: ConnectorsOwner;
  readonly #clock: Clock;
  readonly #transactions: ChargePointTransactions;
  readonly #charges: ChargeIndex;
  /** What is wrong at each connector, 0 = the charge point as a whole. */
  readonly faults = new Map<number, Fault>();
  /** Status of the charge point as a whole (connector 0); null before it said one, and after a boot. */
  #ownStatus: string | null = null;
  #restored = false;
  /** The transaction that was found to be over last; null = no transaction was. */
  #past: string | null = null;

  /** @param charges notes with which badges its connectors charge */
  constructor(owner: ConnectorsOwner, store: Store, clock: Clock, charges: ChargeIndex, sessions: SessionWatch) {
    this.#owner = owner;
    this.#clock = clock;
    this.#transactions = new ChargePointTransactions(owner.identity, store, sessions);
    this.#charges = charges;
  }

  get(number: number): ConnectorLive | undefined {
    // Most messages of a charge point name the same connector as the message before.
    if (this.#latest?.number === number) return this.#latest;
    const live = this.byNumber.get(number);
    if (live) this.#latest = live;
    return live;
  }

  /** The connector, made if need be. For numbers from the configuration. */
  ensure(number: number): ConnectorLive {
    const known = this.get(number);
    if (known) return known;
    const live = new ConnectorLive(number);
    this.byNumber.set(number, live);
    return live;
  }

  /** Takes over how its connectors are wired; three phases where nothing is said. */
  wire(connectors: readonly { number: number; phases: 1 | 2 | 3 }[]): void {
    for (const live of this.byNumber.values()) live.phases = 3;
    for (const { number, phases } of connectors) this.ensure(number).phases = phases;
  }

  /** The connector a peer speaks of; null for a number no charge point has. */
  admit(number: number): ConnectorLive | null {
    return number >= 1 && number <= MOST_CONNECTORS ? this.ensure(number) : null;
  }

  /** Takes over transactions that were open when the process ended (S11); tried again until the database can be read. */
  restore(clock: RememberedClock): void {
    if (this.#restored) return;
    this.skew.assume(clock.offsetS * 1000, clock.staysWrong);
    this.skew.doubt(clock.aheadS * 1000);
    try {
      for (const record of this.#transactions.open()) {
        const live = this.admit(record.connector);
        if (live && !live.transaction) this.#begin(live, record);
        this.skew.backlog.running(record.startedWallMs + this.skew.ms);
      }
      this.#restored = true;
    } catch {
      // The store reports its own failure; transactions are learnt again from MeterValues.
    }
  }

  /** A badge that was refused only because the charge point was unknown counts as not refused. */
  adopted(): void {
    for (const live of this.byNumber.values()) live.refused = false;
  }

  /** The charge point started anew: it reports its states again, and was told the time. */
  rebooted(): void {
    this.skew.rebooted();
    this.#ownStatus = null;
    this.faults.clear();
    for (const live of this.byNumber.values()) live.forgetState();
  }

  /** Takes a reported status. Returns "plug" or "unplug" when a car came or went, "trouble" when a fault leaves in doubt what is drawn. */
  report(told: StatusFact, nowMs: number): "plug" | "unplug" | "trouble" | null {
    const { connector, status, errorCode } = told;
    const fault = this.#noteFault(told);
    if (connector === 0) this.#ownStatus = status;
    const live = connector > 0 ? this.admit(connector) : null;
    if (!live) return null;
    const { knownSinceMs } = live;
    const moved = live.report(status, errorCode, nowMs, fault?.effect === "mayBeLive");
    return moved ?? (knownSinceMs !== null && live.knownSinceMs === null ? "trouble" : null);
  }

  /** Connectors reported Unavailable, but for those that were taken out of service on purpose; 0 = the whole charge point. */
  unavailable(onPurpose: readonly number[]): number[] {
    if (onPurpose.includes(0)) return [];
    if (this.#ownStatus === "Unavailable" && onPurpose.length === 0) return [0];
    return [...this.byNumber.values()]
      .filter(({ number, reported, status }) => reported && status === "Unavailable" && !onPurpose.includes(number))
      .map(({ number }) => number);
  }

  /** The record of a start that was reported before; null for a new one. @throws EvError of the store */
  knownStart(start: StartFact, context: CallContext): TransactionRecord | null {
    return this.#transactions.known(start, context);
  }

  /** Resolves when it is durable. @throws EvError of the store */
  async start(start: StartFact, idTagStatus: string, context: CallContext): Promise<StartOutcome> {
    const live = this.admit(start.connector);
    const replay = this.skew.isReplay(start.startedWallMs, context.receivedWallMs);
    const started = await this.#transactions.start(start, idTagStatus, context, replay);
    const { record, running } = started;
    const isNew = live?.transaction?.transactionId !== record.transactionId && record.stoppedWallMs === null;
    if (live && running && isNew) this.#begin(live, record);
    return { started, isNew, live: running && isNew && !replay };
  }

  /** Resolves when it is durable. @throws EvError of the store */
  async stop(stop: StopFact, context: CallContext): Promise<StopOutcome> {
    const live = this.#holder(stop.transactionId);
    const traits = this.#owner.traits.meter;
    const readings = stop.samples.map((sample) => readMeterValue(sample, live?.phases ?? 3, traits));
    const { record, isNew } = await this.#transactions.stop(stop, context, readings);
    if (live) {
      live.end();
      this.#charges.set(this.#owner.identity, live.number, null);
    }
    return { record, connector: record?.connector ?? live?.number ?? 0, isNew };
  }

  /** A connector is asked for its readings; null = all are. */
  asked(connector: number | null): void {
    const nowMs = this.#clock.nowMs();
    for (const live of this.byNumber.values())
      if (connector === null || live.number === connector) live.answers.asked(nowMs);
  }

  /** A transaction is about to be stopped from here, for this reason. */
  willStop(transactionId: string, reason: string): void {
    this.#transactions.willStop(transactionId, reason);
  }

  /** Live samples become the connector's measurement; stored ones do not. */
  meter({ connector, transactionId, samples }: SamplesFact, context: CallContext): MeterOutcome {
    const { receivedAtMs, receivedWallMs } = context;
    const live = this.admit(connector);
    const phases = live?.phases ?? 3;
    const traits = this.#owner.traits.meter;
    const skewMs = this.skew.ms;
    const aheadMs = this.skew.aheadMs;
    const teaches = !this.#isOver(live, transactionId);
    const readings: MeterReading[] = [];
    for (const sample of samples) {
      const reading = readMeterValue(sample, phases, traits);
      const periodic = (sample.sampledValue[0]?.context ?? "Sample.Periodic").startsWith("Sample.");
      if (periodic && teaches) this.skew.observe(reading.timestampMs, receivedWallMs);
      else this.skew.witness(reading.timestampMs, receivedWallMs);
      readings.push(reading);
    }
    this.skew.backlog.heard(receivedWallMs);
    const fresh = readings.filter(({ timestampMs }) => !this.skew.isReplay(timestampMs, receivedWallMs));
    const replay = fresh.length === 0;
    const reading = mergeReadings(replay ? readings : fresh);
    const clockMoved = Math.abs(this.skew.ms - skewMs) > CLOCK_OFF_MS || this.skew.aheadMs - aheadMs > CLOCK_OFF_MS;
    if (!live || replay || !reading) return { reading, replay, adopted: false, clockMoved };
    live.measure(reading, receivedAtMs, originOf(samples));
    const draws = reading.currentA?.some((currentA) => currentA !== null && currentA >= CHARGING_A) ?? false;
    if (!live.reported && draws) live.report("Charging", null, receivedAtMs);
    return { reading, replay, adopted: draws && this.#adopt(live, transactionId), clockMoved };
  }

  #begin(live: ConnectorLive, transaction: Parameters<ConnectorLive["begin"]>[0]): void {
    live.begin(transaction, this.#monotonic(transaction.startedWallMs));
    this.#charges.set(this.#owner.identity, live.number, transaction.idTag);
  }

  /** A transaction seen in the samples of a drawing car runs, also one that the charge point numbered itself. */
  #adopt(live: ConnectorLive, transactionId: string | null): boolean {
    if (live.transaction || transactionId === null) return false;
    const record = this.#find(transactionId);
    if (record && record.stoppedWallMs !== null) return false;
    const wallMs = Math.round(this.#clock.wallMs());
    const foreign = { transactionId, idTag: "", startedWallMs: wallMs, meterStartWh: null };
    this.#begin(live, record ?? foreign);
    return true;
  }

  /** Samples of a transaction that another one has followed, or that has ended, were stored: they tell nothing about the clock. */
  #isOver(live: ConnectorLive | null, transactionId: string | null): boolean {
    if (transactionId === null || live?.transaction?.transactionId === transactionId) return false;
    if (this.#past === transactionId) return true;
    const record = this.#find(transactionId);
    const isOver = record !== null && (record.stoppedWallMs !== null || (live?.transaction ?? null) !== null);
    if (isOver) this.#past = transactionId;
    return isOver;
  }

  /** Each status tells what is wrong now: a fault that it does not name is over. */
  #noteFault({ connector, status, errorCode, vendorId, vendorErrorCode, info }: StatusFact): Fault | null {
    if (connector < 0 || connector > MOST_CONNECTORS) return null;
    const stated = errorCode === "NoError" && status === "Faulted" ? "OtherError" : errorCode;
    const vendor = vendorOf(vendorId) ? vendorId : this.#owner.vendor;
    const fault =
      stated === "NoError" && !vendorErrorCode && !info
        ? null
        : faultOf({ vendor, errorCode: stated, vendorErrorCode, info });
    if (fault) this.faults.set(connector, fault);
    else this.faults.delete(connector);
    return fault;
  }

  #find(transactionId: string): TransactionRecord | null {
    try {
      return this.#transactions.find(transactionId);
    } catch {
      return null;
    }
  }

  #holder(transactionId: string): ConnectorLive | undefined {
    return [...this.byNumber.values()].find((live) => live.transaction?.transactionId === transactionId);
  }

  #monotonic(wallMs: number): number {
    const nowMs = this.#clock.nowMs();
    return Math.min(nowMs, nowMs - (this.#clock.wallMs() - wallMs));
  }
}

/** Why these samples were sent, as far as they say. */
function originOf(samples: readonly Sample[]): SampleOrigin {
  let origin: SampleOrigin = "unsaid";
  for (const { sampledValue } of samples) {
    for (const { context } of sampledValue) {
      if (context === "Trigger") return "asked";
      if (context !== undefined) origin = "own";
    }
  }
  return origin;
}
