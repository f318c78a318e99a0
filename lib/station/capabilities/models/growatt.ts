import type { ModelProfile } from "./types.ts";

/** Growatt THOR. */
export const GROWATT: readonly ModelProfile[] = [
  {
    id: "growatt-thor",
    name: "Growatt THOR",
    match: [{ vendor: "growatt" }, { model: "\\bthor\\b" }],
    traits: { smart: { supported: "probe", unit: "A" } },
    nativeFallback: null,
    hintOnRefusal:
      "In the ShinePhone app, check that G_ExternalLimitPowerEnable is 0 (no load balancing by its own meter), G_SolarMode is off, and G_MaxCurrent is not below the limit asked for.",
    commissioning: [
      {
        text: "ShinePhone app: set the server URL (G_ServerURL) to this central system.",
        why: "As delivered it dials Growatt's own server.",
      },
      {
        text: "Set G_MaxCurrent to what cable and breaker carry.",
        why: "It is the limit that holds when no profile is installed.",
      },
      {
        text: "Set its time zone (G_TimeZone) rightly.",
        why: "It writes local time as if it were UTC; its clock is estimated here from what it sends.",
      },
    ],
    vendorKeys: [
      { key: "G_MaxCurrent", text: "Largest current.", unit: "A", range: "6..32", access: "rw" },
      {
        key: "G_ExternalLimitPower",
        text: "Power of the house connection for its own load balancing.",
        unit: "kW",
        range: null,
        access: "rw",
      },
      {
        key: "G_ExternalLimitPowerEnable",
        text: "Load balancing by its own meter: 0 = off, 1 = on.",
        unit: null,
        range: "0..1",
        access: "rw",
      },
      { key: "G_SolarMode", text: "Its own solar modes.", unit: null, range: "text", access: "rw" },
      { key: "G_ChargerMode", text: "How a charge is started.", unit: null, range: "1..3", access: "rw" },
      { key: "G_ServerURL", text: "Address of the central system.", unit: null, range: "text", access: "rw" },
      { key: "G_TimeZone", text: "Time zone, such as UTC+02:00.", unit: null, range: "text", access: "rw" },
      {
        key: "G_WebSocketPingInterval",
        text: "Time between two pings from the charger.",
        unit: "s",
        range: null,
        access: "rw",
      },
    ],
    sources: [
      "lbbrhzn/ocpp#1293: maximum current cannot be changed; list of its keys",
      "evcc#10399: local time without a zone",
    ],
    confidence: "fieldReport",
  },
];
