/** An overview as flat rows: what tables, gauges, charts and drawings of a dashboard take as it is. */

import type { Override } from "../dlm/inputs/overrides.ts";
import type { CycleDecision } from "../dlm/runtime/runtime-types.ts";
import type { ConnectorFacts } from "../dlm/topology/facts.ts";
import type { ChargingMode } from "../dlm/types.ts";
import { shortText } from "../local-time.ts";
import { type MaybeTriple, round, type Triple } from "../units.ts";
import { sentence } from "../words/sentence.ts";
import type { Language } from "../words/types.ts";
import { type Powers, powersOf } from "./powers.ts";
import type { ChargerItem, ChargerKind, Overview } from "./types.ts";
import { type HeldFromAbove, type ZoneState, zoneSentence, zoneState } from "./zone-words.ts";

/** A zone; parents before children. Currents are A per site phase. */
export interface ZoneRow {
  zone: string;
  parent: string | null;
  /** 0 = the root zone. */
  depth: number;
  limitA: Triple;
  /** null = unknown. */
  loadA: MaybeTriple;
  /** The chargers' part of it. */
  chargersA: Triple;
  /** What load management counts with: everything else, and what chargers may draw or is reserved for them; null without a decision. */
  promisedA: Triple | null;
  /** The phase that is fullest: its number, load, limit and what part of the limit is used. */
  phase: 1 | 2 | 3;
  usedA: number | null;
  ofA: number;
  usedPercent: number | null;
  state: ZoneState;
  text: string;
  /** Of all its connectors; empty where they differ. */
  mode: ChargingMode | "";
  /** What a person decided about the zone, in words; empty = nothing. */
  byHand: string;
}

/** A connector. */
export interface ChargerRow {
  /** `<identity>/<number>`: what overrides, modes and priorities are addressed to. */
  target: string;
  /** Its name for people, else its identity; the number only where there is more than one. */
  charger: string;
  /** Where it is, in words; empty = nothing is said of it. */
  place: string;
  chargePoint: string;
  connector: number;
  zone: string | null;
  kind: ChargerKind;
  /** In plain words. */
  state: string;
  /** Measured, the largest of its phases. */
  currentA: number | null;
  limitA: number | null;
  powerKW: number | null;
  /** Of the present session. */
  energyKWh: number | null;
  mode: ChargingMode | "";
  /** Why it gets what it gets, in plain words. */
  why: string;
  /** What a person decided about it, in words; empty = nothing. */
  byHand: string;
  /** When that ends, ISO 8601 UTC; null = nothing is decided. */
  byHandUntil: string | null;
  /** The least current at which its car charges, A. */
  minA: number;
}

/** What a person decided. */
export interface OverrideRow {
  target: string;
  /** What it is called: the zone, or the charger's name. */
  name: string;
  mode: ChargingMode | null;
  limitA: number | null;
  priorityClass: number | null;
  by: string;
  reason: string;
  /** ISO 8601 UTC. */
  since: string;
  until: string;
  /** The same on the clock of the place: `18:00` today, else `2026-06-01 18:00`. */
  ends: string;
  /** What was decided, in a few words: `at most 8 A, sun only`. */
  what: string;
}

/** The site in a few numbers. */
export interface TotalsRow extends Powers {
  chargers: number;
  charging: number;
  waiting: number;
  /** Offline, faulted or not obeying. */
  troubled: number;
  powerKW: number;
  alarms: number;
  /** kW that cars may take from the sun; null where no surplus is told. */
  surplusKW: number | null;
}

/** What rows are made of. */
export interface RowSource {
  overview: Overview;
  decision: CycleDecision;
  voltageV: number;
  language: Language;
  timeZone: string;
}

