/** The ev-site nodes of the flows as they are deployed: also those that have not started yet, or never will. */
import type { Node, NodeAPI, NodeDef } from "node-red";
import { plantIn } from "../../lib/backup/take-over.ts";
import { EvError } from "../../lib/errors.ts";

interface SiteDefinition {
  id: string;
  name: string;
  dataDir: string;
}

type Definition = NodeDef & Record<string, unknown>;

/**
 * The ev-site that is the only one; null = there is none.
 * @param node asks for a property that is empty; without, several are as good as none
 * @throws EvError EV_CONFIG_MISSING when a node asks and there are several
 */
export function onlySite(RED: NodeAPI, node?: Node, property = ""): SiteDefinition | null {
  const found = siteDefinitions(RED);
  if (found.length > 1 && node) {
    const names = found.map(({ id, name }) => name || id).join(", ");
    throw new EvError("EV_CONFIG_MISSING", `${property} is empty: choose one of the sites ${names}`);
  }
  const [only] = found;
  if (!only || found.length > 1) return null;
  return { ...only, dataDir: filledIn(RED, node, only.dataDir) };
}

/**
 * Which ev-site the nodes belong to whose records are in a folder: the only one, else the only one that their zones and servers name.
 * null = nobody can say. @throws errors of SQLite and of the disk
 */
export function heirOf(RED: NodeAPI, folder: string): string | null {
  const sites = new Set(siteDefinitions(RED).map(({ id }) => id));
  if (sites.size > 1) {
    const named = new Set(namedBy(RED, folder));
    for (const id of sites) if (!named.has(id)) sites.delete(id);
  }
  return sites.size === 1 ? [...sites][0]! : null;
}

/** The sites that nodes of the plant in a folder name today. */
function namedBy(RED: NodeAPI, folder: string): string[] {
  const { zones, chargePoints } = plantIn(folder);
  const nodes = definitions(RED);
  const owners = [...nodes.values()]
    .filter(({ type, identity }) => type === "ev-charge-point" && chargePoints.includes(String(identity)))
    .map(({ centralSystem, zone }) => String(centralSystem || zone));
  return [...zones, ...owners].map((id) => String(nodes.get(id)?.["site"] ?? ""));
}

function siteDefinitions(RED: NodeAPI): SiteDefinition[] {
  const nodes = definitions(RED);
  const isOn = ({ d, z }: Definition) => !d && (!z || (nodes.get(z)?.type === "tab" && !nodes.get(z)?.["disabled"]));
  return [...nodes.values()]
    .filter((node) => node.type === "ev-site" && isOn(node))
    .map(({ id, name, dataDir }) => ({ id, name: String(name ?? ""), dataDir: String(dataDir ?? "").trim() }));
}

function definitions(RED: NodeAPI): Map<string, Definition> {
  const found = new Map<string, Definition>();
  RED.nodes.eachNode((node) => {
    found.set(node.id, node as Definition);
  });
  return found;
}

/** A text that is one variable of the environment, as Node-RED fills it in. */
function filledIn(RED: NodeAPI, node: Node | undefined, text: string): string {
  const [, name] = /^\$\{(.+)\}$/.exec(text) ?? [];
  if (name === undefined) return text;
  const { getSetting } = RED.util as unknown as { getSetting(node: Node | undefined, name: string): unknown };
  return String(getSetting(node, name) ?? text).trim();
}
