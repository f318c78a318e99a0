import { holdsAlone, type ModelSheet, writable } from "./notation.ts";

/** Alfen Eve and Twin. */
export const ALFEN: readonly ModelSheet[] = [
  {
    id: "alfen",
    name: "Alfen Eve Single, Eve Double and Twin",
    match: [{ vendor: "^alfen" }, { model: "^NG9[12]0" }, { identity: "^ALF_" }],
    traits: {
      smart: { phaseSwitch: "paused" },
      config: {
        measurandMode: "list",
        measurands: [
          "Current.Import.L1",
          "Current.Import.L2",
          "Current.Import.L3",
          "Current.Offered",
          "Voltage.L1",
          "Voltage.L2",
          "Voltage.L3",
          "Power.Active.Import",
          "Energy.Active.Import.Register",
        ],
      },
      meter: { offersCurrent: "yes" },
    },
    nativeFallback: "Safe current of Active load balancing in the ACE Service Installer, when that is switched on.",
    hintOnRefusal:
      "In the ACE Service Installer, check that the smart charging features are unlocked (licence key) and that Active load balancing takes its limit from no other source below the requested one.",
    commissioning: [
      {
        text: "ACE Service Installer > Connectivity: choose a backend of your own, OCPP 1.6 and the address of this central system.",
        why: "As delivered the charger dials its seller's backend.",
      },
      holdsAlone(
        "ACE Service Installer > Power settings: set the maximum current of station and sockets to what cable and breaker carry.",
      ),
      {
        text: "ACE Service Installer > Load balancing: switch Active load balancing off, or set its safe current to the safe current of this charge point.",
        why: "Two controllers on one cable fight; the lower limit wins.",
      },
      {
        text: "ACE Service Installer > Authorization: note the Plug & Charge identifier where that mode is used.",
        why: "Charges without a badge come with it as their badge.",
      },
    ],
    vendorKeys: [
      writable("PlugAndChargeIdentifier", {
        range: "hexadecimal digits",
      }),
    ],
    sources: [
      "Alfen Smart Charging implementation guide",
      "Alfen ACE Service Installer basic configuration guide 1.3",
      "lbbrhzn/ocpp#19: measurands with a phase, nine at most",
      "lbbrhzn/ocpp#174: NG920, Eve Double",
      "evcc#4946: numberPhases for the transaction is followed when charging begins anew, for the charge point it is not",
    ],
    confidence: "fieldReport",
  },
];
