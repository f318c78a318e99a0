/** The sentences of load management's alarms, and of what its guard found, in English. */
export const ENGLISH_ALARM_PHRASES = {
  alarmWrongSign: "meter {meter}: its current on L{phase} falls when chargers draw more",
  alarmWrongSignHint: "look at the direction of its current clamp on L{phase}, and at the sign in its settings",
  alarmWrongScale: "meter {meter}: on L{phase} it shows only a small part of what chargers draw",
  alarmWrongScaleHint: "look at the transformer ratio in its settings and at the scale of its profile",
  alarmWrongOrder: "meter {meter}: what chargers draw on L{phase} it shows on another phase",
  alarmWrongOrderHint:
    "look at the order of its phases, of clamps and voltages, and at the rotation set for the chargers",
  alarmMeterFrozen: "meter {meter}: its values stand still while a car charges",
  alarmMeterUnheard: "meter {meter} has not been heard yet",
  alarmMeterStale: "meter {meter}: no good value for {seconds} s",
  alarmFallback:
    "zone {zone}, L{phase}: left alone, its chargers would hold {alone}; with the load of {load} that is there now, that is more than {limit}",
  alarmFailSafe: "zone {zone}: fail-safe of {current} per charger because of meter {meter}",
  alarmNothingAssumed: "no car starts, as no load is assumed of it and no whole day of it was seen",
  alarmNoRoom: "no car starts, as beside the {load} assumed of its load there is no room for all",
  alarmRoomForAll: "cars may start, as beside the {load} assumed of its load there is room for all",
  alarmAway: "charger {id} is not connected; {current} stay reserved for it",
  alarmDraws: "charger {id} draws {current} at a limit of {limit} for {seconds} s",
  alarmWrites: "charger {id} was sent {count} charging profiles in the last 24 hours",
  alarmKeptOne:
    "charger {id} was told to feed its car on three phases, and goes on with one; it is not changed again until the car has gone",
  alarmKeptThree:
    "charger {id} was told to feed its car on one phase, and goes on with three; it is not changed again until the car has gone",
  alarmRotation:
    "charger {id} draws on L{phase} although its rotation is set to {rotation}; it counts on every phase until that is set anew",
  alarmOutOfService: "charger {id} was taken out of service; {current} are reserved for it",
  alarmDrew: "charger {id} drew more than its limit, whatever was tried; {current} are reserved for it",
  alarmDrawsAnyway: "charger {id} draws {draw} whatever limit it is given; {current} are reserved for it",
  alarmRefuses: "charger {id} refuses limits or does not answer them; {current} are reserved for it",
  alarmBreaker:
    "L{phase} of zone {zone}: {measured} measured, limit {limit}, and nothing is left to lower; charger {connector} draws too much",
  alarmZoneTree: "{why}",
  alarmControl: "{why}",
  guardAlone: "left alone, chargers that do not fall back in time and other load add up to",
  guardCommanded: "limits and other load add up to",
  guardIncrease: "a limit was raised while what is reserved and other load add up to",
  guardMeasured: "measured for 15 s",
  guardImbalance: "above the least loaded phase by",
  guardMinimum: "a limit between 0 A and the minimum:",
  guardStrayed: "nobody said to be on it is left to lower, chargers on other phases are tried; measured",
  guardCharger: "charger {connector}: {what} {sum}, minimum {limit}",
  guardPhase: "L{phase} of zone {zone}: {what} {sum}, limit {limit}",
  guardPower: "power of zone {zone}: {what} {sum}, limit {limit}",
  hintGeneral: "allow control by an external system in the charge point's settings",
  hintNoProfiles: "the charge point takes no charging profiles; its maximum stays reserved",
  hintNoAnswer:
    "no answer to a limit, the higher of the old and the new one stays reserved: check its network, or restart it",
  hintUnanswered: "It did not answer a limit: check its network, or restart it.",
  hintNoPause:
    "It does not pause at 0 A; its least current stays reserved. To stop it, end the charge or unplug the car.",
  hintSchedule: "its composite schedule shows {nowA} A at a limit of {limitA} A",
  hintAway: "the charge point is not connected; its reservation stays",
  hintReserved: "the connector is reserved, not allocated, until its charge point is known to obey",
  hintOld: "the allocation is too old to raise or renew a limit; the lease runs out",
} as const;

export type AlarmPhrases = Readonly<Record<keyof typeof ENGLISH_ALARM_PHRASES, string>>;
