/** What nodes show in their status lines beside figures and names. Short: a line has room for some twenty letters. */
export const line = {
  alarms: "{n} {n|alarm|alarms}",
  warnings: "{n} {n|warning|warnings}",
  cars: "{n} {n|car|cars}",
  badges: "{n} {n|badge|badges}",
  open: "{n} open",
  online: "{n} online",
  served: "{n} {n|connector|connectors}",
  told: "{n} {n|device|devices}",
  brokerAway: "broker {broker} is away ({node})",
  words: "{n} {n|is|are} limited",
  waiting: "{n} waiting",
  connectors: "{n} {n|connector|connectors}, {verified} verified",
  reported: "{connected} of {n} connected",
  failSafe: "fail-safe: meter {meter}",
  sent: "{period} sent",
  notConfirmed: "{wrong} of {n} not confirmed: {which} {why}",
  until: "until {time}",
  asked: "{amps} A asked",
  sentA: "{amps} A sent",
  released: "released",
  measured: "measured",
  composite: "schedule checked",
  unverified: "not verified yet",
  zero: "refuses 0 A",
  limits: "refuses limits",
  unsupported: "takes no limits",
  unanswered: "does not answer",
  nonCompliant: "does not obey",
  outOfService: "out of service",
  rejected: "rejected",
  timeout: "timeout",
  offline: "offline",
  coalesced: "coalesced",
  uncontrollable: "uncontrollable",
  surplus: "{power} kW surplus",
  short: "{power} kW short",
};

/** How a charger is doing where it has not said so itself. */
export const charger = {
  faulted: "Out of order: see the alarms.",
  trouble: "Does not obey its limit: see the alarms.",
  offline: "Not connected.",
  waiting: "Waits for power.",
  charging: "Charging.",
  idle: "The car takes no power.",
  free: "Free.",
  unknown: "Not heard of yet.",
};

/** What each charging mode is called. */
export const mode = {
  fast: "as fast as possible",
  pv: "sun only",
  minpv: "sun, and at least the minimum",
  off: "switched off",
};

/** How a zone is doing. */
export const zone = {
  over: "L{phase} is over its limit; cars are being slowed down",
  failSafe: "A meter does not answer; cars get the safe current",
  unknown: "No reading of its meter",
  full: "L{phase} is full and holds {cars} back",
  brim: "L{phase} is full",
  limited: "Its limit holds {cars} back",
  demand: "The mean power nears the demand limit of {limit}",
  outside: "Limited to {limit}: {source}",
  byHand: "Limited to {limit} by hand",
  above: "{zone} holds {cars} back",
  fine: "Every car gets what it can use",
  free: "No car charges",
};

/** What a person decided by hand. */
export const override = {
  atMost: "at most {amps} A",
  priority: "priority {class}",
  byHand: "By hand until {time}: {why}",
  aside: "energy managers set aside",
};
