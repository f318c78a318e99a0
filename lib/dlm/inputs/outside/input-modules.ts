/** A module with digital inputs that is read by Modbus, as its maker's papers describe it. */
export interface InputModule {
  id: string;
  name: string;
  inputs: number;
  functionCode: 1 | 2 | 3;
  /** Of its first input, counted from 0; the others follow. */
  address: number;
  unitId: number;
  source: string;
}

const INPUTS = { functionCode: 2, address: 0, unitId: 1 } as const;
const MOXA = "Moxa, ioLogik E1200 Series User's Manual, appendix A (10001 = 0x0000, function 2)";
const WAVESHARE = "Waveshare Wiki";
const ICP_DAS = "ICP DAS";

/** Modules whose addresses are known. */
export const INPUT_MODULES: readonly InputModule[] = [
  { id: "moxa-e1210", name: "Moxa ioLogik E1210", inputs: 16, ...INPUTS, source: MOXA },
  { id: "moxa-e1213", name: "Moxa ioLogik E1213", inputs: 8, ...INPUTS, source: MOXA },
  { id: "moxa-e1214", name: "Moxa ioLogik E1214", inputs: 6, ...INPUTS, source: MOXA },
  {
    id: "waveshare-poe-relay-b",
    name: "Waveshare Modbus POE ETH Relay (B)",
    inputs: 8,
    ...INPUTS,
    source: `${WAVESHARE}, Modbus POE ETH Relay (B)`,
  },
  {
    id: "waveshare-rtu-io-8ch",
    name: "Waveshare Modbus RTU IO 8CH",
    inputs: 8,
    ...INPUTS,
    source: `${WAVESHARE}, Modbus RTU IO 8CH`,
  },
  {
    id: "icpdas-et-2260",
    name: "ICP DAS ET-2260",
    inputs: 6,
    ...INPUTS,
    source: `${ICP_DAS}, ET-2260 Quick Start, part 4 (1xxxx, begin address 0)`,
  },
  {
    id: "icpdas-et-7000",
    name: "ICP DAS ET-7000 / PET-7000",
    inputs: 8,
    ...INPUTS,
    source: `${ICP_DAS}, ET-7000/PET-7000 User Manual, 4.5.2 Read Discrete Inputs`,
  },
];
