import type { Clock } from "../../clock.ts";
import type { OrderName, StationOrders } from "../../ocpp/orders.ts";
import { CALL_PRIORITY } from "../../ocpp/port.ts";
import type { LimitBook } from "../../station/limits/limit-book.ts";
import type { StationHandle } from "../../station/types.ts";
import { STOP_EFFECT_MS } from "../../thresholds.ts";
import type { Hint } from "../../words/types.ts";

/** A stop order of the load management older than this does not count any more, ms. */
const STOP_LIFE_MS = 15_000;

/** An outlet that reports another state than Unavailable this long after we made it inoperative was made operative by a person, ms. */
const BELIEVE_AFTER_MS = 60_000;

/** The load management wants a connector stopped: its breaker is over its limit and lowering others cannot cure it. */
export interface StopOrder {
  text: Hint;
  /** Monotonic time it was said last. */
  atMs: number;
}

/**
 * What is left when a charger ignores every limit while its breaker is over its own (safety.md S7): the transaction is stopped,
 * then the outlet is made inoperative. Only a person makes it operative again; there is never a reset.
 */
export class EmergencyStop {
  readonly #station: StationHandle;
  readonly #connector: number;
  readonly #deps: { clock: Clock; limits: LimitBook };
  #stoppedAtMs: number | null = null;
  #nextAtMs = Number.NEGATIVE_INFINITY;
  #outSinceMs = Number.NEGATIVE_INFINITY;

  constructor(station: StationHandle, connector: number, deps: { clock: Clock; limits: LimitBook }) {
    this.#station = station;
    this.#connector = connector;
    this.#deps = deps;
  }

  /** Does what the order of the moment asks for. Never throws. */
  pump(order: StopOrder | null, transactionId: string | null): void {
    const nowMs = this.#deps.clock.nowMs();
    this.#noticeReturn(nowMs);
    if (this.#station.state !== "ready" || !order || nowMs - order.atMs > STOP_LIFE_MS) {
      if (nowMs >= this.#nextAtMs) this.#stoppedAtMs = null;
      return;
    }
    if (nowMs < this.#nextAtMs) return;
    this.#nextAtMs = nowMs + STOP_EFFECT_MS;
    if (transactionId !== null && this.#stoppedAtMs === null) {
      this.#stoppedAtMs = nowMs;
      this.#station.willStop(transactionId, "breakerOver");
      void this.#order("stopTransaction", { transactionId });
      return;
    }
    void this.#takeOutOfService(order.text, nowMs);
  }

  async #takeOutOfService(text: Hint, nowMs: number): Promise<void> {
    const { identity, traits } = this.#station;
    this.#stoppedAtMs = null;
    if (traits.config.noChangeAvailability) return;
    const status = await this.#order("setOperative", { connector: this.#connector, operative: false });
    if (status !== "Accepted" && status !== "Scheduled") return;
    this.#outSinceMs = nowMs;
    this.#deps.limits.setOutOfService(identity, this.#connector, true, text);
  }

  /** It reports another state than Unavailable: a person made it operative. */
  #noticeReturn(nowMs: number): void {
    const { limits } = this.#deps;
    const { identity } = this.#station;
    if (!limits.isOutOfService(identity, this.#connector)) return;
    const status = this.#station.connectors.get(this.#connector)?.status ?? null;
    const serving = this.#station.state === "ready" && status !== null && status !== "Unavailable";
    if (serving && nowMs - this.#outSinceMs > BELIEVE_AFTER_MS)
      limits.setOutOfService(identity, this.#connector, false);
  }

  async #order<Name extends OrderName>(order: Name, given: StationOrders[Name]): Promise<unknown> {
    try {
      return (await this.#station.order(order, given, { priority: CALL_PRIORITY.decrease }))["status"];
    } catch {
      // The order stands as long as the breaker is over its limit; it is tried again.
      return null;
    }
  }
}
