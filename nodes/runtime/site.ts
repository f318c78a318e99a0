import { tmpdir } from "node:os";
import { join } from "node:path";
import type { NodeAPI } from "node-red";
import { EvError } from "../../lib/errors.ts";
import { claimedNames, meterRoles } from "../../lib/names.ts";
import { acquire, release } from "../../lib/shared-resources.ts";
import { Site } from "../../lib/site/site.ts";
import { type Language, languageOf } from "../../lib/words/types.ts";
import type { EvSiteNode } from "./node-types.ts";

/** The site of nodes that name none: default values, data in the user folder. */
const DEFAULT_SITE = "default";

const sites = new Set<Site>();

/** Where the records of a site are kept. @param id of its node */
export function dataFolderOf(RED: NodeAPI, id: string, dataDir: string): string {
  return dataDir || join(RED.settings.userDir ?? join(tmpdir(), "phasewise"), "ev-charging", id);
}

/** The site of an ev-site node. It outlives a deploy; a changed data folder makes a new one. Each acquire needs one release. */
export function acquireSite(RED: NodeAPI, id: string, dataDir: string): Site {
  const folder = dataFolderOf(RED, id, dataDir);
  const create = () => {
    const site = new Site({ key: `${id} ${folder}`, dataDir: folder });
    site.language = runtimeLanguage(RED);
    sites.add(site);
    return site;
  };
  return acquire("site", `${id} ${folder}`, create, async (site) => {
    sites.delete(site);
    await site.end();
  });
}

/** What `lang` in Node-RED's settings file says. */
export function runtimeLanguage(RED: NodeAPI): Language {
  const { lang } = RED.settings as { lang?: unknown };
  return languageOf(typeof lang === "string" ? lang : "");
}

/** Gives one use of a site back. */
export function releaseSite(site: Site, removed: boolean): Promise<void> {
  return release("site", site.key, removed);
}

/**
 * The site a property refers to; an empty property means the site with default values.
 * @throws EvError EV_CONFIG_MISSING when it refers to a node that is not there or has errors
 */
export function useSite(RED: NodeAPI, property: string, siteId: string): Site {
  if (!siteId) return acquireSite(RED, DEFAULT_SITE, "");
  const node = RED.nodes.getNode(siteId) as EvSiteNode | null;
  if (!node)
    throw new EvError("EV_CONFIG_MISSING", `${property}: the site ${siteId} is missing or disabled; choose one`);
  if (!node.site)
    throw new EvError(
      "EV_CONFIG_MISSING",
      `${property}: the site ${siteId} has an error of its own; correct that first`,
    );
  return acquire(
    "site",
    node.site.key,
    () => node.site!,
    () => {},
  );
}

/** The site whose tree in force has an `ev-zone` of this id as a root: its node may be gone while the deploy that removed it is refused. */
export function siteInForce(zoneNodeId: string): Site | undefined {
  const isRoot = ({ plant }: Site) =>
    plant.tree?.zones.some(({ nodeId, zone }) => nodeId === zoneNodeId && zone.parent === null);
  return [...sites].find(isRoot);
}

/** Every site in use with the id of its node; one whose data folder was changed a moment ago is given as it is now. */
export function sitesInUse(): { nodeId: string; site: Site }[] {
  const byNode = new Map([...sites].map((site) => [site.key.slice(0, site.key.indexOf(" ")), site]));
  return [...byNode].map(([nodeId, site]) => ({ nodeId, site }));
}

let listening: NodeAPI["events"] | null = null;

/** Checks every site's zone tree as one whole each time a deploy has started its nodes. */
export function commitPlantsOnStart(RED: NodeAPI): void {
  if (listening === RED.events) return;
  listening = RED.events;
  RED.events.on("flows:started", commitPlants);
}

function commitPlants(): void {
  const meters = claimedNames("meter");
  const roles = meterRoles();
  for (const site of sites) {
    const others = [...sites].filter((other) => other !== site).flatMap((other) => other.plant.zones);
    site.commitPlant(meters, others, roles);
  }
}
