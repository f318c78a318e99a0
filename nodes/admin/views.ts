import type { NodeMessage } from "node-red";
import { systemClock } from "../../lib/clock.ts";
import { readings } from "../../lib/metering/meter-board.ts";
import { claimedNames, meterRoles } from "../../lib/names.ts";
import type { RowSource } from "../../lib/overview/rows.ts";
import { overviewOf } from "../../lib/overview/view.ts";
import { answerViews } from "../../lib/overview/views.ts";
import type { Site } from "../../lib/site/site.ts";
import { sitesInUse } from "../runtime/site.ts";

/**
 * What a dashboard shows of one load management, as messages: those asked for, with what else the request carries.
 * @throws EvError EV_MESSAGE_INVALID for rows that do not exist
 */
export function viewMessages(site: Site, dlmId: string, request: NodeMessage): NodeMessage[] {
  const answers = answerViews(request, sourceOf(site, dlmId), systemClock.wallMs());
  return answers.map((answer) => ({ ...request, ...answer }));
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
  });
  return { overview, decision, voltageV: tree.voltageV, language: site.language, timeZone: site.timeZone };
}
