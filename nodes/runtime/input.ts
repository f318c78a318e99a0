import type { Node, NodeMessage } from "node-red";
import { messageOf } from "../../lib/errors.ts";

/** The error for an input message that is not what the node takes. */
export { invalid as badMessage } from "../../lib/errors.ts";

export type Send = (message: NodeMessage | (NodeMessage | NodeMessage[] | null)[]) => void;

/**
 * Answers each input message exactly once: `done()` after the handler, `done(err)` when it throws or rejects, so that Complete and
 * Catch nodes see it. A handler never throws out of the event.
 * @param failed is told of an error before the flow is
 */
export function onInput(
  node: Node,
  handle: (message: NodeMessage, send: Send) => void | Promise<void>,
  failed: (message: NodeMessage, error: unknown) => void = () => {},
): void {
  node.on("input", (message, send, done) => {
    Promise.resolve()
      .then(() => handle(message, send as Send))
      .then(
        () => done(),
        (error: unknown) => {
          failed(message, error);
          done(error instanceof Error ? error : new Error(String(error)));
        },
      )
      // Node-RED copies the message for Catch and Complete nodes, which fails for some; that must not end the process.
      .catch((error: unknown) => node.error(messageOf(error)));
  });
}
