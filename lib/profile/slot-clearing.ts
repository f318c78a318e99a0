import type { LimitBook } from "../station/limits/limit-book.ts";
import { ownProfileId } from "../station/limits/profile-ids.ts";
import type { AppliedLimit } from "./result.ts";
import type { ProfileTarget } from "./target.ts";
import type { LearnedCapability } from "./variants/learned.ts";
import { hasOneSlot, outletLevel, type ProfileVariant } from "./variants/variant.ts";

export interface SlotClearingDeps {
  identity: string;
  limits: LimitBook;
  target: () => ProfileTarget;
  /** Nothing may hold the connector for a while (safety.md S12). */
  mayClear: () => boolean;
  /** Whether the safe current fits beside what all others hold: without its hold, the outlet goes there when the transaction ends. */
  admitsSafe: () => boolean;
  /** What holds the outlet is about to be cleared. */
  losesOutlet: () => void;
  /** The limit accepted last is about to be cleared: it counts as accepted no more. */
  losesLimit: () => void;
  clear: (profileId: number) => Promise<void>;
  clearAll: () => Promise<void>;
  /** The baseline was taken off in vain. */
  lostBaseline: () => void;
  learn: (facts: readonly LearnedCapability[]) => void;
}

/** What was cleared to make room. */
export type Cleared = "outlet" | "limit" | "baseline" | "all";

/**
 * Some charge points take no profile, not even in the place of another, while all their places are taken (libocpp). Where everything is
 * refused, something of ours goes first: what holds the outlet below the limit of its transaction; the baseline, as long as the limit
 * in force carries its own tail; everything where there is one place only. That is tried once, and remembered. A refusal that passed looks
 * the same: a charge point that takes a profile in the place of another after all is asked for nothing more.
 */
export class SlotClearing {
  readonly #deps: SlotClearingDeps;
  /** `first`: it takes a new profile only once the old one is gone; `once`: that was seen once. `useless`: nor then. */
  #state: "unknown" | "once" | "first" | "useless" = "unknown";
  /** It was tried without what holds the outlet. */
  #outletCleared = false;

  constructor(deps: SlotClearingDeps) {
    this.#deps = deps;
  }

  /** The charge point may have room again. */
  reset(): void {
    if (this.#state === "useless") this.#state = "unknown";
    this.#outletCleared = false;
  }

  /** It takes a new profile only once the old one is gone, as far as is known. */
  get isFirst(): boolean {
    return this.#state === "once" || this.#state === "first";
  }

  /** A limit was accepted in the place of another. */
  replaced(): void {
    if (this.isFirst) this.#state = "unknown";
  }

  /** After every variant was refused. @param variant the last one @returns what was cleared; null when nothing is to be gained */
  async make(accepted: AppliedLimit | null, variant: ProfileVariant): Promise<Cleared | null> {
    if (this.isFirst) return this.#clearFirst(accepted);
    if (this.#state === "useless") return null;
    const target = this.#deps.target();
    if (outletLevel(target) === 1 && variant.charging && !this.#outletCleared) {
      if (!this.#deps.admitsSafe()) return null;
      this.#outletCleared = true;
      const { connector, connectors, smart } = target;
      const id = ownProfileId({ connector, connectors, idMax: smart.idMax }, "dynamic");
      if (accepted?.variant.profileId === id) {
        this.#deps.limits.limitCleared(this.#deps.identity, connector);
        this.#deps.losesLimit();
      }
      this.#deps.losesOutlet();
      await this.#deps.clear(id);
      return "outlet";
    }
    if (!this.#deps.mayClear()) return null;
    if (hasOneSlot(target)) {
      await this.#deps.clearAll();
      return "all";
    }
    if (!accepted || accepted.variant.sharesBaseline || accepted.variant.tail !== "within") return null;
    const { connector, connectors, smart } = target;
    this.#deps.limits.baselineCleared(this.#deps.identity, connector);
    await this.#deps.clear(ownProfileId({ connector, connectors, idMax: smart.idMax }, "baseline"));
    return "baseline";
  }

  /** Seen twice, it is done also where the maximum does not fit for the moment between both answers: there would be no limit else. */
  async #clearFirst(accepted: AppliedLimit | null): Promise<Cleared | null> {
    if (!accepted || (this.#state === "once" && !this.#deps.mayClear())) return null;
    this.#deps.limits.cleared(this.#deps.identity, this.#deps.target().connector);
    this.#deps.losesLimit();
    await this.#deps.clear(accepted.variant.profileId);
    return "limit";
  }

  /** What came of it. @param replaced a limit of ours stood there before */
  made(cleared: Cleared, helped: boolean, replaced: boolean): void {
    if (cleared === "outlet") {
      const value = 3 * this.#deps.target().connectors;
      if (helped)
        this.#deps.learn([
          { path: "smart.maxInstalled", value, how: "refused a profile until another one was cleared" },
        ]);
    } else if (!helped) {
      this.#state = "useless";
      this.#deps.lostBaseline();
    } else if (cleared === "limit") {
      this.#state = "first";
    } else if (cleared === "all") {
      if (replaced) this.#state = "once";
    } else {
      const value = 2 * this.#deps.target().connectors;
      this.#deps.learn([{ path: "smart.maxInstalled", value, how: "refused a profile until another one was cleared" }]);
    }
  }
}
