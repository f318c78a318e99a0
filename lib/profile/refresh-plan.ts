/** The plan counts in seconds. */
const SLOT_MS = 1_000;

/** Multiples of it modulo 1 lie evenly, however many there are. */
const GOLDEN = 0.618034;

interface Planned {
  slot: number;
  perS: number;
}

/**
 * When each lease is renewed: as late as its refresh allows, and no second much fuller than the average, however many charge points
 * came at once. Leases of one charge point keep their distance once they have found their seconds.
 */
export class RefreshPlan {
  readonly #planned = new Map<string, Planned>();
  /** Renewals planned by second. */
  readonly #load = new Map<number, number>();
  /** Renewals a second on average, when all is steady. */
  #perS = 0;

  /** A lease was given now; says when it is to be renewed: never later than `refreshMs` from now. Replaces what was planned for it. */
  plan(id: string, nowMs: number, refreshMs: number): number {
    this.drop(id);
    const perS = SLOT_MS / refreshMs;
    this.#perS += perS;
    const most = Math.ceil(this.#perS - 1e-9) + 1;
    const slot = this.#freeSlot(nowMs, refreshMs, most);
    const before = this.#loadOf(slot);
    this.#planned.set(id, { slot, perS });
    this.#load.set(slot, before + 1);
    const atMs = (slot + ((before * GOLDEN) % 1)) * SLOT_MS;
    const latestMs = nowMs + refreshMs;
    return slot === slotOf(latestMs) ? latestMs : atMs;
  }

  /** Nothing is to be renewed for it. */
  drop(id: string): void {
    const planned = this.#planned.get(id);
    if (!planned) return;
    const { slot, perS } = planned;
    this.#planned.delete(id);
    this.#perS = this.#planned.size === 0 ? 0 : this.#perS - perS;
    const left = this.#loadOf(slot) - 1;
    if (left > 0) this.#load.set(slot, left);
    else this.#load.delete(slot);
  }

  /** The latest second with room; where all are full, the emptiest. */
  #freeSlot(nowMs: number, refreshMs: number, most: number): number {
    const latest = slotOf(nowMs + refreshMs);
    let best = latest;
    for (let slot = latest; slot > slotOf(nowMs); slot--) {
      const load = this.#loadOf(slot);
      if (load < most) return slot;
      if (load < this.#loadOf(best)) best = slot;
    }
    return best;
  }

  #loadOf(slot: number): number {
    return this.#load.get(slot) ?? 0;
  }
}

const slotOf = (atMs: number): number => Math.floor(atMs / SLOT_MS);
