import type { Clock } from "../../clock.ts";
import type { Finding } from "../../dlm/topology/checks/finding.ts";
import type { PlantConnector, PlantTree } from "../../dlm/topology/plant.ts";
import { doesFallBack } from "../../station/capabilities/models/resolve.ts";
import type { StationKeys } from "../../station/connection/station-keys.ts";
import type { Stations } from "../../station/connection/stations.ts";
import { keptSettings, SETTINGS_DOCUMENTS } from "../../station/setup/read-settings.ts";
import type { StationHandle } from "../../station/types.ts";
import type { Store } from "../../store/types.ts";
import { triple } from "../../units.ts";
import type { DrillResult } from "../drills/drill-result.ts";
import { drillResults } from "../drills/results.ts";
import type { DrillPoint } from "../drills/view-types.ts";
import type { CommissioningResult } from "../result.ts";
import { resultsOf } from "../results.ts";
import { canonicalText, sha256 } from "./canonical.ts";
import { openPoints } from "./points.ts";
import { FIRST_STEPS, LAST_STEPS, stepId } from "./steps.ts";
import type {
  HandoverData,
  ReportedCharger,
  ReportedConnector,
  ReportedStep,
  ReportedTest,
  ReportedZone,
} from "./types.ts";

/** A site as far as its commissioning report looks at it. */
export interface HandoverSite {
  clock: Clock;
  store: Store;
  stations: Pick<Stations, "list">;
  keys: Pick<StationKeys, "state">;
  plant: { readonly tree: PlantTree | null; readonly findings: readonly Finding[]; readonly voltageV: number };
}

/** What only Node-RED knows of it. */
export interface Surroundings {
  name: string;
  /** What anybody may act on without a login. */
  exposed: readonly ("editor" | "dashboard")[];
  /** Findings about the choice of back ends. */
  findings: readonly Pick<Finding, "nodeId" | "severity" | "text">[];
  /** What a node is called; empty = nobody knows. */
  nodeName(id: string): string;
}

/** Gathers what a report says, and the curves of its runs by their hash. Never throws: what the database cannot give is an open point. */
export function handoverData(site: HandoverSite, around: Surroundings): [HandoverData, Curves] {
  const { store, stations, plant } = site;
  const { tree } = plant;
  const described = stations
    .list()
    .filter(({ definition }) => definition !== null)
    .sort((a, b) => a.identity.localeCompare(b.identity, "en", { numeric: true }));
  const targets = described.flatMap(({ identity, definition }) =>
    definition!.connectors.map(({ number }) => `${identity}/${number}`),
  );
  const results = new Map(targets.map((target) => [target, safely(() => resultsOf(store, target), [])]));
  const tests = [...results.values()].flat().map((result) => [tested(result), result.curve] as const);
  const drills = safely(() => heldDrills(store), []);
  const data: HandoverData = {
    format: 1,
    site: { name: around.name, voltageV: plant.voltageV, itNetwork: tree?.itNetwork ?? false },
    zones: zonesOf(tree),
    chargers: described.map((station) => chargerOf(site, station, results)),
    tests: tests.map(([test]) => test),
    ...(drills.length > 0 && {
      drills: drills.map(({ curve, ...drill }) => ({ ...drill, curveSha256: hashed(curve) })),
    }),
    points: [],
  };
  data.points = openPoints(data, {
    hasTree: tree !== null,
    hasDatabase: store.failure === null,
    findings: [...plant.findings, ...around.findings].map(({ nodeId, severity, text }) => {
      return { where: around.nodeName(nodeId), isError: severity === "error", text };
    }),
    exposed: around.exposed,
    away: described.filter(({ online, definition }) => definition!.ocpp && !online).map(({ identity }) => identity),
    restart: described.filter(({ pendingReboot }) => pendingReboot.length > 0).map(({ identity }) => identity),
  });
  return [data, new Map(tests.map(([{ curveSha256 }, curve]) => [curveSha256, curve]))];
}

/** Curves of runs, by their SHA-256. */
export type Curves = ReadonlyMap<string, CommissioningResult["curve"]>;

/** The curves of the runs that are still kept. */
export function curvesOf(store: Pick<Store, "document">, { chargers }: HandoverData): Curves {
  const targets = chargers.flatMap(({ connectors }) => connectors.map(({ target }) => target));
  const curves = targets.flatMap((target) => safely(() => resultsOf(store, target), []).map(({ curve }) => curve));
  return new Map(curves.map((curve) => [sha256(canonicalText(curve)), curve]));
}

/** Drills that were not broken off by the end of Node-RED: of those nothing was seen. */
function heldDrills(store: Pick<Store, "document">): DrillResult[] {
  return drillResults(store).filter(({ end }) => end !== "restart");
}

