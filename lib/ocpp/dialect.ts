import type { CallContext, Reply, StationFacts } from "./facts.ts";
import type { OrderName, StationOrders } from "./orders.ts";
import type { MessageId } from "./rpc/frame.ts";
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
  /** The actions whose messages may have a form. */
  readonly repeats: ReadonlySet<string>;
  /** The form of a CALL of such an action; null where it is not exactly as the specification has it, or not spelt as usual. */
  formOf(action: string, text: string): FrameForm | null;
  /** The message that an order becomes. */
  request<Name extends OrderName>(order: Name, given: StationOrders[Name]): { action: string; payload: object };
  /** The order that a message stands for, as far as stations care: a person sends messages, too. null = none of those. */
  meaning(action: string, payload: unknown): Meaning | null;
}

/** An order by its name, with what it says. */
export type Meaning = { [Name in OrderName]: { order: Name; given: StationOrders[Name] } }[OrderName];

/** Words that a charge point repeats from message to message, but for what they tell. Whatever fits is exactly as the specification has it. */
export interface FrameForm {
  readonly action: string;
  /** The same for all forms that read alike. */
  readonly key: string;
  /** No text that fits has fewer characters. */
  readonly leastLength: number;
  /** What the frame says, as if it had been parsed; null = it has other words. */
  read(text: string): FormFrame | null;
}

/** What a frame of a known form says. */
export interface FormFrame {
  readonly id: MessageId;
  readonly payload: Record<string, unknown>;
}
