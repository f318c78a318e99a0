/**
 * Every limit as a row: the sum over connectors of coefficient × current may not exceed the row's capacity. The rows are
 * numbered in this order:
 *
 * 1. the phases of the zones: zone × 3 + phase;
 * 2. the powers of zones, of their own and from outside;
 * 3. in zones above connectors that do not fall back by themselves, three rows for the phases, and one for the power where
 *    that is limited: what the others may have beside what those take when they are left alone (S12);
 * 4. in zones with an imbalance limit, three rows: the unbalanced current of each phase;
 * 5. the surplus (the PV row).
 *
 * The coefficient is 1; in rows of a power or of the surplus it is the number of loaded phases, and their capacity is A times
 * phases.
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

/** Whether a row limits by how much one phase may exceed the others. */
export function isImbalanceRow({ firstImbalanceRow, pvRow }: RowLayout, row: number): boolean {
  return row >= firstImbalanceRow && row < pvRow;
}
