/** Node-RED's action that opens its import dialog where the examples are. */
const EXAMPLES = "core:show-examples-import-dialog";

/** The folder of this package's examples, and the one for a first charger, as the dialog names them. */
const FOLDER = "@phasewise/node-red-ev-charging";
const FIRST = "1 - First charger";
/** The dialog chooses the top of its list this long after it has opened, ms; what is chosen here comes later. */
const SETTLED_MS = 200;

/** An entry of the dialog's list. A folder that was never opened has a function in the place of its children. */
interface ListEntry {
  label: string;
  children?: ListEntry[] | ((...never: never[]) => void);
  treeList: { expand(): void };
}

/** The only flow, while there is nothing on it. */
let empty: string | null = null;
let isListening = false;

/**
 * Opens the import of examples, with the first one chosen. Node-RED's own empty flow goes when an example has come: it would only be in
 * the way.
 */
export function importFirstExample(): void {
  const flows = RED.nodes.getWorkspaceOrder();
  empty = flows.length === 1 && isEmpty(flows[0]!) ? flows[0]! : null;
  if (!isListening) RED.events.on("flows:add", (flow) => afterImport((flow as EditorWorkspace).id));
  isListening = true;
  RED.actions.invoke(EXAMPLES);
  chooseFirst($("#red-ui-clipboard-dialog-import-tab-examples .red-ui-treeList"));
}

/** Opens this package's folder when the list has come, and chooses its first example when the folder has. */
function chooseFirst(list: JQuery): void {
  list.on("treelistchildrenloaded", (_event, loaded: ListEntry) => {
    const entries = Array.isArray(loaded.children) ? loaded.children : [];
    const named = (label: string) => entries.find((entry) => entry.label === label);
    if (loaded.label !== FOLDER) named(FOLDER)?.treeList.expand();
    else setTimeout(() => list.treeList("select", named(FIRST)), SETTLED_MS);
  });
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
