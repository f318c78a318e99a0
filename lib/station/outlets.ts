import type { Clock } from "../clock.ts";
import type { CallContext } from "../ocpp/port.ts";
import type { MeterValuesRequest, StartTransactionRequest, StopTransactionRequest } from "../ocpp/v16/index.ts";
import type { Store, TransactionRecord } from "../store/types.ts";
import { ClockSkew } from "./clock-skew.ts";
import { ConnectorLive } from "./connector.ts";
import { Ledger, type Started, type Stopped } from "./ledger.ts";
import { type MeterReading, mergeReadings, readMeterValue } from "./meter-values.ts";

/** No charge point has more; a peer's numbers beyond are not remembered. */
const MOST_CONNECTORS = 99;

/** A car that draws this much is charging, whatever status is missing. */
const CHARGING_A = 1;

export interface StartOutcome {
  started: Started;
  /** The start was not known before: a retry is none. */
  isNew: boolean;
  /** It begins now, as opposed to one that was stored and reported late. */
  live: boolean;
}

export interface StopOutcome extends Stopped {
  /** 0 where it is unknown: no connector is guessed. */
  connector: number;
}

export interface MeterOutcome {
  reading: MeterReading | null;
  /** Stored and sent late: it must not be taken for the present. */
  replay: boolean;
  /** A running transaction was learnt from it. */
  adopted: boolean;
}

/** The connectors of one charge point and the transactions on them. */
export class Outlets {
  readonly byNumber = new Map<number, ConnectorLive>();
  readonly skew = new ClockSkew();
  readonly #clock: Clock;
  readonly #ledger: Ledger;
  readonly #phases: (connector: number) => 1 | 2 | 3;
  #restored = false;

  constructor(identity: string, store: Store, clock: Clock, phases: (connector: number) => 1 | 2 | 3) {
    this.#clock = clock;
    this.#ledger = new Ledger(identity, store);
    this.#phases = phases;
  }

  get(number: number): ConnectorLive | undefined {
    return this.byNumber.get(number);
  }

  /** The connector, made if need be. For numbers from the configuration. */
  ensure(number: number): ConnectorLive {
    let live = this.byNumber.get(number);
    if (!live) {
      live = new ConnectorLive(number);
      this.byNumber.set(number, live);
    }
    return live;
  }

  /** The connector a peer speaks of; null for a number no charge point has. */
  admit(number: number): ConnectorLive | null {
    return number >= 1 && number <= MOST_CONNECTORS ? this.ensure(number) : null;
  }

  /** Takes over transactions that were open when the process ended (S11); tried again until the database can be read. */
  restore(): void {
    if (this.#restored) return;
    try {
      for (const record of this.#ledger.open()) {
        const live = this.admit(record.connector);
        if (live && !live.transaction) live.begin(record, this.#monotonic(record.startedWallMs));
      }
      this.#restored = true;
    } catch {
      // The store reports its own failure; transactions are learnt again from MeterValues.
    }
  }

  /** The charge point started anew: it reports its states again, and was told the time. */
  rebooted(): void {
    this.skew.reset();
    for (const live of this.byNumber.values()) live.forgetState();
  }

  /** Resolves when it is durable. @throws EvError of the store */
  async start(request: StartTransactionRequest, idTagStatus: string, context: CallContext): Promise<StartOutcome> {
    const live = this.admit(request.connectorId);
    const started = await this.#ledger.start(request, idTagStatus, context);
    const { record, running } = started;
    const isNew = live?.transaction?.transactionId !== record.transactionId && record.stoppedWallMs === null;
    if (running && isNew) live?.begin(record, this.#monotonic(record.startedWallMs));
    const replay = this.skew.isReplay(Date.parse(request.timestamp), context.receivedWallMs);
    return { started, isNew, live: running && isNew && !replay };
  }

  /** Resolves when it is durable. @throws EvError of the store */
  async stop(request: StopTransactionRequest, context: CallContext): Promise<StopOutcome> {
    const { record, isNew } = await this.#ledger.stop(request, context);
    const live = this.#holder(request.transactionId);
    live?.end();
    return { record, connector: record?.connector ?? live?.number ?? 0, isNew };
  }

  /** Live samples become the connector's measurement; stored ones do not. */
  meter(request: MeterValuesRequest, context: CallContext): MeterOutcome {
    const { receivedAtMs, receivedWallMs } = context;
    const phases = this.#phases(request.connectorId);
    const readings = request.meterValue.map((meterValue) => {
      const reading = readMeterValue(meterValue, phases);
      const periodic = (meterValue.sampledValue[0]?.context ?? "Sample.Periodic").startsWith("Sample.");
      if (periodic) this.skew.observe(reading.timestampMs, receivedWallMs);
      return reading;
    });
    const fresh = readings.filter(({ timestampMs }) => !this.skew.isReplay(timestampMs, receivedWallMs));
    const replay = fresh.length === 0;
    const reading = mergeReadings(replay ? readings : fresh);
    const live = this.admit(request.connectorId);
    if (!live || replay || !reading) return { reading, replay, adopted: false };
    live.measure(reading, receivedAtMs);
    const draws = reading.currentA?.some((currentA) => currentA !== null && currentA >= CHARGING_A) ?? false;
    if (!live.reported && draws) live.report("Charging", null, receivedAtMs);
    return { reading, replay, adopted: draws && this.#adopt(live, request.transactionId) };
  }

  /** A transaction seen in the samples of a drawing car runs, also one that the charge point numbered itself. */
  #adopt(live: ConnectorLive, transactionId: number | undefined): boolean {
    if (live.transaction || transactionId === undefined || transactionId === 0 || transactionId === -1) return false;
    const record = this.#find(transactionId);
    if (record && record.stoppedWallMs !== null) return false;
    const wallMs = Math.round(this.#clock.wallMs());
    const foreign = { transactionId, idTag: "", startedWallMs: wallMs, meterStartWh: null };
    live.begin(record ?? foreign, this.#monotonic(record?.startedWallMs ?? wallMs));
    return true;
  }

  #find(transactionId: number): TransactionRecord | null {
    try {
      return this.#ledger.find(transactionId);
    } catch {
      return null;
    }
  }

  #holder(transactionId: number): ConnectorLive | undefined {
    return [...this.byNumber.values()].find((live) => live.transaction?.transactionId === transactionId);
  }

  #monotonic(wallMs: number): number {
    const nowMs = this.#clock.nowMs();
    return Math.min(nowMs, nowMs - (this.#clock.wallMs() - wallMs));
  }
}
