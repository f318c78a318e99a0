/**
 * Every limit as a row: the sum over connectors of coefficient × current may not exceed `capacityA`.
 * Rows 0 … 3 × zones − 1 are the phases of the zones (zone × 3 + phase); then come power limits; then three rows per zone with
 * connectors that do not fall back by themselves: what the others may have beside those at what they take when they are left alone
 * (S12), and one more for each of these zones whose power is limited; then three rows per zone with an imbalance limit, which hold the unbalanced current of each phase; last the PV row. The coefficient is 1,
 * and the number of loaded phases in power and PV rows, whose capacity is A times phases.
 */
export interface RowLayout {
  readonly count: number;
  /** Per zone: its power rows (maxPowerW, gridLimit.powerW) and the first of its imbalance rows, or -1. */
  readonly maxPowerRow: Int32Array;
  readonly gridPowerRow: Int32Array;
  readonly imbalanceRow: Int32Array;
  /** Per zone: the first of its rows beside connectors that do not fall back, or -1. */
  readonly aloneRow: Int32Array;
  /** Per zone: its row beside those for the least of its power limits, or -1. */
  readonly alonePowerRow: Int32Array;
  /** Per zone: 1 where it has more rows than its three phases. */
  readonly hasMore: Uint8Array;
  readonly firstImbalanceRow: number;
  readonly pvRow: number;
  /** 1 for a row that limits a power: each loaded phase of a connector counts in it. */
  readonly isPower: Uint8Array;
  /** Zone of each row but the PV row. */
  readonly zone: Int32Array;
}

/** Whether a row limits how far one phase may be above the others. */
export function isImbalanceRow({ firstImbalanceRow, pvRow }: RowLayout, row: number): boolean {
  return row >= firstImbalanceRow && row < pvRow;
}
