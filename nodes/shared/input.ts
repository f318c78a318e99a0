import type { Node, NodeMessage } from "node-red";
import { EvError } from "../../lib/errors.ts";

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
      );
  });
}

/** The error for an input message that is not what the node takes. @param field path of the field, e.g. `payload.limitA` */
export function badMessage(field: string, mustBe: string, found: unknown): EvError {
  const text = JSON.stringify(found) ?? String(found);
  return new EvError(
    "EV_MESSAGE_INVALID",
    `${field} is ${text.length > 60 ? `${text.slice(0, 57)}…` : text}; it must be ${mustBe}`,
  );
}
