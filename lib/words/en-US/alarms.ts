/** What is wrong: in the load management, and in the site beside it. */
export const alarm = {
  wrongSign: "meter {meter}: its current on L{phase} falls when chargers draw more",
  wrongScale: "meter {meter}: on L{phase} it shows only a small part of what chargers draw",
  wrongOrder: "meter {meter}: what chargers draw on L{phase} it shows on another phase",
  meterFrozen: "meter {meter}: its values stand still while a car charges",
  meterUnheard: "meter {meter} has not been heard yet",
  meterStale: "meter {meter}: no good value for {seconds} s",
  fallback:
    "zone {zone}, L{phase}: left alone, its chargers would hold {alone}; with the load of {load} that is there now, that is more than {limit}",
  failSafe: "zone {zone}: fail-safe of {current} per charger because of meter {meter}",
  nothingAssumed: "no car starts, as no load is assumed of it and no whole day of it was seen",
  noRoom: "no car starts, as beside the {load} assumed of its load there is no room for all",
  roomForAll: "cars may start, as beside the {load} assumed of its load there is room for all",
  away: "charger {id} is not connected; {current} stay reserved for it",
  draws: "charger {id} draws {current} at a limit of {limit} for {seconds} s",
  writes: "charger {id} was sent {count} charging {count|profile|profiles} in the last 24 hours",
  keptOne:
    "charger {id} was told to feed its car on three phases, and goes on with one; it is not changed again until the car has gone",
  keptThree:
    "charger {id} was told to feed its car on one phase, and goes on with three; it is not changed again until the car has gone",
  rotation:
    "charger {id} draws on L{phase} although its rotation is set to {rotation}; it counts on every phase until that is set anew",
  outOfService: "charger {id} was taken out of service; {current} are reserved for it",
  drew: "charger {id} drew more than its limit, whatever was tried; {current} are reserved for it",
  drawsAnyway: "charger {id} draws {draw} whatever limit it is given; {current} are reserved for it",
  refuses: "charger {id} refuses limits or does not answer them; {current} are reserved for it",
  breaker:
    "L{phase} of zone {zone}: {measured} measured, limit {limit}, and nothing is left to lower; charger {connector} draws too much",
  breakerOpen: "the breaker of zone {zone} is open; without power: {ids}",
  zoneTree: "{why}",
  control: "{why}",
  chargePointOffline: "charge point {id} is not connected",
  identityConflict: "a second charge point claims to be {id}",
  meterUnread: "meter {meter} has given no good reading for more than 30 s",
  certificateEnds: "the certificate of {id} ends in {days} {days|day|days} and was not renewed",
  certificateOver: "the certificate of {id} has ended",
  copy: "the daily copy of the database failed: {why}",
  recovered:
    "the database was damaged; the copy of {time} took its place, what came later is missing. The damaged file is {path}",
  begunAnew: "the database was empty and there is no copy of it: records, badges and sessions begin anew",
  ofStation: "charge point {id}: {fault}",
  ofConnector: "charger {id}: {fault}",
  likely: "Likely: {cause}",
  clockBehind: "the clock of charge point {id} is {off} behind",
  clockAhead: "the clock of charge point {id} is {off} ahead",
  store: "the site's database cannot be used: {why}",
  limitedTo: "zone {zone} is limited to {limit} from outside ({source})",
  noStarts: "zone {zone} takes no new starts from outside ({source})",
  limited: "zone {zone} is limited from outside ({source})",
  upstreamRefused: "back end {name} refused {count} {count|charge|charges}: {why}",
  upstreamWaits:
    "back end {name}: {waiting} {waiting|report of charges waits|reports of charges wait}, the oldest since {since}",
  drill: "a drill is under way: {what}; it ends at {time} at the latest",
  test: "this is a test of the alarm messages",
  testAction: "Nothing: it is over by itself.",
  many: "{count} {count|alarm|alarms} at once: {first}, and others",
  more: "and {count} more",
  over: "All over: {kind}",
};

