import { canonicalTag } from "../../session/badges/badge.ts";

/** A connector. */
interface ChargingConnector {
  chargePoint: string;
  connector: number;
}

/** Which connectors charge with which badge, so that a badge need not be looked for at all of them. */
export class ChargeIndex {
  readonly #byTag = new Map<string, Map<string, ChargingConnector>>();
  readonly #tags = new Map<string, string>();

  /** A charge began with this number; null = none runs there any more. */
  set(chargePoint: string, connector: number, idTag: string | null): void {
    const key = `${connector} ${chargePoint}`;
    const before = this.#tags.get(key);
    if (before !== undefined) this.#remove(before, key);
    if (idTag === null) return;
    const tag = canonicalTag(idTag);
    const places = this.#byTag.get(tag) ?? new Map<string, ChargingConnector>();
    places.set(key, { chargePoint, connector });
    this.#byTag.set(tag, places);
    this.#tags.set(key, tag);
  }

  /** Where charges run with a number, in canonical spelling. */
  places(tag: string): Iterable<ChargingConnector> {
    return this.#byTag.get(tag)?.values() ?? [];
  }

  #remove(tag: string, key: string): void {
    this.#tags.delete(key);
    const places = this.#byTag.get(tag);
    places?.delete(key);
    if (places?.size === 0) this.#byTag.delete(tag);
  }
}
