/**
 * Thresholds and times of the control between charger, meter and controller. Each stands here once: what it means, the safety rule it
 * comes from (S1 to S12: `docs/safety.md`), who uses it. Where somebody can set a value, this is its default; what one algorithm alone
 * knows (surplus, sharing out, plausibility of meters) and technical limits stand beside their code.
 */

/** S1, S7: a draw lies above a limit once it is more than this above it, A. The guard, reservations and starts count so. */
export const OVERDRAW_A = 1;
/** S7: or more than this part of the limit, if that is larger. For `over-limit.ts`; where amperes are added up (S1) it does not count. */
export const OVERDRAW_SHARE = 0.1;
/** S7: a charger that has drawn above its limit for so long does not obey. Compliance, alarms, guard; default of `nonCompliantS`. */
export const DISOBEYS_MS = 30_000;
/** S7: a charger that did not obey is trusted again after keeping to its limit for so long. Compliance. */
export const RECOVERED_MS = 60_000;
/** S7: a charger that obeys when told again, and soon forgets, so often within this time counts as not obeying for as long. Compliance. */
export const LAPSES = { most: 3, withinMs: 3_600_000 } as const;
/** S1: so long a measured current may be over a limit until the guard acts; an overload that cannot be relieved is counted from then on. */
export const OVERLOAD_MS = 15_000;
/** S1: a measured current is over a limit by more than this, A: meters are not exact. Guard, urgent ticks, the view of a zone. */
export const OVERLOAD_A = 0.5;
/** S7: a stop that was commanded has so long to show before the next measure or the next connector is stopped. */
export const STOP_EFFECT_MS = 15_000;

/** Most chargers and cars have followed a new setpoint after this: a reading of then shows what the car takes. Surplus, meters, questions. */
export const FOLLOWED_MS = 5_000;
/** S2: a charger whose reading is missing has followed a decrease after this. Guard; default of `settleS`; first proof of a limit. */
export const SETTLED_MS = 10_000;
/** Slow chargers and cars have followed after this: a rise is waited for no longer, a remedy shows. Default of a model's `settleS`. */
export const FOLLOWED_SLOWLY_MS = 15_000;
/** A car that was switched on has begun and found its current after this. Starts that are not reported yet, questions about them. */
export const STARTED_MS = 60_000;

/** A car that draws this much is charging, and a terminal that carries more is in use, A. */
export const CHARGING_A = 1;
/** A draw from which something may be concluded, A: a car that follows its limit, a meter that shows it, an answer of zeros beside it. */
export const TELLING_A = 3;

/** S4b: samples of charger and meter this close in time are of the same moment. */
export const SAME_MOMENT_MS = 2_000;
/** S4b: a charger's sample older than this says nothing of its draw, s. Background. */
export const SAMPLE_LIFE_S = 120;
/** A surplus or a reading of the grid older than this steers nothing. */
export const SURPLUS_LIFE_MS = 30_000;
/** S4: a meter without `staleAfterS` in what a program gives is silent after this, s. Allocation, guard; default of the controller. */
export const STALE_AFTER_S = 30;
/** S4: a meter of a zone is silent after this where no zone says otherwise, s: the default of the node, which expects a reading a second. */
export const ZONE_STALE_AFTER_S = 10;
/** S4: a meter is frozen after so many samples over so long, identical to the bit, while a charger draws. Devices and messages. */
export const FROZEN = { samples: 5, afterMs: 10_000 } as const;
/** So many good samples in a row restore a meter that had failed. */
export const GOOD_BEFORE_RESTORE = 3;

/**
 * S6: a setpoint is a lease of `leaseS` and is renewed after `refreshS`; two increases of a connector lie `minIncreaseS` apart. Defaults of
 * profiles; allocations for chargers without OCPP say the same lease.
 */
export const LEASE = { leaseS: 180, refreshS: 75, minIncreaseS: 5 } as const;
/** Charge points that write every profile to flash memory: the lease at least, and increases at least so far apart, s. */
export const FLASH = { leaseS: 300, minIncreaseS: 30 } as const;
/** S6: a lease that ends upwards holds for so long at least, s. */
export const UPWARD_LEAST_S = 900;
/** S6: it is renewed while more is left of it than the longest one that ends downwards and this, s. */
export const UPWARD_MARGIN_S = 120;
/** S6: once it may end earlier than this after all that end downwards, it counts with what it ends in. */
export const UPWARD_COUNTS_MS = 60_000;
/** No lease is longer: one that ends upwards beside leases of 900 s, and a minute. A stored one that claims to be comes from a wall clock set back. */
export const LONGEST_LEASE_MS = 1_980_000;
/** S6: a schedule starts so long ago, s, that a charge point whose clock lags does not take it for one of the future (OCPP 1.6 §3.13.2). */
export const BACKDATE_S = 60;
/**
 * S8: clocks of charge points and the time that messages take leave in doubt when a limit ends: one that ends downwards may hold so much
 * longer, one that ends upwards may end so much earlier.
 */
export const END_DOUBT_MS = 30_000;
/** S12: a lower limit, or the very first, that is not answered for longer than this may never have arrived. */
export const UNANSWERED_MS = 10_000;

/** A clock off by more than this counts as wrong, and one that moved by more was set: schedules would end too early or too late. */
export const CLOCK_OFF_MS = 5_000;

/** S8, S11: after a start, or when it was adopted, a charge point has so long to come back before it counts as away. */
export const RETURNS_MS = 20_000;
/** A charger away for less than this is no alarm: it may be starting. */
export const OFFLINE_ALARM_MS = 60_000;
/** A charger without OCPP is away after this long without a message. */
export const FLOW_SILENT_MS = 60_000;

/** S5, S6: the current of last resort where nothing else is said, A, which is the least that IEC 61851-1 lets a car charge with. */
export const SAFE_A = 6;
/** What a connector can give where nothing else is said, A. */
export const LARGEST_A = 32;
/** Between a phase and neutral where nothing else is known, V. Charging schedules in W count so, whatever the grid has (OCPP 1.6 errata 3.68). */
export const NOMINAL_V = 230;

/**
 * What changes all the time, and may be lost in a crash, is written in turns of this length, all of it together, ms: each write takes
 * whole pages of a flash card.
 */
export const WRITE_TURN_MS = 900_000;