/** Zones below the root that the decision is of. */
export function zoneRows({ overview, decision, language, timeZone }: RowSource): ZoneRow[] {
  const { byName } = decision.view.plant;
  const depths = new Map<string, number>();
  const modes = modesByZone(decision);
  const held = heldFromAbove(overview, decision);
  const overrides = new Map(decision.view.overrides.all().map((one) => [one.target, one]));
  return overview.zones
    .filter(({ id }) => byName.has(id))
    .map((item) => {
      const { id: zone, parent, limitA, loadA, chargersA, promisedA } = item;
      const depth = (depths.get(parent ?? "") ?? -1) + 1;
      depths.set(zone, depth);
      return {
        ...{ zone, parent, depth, limitA, loadA, chargersA, promisedA },
        ...fullest(limitA, loadA),
        state: zoneState(item),
        text: zoneSentence(item, language, parent === null ? null : held.get(zone)),
        mode: modes.get(zone) ?? "",
        byHand: handText(overrides.get(zone), language, timeZone, decision.moment.wallMs),
      };
    });
}

/** What chargers are called without a name of their own, by id: the number stands only where there is more than one. */
export function plainNames(
  chargers: readonly Pick<ChargerItem, "id" | "chargePoint" | "connector">[],
): [string, string][] {
  const several = new Set(chargers.filter(({ connector }) => connector > 1).map((one) => one.chargePoint));
  return chargers.map(({ id, chargePoint, connector }) => [
    id,
    several.has(chargePoint) ? `${chargePoint} · ${connector}` : chargePoint,
  ]);
}

export function chargerRows({ overview, decision, voltageV, language, timeZone }: RowSource): ChargerRow[] {
  const facts = new Map(decision.view.facts.map((one) => [one.id, one]));
  const modes = new Map(decision.view.snapshot.connectors.map(({ id, mode = "fast" }) => [id, mode]));
  const known = overview.chargers.filter(({ id }) => facts.has(id));
  const ids = new Map(plainNames(overview.chargers));
  const namesakes = new Set<string>();
  const names = new Set<string>();
  for (const { name } of known) (names.has(name) ? namesakes : names).add(name);
  return known.map((item) => {
    const { id: target, chargePoint, connector, place, zone, kind } = item;
    const fact = facts.get(target)!;
    const plain = ids.get(target) ?? target;
    const override = decision.view.overrides.of(target);
    return {
      ...{ target, chargePoint, connector, place, zone, kind },
      charger: !item.name ? plain : namesakes.has(item.name) ? `${item.name} (${plain})` : item.name,
      state: item.state || sentence(language, `charger.${kind}`),
      currentA: item.measuredA,
      limitA: item.setpointA,
      powerKW: kind === "offline" ? null : powerKW(fact, voltageV),
      energyKWh: kind === "free" || kind === "offline" ? null : round(fact.energyWh / 1000, 2),
      mode: modes.get(target) ?? "",
      why: whyOf(item, fact.refused === true),
      byHand: handText(override, language, timeZone, decision.moment.wallMs),
      byHandUntil: override ? new Date(override.untilWallMs).toISOString() : null,
      minA: fact.wiring.minA,
    };
  });
}

export function overrideRows({ overview, decision, language, timeZone }: RowSource): OverrideRow[] {
  const names = new Map(overview.chargers.map(({ id, name }) => [id, name]));
  return decision.view.overrides.all().map((one) => ({
    target: one.target,
    name: names.get(one.target) || one.target,
    mode: one.mode,
    limitA: one.limitA,
    priorityClass: one.priorityClass,
    by: one.by,
    reason: one.reason,
    since: new Date(one.sinceWallMs).toISOString(),
    until: new Date(one.untilWallMs).toISOString(),
    ends: shortText(one.untilWallMs, decision.moment.wallMs, timeZone),
    what: whatText(one, language),
  }));
}

/** What somebody decided, in a few words. */
export function whatText(
  { limitA, mode, priorityClass, aside }: Pick<Override, "limitA" | "mode" | "priorityClass" | "aside">,
  language: Language,
): string {
  const words = [
    limitA === null ? "" : sentence(language, "override.atMost", { amps: limitA }),
    mode === null ? "" : sentence(language, `mode.${mode}`),
    aside ? sentence(language, "override.aside") : "",
    priorityClass === null ? "" : sentence(language, "override.priority", { class: priorityClass }),
  ];
  return words.filter(Boolean).join(", ");
}

