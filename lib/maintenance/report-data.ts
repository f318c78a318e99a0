import { faultText } from "../alarm/faults.ts";
import type { Alarm } from "../alarm-types.ts";
import type { Clock } from "../clock.ts";
import type { PlantTree } from "../dlm/topology/plant.ts";
import { readings } from "../metering/meter-board.ts";
import type { Limiter } from "../profile/limiter.ts";
import type { TraitView } from "../station/capabilities/models/types.ts";
import type { KeyState, StationKeys } from "../station/connection/station-keys.ts";
import type { Stations } from "../station/connection/stations.ts";
import type { ConnectorView, StationHandle } from "../station/types.ts";
import type { AlarmRecord } from "../store/books/alarms.ts";
import type { SessionRecord } from "../store/books/session-types.ts";
import type { LimitCommandRecord, Store } from "../store/types.ts";
import type { Language } from "../words/types.ts";

const DAY_MS = 86_400_000;
/** Rows of one table of the last day. */
const MOST_ROWS = 500;

/** A site as far as its report looks at it. */
export interface ReportedSite {
  clock: Clock;
  store: Store;
  stations: Stations;
  keys: StationKeys;
  limiter: Pick<Limiter, "view">;
  plant: { readonly tree: PlantTree | null };
  alarms: { list: { list(): readonly Readonly<Alarm>[] } };
  language: Language;
  /** IANA name; empty = the machine's. */
  timeZone: string;
}

export interface ReportedConnector
  extends Pick<ConnectorView, "number" | "status" | "errorCode" | "measuredA" | "energyWh"> {
  transactionId: string | null;
  fault: string | null;
  limit: ReturnType<Limiter["view"]>;
}

export interface ReportedStation
  extends Pick<
    StationHandle,
    "identity" | "state" | "vendor" | "model" | "firmware" | "clockSkewMs" | "pendingReboot"
  > {
  zone: string | null;
  lastSeenWallMs: number;
  address: string | null;
  matchedModel: string | null;
  key: KeyState | null;
  ownPassword: boolean;
  /** Values that are not the standard's, and facts that it showed. */
  capabilities: { path: string; value: unknown; source: string; note: string | null }[];
  connectors: ReportedConnector[];
}

export interface ReportedMeter {
  name: string;
  /** Zones that it measures. */
  zones: string[];
  quality: string | null;
  ageS: number | null;
  currentA: readonly (number | null)[] | null;
  powerW: number | null;
  energyImportWh: number | null;
}

/** Everything a maintenance report says. */
export interface ReportData extends Pick<ReportedSite, "language" | "timeZone"> {
  siteName: string;
  madeWallMs: number;
  storeFailure: string | null;
  alarms: readonly Readonly<Alarm>[];
  stations: ReportedStation[];
  zones: PlantTree["zones"];
  meters: ReportedMeter[];
  lastDay: { sessions: SessionRecord[]; alarms: AlarmRecord[]; limits: LimitCommandRecord[] };
}

/** Gathers what there is to say of a site now. Never throws: what the database cannot give is missing. */
export function reportData(site: ReportedSite, siteName: string): ReportData {
  const { clock, store, stations, plant, language, timeZone } = site;
  const madeWallMs = clock.wallMs();
  const handles = stations.list().sort((a, b) => a.identity.localeCompare(b.identity, "en", { numeric: true }));
  return {
    ...{ siteName, language, timeZone },
    madeWallMs,
    storeFailure: store.failure?.message ?? null,
    alarms: site.alarms.list.list(),
    stations: handles.map((station) => reportedStation(site, station)),
    zones: plant.tree?.zones ?? [],
    meters: meters(plant.tree, clock.nowMs()),
    lastDay: lastDay(store, madeWallMs),
  };
}

function reportedStation(site: ReportedSite, handle: StationHandle): ReportedStation {
  const { stations, keys, language } = site;
  const { identity, state, vendor, model, firmware, clockSkewMs, pendingReboot, definition, modelProfile } = handle;
  const station = stations.get(identity);
  const facts = Object.entries(handle.learntFacts.values).filter(([path]) => path.startsWith("charger."));
  return {
    identity,
    state,
    vendor,
    model,
    firmware,
    clockSkewMs,
    pendingReboot,
    zone: definition?.zone ?? null,
    lastSeenWallMs: station?.lastSeenWallMs ?? 0,
    address: station?.address ?? null,
    matchedModel: modelProfile?.name ?? null,
    key: keys.state(identity),
    ownPassword: definition?.password != null,
    capabilities: [
      ...handle.traitViews().filter(({ source }: TraitView) => source !== "default"),
      ...facts.map(([path, { value, how, at }]) => ({ path, value, source: "learnt", note: `${how}, ${at}` })),
    ],
    connectors: [...handle.connectors.values()]
      .sort((a, b) => a.number - b.number)
      .map((connector) => ({
        number: connector.number,
        status: connector.status,
        errorCode: connector.errorCode,
        measuredA: connector.measuredA,
        energyWh: connector.energyWh,
        transactionId: connector.transaction?.transactionId ?? null,
        fault: faultName(handle, connector.number, language),
        limit: limitOf(site, handle, connector.number),
      })),
  };
}

function faultName({ faults }: StationHandle, connector: number, language: Language): string | null {
  const fault = faults.get(connector) ?? faults.get(0);
  return fault ? faultText(fault, language).name : null;
}

/** What became of its last limit; that a charge point was away when it was to be sent is no news once it is back. */
function limitOf({ limiter }: ReportedSite, { identity, online }: StationHandle, connector: number) {
  const view = limiter.view(identity, connector);
  return online && view?.status === "offline" ? null : view;
}

function meters(tree: PlantTree | null, nowMs: number): ReportedMeter[] {
  const board = readings();
  const placed = (tree?.zones ?? []).flatMap(({ zone, meters: held }) =>
    held.map(({ meter }) => [meter, zone.id] as const),
  );
  const names = [...new Set([...placed.map(([meter]) => meter), ...board.keys()])].sort();
  return names.map((name) => {
    const reading = board.get(name);
    return {
      name,
      zones: placed.filter(([meter]) => meter === name).map(([, zone]) => zone),
      quality: reading?.payload.quality ?? null,
      ageS: reading ? Math.round((nowMs - reading.atMs) / 1000) : null,
      currentA: reading?.payload.currentA ?? null,
      powerW: reading?.payload.powerW ?? null,
      energyImportWh: reading?.payload.energyImportWh ?? null,
    };
  });
}

function lastDay(store: Store, nowWallMs: number): ReportData["lastDay"] {
  const fromWallMs = nowWallMs - DAY_MS;
  const range = { fromWallMs, toWallMs: nowWallMs, most: MOST_ROWS };
  const sessions = { fromWallMs, toWallMs: null, chargePoint: null, connector: null, user: null, state: null };
  return {
    sessions: safely(() => store.sessions.page(sessions, null, MOST_ROWS)),
    alarms: safely(() => store.alarms.find(range)),
    limits: safely(() => store.limitCommands.find({ ...range, zone: null })),
  };
}

function safely<T>(read: () => T[]): T[] {
  try {
    return read();
  } catch {
    return [];
  }
}
