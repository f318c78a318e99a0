import { type ModelSheet, writable } from "./notation.ts";

/** KEBA KeContact P30 and P40. */
export const KEBA: readonly ModelSheet[] = [
  {
    id: "keba",
    name: "KEBA KeContact P30 and P40",
    match: [{ vendor: "^keba" }, { model: "^(KC-)?P[34]0|kecontact" }],
    traits: { smart: { unit: "A" } },
    nativeFallback:
      "The failsafe current of its UDP or Modbus interface, if one was set there; otherwise the last limit stays in force, never above the DIP switches.",
    hintOnRefusal:
      "On the charger's web page, check that OCPP 1.6 is chosen (1.5 has no charging profiles) and that no lower limit comes from UDP, Modbus TCP, DIP switches or an external meter: the lowest one wins.",
    commissioning: [
      {
        text: "Web interface > OCPP: choose OCPP 1.6 JSON, the address of this central system and the charge point's identity (the serial number as delivered).",
        why: "OCPP 1.5 knows no charging profiles.",
      },
      {
        text: "Set the DIP switches to what cable and breaker carry.",
        why: "No command can go above them.",
      },
      {
        text: "Switch UDP and Modbus TCP control off, or set a failsafe current there (timeout 10 to 600 s).",
        why: "Two controllers on one charger fight; the lower limit wins.",
      },
      {
        text: "Web interface > Authorization: choose an offline authorization mode other than OfflineFreeCharging.",
        why: "Otherwise cars start without a connection.",
      },
    ],
    vendorKeys: [
      writable("MaxAvailableCurrent", {
        unit: "mA",
        range: "6000..32000",
      }),
    ],
    appendsIdentity: true,
    sources: [
      "KEBA KeContact P30 x-series configuration manual 4.14",
      "KEBA KeContact P30 UDP programmers guide 2.01: failsafe",
      "sap-labs-france/ev-server: vendor integration for KEBA, limit in mA",
    ],
    confidence: "vendorDoc",
  },
];
