/** Why a badge was let in or refused, by the rule that decided, and what is said beside it; `{name}` is the badge and whose it is. */
export const badge = {
  open: "{name} may charge: anyone may here",
  listed: "{name} may charge: the list has it",
  unknown: "{name} is not in the list of badges",
  blocked: "{name} is blocked in the list of badges",
  expired: "{name} was valid until {time}",
  admin: "{name} is an admin badge: it ends charges and cannot charge",
  elsewhere: "{name} may charge in other places only",
  concurrent: "{name} already charges",
  chargesAt: "{name} already charges at {place}",
  remote: "{name} may charge: the charge was started from here",
  flow: "a flow answered {status} for {name}",
  backEnd: "the back end {backEnd} answered {status} for {name}",
  backEndEarlier: "the back end {backEnd} did not answer within 3 s; it last answered {status} for {name}",
  backEndSilent: "{name}: the back end {backEnd} must accept it too, and did not answer within 3 s",
  learnt: "{name} was added to the list by learn mode",
  notServed: "{name}: the charge point is not in service",
  reserved: "{name}: {place} is reserved for another badge until {time}",
  badge: "badge {idTag}",
  adminBadge: "admin badge {idTag}",
  noBadge: "no badge",
  takenFor: "taken for {idTag}",
  otherOrder: "taken for {idTag} (other byte order)",
  flowSilent: "no flow answered within 3 s; {text}",
  backEndNoAnswer: "the back end {backEnd} did not answer within 3 s; {text}",
  lateLimit0: "the back end {backEnd} answered {status} for {name} after the charge had begun: it gets no current",
  lateStop: "the back end {backEnd} answered {status} for {name} after the charge had begun: it is stopped",
  lateContinue: "the back end {backEnd} answered {status} for {name} after the charge had begun: it goes on",
  wouldReverse: "{text}; it has it with its bytes in the other order, which does not count here",
  standsFor: "{text}, nor is {idTag}, which stands for it",
  ends: "{name} ends transaction {transaction} of {place}: {outcome}",
};

/** Why a session ended, as staff say it: the reasons of StopTransaction (OCPP 1.6 §7.36), and our own where a charger named none. */
export const ended = {
  DeAuthorized: "badge refused",
  EmergencyStop: "emergency stop",
  EVDisconnected: "unplugged",
  HardReset: "charger restarted",
  Local: "at the charger",
  Other: "other reason",
  PowerLoss: "power cut",
  Reboot: "charger restarted",
  Remote: "from here",
  SoftReset: "charger restarted",
  UnlockCommand: "cable unlocked from here",
  notReported: "end not reported",
  superseded: "next charge began",
  breakerOver: "stopped for a breaker over its limit",
};

/** What a back end has of a session. */
export const book = {
  reported: "reported",
  waiting: "waiting",
  refused: "refused: {why}",
  perhapsTwice: "reported, perhaps twice",
};

/** What differs between our books and those of a back end. */
export const compare = {
  same: "Both books are the same. Charges: {equal}.",
  differ: "Charges that are the same: {equal}. Differences: {n}. Charges here: {here}, there: {there}.",
  onlyHere: "{place}, {start}: {energy} kWh are in our books only ({state}).",
  onlyThere: "Line {line}: {place}, {start}, {theirs} kWh is in the back end's books only.",
  energyDiffers: "{place}, {start}: {energy} kWh here, {theirs} kWh in line {line}.",
  perhapsTwice: "Line {line}: {place}, {start}, {theirs} kWh is perhaps in the back end's books twice.",
};

/** What a report of sessions says beside its table. */
export const sent = {
  subject: "Charging sessions {name}",
  test: "This is a test. It holds the last sessions; the report itself comes at its time.",
  none: "No charging session has ended.",
  summary: "{n} charging {n|session|sessions}, {energy} kWh.",
  corrected:
    "{n} {n|session of an earlier report was|sessions of earlier reports were} put right: {n|it is|they are} taken back and listed anew.",
  zone: "Zone {zone}: {energy} kWh, of which cars took {cars} kWh.",
  attached: "The table is attached: {filename}",
};
