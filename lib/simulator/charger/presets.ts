import type { Behaviour } from "./behaviour.ts";
import { GOOD } from "./behaviour.ts";

/** What a departure is about: the groups of the dialog. */
export const BEHAVIOUR_GROUPS = ["takes", "obeys", "keeps", "tells", "connects", "upkeep", "car"] as const;

export type BehaviourGroup = (typeof BEHAVIOUR_GROUPS)[number];

/** A departure with a name. */
export interface Preset {
  group: BehaviourGroup;
  departs: Partial<Behaviour>;
}

const takes = (departs: Partial<Behaviour>): Preset => ({ group: "takes", departs });
const obeys = (departs: Partial<Behaviour>): Preset => ({ group: "obeys", departs });
const keeps = (departs: Partial<Behaviour>): Preset => ({ group: "keeps", departs });
const tells = (departs: Partial<Behaviour>): Preset => ({ group: "tells", departs });
const connects = (departs: Partial<Behaviour>): Preset => ({ group: "connects", departs });
const upkeep = (departs: Partial<Behaviour>): Preset => ({ group: "upkeep", departs });
const car = (departs: Partial<Behaviour>): Preset => ({ group: "car", departs });

/** Every act a simulated charge point can play. Each is one departure from the good one; several can be played at once. */
export const BEHAVIOURS = {
  normal: obeys({}),

  rejectsProfiles: takes({ profileAnswer: "reject" }),
  noAnswer: takes({ profileAnswer: "silence" }),
  obeysUnanswered: takes({ profileAnswer: "applySilently" }),
  notSupported: takes({ profileAnswer: "notSupported" }),
  notImplemented: takes({ profileAnswer: "notImplemented" }),
  ampsOnly: takes({ units: ["A"] }),
  wattsOnly: takes({ units: ["W"] }),
  stackZeroOnly: takes({ maxStackLevel: 0 }),
  stackZeroUnsaid: takes({ maxStackLevel: 0, statedStackLevel: 3 }),
  plainPeriodsOnly: takes({ refusedFields: ["numberPhases", "minChargingRate"] }),
  optionalFieldsViolate: takes({
    refusedFields: ["numberPhases", "minChargingRate", "duration", "validFrom", "validTo"],
    fieldRefusal: "PropertyConstraintViolation",
  }),
  relativeOnly: takes({ kinds: ["Relative"] }),
  absoluteOnly: takes({ kinds: ["Absolute"] }),
  needsStartSchedule: takes({ needsStartSchedule: true }),
  noTxProfile: takes({ purposes: ["ChargePointMaxProfile", "TxDefaultProfile"] }),
  needsTransactionId: takes({ needsTransactionId: true }),
  noTxDefault: takes({ purposes: ["ChargePointMaxProfile", "TxProfile"] }),
  noChargePointMax: takes({ purposes: ["TxDefaultProfile", "TxProfile"] }),
  oneProfileSlot: takes({ maxInstalled: 1 }),
  twoSlotsNoReplacement: takes({ maxInstalled: 2, replacementNeedsRoom: true }),
  oneSlotNoReplacement: takes({ maxInstalled: 1, replacementNeedsRoom: true }),
  onePeriodOnly: takes({ maxPeriods: 1 }),
  rejectsZero: takes({ zeroLimit: "refuse" }),
  rejectsWhileCharging: takes({ refusesWhileCharging: true }),

  ignoresLimits: obeys({ ignoresLimits: true }),
  slow: obeys({ reactionS: 20 }),
  relativeFromTransaction: obeys({ relativeFrom: "transaction" }),
  relativeFromReceipt: obeys({ relativeFrom: "receipt" }),
  defaultNextTransaction: obeys({ defaultsFromNextTransaction: true }),
  ignoresTxDefault: obeys({ ignoredPurposes: ["TxDefaultProfile"] }),
  ignoresTxProfile: obeys({ ignoredPurposes: ["TxProfile"] }),
  ignoresChargePointMax: obeys({ ignoredPurposes: ["ChargePointMaxProfile"] }),
  topProfileOnly: obeys({ fallsBack: false }),
  forgetsAfterPause: obeys({ forgetsAfterPause: true }),
  assumesOnePhase: obeys({ unstatedPhases: 1 }),
  switchesPhases: obeys({ switchesPhases: "charging" }),
  switchesPhasesPaused: obeys({ switchesPhases: "paused" }),
  switchesPhasesByKey: obeys({ switchesPhases: "key" }),
  ignoresNumberPhases: obeys({ switchesPhases: "says" }),
  wholeAmps: obeys({ wholeAmps: true }),
  fixedSteps: obeys({ stepsA: [6, 8, 10, 13, 16] }),
  pausesBelowSix: obeys({ minA: 6, belowMin: "pause" }),
  minimumEight: obeys({ minA: 8, belowMin: "pause" }),
  raisesToEight: obeys({ minA: 8, belowMin: "minimum" }),
  zeroIsMinimum: obeys({ zeroLimit: "minimum", belowMin: "minimum" }),
  clockAhead: obeys({ clockOffsetS: 7200 }),
  clockBehind: obeys({ clockOffsetS: -7200 }),

  forgetsSoon: keeps({ forgetsAfterS: 20 }),
  dropsOnReconnect: keeps({ dropsProfiles: "reconnect" }),
  dropsOffline: keeps({ dropsProfiles: "disconnect" }),
  forgetsOnReboot: keeps({ keepsOverReboot: false }),
  fullSpeedOffline: keeps({ offlineLimitA: Number.POSITIVE_INFINITY }),
  eightAmpsOffline: keeps({ offlineLimitA: 8 }),

  noComposite: tells({ composite: "notSupported" }),
  compositeRejected: tells({ composite: "reject" }),
  compositeError: tells({ composite: "error" }),
  compositeConnectorOnly: tells({ composite: "connectorOnly" }),
  noCurrentOffered: tells({ offersCurrent: false }),
  metersEvery30s: tells({ minMeterIntervalS: 30 }),
  metersEvery60s: tells({ minMeterIntervalS: 60 }),
  noReservations: tells({ reservations: false }),
  noTrigger: tells({ triggers: "notImplemented" }),
  triggerWhileCharging: tells({ triggers: "charging" }),
  unitUnsaid: tells({ hiddenKeys: ["ChargingScheduleAllowedChargingRateUnit"] }),
  keysByName: tells({ answersKeyless: false }),
  fourKeys: tells({ maxKeys: 4 }),
  oneKey: tells({ maxKeys: 1 }),
  restartsOnQuery: tells({ restartsOnKey: "MeterValuesSampledData" }),

  offline: connects({ connects: false }),
  bootsAlways: connects({ boots: "always" }),
  neverBoots: connects({ boots: "never" }),
  bootLoop: connects({ boots: "always", bootDelayS: 8, restartsOnEarlyCall: true }),
  noPong: connects({ pongs: false }),
  freeCharging: connects({ transactions: "none" }),
  ownTransactionIds: connects({ transactions: "own" }),
  fault: connects({ faulted: true }),
  weldedContactor: connects({ faulted: true, welded: true }),

  refusesKey: upkeep({ keyAnswer: "reject" }),
  noKey: upkeep({ keyAnswer: "notSupported" }),
  keyAfterRestart: upkeep({ keyAnswer: "reboot" }),
  keyUnanswered: upkeep({ keyAnswer: "silent" }),
  keyLost: upkeep({ keyAnswer: "lose" }),
  keyAsText: upkeep({ keyAsText: true }),
  refusesSettings: upkeep({ settings: "refuse" }),
  settingsAfterRestart: upkeep({ settings: "afterRestart" }),
  nothingToUpload: upkeep({ uploads: "nothing" }),
  uploadsAsForm: upkeep({ uploads: "form" }),
  uploadFails: upkeep({ uploads: "fail" }),
  downloadFails: upkeep({ firmware: "downloadFails" }),
  installFails: upkeep({ firmware: "installFails" }),
  invalidSignature: upkeep({ firmware: "invalidSignature" }),
  noSecurity: upkeep({ security: false }),
  refusesCertificates: upkeep({ refusesCertificates: true }),

  singlePhaseCar: car({ carPhases: 1 }),
  overdraws: car({ overdraw: 1.08 }),
} as const satisfies Record<string, Preset>;

export type BehaviourName = keyof typeof BEHAVIOURS;

/** Every name, the good one first. */
export const BEHAVIOUR_NAMES = Object.keys(BEHAVIOURS) as [BehaviourName, ...BehaviourName[]];

/** Whether a text names a behaviour, or several with commas between them. */
export function isBehaviour(names: unknown): names is string {
  return typeof names === "string" && split(names).every((name) => Object.hasOwn(BEHAVIOURS, name));
}

/**
 * What these names together make of a charge point; where two of them meet the later one holds.
 * @param names as `isBehaviour` takes them
 * @throws RangeError for a name that is none
 */
export function behaviourOf(...names: readonly string[]): Behaviour {
  const departures = names.flatMap(split).map((name): Partial<Behaviour> => {
    if (!Object.hasOwn(BEHAVIOURS, name)) throw new RangeError(`there is no behaviour ${name}`);
    return BEHAVIOURS[name as BehaviourName].departs;
  });
  return Object.assign({}, GOOD, ...departures);
}

function split(names: string): string[] {
  return names.split(",").map((name) => name.trim());
}
