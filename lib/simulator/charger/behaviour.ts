import type { ProfileKind, ProfilePurpose, RateUnit } from "./profiles/schedule.ts";

/** How a simulated charge point departs from a good one. Everything here is about what it does; what its meter shows is what flows. */
export interface Behaviour extends Taking, Obeying, Telling, Connecting, Upkeep, Cars {}

/** Which profiles it takes, and what it says to the others. */
interface Taking {
  /** `applySilently`: it obeys and never answers. `notImplemented`: a CALLERROR to every SmartCharging action. */
  profileAnswer: "decide" | "reject" | "silence" | "applySilently" | "notSupported" | "notImplemented";
  maxStackLevel: number;
  /** What its configuration says instead of `maxStackLevel`; null = the truth. */
  statedStackLevel: number | null;
  units: readonly RateUnit[];
  purposes: readonly ProfilePurpose[];
  kinds: readonly ProfileKind[];
  /** Optional fields it refuses. */
  refusedFields: readonly OptionalField[];
  fieldRefusal: "Rejected" | "PropertyConstraintViolation";
  /** A TxProfile without a transactionId is refused (OCPP 1.6 §3.13.1 lets a charge point decide). */
  needsTransactionId: boolean;
  /** An Absolute schedule without startSchedule is refused. */
  needsStartSchedule: boolean;
  /** Limits are refused while a transaction runs. */
  refusesWhileCharging: boolean;
  maxPeriods: number;
  maxInstalled: number;
  /** Also a profile that replaces another is refused when all places are taken. */
  replacementNeedsRoom: boolean;
  /** What a limit of 0 A does. `minimum`: taken, and charged on at `minA`. */
  zeroLimit: "pause" | "refuse" | "minimum";
}

/** What it makes of the profiles it has taken. Currents are A per phase. */
interface Obeying {
  /** Draws what the hardware allows, whatever it has accepted. */
  ignoresLimits: boolean;
  /** Purposes that it takes and does not apply. */
  ignoredPurposes: readonly ProfilePurpose[];
  /** How long a new limit takes to come into force. */
  reactionS: number;
  relativeFrom: "transaction" | "receipt";
  /** A TxDefaultProfile governs only transactions that begin after it came (against errata 3.8). */
  defaultsFromNextTransaction: boolean;
  /** Whether a lower profile takes over where the one above is not in force. */
  fallsBack: boolean;
  /** When a limit of 0 A is lifted it charges without limit until the next profile comes. */
  forgetsAfterPause: boolean;
  /** So long after a profile came it charges without limit until the next one comes, s; null = it keeps to it. */
  forgetsAfterS: number | null;
  /** Phases it divides watts by where numberPhases is missing. */
  unstatedPhases: 1 | null;
  /**
   * When it changes the number of phases it feeds. `charging`: as soon as a profile says so, with its contactor open for some seconds.
   * `paused`: while it offers nothing. `key`: when its configuration key is written, while it offers nothing. `says`: never, although it says it can.
   */
  switchesPhases: "never" | "charging" | "paused" | "key" | "says";
  /** The only currents it can offer, ascending; it rounds down. null = any. */
  stepsA: readonly number[] | null;
  wholeAmps: boolean;
  /** Its least current above 0, and what it makes of less. */
  minA: number;
  belowMin: "pause" | "minimum";
  /** When its profiles are lost. */
  dropsProfiles: "never" | "disconnect" | "reconnect";
  /** Profiles outlive a reboot (errata 3.37). */
  keepsOverReboot: boolean;
  /** Its own limit while it has no connection; null = its profiles go on. */
  offlineLimitA: number | null;
  clockOffsetS: number;
}

/** What it tells when asked. */
interface Telling {
  composite: "yes" | "connectorOnly" | "reject" | "notSupported" | "error";
  offersCurrent: boolean;
  minMeterIntervalS: number;
  triggers: "yes" | "charging" | "notImplemented";
  reservations: boolean;
  /** Standard keys that its configuration has not. */
  hiddenKeys: readonly string[];
  /** Most keys it answers at once. */
  maxKeys: number;
  /** Answers GetConfiguration without a list of keys. */
  answersKeyless: boolean;
  /** It restarts when GetConfiguration asks for this key by name; null = for none. */
  restartsOnKey: string | null;
}

