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
        why: "Two controllers on one cable fight, and the maximum holds when no profile is installed.",
      },
      {
        text: "Never end a charge from here only to pause it; a limit of 0 A does that.",
        why: "After a stop it starts again only when the car was unplugged.",
      },
    ],
    sources: ["evcc#12861: a new start is refused until the car is unplugged", "evcc#14804: log of a ZJ Beny wallbox"],
    confidence: "fieldReport",
  },
];
