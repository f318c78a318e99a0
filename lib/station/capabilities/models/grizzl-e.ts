import type { ModelSheet } from "./notation.ts";

/** United Chargers Grizzl-E Smart. */
export const GRIZZL_E: readonly ModelSheet[] = [
  {
    id: "grizzl-e",
    name: "United Chargers Grizzl-E Smart",
    match: [{ vendor: "united chargers" }, { model: "^(GRS|grizzl)" }, { identity: "^GRS-" }],
    traits: {
      smart: { supported: "probe", purposes: ["TxDefaultProfile", "TxProfile"], unit: "A" },
      meter: { sessionRegister: true },
    },
    hintOnRefusal:
      "Update the firmware: release 05 lists no SmartCharging, and 03.09 accepts ChargePointMaxProfile without applying it. Until then set the DIP switches to a current that the breaker can carry always; its maximum stays reserved.",
    commissioning: [
      {
        text: "Central system here: switch on `Allow missing subprotocol`, and give the charger a password or a fixed address.",
        why: "Release 05 dials the path / without a subprotocol and without an identity in it.",
      },
      {
        text: "Set the DIP switches for the maximum current to what cable and breaker carry.",
        why: "It is the limit that holds when no profile is installed.",
      },
    ],
    sources: [
      "lbbrhzn/ocpp#176: BootNotification, firmware 05.43",
      "lbbrhzn/ocpp#442: no subprotocol, path /",
      "lbbrhzn/ocpp#899: Grizzl-E Smart v2",
      "lbbrhzn/ocpp supported devices: 03.09 accepts ChargePointMaxProfile without applying it",
    ],
    confidence: "fieldReport",
  },
];
