import type { TransactionRecord } from "../../store/types.ts";
import { carConnected, connectorState, mayDraw } from "../capabilities/state-mapping.ts";
import type { ConnectorView } from "../types.ts";
import { Answers, type SampleOrigin } from "./answers.ts";
import type { MeterReading } from "./meter-values.ts";

type Transaction = NonNullable<ConnectorView["transaction"]>;

/** One connector as its charge point last reported it. */
export class ConnectorLive implements ConnectorView {
  readonly number: number;
  /** Wired phases. */
  phases: 1 | 2 | 3 = 3;
  status: string | null = null;
  errorCode: string | null = null;
  /** It reported a fault with which its outlet may carry current whatever is commanded. */
  mayBeLive = false;
  /** Monotonic time since when its state is known and no fault leaves it in doubt; null before, and after a boot. */
  knownSinceMs: number | null = null;
  transaction: Transaction | null = null;
  /** The badge of its transaction was refused: it is not to charge. */
  refused = false;
  measuredA: (number | null)[] | null = null;
  measuredAtMs: number | null = null;
  offeredA: number | null = null;
  offeredAtMs: number | null = null;
  energyWh: number | null = null;
  /** Monotonic time since when a car is connected. */
  pluggedAtMs: number | null = null;
  /** What it says when it is asked. */
  readonly answers = new Answers();
  #statusOfThisBoot = false;
  #energyAtPlugWh: number | null = null;
  #chargingSinceMs: number | null = null;
  #chargedMs = 0;

  constructor(number: number) {
    this.number = number;
  }

  /** Takes a reported status. Returns "plug" or "unplug" when a car came or went. */
  report(status: string, errorCode: string | null, nowMs: number, mayBeLive = false): "plug" | "unplug" | null {
    this.status = status;
    this.errorCode = errorCode;
    this.mayBeLive = mayBeLive;
    this.#statusOfThisBoot = true;
    const doubtful = connectorState({ status, mayBeLive, hasTransaction: false, authorized: false }) === "offline";
    this.knownSinceMs = doubtful ? null : (this.knownSinceMs ?? nowMs);
    this.#countCharging(status === "Charging", nowMs);
    if (!mayDraw(status)) this.forgetMeasurement();
    const connected = carConnected(status);
    if (connected === null || connected === (this.pluggedAtMs !== null)) return null;
    if (connected) this.#plug(nowMs);
    else this.pluggedAtMs = null;
    return connected ? "plug" : "unplug";
  }

  /** The charge point started anew: its state counts again once it is reported. */
  forgetState(): void {
    this.#statusOfThisBoot = false;
    this.knownSinceMs = null;
    this.forgetMeasurement();
  }

  /** The status was reported since the charge point's last boot. */
  get reported(): boolean {
    return this.#statusOfThisBoot;
  }

  /** A transaction runs here from now on. Restored ones bring the time they have been running. */
  begin(transaction: TransactionRecord | Transaction, pluggedAtMs: number): void {
    const { transactionId, idTag, startedWallMs, meterStartWh } = transaction;
    this.transaction = { transactionId, idTag, startedWallMs, meterStartWh };
    this.refused = "idTagStatus" in transaction && transaction.idTagStatus !== "Accepted";
    if (this.pluggedAtMs === null) this.#plug(pluggedAtMs);
  }

  /** The transaction ended; current stops with it. */
  end(): void {
    this.transaction = null;
    this.refused = false;
    this.forgetMeasurement();
  }

  /** Takes a reading; a current that is not to be believed changes nothing. */
  measure(reading: MeterReading, nowMs: number, origin: SampleOrigin = "own"): void {
    const drawA = Math.max(0, ...(reading.currentA ?? []).map((valueA) => valueA ?? 0));
    if (reading.currentA && this.answers.believes(drawA, origin, nowMs)) {
      this.measuredA = reading.currentA;
      this.measuredAtMs = nowMs;
    }
    if (reading.offeredA !== null) {
      this.offeredA = reading.offeredA;
      this.offeredAtMs = nowMs;
    }
    if (reading.energyWh !== null) {
      this.energyWh = reading.energyWh;
      this.#energyAtPlugWh ??= reading.energyWh;
    }
  }

  /** A reading from while current flowed says nothing once it cannot flow any more. */
  forgetMeasurement(): void {
    this.answers.forget();
    this.measuredA = null;
    this.measuredAtMs = null;
    this.offeredA = null;
    this.offeredAtMs = null;
  }

  /** Seconds in status Charging since the car was plugged in. */
  chargingS(nowMs: number): number {
    const runningMs = this.#chargingSinceMs === null ? 0 : nowMs - this.#chargingSinceMs;
    return Math.floor((this.#chargedMs + runningMs) / 1000);
  }

  /** Energy of the present session. A register below its own start counts from the session's start by itself. */
  get sessionWh(): number {
    const startWh = this.transaction?.meterStartWh ?? this.#energyAtPlugWh;
    if (this.energyWh === null || this.pluggedAtMs === null || startWh === null) return 0;
    return this.energyWh >= startWh ? this.energyWh - startWh : this.energyWh;
  }

  #plug(nowMs: number): void {
    this.pluggedAtMs = nowMs;
    this.#energyAtPlugWh = this.energyWh;
    this.#chargedMs = 0;
    if (this.#chargingSinceMs !== null) this.#chargingSinceMs = nowMs;
  }

  #countCharging(charging: boolean, nowMs: number): void {
    if (charging) this.#chargingSinceMs ??= nowMs;
    else if (this.#chargingSinceMs !== null) {
      this.#chargedMs += nowMs - this.#chargingSinceMs;
      this.#chargingSinceMs = null;
    }
  }
}
