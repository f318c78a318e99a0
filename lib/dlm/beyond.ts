import type { Condition } from "../alarm/alarms.ts";
import type { BoardStop } from "./board.ts";
import { amps } from "./explain.ts";
import type { BreakerOver } from "./guard.ts";
import { ENGLISH, type Phrases, say } from "./phrases.ts";

/** The alarm of a breaker that lowering cannot relieve. */
export function breakerOver(over: BreakerOver, phrases: Phrases): Condition {
  return { kind: "breakerOver", subject: `${over.zone}/L${over.phase}`, text: inWords(over, phrases) };
}

/** What the charging-profile layer is told, for its log: the charger that draws most above its setpoint goes first, one per breaker. */
export function stopsFor(beyond: readonly BreakerOver[], nowMs: number): Map<string, BoardStop> {
  return new Map(
    beyond.map((over) => [over.connector, { zone: over.zone, text: inWords(over, ENGLISH), atMs: nowMs }]),
  );
}

function inWords({ zone, phase, limitA, measuredA, connector }: BreakerOver, phrases: Phrases): string {
  return say(phrases, "alarmBreaker", {
    ...{ zone, phase, connector },
    measured: amps(measuredA),
    limit: amps(limitA),
  });
}
