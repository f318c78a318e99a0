import { type ModelSheet, onItsPage } from "./notation.ts";

/** Etrel INCH wallboxes. */
export const ETREL: readonly ModelSheet[] = [
  {
    id: "etrel-inch",
    name: "Etrel INCH (Home, Pro, Duo)",
    match: [{ vendor: "etrel" }, { model: "^g?inch\\b" }],
    traits: {
      smart: { minA: 6 },
      transaction: { adoptsForeignIds: true },
    },
    nativeFallback:
      "Central system connection > Fallback limit: the largest current while the connection is lost, 6 A or more; less than 6 A means 0 A.",
    hintOnRefusal:
      "On the charger's page, check that OCPP 1.6 JSON is the active protocol and that no load guard or cluster limit below the requested one is set.",
    commissioning: [
      {
        text: "Central system connection: choose OCPP 1.6 JSON, switch the connection on and enter the address of this central system; the ID is the serial number.",
        why: "MQTT and other protocols take no charging profiles.",
      },
      {
        text: "Central system connection: set the `Fallback limit` to the safe current of this charge point, 6 A or more.",
        why: "It holds when the connection is lost; below 6 A the charger takes it as 0 A and the car stops.",
      },
      {
        text: "Central system connection: raise the maximum number of failed attempts to send data, and shorten the connection check.",
        why: "After too many failures the charger sends nothing more, and a lost connection is noticed late.",
      },
      {
        text: "Users > Charging authorization: set the authorization type to `Central system only` (or `Charger whitelist and central system`).",
        why: "With local authorization it numbers transactions by itself.",
      },
      {
        text: "Switch on the measurements Current and Power, and set their interval to 10 to 30 s.",
        why: "Without measured currents its whole setpoint stays reserved.",
      },
    ],
    vendorKeys: [
      onItsPage(
        "Fallback limit",
        "Largest current while the connection to the central system is lost; less than 6 counts as 0.",
        { unit: "A", range: "6..32" },
      ),
    ],
    appendsIdentity: true,
    sources: [
      "Etrel INCH documentation: OCPP 1.6 JSON connection settings",
      "lbbrhzn/ocpp#1000: transactions with numbers of its own",
      "lbbrhzn/ocpp supported devices: authorization type",
    ],
    confidence: "vendorDoc",
  },
];
