/** Config nodes that a new node takes by itself: the only one that there is. */

/** What a property that refers to a config node is made of, but for its value. */
type Reference = Omit<DefaultProperty<string>, "value"> & { type: string };

/**
 * A property whose default is the only config node of its type; empty while there is none, or several.
 * @param isFree whether a new node may take it
 */
export function onlyOne(reference: Reference, isFree = (_node: EditorNode) => true): DefaultProperty<string> {
  let given: string | undefined;
  return Object.defineProperty({ ...reference, value: "" }, "value", {
    enumerable: true,
    get: () => given ?? onlyCandidate(reference, isFree),
    // Node-RED's settings file may name defaults.
    set: (value: string) => {
      given = value;
    },
  });
}

/** Enabled config nodes of a type that a node of the flow on show can refer to. */
export function candidates(type: string): EditorNode[] {
  const found: EditorNode[] = [];
  RED.nodes.eachConfig((node) => {
    const isHere = !node["z"] || node["z"] === RED.workspaces.active();
    if (node.type === type && !node["d"] && isHere) found.push(node);
  });
  return found;
}

function onlyCandidate({ type, filter = () => true }: Reference, isFree: (node: EditorNode) => boolean): string {
  const [only, ...others] = candidates(type).filter(filter);
  return only && others.length === 0 && isFree(only) ? only.id : "";
}