/** The curves of the drills that are still kept, by their SHA-256. */
export function drillCurvesOf(store: Pick<Store, "document">): ReadonlyMap<string, readonly DrillPoint[]> {
  return new Map(safely(() => heldDrills(store), []).map(({ curve }) => [hashed(curve), curve]));
}

const hashed = (curve: readonly unknown[]): string => sha256(canonicalText(curve));

function tested({ curve, ...result }: CommissioningResult): ReportedTest {
  return { ...result, curveSha256: sha256(canonicalText(curve)) };
}

/** Each zone below the one it hangs on. The feed of one charger stands with the charger. */
function zonesOf(tree: PlantTree | null): ReportedZone[] {
  const all = (tree?.zones ?? []).filter(({ nodeId }) => nodeId !== null);
  const below = (parent: string | null, depth: number): ReportedZone[] =>
    all
      .filter(({ zone }) => zone.parent === parent)
      .sort((a, b) => a.zone.id.localeCompare(b.zone.id, "en", { numeric: true }))
      .flatMap((one) => [zoneOf(one, depth), ...below(one.zone.id, depth + 1)]);
  return below(null, 0);
}

function zoneOf({ zone, meters, demand }: PlantTree["zones"][number], depth: number): ReportedZone {
  const given = (value: Parameters<typeof triple>[0] | undefined) => (value === undefined ? null : triple(value));
  return {
    name: zone.id,
    parent: zone.parent,
    depth,
    limitA: triple(zone.limitA),
    operatorLimitA: given(zone.operatorLimitA),
    headroomA: given(zone.headroomA),
    assumedLoadA: given(zone.assumedLoadA),
    maxPowerW: zone.maxPowerW ?? null,
    failSafeA: zone.failSafeA ?? null,
    demand: demand ?? null,
    meters: meters.map(({ meter, location, onStale, staleAfterS }) => ({ meter, location, onStale, staleAfterS })),
  };
}

function chargerOf(
  { store, keys, plant }: HandoverSite,
  station: StationHandle,
  results: ReadonlyMap<string, readonly CommissioningResult[]>,
): ReportedCharger {
  const { identity, vendor, model, firmware, traits } = station;
  const definition = station.definition!;
  const { name = "", place = "", zone, stationLimitA, ocpp } = definition;
  const connectors = definition.connectors.map((connector): ReportedConnector => {
    const target = `${identity}/${connector.number}`;
    const inForce = plant.tree?.connectors.find(({ id }: PlantConnector) => id === target)?.wiring ?? connector;
    const { phases, rotation, maxA, safeA } = inForce;
    const provenRotation = results.get(target)?.[0]?.rotation ?? null;
    return { target, name: connector.name ?? "", phases, rotation, provenRotation, maxA, safeA };
  });
  const read = safely(() => keptSettings(store.document(SETTINGS_DOCUMENTS + identity)), null);
  return {
    ...{ identity, name, place, zone, vendor, model, firmware, stationLimitA, ocpp },
    fallsBack: ocpp && doesFallBack(traits.smart),
    password: keys.state(identity) ? "given" : definition.password === null ? "none" : "own",
    connectors,
    steps: ocpp
      ? stepsOf(
          station,
          connectors.map(({ target }) => results.get(target)?.[0]),
        )
      : [],
    settings: read && { readTs: read.ts, keys: read.keys.map(({ key, value }) => ({ key, value })) },
  };
}

/** The check-list of a charger: what was ticked in its dialog, and what something else proves. */
function stepsOf(
  { definition, modelProfile, vendor }: StationHandle,
  newest: readonly (CommissioningResult | undefined)[],
): ReportedStep[] {
  const proves = (...aspects: string[]) =>
    newest.every((result) =>
      aspects.every((aspect) => result?.findings.some((one) => one.aspect === aspect && one.verdict === "right")),
    );
  const proven = new Set([
    ...(vendor === null ? [] : ["address"]),
    ...(proves("chargerMaximum") ? ["maximum"] : []),
    ...(proves("rotation", "chargerRotation") ? ["rotation"] : []),
  ]);
  const ticked = new Set(definition?.ticked);
  const state = (id: string) => (proven.has(id) ? "proven" : ticked.has(id) ? "ticked" : "open");
  const own = (modelProfile?.commissioning ?? []).map(({ text }) => ({ id: stepId(text), text }));
  const general = (ids: readonly string[]) => ids.map((id) => ({ id, text: null }));
  return [...general(FIRST_STEPS), ...own, ...general(LAST_STEPS)].map((step) => ({ ...step, state: state(step.id) }));
}

function safely<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch {
    return otherwise;
  }
}
