import { EvError, messageOf } from "../../errors.ts";
import type { Dialect } from "../../ocpp/dialect.ts";
import type { OrderName, StationOrders } from "../../ocpp/orders.ts";
import { CALL_PRIORITY, type CallOptions } from "../../ocpp/port.ts";
import { OcppCallError } from "../../ocpp/rpc/call-error.ts";

export type Call = (action: string, payload: unknown, options?: CallOptions) => Promise<Record<string, unknown>>;

/** After so many calls in a row without an answer the remaining calls of a set-up are skipped. */
const MOST_SILENT = 2;

/** What became of one set-up call: its answer, or why there is none. */
export type Answer =
  | { kind: "answer"; payload: Record<string, unknown>; status: string | null }
  /** A CALLERROR: `unknown` = the action is not implemented or not supported. */
  | { kind: "refused"; unknown: boolean }
  | { kind: "none" };

/**
 * The calls of one set-up: a call that fails is noted and holds up nothing. After several time-outs in a row the remaining calls are
 * skipped.
 */
export class SetupCalls {
  readonly #dialect: Dialect;
  readonly #call: Call;
  readonly #note: (text: string) => void;
  #silent = 0;

  constructor(dialect: Dialect, call: Call, note: (text: string) => void) {
    this.#dialect = dialect;
    this.#call = call;
    this.#note = note;
  }

  /** It left several calls in a row unanswered. */
  get silent(): boolean {
    return this.#silent >= MOST_SILENT;
  }

  /** A step that did not work, for the log. */
  note(text: string): void {
    this.#note(text);
  }

  /** Gives an order. Never rejects; sends nothing to a charge point that is silent. */
  async ask<Name extends OrderName>(order: Name, given: StationOrders[Name]): Promise<Answer> {
    if (this.silent) return { kind: "none" };
    const { action, payload } = this.#dialect.request(order, given);
    try {
      const answer = await this.#call(action, payload, { priority: CALL_PRIORITY.setup });
      this.#silent = 0;
      const status = answer["status"];
      return { kind: "answer", payload: answer, status: typeof status === "string" ? status : null };
    } catch (error) {
      return this.#failed(action, error);
    }
  }

  #failed(action: string, error: unknown): Answer {
    this.#note(`${action}: ${messageOf(error)}`);
    if (!(error instanceof OcppCallError)) {
      if (error instanceof EvError && error.code === "EV_OCPP_TIMEOUT") this.#silent++;
      if (this.silent) this.#note("set-up: several calls in a row were not answered; the rest of it is left out");
      return { kind: "none" };
    }
    this.#silent = 0;
    return { kind: "refused", unknown: error.ocppCode === "NotImplemented" || error.ocppCode === "NotSupported" };
  }
}
