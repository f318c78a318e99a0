import { createDlmController } from "../../lib/dlm/controller/controller.ts";
import type { ChargingMode, Snapshot } from "../../lib/dlm/types.ts";
import { Sun } from "../../lib/pv/sun.ts";
import { type SurplusRules, surplusOf } from "../../lib/pv/surplus.ts";
import type { PvDay } from "./days.ts";

const VOLTAGE_V = 230;

/** A charger with a car that takes whatever it is offered, in its own manner. */
export interface PvCarPlan {
  phases: 1 | 3;
  maxA: number;
  minA: number;
  /** From a limit on the wire to the car's beginning to follow, s; then so much per second. */
  lagS: number;
  slewAps: number;
  /** From being switched on to drawing anything, s. */
  wakeS: number;
  /** Seconds between two readings of the charger. */
  reportS: number;
  /** The only currents it follows: multiples of this. */
  gridA: number;
}

export const PV_CAR: PvCarPlan = {
  phases: 1,
  maxA: 32,
  minA: 6,
  lagS: 4,
  slewAps: 3,
  wakeS: 8,
  reportS: 10,
  gridA: 1,
};

/** What a day came to. Energies in Wh. */
export interface PvBalance {
  chargedWh: number;
  /** Of what was charged, so much came from the grid. */
  boughtWh: number;
  /** Surplus that the car could take: as much as it can, in those minutes-long stretches in which it may charge at all. */
  usableWh: number;
  starts: number;
  /** Limits sent to the charger. */
  commands: number;
}

/** Says the limit, A, from what is known at a second. */
export type PvRule = (known: { second: number; gridW: number; drawA: number; sampledAtS: number }) => number;

const RULES: SurplusRules = {
  residualW: 0,
  batteryFirst: true,
  minSocPercent: 0,
  enableDelayS: 60,
  disableDelayS: 180,
};

/** `lib/pv` and the real controller, asked every `cycleS` seconds and when the surplus falls short, as ev-pv-surplus and ev-dlm do. */
export function ourRule(
  plan: PvCarPlan,
  cycleS = 5,
  mode: ChargingMode = "pv",
  rules: Partial<SurplusRules> = {},
): PvRule {
  const all = { ...RULES, ...rules };
  const controller = createDlmController({ pvEnableDelayS: all.enableDelayS, pvDisableDelayS: all.disableDelayS });
  const sun = new Sun();
  let limitA = 0;
  return ({ second, gridW, drawA, sampledAtS }) => {
    const nowMs = second * 1000;
    const connectors = [connectorOf(plan, mode, drawA, sampledAtS)];
    const payload = { powerW: gridW, phasePowerW: NO_PHASES, socPercent: null, quality: "good" as const };
    const surplus = surplusOf({ payload, atMs: nowMs }, null, all, { nowMs, ts: "" });
    if (typeof surplus === "string") throw new Error(`no ${surplus} reading`);
    sun.add(surplus.surplusW, connectors, VOLTAGE_V, nowMs);
    if (second % cycleS !== 0 && !sun.isShort) return limitA;
    const zones = [{ id: "house", parent: null, limitA: 63 }];
    const site = { gridW: sun.gridW(connectors, VOLTAGE_V)! };
    limitA = controller.tick(nowMs, { zones, connectors, site }).setpoints["CP1/1"]!.limitA;
    sun.commanded(new Map([["CP1/1", limitA]]), nowMs);
    return limitA;
  };
}

function connectorOf(
  { phases, minA, maxA }: PvCarPlan,
  mode: ChargingMode,
  drawA: number,
  sampledAtS: number,
): Snapshot["connectors"][number] {
  return {
    id: "CP1/1",
    zone: "house",
    phases,
    minA,
    maxA,
    mode,
    state: "charging",
    measuredA: Array(phases).fill(drawA),
    measuredTsMs: sampledAtS * 1000,
  };
}

const NO_PHASES: [null, null, null] = [null, null, null];

/** What most flows do: above a threshold on, below it off, the current from the meter of now; every 30 s, without a memory. */
export function thresholdRule(plan: PvCarPlan, everyS = 30): PvRule {
  let limitA = 0;
  return ({ second, gridW, drawA }) => {
    if (second % everyS !== 0) return limitA;
    const possibleA = Math.floor((drawA * plan.phases * VOLTAGE_V - gridW) / (plan.phases * VOLTAGE_V));
    limitA = possibleA < plan.minA ? 0 : Math.min(plan.maxA, possibleA);
    return limitA;
  };
}

/** Runs a rule through a day, second by second. */
export function runDay(day: PvDay, plan: PvCarPlan, rule: PvRule): PvBalance {
  const perA = plan.phases * VOLTAGE_V;
  const balance: PvBalance = { chargedWh: 0, boughtWh: 0, usableWh: usableWh(day, plan), starts: 0, commands: 0 };
  const sent: number[] = [];
  let limitA = 0;
  let drawA = 0;
  let onForS = 0;
  let sample = { drawA: 0, atS: 0 };
  for (let second = 0; second < day.pvW.length; second++) {
    sent.push(limitA);
    const heardA = sent[Math.max(0, second - plan.lagS)]!;
    onForS = heardA >= plan.minA ? onForS + 1 : 0;
    const offeredA = onForS > plan.wakeS ? Math.floor(heardA / plan.gridA + 1e-9) * plan.gridA : 0;
    const wasA = drawA;
    drawA = offeredA < plan.minA ? Math.max(0, drawA - 10) : towards(drawA, offeredA, plan.slewAps);
    if (wasA === 0 && drawA > 0) balance.starts++;
    const surplusW = day.pvW[second]! - day.houseW[second]!;
    const carW = drawA * perA;
    balance.chargedWh += carW / 3600;
    balance.boughtWh += Math.max(0, carW - Math.max(0, surplusW)) / 3600;
    if (second % plan.reportS === 0) sample = { drawA, atS: second };
    const nextA = rule({ second, gridW: carW - surplusW, drawA: sample.drawA, sampledAtS: sample.atS });
    if (nextA !== limitA) balance.commands++;
    limitA = nextA;
  }
  return balance;
}

function towards(fromA: number, toA: number, stepA: number): number {
  return toA > fromA ? Math.min(toA, fromA + stepA) : Math.max(toA, fromA - 10);
}

/** Stretches shorter than this are no time for a car to charge, s. */
const SHORTEST_S = 300;

/** Surplus that a car could take, Wh: no more than its maximum, in stretches above its minimum that last five minutes or more. */
export function usableWh({ pvW, houseW }: PvDay, { phases, minA, maxA }: PvCarPlan): number {
  const perA = phases * VOLTAGE_V;
  let sumW = 0;
  let stretchW = 0;
  let lastsS = 0;
  for (let s = 0; s <= pvW.length; s++) {
    const surplusW = s < pvW.length ? pvW[s]! - houseW[s]! : 0;
    if (surplusW >= minA * perA) {
      stretchW += Math.min(surplusW, maxA * perA);
      lastsS++;
      continue;
    }
    if (lastsS >= SHORTEST_S) sumW += stretchW;
    stretchW = 0;
    lastsS = 0;
  }
  return sumW / 3600;
}
