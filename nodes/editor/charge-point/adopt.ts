/** Makes an ev-charge-point of a charge point that waits at a central system; the deploy that follows serves it. */

export interface Adoption {
  identity: string;
  /** Node id of its ev-central-system. */
  centralSystem: string;
  /** Node id of its ev-zone; without, its load is not managed. */
  zone?: string;
  /** Id of its model; without, it is recognised each time it starts. */
  model?: string;
  /** Numbers of its connectors; without, one. */
  connectors?: readonly number[];
}

/** Adds the config node to the editor, as a change that can be undone. @returns its id */
export function adopt({ identity, centralSystem, zone = "", model = "auto", connectors }: Adoption): string {
  const id = RED.nodes.id();
  const wired = connectors && connectors.length > 1 ? { connectors: connectors.map(connectorOf) } : {};
  const node = { id, type: "ev-charge-point", z: "", identity, model, centralSystem, ...(zone && { zone }), ...wired };
  const dirty = RED.nodes.dirty();
  RED.nodes.import([node], { applyNodeDefaults: true, markChanged: true });
  RED.history.push({ t: "add", nodes: [id], dirty });
  RED.nodes.dirty(true);
  const added = RED.nodes.node(id);
  if (added) RED.editor.validateNode(added);
  return id;
}

/** Identities, in lower case, that an ev-charge-point in the editor has, deployed or not. */
export function describedIdentities(): Set<string> {
  const found = new Set<string>();
  RED.nodes.eachConfig((node) => {
    if (node.type === "ev-charge-point") found.add(String(node["identity"] ?? "").toLowerCase());
    return true;
  });
  return found;
}

/** As the dialog of an ev-charge-point opens. */
function connectorOf(number: number): object {
  return { number, phases: 3, rotation: "RST", maxA: 32, minA: 6, priorityClass: 1, mode: "fast" };
}
