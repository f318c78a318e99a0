import { amps } from "./explain.ts";
import type { BreakerOver, DlmGuard, GuardKind, GuardResult, GuardViolation } from "./guard.ts";
import { ENGLISH, type Phrases, say } from "./phrases.ts";
import { ALLOCATION_DEFAULTS, type ControllerResult, type Snapshot } from "./types.ts";

const WHAT: Record<GuardKind, string> = {
  commanded: "limits and other load add up to",
  increase: "a limit was raised while what is reserved and other load add up to",
  measured: "measured for 15 s",
  imbalance: "above the least loaded phase by",
  minimum: "a limit between 0 A and the minimum:",
  strayed: "nobody said to be on it is left to lower, chargers on other phases are tried; measured",
};

/**
 * What the controller decided, with the guard's safe currents in the place of setpoints that the guard does not let pass.
 * @param before what is commanded up to now
 * @returns `alarm` = what was wrong, with the numbers; null when nothing was. `beyond` = breakers that lowering cannot relieve,
 * `strays` = connectors found on other phases than they were said to be
 */
export function guarded(
  guard: DlmGuard,
  nowMs: number,
  snapshot: Snapshot,
  before: ReadonlyMap<string, number>,
  decided: ControllerResult,
  phrases: Phrases = ENGLISH,
): { result: ControllerResult; alarm: string | null; beyond: BreakerOver[]; strays: GuardResult["strays"] } {
  const { violations, beyond, strays, safeA } = guard.check(nowMs, snapshot, before, decided.setpoints);
  if (!violations.length) return { result: decided, alarm: null, beyond, strays };
  const voltageV = snapshot.config?.voltageV ?? ALLOCATION_DEFAULTS.voltageV;
  const texts = violations.map((violation) => inWords(violation, voltageV));
  const setpoints: ControllerResult["setpoints"] = Object.assign(Object.create(null), decided.setpoints);
  const text = say(phrases, "pulledToSafe", { violation: texts[0]! });
  for (const [id, limitA] of safeA) setpoints[id] = { limitA, reasons: [{ code: "FAILSAFE", text }] };
  return { result: { ...decided, setpoints }, alarm: texts.join("; "), beyond, strays };
}

function inWords({ zone, phase, limitA, sumA, kind, connector }: GuardViolation, voltageV: number): string {
  if (connector !== undefined) return `charger ${connector}: ${WHAT[kind]} ${amps(sumA)}, minimum ${amps(limitA)}`;
  if (phase !== null) return `L${phase} of zone ${zone}: ${WHAT[kind]} ${amps(sumA)}, limit ${amps(limitA)}`;
  return `power of zone ${zone}: ${WHAT[kind]} ${watts(sumA * voltageV)}, limit ${watts(limitA * voltageV)}`;
}

const watts = (powerW: number): string => `${Math.round(powerW)} W`;

/** Connectors that may not be given more than the guard left them: what was commanded over the controller's head is the base of its next tick. */
export function capped(connectors: Snapshot["connectors"], caps: ReadonlyMap<string, number>): Snapshot["connectors"] {
  return connectors.map((connector) => {
    const capA = caps.get(connector.id) ?? 0;
    return { ...connector, externalLimitA: Math.min(connector.externalLimitA ?? capA, capA) };
  });
}
