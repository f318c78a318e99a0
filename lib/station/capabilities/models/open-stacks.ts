import { type ModelSheet, readOnly } from "./notation.ts";

/** Charge points that are built on a public OCPP library. */
export const OPEN_STACKS: readonly ModelSheet[] = [
  {
    id: "libocpp",
    name: "EVerest / libocpp",
    match: [{ vendor: "pionix|everest" }, { model: "^yeti$|belay ?box|everest" }],
    traits: {
      smart: { relativeOrigin: "txStart", composite: "yes" },
      transaction: { adoptsForeignIds: true },
    },
    nativeFallback: "None: where no profile holds, CompositeScheduleDefaultLimitAmps applies, 48 A as delivered.",
    hintOnRefusal:
      "Check that MaxChargingProfilesInstalled leaves room for two profiles per connector: every further profile is refused, even one that replaces another.",
    commissioning: [
      {
        text: "Set MaxChargingProfilesInstalled to at least two per connector and one more.",
        why: "At the limit every further profile is refused, even a replacement.",
      },
      {
        text: "Set CompositeScheduleDefaultLimitAmps to what the breaker can carry.",
        why: "It holds when no profile is installed; 48 A as delivered.",
      },
    ],
    vendorKeys: [
      readOnly("CompositeScheduleDefaultLimitAmps", { unit: "A", range: "0.." }),
      readOnly("CompositeScheduleDefaultNumberPhases", { range: "1..3" }),
    ],
    sources: [
      "EVerest libocpp: checks of charging profiles in v16/smart_charging.cpp, Relative counted from the start of the transaction",
      "EVerest/libocpp#495: transactionId -1 for offline starts",
      "EVerest/libocpp#781: what holds offline",
    ],
    confidence: "vendorDoc",
  },
  {
    id: "micro-ocpp",
    name: "MicroOCPP (OpenEVSE and others)",
    match: [{ vendor: "openevse|microocpp" }, { model: "openevse|microocpp" }],
    traits: { smart: { relativeOrigin: "txStart" } },
    hintOnRefusal:
      "Check that the firmware was built with smart charging and that its own divert or shaper mode is off.",
    commissioning: [
      {
        text: "OpenEVSE: switch solar divert and the current shaper off, and set the maximum current to what the breaker carries.",
        why: "The lowest limit wins, and the maximum holds without a profile.",
      },
    ],
    sources: [
      "matth-x/MicroOcpp#311: times of 1970 before the first BootNotification",
      "matth-x/MicroOcpp#278: absolute address in the request line",
      "OpenEVSE/openevse_esp32_firmware#703: energy in kWh called Wh",
    ],
    confidence: "fieldReport",
  },
];
