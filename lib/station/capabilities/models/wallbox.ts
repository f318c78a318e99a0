import type { ModelSheet } from "./notation.ts";

/** Wallbox Chargers: Pulsar, Copper, Commander. */
export const WALLBOX: readonly ModelSheet[] = [
  {
    id: "wallbox",
    name: "Wallbox Pulsar, Copper and Commander",
    match: [
      { vendor: "^wall ?box" },
      { model: "^(PLP|PUP|CPB|CMX|PLM)\\d" },
      { model: "pulsar|copper sb|commander 2" },
    ],
    traits: { smart: { stackMax: 0, purposes: ["TxDefaultProfile", "TxProfile"], switchesPhases: "no" } },
    hintOnRefusal:
      "In the myWallbox app, switch on Profile > Experimental functions > `Improved charger control`, set the charger's own limit to its maximum, and switch Power Sharing and Eco-Smart off.",
    commissioning: [
      {
        text: "In the myWallbox app: `Enable OCPP`, set the URL to this central system, choose the charge point identity, and leave the password empty unless one is set here.",
        why: "Without it the charger stays with Wallbox's own cloud.",
      },
      {
        text: "In the myWallbox app: switch on Profile > Experimental functions > `Improved charger control`.",
        why: "Without it some releases accept profiles and do not follow them.",
      },
      {
        text: "In the myWallbox app: switch Power Sharing, Power Boost and Eco-Smart off, and set the maximum current to what cable and breaker carry.",
        why: "The lowest limit wins.",
      },
    ],
    appendsIdentity: true,
    sources: [
      "Wallbox OCPP activation and set-up guide",
      "sap-labs-france/ev-server: vendor integration for Wallbox, stack level 0",
      "lbbrhzn/ocpp#1245: ChargePointMaxProfile refused, TxDefaultProfile at level 0 accepted",
      "cliviu74/wallbox#66: another number of phases takes effect when the car is plugged in anew",
      "evcc#31597: profiles accepted, 9 A all the same, with a forgotten limit of its own",
    ],
    confidence: "fieldReport",
  },
  {
    id: "wallbox-fw5",
    name: "Wallbox Pulsar, Copper and Commander (firmware 5)",
    extends: "wallbox",
    match: [{ vendor: "^wall ?box", firmwareFrom: "5", firmwareBefore: "6" }],
    commissioning: [
      {
        text: "Start each charge by badge or by a remote start; this release does not start by itself.",
        why: "Without a transaction it offers current and ignores limits.",
      },
    ],
    sources: ["evcc#15581: firmware 5.17 needs stack level 0 and a remote start"],
    confidence: "fieldReport",
  },
  {
    id: "wallbox-fw6",
    name: "Wallbox Pulsar, Copper and Commander (firmware 6)",
    extends: "wallbox",
    match: [{ vendor: "^wall ?box", firmwareFrom: "6" }],
    traits: {
      smart: { kind: "Relative", relativeOrigin: "receipt" },
      transport: { bootGraceS: 30 },
    },
    sources: [
      "evcc#15490: firmware 6 follows Relative profiles only",
      "evcc#27309: no BootNotification on connect, or a loop of them when calls come first",
      "lbbrhzn/ocpp#1503: loop of BootNotifications",
    ],
    confidence: "fieldReport",
  },
];
