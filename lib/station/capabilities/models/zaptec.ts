import { type ModelSheet, writable } from "./notation.ts";

/** Zaptec Go, Go 2 and Pro with OCPP from the charger itself. */
export const ZAPTEC: readonly ModelSheet[] = [
  {
    id: "zaptec",
    name: "Zaptec Go, Go 2 and Pro",
    match: [{ vendor: "zaptec" }, { model: "^zaptec" }, { identity: "^Z(AP|PR|PG|GB|CS)\\d{6}$" }],
    traits: {
      smart: { supported: "probe", settleS: 30 },
      meter: { sentinelsWh: [2147483647, 4296944000] },
    },
    nativeFallback: "The current limits of the installation and the charger in the Zaptec Portal.",
    hintOnRefusal:
      "In the Zaptec Portal, check that the installation is of the type Operator with OCPP 1.6J on the charger, and that the firmware is at least Go 2.4.2.4, Go 2 3.2.1.0 or Pro 7.5.4.0; OCPP through Zaptec's cloud takes no charging profiles.",
    commissioning: [
      {
        text: "Zaptec Portal > User groups: have `Allow OCPP 1.6J` enabled, create an installation of the type Operator, and enter the address of this central system.",
        why: "Only OCPP 1.6J from the charger itself obeys limits; the connection through the cloud serves billing only.",
      },
      {
        text: "Make this central system reachable from where the charger stands; older firmware needs a public wss:// address.",
        why: "Chargers in the cloud cannot reach a local address.",
      },
      {
        text: "Zaptec Portal: set the current limits of installation and charger to what cable and breaker carry.",
        why: "They hold when no profile is installed, and a session released by badge may start with them.",
      },
    ],
    vendorKeys: [
      writable("FreeCharging", { range: "true|false" }),
      writable("FreeChargingIdTag", { range: "at most 20 characters" }),
      writable("LockCablePermanently", {
        range: "true|false",
      }),
      writable("PowerActiveImportDeltaForEagerMeterValueSample", { unit: "W", range: "0.." }),
      writable("UseAuthorizationKeyWithoutDecoding", { range: "true|false" }),
    ],
    sources: [
      "Zaptec Go OCPP 1.6J non-standard implementation guide",
      "Zaptec OCPP 1.6J configuration guide",
      "evcc#27499: changing a profile answered with NotSupported",
      "evcc#29283: a session released by badge starts at full power",
      "evcc#29190: meterStart 2147483647 and impossible totals",
    ],
    confidence: "vendorDoc",
  },
];
