import type { Node, NodeMessage } from "node-red";
import { EvError, inShort, messageOf } from "../../lib/errors.ts";

export type Send = (message: NodeMessage | (NodeMessage | NodeMessage[] | null)[]) => void;

/**
 * Answers each input message exactly once: `done()` after the handler, `done(err)` when it throws or rejects, so that Complete and
 * Catch nodes see it. A handler never throws out of the event.
 */
export function onInput(node: Node, handle: (message: NodeMessage, send: Send) => void | Promise<void>): void {
  node.on("input", (message, send, done) => {
    Promise.resolve()
      .then(() => handle(message, send as Send))
      .then(
        () => done(),
        (error: unknown) => done(error instanceof Error ? error : new Error(String(error))),
      )
      // Node-RED copies the message for Catch and Complete nodes, which fails for some; that must not end the process.
      .catch((error: unknown) => node.error(messageOf(error)));
  });
}

/** The error for an input message that is not what the node takes. @param field path of the field, e.g. `payload.limitA` */
export function badMessage(field: string, mustBe: string, found: unknown): EvError {
  return new EvError("EV_MESSAGE_INVALID", `${field} is ${inShort(found)}; it must be ${mustBe}`);
}
