/** What a charge point can do and where it departs from the specification, as data. Nothing else in the product asks for a vendor. */

import type { ReportName } from "../../../ocpp/orders.ts";

export type ProfilePurpose = "TxProfile" | "TxDefaultProfile" | "ChargePointMaxProfile";

/** How a charge point is told to change between one phase and three. */
export type PhaseSwitch = "charging" | "paused" | "key";

/** How it takes and obeys charging profiles (OCPP 1.6 §3.13, §7.8–7.13). Currents are A per phase. */
export interface SmartTraits {
  /** `no`: it takes no profiles; its maximum stays reserved. `probe`: tried, and learnt. */
  supported: "yes" | "no" | "probe";
  /** Unit of its schedules; `auto` = what ChargingScheduleAllowedChargingRateUnit says, A when it says nothing. */
  unit: "A" | "W" | "auto";
  /** Purposes for the dynamic limit, the one to try first in front. TxProfile is skipped while no transaction is known. */
  purposes: readonly ProfilePurpose[];
  kind: "Absolute" | "Relative";
  /** What a Relative schedule counts from on this charge point. */
  relativeOrigin: "txStart" | "receipt";
  /** Highest stack level it takes; null = what ChargeProfileMaxStackLevel says. */
  stackMax: number | null;
  /** Periods of a schedule; null = what ChargingScheduleMaxPeriods says. */
  maxPeriods: number | null;
  /** Profiles it holds at once; null = what MaxChargingProfilesInstalled says. */
  maxInstalled: number | null;
  /** Highest chargingProfileId; null = any. */
  idMax: number | null;
  /** Send numberPhases never, or with every period (charge points that assume one phase without it). */
  numberPhases: "never" | "always";
  /** It can feed a car on one phase of three. `probe` = what ConnectorSwitch3to1PhaseSupported says; where it says nothing, it cannot. */
  switchesPhases: "yes" | "no" | "probe";
  /** How it is told: by numberPhases at any time, by numberPhases during a pause, or by a key of its own during a pause. */
  phaseSwitch: PhaseSwitch;
  /** With `key`: its name and what to write for one phase and for three: `{"key":"Phases","one":"1","three":"3"}`. Empty = none. */
  phaseKey: Readonly<Record<string, string>>;
  /** The only currents it follows, ascending; null = any, to `decimals`. */
  stepsA: readonly number[] | null;
  decimals: 0 | 1;
  /** Least current it follows above 0; the connector's own minimum may be higher. */
  minA: number;
  /** `pause`: takes a limit of 0 A. `min`: refuses 0; its safe current stays reserved. */
  zero: "pause" | "min";
  /** A limit written while it was paused is forgotten when it resumes: write it again then. */
  resendAfterZero: boolean;
  /** It drops its profiles when the connection is lost: nothing but the vendor's own fallback holds offline. */
  keepsProfilesOffline: boolean;
  /** A changed TxDefaultProfile applies to the running transaction (errata 3.8), not only to the next one. */
  txDefaultAppliesToRunningTx: boolean;
  /** How a limit ends by itself: the schedule's own tail, or not at all (then the maximum stays reserved offline). */
  lease: "tail" | "none";
  /** How long a car may take to follow, s. */
  settleS: number;
  /** GetCompositeSchedule: works, does not, or is tried and learnt. */
  composite: "yes" | "no" | "probe";
  /** Every written profile goes to flash memory: increases ≥ 30 s apart, leases ≥ 300 s. */
  wearsFlash: boolean;
}

/** What its configuration is like (OCPP 1.6 §9). */
export interface ConfigTraits {
  /** Keys asked for in one GetConfiguration; null = what GetConfigurationMaxKeys says. */
  maxKeys: number | null;
  /** Its own spelling of standard keys: standard → own. */
  alias: Readonly<Record<string, string>>;
  /** Keys never read or written. */
  skip: readonly string[];
  /** Keys that may be written but never asked for: reading them makes the charge point restart. */
  writeOnly: readonly string[];
  /** What to put into MeterValuesSampledData. */
  measurands: readonly string[];
  /** `list`: written at once; `probe`: one by one until it takes them; `never`: left alone. */
  measurandMode: "list" | "probe" | "never";
  /** Shortest MeterValueSampleInterval, s. */
  minIntervalS: number;
  /** Its own keys for what people call it and where it is: `{"name":"stationName"}`, also `place`. Empty = it has none. */
  nameKeys: Readonly<Partial<Record<"name" | "place", string>>>;
  /** The DataTransfer at which it blinks or sounds, so that somebody finds it: `vendorId`, `messageId`, `data`. Empty = none is known. */
  identify: Readonly<Partial<Record<"vendorId" | "messageId" | "data", string>>>;
  /** Do not send ChangeAvailability. */
  noChangeAvailability: boolean;
  /** TriggerMessage by requested message; `charging` = only during a transaction. */
  triggers: Readonly<Partial<Record<ReportName, "yes" | "no" | "charging">>>;
}

