/** Why a car gets what it gets, without numbers, said to each reader; by the code of the reason, or by its note. */
export const reason = {
  MAX: {
    driver: "Charging as fast as this charger and your car can.",
    staff: "Gets all it can use.",
    integrator: "MAX: limited by the connector, the car or its measured demand, not by a zone.",
  },
  MIN: {
    driver: "Charging slowly: power is short, everybody gets the minimum first.",
    staff: "Gets the minimum, because power is short.",
    integrator: "MIN: held at the minimum; there is no room to share above it.",
  },
  ZONE: {
    driver: "Charging slower: the power is shared with other cars and the building.",
    staff: "Shares what the breaker leaves.",
    integrator: "ZONE: a phase of a zone on the way up is full.",
  },
  POWER: {
    driver: "Charging slower: the power of the site is limited.",
    staff: "Shares the power limit of the site.",
    integrator: "POWER: maxPowerW of a zone is reached.",
  },
  GRID: {
    driver: "Charging slower: the grid operator or the building asks for it.",
    staff: "Limited from outside for a while.",
    integrator: "GRID: a limit from outside (ev-limit) binds.",
  },
  PV: {
    driver: "Charging with solar power, as much as there is.",
    staff: "Follows the solar surplus.",
    integrator: "PV: bounded by the shared surplus.",
  },
  IMBALANCE: {
    driver: "Charging slower: the phases of the building must stay in balance.",
    staff: "Limited, so that the phases stay in balance.",
    integrator: "IMBALANCE: a phase may not carry more above the others.",
  },
  WAIT: {
    driver: "Waiting for your turn. Charging begins by itself.",
    staff: "Waits for its turn.",
    integrator: "WAIT: its minimum does not fit now; it is started as soon as it does, or by rotation.",
  },
  CLOUD: {
    driver: "Your charging operator limits your charge now.",
    staff: "Limited by the back end of an operator.",
    integrator: "CLOUD: a charging profile of a back end is the lowest limit; see ev-back-end.",
  },
  MAX_BELOW_MIN: {
    driver: "Paused: there is too little power for your car now.",
    staff: "Paused, because less than its minimum is allowed.",
    integrator: "MAX_BELOW_MIN: its upper bound is below its minimum; check maxA, operator limit and external limits.",
  },
  IDLE: {
    driver: "Your car takes no power now. It gets some again when it asks.",
    staff: "The car takes nothing; its share goes to others.",
    integrator: "IDLE: no draw, and no spare current to keep the minimum.",
  },
  IDLE_MIN: {
    driver: "Your car takes no power now; some is kept for it.",
    staff: "The car takes nothing; the minimum is kept for it.",
    integrator: "IDLE_MIN: no draw; the minimum is kept so that it can start again.",
  },
  OFFLINE: {
    driver: "The charger is not connected to the building's control. It charges slowly or not at all.",
    staff: "The charger is away; current stays reserved for it.",
    integrator: "OFFLINE: not connected, or an outlet that may be live; reserved, not allocated.",
  },
  SETTLING: {
    driver: "Charging is being adjusted.",
    staff: "Waits until the last change shows.",
    integrator: "SETTLING: an increase waits until decreases or the last setpoint are measured.",
  },
  RAMP: {
    driver: "Charging is getting faster.",
    staff: "Rising step by step.",
    integrator: "RAMP: rising at rampUpAps.",
  },
  MIN_OFF: {
    driver: "Paused for a moment.",
    staff: "Was stopped a moment ago; it pauses for a minute, and then starts when there is room.",
    integrator: "MIN_OFF: within minOffS of its stop.",
  },
  PV_HOLD: {
    driver: "A cloud passes: charging at the minimum, or waiting for the sun.",
    staff: "Bridges a short lack of sun, or waits until the sun has lasted.",
    integrator: "PV_HOLD: within the enable or disable delay.",
  },
  FAILSAFE: {
    driver: "Charging slowly or waiting, for safety: a meter of the building does not answer.",
    staff: "Fail-safe: a meter does not answer. See the alarms.",
    integrator:
      "FAILSAFE: a meter of a zone on the way up is stale; failSafeA holds, and nothing is raised or started unless the assumed load leaves room for all.",
  },
  OFF: { driver: "Charging is switched off here.", staff: "Switched off.", integrator: "OFF: mode off." },
  NOT_REQUESTING: {
    driver: "Free. Plug in to charge.",
    staff: "No car asks for power.",
    integrator: "NOT_REQUESTING: no car, or none that wants current.",
  },
  HEMS: {
    driver: "Charging slower: the building's energy manager asks for it.",
    staff: "Limited by an energy manager for a while.",
    integrator: "HEMS: an energy manager's limit or mode binds; it ends by itself with its lease.",
  },
  BMS: {
    driver: "Charging slower: the building's control asks for it.",
    staff: "Limited by the building management system for a while.",
    integrator: "BMS: a building management system's limit or mode binds; it ends by itself with its lease.",
  },
  badgeRefused: {
    driver: "Your badge was refused. Please use another one, or ask the staff.",
    staff: "The badge was refused.",
    integrator: "badgeRefused: no transaction runs, because the badge was refused.",
  },
  stoppedForBreaker: {
    driver: "Stopped for safety: this charger drew more than it may. Please use another one.",
    staff: "Stopped: a breaker was over its limit, and this charger drew more than it may. See alarms.",
    integrator:
      "stoppedForBreaker: a breaker was over its limit with nothing left to lower, and this charger drew more than its limit or refused 0 A.",
  },
};

/** What a status of a connector (OCPP 1.6 §7.7) means to each reader. */
export const status = {
  Available: { driver: "Free. Plug in to charge.", staff: "Free.", integrator: "Available: no car, nothing reserved." },
  Preparing: {
    driver: "Nearly there: plug in, or show your badge.",
    staff: "A driver is about to begin: the plug or the badge is still missing.",
    integrator: "Preparing: plug or badge seen, no transaction yet.",
  },
  Charging: {
    driver: "Your car is charging.",
    staff: "Charging.",
    integrator: "Charging: the contactor is closed and the car may draw.",
  },
  SuspendedEVSE: {
    driver: "Waiting for power. Charging goes on by itself.",
    staff: "Paused by the charger, which waits for power.",
    integrator: "SuspendedEVSE: the charger offers no current, because of a limit or by itself.",
  },
  SuspendedEV: {
    driver: "Your car takes no power now: it is full, or waits for its own timer.",
    staff: "The car takes no power: full, or waiting for its own timer.",
    integrator: "SuspendedEV: current is offered and the car takes none.",
  },
  Finishing: {
    driver: "Finished. Please unplug.",
    staff: "Finished; the car is still plugged in.",
    integrator: "Finishing: the transaction has ended, the plug is still in.",
  },
  Reserved: {
    driver: "Reserved for somebody else.",
    staff: "Reserved.",
    integrator: "Reserved: held for a badge by a reservation.",
  },
  Unavailable: {
    driver: "Out of service.",
    staff: "Taken out of service.",
    integrator: "Unavailable: set inoperative by command or by the charger.",
  },
  Faulted: {
    driver: "Out of order. Please use another charger.",
    staff: "Out of order: see the alarms for what to do.",
    integrator: "Faulted: the charger reports an error and does not charge.",
  },
};
