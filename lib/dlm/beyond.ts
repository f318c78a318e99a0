import type { Condition } from "../alarm/alarms.ts";
import type { BoardStop } from "./board.ts";
import { amps } from "./explain.ts";
import type { BreakerOver } from "./guard.ts";

/** The alarm of a breaker that lowering cannot relieve. */
export function breakerOver(over: BreakerOver): Condition {
  return { kind: "breakerOver", subject: `${over.zone}/L${over.phase}`, text: inWords(over) };
}

/** What the charging-profile layer is told: the charger that draws most above its setpoint goes first, one per breaker. */
export function stopsFor(beyond: readonly BreakerOver[], nowMs: number): Map<string, BoardStop> {
  return new Map(beyond.map((over) => [over.connector, { zone: over.zone, text: inWords(over), atMs: nowMs }]));
}

function inWords({ zone, phase, limitA, measuredA, connector }: BreakerOver): string {
  return `L${phase} of zone ${zone}: ${amps(measuredA)} measured, limit ${amps(limitA)}, and nothing is left to lower; charger ${connector} draws too much`;
}
