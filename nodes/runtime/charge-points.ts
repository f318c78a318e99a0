import type { NodeAPI } from "node-red";
import { EvError } from "../../lib/errors.ts";
import type { Site } from "../../lib/site/site.ts";
import type { Station } from "../../lib/station/connection/station.ts";
import type { EvCentralSystemNode, EvChargePointNode } from "./node-types.ts";

/** A charge point and the site it belongs to. */
export interface ServedChargePoint {
  site: Site;
  station: Station;
}

/** Every site that has a central system or a charge point in the running flows. */
export function sitesOf(RED: NodeAPI): Set<Site> {
  const sites = new Set<Site>();
  RED.nodes.eachNode(({ id, type }) => {
    if (type !== "ev-central-system" && type !== "ev-charge-point") return;
    const { site } = (RED.nodes.getNode(id) ?? {}) as Partial<EvCentralSystemNode & EvChargePointNode>;
    if (site) sites.add(site);
  });
  return sites;
}

/**
 * Checks a reference to a central system; an empty one means all of them.
 * @throws EvError EV_CONFIG_MISSING when it is not there
 */
export function requireCentralSystem(RED: NodeAPI, id: string): void {
  if (id && RED.nodes.getNode(id)?.type !== "ev-central-system") {
    throw new EvError(
      "EV_CONFIG_MISSING",
      `centralSystem: the central system ${id} is missing or disabled; choose one`,
    );
  }
}

/** Finds charge points by identity or alias in all sites: identities are unique in a runtime. */
export class ChargePoints {
  readonly #RED: NodeAPI;
  #sites: Set<Site> | null = null;

  constructor(RED: NodeAPI) {
    this.#RED = RED;
  }

  /** A deploy has changed what there is. */
  forget(): void {
    this.#sites = null;
  }

  find(identity: string): ServedChargePoint | null {
    this.#sites ??= sitesOf(this.#RED);
    let unknown: ServedChargePoint | null = null;
    for (const site of this.#sites) {
      const station = site.stations.get(identity);
      if (station?.definition) return { site, station };
      if (station) unknown = { site, station };
    }
    return unknown;
  }
}

/** Calls back now and after every deploy, until the returned function is called: what a node refers to may start after it. */
export function onDeploy(RED: NodeAPI, callback: () => void): () => void {
  callback();
  RED.events.on("flows:started", callback);
  return () => RED.events.off("flows:started", callback);
}
