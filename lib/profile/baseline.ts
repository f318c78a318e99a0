import type { Clock } from "../clock.ts";
import { CALL_PRIORITY } from "../ocpp/port.ts";
import type { LimitBook } from "../station/limit-book.ts";
import type { ChargePointDefinition, StationHandle } from "../station/types.ts";
import { baselineRung, compileBaseline, type ProfileTarget } from "./compile.ts";
import { sendProfile } from "./send.ts";
import type { LeaseOptions } from "./types.ts";

/** Wait after a call that was not answered. */
const RETRY_MS = 5_000;

/** The permanent profile at the safe current below every lease: installed on each connect, boot and change. */
export class Baseline {
  readonly #station: StationHandle;
  readonly #wiring: ChargePointDefinition["connectors"][number];
  readonly #deps: { clock: Clock; limits: LimitBook; options: () => LeaseOptions };
  readonly #target: () => ProfileTarget;
  /** Monotonic time of the next attempt; Infinity once it is installed. */
  #dueAtMs = 0;
  #round = 0;
  #busy = false;

  constructor(
    station: StationHandle,
    wiring: ChargePointDefinition["connectors"][number],
    deps: { clock: Clock; limits: LimitBook; options: () => LeaseOptions },
    target: () => ProfileTarget,
  ) {
    this.#station = station;
    this.#wiring = wiring;
    this.#deps = deps;
    this.#target = target;
  }

  /** It is on its way; the first limit waits for it. */
  get busy(): boolean {
    return this.#busy;
  }

  /** The charge point may have lost it. */
  arm(): void {
    this.#round++;
    this.#busy = false;
    this.#dueAtMs = 0;
  }

  /** @param covered a limit is wanted: where both share one slot its tail is the baseline, and this one would undo it */
  due(nowMs: number, covered: boolean): boolean {
    if (this.#busy || nowMs < this.#dueAtMs) return false;
    return !(covered && this.#target().maxStackLevel === 0);
  }

  /** Installs it; returns why the charge point takes no profiles at all, else null. Never rejects. */
  async install(): Promise<string | null> {
    const round = ++this.#round;
    this.#busy = true;
    const { clock, limits, options } = this.#deps;
    const target = this.#target();
    const { identity } = this.#station;
    const request = compileBaseline(target, clock.wallMs() - this.#station.clockSkewMs);
    const sent = await sendProfile(
      (action, payload, callOptions) => this.#station.call(action, payload, callOptions),
      [baselineRung(target.connector)],
      () => request,
      { priority: CALL_PRIORITY.lease, coalesceKey: `baseline/${target.connector}` },
      () => true,
    );
    if (round !== this.#round) return null;
    this.#busy = false;
    const failedMs = sent.status === "rejected" ? options().refreshS * 1000 : RETRY_MS;
    this.#dueAtMs = sent.status === "accepted" ? Number.POSITIVE_INFINITY : clock.nowMs() + failedMs;
    if (sent.status === "accepted") limits.baselineAccepted(identity, this.#wiring.number, target.safeA);
    if (sent.status !== "uncontrollable") return null;
    limits.refused(identity, this.#wiring.number, "unsupported");
    return sent.hint;
  }
}
