import type { ModelSheet } from "./notation.ts";

/** EN+ wallboxes, sold under many names, and those of SolaX. */
export const EN_PLUS: readonly ModelSheet[] = [
  {
    id: "en-plus",
    name: "EN+ AC wallbox (also under other brands)",
    match: [{ vendor: "^EN ?(\\+|plus)" }, { identity: "^SN100\\d" }],
    traits: { config: { noChangeAvailability: true } },
    hintOnRefusal:
      "In its app, check that OCPP is switched on and that its own load balancing is off; when configuration calls are not answered after a restart here, switch the wallbox off and on.",
    commissioning: [
      {
        text: "In its app, set the OCPP server to this central system and the maximum current to what cable and breaker carry.",
        why: "It is the limit that holds when no profile is installed.",
      },
    ],
    sources: [
      "evcc#30217: ChangeAvailability must not be sent at start",
      "evcc#15874: configuration calls are not answered after the server was restarted",
    ],
    confidence: "fieldReport",
  },
  {
    id: "solax",
    name: "SolaX X3-EVC and X1-EVC",
    extends: "en-plus",
    match: [{ vendor: "solax" }, { model: "^X[13]-(EVC|HAC)" }],
    hintOnRefusal:
      "In the SolaX app, check that the charger's mode is Fast (not Green or Eco), that OCPP is switched on, and that dynamic load balancing is off.",
    sources: ["evcc#30217: SolaX wallboxes built by EN+"],
    confidence: "fieldReport",
  },
];
