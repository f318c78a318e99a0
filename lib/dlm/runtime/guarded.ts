import { joined, sentence } from "../../words/sentence.ts";
import type { Language } from "../../words/types.ts";
import type { BreakerOver, DlmGuard, GuardResult, GuardViolation } from "../guard/guard.ts";
import { ALLOCATION_DEFAULTS, type ControllerResult, type Snapshot } from "../types.ts";
import { amps } from "./explain.ts";

/**
 * What the controller decided, with the guard's safe currents in the place of setpoints that the guard does not let pass.
 * @returns `alarm` = what was wrong, with the numbers; null when nothing was. `beyond` = breakers that lowering cannot relieve,
 * `strays` = connectors found on other phases than they were said to be
 */
export function guarded(
  guard: DlmGuard,
  nowMs: number,
  snapshot: Snapshot,
  decided: ControllerResult,
  language: Language = "en-US",
): { result: ControllerResult; alarm: string | null; beyond: BreakerOver[]; strays: GuardResult["probe"] } {
  const { violations, beyond, probe: strays, safeA } = guard.check(nowMs, snapshot, decided.setpoints);
  if (!violations.length) return { result: decided, alarm: null, beyond, strays };
  const voltageV = snapshot.config?.voltageV ?? ALLOCATION_DEFAULTS.voltageV;
  const texts = violations.map((violation) => inWords(violation, voltageV, language));
  const setpoints: ControllerResult["setpoints"] = Object.assign(Object.create(null), decided.setpoints);
  const text = sentence(language, "load.pulledToSafe", { violation: texts[0]! });
  for (const [id, limitA] of safeA) setpoints[id] = { limitA, reasons: [{ code: "FAILSAFE", text }] };
  return { result: { ...decided, setpoints }, alarm: joined(language, texts), beyond, strays };
}

function inWords(
  { zone, phase, limitA, sumA, kind, connector }: GuardViolation,
  voltageV: number,
  language: Language,
): string {
  const what = sentence(language, `guard.${kind}`);
  if (connector !== undefined)
    return sentence(language, "guard.charger", { connector, what, sum: amps(sumA), limit: amps(limitA) });
  if (phase !== null)
    return sentence(language, "guard.phase", { phase, zone, what, sum: amps(sumA), limit: amps(limitA) });
  return sentence(language, "guard.power", {
    zone,
    what,
    sum: watts(sumA * voltageV),
    limit: watts(limitA * voltageV),
  });
}

const watts = (powerW: number): string => `${Math.round(powerW)} W`;
