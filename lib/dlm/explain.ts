import { round } from "../units.ts";
import type { ConnectorFacts } from "./facts.ts";
import { pathOf, type RootPlant } from "./root-plant.ts";
import type { ActiveLimit } from "./signals.ts";
import type { ControllerResult, Reason, Zone } from "./types.ts";
import { loadedPhases } from "./wiring.ts";

/** What is needed to put reasons into words. */
export interface ExplainContext {
  plant: RootPlant;
  result: ControllerResult;
  facts: ReadonlyMap<string, ConnectorFacts>;
  /** Connectors that are not raised, with the meter that is the reason. */
  held: ReadonlyMap<string, string>;
  /** Limits from outside on a zone. */
  limits(zone: string): readonly ActiveLimit[];
  /** null = no surplus is known. */
  surplusW: number | null;
}

/** A setpoint as messages carry it. */
export interface Explanation {
  limitA: number;
  /** Each with its text. */
  reasons: Reason[];
  /** One sentence: the current and the binding reason. */
  text: string;
}

/** Says why a connector gets what it gets: `10.5 A: L2 of zone garage is full (63 A), shared by 4 cars`. */
export function explain(id: string, context: ExplainContext): Explanation {
  const { limitA, reasons } = context.result.setpoints[id]!;
  const texts = reasons.map((reason, i) => ({
    ...reason,
    text: reason.text ?? reasonText(reason, reasons[i + 1], id, limitA, context),
  }));
  const meter = context.held.get(id);
  const kept = meter !== undefined && (reasons[0]?.code === "MAX" || reasons[0]?.code === "MAX_BELOW_MIN");
  const why = kept ? `not raised until meter ${meter} delivers good values again` : texts[0]?.text;
  if (kept && texts[0]) texts[0].text = why!;
  return { limitA, reasons: texts, text: why ? `${amps(limitA)}: ${why}` : amps(limitA) };
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
  const minA = facts?.wiring.minA ?? 0;
  const targetA = context.result.target.connectors[id]?.limitA ?? limitA;
  switch (reason.code) {
    case "MAX":
      return limitA < (facts?.wiring.maxA ?? limitA)
        ? "all that the car uses or its limits allow"
        : "the most that this connector may give";
    case "MIN":
      return `the minimum; ${fullRow(reason, context)}`;
    case "ZONE":
    case "POWER":
    case "GRID":
    case "IMBALANCE":
      return `${fullRow(reason, context)}${shared(reason, context)}`;
    case "PV":
      if (context.surplusW === null) return "no PV surplus is known";
      return limitA === 0 ? "waits for enough PV surplus" : "that is its part of the PV surplus";
    case "WAIT":
      return `waits for its minimum of ${amps(minA)}; ${fullRow(next ?? reason, context)}`;
    case "MAX_BELOW_MIN":
      return `less than its minimum of ${amps(minA)} is allowed, so it pauses`;
    case "IDLE":
      return "the car takes nothing now, and there is nothing to spare";
    case "IDLE_MIN":
      return "the car takes nothing now; the minimum is kept so that it can start again";
    case "OFFLINE":
      return facts ? `not connected; ${amps(facts.disconnectedA)} stay reserved for it` : "not connected";
    case "SETTLING":
      return "waits until the last change has shown in the measurements";
    case "RAMP":
      return `rising step by step to ${amps(targetA)}`;
    case "MIN_OFF":
      return "was stopped a moment ago; it may start again soon";
    case "PV_HOLD":
      return limitA > 0
        ? "keeps its minimum while the PV surplus is short for a moment"
        : "waits until the PV surplus has lasted";
    case "FAILSAFE":
      return `fail-safe: a meter of zone ${failedZone(reason, id, context)} does not deliver`;
    case "OFF":
      return "switched off";
    case "NOT_REQUESTING":
      return "no car asks for current";
  }
}

/** Which limit is reached, with its number. */
function fullRow({ code, zone, phase }: Reason, context: ExplainContext): string {
  const found = zone === undefined ? undefined : context.plant.byName.get(zone)?.zone;
  const name = zone === undefined ? "" : ` of zone ${zone}`;
  if (code === "POWER")
    return `the power limit${name} is reached${found?.maxPowerW === undefined ? "" : ` (${watts(found.maxPowerW)})`}`;
  if (code === "GRID") return `the outside limit${name} is reached${outside(zone, context)}`;
  if (code === "PV") return "the PV surplus is too small";
  if (code === "IMBALANCE")
    return `L${phase ?? "?"}${name} may not carry more above the other phases${found?.imbalanceA === undefined ? "" : ` than ${amps(found.imbalanceA)}`}`;
  if (phase === undefined)
    return zone === undefined ? "there is no more to share" : `zone ${zone} has no more to share`;
  return `L${phase}${name} is full${found ? ` (${amps(phaseLimitA(found, phase))})` : ""}`;
}

function outside(zone: string | undefined, context: ExplainContext): string {
  const limits = zone === undefined ? [] : context.limits(zone);
  const words = limits.map(({ limitA, powerW, reason, source }) => {
    const value = limitA === null ? watts(powerW ?? 0) : amps(limitA);
    return reason || source ? `${value}, ${reason || source}` : value;
  });
  return words.length ? ` (${words.join("; ")})` : "";
}

/** `, shared by 4 cars` when more than one car below the zone gets current on that phase. */
function shared({ zone, phase }: Reason, { result, plant }: ExplainContext): string {
  if (zone === undefined) return "";
  const cars = carsByZone(result, plant).get(zone)?.[phase ?? 0] ?? 0;
  return cars > 1 ? `, shared by ${cars} cars` : "";
}

const counted = new WeakMap<ControllerResult, Map<string, number[]>>();

/** Connectors below each zone that get current: all of them, and those on L1, L2, L3. Counted once for each result. */
function carsByZone(result: ControllerResult, plant: RootPlant): Map<string, number[]> {
  const known = counted.get(result);
  if (known) return known;
  const counts = new Map(plant.zones.map(({ zone }) => [zone.id, [0, 0, 0, 0]]));
  for (const { id, zone: home, wiring } of plant.connectors) {
    if (!((result.setpoints[id]?.limitA ?? 0) > 0)) continue;
    const columns = [0, ...loadedPhases(wiring.phases, wiring.rotation).map((phase) => phase + 1)];
    for (const { zone } of pathOf(plant, home)) for (const column of columns) counts.get(zone.id)![column]! += 1;
  }
  counted.set(result, counts);
  return counts;
}

function failedZone(reason: Reason, id: string, { plant, result }: ExplainContext): string {
  const home = plant.connectors.find((connector) => connector.id === id)?.zone ?? "";
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
