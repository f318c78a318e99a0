import type { StationEvent, StationEventName } from "../../messages.ts";
import type { DataAnswer, Heard } from "../../ocpp/facts.ts";
import type { Carrier, StationChangeKind, WholeValues } from "../types.ts";
import { stationEvent } from "./events.ts";

/** Who is told of a charge point's events and changes. */
export interface Audience {
  /** @param origin key of the central system the charge point is connected to */
  emit: (event: StationEvent, origin: string) => void;
  change: (kind: StationChangeKind, chargePoint: string, connector: number, paths?: readonly string[]) => void;
  /** Whether anyone listens to such events; others need not be made. */
  hears: (event: StationEventName) => boolean;
  /** null = nothing is taken on. */
  carrier: () => Carrier | null;
}

/** Tells the rest of the product what happens at one charge point. */
export class StationEvents {
  readonly #source: Readonly<{ identity: string; origin: string }>;
  readonly #audience: Audience;

  /** @param source asked anew each time */
  constructor(source: Readonly<{ identity: string; origin: string }>, audience: Audience) {
    this.#source = source;
    this.#audience = audience;
  }

  /** @param payload made only when somebody listens @param source the message that it comes from */
  emit(event: StationEventName, connector: number, payload: () => Record<string, unknown>, source?: Heard): void {
    if (!this.#audience.hears(event)) return;
    const { identity, origin } = this.#source;
    this.#audience.emit(stationEvent(event, identity, connector, payload(), source), origin);
  }

  change(kind: StationChangeKind, connector = 0, paths?: readonly string[]): void {
    this.#audience.change(kind, this.#source.identity, connector, paths);
  }

  /** As Carrier.whole, where there are any. */
  whole(values: Omit<WholeValues, "chargePoint">): Promise<void> | null {
    if (values.samples.length === 0) return null;
    return this.#audience.carrier()?.whole({ chargePoint: this.#source.identity, ...values }) ?? null;
  }

  /** As Carrier.data. */
  carry(payload: Record<string, unknown>): Promise<DataAnswer> | null {
    return this.#audience.carrier()?.data(this.#source.identity, payload) ?? null;
  }

  /** Something that deviates from the specification and was coped with. */
  note(text: string): void {
    this.emit("unknown", 0, () => ({ deviation: text }));
  }
}
