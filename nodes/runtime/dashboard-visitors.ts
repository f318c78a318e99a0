import type { NodeAPI } from "node-red";
import { type AddsUser, type DashboardConnection, visitors } from "../../lib/rights/visitors.ts";

/** How FlowFuse Dashboard 2.0 finds its plug-ins. */
const PLUGIN_TYPE = "node-red-dashboard-2";
const PLUGIN_ID = "ev-charging-visitors";

/** Node-RED sends lists of messages for each output in a list of outputs; nothing deeper. */
const DEEPEST_LIST = 2;

/** What the dashboard calls with what a browser sends, before it becomes a message of the flow; null in return = it does not. */
type Hook = (connection: DashboardConnection, nodeId: unknown, message: unknown) => unknown;

interface DashboardPlugin {
  id?: string;
  type: string;
  hooks?: { onAddConnectionCredentials?: AddsUser; onAction?: Hook; onChange?: Hook; onSend?: Hook };
}

/**
 * Learns from the dashboard who is logged in on each of its connections (`Visitors`), and sees to it that whatever comes from a browser
 * can be told from what a flow sends. Does nothing where there is no dashboard. Nothing is thrown: it would end Node-RED.
 */
export function watchDashboards(RED: NodeAPI): void {
  const others = (): AddsUser[] =>
    (RED.plugins.getByType(PLUGIN_TYPE) as DashboardPlugin[]).flatMap(({ id, hooks }) => {
      const add = hooks?.onAddConnectionCredentials;
      return add && id !== PLUGIN_ID ? [add.bind(hooks)] : [];
    });
  const mark: Hook = (_connection, nodeId, message) => (maySend(RED, nodeId) ? marked(message) : null);
  const plugin: DashboardPlugin = {
    type: PLUGIN_TYPE,
    hooks: {
      onAddConnectionCredentials: (connection, message) => {
        visitors.seen(connection, others());
        return message;
      },
      onAction: mark,
      onChange: mark,
      // The dashboard sends it on as it is, and what is no message cannot be sent.
      onSend: (connection, nodeId, message) => (typeof message === "object" ? mark(connection, nodeId, message) : null),
    },
  };
  RED.plugins.registerPlugin(PLUGIN_ID, plugin as never);
}

/** The dashboard lets a browser make any node send, not only its own widgets: not those of this package. @param nodeId as the browser says it */
function maySend(RED: NodeAPI, nodeId: unknown): boolean {
  const node =
    typeof nodeId === "string" ? (RED.nodes.getNode(nodeId) as { type?: unknown; send?: unknown } | null) : null;
  return typeof node?.send === "function" && !String(node.type).startsWith("ev-");
}

/**
 * What a browser says of itself goes; that a browser sent it stays to be seen, also where the dashboard is set not to add which one.
 * Null for lists that nobody can send.
 */
function marked(message: unknown, depth = 0): unknown {
  if (!Array.isArray(message))
    return typeof message === "object" && message !== null ? { ...message, _client: {} } : message;
  return depth < DEEPEST_LIST ? message.map((one) => marked(one, depth + 1)) : null;
}
