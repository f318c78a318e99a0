import { NOMINAL_V } from "../../thresholds.ts";
import { round, type Triple } from "../../units.ts";
import { joined, quantity, sentence } from "../../words/sentence.ts";
import type { Code, Language, Values } from "../../words/types.ts";
import type { ManagerLimit } from "../inputs/manager-limits.ts";
import { localTime } from "../inputs/outside/schedule.ts";
import { BY_HAND, type Overrides } from "../inputs/overrides.ts";
import type { ActiveLimit } from "../inputs/signals.ts";
import type { TariffState } from "../inputs/tariffs.ts";
import type { PhasePlan } from "../snapshot/phase-plans.ts";
import type { ConnectorFacts } from "../topology/facts.ts";
import { pathOf, placeOf, type RootPlant } from "../topology/root-plant.ts";
import { wiredPhases } from "../topology/wiring.ts";
import type { Ceiling, ControllerResult, Reason, ReasonNote, Zone } from "../types.ts";

/** No car asks for current, because its badge was refused. */
const REFUSED: ReasonNote = "badgeRefused";

/** Setpoints are tenths of an ampere. */
const CLOSE_A = 0.15;

/** What is needed to put reasons into words. */
export interface ExplainContext {
  plant: RootPlant;
  result: ControllerResult;
  facts: ReadonlyMap<string, ConnectorFacts>;
  /** The lowest ceiling of each connector that has one. */
  ceilings: ReadonlyMap<string, Ceiling>;
  /** Limits from outside on a zone. */
  limits(zone: string): readonly ActiveLimit[];
  /** null = no surplus is known. */
  surplusW: number | null;
  /** Between a phase and neutral; 230 without. */
  voltageV?: number;
  /** Phases that a connector is to have, and how far a change is; undefined for one that cannot choose. */
  phases?(id: string): PhasePlan | undefined;
  /** What people decided by hand. */
  overrides?: Pick<Overrides, "of">;
  /** A person limits some zone. */
  limitedByHand?: boolean;
  /** What a tariff makes of a connector. */
  tariff?(id: string): TariffState | undefined;
  /** The word of an energy manager by which a connector takes part in a stricter mode; null = none. */
  managerMode?(id: string): ManagerLimit | null;
  /** What a connector would get if something were otherwise, in words. */
  otherwise?: ReadonlyMap<string, string>;
  /** The language; English without. */
  language?: Language;
  /** Whose clocks show the times; that of this machine without. */
  timeZone?: string;
  /** Leaves out the names and words of people. */
  withoutPeople?: boolean;
}

/** A setpoint as messages carry it. */
export interface Explanation {
  limitA: number;
  /** Each with its text. */
  reasons: Reason[];
  /** One sentence: the current and the binding reason. */
  text: string;
  /** The same without the names and words of people who decided by hand, for readers that keep it; absent where there are none. */
  plain?: string;
  /** Phases the charger is to feed; only for chargers that can choose. */
  phases?: 1 | 3;
}

/** Says why a connector gets what it gets: `10.5 A: L2 of zone garage is full (63 A), shared by 4 cars`. */
export function explain(id: string, context: ExplainContext): Explanation {
  const { limitA, reasons } = context.result.setpoints[id]!;
  const isRefused = context.facts.get(id)?.refused === true;
  const texts = reasons.map((given, i) => {
    const reason = isRefused && given.code === "NOT_REQUESTING" ? { note: REFUSED, ...given } : given;
    return { ...reason, text: ownText(reason, context) ?? reasonText(reason, reasons[i + 1], id, limitA, context) };
  });
  const manager = managerReason(id, texts[0], limitA, context);
  const special = manager?.text ?? ceilingText(id, reasons[0], limitA, context) ?? dearText(id, texts[0], context);
  if (manager) texts.unshift(manager);
  else if (special && texts[0]) texts[0].text = special;
  const otherwise = context.otherwise?.get(id);
  const why = joined(context.language ?? "en-US", [special ?? texts[0]?.text, otherwise]);
  const phases = context.phases?.(id)?.phases;
  const current = quantity(context.language ?? "en-US", amps(limitA));
  const text = why ? `${current}: ${why}` : current;
  const plain = speaksOfPeople(id, context) ? explain(id, { ...context, withoutPeople: true }).text : undefined;
  return { limitA, reasons: texts, text, ...(plain !== undefined && { plain }), ...(phases && { phases }) };
}

