import type { ModelProfile } from "./types.ts";

/** Entratek Power Dot and Vestel EVC04 (also Webasto Unite): they answer few configuration keys at once. */
export const ENTRATEK: readonly ModelProfile[] = [
  {
    id: "entratek-power-dot",
    name: "Entratek Power Dot",
    match: [{ vendor: "entratek" }, { model: "power ?dot" }],
    traits: { config: { maxKeys: 4 } },
    nativeFallback: null,
    hintOnRefusal: "In its app, check that OCPP is switched on and that its own load management is off.",
    commissioning: [
      {
        text: "Set the maximum current in its app to what cable and breaker carry.",
        why: "It is the limit that holds when no profile is installed.",
      },
    ],
    vendorKeys: [],
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
      {
        text: "Installation settings: set the current limiter to what cable and breaker carry.",
        why: "It is the limit that holds when no profile is installed.",
      },
    ],
    vendorKeys: [
      {
        key: "FreeModeActive",
        text: "Charging without badges.",
        unit: null,
        range: "true|false",
        access: "rw",
      },
    ],
    appendsIdentity: true,
    sources: ["evcc#15726: GetConfigurationMaxKeys is 1"],
    confidence: "fieldReport",
  },
];
