import type { Clock } from "../clock.ts";
import { BackOff } from "./back-off.ts";
import { Percentiles } from "./percentiles.ts";

const MIN_TIMEOUT_MS = 150;
const P99_FACTOR = 4;
const SAMPLES = 64;
/** Failures in a row after which a unit is only probed. */
const FAILURES_TO_REST = 3;
const REST = { tolerated: FAILURES_TO_REST - 1, firstMs: 2000 };
/** A silent unit costs the others one time-out per probe; alone on its line it may be asked more often. */
const REST_SHARED_MS = 60_000;
const REST_ALONE_MS = 10_000;
/** Every fourth probe waits for the full time-out, so that a unit that has become slow is found again. */
const PATIENT_PROBE = 4;

/** What a bus knows of one device on its line. */
export class Unit {
  readonly unitId: number;
  readonly #backOff: BackOff;
  readonly #latencies = new Percentiles(SAMPLES);
  readonly #turnarounds = new Percentiles(SAMPLES);
  /** From when on it may be asked, by the silence it needs. */
  readyAtMs = Number.NEGATIVE_INFINITY;
  lastAskedMs: number;

  constructor(unitId: number, clock: Clock, random: () => number) {
    this.unitId = unitId;
    this.#backOff = new BackOff(clock, random);
    this.lastAskedMs = clock.nowMs();
  }

  get failures(): number {
    return this.#backOff.failures;
  }

  get isHealthy(): boolean {
    return this.#backOff.failures === 0;
  }

  /** Whether it answered the last time it was asked. */
  get isAnswering(): boolean {
    return this.isHealthy && this.latencyP50Ms !== null;
  }

  /** Whether asking it only finds out if it is back. */
  get isLost(): boolean {
    return this.#backOff.failures >= FAILURES_TO_REST;
  }

  /** Milliseconds until it is asked again; 0 = any time. */
  get restMs(): number {
    return this.#backOff.restMs;
  }

  get latencyP50Ms(): number | null {
    return this.#latencies.at(0.5);
  }

  get latencyP99Ms(): number | null {
    return this.#latencies.at(0.99);
  }

  get turnaroundMs(): number | null {
    return this.#turnarounds.at(0.5);
  }

  answered(): void {
    this.#backOff.succeeded();
  }

  /** @param turnaroundMs the part of the latency that the device took, not the line */
  tookMs(latencyMs: number, turnaroundMs: number): void {
    this.#latencies.add(latencyMs);
    this.#turnarounds.add(turnaroundMs);
  }

  /** It refused, but it is there. */
  refused(): void {
    this.#backOff.succeeded();
  }

  failed(isAlone: boolean): void {
    this.#backOff.failed({ ...REST, maxMs: isAlone ? REST_ALONE_MS : REST_SHARED_MS });
  }

  /**
   * How long to wait for an answer: a few times what the unit has needed so far, or its line while the unit is not known. After a first
   * failure twice that, after a second `capMs`, in case the unit has become slow. A lost unit gets `capMs` now and then. `capMs` also
   * while nothing is known.
   */
  timeoutMs(capMs: number, lineP99Ms: number | null): number {
    const ownP99Ms = this.latencyP99Ms;
    const p99Ms = ownP99Ms ?? lineP99Ms;
    if (p99Ms === null || this.#isPatient(ownP99Ms !== null)) return capMs;
    const usualMs = Math.max(MIN_TIMEOUT_MS, P99_FACTOR * p99Ms);
    return Math.min(capMs, this.failures === 1 ? 2 * usualMs : usualMs);
  }

  #isPatient(wasThere: boolean): boolean {
    const probes = this.failures - FAILURES_TO_REST;
    return probes < 0 ? wasThere && this.failures > 1 : probes % PATIENT_PROBE === PATIENT_PROBE - 1;
  }
}
