import type { NodeAPI } from "node-red";
import { serveOverview } from "./admin/sidebar/overview-pages.ts";
import { watchDashboards } from "./runtime/dashboard-visitors.ts";

/**
 * The sidebar "EV charging": no node, but a plugin of the editor with its part in the runtime. The plug-in of dashboards is registered
 * here, too, because Node-RED takes plug-ins from such a file only.
 */
export default function register(RED: NodeAPI): void {
  const definition = { type: "ev-charging-sidebar", onremove: serveOverview(RED) };
  RED.plugins.registerPlugin("ev-overview", definition);
  watchDashboards(RED);
}
