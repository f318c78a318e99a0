/** Where a digital input of a meter stands. */
export interface DigitalInput {
  /** Coils, discrete inputs, holding or input registers. */
  functionCode: 1 | 2 | 3 | 4;
  /** Counted from 0. */
  address: number;
  /** How many registers belong to it; they are read together. */
  registers: 1 | 2;
  /** The bit that holds the input, counted from the lowest of all its registers; null = anything but 0 is closed. */
  bit: number | null;
}

export interface DigitalInputs {
  /** Input 1, input 2 and so on. */
  inputs: readonly DigitalInput[];
  source: string;
}

const discrete = (address: number): DigitalInput => ({ functionCode: 2, address, registers: 1, bit: null });
const holding = (address: number): DigitalInput => ({ functionCode: 3, address, registers: 1, bit: null });

/** The digital inputs of meters as their makers' papers describe them, by the id of the profile. */
export const DIGITAL_INPUTS: Readonly<Record<string, DigitalInputs>> = {
  "siemens-pac2200": {
    inputs: [discrete(200)],
    source: "Siemens, SENTRON PAC2200 Equipment Manual 12/2019, A.1.7 (function 2, offset 200)",
  },
  "siemens-pac3200": {
    inputs: [discrete(200)],
    source: "Siemens, SENTRON PAC3200 Manual 02/2008, table 3-10 (function 2, offset 200)",
  },
  "siemens-pac4200": {
    inputs: [0, 1].map((bit) => ({ functionCode: 3, address: 209, registers: 2, bit })),
    source: "Siemens, SENTRON PAC4200 System Manual 09/2009, A.3 (offset 209, byte 3, bits 0 and 1)",
  },
  "schneider-iem3x55": {
    // The manual numbers registers from 1, and names one bit of two registers as the only one used.
    inputs: [{ functionCode: 3, address: 8904, registers: 2, bit: null }],
    source: "Schneider, iEM3100/iEM3200/iEM3300 User Manual DOCA0005EN-04, Digital Input (8905)",
  },
  "janitza-umg96rm": {
    inputs: [10132, 10133, 10134, 10135].map(holding),
    source: "Janitza, UMG 96RM Modbus address list (10132 to 10135)",
  },
};

/** Whether an input is closed, by the words that were read for it. */
export function isClosed({ bit }: Pick<DigitalInput, "bit">, words: readonly number[]): boolean {
  if (bit === null) return words.some((word) => word !== 0);
  const word = words[words.length - 1 - Math.floor(bit / 16)] ?? 0;
  return ((word >> (bit % 16)) & 1) === 1;
}
