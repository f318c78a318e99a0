import type { TransactionRecord } from "../../store/types.ts";

/** What a charge point measured, as far as sessions need it; currents and voltages per terminal. */
export interface SessionReading {
  /** Its own time stamp, ms since 1970; NaN when it makes no sense. */
  timestampMs: number;
  energyWh: number | null;
  powerW: number | null;
  currentA: readonly (number | null)[] | null;
  voltageV: readonly (number | null)[];
}

/** When something was heard. */
export interface EventMoment {
  /** Monotonic. */
  nowMs: number;
  /** Since 1970. */
  wallMs: number;
}

/**
 * What the sessions of one charge point are told. Each call is cheap and never throws. `write…` belong into the durable work of the
 * message concerned: they may run more than once and change nothing but the store.
 */
export interface SessionWatch {
  /** A StartTransaction is being recorded. @param replay it was stored by the charge point and reported late */
  writeStart(record: TransactionRecord, replay: boolean, moment: EventMoment): void;
  /** It is durable. */
  started(record: TransactionRecord, replay: boolean, moment: EventMoment): void;
  /** The end of a transaction is being recorded. */
  writeStop(record: TransactionRecord, moment: EventMoment): void;
  /** It is durable. */
  stopped(record: TransactionRecord, moment: EventMoment): void;
  /** A transaction has ended that the charge point numbered itself, or of which nothing is known. */
  stoppedUnknown(stop: UnknownStop, moment: EventMoment): void;
  /** @param replay measured earlier and sent late */
  reading(
    connector: number,
    reading: SessionReading,
    transactionId: string | null,
    replay: boolean,
    moment: EventMoment,
  ): void;
  /** What was measured during a transaction, told with its end; to be said before that. */
  measured(transactionId: string, readings: readonly SessionReading[], moment: EventMoment): void;
  /** An OCPP status of a connector. @param timestampMs the charge point's time of it; NaN = not told */
  status(connector: number, status: string, timestampMs: number, moment: EventMoment): void;
  /** The connection is lost: what happens now is not observed. */
  offline(moment: EventMoment): void;
  /** It started anew. @param hasMeter it named a kWh meter */
  booted(hasMeter: boolean, moment: EventMoment): void;
}

export interface UnknownStop {
  transactionId: string;
  stoppedWallMs: number;
  meterStopWh: number | null;
  stopReason: string;
}

/** For charge points of which no sessions are kept. */
export const NO_SESSIONS: SessionWatch = {
  writeStart: () => {},
  started: () => {},
  writeStop: () => {},
  stopped: () => {},
  stoppedUnknown: () => {},
  reading: () => {},
  measured: () => {},
  status: () => {},
  offline: () => {},
  booted: () => {},
};
