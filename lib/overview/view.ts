/** Builds the overview of a site from what its parts know now. Reads, decides nothing, keeps nothing. */
import { isoTime } from "../clock.ts";
import type { CycleDecision } from "../dlm/runtime/runtime-types.ts";
import { round } from "../units.ts";
import { chargerItems } from "./chargers.ts";
import { meterItems } from "./meters.ts";
import { parkedItems } from "./parked.ts";
import type { OverviewSite, Surroundings } from "./sources.ts";
import type { AlarmItem, FindingItem, Overview, PlantItem } from "./types.ts";
import { zoneItems } from "./zones.ts";

/** A decision older than this belongs to a load management that does not run, ms. */
const DECISION_LIFE_MS = 130_000;

/** The site as it is now. */
export function overviewOf(site: OverviewSite, around: Surroundings): Overview {
  const { nowMs } = around;
  const decisions = [...site.decisions.values()].filter(({ moment }) => nowMs - moment.nowMs < DECISION_LIFE_MS);
  const facts = new Map(decisions.flatMap(({ view }) => view.facts.map((one) => [one.id, one] as const)));
  for (const station of site.stations.list()) {
    if (station.definition?.ocpp) for (const one of station.facts(nowMs)) facts.set(one.id, one);
  }
  return {
    sites: around.sites,
    plant: [plantItem(site, decisions)],
    zones: zoneItems(
      site.plant.tree,
      decisions,
      facts,
      around.readings,
      (zone) => site.consumption?.state(zone) ?? null,
    ),
    chargers: chargerItems(site, decisions, facts),
    meters: meterItems(site.plant.tree, decisions, around),
    parked: parkedItems(site.stations),
    backEnds: around.backEnds,
    findings: findingItems(site),
    alarms: alarmItems(site),
    exposed: around.exposed,
  };
}

function plantItem({ plant }: OverviewSite, decisions: readonly CycleDecision[]): PlantItem {
  const grids = decisions.flatMap(({ view }) => view.snapshot.site ?? []);
  const surplusW = grids.length > 0 ? round(Math.max(...grids.map(({ gridW }) => -gridW)), 0) : null;
  const hasZones = (plant.tree?.zones.length ?? 0) > 0;
  const tree = plant.errors.length > 0 ? "refused" : !hasZones ? "none" : decisions.length > 0 ? "controlled" : "loose";
  return { id: "plant", tree, surplusW };
}

/** Errors first. */
function findingItems({ plant }: OverviewSite): FindingItem[] {
  const items = new Map<string, FindingItem>();
  for (const finding of [...plant.errors, ...plant.findings]) {
    const id = `${finding.nodeId} ${finding.code} ${finding.text}`;
    items.set(id, { id, ...finding });
  }
  return [...items.values()];
}

const RANK = { alarm: 0, warning: 1, info: 2 } as const;

/** The worst first, then the newest. */
function alarmItems({ alarms }: OverviewSite): AlarmItem[] {
  const raised = [...alarms.list.list()].sort(
    (a, b) => RANK[a.severity] - RANK[b.severity] || b.sinceWallMs - a.sinceWallMs,
  );
  return raised.map(({ key, severity, text, action, location, sinceWallMs, times, flapping, acknowledged }) => ({
    id: key,
    severity,
    text,
    action,
    location,
    since: isoTime(sinceWallMs),
    times,
    flapping,
    acknowledged: acknowledged && { by: acknowledged.by, comment: acknowledged.comment },
  }));
}
