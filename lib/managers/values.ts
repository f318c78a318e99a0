/** Connectors, zones and sites as flat values by name: what register maps and topics refer to. Unknown is null. */
import { createHash } from "node:crypto";
import type { ManagerLimit } from "../dlm/inputs/manager-limits.ts";
import type { ManagedConnector, ManagedZone } from "./facts.ts";

export type NamedValue = number | string | null;
export type NamedValues = Readonly<Record<string, NamedValue>>;

/** What a door knows beside the facts. */
export interface DoorView {
  /** What was said through it of this target; null = nothing. */
  said: ManagerLimit | null;
  leaseS: number;
  fallbackA: number | null;
}

/** Of the control pilot (IEC 61851-1): A = no car, B = car connected, C = charging. */
function vehicleState({ state, plugged }: ManagedConnector): string | null {
  if (state === "offline" || plugged === null) return null;
  if (state === "faulted") return "E";
  return state === "charging" ? "C" : plugged ? "B" : "A";
}

/** As Victron's chargers call it. */
function victronState({ state, plugged, mode, sessionWh }: ManagedConnector): string | null {
  if (state === "offline") return null;
  if (state === "faulted" || state === "charging") return state;
  if (!plugged) return "free";
  if (state === "idle") return (sessionWh ?? 0) > 0 ? "charged" : "plugged";
  if (state === "waiting") return mode === "pv" || mode === "minpv" ? "waitSun" : "waitStart";
  return "plugged";
}

/** Twelve characters that stay the same for a connector and are not those of another one. */
export function serialOf(id: string): string {
  return `PW${createHash("sha256").update(id).digest("hex").slice(0, 10)}`;
}

function relays({ state, terminalA, phases }: ManagedConnector): string | null {
  if (state === "offline" || state === "faulted") return null;
  if (state !== "charging") return "open";
  if (terminalA.includes(null)) return null;
  return phases === 1 || terminalA.filter((amps) => (amps ?? 0) > 1).length === 1 ? "one" : "three";
}

/** @param door null = nobody may say anything of it */
export function connectorValues(one: ManagedConnector, door: DoorView) {
  const { said } = door;
  return {
    id: one.id,
    chargePoint: one.chargePoint,
    connector: one.connector,
    zone: one.zone,
    state: one.state,
    vehicleState: vehicleState(one),
    victronState: victronState(one),
    serial: serialOf(one.id),
    name: one.id,
    relays: relays(one),
    ocppStatus: one.ocppStatus,
    plugged: one.plugged === null ? null : one.plugged ? "yes" : "no",
    phases: one.phases,
    minA: one.minA,
    maxA: one.maxA,
    mode: one.mode,
    setpointA: one.setpointA,
    current1A: one.terminalA[0],
    current2A: one.terminalA[1],
    current3A: one.terminalA[2],
    currentA: one.terminalA.includes(null) ? null : Math.max(...(one.terminalA as number[])),
    phase1A: one.phaseA[0],
    phase2A: one.phaseA[1],
    phase3A: one.phaseA[2],
    power1W: one.terminalW[0],
    power2W: one.terminalW[1],
    power3W: one.terminalW[2],
    powerW: one.powerW,
    sessionWh: one.sessionWh,
    sessionS: one.sessionS,
    sessionKWh: one.sessionWh === null ? null : one.sessionWh / 1000,
    totalWh: one.totalWh,
    totalKWh: one.totalWh === null ? null : one.totalWh / 1000,
    /** What the manager asked for; without a word the most that the connector may give. */
    askedA: said === null ? one.maxA : said.permit ? (said.limitA ?? one.maxA) : 0,
    askedLimitA: said?.limitA ?? null,
    permit: said?.permit === false ? "no" : "yes",
    askedMode: said?.mode ?? null,
    leaseS: door.leaseS,
    fallbackA: door.fallbackA,
  } satisfies NamedValues;
}

export function zoneValues(zone: ManagedZone, said: ManagerLimit | null) {
  return {
    name: zone.name,
    limit1A: zone.limitA[0],
    limit2A: zone.limitA[1],
    limit3A: zone.limitA[2],
    load1A: zone.loadA[0],
    load2A: zone.loadA[1],
    load3A: zone.loadA[2],
    chargers1A: zone.chargersA[0],
    chargers2A: zone.chargersA[1],
    chargers3A: zone.chargersA[2],
    failSafe: zone.failSafe === null ? null : zone.failSafe ? "yes" : "no",
    askedLimitA: said?.limitA ?? null,
    askedPowerW: said?.powerW ?? null,
  } satisfies NamedValues;
}

/** @param version of the map */
export function siteValues(connectors: readonly ManagedConnector[], zones: number, alarms: number, leaseS: number) {
  const powers = connectors.map(({ powerW }) => powerW);
  return {
    zones,
    connectors: connectors.length,
    charging: connectors.filter(({ state }) => state === "charging").length,
    alarms,
    powerW: powers.includes(null) ? null : (powers as number[]).reduce((total, watts) => total + watts, 0),
    leaseS,
  } satisfies NamedValues;
}

export type ConnectorValue = keyof ReturnType<typeof connectorValues>;
export type ZoneValue = keyof ReturnType<typeof zoneValues>;
export type SiteValue = keyof ReturnType<typeof siteValues>;
