import type { ModelSheet } from "./notation.ts";

/** ABB Terra AC wallboxes (TAC-W…). */
export const ABB: readonly ModelSheet[] = [
  {
    id: "abb-terra-ac",
    name: "ABB Terra AC",
    match: [
      { vendor: "^ABB", model: "TAC" },
      { vendor: "^ABB", model: "terra ?ac" },
      { vendor: "^ABB", identity: "^TAC" },
      { identity: "^TAC[A-Z]\\d{4}" },
    ],
    traits: {
      smart: { stackMax: 0, minA: 6 },
      config: {
        measurandMode: "list",
        writeOnly: ["MeterValuesSampledData"],
        measurands: [
          "Current.Import",
          "Current.Offered",
          "Energy.Active.Import.Register",
          "Power.Active.Import",
          "Voltage",
        ],
      },
      meter: { offersCurrent: "yes" },
    },
    hintOnRefusal:
      "In the TerraConfig app, check that the user-set current limit is not below the requested limit and that no local controller or load management is active.",
    commissioning: [
      {
        text: "In the TerraConfig app, set the OCPP server to this central system and switch Free vending (autostart without a badge) on or off as wanted.",
        why: "Without a server address the wallbox stays with ABB's own cloud and takes no limits from here.",
      },
      {
        text: "Update the firmware beyond 1.8.21.",
        why: "That release restarts when its list of measurands is read.",
      },
      {
        text: "Set the maximum current with the rotary switch or in TerraConfig to what cable and breaker carry.",
        why: "It is the limit that holds when no profile is installed.",
      },
    ],
    sources: [
      "evcc#15493: stack levels above 0 are refused although a higher maximum is reported",
      "evcc#9766: TxProfile without a matching transactionId is refused",
      "evcc#28868: a changed profile is refused in mid-charge and 9 A stay in force",
      "lbbrhzn/ocpp#1275: reading MeterValuesSampledData makes release 1.8.21 restart in a loop",
      "lbbrhzn/ocpp#1737: stack level",
    ],
    confidence: "fieldReport",
  },
];
