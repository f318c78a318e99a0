import type { ModelSheet } from "./notation.ts";

/** Autel MaxiCharger AC. */
export const AUTEL: readonly ModelSheet[] = [
  {
    id: "autel",
    name: "Autel MaxiCharger AC",
    match: [{ vendor: "autel" }, { model: "maxicharger" }],
    traits: {
      smart: { kind: "Absolute", purposes: ["TxProfile", "TxDefaultProfile"] },
      transaction: { needsReplugAfterStop: true },
    },
    hintOnRefusal:
      "In the Autel Charge app, check that the firmware is at least V1.51 (charge control) and V1.19 (power control) and that load balancing is off; a static limit is taken as Absolute only.",
    commissioning: [
      {
        text: "Autel Charge app > OCPP Server: choose Custom, enter the address of this central system; an empty Charger ID means the serial number.",
        why: "Some releases dial a path that ends in ?= and the serial number; it is understood.",
      },
      {
        text: "Update the charge control module to V1.51.00 and the power control module to V1.19.00 or later.",
        why: "Earlier releases do not follow limits reliably.",
      },
      {
        text: "Switch plug and charge on, or start charges by badge or remote start.",
        why: "It does not begin a transaction by itself.",
      },
    ],
    appendsIdentity: true,
    sources: [
      "evcc device list: Autel MaxiCharger AC over OCPP",
      "lbbrhzn/ocpp#677: ChargePointMaxProfile must not be Relative",
      "lbbrhzn/ocpp#1019: identity in the query of the address",
      "lbbrhzn/ocpp supported devices: stays in Finishing after a stop",
    ],
    confidence: "fieldReport",
  },
];
