import type { AllocationInput, Reason } from "../../../lib/dlm/types.ts";
import type { Triple } from "../../../lib/units.ts";

/** An allocation worked out by hand; currents within 1 mA. */
export interface WorkedExample {
  title: string;
  input: AllocationInput;
  /** Per connector. */
  limitA: Record<string, number>;
  /** The first reason of some connectors. */
  binding?: Record<string, Reason>;
  /** Currents on the site phases of some connectors. */
  phasesA?: Record<string, Triple>;
  /** Charger load of some zones. */
  loadA?: Record<string, Triple>;
}

/** Allocations worked out by hand, one idea each. */
export const WORKED_EXAMPLES: readonly WorkedExample[] = [
  {
    title: "single car in a 63 A electrical zone",
    input: {
      zones: [
        {
          id: "z",
          parent: null,
          limitA: 63,
        },
      ],
      connectors: [
        {
          id: "c1",
          zone: "z",
          phases: 3,
          rotation: "RST",
          maxA: 32,
        },
      ],
    },
    limitA: {
      c1: 32,
    },
    binding: {
      c1: {
        code: "MAX",
      },
    },
  },
  {
    title: "dual charge point on a single power line, 32 A shared",
    input: {
      zones: [
        {
          id: "z",
          parent: null,
          limitA: 32,
        },
      ],
      connectors: [
        {
          id: "c1",
          zone: "z",
          phases: 3,
          rotation: "RST",
          maxA: 32,
        },
        {
          id: "c2",
          zone: "z",
          phases: 3,
          rotation: "RST",
          maxA: 32,
        },
      ],
    },
    limitA: {
      c1: 16,
      c2: 16,
    },
  },
  {
    title: "three 1-phase cars on rotated stations do not compete",
    input: {
      zones: [
        {
          id: "z",
          parent: null,
          limitA: 32,
        },
      ],
      connectors: [
        {
          id: "c1",
          zone: "z",
          phases: 3,
          rotation: "RST",
          maxA: 32,
          detectedPhases: [1],
        },
        {
          id: "c2",
          zone: "z",
          phases: 3,
          rotation: "STR",
          maxA: 32,
          detectedPhases: [1],
        },
        {
          id: "c3",
          zone: "z",
          phases: 3,
          rotation: "TRS",
          maxA: 32,
          detectedPhases: [1],
        },
      ],
    },
    limitA: {
      c1: 32,
      c2: 32,
      c3: 32,
    },
    phasesA: {
      c1: [32, 0, 0],
      c2: [0, 32, 0],
      c3: [0, 0, 32],
    },
  },
  {
    title: "1-phase detection: only the used phase is reserved",
    input: {
      zones: [
        {
          id: "z",
          parent: null,
          limitA: 32,
        },
      ],
      connectors: [
        {
          id: "a",
          zone: "z",
          phases: 3,
          rotation: "RST",
          maxA: 10,
          detectedPhases: [1],
        },
        {
          id: "b",
          zone: "z",
          phases: 3,
          rotation: "RST",
          maxA: 32,
        },
        {
          id: "c",
          zone: "z",
          phases: 3,
          rotation: "STR",
          maxA: 32,
          detectedPhases: [1],
        },
        {
          id: "d",
          zone: "z",
          phases: 3,
          rotation: "TRS",
          maxA: 32,
          detectedPhases: [1],
        },
      ],
    },
    limitA: {
      a: 10,
      b: 16,
      c: 16,
      d: 16,
    },
    loadA: {
      z: [26, 32, 32],
    },
  },
  {
    title: "external meter EXCLUDING EVSE, headroom 5 A, sub-distribution below main",
    input: {
      zones: [
        {
          id: "main",
          parent: null,
          limitA: 100,
          headroomA: 5,
          meters: [
            {
              id: "m",
              location: "excluding",
              currentA: [60, 70, 40],
              ageS: 2,
            },
          ],
        },
        {
          id: "z",
          parent: "main",
          limitA: 63,
        },
      ],
      connectors: [
        {
          id: "c1",
          zone: "z",
          phases: 3,
          rotation: "RST",
          maxA: 32,
        },
        {
          id: "c2",
          zone: "z",
          phases: 3,
          rotation: "RST",
          maxA: 32,
        },
      ],
    },
    limitA: {
      c1: 12.5,
      c2: 12.5,
    },
    binding: {
      c1: {
        code: "ZONE",
        zone: "main",
        phase: 2,
      },
      c2: {
        code: "ZONE",
        zone: "main",
        phase: 2,
      },
    },
  },
  {
    title: "load-shedding priority = charge duration: the longest-running is shed",
    input: {
      config: {
        shedding: "duration",
      },
      zones: [
        {
          id: "z",
          parent: null,
          limitA: 10,
        },
      ],
      connectors: [
        {
          id: "c1",
          zone: "z",
          phases: 3,
          rotation: "RST",
          maxA: 32,
          chargingS: 3600,
          energyWh: 5000,
        },
        {
          id: "c2",
          zone: "z",
          phases: 3,
          rotation: "RST",
          maxA: 32,
          chargingS: 600,
          energyWh: 12000,
        },
      ],
    },
    limitA: {
      c1: 0,
      c2: 10,
    },
  },
  {
    title: "EV/ZE-Ready derating: 0-7 A 1p and 0-13 A 3p become 0",
    input: {
      config: {
        minA1p: 8,
        minA3p: 14,
      },
      zones: [
        {
          id: "za",
          parent: null,
          limitA: 13,
        },
        {
          id: "zb",
          parent: null,
          limitA: 13,
        },
        {
          id: "zc",
          parent: null,
          limitA: 7,
        },
        {
          id: "zd",
          parent: null,
          limitA: 14,
        },
      ],
      connectors: [
        {
          id: "a",
          zone: "za",
          phases: 3,
          rotation: "RST",
          maxA: 32,
        },
        {
          id: "b",
          zone: "zb",
          phases: 3,
          rotation: "RST",
          maxA: 32,
          detectedPhases: [1],
        },
        {
          id: "c",
          zone: "zc",
          phases: 3,
          rotation: "RST",
          maxA: 32,
          detectedPhases: [1],
        },
        {
          id: "d",
          zone: "zd",
          phases: 3,
          rotation: "RST",
          maxA: 32,
        },
      ],
    },
    limitA: {
      a: 0,
      b: 13,
      c: 0,
      d: 14,
    },
  },
  {
    title: "nested tree: inner zone saturates first, parent remainder goes to the sibling",
    input: {
      zones: [
        {
          id: "main",
          parent: null,
          limitA: 63,
        },
        {
          id: "a",
          parent: "main",
          limitA: 32,
        },
        {
          id: "b",
          parent: "main",
          limitA: 40,
        },
      ],
      connectors: [
        {
          id: "a1",
          zone: "a",
          phases: 3,
          rotation: "RST",
          maxA: 32,
          arrivalS: 0,
        },
        {
          id: "a2",
          zone: "a",
          phases: 3,
          rotation: "RST",
          maxA: 32,
          arrivalS: 1,
        },
        {
          id: "a3",
          zone: "a",
          phases: 3,
          rotation: "RST",
          maxA: 32,
          arrivalS: 2,
        },
        {
          id: "b1",
          zone: "b",
          phases: 3,
          rotation: "RST",
          maxA: 32,
          arrivalS: 0,
        },
        {
          id: "b2",
          zone: "b",
          phases: 3,
          rotation: "RST",
          maxA: 32,
          arrivalS: 1,
        },
      ],
    },
    limitA: {
      a1: 10.7,
      a2: 10.7,
      a3: 10.6,
      b1: 15.5,
      b2: 15.5,
    },
  },
  {
    title: "stale meter, fail-safe 6 A, zone fuse still respected",
    input: {
      zones: [
        {
          id: "z",
          parent: null,
          limitA: 16,
          meters: [
            {
              id: "m",
              location: "excluding",
              currentA: [1, 1, 1],
              ageS: 120,
              staleAfterS: 30,
              onStale: "failSafe",
            },
          ],
        },
      ],
      connectors: [
        {
          id: "c1",
          zone: "z",
          phases: 3,
          rotation: "RST",
          maxA: 32,
          arrivalS: 0,
        },
        {
          id: "c2",
          zone: "z",
          phases: 3,
          rotation: "RST",
          maxA: 32,
          arrivalS: 1,
        },
        {
          id: "c3",
          zone: "z",
          phases: 3,
          rotation: "RST",
          maxA: 32,
          arrivalS: 2,
        },
      ],
    },
    limitA: {
      c1: 6,
      c2: 6,
      c3: 0,
    },
  },
  {
    title: "imbalance limit 16 A (AT/CH): a balanced 3-phase car is neutral",
    input: {
      zones: [
        {
          id: "z",
          parent: null,
          limitA: 63,
          imbalanceA: 16,
        },
      ],
      connectors: [
        {
          id: "c1",
          zone: "z",
          phases: 3,
          rotation: "RST",
          maxA: 32,
          detectedPhases: [1],
        },
        {
          id: "c2",
          zone: "z",
          phases: 3,
          rotation: "RST",
          maxA: 16,
        },
      ],
    },
    limitA: {
      c1: 16,
      c2: 16,
    },
  },
  {
    title: "PV surplus 5 kW, one 3-phase car",
    input: {
      zones: [
        {
          id: "z",
          parent: null,
          limitA: 32,
        },
      ],
      pv: {
        surplusW: 5000,
      },
      connectors: [
        {
          id: "c1",
          zone: "z",
          phases: 3,
          rotation: "RST",
          maxA: 16,
          mode: "pv",
        },
      ],
    },
    limitA: {
      c1: 7.2,
    },
    binding: {
      c1: {
        code: "PV",
      },
    },
  },
  {
    title: "whole-ampere charger step: integer max-min",
    input: {
      config: {
        stepA: 1,
      },
      zones: [
        {
          id: "z",
          parent: null,
          limitA: 20,
        },
      ],
      connectors: [
        {
          id: "c1",
          zone: "z",
          phases: 3,
          rotation: "RST",
          maxA: 32,
          arrivalS: 0,
        },
        {
          id: "c2",
          zone: "z",
          phases: 3,
          rotation: "RST",
          maxA: 32,
          arrivalS: 1,
        },
        {
          id: "c3",
          zone: "z",
          phases: 3,
          rotation: "RST",
          maxA: 32,
          arrivalS: 2,
        },
      ],
    },
    limitA: {
      c1: 7,
      c2: 7,
      c3: 6,
    },
  },
];
