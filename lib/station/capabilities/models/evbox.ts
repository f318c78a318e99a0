import { type ModelSheet, readOnly, writable } from "./notation.ts";

/** EVBox Elvi and BusinessLine. */
export const EVBOX: readonly ModelSheet[] = [
  {
    id: "evbox-elvi",
    name: "EVBox Elvi, Livo and BusinessLine",
    match: [{ vendor: "^ev-?box" }, { identity: "^EVB-P\\d" }],
    traits: {
      smart: { stackMax: 0, purposes: ["TxDefaultProfile", "TxProfile"] },
      config: { measurandMode: "probe" },
    },
    hintOnRefusal:
      "In the EVBox Connect or Install app, check that the station's own load balancing (hub satellite, cluster) is off and that its maximum current is not below the requested limit.",
    commissioning: [
      {
        text: "EVBox Install app: set the OCPP server to this central system and the maximum current to what cable and breaker carry.",
        why: "It is the limit that holds when no profile is installed.",
      },
      {
        text: "EVBox Connect app > installation mode: see that the phase rotation ends in RST, and describe the rotation here instead.",
        why: "A rotation in the charger moves its readings to other phases.",
      },
      {
        text: "Read evb_SupportedMeasurands when currents are missing.",
        why: "The charger refuses lists with measurands that are not in it.",
      },
    ],
    vendorKeys: [
      readOnly("evb_SupportedMeasurands"),
      writable("evb_MaximumStationCurrent", {
        unit: "dA",
        range: "60..",
      }),
    ],
    sources: [
      "lbbrhzn/ocpp#221: lists of measurands and ChargePointMaxProfile refused",
      "lbbrhzn/ocpp#1703: phase rotation moves the readings",
      "sap-labs-france/ev-server: vendor integration for EVBox, limit in dA",
      "evcc device list: EVBox Elvi over OCPP",
    ],
    confidence: "fieldReport",
  },
];
