import { holdsAlone, type ModelSheet, writable } from "./notation.ts";

/** Charge points with one peculiarity each. */
export const OTHERS: readonly ModelSheet[] = [
  {
    id: "enelion-lumina",
    name: "Enelion Lumina",
    match: [{ vendor: "enelion" }, { model: "^lumina" }],
    traits: { smart: { switchesPhases: "yes", phaseSwitch: "paused" } },
    hintOnRefusal:
      "In the charger's configuration panel, check that OCPP is set up and that no Modbus client limits it at the same time.",
    commissioning: [
      {
        text: "Configuration panel > Mains: set three phases where three are wired.",
        why: "Only then can it be told to use one of them or all.",
      },
    ],
    sources: [
      "Enelion white paper: remotely changing the number of used phases in Lumina charger, version 1: by numberPhases, while charging is suspended",
    ],
    confidence: "vendorDoc",
  },
  {
    id: "foxess-a",
    name: "FoxESS A series",
    match: [{ vendor: "fox ?ess" }],
    traits: { transport: { bootGraceS: 30 } },
    hintOnRefusal: "Leave it on OCPP 1.6: its 2.0.1 refuses charging profiles.",
    commissioning: [
      {
        text: "Offer OCPP 1.6 only, as this central system does, and wait up to 20 minutes after a change of address.",
        why: "It tries both versions in turn, slowly; charging profiles need 1.6.",
      },
    ],
    sources: ["lbbrhzn/ocpp#2008: 1.6 first, then 2.0.1; redials after 6 to 19 minutes"],
    confidence: "fieldReport",
  },
  {
    id: "ocular",
    name: "Ocular LTE / IQ (BS AC)",
    match: [{ vendor: "ocular" }, { model: "^BS[- _]?AC" }],
    traits: { transaction: { idTagMax: 16 } },
    hintOnRefusal: "In its app, check that Eco mode and its own load balancing are off.",
    commissioning: [
      {
        text: "Use badges of 16 characters or less for remote starts.",
        why: "A badge of 20 characters comes back with two more, and the stop is refused for ever.",
      },
    ],
    sources: ["lbbrhzn/ocpp#1803: badges come back longer than they were sent", "ConnectorIO/connectorio-addons#129"],
    confidence: "fieldReport",
  },
  {
    id: "sigenergy",
    name: "Sigenergy EV AC charger",
    match: [{ vendor: "sigen" }],
    traits: { transaction: { idTagMax: 16 } },
    hintOnRefusal:
      "In the mySigen app, check that the charger is controlled over OCPP and not by Sigenergy's own energy manager.",
    commissioning: [
      {
        text: "Use badges of 16 characters or less for remote starts.",
        why: "Longer ones come back changed, and meter values still come after the stop.",
      },
    ],
    sources: ["lbbrhzn/ocpp#1803: badges, and meter values after the stop"],
    confidence: "fieldReport",
  },
  {
    id: "delta",
    name: "Delta AC MAX and AC Mini Plus",
    match: [{ vendor: "^delta" }],
    hintOnRefusal:
      "On its set-up page, check that OCPP 1.6 is chosen and that Device/GridCurrent is not below the requested limit.",
    commissioning: [holdsAlone("Set the grid current (Device/GridCurrent) to what cable and breaker carry.")],
    vendorKeys: [writable("Device/GridCurrent", { unit: "A" }), writable("PowerUnits/PowerMerging", { range: "text" })],
    sources: ["sap-labs-france/ev-server: StopTransaction with transactionId 0"],
    confidence: "fieldReport",
  },
  {
    id: "injet",
    name: "Injet and SyncEV",
    match: [{ vendor: "injet|wei ?yu" }, { vendor: "sync ?ev|BG sync" }],
    traits: {
      config: {
        measurandMode: "list",
        measurands: [
          "Current.Import.L1",
          "Current.Import.L2",
          "Current.Import.L3",
          "Voltage.L1",
          "Power.Active.Import",
          "Energy.Active.Import.Register",
        ],
      },
    },
    hintOnRefusal: "In its app, check that its own load balancing is off and that OCPP is the chosen platform.",
    commissioning: [holdsAlone("Set its maximum current to what cable and breaker carry.")],
    sources: [
      "lbbrhzn/ocpp#1311: current on phase N only",
      "lbbrhzn/ocpp#1900: voltage of N is 0",
      "lbbrhzn/ocpp#1917: measurands with the phase in their name",
    ],
    confidence: "fieldReport",
  },
];
