import type { NodeAPI } from "node-red";

/** The name of the meter that a property refers to: by its name, or by the id of its node. */
export function meterName(RED: NodeAPI, reference: string): string {
  let name = reference;
  RED.nodes.eachNode((node) => {
    const meter = (node as { meter?: unknown }).meter;
    if (reference && node.id === reference && typeof meter === "string") name = meter;
  });
  return name;
}
