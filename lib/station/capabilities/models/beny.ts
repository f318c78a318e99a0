import type { ModelSheet } from "./notation.ts";

/** ZJ Beny. */
export const BENY: readonly ModelSheet[] = [
  {
    id: "zj-beny",
    name: "ZJ Beny BCP",
    match: [{ vendor: "beny" }, { model: "^BCP-" }],
    traits: { transaction: { needsReplugAfterStop: true } },
    hintOnRefusal:
      "In the Z-Box app, check that OCPP is switched on and that DLB (dynamic load balancing) and solar modes are off.",
    commissioning: [
      {
        text: "Switch DLB off and set the maximum current to what cable and breaker carry.",
        why: "Two controllers on one cable fight; the lower limit wins.",
      },
      {
        text: "Pause a charge with 0 A; do not end it.",
        why: "After a stop the car must be unplugged first.",
      },
    ],
    sources: ["evcc#12861: a new start is refused until the car is unplugged", "evcc#14804: log of a ZJ Beny wallbox"],
    confidence: "fieldReport",
  },
];
