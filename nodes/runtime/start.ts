import type { Node } from "node-red";
import type { StatusLine } from "./status.ts";

/**
 * Runs a node's set-up. What it throws becomes one error on the node, with its code, and a red status; Node-RED and the other
 * nodes go on.
 * @returns whether it succeeded
 */
export function start(node: Node, status: StatusLine, setUp: () => void): boolean {
  try {
    setUp();
    return true;
  } catch (error) {
    report(node, status, error);
    return false;
  }
}

/** Shows an error on the node concerned: red status with the short form, the whole text in the log and, with its code, for Catch nodes. */
export function report(node: Node, status: StatusLine, error: unknown): void {
  const shown = error instanceof Error ? error : new Error(String(error));
  status.set("wrong", shorten(shown.message));
  node.error(shown, {});
}

/** A text for the status line, which has room for little. @param end what still stands at the end of a text that is cut */
export function shorten(text: string, end = ""): string {
  return text.length > 60 ? `${text.slice(0, 59 - end.length)}…${end}` : text;
}
