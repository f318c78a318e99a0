import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Node, NodeAPI } from "node-red";
import { hasRecords, takeOver } from "../../lib/backup/take-over.ts";
import { EvError, messageOf } from "../../lib/errors.ts";
import { claimedNames, meterRoles } from "../../lib/names.ts";
import { acquire, release } from "../../lib/shared-resources.ts";
import { Site } from "../../lib/site/site.ts";
import { type Language, languageOf } from "../../lib/words/types.ts";
import { heirOf, onlySite } from "./named-sites.ts";
import type { EvSiteNode } from "./node-types.ts";

/** The site of nodes that name none while the flows have no ev-site: default values, data in the user folder. */
const DEFAULT_SITE = "default";

/** Every site in use with the id of its node. */
const sites = new Map<Site, string>();

/** Where the records of a site are kept. @param id of its node */
export function dataFolderOf(RED: NodeAPI, id: string, dataDir: string): string {
  return dataDir || join(RED.settings.userDir ?? join(tmpdir(), "phasewise"), "ev-charging", id);
}

/**
 * The site of an ev-site node. It outlives a deploy; a changed data folder makes a new one. Each acquire needs one release.
 *
 * The only ev-site of the flows is the site of the nodes that name none, too. Where these had one before, it goes on under this node,
 * connections and all, as long as it runs; the next start brings its records into this node's folder.
 */
export function acquireSite(RED: NodeAPI, id: string, dataDir: string): Site {
  const folder = dataFolderOf(RED, id, dataDir);
  const nameless = [...sites.keys()].find(({ key }) => key.startsWith(`${DEFAULT_SITE} `));
  const own = `${id} ${folder}`;
  const isRunning = [...sites.keys()].some(({ key }) => key === own);
  const goesOn = nameless && !isRunning && onlySite(RED)?.id === id;
  const key = goesOn ? nameless.key : own;
  const create = () => {
    if (id !== DEFAULT_SITE) takeRecordsOver(RED, id, folder);
    return new Site({ key, dataDir: folder });
  };
  const end = async (ended: Site): Promise<void> => {
    sites.delete(ended);
    await ended.end();
  };
  const site = acquire("site", key, create, end, (ended) => ended.close());
  if (!sites.has(site)) site.language = runtimeLanguage(RED);
  sites.set(site, id);
  return site;
}

/** Brings the records of the site that nodes without one had into the folder of the ev-site that these nodes belong to now. */
function takeRecordsOver(RED: NodeAPI, id: string, folder: string): void {
  // Without a user folder they were in one that the system empties.
  if (!RED.settings.userDir) return;
  const old = dataFolderOf(RED, DEFAULT_SITE, "");
  try {
    if (!hasRecords(old) || heirOf(RED, old) !== id) return;
    const kept = takeOver(old, folder);
    RED.log.info(
      `[ev-site:${id}] took over the records of the nodes that named no site; the old folder is ${kept} now`,
    );
  } catch (error) {
    RED.log.warn(`[ev-site:${id}] the records in ${old} could not be taken over: ${messageOf(error)}`);
  }
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
 * The site a property refers to. An empty property means the only ev-site of the flows; while there is none, a site with default values.
 * @throws EvError EV_CONFIG_MISSING when it refers to a node that is not there or has errors, or is empty where there are several
 */
export function useSite(RED: NodeAPI, node: Node, property: string, siteId: string): Site {
  const only = siteId ? null : onlySite(RED, node, property);
  if (!siteId && !only) return acquireSite(RED, DEFAULT_SITE, "");
  const id = only?.id ?? siteId;
  const named = RED.nodes.getNode(id) as EvSiteNode | null;
  // The only one may start after what belongs to it: nothing names it, so Node-RED knows no order.
  if (!named && only) return acquireSite(RED, only.id, only.dataDir);
  if (!named) throw new EvError("EV_CONFIG_MISSING", `${property}: the site ${id} is missing or disabled; choose one`);
  if (!named.site)
    throw new EvError("EV_CONFIG_MISSING", `${property}: the site ${id} has an error of its own; correct that first`);
  const { site } = named;
  return acquire(
    "site",
    site.key,
    () => site,
    () => {},
  );
}

/** The site whose tree in force has an `ev-zone` of this id as a root: its node may be gone while the deploy that removed it is refused. */
export function siteInForce(zoneNodeId: string): Site | undefined {
  const isRoot = ({ plant }: Site) =>
    plant.tree?.zones.some(({ nodeId, zone }) => nodeId === zoneNodeId && zone.parent === null);
  return [...sites.keys()].find(isRoot);
}

/** Every site in use with the id of its node; one whose data folder was changed a moment ago is given as it is now. */
export function sitesInUse(): { nodeId: string; site: Site }[] {
  const byNode = new Map([...sites].map(([site, nodeId]) => [nodeId, site]));
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
  for (const site of sites.keys()) {
    const others = [...sites.keys()].filter((other) => other !== site).flatMap((other) => other.plant.zones);
    site.commitPlant(meters, others, roles);
  }
}
