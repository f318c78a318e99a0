import type { CallContext } from "../../lib/ocpp/facts.ts";
import type { CallOptions, StationConnection } from "../../lib/ocpp/port.ts";
import { OCPP16 } from "../../lib/ocpp/v16/dialect.ts";
import type {
  BootNotificationRequest,
  MeterValuesRequest,
  SetChargingProfileRequest,
  StartTransactionRequest,
  StatusNotificationRequest,
  StopTransactionRequest,
} from "../../lib/ocpp/v16/index.ts";
import type { Station } from "../../lib/station/connection/station.ts";
import { Stations } from "../../lib/station/connection/stations.ts";
import type { ChargePointDefinition } from "../../lib/station/types.ts";
import { openStore } from "../../lib/store/sqlite.ts";
import type { Store } from "../../lib/store/types.ts";
import { FakeClock } from "../fake-clock.ts";
import { saying } from "../wire16.ts";

export interface SentCall {
  action: string;
  payload: Record<string, unknown>;
  options: CallOptions;
  resolve(answer: Record<string, unknown>): void;
  reject(error: Error): void;
}

const ANSWERS: Record<string, Record<string, unknown>> = {
  SetChargingProfile: { status: "Accepted" },
  TriggerMessage: { status: "Accepted" },
  ChangeConfiguration: { status: "Accepted" },
  ClearChargingProfile: { status: "Unknown" },
  GetConfiguration: { configurationKey: [] },
};

/** A charge point's socket without a socket: records CALLs and answers them, at once or when told to. */
export class FakeConnection implements StationConnection {
  readonly id = "fake";
  readonly remoteAddress = "192.0.2.1";
  readonly dialect = OCPP16;
  open = true;
  lastSeenMs = 0;
  readonly calls: SentCall[] = [];
  /** null leaves a CALL open. An Error rejects it. */
  answer: (action: string, payload: Record<string, unknown>) => Record<string, unknown> | Error | null;
  onClose: () => void = () => {};

  constructor() {
    this.answer = (action) => ANSWERS[action] ?? {};
  }

  call(action: string, payload: unknown, options: CallOptions = {}): Promise<Record<string, unknown>> {
    return new Promise((resolve, reject) => {
      const call = { action, payload: payload as Record<string, unknown>, options, resolve, reject };
      this.calls.push(call);
      const answer = this.answer(action, call.payload);
      if (answer instanceof Error) reject(answer);
      else if (answer !== null) resolve(answer);
    });
  }

  close(): void {
    this.open = false;
    this.onClose();
  }

  /** SetChargingProfile requests, oldest first. */
  get profiles(): SetChargingProfileRequest[] {
    return this.calls
      .filter(({ action }) => action === "SetChargingProfile")
      .map(({ payload }) => payload as SetChargingProfileRequest);
  }
}

export const definition = (change: Partial<ChargePointDefinition> = {}): ChargePointDefinition => ({
  identity: "CP1",
  aliases: [],
  model: "auto",
  overrides: {},
  safeA: 6,
  stationLimitA: null,
  zone: null,
  connectors: [{ number: 1, phases: 3, rotation: "RST", maxA: 32, minA: 6, priorityClass: 1, mode: "fast", safeA: 6 }],
  password: null,
  ocpp: true,
  ...change,
});

/** Lets promises settle. */
export async function settle(): Promise<void> {
  for (let round = 0; round < 5; round++) await new Promise((resolve) => setImmediate(resolve));
}

/** The charge points of a site on a fake clock, with a database in memory. */
export class StationBench {
  readonly clock = new FakeClock();
  readonly store: Store;
  readonly stations: Stations;
  #messageId = 0;

  constructor(store?: Store) {
    this.store = store ?? openStore(":memory:", { clock: this.clock });
    this.stations = new Stations({ store: this.store, clock: this.clock });
  }

  get station(): Station {
    return this.stations.get("CP1")!;
  }

  context = (): CallContext => ({
    messageId: String(++this.#messageId),
    receivedAtMs: this.clock.nowMs(),
    receivedWallMs: this.clock.wallMs(),
  });

  time = (): string => new Date(this.clock.wallMs()).toISOString();

  /** Opens a socket without saying anything on it. */
  attach(): FakeConnection {
    const connection = new FakeConnection();
    connection.onClose = () => this.station.detached(connection, "closed");
    this.station.attached(connection);
    return connection;
  }

  /** Connects, boots and waits until the set-up is through. */
  async connect(): Promise<FakeConnection> {
    const connection = this.attach();
    this.boot();
    await this.ready();
    return connection;
  }

  boot(change: Partial<BootNotificationRequest> = {}): string {
    const request = { chargePointVendor: "Maker", chargePointModel: "Box", ...change };
    return saying(this.station).bootNotification(request, this.context()).status;
  }

  async ready(): Promise<void> {
    this.clock.advance(0);
    await settle();
  }

  status(
    status: StatusNotificationRequest["status"],
    connectorId = 1,
    errorCode: StatusNotificationRequest["errorCode"] = "NoError",
  ): void {
    saying(this.station).statusNotification({ connectorId, status, errorCode, timestamp: this.time() }, this.context());
  }

  async start(change: Partial<StartTransactionRequest> = {}): Promise<number> {
    const request = { connectorId: 1, idTag: "TAG", meterStart: 0, timestamp: this.time(), ...change };
    return (await saying(this.station).startTransaction(request, this.context())).transactionId;
  }

  async stop(transactionId: number, change: Partial<StopTransactionRequest> = {}): Promise<void> {
    const request = { transactionId, meterStop: 1000, timestamp: this.time(), ...change };
    await saying(this.station).stopTransaction(request, this.context());
  }

  /** Reports a current on each of three phases. */
  meter(currentA: number, change: Partial<MeterValuesRequest> & { timestamp?: string } = {}): void {
    const { timestamp = this.time(), ...request } = change;
    const sampledValue = ["L1", "L2", "L3"].map((phase) => ({
      value: String(currentA),
      measurand: "Current.Import",
      phase,
      unit: "A",
    }));
    saying(this.station).meterValues(
      { connectorId: 1, meterValue: [{ timestamp, sampledValue }], ...request },
      this.context(),
    );
  }

  close(): void {
    this.stations.close();
    this.store.close();
  }
}
