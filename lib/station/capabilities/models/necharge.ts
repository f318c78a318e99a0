import type { ModelSheet } from "./notation.ts";

/** NEcharge. */
export const NECHARGE: readonly ModelSheet[] = [
  {
    id: "necharge",
    name: "NEcharge Pro",
    match: [{ vendor: "^ne ?charge" }, { model: "^ne ?charge" }],
    traits: { smart: { unit: "A", stepsA: [6, 8, 10, 13, 16], decimals: 0 } },
    hintOnRefusal: "In its app, check that OCPP is switched on and that its own limit is not below the requested one.",
    commissioning: [
      {
        text: "Set its maximum current in the app to what cable and breaker carry.",
        why: "It follows 6, 8, 10, 13 and 16 A only; between two steps the lower one is sent.",
      },
    ],
    sources: ["evcc device list: NEcharge over OCPP rounds down to 6, 8, 10, 13 or 16 A"],
    confidence: "fieldReport",
  },
];
