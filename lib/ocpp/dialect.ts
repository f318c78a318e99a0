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
  /** By action, how a template is made of a message, for those that charge points send again and again. */
  readonly templates: ReadonlyMap<string, TemplateMaker>;
  /** The message that an order becomes. */
  request<Name extends OrderName>(order: Name, given: StationOrders[Name]): { action: string; payload: object };
  /** The order that a message stands for, as far as stations care: a person sends messages, too. null = none of those. */
  meaning(action: string, payload: unknown): Meaning | null;
}

/** An order by its name, with what it says. */
export type Meaning = { [Name in OrderName]: { order: Name; given: StationOrders[Name] } }[OrderName];

/**
 * The template of a CALL; null where it is not exactly as the specification has it, or not spelt as usual.
 * @param known one of this key that was made before: if it reads the message it is taken, as making one takes long
 */
export type TemplateMaker = (text: string, known: (key: string) => FrameTemplate | undefined) => FrameTemplate | null;

/** Words that a charge point repeats from message to message, but for what they tell. What fits is exactly as the specification has it. */
export interface FrameTemplate {
  readonly action: string;
  /** The same for all templates that read alike. */
  readonly key: string;
  /** No text that fits has fewer characters. */
  readonly leastLength: number;
  /** What the message says, as if it had been parsed; null = it has other words. */
  read(text: string): { readonly id: MessageId; readonly payload: Record<string, unknown> } | null;
}
