import { holdsAlone, type ModelSheet, writable } from "./notation.ts";

/** Growatt THOR. */
export const GROWATT: readonly ModelSheet[] = [
  {
    id: "growatt-thor",
    name: "Growatt THOR",
    match: [{ vendor: "growatt" }, { model: "\\bthor\\b" }],
    traits: { smart: { supported: "probe", unit: "A" } },
    hintOnRefusal:
      "In the ShinePhone app, check that G_ExternalLimitPowerEnable is 0 (no load balancing by its own meter), G_SolarMode is off, and G_MaxCurrent is not below the requested limit.",
    commissioning: [
      {
        text: "ShinePhone app: set the server URL (G_ServerURL) to this central system.",
        why: "As delivered it dials Growatt's own server.",
      },
      holdsAlone("Set G_MaxCurrent to what cable and breaker carry."),
      {
        text: "Set the time zone (G_TimeZone).",
        why: "It writes local time as if it were UTC; its clock is estimated here from what it sends.",
      },
    ],
    vendorKeys: [
      writable("G_MaxCurrent", { unit: "A", range: "6..32" }),
      writable("G_ExternalLimitPower", { unit: "kW" }),
      writable("G_ExternalLimitPowerEnable", {
        range: "0..1",
        expects: "0",
      }),
      writable("G_SolarMode", { range: "text" }),
      writable("G_ChargerMode", { range: "1..3" }),
      writable("G_ServerURL", { range: "text" }),
      writable("G_TimeZone", { range: "text" }),
      writable("G_WebSocketPingInterval", { unit: "s" }),
    ],
    sources: [
      "lbbrhzn/ocpp#1293: maximum current cannot be changed; list of its keys",
      "evcc#10399: local time without a zone",
    ],
    confidence: "fieldReport",
  },
];
