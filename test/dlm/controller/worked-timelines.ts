import type { ControllerConfig, Snapshot } from "../../../lib/dlm/types.ts";
import type { Triple } from "../../../lib/units.ts";

/** One tick: what the meters and chargers say at that moment, and the setpoints that follow. */
export interface TimelineStep {
  atS: number;
  meters?: Record<string, Triple>;
  measuredA: Record<string, Triple>;
  setpointA: Record<string, number>;
}

/** A building and what happens in it. */
export interface Timeline {
  title: string;
  controller: Partial<ControllerConfig>;
  zones: { id: string; parent: null; limitA: number; excludingMeter?: string }[];
  connectors: Snapshot["connectors"];
  steps: TimelineStep[];
}

const same = (currentA: number): Triple => [currentA, currentA, currentA];

/** Timelines worked out by hand: the controller is ticked at the listed seconds only. */
export const WORKED_TIMELINES: readonly Timeline[] = [
  {
    title: "start at minimum, ramp up 0.5 A/s, decrease at once",
    controller: { rampUpAps: 0.5 },
    zones: [{ id: "z", parent: null, limitA: 63, excludingMeter: "m" }],
    connectors: [{ id: "c1", zone: "z", phases: 3, rotation: "RST", maxA: 32 }],
    steps: [
      { atS: 0, meters: { m: same(53) }, measuredA: { c1: same(0) }, setpointA: { c1: 6 } },
      { atS: 10, meters: { m: same(53) }, measuredA: { c1: same(6) }, setpointA: { c1: 10 } },
      { atS: 20, meters: { m: same(20) }, measuredA: { c1: same(10) }, setpointA: { c1: 15 } },
      { atS: 30, meters: { m: same(20) }, measuredA: { c1: same(15) }, setpointA: { c1: 20 } },
      { atS: 40, meters: { m: same(20) }, measuredA: { c1: same(20) }, setpointA: { c1: 25 } },
      { atS: 50, meters: { m: same(20) }, measuredA: { c1: same(25) }, setpointA: { c1: 30 } },
      { atS: 60, meters: { m: same(20) }, measuredA: { c1: same(30) }, setpointA: { c1: 32 } },
      { atS: 70, meters: { m: same(20) }, measuredA: { c1: same(32) }, setpointA: { c1: 32 } },
      { atS: 80, meters: { m: same(53) }, measuredA: { c1: same(32) }, setpointA: { c1: 10 } },
      { atS: 90, meters: { m: same(20) }, measuredA: { c1: same(10) }, setpointA: { c1: 15 } },
    ],
  },
  {
    title: "car draws 10 of 16 A for 60 s: cap 13 A, rest to the other; cap rises when used",
    controller: { rampUpAps: 1, demandLowS: 60, demandMarginA: 3 },
    zones: [{ id: "z", parent: null, limitA: 32 }],
    connectors: [
      { id: "a", zone: "z", phases: 3, rotation: "RST", maxA: 32, arrivalS: 0 },
      { id: "b", zone: "z", phases: 3, rotation: "RST", maxA: 32, arrivalS: 1 },
    ],
    steps: [
      { atS: 0, measuredA: { a: same(0), b: same(0) }, setpointA: { a: 6, b: 6 } },
      { atS: 10, measuredA: { a: same(6), b: same(6) }, setpointA: { a: 16, b: 16 } },
      { atS: 20, measuredA: { a: same(10), b: same(16) }, setpointA: { a: 16, b: 16 } },
      { atS: 30, measuredA: { a: same(10), b: same(16) }, setpointA: { a: 16, b: 16 } },
      { atS: 40, measuredA: { a: same(10), b: same(16) }, setpointA: { a: 16, b: 16 } },
      { atS: 50, measuredA: { a: same(10), b: same(16) }, setpointA: { a: 16, b: 16 } },
      { atS: 60, measuredA: { a: same(10), b: same(16) }, setpointA: { a: 16, b: 16 } },
      { atS: 70, measuredA: { a: same(10), b: same(16) }, setpointA: { a: 16, b: 16 } },
      { atS: 80, measuredA: { a: same(10), b: same(16) }, setpointA: { a: 13, b: 19 } },
      { atS: 90, measuredA: { a: same(10), b: same(19) }, setpointA: { a: 13, b: 19 } },
      { atS: 120, measuredA: { a: same(13), b: same(19) }, setpointA: { a: 13, b: 16 } },
      { atS: 130, measuredA: { a: same(13), b: same(16) }, setpointA: { a: 16, b: 16 } },
      { atS: 140, measuredA: { a: same(16), b: same(16) }, setpointA: { a: 16, b: 16 } },
    ],
  },
];