/** Whether somebody decided by hand about a connector or a zone. */
function speaksOfPeople(id: string, { withoutPeople, overrides, limitedByHand = false }: ExplainContext): boolean {
  return !withoutPeople && (limitedByHand || overrides?.of(id) !== undefined);
}

/** @param why in the words of a person */
function byHandText(untilWallMs: number, why: string, context: ExplainContext): string {
  const time = timeOfDay(untilWallMs, context.timeZone);
  return say(context, context.withoutPeople ? "load.byHandPlain" : "load.byHand", { time, why });
}

function say({ language = "en-US" }: ExplainContext, code: Code, values: Values = {}): string {
  return sentence(language, code, values);
}

/** What its code alone does not tell. */
function ownText({ note, text }: Reason, context: ExplainContext): string | undefined {
  return note === undefined ? text : say(context, `load.${note}`);
}

/** The ceiling that holds the connector where it is; undefined where it could have more within all of them. */
function bindingCeiling(
  id: string,
  reason: Reason | undefined,
  limitA: number,
  { ceilings }: ExplainContext,
): Ceiling | undefined {
  const lowest = ceilings.get(id);
  if (!lowest || (reason?.code !== "MAX_BELOW_MIN" && reason?.code !== "MAX")) return undefined;
  return reason.code === "MAX" && limitA <= lowest.limitA - CLOSE_A ? undefined : lowest;
}

/** The energy manager or back end that limits the connector, or the manager that has it take part in a stricter mode, by its address; undefined where none does. */
function managerReason(
  id: string,
  reason: Reason | undefined,
  limitA: number,
  context: ExplainContext,
): (Reason & { text: string }) | undefined {
  const ceiling = bindingCeiling(id, reason, limitA, context);
  if (ceiling?.cause === "manager") {
    const { code, writer, untilWallMs } = ceiling;
    const values = { code, writer, current: amps(ceiling.limitA), time: timeOf(untilWallMs, context) };
    return { code, text: say(context, untilWallMs === null ? "load.managerAgreed" : "load.manager", values) };
  }
  if (ceiling?.cause === "cloudLimit") {
    const code = ceiling.isBadgeRefused ? "load.cloudRefused" : "load.cloudLimit";
    return { code: "CLOUD", text: say(context, code, { backEnd: ceiling.backEnd }) };
  }
  const word = reason && SLOWED.has(reason.code) ? context.managerMode?.(id) : null;
  if (!word?.mode) return undefined;
  const { code, writer, untilWallMs, mode } = word;
  const values = { code, writer, mode: say(context, `mode.${mode}`), time: timeOf(untilWallMs, context) };
  return { code, text: say(context, "load.managerMode", values) };
}

/** What a stricter mode leads to. */
const SLOWED: ReadonlySet<Reason["code"]> = new Set(["OFF", "PV", "PV_HOLD", "WAIT"]);

function timeOf(untilWallMs: number | null, { timeZone }: ExplainContext): string {
  return untilWallMs === null ? "" : timeOfDay(untilWallMs, timeZone);
}

