import type { ModelSheet } from "./notation.ts";

/** Easee Home, Charge, Lite, Core and Max. */
export const EASEE: readonly ModelSheet[] = [
  {
    id: "easee",
    name: "Easee Home, Charge, Core and Max",
    match: [{ vendor: "easee" }, { model: "^easee" }, { identity: "^E[HC][A-Z0-9]{6}$" }],
    traits: {
      smart: { supported: "probe", settleS: 300, switchesPhases: "no" },
      config: {
        minIntervalS: 30,
        measurandMode: "list",
        measurands: ["Energy.Active.Import.Register", "Power.Active.Import", "Current.Import"],
      },
      meter: { offersCurrent: "no" },
    },
    nativeFallback: "The offline current that is set for the charger in the Easee Portal.",
    hintOnRefusal:
      "Check that the charger runs firmware 328 or later with native OCPP switched on, and a firmware that takes current limits over OCPP; ask Easee for it, older ones take none.",
    commissioning: [
      {
        text: "Update the firmware (328 or later for native OCPP; limits need a later one still) and switch OCPP on through Easee's API with the address of this central system; the identity is the serial number.",
        why: "OCPP through Easee's cloud cannot reach a local address.",
      },
      {
        text: "Easee Portal: set the charger's offline current to its safe current, and the maximum current of charger and circuit to what cable and breaker carry.",
        why: "They hold without a connection or a profile.",
      },
      {
        text: "Allow up to five minutes after a pause until the car charges again.",
        why: "The charger stays in SuspendedEVSE for that long.",
      },
    ],
    sources: [
      "evcc device list: Easee with native OCPP",
      "evcc#29783: minutes in SuspendedEVSE, no Current.Offered",
      "evcc#29861: behaviour after a pause",
      "jonasbkarlsson/ev_smart_charging#265: another number of phases holds from the next charge on",
    ],
    confidence: "fieldReport",
  },
];
