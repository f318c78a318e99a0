import type { TimedRow } from "./row.ts";

const timed = (id: string, rule: string, file: string, title: string): TimedRow => ({ id, rule, file, title });

/** Rules that take minutes to show, or a clock, a disk or a charger of its own: each with the test that shows it. */
export const TIMED: readonly TimedRow[] = [
  timed(
    "J-5.4",
    "one that does not boot is asked to after 5 s",
    "test/station/connection/station.test.ts",
    "without a boot is served at once, asked to boot after 5 s of silence, and taken into service when it refuses",
  ),
  timed(
    "J-5.4",
    "a running transaction is found again in the samples",
    "test/station/connection/station.test.ts",
    "is found again by its samples after a reconnect",
  ),
  timed(
    "J-5.4",
    "after a restart of Node-RED a known charge point is served without a boot",
    "test/station/chain.test.ts",
    "comes back after a restart without booting: transaction and reserved limit are still known",
  ),
  timed(
    "J-5.3",
    "a charge point that leaves two pings unanswered is gone",
    "test/ocpp/server/endpoint.test.ts",
    "declares a charge point dead that leaves two pings unanswered",
  ),
  timed(
    "J-3.1",
    "more charge points than may connect get 503",
    "test/ocpp/server/endpoint.test.ts",
    "refuses charge points beyond its limit with 503, and takes them when the limit is raised",
  ),
  timed(
    "J-4",
    "what is wrong with frames is told at most ten times a minute",
    "test/ocpp/rpc/rpc.test.ts",
    "reports at most ten deviations in a minute",
  ),
  timed(
    "J-4.1.1",
    "a peer whose CALLs pile up is cut off",
    "test/ocpp/rpc/inbox.test.ts",
    "gives up when far too much waits, and handles nothing more",
  ),
  timed(
    "J-4.1.1",
    "a CALL within a CALL does not hold up its answer",
    "test/ocpp/rpc/rpc.test.ts",
    "takes an answer while one of the peer's CALLs is still being processed, so that a handler may call",
  ),
  timed(
    "errata 3.22",
    "connectors that stay silent for 10 s are asked one by one",
    "test/station/setup/set-up.test.ts",
    "one by one, too, where it stays silent for 10 s",
  ),
  timed(
    "TC_043_5",
    "a charge point's list that is at another version is sent whole, whatever is remembered of it",
    "test/session/badges/local-list.test.ts",
    "is sent whole to a charger that is at another version, whatever is remembered",
  ),
  timed(
    "3.7.1",
    "no transaction is confirmed that is not on the disk",
    "test/station/connection/station.test.ts",
    "is not confirmed while it cannot be made durable",
  ),
  timed(
    "4.8",
    "ids are never used again, also when the clock goes back",
    "test/store/sqlite.test.ts",
    "never numbers downwards when the clock goes back",
  ),
  timed(
    "errata 3.43",
    "below every limit there is a safe one that does not end",
    "test/profile/compile.test.ts",
    "for the baseline is the safe current without an end, below the dynamic one",
  ),
  timed(
    "errata 3.43",
    "a limit carries its own end",
    "test/profile/compile.test.ts",
    "of a transaction is a lease with its own tail, nothing else",
  ),
  timed(
    "5.16",
    "a limit that is accepted is looked at by what the charger then draws",
    "test/profile/compliance/obedience.test.ts",
    "is missed after 30 s above the limit, then remedied step by step, and given up after the fourth",
  ),
  timed(
    "5.7",
    "a composite schedule is asked for on the connector, never on the charge point",
    "test/profile/compliance/verify-composite.test.ts",
    "is asked for on the connector, two minutes beyond the lease, in the unit of the limit",
  ),
  timed(
    "3.13",
    "an EVlink gets amperes, without numberPhases or minChargingRate",
    "test/profile/obeys-models.test.ts",
    "never gets numberPhases or minChargingRate, and always amperes, also where it says watts",
  ),
  timed(
    "3.13",
    "stack levels, purposes and units that are refused are tried in turn, and what works is remembered",
    "test/profile/variants/variant-order.test.ts",
    "which purpose works",
  ),
];
