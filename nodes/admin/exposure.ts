import type { NodeAPI } from "node-red";
import type { ExposedItem } from "../../lib/overview/types.ts";
import { suffices } from "../../lib/rights/roles.ts";
import type { Site } from "../../lib/site/site.ts";

/** What of settings.js decides who gets in. */
interface DoorSettings {
  adminAuth?: unknown;
  httpAdminRoot?: unknown;
  httpNodeAuth?: unknown;
  uiHost?: unknown;
  dashboard?: { middleware?: unknown; ioMiddleware?: unknown };
}

/** Node-RED listens there for this machine alone. */
const LOOPBACK = /^(localhost|127(\.\d+){3}|::1|\[::1\])$/i;

/**
 * What anybody who reaches it may act on without a login: the editor where `adminAuth` is not set, a FlowFuse Dashboard where nothing
 * asks who comes and *Other users* of the site may act. A server that only this machine reaches counts as closed.
 */
export function exposed(RED: NodeAPI, site: Site): ExposedItem[] {
  const { adminAuth, httpAdminRoot, httpNodeAuth, uiHost, dashboard } = RED.settings as DoorSettings;
  if (LOOPBACK.test(String(uiHost ?? ""))) return [];
  const editor = !adminAuth && httpAdminRoot !== false;
  const asks = httpNodeAuth || dashboard?.middleware || dashboard?.ioMiddleware;
  const mayAct = suffices(site.rights.rules.otherUsers, "operator");
  const open = { editor, dashboard: mayAct && !asks && hasDashboard(RED) };
  return (["editor", "dashboard"] as const).filter((id) => open[id]).map((id) => ({ id }));
}

function hasDashboard(RED: NodeAPI): boolean {
  let found = false;
  RED.nodes.eachNode(({ type }) => {
    found ||= (type as string) === "ui-base";
  });
  return found;
}
