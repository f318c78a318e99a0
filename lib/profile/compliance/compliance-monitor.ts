import type { StationHandle } from "../../station/types.ts";
import type { Hint } from "../../words/types.ts";
import { type ProfileSender, runningTransaction } from "../profile-sender.ts";
import type { AppliedLimit, AttemptOutcome } from "../result.ts";
import { type ProfileTarget, safeCurrentA } from "../target.ts";
import { keyOf, unitOf } from "../variants/variant.ts";
import type { Remedy } from "./compliance.ts";
import { EmergencyStop, type StopOrder } from "./emergency-stop.ts";
import { Verifier, type VerifierDeps } from "./verifier.ts";

/** A charger that forgets its limit when it resumes is told once more so long after it began to charge. */
const AFTER_RESUME_MS = 2_000;

export interface ComplianceMonitorDeps extends VerifierDeps {
  sender: ProfileSender;
  target: () => ProfileTarget;
  leaseS: () => number;
  /** What to look at when this charge point does not obey. */
  hint: () => Hint;
  /** Set while the load management wants the connector stopped. */
  stop: () => StopOrder | null;
  /** Our profiles were cleared: everything is to be written anew. */
  cleared: () => void;
}

/** Sees to it that the limit one connector has accepted is obeyed (safety.md S7), and says what it found. */
export class ComplianceMonitor {
  readonly #station: StationHandle;
  readonly #connector: number;
  readonly #deps: ComplianceMonitorDeps;
  readonly #verifier: Verifier;
  readonly #lastResort: EmergencyStop;
  #again = false;
  /** The limit was raised from 0 and is to be written once more when the car charges. */
  #resuming = false;
  #clearing = false;
  /** It was reported not to obey. */
  #distrusted = false;

  constructor(station: StationHandle, connector: number, deps: ComplianceMonitorDeps) {
    this.#station = station;
    this.#connector = connector;
    this.#deps = deps;
    this.#verifier = new Verifier(station, connector, deps);
    this.#lastResort = new EmergencyStop(station, connector, deps);
  }

  /** The limit in force is to be written once more: it was not obeyed, or may be forgotten. */
  get again(): boolean {
    return this.#again;
  }

  /** Our profiles are being cleared: nothing is to be written now. */
  get clearing(): boolean {
    return this.#clearing;
  }

  /** The connection is gone or the charge point started anew. */
  reset(): void {
    this.#verifier.reset();
    this.#again = false;
    this.#resuming = false;
    this.#distrusted = false;
  }

  /** A limit came into force. @param before the one before, on this connection */
  followed(before: AppliedLimit | null): void {
    const { limitA, variant } = this.#deps.sender.accepted!;
    const newVariant = !before || keyOf(before.variant) !== keyOf(variant);
    this.#verifier.accepted(limitA, newVariant || this.#again);
    this.#again = false;
    if (before && before.limitA !== limitA) {
      this.#resuming = before.limitA === 0 && this.#station.traits.smart.resendAfterZero;
    }
  }

  /** Looks after the limit in force. @returns what is to be reported of it; null when nothing is new */
  pump(): AttemptOutcome | null {
    const live = this.#station.connectors.get(this.#connector);
    this.#lastResort.pump(this.#deps.stop(), runningTransaction(live));
    const { accepted, busy } = this.#deps.sender;
    if (!accepted || this.#station.state !== "ready") return null;
    if (this.#resuming && live?.status === "Charging") this.#resume(accepted);
    const { verified, remedy, proven, follows } = this.#look(accepted);
    if (proven) this.#deps.sender.variantProven();
    if (follows) this.#believe();
    if (remedy && !busy) this.#remedy(remedy);
    return this.#news(accepted, remedy === null ? verified : "no");
  }

  /** Some accept limits and ignore them: one of such a model is believed once its car came down to one. */
  #believe(): void {
    if (this.#station.traits.smart.supported !== "probe") return;
    this.#station.learn("smart.supported", "yes", "its car came down to a limit");
  }

  #look(accepted: AppliedLimit): ReturnType<Verifier["look"]> {
    const target = this.#deps.target();
    return this.#verifier.look({
      accepted,
      leaseS: this.#deps.leaseS(),
      rateUnit: unitOf(target),
      phases: target.toldPhases ?? target.phases,
      minA: Math.max(target.minA, target.smart.minA),
      safeA: safeCurrentA(target),
      hint: this.#deps.hint(),
    });
  }

  #news(accepted: AppliedLimit, found: AppliedLimit["verified"] | null): AttemptOutcome | null {
    const distrusted = this.#deps.limits.trouble(this.#station.identity, this.#connector) === "nonCompliant";
    const verified = distrusted ? "no" : (found ?? accepted.verified);
    if (verified === accepted.verified && distrusted === this.#distrusted) return null;
    this.#distrusted = distrusted;
    accepted.verified = verified;
    const { limitA: sentA, variant, tries } = accepted;
    const hint = distrusted || this.#verifier.suspects ? this.#deps.hint() : accepted.hint;
    return { status: distrusted ? "uncontrollable" : "accepted", sentA, variant, tries, hint };
  }

  #resume({ atMs }: AppliedLimit): void {
    if (this.#deps.clock.nowMs() < atMs + AFTER_RESUME_MS) return;
    this.#resuming = false;
    this.#again = true;
  }

  #remedy(remedy: Remedy): void {
    this.#again = true;
    if (remedy === "otherWay") this.#deps.sender.leaveVariant();
    if (remedy === "reinstall" && this.#deps.sender.mayClear()) void this.#reinstall();
  }

  async #reinstall(): Promise<void> {
    this.#clearing = true;
    await this.#deps.sender.clearOwn();
    this.#clearing = false;
    this.#deps.cleared();
  }
}
