import { holdsAlone, type ModelSheet } from "./notation.ts";

/** Huawei SCharger and FusionCharge. */
export const HUAWEI: readonly ModelSheet[] = [
  {
    id: "huawei",
    name: "Huawei SCharger and FusionCharge AC",
    match: [{ vendor: "huawei" }, { model: "^ACChargePoint$" }, { model: "SCharger|FusionCharge" }],
    traits: { smart: { unit: "W", decimals: 0, switchesPhases: "no" } },
    hintOnRefusal:
      "In the FusionSolar app, check that the charger works with a third-party OCPP platform and that PV power preferred and dynamic power control of the SmartAssistant are off.",
    commissioning: [
      {
        text: "FusionSolar app > device commissioning: set the charging platform to OCPP with the address of this central system.",
        why: "Otherwise the charger stays with Huawei's own energy manager.",
      },
      holdsAlone("Set the maximum dynamic charge power to what cable and breaker carry."),
      {
        text: "Describe the number of phases of the connector as it is wired.",
        why: "It takes limits in W only, calculated with 230 V per phase.",
      },
    ],
    sources: [
      "evcc device list: Huawei SCharger, limits in W",
      "lbbrhzn/ocpp#1635: schedules in W only",
      "lbbrhzn/ocpp#1810: schedules in W only",
      "evcc#19001: it does not change its phases",
      "evcc#32170: BootNotification with the model ACChargePoint and an empty vendor",
    ],
    confidence: "fieldReport",
  },
];