/** The ceiling that holds the connector where it is, or the person who switched it off. */
function ceilingText(
  id: string,
  reason: Reason | undefined,
  limitA: number,
  context: ExplainContext,
): string | undefined {
  if (reason?.code === "OFF") return context.overrides?.of(id)?.mode === "off" ? handText(id, context) : undefined;
  const lowest = bindingCeiling(id, reason, limitA, context);
  switch (lowest?.cause) {
    case undefined:
    case "manager":
    case "cloudLimit":
      return undefined;
    case "person":
      return handText(id, context);
    case "startHold":
      return say(context, "load.waitsForPermission", { reason: lowest.reason });
    case "turn":
      return say(context, "load.otherTurn", { connector: lowest.connector });
    case "meterHold":
      return say(context, "load.kept", { meter: lowest.meter });
    case "phasePlan":
      return say(context, "load.changesPhases");
    case "commissioning":
      return say(context, "load.commissioning");
    case "commissioningHold":
      return say(context, "load.commissioningHold", { connector: lowest.connector });
    case "drillHold":
      return say(context, "load.drillHold");
    case "drillRoom":
      return say(context, "load.drillRoom");
    case "recentStart":
    case "guard":
      return say(context, "load.settling");
  }
}

/** That a person limited the connector, or switched it off. */
function handText(id: string, context: ExplainContext): string | undefined {
  const override = context.overrides?.of(id);
  if (!override) return undefined;
  const { by, reason, untilWallMs } = override;
  const why = [by, reason].filter(Boolean).join(": ");
  return byHandText(untilWallMs, why, context);
}

/** That a tariff put the connector on surplus, or switched it off. */
function dearText(id: string, reason: Reason | undefined, context: ExplainContext): string | undefined {
  const word = context.tariff?.(id);
  if (!word || word.cheap || !reason?.text) return undefined;
  return SLOWED.has(reason.code)
    ? say(context, "load.dear", {
        time: timeOfDay(word.untilWallMs, context.timeZone),
        why: reason.text,
      })
    : undefined;
}

/** `17:00`, as the wall clock of the place shows it. @param timeZone empty = that of this machine */
export function timeOfDay(wallMs: number, timeZone = ""): string {
  const { minute } = localTime(wallMs, timeZone);
  return `${Math.floor(minute / 60)}:${String(minute % 60).padStart(2, "0")}`;
}

/** @param next the following reason: it tells what kind of limit a waiting car waits for */
function reasonText(
  reason: Reason,
  next: Reason | undefined,
  id: string,
  limitA: number,
  context: ExplainContext,
): string {
  const facts = context.facts.get(id);
  switch (reason.code) {
    case "MAX":
      return say(context, limitA < (facts?.wiring.maxA ?? limitA) ? "load.enough" : "load.max");
    case "MIN":
      return say(context, "load.minimum", { row: fullRow(reason, context) });
    case "ZONE":
    case "POWER":
    case "GRID":
    case "IMBALANCE":
      return once(reason, context, () => shared(reason, fullRow(reason, context), context));
    case "PV":
      if (context.surplusW === null) return say(context, "load.noSurplus");
      if (next?.code === "MIN") return say(context, "load.minimum", { row: say(context, "load.rowSun") });
      return say(context, limitA === 0 ? "load.sunWait" : "load.sunPart");
    case "WAIT":
      return say(context, "load.wait", { minimum: minimumText(facts), row: fullRow(next ?? reason, context) });
    case "MAX_BELOW_MIN":
      return say(context, "load.belowMinimum", { minimum: minimumText(facts) });
    case "IDLE":
      return say(context, "load.idle");
    case "IDLE_MIN":
      return say(context, "load.idleMinimum");
    case "OFFLINE":
      return facts
        ? say(context, "load.offlineReserved", { current: amps(facts.disconnectedA) })
        : say(context, "load.offline");
    case "SETTLING":
      return say(context, "load.settling");
    case "RAMP":
      return say(context, "load.ramp", { current: amps(context.result.target.connectors[id]?.limitA ?? limitA) });
    case "MIN_OFF":
      return say(context, "load.minOff");
    case "PV_HOLD":
      return say(context, limitA > 0 ? "load.sunHold" : "load.sunDelay");
    case "FAILSAFE":
      return say(context, "load.failSafe", { zone: failedZone(reason, id, context) });
    case "OFF":
      return say(context, "load.off");
    case "NOT_REQUESTING":
      return say(context, "load.notRequesting");
    case "HEMS":
    case "BMS":
    case "CLOUD":
      return reason.text ?? "";
  }
}

