import { holdsAlone, type ModelSheet } from "./notation.ts";
import { EVLINK_KEYS } from "./schneider-keys.ts";

const GUIDE = "Schneider Electric EVlink OCPP guide 1.2 (2019)";
/** As their BootNotification calls them: `EVlink Smart Wallbox`, `EVlink Parking`, …; later families count their releases anew. */
const OLD_FAMILY = "smart wallbox|parking|city|^EV[FWC]\\d|^EVB1";
const NO_TRIGGERS = { BootNotification: "no", Heartbeat: "no", MeterValues: "no", StatusNotification: "no" } as const;
const TOOL = "Schneider Electric DOCA0060EN EVlink commissioning tool guide";

/** EVlink Parking, City and Smart Wallbox. */
export const SCHNEIDER: readonly ModelSheet[] = [
  {
    id: "schneider-evlink",
    name: "Schneider Electric EVlink (release 6 and later)",
    match: [{ vendor: "schneider" }, { vendor: "schneider", model: OLD_FAMILY }],
    traits: {
      smart: {
        unit: "A",
        numberPhases: "never",
        switchesPhases: "no",
        purposes: ["TxProfile", "TxDefaultProfile"],
        settleS: 20,
      },
      config: {
        alias: {
          MeterValueSampleInterval: "meterValueSampleInterval",
          HeartbeatInterval: "HeartBeatInterval",
          AuthorizationCacheEnabled: "cacheListEnabled",
        },
        nameKeys: { name: "stationName" },
        skip: ["HeartbeatInterval", "WebSocketPingInterval", "ConnectionTimeOut"],
        measurandMode: "list",
        measurands: [
          "Energy.Active.Import.Register",
          "Current.Import.L1",
          "Current.Import.L2",
          "Current.Import.L3",
          "Current.Offered",
          "Voltage.L1-N",
          "Voltage.L2-N",
          "Voltage.L3-N",
        ],
        minIntervalS: 15,
        triggers: { StatusNotification: "yes", Heartbeat: "yes", MeterValues: "charging", BootNotification: "no" },
      },
      meter: { preferPhases: true, offersCurrent: "yes" },
    },
    nativeFallback:
      "None for the current: the last limit stays in force when the connection is lost, and by factory setting every badge may charge.",
    hintOnRefusal:
      "In the commissioning tool, Energy Management > Advanced settings, set `Controlled by external system` to Yes (EMsetting = 2) and save; without it the station refuses every profile.",
    commissioning: [
      {
        text: "Energy Management > Advanced settings: set `Controlled by external system` to Yes (key EMsetting = 2).",
        why: "With the factory setting No, every charging profile is refused.",
      },
      {
        text: "General Settings: set `Station type` to Supervised and `Authentication done by` to Supervision, then save and restart.",
        why: "A standalone station does not dial a central system.",
      },
      {
        text: "Supervision: set `OCPP Version` to 1.6, `Supervision URL` to this central system (ws://) and `Charging station ID` to its identity.",
        why: "Limits need OCPP 1.6 over WebSocket; the ID UNDEFINED means its MAC address.",
      },
      {
        text: "General Settings: choose `Authentication strategy when communication lost`; Reject all badges keeps new cars from starting unmanaged.",
        why: "With the factory setting Allow all badges, cars start without limits.",
      },
      {
        text: "Supervision > Advanced: keep `Supervision Connection Timeout` (ocppConnectTimeOut) at 60 s.",
        why: "After this silence the station takes the connection for lost.",
      },
      {
        text: "Set truncateBootNotificationsSerialNumbers to True.",
        why: "Serial numbers longer than 25 characters disturb other central systems; this one takes them.",
      },
      holdsAlone(
        "Socket-outlets: set `Charging station maximum current` and `Derated charging current` to what cable and breaker carry.",
      ),
    ],
    vendorKeys: EVLINK_KEYS,
    appendsIdentity: true,
    sources: [
      GUIDE,
      TOOL,
      "lbbrhzn/ocpp#877: profiles refused with `EM controlled by external system is disabled`",
      "lbbrhzn/ocpp#492: the last limit stayed in force after the connection was lost",
      "mobilityhouse/ocpp#122: serial numbers longer than 25 characters",
      "lbbrhzn/ocpp#213: BootNotification of a Smart Wallbox",
    ],
    confidence: "vendorDoc",
  },
  {
    id: "schneider-evlink-r5",
    name: "Schneider Electric EVlink (before release 6)",
    extends: "schneider-evlink",
    match: [{ vendor: "schneider", model: OLD_FAMILY, firmwareBefore: "3.2.0" }],
    traits: { smart: { supported: "no", lease: "none", composite: "no" }, config: { triggers: NO_TRIGGERS } },
    hintOnRefusal: "Update the station to release 6 (3.2.0-12) or later: older ones know no charging profiles.",
    commissioning: [
      {
        text: "Update the firmware to release 6 (3.2.0-12) or later.",
        why: "Older releases speak OCPP 1.5 and take no limits; their maximum stays reserved.",
      },
    ],
    sources: [GUIDE],
    confidence: "vendorDoc",
  },
  {
    id: "schneider-evlink-pro-ac",
    name: "Schneider Electric EVlink Pro AC and Schneider Charge",
    match: [{ vendor: "schneider", model: "pro ?ac|schneider charge|^EVB3|^EVH" }],
    traits: { smart: { unit: "A", numberPhases: "never", switchesPhases: "no" } },
    hintOnRefusal:
      "In eSetup or the EcoStruxure charging configuration tool, check that the station is controlled by another smart charging application and that its own load management is off.",
    commissioning: [
      {
        text: "In eSetup, choose `Other smart charging application` and set `Supervision URL` to this central system and the station ID to its identity.",
        why: "Otherwise the station stays with Schneider's own energy manager.",
      },
    ],
    appendsIdentity: true,
    sources: ["lbbrhzn/ocpp#1429: Schneider Charge", "lbbrhzn/ocpp#2019: EVlink Pro AC"],
    confidence: "fieldReport",
  },
];
