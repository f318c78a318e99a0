import type { NodeAPI } from "node-red";
import { serveOverview } from "./shared/overview-pages.ts";

/** The sidebar "EV charging": no node, but a plugin of the editor with its part in the runtime. */
export default function register(RED: NodeAPI): void {
  const definition = { type: "ev-charging-sidebar", onremove: serveOverview(RED) };
  RED.plugins.registerPlugin("ev-overview", definition);
}
