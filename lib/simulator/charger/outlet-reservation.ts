import type { Clock } from "../../clock.ts";
import type { ReserveNowRequest } from "../../ocpp/v16/index.ts";

interface Held {
  id: number;
  idTag: string;
  /** Badges of this group may begin a charge, too; null = none. */
  parentIdTag: string | null;
  untilWallMs: number;
}

/** The reservation of the one connector (OCPP 1.6 §3.14): until its end only its badge, or one of its group, begins a charge there. */
export class OutletReservation {
  readonly #clock: Clock;
  #held: Held | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Somebody has it reserved. */
  get active(): boolean {
    return this.#now !== null;
  }

  /** Makes it, or replaces the one of the same number. @returns false while another one holds, or where its end has passed */
  make({ reservationId, idTag, parentIdTag, expiryDate }: ReserveNowRequest): boolean {
    const now = this.#now;
    const untilWallMs = Date.parse(expiryDate);
    if ((now && now.id !== reservationId) || !(untilWallMs > this.#clock.wallMs())) return false;
    this.#held = { id: reservationId, idTag, parentIdTag: parentIdTag ?? null, untilWallMs };
    return true;
  }

  /** @returns false where there is none of this number */
  cancel(reservationId: number): boolean {
    if (this.#now?.id !== reservationId) return false;
    this.#held = null;
    return true;
  }

  /** A badge may begin a charge here; letter case does not count (OCPP 1.6 §7.28). @param group that it belongs to, as far as is known */
  admits(idTag: string, group: string | null = null): boolean {
    const now = this.#now;
    return (
      now === null || isSame(now.idTag, idTag) || (now.parentIdTag !== null && isSame(now.parentIdTag, group ?? ""))
    );
  }

  /** Only the central system knows whether a badge is of the group that it is for (OCPP 1.6 §5.13). */
  get asksForGroup(): boolean {
    return (this.#now?.parentIdTag ?? null) !== null;
  }

  /** A charge begins: the reservation is used up. @returns its number; null = there was none */
  use(): number | null {
    const now = this.#now;
    this.#held = null;
    return now?.id ?? null;
  }

  get #now(): Held | null {
    return this.#held && this.#clock.wallMs() < this.#held.untilWallMs ? this.#held : null;
  }
}

const isSame = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
