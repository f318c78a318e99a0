import type { Clock } from "../clock.ts";
import { CALL_PRIORITY } from "../ocpp/port.ts";
import type { LimitBook } from "../station/limits/limit-book.ts";
import type { WriteCount } from "../station/limits/write-count.ts";
import type { ChargePointDefinition, StationHandle } from "../station/types.ts";
import type { Hint } from "../words/types.ts";
import { compileBaseline } from "./compile.ts";
import { baselineHolds } from "./lease.ts";
import { RETRY_MS, sendProfile } from "./send.ts";
import { type ProfileTarget, safeCurrentA } from "./target.ts";
import type { LeaseOptions } from "./types.ts";
import { type LearnedCapability, lessonsOf } from "./variants/learned.ts";
import { baselineVariants } from "./variants/variant-order.ts";

export interface BaselineDeps {
  clock: Clock;
  limits: LimitBook;
  options: () => LeaseOptions;
  writes: WriteCount;
  /** What to look at when the charge point refuses. */
  hint: () => Hint;
  /** Notes what the charge point showed about itself. */
  learn: (facts: readonly LearnedCapability[]) => void;
}

/** The permanent profile at the safe current below every lease: installed on each connect, boot and change. */
export class Baseline {
  readonly #station: StationHandle;
  readonly #wiring: ChargePointDefinition["connectors"][number];
  readonly #deps: BaselineDeps;
  readonly #target: () => ProfileTarget;
  /** Monotonic time of the next attempt; Infinity once it is installed. */
  #dueAtMs = 0;
  #round = 0;
  #busy = false;

  constructor(
    station: StationHandle,
    wiring: ChargePointDefinition["connectors"][number],
    deps: BaselineDeps,
    target: () => ProfileTarget,
  ) {
    this.#station = station;
    this.#wiring = wiring;
    this.#deps = deps;
    this.#target = target;
  }

  /** The baseline is on its way; the first limit waits for it. */
  get busy(): boolean {
    return this.#busy;
  }

  /** The charge point may have lost the baseline. */
  arm(): void {
    this.#round++;
    this.#busy = false;
    this.#dueAtMs = 0;
  }

  /** The profile that was written in the baseline's place ends in the same current. */
  covered(): void {
    this.#dueAtMs = Number.POSITIVE_INFINITY;
  }

  /** @param covered a limit is wanted that takes the baseline's own place: its tail is the baseline, and this one would undo it */
  due(nowMs: number, covered: boolean): boolean {
    return !this.#busy && nowMs >= this.#dueAtMs && !covered;
  }

  /**
   * Installs the baseline; returns why the charge point takes no profiles at all, else null. Never rejects.
   * @param isBesideHold what holds the outlet stands beside the baseline, and goes on holding it
   */
  async install(isBesideHold: boolean): Promise<Hint | null> {
    const round = ++this.#round;
    this.#busy = true;
    const { clock, limits, options, writes } = this.#deps;
    const target = this.#target();
    const { identity } = this.#station;
    limits.baselineSending(identity, this.#wiring.number, isBesideHold ? null : safeCurrentA(target));
    const sent = await sendProfile(
      (profile, callOptions) => {
        writes.note();
        return this.#station.order("setProfile", profile, callOptions);
      },
      baselineVariants(target),
      (variant) => [compileBaseline(target, variant)],
      {
        options: { priority: CALL_PRIORITY.lease, coalesceKey: `baseline/${target.connector}` },
        target,
        hint: this.#deps.hint(),
        stillWanted: () => round === this.#round,
      },
    );
    if (round !== this.#round) return null;
    this.#busy = false;
    const failedMs = sent.status === "rejected" ? options().refreshS * 1000 : RETRY_MS;
    this.#dueAtMs = sent.status === "accepted" ? Number.POSITIVE_INFINITY : clock.nowMs() + failedMs;
    if (sent.status === "accepted") {
      this.#deps.learn(lessonsOf(target, sent.refused, sent.variant, "refused"));
      limits.baselineAccepted(identity, this.#wiring.number, safeCurrentA(target), baselineHolds(target));
    }
    if (sent.status !== "uncontrollable") return null;
    limits.refused(identity, this.#wiring.number, "unsupported", sent.hint);
    return sent.hint;
  }
}
