/** Finding nodes of the editor, and going to them. */

const METER_TYPES = ["ev-meter", "ev-meter-input"];

/** Opens a config node's dialog; shows another node in its flow. @returns false when the editor has no such node */
export function goTo(id: string): boolean {
  const node = RED.nodes.node(id);
  if (!node) return false;
  if (isConfig(id)) RED.editor.editConfig("", node.type, id);
  else RED.view.reveal(id);
  return true;
}

/** The ev-charge-point of an identity; null when the editor has none. */
export function chargePointNode(identity: string): string | null {
  const wanted = identity.toLowerCase();
  let found: string | null = null;
  RED.nodes.eachConfig(({ id, type, ...rest }) => {
    if (type === "ev-charge-point" && String(rest["identity"] ?? "").toLowerCase() === wanted) found = id;
    return found === null;
  });
  return found;
}

/** The node that delivers a meter's readings; null when the editor has none. */
export function meterNode(meter: string): string | null {
  let found: string | null = null;
  RED.nodes.eachNode(({ id, type, ...rest }) => {
    if (METER_TYPES.includes(type) && rest["meter"] === meter) found = id;
    return found === null;
  });
  return found;
}

function isConfig(id: string): boolean {
  let found = false;
  RED.nodes.eachConfig((node) => {
    found ||= node.id === id;
    return !found;
  });
  return found;
}
