import { holdsAlone, type ModelSheet, writable } from "./notation.ts";

/** Entratek Power Dot and Vestel EVC04 (also Webasto Unite): they answer few configuration keys at once. */
export const ENTRATEK: readonly ModelSheet[] = [
  {
    id: "entratek-power-dot",
    name: "Entratek Power Dot",
    match: [{ vendor: "entratek" }, { model: "power ?dot" }],
    traits: { config: { maxKeys: 4 } },
    hintOnRefusal: "In its app, check that OCPP is switched on and that its own load management is off.",
    commissioning: [holdsAlone("Set the maximum current in its app to what cable and breaker carry.")],
    sources: ["evcc#15869: no answer to GetConfiguration without keys, four keys at most"],
    confidence: "fieldReport",
  },
  {
    id: "vestel-evc04",
    name: "Vestel EVC04 and Webasto Unite",
    match: [{ vendor: "vestel" }, { model: "^EVC04" }, { vendor: "webasto", model: "unite|^EVC" }],
    traits: { config: { maxKeys: 1 } },
    nativeFallback: "Failsafe current on the wallbox's page (Local load management), for its Modbus interface.",
    hintOnRefusal:
      "On the wallbox's page, check that OCPP is enabled, that FreeModeActive or a badge starts charges, and that the local load management is off.",
    commissioning: [
      {
        text: "OCPP settings: set the central system address to this one and the charge point id to its identity.",
        why: "With an empty address it stays standalone.",
      },
      holdsAlone("Installation settings: set the current limiter to what cable and breaker carry."),
    ],
    vendorKeys: [writable("FreeModeActive", { range: "true|false" })],
    appendsIdentity: true,
    sources: ["evcc#15726: GetConfigurationMaxKeys is 1"],
    confidence: "fieldReport",
  },
];
