/** The sentences in which an allocation is explained, with `{values}` to fill in. Another language has the same keys. */
export const ENGLISH = {
  max: "the most that this connector may give",
  enough: "all that the car uses or its limits allow",
  kept: "not raised until meter {meter} delivers good values again",
  minimum: "the minimum; {row}",
  sharedRow: "{row}, shared by {cars} cars",
  noSurplus: "no PV surplus is known",
  sunWait: "waits for enough PV surplus",
  sunPart: "that is its part of the PV surplus",
  wait: "waits for its minimum of {minimum}; {row}",
  belowMinimum: "less than its minimum of {minimum} is allowed, so it pauses",
  idle: "the car takes nothing now, and there is nothing to spare",
  idleMinimum: "the car takes nothing now; the minimum is kept so that it can start again",
  offline: "not connected",
  offlineReserved: "not connected; {current} stay reserved for it",
  settling: "waits until the last change has shown in the measurements",
  ramp: "rising step by step to {current}",
  uncontrollable: "not controllable: what it may draw is reserved",
  disobeys: "does not obey its limit: what it draws is reserved",
  waking: "switched off for a moment to wake the car",
  unsure: "its charger reports seldom: it starts when there is room for its start and as much other load",
  minOff: "was stopped a moment ago; it may start again soon",
  sunHold: "keeps its minimum while the PV surplus is short for a moment",
  sunDelay: "waits until the PV surplus has lasted",
  failSafe: "fail-safe: a meter of zone {zone} does not deliver",
  off: "switched off",
  notRequesting: "no car asks for current",
  rowPower: "the power limit of zone {zone} is reached",
  rowPowerValue: "the power limit of zone {zone} is reached ({power})",
  rowOutside: "the outside limit of zone {zone} is reached",
  rowOutsideValue: "the outside limit of zone {zone} is reached ({limits})",
  rowSun: "the PV surplus is too small",
  rowImbalance: "L{phase} of zone {zone} may not carry more above the other phases",
  rowImbalanceValue: "L{phase} of zone {zone} may not carry more above the other phases than {current}",
  rowNone: "there is no more to share",
  rowZone: "zone {zone} has no more to share",
  rowPhase: "L{phase} of zone {zone} is full",
  rowPhaseValue: "L{phase} of zone {zone} is full ({current})",
  changesPhases: "its charger changes between one phase and three",
  dear: "power is dear until {time}: {why}",
  ifFresh: "would be up to {current} if meter {meter} were fresh",
  ifFreshMany: "would be up to {current} if the meters {meter} were fresh",
  ifFast: "would be up to {current} in mode fast",
  ifReleased: "would be up to {current} without the limit from outside",
  ifFirst: "would be up to {current} as priority class 0",
  ifCheap: "would be up to {current} while power is cheap",
} as const;

export type PhraseKey = keyof typeof ENGLISH;
export type Phrases = Readonly<Record<PhraseKey, string>>;

/** A sentence with its values; a value that is not given stays as its name. */
export function say(phrases: Phrases, key: PhraseKey, values: Readonly<Record<string, string | number>> = {}): string {
  return phrases[key].replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}