/** What to do, by the kind of the alarm. */
export const action = {
  meterStale:
    "Check the meter's supply, its connection and its address. Who charges goes on at the fail-safe current at most until it answers again; a car that waits starts only where the assumed load leaves room for all.",
  meterFrozen: "The meter answers but its values stand still. Restart the meter or its gateway.",
  meterWrong:
    "The meter answers, but it does not follow the chargers behind it. Who charges goes on at the fail-safe current at most until a few starts or stops of cars have shown on it as they should.",
  failSafe: "Nothing to do here: the zone recovers by itself once its meter delivers good values again.",
  chargerOffline:
    "Check the charger's supply and network. Current stays reserved for it; if it is gone for good, send a clear message for it.",
  notControllable:
    "Check the charger's smart-charging settings: it refuses limits or does not answer them. What it may draw is reserved from the others.",
  nonCompliant:
    "Check the charger's smart-charging settings and its phase rotation. What it draws is reserved from the others.",
  breakerOver:
    "The breaker may trip. The charger that draws too much is stopped, then taken out of service; switch it off by hand if it goes on.",
  breakerOpen:
    "Find out why the breaker opened before you close it. Its chargers have no power; their share goes to the others meanwhile.",
  fallbackOver:
    "If this machine failed now, the breaker could trip. Give the chargers below the zone lower safe currents, or the zone the assumed load that it really has, and deploy.",
  outOfService:
    "It drew too much for the breaker and did not follow its limits. Once that is cured, make it operative again by ev-command: ChangeAvailability with type Operative.",
  phasesMistaken:
    "Compare the phase rotation in the charger's settings here with how it is wired. It counts on all three phases until the rotation is set anew and deployed.",
  phasesKept:
    "Check whether the charger can change its phases, and how it wants to be told: during a pause, or by a key of its own (its values switchesPhases, phaseSwitch and phaseKey). Some cars stay on the phases they began with.",
  manyWrites:
    "Chargers may keep every profile in memory that wears out. Raise minIncreaseS, and leaseS with refreshS, of ev-charging-profile, or cycleS of ev-dlm; a charger known to wear out can be given the model generic-flash.",
  guard: "Chargers were pulled to safe currents. Check meters, wiring and phase rotation, and report it with the log.",
  zoneTree: "Correct the zones named on the node and deploy again. The last valid tree stays in force until then.",
  control:
    "The control cycle failed. Restart the flow and report it with the log; chargers keep their last safe currents, then the fail-safe.",
  chargePointOffline: "Check the charge point's supply, its network, and the address of the central system it dials.",
  chargerFault: "Look the code up in the charge point's manual.",
  identityConflict:
    "Two charge points use the same identity, or somebody tries to pose as one. Give each an identity and a password of its own.",
  meterUnread: "Check the meter's supply, its connection and its address. Load management does not depend on it.",
  clock: "Correct the charge point's time server or time zone: its sessions are recorded with our own time until then.",
  store:
    "Look at the disk: space, rights, faults. Charging goes on; sessions that begin or end are confirmed only when they can be kept.",
  certificateEnds: "See in the dialog of the OCPP server, under Certificates, why it was not renewed, and press Renew.",
  copy: "Look at the disk: space and rights of the folder `copies` beside the database. It is tried again every ten minutes.",
  recovered:
    "Check the disk before it fails again. Sessions and badges since the copy are missing, or all of them where there was none; the damaged file may still hold them, or a backup.",
  upstreamRefused:
    "Look into the books of the sessions which charges they are and why. Correct the cause, at the back end or here, and report them again.",
  upstreamWaits:
    "Check the address, the password and the certificate of the back end, and whether it works. Nothing is lost: what waits is sent when it takes it.",
  limit: "Nothing to do: the limit ends by itself or when it is released.",
  drill: "Nothing to do: it ends by itself, and all is put back. Who started it can stop it at once.",
};

/** What many alarms of a kind are called. */
export const kind = {
  meterStale: "meters without values",
  meterFrozen: "meters that stand still",
  meterWrong: "meters that do not follow the chargers",
  failSafe: "zones in fail-safe",
  chargerOffline: "chargers not connected",
  notControllable: "chargers that take no limits",
  nonCompliant: "chargers that do not obey their limit",
  breakerOver: "breakers over their limit",
  breakerOpen: "open breakers",
  fallbackOver: "zones whose chargers would not fit if left alone",
  outOfService: "chargers taken out of service",
  phasesMistaken: "chargers on other phases than set",
  phasesKept: "chargers that keep their phases",
  manyWrites: "chargers with many writes",
  guard: "limits corrected by the guard",
  zoneTree: "zones that were refused",
  control: "failures of the control cycle",
  chargePointOffline: "charge points not connected",
  chargerFault: "faults of charge points",
  identityConflict: "identities used twice",
  meterUnread: "other meters without values",
  clock: "clocks that are wrong",
  store: "database",
  certificateEnds: "certificates of chargers",
  copy: "daily copies",
  recovered: "database put back from a copy",
  upstreamRefused: "back ends that refused charges",
  upstreamWaits: "back ends with reports that wait",
  limit: "limits from outside",
  drill: "drills",
};

/** What an e-mail about an alarm says around it. */
export const mail = {
  resolved: "resolved",
  seen: "seen",
  alarm: "alarm",
  warning: "warning",
  info: "info",
  where: "Where: {place}",
  since: "Since: {time}",
  resolvedAt: "Resolved: {time}",
  seenBy: "Seen by {by}: {comment}",
  noComment: "no comment",
  action: "What to do: {action}",
  flapping: "It comes and goes; you are told once, and when it has been quiet for five minutes.",
};
