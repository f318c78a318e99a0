import { meterWord } from "./meter-words.ts";

const PROPERTIES = [
  "transport",
  "host",
  "port",
  "serialPort",
  "baudRate",
  "parity",
  "stopBits",
  "timeoutMs",
  "inFlight",
] as const;

/** The connection chosen in the dialog; null while there is none. */
export function chosenLine(field: string): EditorNode | null {
  const id = String($(field).val() ?? "");
  return id && id !== "_ADD_" ? RED.nodes.node(id) : null;
}

/**
 * How a request names the connection: the deployed one by its id, one that was changed since by what it says now.
 * Throws an Error in words when none is chosen.
 */
export function lineReference(field: string): { bus: string } | { line: Record<string, unknown> } {
  const node = chosenLine(field);
  if (!node) throw new Error(meterWord("error.noLine"));
  if (!node["changed"]) return { bus: node.id };
  return { line: Object.fromEntries(PROPERTIES.map((name) => [name, node[name]])) };
}
