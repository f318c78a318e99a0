/** A model on a device. */
export interface SunSpecBlock {
  id: number;
  /** Address of the id register. */
  address: number;
  /** Registers after the length register. */
  length: number;
  /** Which device behind the address: the number of common blocks (model 1) before this one, less one. */
  subdevice: number;
}

/** Reads `count` words at an address. */
export type Words = (address: number, count: number) => Promise<number[]>;
