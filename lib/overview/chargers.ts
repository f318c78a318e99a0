import type { Explanation } from "../dlm/runtime/explain.ts";
import type { CycleDecision } from "../dlm/runtime/runtime-types.ts";
import type { ConnectorFacts } from "../dlm/topology/facts.ts";
import { givenName } from "../shown-names.ts";
import type { StationHandle } from "../station/types.ts";
import { tenths } from "../units.ts";
import { forReaders, hintText } from "../words/sentence.ts";
import type { OverviewSite } from "./sources.ts";
import type { ChargerItem, ChargerKind, LimitItem } from "./types.ts";

/**
 * Every connector that an ev-charge-point describes, and every connector that was taken out of the flow and may still draw; by zone as the
 * tree has them, those without a zone last.
 */
export function chargerItems(
  site: OverviewSite,
  decisions: readonly CycleDecision[],
  facts: ReadonlyMap<string, ConnectorFacts>,
): ChargerItem[] {
  const explanations = new Map(decisions.flatMap((decision) => [...decision.explanations]));
  const zoneOf = new Map(site.plant.tree?.connectors.map(({ id, zoneName }) => [id, zoneName]));
  const items: ChargerItem[] = site.stations.list().flatMap((station) =>
    (station.definition?.connectors ?? []).map(({ number, maxA }) => {
      const id = `${station.identity}/${number}`;
      const known = facts.get(id);
      const item = itemOf(site, station, number, known, explanations.get(id));
      const { definition } = station;
      const { name: pointName = "", place = "" } = definition ?? {};
      const name = definition ? givenName(definition, number) : "";
      return { ...item, name, pointName, place, zone: zoneOf.get(id) ?? null, maxA };
    }),
  );
  const described = new Set(items.map(({ id }) => id));
  for (const { id, chargePoint, connector, zoneName: zone, wiring } of site.plant.tree?.connectors ?? []) {
    const why = withoutCurrent(explanations.get(id)?.text ?? "");
    if (!described.has(id)) items.push({ ...ABSENT, id, chargePoint, connector, zone, why, maxA: wiring.maxA });
  }
  const rank = new Map(site.plant.tree?.zones.map(({ zone }, index) => [zone.id, index]));
  const rankOf = ({ zone }: ChargerItem) => rank.get(zone ?? "") ?? Number.POSITIVE_INFINITY;
  return items.sort((a, b) => compare(rankOf(a), rankOf(b)) || BY_NAME.compare(a.id, b.id));
}

const ABSENT = {
  name: "",
  pointName: "",
  place: "",
  kind: "offline",
  state: "",
  setpointA: null,
  measuredA: null,
  lease: null,
  hint: "",
} as const;
const BY_NAME = new Intl.Collator("en", { numeric: true });
const compare = (a: number, b: number): number => (a === b ? 0 : a < b ? -1 : 1);

function itemOf(
  { board, limiter, language }: OverviewSite,
  station: StationHandle,
  connector: number,
  facts: ConnectorFacts | undefined,
  explanation: Explanation | undefined,
): Omit<ChargerItem, "name" | "pointName" | "place" | "zone" | "maxA"> {
  const id = `${station.identity}/${connector}`;
  const view = limiter.view(station.identity, connector);
  const status = station.connectors.get(connector)?.status ?? null;
  const isOffline = station.definition?.ocpp ? !station.online : facts?.state === "offline";
  const isTold = !isOffline && station.definition?.ocpp && status !== null;
  return {
    id,
    chargePoint: station.identity,
    connector,
    kind: isOffline ? "offline" : kindOf(station, connector, status, facts, explanation),
    state: isTold ? (forReaders(language, `status.${status}`)?.staff ?? status) : "",
    setpointA: tenths(board.get(id)?.limitA ?? view?.requestedA ?? null),
    measuredA: isOffline ? null : largest(facts?.measuredA ?? null),
    why: withoutCurrent(explanation?.text ?? ""),
    lease: view && leaseOf(view),
    hint: facts?.trouble ? hintText(language, facts.hint ?? "") : "",
  };
}

function kindOf(
  { faults, definition }: StationHandle,
  connector: number,
  status: string | null,
  facts: ConnectorFacts | undefined,
  explanation: Explanation | undefined,
): ChargerKind {
  if (faults.has(connector) || faults.has(0) || status === "Faulted") return "faulted";
  const note = explanation?.reasons[0]?.note;
  if (facts?.trouble || note === "disobeys" || note === "stoppedForBreaker") return "trouble";
  if (!facts || (definition?.ocpp && status === null)) return "unknown";
  return facts.state === "available" ? "free" : facts.state;
}

function leaseOf({
  acceptedA,
  leaseUntil,
  verified,
  status,
  way,
}: NonNullable<ReturnType<OverviewSite["limiter"]["view"]>>): LimitItem | null {
  if (acceptedA === null && leaseUntil === null && way === null) return null;
  return { acceptedA: tenths(acceptedA), until: leaseUntil, verified, status, way };
}

function largest(currentsA: readonly (number | null)[] | null): number | null {
  const known = (currentsA ?? []).filter((amps) => amps !== null);
  return known.length > 0 ? tenths(Math.max(...known)) : null;
}

/** The current stands beside the sentence. */
function withoutCurrent(sentence: string): string {
  return sentence.replace(/^[\d.,]+\s*A(\s*:\s*|$)/u, "");
}
