import { noted } from "../allocation/reasons.ts";
import type { ControllerResult, Reason } from "../types.ts";
import type { ControlledConnector } from "./controlled-connector.ts";
import type { ZoneSqueeze } from "./load.ts";
import { noteDecrease } from "./memory.ts";
import type { Target } from "./target.ts";
import { EPSILON } from "./timing.ts";

/** Makes what was decided for each connector what is remembered of it and what it is told. */
export function commit(
  connectors: readonly ControlledConnector[],
  ids: readonly string[],
  { solution, reasons }: Target,
  squeeze: ZoneSqueeze,
  settleS: number,
): ControllerResult["setpoints"] {
  const setpoints: ControllerResult["setpoints"] = Object.create(null);
  for (let i = 0; i < connectors.length; i++) {
    const connector = connectors[i]!;
    remember(connector, squeeze, settleS);
    setpoints[ids[i]!] = {
      limitA: connector.limitA,
      reasons: reasonsOf(connector, reasons.get(i) ?? solution.reasons(i)),
    };
  }
  return setpoints;
}

function remember(connector: ControlledConnector, squeeze: ZoneSqueeze, settleS: number): void {
  const { memory, limitA } = connector;
  memory.squeezed = squeeze.holds(connector);
  const beforeA = memory.setpointA;
  const offline = connector.state === "offline";
  if (offline || limitA < beforeA - EPSILON) noteDecrease(memory, beforeA, settleS);
  if (!offline && limitA < beforeA - EPSILON) memory.unseenS ??= 0;
  if (beforeA > 0 && limitA === 0 && isShed(connector)) memory.stoppedS = 0;
  if (limitA > beforeA + EPSILON) memory.raisedS = 0;
  else if (limitA === 0) memory.raisedS = null;
  memory.setpointA = limitA;
  memory.onS = limitA > 0 ? (memory.onS ?? 0) : null;
  memory.granted = connector.targetA > 0;
}

/** Whether the allocation took the connector its current, so that it may not start again at once. */
function isShed({ role, state, memory }: ControlledConnector): boolean {
  return role === "part" && (state === "charging" || state === "waiting") && !memory.uncontrolled;
}

/** Why a connector has what it has, the binding reason first; not to be changed, as connectors share them. */
function reasonsOf({ memory, state, mode, role, held, heldA }: ControlledConnector, allocated: Reason[]): Reason[] {
  if (memory.uncontrolled && state !== "offline") return [noted("SETTLING", "disobeys"), ...allocated];
  if (state !== "offline" && mode !== "off") {
    if (role === "blocked") return heldA === 0 ? meterSilent(allocated) : [{ code: "MIN_OFF" }];
    if (role === "waking") return [noted("IDLE", "waking")];
    if (role === "sun") return [{ code: "PV" }];
    if (role === "unsure") return [noted("SETTLING", "unsure"), ...allocated];
    if (role === "held" && held === null) return [{ code: "PV_HOLD" }, ...allocated];
    if (heldA === 0 && allocated[0]?.code === "MAX_BELOW_MIN") return [...meterSilent(allocated), ...allocated];
  }
  return held === null ? allocated : [{ code: held }, ...allocated];
}

/** It does not start while the zone's meter is silent. */
function meterSilent(allocated: readonly Reason[]): Reason[] {
  const { zone } = allocated.find(({ code }) => code === "FAILSAFE") ?? {};
  return [{ ...noted("FAILSAFE", "meterSilent"), ...(zone !== undefined && { zone }) }];
}
