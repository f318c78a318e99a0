import type { NodeAPI } from "node-red";
import { systemClock } from "../../../lib/clock.ts";
import { readings } from "../../../lib/metering/meter-board.ts";
import { claimedNames, meterRoles } from "../../../lib/names.ts";
import { EMPTY_OVERVIEW, type Overview, type SiteItem } from "../../../lib/overview/types.ts";
import { overviewOf } from "../../../lib/overview/view.ts";
import type { Site } from "../../../lib/site/site.ts";
import { sitesInUse } from "../../runtime/site.ts";
import { exposed } from "../exposure.ts";

/** The sites of the running flows, as the sidebar shows them. */
export class OverviewSites {
  readonly #RED: NodeAPI;

  constructor(RED: NodeAPI) {
    this.#RED = RED;
  }

  find(id: string): Site | undefined {
    return sitesInUse().find((site) => site.nodeId === id)?.site;
  }

  /** The asked one where it is there, else the first; an empty id = there is none. */
  choose(id: string): string {
    const ids = sitesInUse().map(({ nodeId }) => nodeId);
    return ids.includes(id) ? id : (ids[0] ?? "");
  }

  /** null when the site is gone; for an empty id, when one has come. */
  view(id: string): Overview | null {
    const items = this.#items();
    if (id === "") return items.length === 0 ? EMPTY_OVERVIEW : null;
    const site = this.find(id);
    if (!site) return null;
    const others = sitesInUse().filter((one) => one.nodeId !== id);
    const foreign = others.flatMap((one) => one.site.plant.tree?.zones.flatMap(({ meters }) => meters) ?? []);
    const roles = meterRoles();
    return overviewOf(site, {
      nowMs: systemClock.nowMs(),
      sites: items,
      readings: readings(),
      meters: new Map(claimedNames("meter").map((name) => [name, roles[name] ?? null])),
      foreignMeters: new Set(foreign.map(({ meter }) => meter)),
      backEnds: site.upstreams.overview(),
      exposed: exposed(this.#RED, site),
    });
  }

  /** Changes with every reading, so that pushes keep step with the meters; without meters, with every decision. */
  stamp(id: string): string {
    let newestMs = 0;
    for (const { atMs } of readings().values()) newestMs = Math.max(newestMs, atMs);
    if (newestMs > 0) return String(newestMs);
    const decided = [...(this.find(id)?.decisions.values() ?? [])];
    return decided.map(({ moment }) => moment.nowMs).join(" ");
  }

  #items(): SiteItem[] {
    return sitesInUse().map(({ nodeId }) => ({ id: nodeId, name: this.#RED.nodes.getNode(nodeId)?.name ?? "" }));
  }
}
