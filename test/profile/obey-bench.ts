/** Our controller and simulated charge points on one fake clock, in one process. */
import { strict as assert } from "node:assert";
import type { ConnectorFacts } from "../../lib/dlm/topology/facts.ts";
import type { LimitResult } from "../../lib/messages.ts";
import type { SetChargingProfileRequest } from "../../lib/ocpp/v16/index.ts";
import { createLimiter, type Limiter } from "../../lib/profile/limiter.ts";
import { worded } from "../../lib/profile/result.ts";
import { SimulatedChargePoint } from "../../lib/simulator/charger/charge-point.ts";
import type { LinkOptions } from "../../lib/simulator/charger/link.ts";
import type { SimulatorOptions } from "../../lib/simulator/charger/options.ts";
import { createDirectory } from "../../lib/station/connection/central-system.ts";
import type { Station } from "../../lib/station/connection/station.ts";
import { Stations } from "../../lib/station/connection/stations.ts";
import type { ChargePointDefinition } from "../../lib/station/types.ts";
import { openStore } from "../../lib/store/sqlite.ts";
import { hintText } from "../../lib/words/sentence.ts";
import { type Exchange, MemoryLine } from "../building/memory-line.ts";
import { FakeClock } from "../fake-clock.ts";
import { definition } from "../station/fake-charge-point.ts";
import { CompositeReading } from "./composite.ts";

/** What the car on the other end could draw if nothing held it back. */
export const HARDWARE_A = 32;
/** What every connector falls back to. */
export const SAFE_A = 6;
const STEP_MS = 250;
/** What a car may take beyond its limit before it counts as not obeying (safety.md S7). */
const TOLERANCE_A = 1;

/** One simulated charge point under our control. */
export class ObeyBench {
  readonly clock = new FakeClock();
  readonly stations: Stations;
  readonly limiter: Limiter;
  readonly chargePoint: SimulatedChargePoint;
  readonly results: LimitResult[] = [];
  /** CALLs it got, oldest first. */
  readonly calls: { action: string; payload: Record<string, unknown>; status: unknown; chargerWallMs: number }[] = [];
  readonly #exchange: Exchange;
  readonly #close: () => void;
  #line: MemoryLine | undefined;
  #commandedA = HARDWARE_A;
  #uncoveredS = 0;
  /** The longest time, s, in which more flowed than was commanded, reserved or known from a reading. */
  longestUncoveredS = 0;

  constructor(car: Partial<SimulatorOptions> = {}, change: Partial<ChargePointDefinition> = {}) {
    const { clock } = this;
    const store = openStore(":memory:", { clock });
    this.stations = new Stations({ store, clock });
    this.limiter = createLimiter({ stations: this.stations, store, clock, setpoint: () => null });
    this.limiter.onResult(({ result }) => this.results.push(worded(result, "en-US")));
    const policy = {
      unknownChargePoints: "reject",
      sharedPassword: null,
      requirePassword: false,
      allowMissingSubprotocol: false,
      heartbeatS: 60,
    } as const;
    this.#exchange = {
      clock,
      directory: createDirectory(this.stations, () => policy),
      dead: false,
      took: (action, payload, status) => {
        const chargerWallMs = clock.wallMs() + this.chargePoint.charger.behaviour.clockOffsetS * 1000;
        this.calls.push({ action, payload, status, chargerWallMs });
      },
    };
    this.stations.configure(definition(change));
    this.chargePoint = new SimulatedChargePoint({
      url: "ws://bench",
      identity: "CP1",
      maxA: HARDWARE_A,
      socPercent: 10,
      batteryWh: 200_000,
      ...car,
      clock,
      line: (options: LinkOptions) => {
        this.#line = new MemoryLine(this.#exchange, options);
        return this.#line;
      },
    });
    this.chargePoint.start();
    this.#close = () => {
      this.limiter.close();
      this.stations.close();
      store.close();
    };
  }

  get station(): Station {
    return this.stations.get("CP1")!;
  }

  get facts(): ConnectorFacts {
    return this.station.facts(this.clock.nowMs())[0]!;
  }

  /** What really flows, A on the worst phase. */
  get drawnA(): number {
    return Math.max(...this.chargePoint.state.siteCurrentA);
  }

  /** What the allocator keeps free for this connector beside its setpoint, A per phase; null = it counts on the setpoint. */
  get reservedA(): number | null {
    const { state, disconnectedA, reservedA } = this.facts;
    return state === "offline" ? disconnectedA : reservedA;
  }

  /** What a person is told. */
  get hint(): string | null {
    const { hint } = this.facts;
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
    const keptA = Math.max(reservedA ?? 0, ...(this.facts.measuredA ?? []).map((currentA) => currentA ?? 0));
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
    this.limiter.request({ chargePoint: "CP1", connector: 1, limitA, zone: null, ageMs: 0 });
    await this.pass(seconds);
  }

  async pass(seconds: number): Promise<void> {
    for (let leftMs = seconds * 1000; leftMs > 0; leftMs -= STEP_MS) {
      this.clock.advance(STEP_MS);
      await settle();
      this.#watch();
    }
  }

  #watch(): void {
    const { state, measuredA } = this.facts;
    const knownA = Math.max(this.#commandedA, ...(measuredA ?? []).map((currentA) => currentA ?? 0));
    const coveredA = state === "offline" ? this.facts.disconnectedA : Math.max(knownA, this.reservedA ?? 0);
    this.#uncoveredS = this.drawnA > coveredA + TOLERANCE_A ? this.#uncoveredS + STEP_MS / 1000 : 0;
    this.longestUncoveredS = Math.max(this.longestUncoveredS, this.#uncoveredS);
  }

  async until(what: string, holds: () => boolean, withinS = 300): Promise<void> {
    for (let step = 0; !holds(); step++) {
      if (step > withinS * 4) throw new Error(`not within ${withinS} s: ${what}`);
      await this.pass(STEP_MS / 1000);
    }
  }

  /** The connection drops for some seconds; both ends live on. */
  async interrupt(seconds: number): Promise<void> {
    this.#exchange.dead = true;
    this.#line?.cut();
    await this.pass(seconds);
    this.#exchange.dead = false;
  }

  /** Nothing of the controller is left, without another message. What it had reserved can still be asked. */
  kill(): void {
    this.#exchange.dead = true;
    this.#line?.cut();
    this.limiter.close();
  }

  async close(): Promise<void> {
    await this.chargePoint.close();
    this.#close();
  }
}

/** Lets what was sent arrive and be answered. */
async function settle(): Promise<void> {
  for (let round = 0; round < 2; round++) await new Promise((resolve) => setImmediate(resolve));
}
