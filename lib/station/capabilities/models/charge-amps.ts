import { holdsAlone, type ModelSheet, readOnly } from "./notation.ts";

/** Charge Amps Halo, Aura, Dawn and Luna. */
export const CHARGE_AMPS: readonly ModelSheet[] = [
  {
    id: "charge-amps",
    name: "Charge Amps Halo, Aura, Dawn and Luna",
    match: [{ vendor: "charge ?amps" }, { model: "^(halo|aura|dawn|luna)\\b" }],
    traits: {
      config: { alias: { ConnectorSwitch3to1PhaseSupported: "ACPhaseSwitchingSupported" } },
    },
    hintOnRefusal:
      "In Charge Amps' portal or on the charger's page, check that it is connected to this OCPP server and not to Charge Amps' cloud, and that its load balancing is off.",
    commissioning: [
      {
        text: "On the charger's own page, set the OCPP server to this central system.",
        why: "As delivered it uses Charge Amps' cloud, which has its own limits.",
      },
      holdsAlone("Set the maximum current to what cable and breaker carry."),
    ],
    vendorKeys: [
      readOnly("ACPhaseSwitchingSupported", {
        range: "true|false",
      }),
    ],
    sources: ["evcc#16244: the key ACPhaseSwitchingSupported"],
    confidence: "fieldReport",
  },
];
