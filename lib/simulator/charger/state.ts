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