/** Its connection and its transactions. */
interface Connecting {
  /** Whether it keeps a connection to the central system. */
  connects: boolean;
  /** When it boots by itself; a trigger always makes it. */
  boots: "powerUp" | "always" | "never";
  bootDelayS: number;
  /** A CALL before its boot was accepted makes it restart. TriggerMessage does not. */
  restartsOnEarlyCall: boolean;
  pongs: boolean;
  /** `own`: numbers its transactions itself, below 0. `none`: charges every car without one. */
  transactions: "issued" | "own" | "none";
  faulted: boolean;
  /** Its contactor does not open any more: the car draws what the hardware allows, whatever is decided. */
  welded: boolean;
}

/** What it does for its owner: passwords, files, certificates. */
interface Upkeep {
  /** Its answer to a new password. `silent`: takes it without an answer. `lose`: an Accepted that means nothing. */
  keyAnswer: "accept" | "reject" | "notSupported" | "reboot" | "silent" | "lose";
  /** Its answer to a change of any other configuration key. `afterRestart`: RebootRequired, and the value holds after its next restart. */
  settings: "take" | "refuse" | "afterRestart";
  /** Shows the digits of its password instead of the bytes they stand for. */
  keyAsText: boolean;
  /** `nothing`: it has nothing to upload. `form`: uploads as a web form does. */
  uploads: "put" | "form" | "nothing" | "fail";
  firmware: "install" | "downloadFails" | "installFails" | "invalidSignature";
  /** It knows the security extension. */
  security: boolean;
  refusesCertificates: boolean;
}

/** The car on its cable. */
interface Cars {
  /** Phases of the car, where the behaviour dictates them. */
  carPhases: 1 | null;
  /** Factor by which the car exceeds what it is offered. */
  overdraw: number;
}

/** Optional fields of a charging profile, its schedule or its periods (OCPP 1.6 §7.8, §7.13, §7.14). */
export type OptionalField = "numberPhases" | "minChargingRate" | "duration" | "validFrom" | "validTo";

/** A charge point that keeps to OCPP 1.6 and its errata. */
export const GOOD: Behaviour = {
  profileAnswer: "decide",
  maxStackLevel: 8,
  statedStackLevel: null,
  units: ["A", "W"],
  purposes: ["ChargePointMaxProfile", "TxDefaultProfile", "TxProfile"],
  kinds: ["Absolute", "Relative"],
  refusedFields: [],
  fieldRefusal: "Rejected",
  needsTransactionId: false,
  needsStartSchedule: false,
  refusesWhileCharging: false,
  maxPeriods: 24,
  maxInstalled: 10,
  replacementNeedsRoom: false,
  zeroLimit: "pause",
  ignoresLimits: false,
  ignoredPurposes: [],
  reactionS: 0,
  relativeFrom: "transaction",
  defaultsFromNextTransaction: false,
  fallsBack: true,
  forgetsAfterPause: false,
  forgetsAfterS: null,
  unstatedPhases: null,
  switchesPhases: "never",
  stepsA: null,
  wholeAmps: false,
  minA: 6,
  belowMin: "pause",
  dropsProfiles: "never",
  keepsOverReboot: true,
  offlineLimitA: null,
  clockOffsetS: 0,
  composite: "yes",
  offersCurrent: true,
  minMeterIntervalS: 0,
  triggers: "yes",
  reservations: true,
  hiddenKeys: [],
  maxKeys: 50,
  answersKeyless: true,
  restartsOnKey: null,
  connects: true,
  boots: "powerUp",
  bootDelayS: 0,
  restartsOnEarlyCall: false,
  pongs: true,
  transactions: "issued",
  faulted: false,
  welded: false,
  keyAnswer: "accept",
  settings: "take",
  keyAsText: false,
  uploads: "put",
  firmware: "install",
  security: true,
  refusesCertificates: false,
  carPhases: null,
  overdraw: 1,
};