/** The least that this car charges with, A: on one phase where it is seen to use one. */
function minimumOf({ wiring, measuredA }: ConnectorFacts): number {
  const carrying = (measuredA ?? []).filter((currentA) => (currentA ?? 0) > 1).length;
  return wiring.phases === 1 || carrying === 1 ? wiring.minA : (wiring.minA3p ?? wiring.minA);
}

function minimumText(facts: ConnectorFacts | undefined): string {
  return amps(facts ? minimumOf(facts) : 0);
}

const said = new WeakMap<ExplainContext, Map<string, string>>();

/** What is said of a limit to all connectors that it binds, worded for the first of them. */
function once({ code, zone, phase }: Reason, context: ExplainContext, words: () => string): string {
  const known = said.get(context) ?? new Map<string, string>();
  said.set(context, known);
  const key = `${code}/${phase ?? ""}/${zone ?? ""}`;
  if (!known.has(key)) known.set(key, words());
  return known.get(key)!;
}

/** Which limit is reached, with its number. */
function fullRow({ code, zone, phase }: Reason, context: ExplainContext): string {
  const phrase = (key: Code, values = {}) => say(context, key, { zone: zone ?? "", ...values });
  if (code === "PV") return phrase("load.rowSun");
  if (zone === undefined) return phrase("load.rowNone");
  const found = context.plant.byName.get(zone)?.zone;
  const valued = (key: "rowPower" | "rowOutside" | "rowImbalance" | "rowPhase", values: object | null) =>
    values === null ? phrase(`load.${key}`, { phase }) : phrase(`load.${key}Value`, { phase, ...values });
  const withKept = (row: string): string => {
    const kept = keptForAlone(context, zone, phase ?? null);
    return kept === null ? row : phrase("load.rowAlone", { row, current: kept });
  };
  if (code === "POWER")
    return withKept(valued("rowPower", found?.maxPowerW === undefined ? null : { power: watts(found.maxPowerW) }));
  if (code === "GRID") {
    const limits = outside(context.limits(zone), context);
    return withKept(valued("rowOutside", limits ? { limits } : null));
  }
  if (code === "IMBALANCE")
    return valued("rowImbalance", found?.imbalanceA === undefined ? null : { current: amps(found.imbalanceA) });
  if (phase === undefined) return phrase("load.rowZone");
  const row = valued("rowPhase", found ? { current: amps(phaseLimitA(found, phase)) } : null);
  const awayA = reservedBelow(context).get(zone)?.awayA[phase - 1] ?? 0;
  return awayA > 0 ? phrase("load.rowAway", { row, current: amps(awayA) }) : withKept(row);
}

/**
 * What is kept below a zone for connected chargers that do not obey, or do not fall back by themselves: the current on a phase (1..3), or
 * the power of all phases. null = nothing.
 */
function keptForAlone(context: ExplainContext, zone: string, phase: number | null): string | null {
  const { aloneA, aloneOfAllA } = reservedBelow(context).get(zone) ?? nothingReserved();
  const keptA = phase === null ? aloneOfAllA : aloneA[phase - 1]!;
  if (keptA === 0) return null;
  return phase === null ? watts(keptA * (context.voltageV ?? NOMINAL_V)) : amps(keptA);
}

/** What is reserved below one zone for chargers that nothing steers. */
interface Reserved {
  /** For those that are not connected, A per phase. */
  awayA: Triple;
  /** For connected ones that do not obey, or do not fall back by themselves: A per phase, and the sum over the phases that they use. */
  aloneA: Triple;
  aloneOfAllA: number;
}

const nothingReserved = (): Reserved => ({ awayA: [0, 0, 0], aloneA: [0, 0, 0], aloneOfAllA: 0 });

const reservations = new WeakMap<ControllerResult, Map<string, Reserved>>();