export function totalsRow(source: RowSource, rows = chargerRows(source)): TotalsRow {
  const count = (...kinds: ChargerKind[]) => rows.filter(({ kind }) => kinds.includes(kind)).length;
  const surplusW = source.overview.plant[0]?.surplusW ?? null;
  const [root] = source.decision.view.plant.zones;
  const gridMeter = root?.meters.find(({ location }) => location === "including")?.meter ?? null;
  const carsKW = rows.reduce((sum, row) => sum + (row.powerKW ?? 0), 0);
  return {
    chargers: rows.length,
    charging: count("charging"),
    waiting: count("waiting"),
    troubled: count("offline", "faulted", "trouble"),
    powerKW: round(carsKW, 1),
    ...powersOf(source.overview.meters, gridMeter, carsKW),
    alarms: source.overview.alarms.filter(({ severity }) => severity !== "info").length,
    surplusKW: surplusW === null ? null : round(surplusW / 1000, 1),
  };
}

function fullest(limitA: Triple, loadA: MaybeTriple): Pick<ZoneRow, "phase" | "usedA" | "ofA" | "usedPercent"> {
  const share = (phase: number) => (loadA[phase] ?? Number.NEGATIVE_INFINITY) / Math.max(limitA[phase]!, 0.1);
  const phase = [0, 1, 2].reduce((most, one) => (share(one) > share(most) ? one : most), 0);
  const usedA = loadA[phase] ?? null;
  const usedPercent = usedA === null ? null : Math.max(0, Math.round(share(phase) * 100));
  return { phase: (phase + 1) as 1 | 2 | 3, usedA, ofA: limitA[phase]!, usedPercent };
}

/** What a zone above does to the cars of each zone; what holds most of them back, where it is more than one zone. */
function heldFromAbove({ zones, chargers }: Overview, decision: CycleDecision): Map<string, HeldFromAbove> {
  const parents = new Map(zones.map((zone) => [zone.id, zone.parent]));
  const pathOf = (zone: string | null): string[] => (zone === null ? [] : [zone, ...pathOf(parents.get(zone) ?? null)]);
  const held = new Map<string, Map<string, HeldFromAbove>>();
  for (const { id: connector, zone: home } of chargers) {
    const [reason] = decision.explanations.get(connector)?.reasons ?? [];
    if (!reason?.zone) continue;
    const own = pathOf(reason.zone);
    for (const zone of pathOf(home).filter((one) => !own.includes(one))) {
      const ofZone = held.get(zone) ?? new Map<string, HeldFromAbove>();
      held.set(zone, ofZone);
      const above = ofZone.get(reason.zone) ?? { zone: reason.zone, cars: 0, failSafe: reason.code === "FAILSAFE" };
      above.cars++;
      ofZone.set(reason.zone, above);
    }
  }
  return new Map([...held].map(([zone, above]) => [zone, [...above.values()].sort((a, b) => b.cars - a.cars)[0]!]));
}

/** The one mode of all connectors at and below each zone. */
function modesByZone({ view: { snapshot, plant } }: CycleDecision): Map<string, ChargingMode | ""> {
  const modes = new Map<string, ChargingMode | "">();
  const parents = new Map(plant.zones.map(({ zone }) => [zone.id, zone.parent]));
  for (const { zone: home, mode = "fast" } of snapshot.connectors)
    for (let zone: string | null = home; zone !== null; zone = parents.get(zone) ?? null)
      modes.set(zone, (modes.get(zone) ?? mode) === mode ? mode : "");
  return modes;
}

/** As a sentence begins. A free charger needs no reason, except where a badge was refused. */
function whyOf({ kind, why, hint }: ChargerItem, isRefused: boolean): string {
  const text = kind === "free" && !isRefused ? "" : hint || why;
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function powerKW({ measuredA }: ConnectorFacts, voltageV: number): number | null {
  const known = (measuredA ?? []).filter((amps) => amps !== null);
  return known.length === 0 ? null : round((known.reduce((sum, amps) => sum + amps, 0) * voltageV) / 1000, 1);
}

function handText(
  override: Pick<Override, "by" | "reason" | "untilWallMs"> | undefined,
  language: Language,
  timeZone: string,
  nowWallMs: number,
): string {
  if (!override) return "";
  const time = shortText(override.untilWallMs, nowWallMs, timeZone);
  const why = [override.by, override.reason].filter(Boolean).join(": ");
  return sentence(language, "override.byHand", { time, why });
}
