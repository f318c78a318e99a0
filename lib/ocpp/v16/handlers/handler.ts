import type { CallContext, Reply, StationPort } from "../../port.ts";
import { EMPTY } from "../../rpc/frame.ts";

/** Turns the checked payload of one action into its confirmation. */
export type Handler<Request, Response> = (
  request: Request,
  station: StationPort,
  context: CallContext,
) => Reply<Response>;

/** The confirmation without members, once the station has taken the message in. */
export function emptyAfter(done: Reply<void>): Reply<Record<string, never>> {
  return done instanceof Promise ? done.then(() => EMPTY) : EMPTY;
}
