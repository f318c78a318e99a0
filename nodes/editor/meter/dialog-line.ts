import { chosenNode } from "../fields.ts";
import { meterWord } from "../words.ts";

/** What describes a connection. */
export const LINE_PROPERTIES = [
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

/**
 * How a request names the connection: the deployed one by its id, one that was changed since by what it says now.
 * Throws an Error in words when none is chosen.
 */
export function lineReference(field: string): { bus: string } | { line: Record<string, unknown> } {
  const node = chosenNode(field);
  if (!node) throw new Error(meterWord("error.noLine"));
  if (!node["changed"]) return { bus: node.id };
  return { line: Object.fromEntries(LINE_PROPERTIES.map((name) => [name, node[name]])) };
}
