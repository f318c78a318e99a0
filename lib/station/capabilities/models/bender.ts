import { BENDER_KEYS } from "./bender-keys.ts";
import type { ModelSheet } from "./notation.ts";
import type { TraitPatch } from "./types.ts";

const MANUAL = "Powerstation TWO installation manual (Bender CC612/CC613 controllers), chapters 1.4, 4, 5 and 7";

/** What every charge point with this controller has in common, whoever's name is on it. */
const CONTROLLER: TraitPatch = {
  transaction: { withoutTransactions: true, availableEndsIt: false },
};

/** The controller CC611/612/613 of Bender (formerly Ebee), and the brands that build on it. */
export const BENDER: readonly ModelSheet[] = [
  {
    id: "bender-cc",
    name: "Bender CC611/612/613 (Ebee and many brands)",
    match: [{ vendor: "^bender" }, { vendor: "^ebee" }, { model: "^CC6\\d\\d" }],
    traits: CONTROLLER,
    nativeFallback:
      "LOAD MANAGEMENT > Disconnected Limit, 7 or 8 A as delivered, for slaves that lose the controller's own DLM master; without DLM the last limit or the Operator Current Limit stays in force.",
    hintOnRefusal:
      "On the controller's page, check that LOAD MANAGEMENT > Operator Current Limit and Minimum Current Limit allow the requested current, and that BACKEND > OCPP Mode is OCPP-J 1.6; with Dynamic Load Management on, the lower of both limits wins.",
    commissioning: [
      {
        text: "BACKEND: set OCPP Mode to OCPP-J 1.6 and `WebSockets JSON OCPP URL of the Backend` to this central system; the controller adds its OCPP ChargeBoxIdentity.",
        why: "With 1.5 or SOAP there are no charging profiles; an identity such as +49*839*0000000001 is taken as it is.",
      },
      {
        text: "BACKEND: set `WebSockets keep-alive interval` to 30 s.",
        why: "It is 0 as delivered, so a dead connection is noticed late.",
      },
      {
        text: "BACKEND: set `TCP Watchdog Timeout` to 0, or know that the controller restarts after 10,800 s without a backend.",
        why: "A restart interrupts charging and forgets profiles.",
      },
      {
        text: "AUTHORIZATION: set `If in doubt allow charging` to Off, unless cars must charge without limits.",
        why: "With On or Immediate Plug-in, cars start while the backend is away.",
      },
      {
        text: "LOAD MANAGEMENT: switch Dynamic Load Management off, or set its EVSE Sub-Distribution Limit to the breaker's size.",
        why: "Two controllers on one cable fight; the lower limit wins.",
      },
      {
        text: "LOAD MANAGEMENT: set `Disconnected Limit` and `Minimum Current Limit` to the safe current of this charge point.",
        why: "The controller falls back to it by itself; the sum over all charge points must fit the breaker.",
      },
      {
        text: "AUTHORIZATION: with Free Charging, choose a mode with a transaction (4 to 6).",
        why: "Modes 1 to 3 report a status only, so energy and sessions are missing.",
      },
      {
        text: "AUTHORIZATION: set Stop Transaction Mode to Normal.",
        why: "With Only by RFID/RemoteStop the transaction continues after the car has left.",
      },
      {
        text: "INSTALLATION: set the installation current limit and the phase rotation to what was wired.",
        why: "It is the limit that holds when no profile is installed.",
      },
    ],
    vendorKeys: BENDER_KEYS,
    appendsIdentity: true,
    sources: [
      MANUAL,
      "evcc#14965: a CC613 started to charge when the network was lost",
      "evcc#3103: brands that build on the controller",
      "sap-labs-france/ev-dashboard#1322: key of the second controller's firmware",
    ],
    confidence: "vendorDoc",
  },
  brand("webasto-live", "Webasto Live and Next", [{ vendor: "webasto" }]),
  brand("mennekes-chargecontrol", "Mennekes AMTRON ChargeControl, Professional and AMEDIO", [
    { vendor: "mennekes", model: "charge ?control|professional|amedio|CC6" },
  ]),
  brand("juice-charger-me", "Juice Charger me", [{ vendor: "juice" }]),
  brand("garo-ls4", "Garo LS4 and GLB", [{ vendor: "^garo" }]),
  brand("ensto-chago", "Ensto Chago", [{ vendor: "ensto" }, { model: "chago" }]),
  brand("compleo-solo", "Compleo SOLO (Bender controller)", [{ vendor: "compleo", model: "solo|CC6" }]),
  brand("innogy-ebox", "innogy / Compleo eBox (Bender controller)", [{ vendor: "innogy" }]),
  brand("powerstation-two", "Powerstation TWO", [{ vendor: "powerstation" }, { model: "powerstation" }]),
  {
    id: "mennekes-acu",
    name: "Mennekes AMTRON 4You/4Business (ACU controller)",
    match: [{ vendor: "mennekes" }],
    traits: { smart: { switchesPhases: "no" }, config: { minIntervalS: 60 } },
    hintOnRefusal:
      "On the wallbox's page, check that the OCPP backend is chosen as energy manager and that no other one is active.",
    commissioning: [
      {
        text: "Set the OCPP backend to this central system, and the maximum current of the wallbox to what cable and breaker carry.",
        why: "It is the limit that holds when no profile is installed.",
      },
    ],
    sources: [
      "evcc#26837: AMTRON 4Business over OCPP",
      "evcc OCPP device list: meter values at most once a minute",
      "evcc#19735 and evcc#20425: numberPhases is ignored; it chooses its phases by a limit in watts",
    ],
    confidence: "fieldReport",
  },
];

function brand(id: string, name: string, match: ModelSheet["match"]): ModelSheet {
  return {
    id,
    name,
    extends: "bender-cc",
    match,
    sources: ["evcc#3103: brands that build on the Bender controller"],
    confidence: "fieldReport",
  };
}
