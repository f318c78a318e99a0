/** Node-RED's action that opens its import dialog where the examples are. */
const EXAMPLES = "core:show-examples-import-dialog";

/** The only flow, while there is nothing on it. */
let empty: string | null = null;
let isListening = false;

/** Opens the import of examples. Node-RED's own empty flow goes when an example has come: it would only be in the way. */
export function importFirstExample(): void {
  const flows = RED.nodes.getWorkspaceOrder();
  empty = flows.length === 1 && isEmpty(flows[0]!) ? flows[0]! : null;
  if (!isListening) RED.events.on("flows:add", (flow) => afterImport((flow as EditorWorkspace).id));
  isListening = true;
  RED.actions.invoke(EXAMPLES);
}

function afterImport(added: string): void {
  const left = empty;
  if (left === null || added === left) return;
  // A flow is there before its nodes are.
  setTimeout(() => {
    const flow = RED.nodes.workspace(left);
    if (isEmpty(added) || !flow) return;
    empty = null;
    if (isEmpty(left) && !flow.info) RED.workspaces.delete(flow);
  });
}

function isEmpty(flow: string): boolean {
  return RED.nodes.filterNodes({ z: flow }).length === 0 && RED.nodes.groups(flow).length === 0;
}
