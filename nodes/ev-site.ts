import type { Node, NodeAPI, NodeDef } from "node-red";
import type { Site } from "../lib/site.ts";
import { Properties } from "./shared/properties.ts";
import { acquireSite, commitPlantsOnStart, releaseSite } from "./shared/site.ts";
import { report, start } from "./shared/start.ts";
import { StatusLine } from "./shared/status.ts";

export interface EvSiteNode extends Node {
  /** undefined while its properties are wrong. */
  site?: Site;
}

/** One building: its records and what its zones have in common. */
export default function register(RED: NodeAPI): void {
  commitPlantsOnStart(RED);

  function EvSite(this: EvSiteNode, def: NodeDef): void {
    RED.nodes.createNode(this, def);
    const status = new StatusLine(this);
    start(this, status, () => {
      const read = new Properties(def);
      const voltageV = read.number("voltageV", 230, { min: 100, max: 300 });
      const country = read.choice("country", ["DE", "AT", "CH", "other"]);
      const site = acquireSite(RED, this.id, read.text("dataDir"));
      this.site = site;
      site.plant.setSite({ voltageV, country });
      if (site.store.failure) report(this, status, site.store.failure);
      this.on("close", (removed: boolean, done: () => void) => void releaseSite(site, removed).then(done, done));
    });
  }
  RED.nodes.registerType("ev-site", EvSite);
}
