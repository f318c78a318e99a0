/** What a run that proves the wiring of a charger has shown, and what to do. */
export const proof = {
  phases: "The load is on {used} of {phases} {phases|phase|phases} ({legs}), as set.",
  phasesUnsure: "It cannot be told which phases the load is on.",
  phasesUnsureCure:
    "Try again while no large load of the house is switched; a meter that includes the chargers has to be above this one.",
  legMissing:
    "The charger draws on {terminals} {terminals|terminal|terminals}, but the meter shows it on {used} {used|phase|phases} only ({legs}).",
  legMissingCure:
    "Check the current transformers of the other phases: missing, not connected, or around another cable.",
  phasesOdd: "The meter shows the load on more phases ({legs}) than the charger says.",
  phasesOddCure: "Try again with no other car charging.",
  phasesMore: "The load is on {used} {used|phase|phases} ({legs}); {phases} {phases|is|are} set.",
  phasesMoreCure: "Set the phases of this connector to {used}.",
  phasesFewer: "The load is on {used} of {phases} {phases|phase|phases} ({legs}).",
  phasesFewerCure:
    "This car loads fewer phases than are wired. For the others, run it again with a load on all of them.",
  rotation: "The terminals hang as set: {rotation}.",
  rotationUnsure: "The phase rotation cannot be told.",
  rotationUnsureCure: "Try again while no large load of the house is switched.",
  rotationWrong: "The terminals hang as {proven}, not as {rotation}.",
  rotationWrongCure:
    "Apply sets {proven}. If the chargers beside it are right at this meter, nothing else is to be done; else look at the order of the transformers first.",
  rotationOther: "The load is on {legs}: that does not fit {rotation}. Possible: {proven}.",
  rotationOtherCure:
    "Measure the rotating field at the outlet, say it at Start, and run it again: then the order is known.",
  rotationFound: "The terminals hang as {proven}; no rotation is set.",
  rotationOpen: "What was seen on {legs} fits {rotation}, and also others: {proven}.",
  rotationOpenCure: "Measure the rotating field at the outlet, say it at Start, and run it again.",
  rotationAllCure:
    "A load that takes the same on all phases shows no order. Run it again with a load on one phase, such as a car that charges on one.",
  including: "The meter {meter} sees this charger, as zone {zone} says.",
  excluding: "The meter {meter} does not see this charger, as zone {zone} says.",
  excludingSees: "The meter {meter} sees this charger, but zone {zone} says that it measures the other loads only.",
  excludingSeesCure: "Set the meter in zone {zone} to “chargers included”.",
  blind: "The meter {meter} does not see this charger, but zone {zone} says that it does.",
  blindCure:
    "Check where the transformers of {meter} are, whether its scale is far too small, and whether this charger belongs to zone {zone}.",
  otherLegs: "The meter {meter} shows the load on other phases than the meter next to the charger ({legs}).",
  otherLegsCure: "Bring the transformers of {meter} into the order L1, L2, L3.",
  doubted: "Load management does not believe the meter {meter}: it does not follow the chargers.",
  doubtedCure: "Look at the alarm of {meter}, and run it again when that is settled.",
  regulated: "Something behind the meter {meter} makes up for the steps, such as a battery.",
  regulatedCure: "Switch the battery’s control off for three minutes and run it again.",
  meterUnsure: "Not every phase of the meter {meter} shows clearly whether it follows.",
  meterUnsureCure: "Try again while no large load of the house is switched.",
  direction: "The transformers of {meter} point the right way ({legs}).",
  reversed: "The meter {meter} counts backwards on {legs}.",
  reversedCure: "Turn the transformer on {legs} round, or change its sign in the meter.",
  scale: "The meter {meter} shows {scale} A for each ampere of the charger.",
  scaleWrong: "The meter {meter} shows {scale} A for each ampere of the charger.",
  scaleWrongCure: "Set the transformer ratio or the factor of {meter}.",
  scaleUnsure:
    "The meter {meter} shows {scale} A for each ampere commanded; the charger may follow in steps of its own.",
  scaleUnsureCure: "Let the charger report its currents every 10 s and run it again, or compare with a clamp meter.",
  saidRotation: "The charger itself says {said}, too.",
  saidOther: "The charger itself says {said}, not {proven}.",
  saidOtherCure: "Set ConnectorPhaseRotation of the charger to {proven}.",
  saidOpenCure: "Prove the rotation first, then make both the same.",
  maximum: "The charger itself is limited to {said} A, as set.",
  maximumMore: "The charger itself allows {said} A; {maxA} A are set.",
  maximumMoreCure: "Limit the charger itself to {maxA} A: that holds when nothing here does.",
  maximumLess: "The charger itself allows {said} A only; {maxA} A are set.",
  maximumLessCure: "Set the maximum of this connector to {said} A.",
};

/** Why such a run ended. */
export const proofEnd = {
  finished: "The whole pattern was gone through.",
  person: "Stopped by hand.",
  room: "Stopped: a phase came near its limit. Try again while less is drawn.",
  meter: "Stopped: a meter delivers nothing that can be believed.",
  guard: "Stopped: the guard of load management acted.",
  car: "Stopped: the car no longer charges.",
  offline: "Stopped: the charger is not connected.",
  disobeys: "Stopped: the charger does not keep to its limit.",
  deploy: "Stopped by a deploy.",
  time: "Stopped after three minutes.",
};

/** What it says of one thing. */
export const verdict = {
  right: "right",
  wrong: "wrong",
  unsure: "not sure",
};

/** What such a run takes, where it is there. */
export const proofNeed = {
  connected: "The charger is connected and takes limits.",
  car: "A car or a test load charges there.",
  meter: "A meter above it sends often enough: {meter}.",
};

/** The part of a page on which a wiring is proven. */
export const proofPage = {
  title: "Prove the wiring",
  start: "Start",
  abort: "Abort",
  apply: "Apply {rotation}",
  field: "Rotating field at the outlet",
  fieldUnknown: "not measured",
  fieldRight: "turns right",
  fieldLeft: "turns left",
  running: "Under way: {percent} %. The car’s current goes up and down.",
  note: "Takes up to three minutes. A car, or a test load that follows the charger, has to charge there.",
  last: "Last result of {time}",
  applied: "Set; deploy to put it into force.",
  notApplied: "The charge point's list has no such connector. Open its dialog and enter it.",
  needed: "What is needed first",
  mayNot: "Only an admin may start this. Whoever looks after the site can allow it.",
  begin: "Start a charge for a guest",
  step: "Step {step} of at most {steps}: the charger may draw {amps} A.",
  draws: "It reports {amps} A.",
  shown: "What the meters show",
  allowed: "allowed",
  leg: "Phase",
  amps: "A",
  change: "in this step",
  course: "Since the start",
  elsewhere: "The wiring of {charger} is being proven: {percent} %.",
  never: "Not proven yet.",
  toApply:
    "{rotation} is proven, {set} is set. This page cannot change the flow. In the editor: sidebar “EV charging”, this charger, “Prove the wiring”, “Apply {rotation}”, then Deploy.",
  report: "Commissioning report",
};
