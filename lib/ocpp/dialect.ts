import type { CallContext, Reply, StationFacts } from "./facts.ts";
import type { OrderName, StationOrders } from "./orders.ts";
import type { ActionSpec } from "./v16/action.ts";

/** One version of OCPP. Nothing outside of its folder needs to know its messages; chosen for each socket at the handshake. */
export interface Dialect {
  /** Name of the WebSocket subprotocol. */
  readonly subprotocol: string;
  /** Every message there is, by name. */
  readonly actions: ReadonlyMap<string, ActionSpec>;
  /** Tells the station what a checked message says. @returns the confirmation; undefined = charge points may not send that */
  hear(
    action: string,
    payload: Record<string, unknown>,
    station: StationFacts,
    context: CallContext,
  ): Reply<object> | undefined;
  /** The message that an order becomes. */
  request<Name extends OrderName>(order: Name, given: StationOrders[Name]): { action: string; payload: object };
  /** The order that a message stands for, as far as stations care: a person sends messages, too. null = none of those. */
  meaning(action: string, payload: unknown): Meaning | null;
}

/** An order by its name, with what it says. */
export type Meaning = { [Name in OrderName]: { order: Name; given: StationOrders[Name] } }[OrderName];
