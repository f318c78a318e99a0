/**
 * What a charge point tells, in words of no version of OCPP: a dialect makes them of the messages on its wire. States, faults,
 * measurands, contexts and phases keep the names that OCPP 1.6 gives them; a dialect that has others maps them.
 */
import type { StationEventName } from "../messages.ts";
import type { ERROR_CODES, STATUSES } from "./status-words.ts";

/** When a message came, and its id. */
export interface CallContext {
  messageId: string;
  /** Monotonic and wall time of arrival. */
  receivedAtMs: number;
  receivedWallMs: number;
}

/** The message behind a fact, for the events that flows see. */
export interface Heard extends CallContext {
  /** Version of OCPP, such as `1.6`. */
  version: string;
  action: string;
  /** As it came. */
  payload: Record<string, unknown>;
}

export type Reply<T> = T | Promise<T>;

/** What a charge point says it is when it has started. */
export interface BootFact {
  vendor: string;
  model: string;
  firmware: string | null;
  /** It names a kWh meter. */
  hasMeter: boolean;
}

export interface BootAnswer {
  status: "Accepted" | "Pending";
  /** How often it is to send a heartbeat, or when to boot again, s. */
  intervalS: number;
  /** Our time, ms since 1970. */
  wallMs: number;
}

/** State of a connector; 0 = the charge point as a whole. */
export interface StatusFact {
  connector: number;
  status: (typeof STATUSES)[number];
  errorCode: (typeof ERROR_CODES)[number];
  /** Since when, by the charge point's clock, ms since 1970; NaN = it does not say. */
  timestampMs: number;
  vendorId: string | null;
  vendorErrorCode: string | null;
  info: string | null;
}

/** What a charge point is told of a badge. */
export interface BadgeInfo {
  status: "Accepted" | "Blocked" | "Expired" | "Invalid" | "ConcurrentTx";
  /** ISO 8601 UTC; without it, it has no end. */
  expiryDate?: string;
  parentIdTag?: string;
}

/** A transaction began. Times are the charge point's, ms since 1970: NaN where they make no sense. Registers are null where they say nothing. */
export interface StartFact {
  connector: number;
  idTag: string;
  startedWallMs: number;
  meterStartWh: number | null;
  /** The reservation that it used up; absent = none. */
  reservationId?: number;
}

export interface StartAnswer {
  transactionId: string;
  badge: BadgeInfo;
}

/** A transaction ended. Time and register as in `StartFact`. */
export interface StopFact {
  transactionId: string;
  /** The badge that ended it; null = none. */
  idTag: string | null;
  stoppedWallMs: number;
  meterStopWh: number | null;
  /** null = the charge point does not say. */
  reason: string | null;
  /** Measured during the transaction. */
  samples: readonly Sample[];
}

/** Values measured at one moment. */
export interface Sample {
  timestamp: string;
  sampledValue: readonly SampledValue[];
}

/** One value as text, in the words of the wire; what is left out has the specification's default. */
export interface SampledValue {
  value: string;
  context?: string;
  format?: string;
  measurand?: string;
  phase?: string;
  location?: string;
  unit?: string;
}

/** Samples of one connector. */
export interface SamplesFact {
  connector: number;
  /** The transaction that they belong to; null = none, or one whose id the charge point does not know. */
  transactionId: string | null;
  /** The charge point says that they belong to a transaction. */
  ofTransaction: boolean;
  samples: readonly Sample[];
}

export type DataStatus = "Accepted" | "Rejected" | "UnknownMessageId" | "UnknownVendorId";

/** The answer to data of a vendor's own kind. */
export interface DataAnswer {
  status: DataStatus;
  data?: string;
}

/** What a charge point tells. A rejection is answered as an internal error, and the charge point tells it again. */
export interface StationFacts {
  booted(boot: BootFact, heard: Heard): Reply<BootAnswer>;
  /** A sign of life. @returns our time, ms since 1970 */
  heartbeat(heard: Heard): Reply<number>;
  status(status: StatusFact, heard: Heard): Reply<void>;
  /** A badge is shown. */
  authorize(idTag: string, heard: Heard): Reply<BadgeInfo>;
  /** Resolves when it is durable. */
  started(start: StartFact, heard: Heard): Reply<StartAnswer>;
  /** Resolves with what is known of the badge, null = nothing, when it is durable. */
  stopped(stop: StopFact, heard: Heard): Reply<BadgeInfo | null>;
  measured(samples: SamplesFact, heard: Heard): Reply<void>;
  /** Data of a vendor's own kind. @returns what became of them, with the answer of whoever took them */
  data(heard: Heard): Reply<DataStatus | DataAnswer>;
  /** It asks for a certificate for its key (a PKCS#10 request in PEM form). @returns whether it will get one */
  signRequested(csr: string, heard: Heard): Reply<boolean>;
  /** Diagnostics, firmware and security: passed on as an event. @param payload made only when somebody listens */
  notified(event: StationEventName, payload: () => Record<string, unknown>, heard: Heard): void;
}
