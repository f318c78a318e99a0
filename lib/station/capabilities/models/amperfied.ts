import type { ModelSheet } from "./notation.ts";

/** Heidelberg Amperfied. */
export const AMPERFIED: readonly ModelSheet[] = [
  {
    id: "heidelberg-amperfied",
    name: "Heidelberg Amperfied connect (home, business)",
    match: [{ vendor: "amperfied|heidelberg" }, { model: "^connect\\.(home|business|solar)" }],
    traits: {
      smart: { supported: "probe", settleS: 30 },
    },
    nativeFallback: "The failsafe current of its Modbus interface, if one was set.",
    hintOnRefusal:
      "Update the firmware: releases without SmartCharging among their feature profiles take no limit, and some accept one and stay at 16 A. Until then limit the wallbox by its rotary switch; its maximum stays reserved.",
    commissioning: [
      {
        text: "Web page > OCPP: enter the address of this central system and update the firmware.",
        why: "Releases up to 2024 list no SmartCharging and answer NotSupported.",
      },
      {
        text: "Set the rotary switch for the maximum current to a value that the breaker can carry always.",
        why: "Releases that ignore profiles charge with it.",
      },
    ],
    sources: [
      "evcc#17585: empty meter values, connector 0, profiles without effect",
      "evcc#17836: SetChargingProfile answered with NotSupported",
      "evcc#18109: profiles accepted, 16 A all the same",
    ],
    confidence: "fieldReport",
  },
];
