import type { ModelSheet } from "./notation.ts";

/** go-e chargers, and the Fronius Wattpilot that is built from them. */
export const GO_E: readonly ModelSheet[] = [
  {
    id: "go-e",
    name: "go-e Charger (V3, Gemini, V4, PRO)",
    match: [{ vendor: "^go-?e\\b" }, { model: "go-?e ?charger" }],
    traits: {
      smart: { unit: "A", resendAfterZero: true, keepsProfilesOffline: false },
      config: { measurandMode: "never" },
      meter: { offersCurrent: "yes" },
    },
    nativeFallback:
      "Not reliable: some releases drop the profile with the network and charge at the app's maximum current.",
    hintOnRefusal:
      "In the go-e app, check that the firmware is 56.9 or later, that Eco and Daily trip modes are off (Basic), and that no load balancing is active.",
    commissioning: [
      {
        text: "App > Internet > OCPP: switch OCPP on and set the server to this central system; the app shows whether it is connected and accepted.",
        why: "The charger needs firmware 55 or later for OCPP.",
      },
      {
        text: "Update the firmware beyond 56.2.",
        why: "That release forgets the profile when the connection is renewed.",
      },
      {
        text: "Set the maximum current in the app to what the breaker can carry without control.",
        why: "The charger returns to it without a network; its maximum stays reserved while it is offline.",
      },
    ],
    sources: [
      "go-eCharger-API-v2: OCPP guide",
      "goecharger/go-eCharger-API-v2#155: the limit is ignored after a resume from 0 A",
      "goecharger/go-eCharger-API-v2#217: profile dropped on reconnect, full speed without WLAN",
      "goecharger/go-eCharger-API-v2#154: numberPhases ignored up to 055.6, although ConnectorSwitch3to1PhaseSupported is true",
      "goecharger/go-eCharger-API-v2#190: numberPhases limits it to one phase",
      "goecharger/go-eCharger-API-v2#243: RemoteStartTransaction with a profile refused",
      "goecharger/go-eCharger-API-v2#126: MeterValuesSampledData is read-only",
    ],
    confidence: "fieldReport",
  },
  {
    id: "fronius-wattpilot",
    name: "Fronius Wattpilot",
    extends: "go-e",
    match: [{ vendor: "fronius" }, { model: "wattpilot" }],
    hintOnRefusal:
      "In the Solar.wattpilot app, check that Eco mode and Next trip mode are off and that OCPP is switched on and accepted.",
    sources: ["evcc device list: Wattpilot over OCPP behaves as a go-e Charger"],
    confidence: "fieldReport",
  },
];
