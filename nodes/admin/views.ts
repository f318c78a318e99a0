import type { NodeAPI, NodeMessage } from "node-red";
import { systemClock } from "../../lib/clock.ts";
import { readings } from "../../lib/metering/meter-board.ts";
import { claimedNames, meterRoles } from "../../lib/names.ts";
import { historyValues, type LoadHistory } from "../../lib/overview/load-history.ts";
import type { RowSource } from "../../lib/overview/rows.ts";
import { overviewOf } from "../../lib/overview/view.ts";
import { answerViews } from "../../lib/overview/views.ts";
import type { Site } from "../../lib/site/site.ts";
import { sitesInUse } from "../runtime/site.ts";

/**
 * What a dashboard shows of one load management, as messages: those asked for, with what else the request carries.
 * @throws EvError EV_MESSAGE_INVALID for rows that do not exist
 */
export function viewMessages(
  RED: NodeAPI,
  site: Site,
  dlmId: string,
  history: LoadHistory,
  request: NodeMessage,
): NodeMessage[] {
  const context = { wallMs: systemClock.wallMs(), siteName: nameOf(RED, site), history };
  const answers = answerViews(request, sourceOf(site, dlmId), context);
  return answers.map((answer) => ({ ...request, ...answer }));
}

/** Notes load, powers and limits for the pages that show the past, where it is time to. */
export function noteHistory(site: Site, dlmId: string, history: LoadHistory): void {
  const wallMs = systemClock.wallMs();
  const source = history.isDue(wallMs) ? sourceOf(site, dlmId) : null;
  if (source) history.note(historyValues(source), wallMs);
}

function nameOf(RED: NodeAPI, site: Site): string {
  const nodeId = sitesInUse().find((one) => one.site === site)?.nodeId ?? "";
  return (RED.nodes.getNode(nodeId) as { name?: string } | null)?.name ?? "";
}

/** null before the first decision. */
function sourceOf(site: Site, dlmId: string): RowSource | null {
  const decision = site.decisions.get(dlmId);
  const { tree } = site.plant;
  if (!decision || !tree) return null;
  const others = sitesInUse().filter((one) => one.site !== site);
  const foreign = others.flatMap((one) => one.site.plant.tree?.zones.flatMap(({ meters }) => meters) ?? []);
  const roles = meterRoles();
  const overview = overviewOf(site, {
    nowMs: systemClock.nowMs(),
    sites: [],
    readings: readings(),
    meters: new Map(claimedNames("meter").map((name) => [name, roles[name] ?? null])),
    foreignMeters: new Set(foreign.map(({ meter }) => meter)),
    backEnds: [],
    exposed: [],
  });
  return { overview, decision, voltageV: tree.voltageV, language: site.language, timeZone: site.timeZone };
}