/** What is reserved below each zone. Counted once for each result. */
function reservedBelow({ result, plant, facts }: ExplainContext): Map<string, Reserved> {
  const known = reservations.get(result);
  if (known) return known;
  const below = new Map(plant.zones.map(({ zone }) => [zone.id, nothingReserved()]));
  for (const { id, zone: home, wiring } of plant.connectors) {
    const { state, disconnectedA = 0, aloneA = 0, reservedA = 0 } = facts.get(id) ?? {};
    const isAway = state === "offline";
    const currentA = isAway ? disconnectedA : Math.max(aloneA, reservedA ?? 0);
    if (currentA === 0) continue;
    const phases = wiredPhases(wiring);
    for (const { zone } of pathOf(plant, home)) {
      const reserved = below.get(zone.id)!;
      const perPhaseA = isAway ? reserved.awayA : reserved.aloneA;
      for (const phase of phases) perPhaseA[phase as 0 | 1 | 2] += currentA;
      if (!isAway) reserved.aloneOfAllA += wiring.phases * currentA;
    }
  }
  reservations.set(result, below);
  return below;
}

function outside(limits: readonly ActiveLimit[], context: ExplainContext): string {
  const lowering = limits.filter(({ limitA, powerW }) => limitA !== null || powerW !== null);
  const words = lowering.map(({ limitA, powerW, reason, source, untilWallMs, demand }) => {
    const value = limitA === null ? watts(powerW ?? 0) : amps(limitA);
    if (demand) {
      const values = { limit: watts(demand.limitW), minutes: Math.round(demand.windowS / 60) };
      return `${value}, ${say(context, "load.demand", values)}`;
    }
    if (source === BY_HAND && untilWallMs !== null) return `${value}, ${byHandText(untilWallMs, reason, context)}`;
    return reason || source ? `${value}, ${reason || source}` : value;
  });
  return joined(context.language ?? "en-US", words);
}

/** With `, shared by 4 cars` when more than one car below the zone gets current on that phase. */
function shared({ zone, phase }: Reason, row: string, context: ExplainContext): string {
  if (zone === undefined) return row;
  const cars = carsByZone(context.result, context.plant).get(zone)?.[phase ?? 0] ?? 0;
  return cars > 1 ? say(context, "load.sharedRow", { row, cars }) : row;
}

const counted = new WeakMap<ControllerResult, Map<string, number[]>>();

/** Connectors below each zone that get current: all of them, and those on L1, L2, L3. Counted once for each result. */
function carsByZone(result: ControllerResult, plant: RootPlant): Map<string, number[]> {
  const known = counted.get(result);
  if (known) return known;
  const counts = new Map(plant.zones.map(({ zone }) => [zone.id, [0, 0, 0, 0]]));
  for (const { id, zone: home, wiring } of plant.connectors) {
    if (!((result.setpoints[id]?.limitA ?? 0) > 0)) continue;
    const columns = counts.get(home)!;
    columns[0]! += 1;
    for (const phase of wiredPhases(wiring)) columns[phase + 1]! += 1;
  }
  // Zones below come last.
  for (const { zone } of plant.zones.toReversed()) {
    const above = counts.get(zone.parent ?? "");
    if (above) for (const [column, cars] of counts.get(zone.id)!.entries()) above[column]! += cars;
  }
  counted.set(result, counts);
  return counts;
}

function failedZone(reason: Reason, id: string, { plant, result }: ExplainContext): string {
  const home = placeOf(plant, id)?.zone ?? "";
  return reason.zone ?? pathOf(plant, home).find(({ zone }) => result.target.zones[zone.id]?.failSafe)?.zone.id ?? home;
}

function phaseLimitA(
  { limitA, operatorLimitA = limitA }: Pick<Zone, "limitA" | "operatorLimitA">,
  phase: number,
): number {
  const on = (value: Zone["limitA"]) => (typeof value === "number" ? value : value[phase - 1]!);
  return Math.min(on(limitA), on(operatorLimitA));
}

/** `10.5 A`, as people write it. */
export const amps = (value: number): string => `${round(value, 1)} A`;
const watts = (value: number): string =>
  Math.abs(value) < 1000 ? `${round(value, 0)} W` : `${round(value / 1000, 1)} kW`;
