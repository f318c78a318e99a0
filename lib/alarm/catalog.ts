/** What each kind of alarm weighs and what a person is to do about it. `<kind>/<subject>` is an alarm's key. */
export const ALARMS = {
  meterStale: {
    severity: "alarm",
    action:
      "Check the meter's supply, its connection and its address. Charging goes on at the fail-safe current until it answers again.",
  },
  meterFrozen: {
    severity: "alarm",
    action: "The meter answers but its values stand still. Restart the meter or its gateway.",
  },
  meterWrong: {
    severity: "alarm",
    action:
      "The meter answers, but it does not follow the chargers behind it. Charging goes on at the fail-safe current until a few starts or stops of cars have shown on it as they should.",
  },
  failSafe: {
    severity: "warning",
    action: "Nothing to do here: the zone recovers by itself once its meter delivers good values again.",
  },
  chargerOffline: {
    severity: "warning",
    action:
      "Check the charger's supply and network. Current stays reserved for it; if it is gone for good, send a clear message for it.",
  },
  notControllable: {
    severity: "alarm",
    action:
      "Check the charger's smart-charging settings: it refuses limits or does not answer them. What it may draw is reserved from the others.",
  },
  nonCompliant: {
    severity: "alarm",
    action:
      "Check the charger's smart-charging settings and its phase rotation. What it draws is reserved from the others.",
  },
  breakerOver: {
    severity: "alarm",
    action:
      "The breaker may trip. The charger that draws too much is stopped, then taken out of service; switch it off by hand if it goes on.",
  },
  outOfService: {
    severity: "alarm",
    action:
      "It drew too much for the breaker and did not follow its limits. Once that is cured, make it operative again by ev-command: ChangeAvailability with type Operative.",
  },
  phasesMistaken: {
    severity: "alarm",
    action:
      "Compare the phase rotation in the charger's settings here with how it is wired. It counts on all three phases until the rotation is set anew and deployed.",
  },
  phasesKept: {
    severity: "warning",
    action:
      "Check whether the charger can change its phases, and how it wants to be told: during a pause, or by a key of its own (its values switchesPhases, phaseSwitch and phaseKey). Some cars stay on the phases they began with.",
  },
  manyWrites: {
    severity: "warning",
    action:
      "Chargers may keep every profile in memory that wears out. Raise minIncreaseS, and leaseS with refreshS, of ev-charging-profile, or cycleS of ev-dlm; a charger known to wear out can be given the model generic-flash.",
  },
  guard: {
    severity: "alarm",
    action:
      "Chargers were pulled to safe currents. Check meters, wiring and phase rotation, and report it with the log.",
  },
  zoneTree: {
    severity: "alarm",
    action: "Correct the zones named on the node and deploy again. The last valid tree stays in force until then.",
  },
  control: {
    severity: "alarm",
    action:
      "The control cycle failed. Restart the flow and report it with the log; chargers keep their last safe currents, then the fail-safe.",
  },
  chargePointOffline: {
    severity: "warning",
    action: "Check the charge point's supply, its network, and the address of the central system it dials.",
  },
  chargerFault: { severity: "warning", action: "Look the code up in the charge point's manual." },
  identityConflict: {
    severity: "alarm",
    action:
      "Two charge points use the same identity, or somebody tries to pose as one. Give each an identity and a password of its own.",
  },
  meterUnread: {
    severity: "warning",
    action: "Check the meter's supply, its connection and its address. Load management does not depend on it.",
  },
  clock: {
    severity: "warning",
    action:
      "Correct the charge point's time server or time zone: its sessions are recorded with our own time until then.",
  },
  store: {
    severity: "alarm",
    action:
      "Look at the disk: space, rights, faults. Charging goes on; sessions that begin or end are confirmed only when they can be kept.",
  },
  copy: {
    severity: "warning",
    action:
      "Look at the disk: space and rights of the folder `copies` beside the database. It is tried again every ten minutes.",
  },
  recovered: {
    severity: "alarm",
    action:
      "Check the disk before it fails again. Sessions and badges of the time since the copy are missing; the damaged file may still hold them.",
  },
  limit: { severity: "info", action: "Nothing to do: the limit ends by itself or when it is released." },
} as const satisfies Record<string, { severity: "info" | "warning" | "alarm"; action: string }>;

export type AlarmKind = keyof typeof ALARMS;
