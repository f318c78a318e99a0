import type { Triple } from "../../units.ts";
import type { ConnectorStatus } from "./status.ts";

/** What a simulated charge point shows to the outside. Currents are A, `currentA` per terminal, `siteCurrentA` per site phase. */
export interface SimulatedState {
  status: ConnectorStatus;
  currentA: Triple;
  siteCurrentA: Triple;
  powerW: number;
  /** The limit it has accepted, A per phase. */
  limitA: number;
  socPercent: number | null;
  /** Since the car was plugged in. */
  energyWh: number;
  transactionId: number | null;
  /** Connected and accepted by the central system. */
  online: boolean;
}

const REPORT_MS = 1000;

/** Passes states on: at once when something discrete has changed, at most once a second when only quantities have. */
export class StateReporter {
  readonly #tell: ((state: SimulatedState) => void) | undefined;
  #reported = { discrete: "", all: "", atMs: Number.NEGATIVE_INFINITY };

  constructor(tell: ((state: SimulatedState) => void) | undefined) {
    this.#tell = tell;
  }

  /** @param behaviour its change counts as discrete, too */
  report(nowMs: number, state: SimulatedState, behaviour: string): void {
    if (!this.#tell) return;
    const { status, limitA, transactionId, online } = state;
    const discrete = JSON.stringify([status, limitA, transactionId, online, behaviour]);
    const all = JSON.stringify(state);
    const changed = all !== this.#reported.all && nowMs - this.#reported.atMs >= REPORT_MS;
    if (discrete === this.#reported.discrete && !changed) return;
    this.#reported = { discrete, all, atMs: nowMs };
    this.#tell(state);
  }
}
