/** One simulated charge point under our control, without load management. */
import { strict as assert } from "node:assert";
import type { LimitResult } from "../../lib/messages.ts";
import type { SetChargingProfileRequest } from "../../lib/ocpp/v16/index.ts";
import { worded } from "../../lib/profile/result.ts";
import type { SimulatedChargePoint } from "../../lib/simulator/charger/charge-point.ts";
import type { SimulatorOptions } from "../../lib/simulator/charger/options.ts";
import type { Station } from "../../lib/station/connection/station.ts";
import type { ChargePointDefinition } from "../../lib/station/types.ts";
import { hintText } from "../../lib/words/sentence.ts";
import { OcppBuilding, STEP_S, type Taken } from "../building/ocpp-building.ts";
import { CompositeReading } from "./composite.ts";

/** What the car on the other end could draw if nothing held it back. */
export const HARDWARE_A = 32;
/** What every connector falls back to. */
export const SAFE_A = 6;
/** What a car may take beyond its limit before it counts as not obeying (safety.md S7). */
const TOLERANCE_A = 1;

/** One simulated charge point whose limits are commanded by hand. */
export class ObeyBench extends OcppBuilding {
  readonly results: LimitResult[] = [];
  /** CALLs it got, oldest first. */
  readonly calls: (Taken & { chargerWallMs: number })[] = [];
  #commandedA = HARDWARE_A;
  #uncoveredS = 0;
  /** The longest time, s, in which more flowed than was commanded, reserved or known from a reading. */
  longestUncoveredS = 0;

  constructor(car: Partial<SimulatorOptions> = {}, point: Partial<ChargePointDefinition> = {}) {
    super([{ car: { batteryWh: 200_000, ...car }, point }], 63, false);
    this.control.limiter.onResult(({ result }) => this.results.push(worded(result, "en-US")));
  }

  get chargePoint(): SimulatedChargePoint {
    return this.places[0]!.car;
  }

  get station(): Station {
    return this.control.stations.get("CP1")!;
  }

  /** What really flows, A on the worst phase. */
  get drawnA(): number {
    return Math.max(...this.chargePoint.state.siteCurrentA);
  }

  /** What the allocator keeps free for this connector beside its setpoint, A per phase; null = it counts on the setpoint. */
  get reservedA(): number | null {
    const { state, disconnectedA, reservedA } = this.facts()[0]!;
    return state === "offline" ? disconnectedA : reservedA;
  }

  /** What a person is told. */
  get hint(): string | null {
    const { hint } = this.facts()[0]!;
    return hint ? hintText("en-US", hint) : (this.results.findLast(({ hint: one }) => one !== null)?.hint ?? null);
  }

  /** Until the limit last accepted ends by itself, s; 0 where it does not or has. */
  get leaseLeftS(): number {
    const until = this.results.findLast(({ leaseUntil }) => leaseUntil !== null)?.leaseUntil;
    return until ? Math.max(0, (Date.parse(until) - this.clock.wallMs()) / 1000) : 0;
  }

  /**
   * The car draws what was commanded, or what it draws is kept free for it and a person is told what to do.
   * @param leastA the least that counts as what was commanded
   */
  judge(when: string, limitA: number, leastA = limitA * 0.9): "obeys" | "reserved" {
    const { drawnA, reservedA, hint } = this;
    if (drawnA <= limitA + Math.max(TOLERANCE_A, limitA * 0.1) && drawnA >= leastA) return "obeys";
    const keptA = Math.max(reservedA ?? 0, ...(this.facts()[0]!.measuredA ?? []).map((currentA) => currentA ?? 0));
    const told = hint !== null && hint.length > 20;
    assert.ok(keptA >= drawnA - TOLERANCE_A && told, `${when}: draws ${drawnA} A, kept ${keptA} A, told "${hint}"`);
    return "reserved";
  }

  /** The lease has ended and nobody is there: safe, as an independent reading of its profiles has it, or reserved in full. */
  judgeAlone(mustBeSafe: boolean, safeA = SAFE_A): void {
    const { drawnA, reservedA, readA } = this;
    const found = `alone: draws ${drawnA} A, reserved ${reservedA} A, its profiles say ${readA} A`;
    if (!mustBeSafe) assert.ok(reservedA !== null && reservedA >= HARDWARE_A, found);
    else assert.ok(drawnA <= safeA * 1.1 && readA === safeA && reservedA !== null && reservedA >= safeA, found);
  }

  get profiles(): SetChargingProfileRequest[] {
    return this.calls
      .filter(({ action }) => action === "SetChargingProfile")
      .map(({ payload }) => payload as unknown as SetChargingProfileRequest);
  }

  /** What the profiles it was sent and took allow its connector at this moment, read independently of both sides. */
  get readA(): number {
    const { behaviour, session } = this.chargePoint.charger;
    const reading = new CompositeReading({
      phases: 3,
      maxA: HARDWARE_A,
      relativeFrom: behaviour.relativeFrom === "receipt" ? "receipt" : "txStart",
      defaultsGovernRunning: !behaviour.defaultsFromNextTransaction,
    });
    for (const { request, chargerWallMs } of this.#held()) reading.take(request, chargerWallMs);
    const { transaction } = session;
    const running = transaction && { id: transaction.id ?? 0, fromMs: transaction.startWallMs };
    return reading.currentA(1, this.clock.wallMs() + behaviour.clockOffsetS * 1000, running);
  }

  /** The profiles taken and not cleared by their id, in the order they came. */
  #held(): { request: SetChargingProfileRequest; chargerWallMs: number }[] {
    let held: { request: SetChargingProfileRequest; chargerWallMs: number }[] = [];
    for (const { action, payload, status, chargerWallMs } of this.calls) {
      if (status !== "Accepted") continue;
      const { id } = payload as { id?: number };
      if (action === "SetChargingProfile")
        held.push({ request: payload as unknown as SetChargingProfileRequest, chargerWallMs });
      if (action === "ClearChargingProfile")
        held = held.filter(({ request }) => request.csChargingProfiles.chargingProfileId !== id);
    }
    return held;
  }

  /** Commands a limit by hand and lets it work. */
  async command(limitA: number, seconds: number): Promise<void> {
    this.#commandedA = limitA;
    this.control.limiter.request({ chargePoint: "CP1", connector: 1, limitA, zone: null, ageMs: 0 });
    await this.pass(seconds);
  }

  protected override took(taken: Taken): void {
    const { clockOffsetS } = this.chargePoint.charger.behaviour;
    this.calls.push({ ...taken, chargerWallMs: this.clock.wallMs() + clockOffsetS * 1000 });
  }

  protected override speak(): void {}

  protected override stepped(): void {
    const { state, measuredA } = this.facts()[0]!;
    const knownA = Math.max(this.#commandedA, ...(measuredA ?? []).map((currentA) => currentA ?? 0));
    const coveredA = state === "offline" ? this.facts()[0]!.disconnectedA : Math.max(knownA, this.reservedA ?? 0);
    this.#uncoveredS = this.drawnA > coveredA + TOLERANCE_A ? this.#uncoveredS + STEP_S : 0;
    this.longestUncoveredS = Math.max(this.longestUncoveredS, this.#uncoveredS);
  }

  /** Nothing of the controller is left, without another message. What it had reserved can still be asked. */
  kill(): void {
    this.interrupt(0, true);
    this.control.limiter.close();
  }

  /** The connection drops for some seconds; both ends live on. */
  async away(seconds: number): Promise<void> {
    this.interrupt(0, true);
    await this.pass(seconds);
    this.interrupt(0, false);
  }
}
