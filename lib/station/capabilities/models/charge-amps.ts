import type { ModelProfile } from "./types.ts";

/** Charge Amps Halo, Aura, Dawn and Luna. */
export const CHARGE_AMPS: readonly ModelProfile[] = [
  {
    id: "charge-amps",
    name: "Charge Amps Halo, Aura, Dawn and Luna",
    match: [{ vendor: "charge ?amps" }, { model: "^(halo|aura|dawn|luna)\\b" }],
    traits: {
      config: { alias: { ConnectorSwitch3to1PhaseSupported: "ACPhaseSwitchingSupported" } },
    },
    nativeFallback: null,
    hintOnRefusal:
      "In Charge Amps' portal or on the charger's page, check that it is connected to this OCPP server and not to Charge Amps' cloud, and that its load balancing is off.",
    commissioning: [
      {
        text: "On the charger's own page, set the OCPP server to this central system.",
        why: "As delivered it belongs to Charge Amps' cloud, which keeps its own limits.",
      },
      {
        text: "Set the maximum current to what cable and breaker carry.",
        why: "It is the limit that holds when no profile is installed.",
      },
    ],
    vendorKeys: [
      {
        key: "ACPhaseSwitchingSupported",
        text: "Whether it can switch between one phase and three.",
        unit: null,
        range: "true|false",
        access: "ro",
      },
    ],
    sources: ["evcc#16244: the key ACPhaseSwitchingSupported"],
    confidence: "fieldReport",
  },
];
