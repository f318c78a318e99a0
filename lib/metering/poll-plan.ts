import { planReads, type ReadBlock } from "./plan.ts";
import type { MeterProfile } from "./profile-schema.ts";

/** The reads of one cycle: without the `fast` ones there is no reading; a `slow` one that fails only leaves its values unknown. */
export interface CycleReads {
  fast: ReadBlock[];
  slow: ReadBlock[];
}

/**
 * Which blocks to read when: fast ones every cycle, slow ones all at first and then one per cycle in turn. Learns from refusals: a
 * device that does not answer for the holes is read without them; a slow block it does not have is not asked for again.
 */
export class PollPlan {
  readonly #profile: MeterProfile;
  readonly #inTurn: boolean;
  #fast: ReadBlock[] = [];
  #slow: ReadBlock[] = [];
  #cycle = 0;
  #holes = true;

  /** @param inTurn false: every cycle reads everything */
  constructor(profile: MeterProfile, inTurn: boolean) {
    this.#profile = profile;
    this.#inTurn = inTurn;
    this.#plan();
  }

  next(): CycleReads {
    const turn = this.#cycle++;
    const all = turn === 0 || !this.#inTurn || this.#slow.length === 0;
    return { fast: this.#fast, slow: all ? [...this.#slow] : [this.#slow[turn % this.#slow.length] as ReadBlock] };
  }

  /** Plans again without holes. @returns whether that changes anything */
  withoutHoles(): boolean {
    if (!this.#holes) return false;
    this.#holes = false;
    const before = this.#fast.length + this.#slow.length;
    this.#plan();
    return this.#fast.length + this.#slow.length > before;
  }

  /** The device does not have this slow block. */
  drop(block: ReadBlock): void {
    this.#slow = this.#slow.filter((other) => other !== block);
  }

  #plan(): void {
    const merging = this.#holes ? {} : { maxGap: 0 };
    this.#fast = planReads(this.#profile, { group: "fast", ...merging });
    this.#slow = planReads(this.#profile, { group: "slow", ...merging });
    this.#cycle = 0;
  }
}