export interface TransportTraits {
  /** Does not answer pings. */
  noPong: boolean;
  callTimeoutS: number;
  /** Silence between two calls, ms. */
  callGapMs: number;
  /** No call before its BootNotification or this many seconds. */
  bootGraceS: number;
}

export interface TransactionTraits {
  /** It charges without transactions (free charging). */
  withoutTransactions: boolean;
  /** A connector that becomes Available has ended its transaction. */
  availableEndsIt: boolean;
  /** Transaction ids of its own (negative too) are adopted from MeterValues. */
  adoptsForeignIds: boolean;
  /** Longest idTag that it returns unharmed in RemoteStartTransaction. */
  idTagMax: number;
  /** After a stop it starts again only once the car was unplugged. */
  needsReplugAfterStop: boolean;
}

export interface MeterTraits {
  /** Register values that mean "unknown", Wh. */
  sentinelsWh: readonly number[];
  /** The energy register restarts with each session. */
  sessionRegister: boolean;
  /** The sum of the phases is right where total and phases disagree. */
  preferPhases: boolean;
  /** Sends Current.Offered. */
  offersCurrent: "yes" | "no" | "probe";
}

export interface Traits {
  smart: SmartTraits;
  config: ConfigTraits;
  transport: TransportTraits;
  transaction: TransactionTraits;
  meter: MeterTraits;
}

/** Some of the traits, group by group. */
export type TraitPatch = { readonly [Group in keyof Traits]?: Partial<Traits[Group]> };

/** A setting on the charge point itself that a person has to make or check. */
export interface CommissioningStep {
  /** What to set, in the vendor's words for it. */
  text: string;
  /** Why, in one sentence. */
  why: string;
}

/** A configuration key of a vendor, for commands and dialogs. */
export interface VendorKey {
  key: string;
  /** What it does, one sentence in English; absent where the catalogues of words say it. */
  text?: string;
  unit: string | null;
  /** `15..7200`, `true|false`, or free text. */
  range: string | null;
  /** `local`: only on the charge point's own pages, under this label; not known over OCPP. */
  access: "rw" | "ro" | "wo" | "local";
  /** The value that it must have so that limits from here have an effect; absent where any will do. */
  expects?: string;
}

/** Everything that is given must hold. Texts are regular expressions (case-insensitive) on what BootNotification and the URL say. */
export interface ModelMatch {
  vendor?: string;
  model?: string;
  identity?: string;
  firmware?: string;
  /** Version such as `3.2.0`, the first of the range. Without a known firmware a range does not hold. */
  firmwareFrom?: string;
  /** The first version after the range. */
  firmwareBefore?: string;
}

/** What is known of a charge point that is to be told from others. */
export interface ModelClues {
  vendor: string | null;
  model: string | null;
  identity: string;
  firmware: string | null;
}

/** One model (or family) of charge points. */
export interface ModelProfile {
  id: string;
  /** Shown in the dialog: `Schneider Electric EVlink (release 6 and later)`. */
  name: string;
  /** Id of the profile whose traits it starts from; the default traits without one. */
  extends?: string;
  /** How it is told from others: any of these; none = only chosen by hand. */
  match: readonly ModelMatch[];
  traits: TraitPatch;
  /** Currents and settings of the vendor's own fallback when the connection is lost, one sentence; null when none is known. */
  nativeFallback: string | null;
  /** What to check when it refuses or ignores limits: one sentence that names the setting. */
  hintOnRefusal: string | null;
  commissioning: readonly CommissioningStep[];
  vendorKeys: readonly VendorKey[];
  /** Whether it takes address and identity in two fields and puts them together; absent where that is not known. */
  appendsIdentity?: boolean;
  /** Where the values come from: documents by title, public issue threads by repository and number. */
  sources: readonly string[];
  confidence: "vendorDoc" | "fieldReport" | "guess";
}

/** Who said so; a later one overrules an earlier one. */
export type TraitSource = "default" | "model" | "learnt" | "user";

/** What one charge point showed about itself, with when; kept per identity and firmware. */
export interface LearntFacts {
  firmware: string | null;
  /** By path such as `smart.stackMax`. */
  values: Readonly<Record<string, LearntValue>>;
}

export interface LearntValue {
  value: string | number | boolean | readonly (string | number)[] | Readonly<Record<string, string>>;
  /** How it is known: `GetConfiguration`, `refused stack level 1`, … */
  how: string;
  /** ISO 8601 UTC. */
  at: string;
}

/** One value as the dialog shows it. */
export interface TraitView {
  /** `smart.stackMax`. */
  path: string;
  value: unknown;
  source: TraitSource;
  /** For `learnt`: how and when; for `model`: the model's name. */
  note: string | null;
}
