/** Requests on an HTTP server that is not ours. */
import type { IncomingMessage, Server, ServerResponse } from "node:http";

/** Answers a request, or leaves it alone. @returns whether it is answered */
export type RequestHandler = (request: IncomingMessage, response: ServerResponse) => boolean;

const GATES = new WeakMap<Server, Set<RequestHandler>>();

/**
 * Asks a handler before the server's own listeners are. The gate stands before those that are there when it is set up, for good: it
 * passes on whatever no handler wants.
 * @returns a function that stops asking it
 */
export function askFirst(server: Server, handler: RequestHandler): () => void {
  const handlers = GATES.get(server) ?? gateOf(server);
  handlers.add(handler);
  return () => void handlers.delete(handler);
}

function gateOf(server: Server): Set<RequestHandler> {
  const handlers = new Set<RequestHandler>();
  const others = server.listeners("request") as ((request: IncomingMessage, response: ServerResponse) => void)[];
  server.removeAllListeners("request");
  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    for (const handler of handlers) if (handler(request, response)) return;
    for (const other of others) other.call(server, request, response);
  });
  GATES.set(server, handlers);
  return handlers;
}
