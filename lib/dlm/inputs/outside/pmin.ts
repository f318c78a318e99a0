/** Power that a controllable device keeps in any case, W (decision BK6-22-300 of the Bundesnetzagentur, annex 1). */
const DEVICE_W = 4200;

/**
 * Share of 4.2 kW that each device beyond the first keeps behind an energy management system, for 1, 2, 3 … devices; the
 * last value holds for more (BK6-22-300, annex 1, 4.5.2).
 */
export const SIMULTANEITY: readonly number[] = [1, 0.8, 0.75, 0.7, 0.65, 0.6, 0.55, 0.5, 0.45];

/** The factor for a number of devices. */
export function simultaneity(devices: number, table: readonly number[] = SIMULTANEITY): number {
  return table[Math.min(devices, table.length) - 1] ?? 1;
}

export interface PminOptions {
  /** Controllable devices that share the limit: chargers, heat pumps, air conditioners, batteries; 1 or more. */
  devices: number;
  /** True: one limit for all of them, shared by an energy management system. False: each is controlled by itself. */
  ems: boolean;
  /** Instead of the table of the decision. */
  factor?: number;
}

/**
 * Smallest power in W that a grid operator may lower controllable devices to by §14a EnWG: 4.2 kW each, or behind an
 * energy management system 4.2 kW + (n − 1) × factor × 4.2 kW. Heat pumps and air conditioners above 11 kW keep 40 %
 * of their own power instead, which is not counted here.
 * @throws RangeError when there is less than one device, or the factor is not from 0 to 1
 */
export function pminW({ devices, ems, factor = simultaneity(devices) }: PminOptions): number {
  if (!Number.isInteger(devices) || devices < 1)
    throw new RangeError(`devices is ${devices}; it must be 1, 2, 3 and so on`);
  if (!(factor >= 0 && factor <= 1)) throw new RangeError(`factor is ${factor}; it must be a number from 0 to 1`);
  const shareW = ems ? (devices - 1) * factor * DEVICE_W : (devices - 1) * DEVICE_W;
  return Math.round(DEVICE_W + shareW);
}
