import { amps } from "./explain.ts";
import type { DlmGuard, GuardKind, GuardViolation } from "./guard.ts";
import type { ControllerResult, Snapshot } from "./types.ts";

const WHAT: Record<GuardKind, string> = {
  commanded: "limits and other load add up to",
  increase: "a limit was raised while what is reserved and other load add up to",
  measured: "measured for 15 s",
};

/**
 * What the controller decided, with the guard's safe currents in the place of setpoints that the guard does not let pass.
 * @param before what is commanded up to now
 * @returns `alarm` = what was wrong, with the numbers; null when nothing was
 */
export function guarded(
  guard: DlmGuard,
  nowMs: number,
  snapshot: Snapshot,
  before: ReadonlyMap<string, number>,
  decided: ControllerResult,
): { result: ControllerResult; alarm: string | null } {
  const { violations, safeA } = guard.check(nowMs, snapshot, before, decided.setpoints);
  if (!violations.length) return { result: decided, alarm: null };
  const texts = violations.map(inWords);
  const setpoints: ControllerResult["setpoints"] = Object.assign(Object.create(null), decided.setpoints);
  for (const [id, limitA] of safeA) {
    setpoints[id] = { limitA, reasons: [{ code: "FAILSAFE", text: `pulled to a safe current: ${texts[0]}` }] };
  }
  return { result: { ...decided, setpoints }, alarm: texts.join("; ") };
}

function inWords({ zone, phase, limitA, sumA, kind }: GuardViolation): string {
  return `L${phase} of zone ${zone}: ${WHAT[kind]} ${amps(sumA)}, limit ${amps(limitA)}`;
}
