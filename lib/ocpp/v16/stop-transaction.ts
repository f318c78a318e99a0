import type { Static } from "typebox";
import type { ActionSpec } from "./action.ts";
import { idTagInfo } from "./id-tag-info.ts";
import { meterValue } from "./meter-value.ts";
import { dateTime, idToken, integer, list, message, openChoice, optional, wattHours } from "./schema.ts";

/** StopTransaction.req (OCPP 1.6 §4.10). */
export const stopTransactionRequest = message({
  idTag: optional(idToken("The badge that ended it.")),
  meterStop: wattHours("Register of the meter at the end."),
  timestamp: dateTime("When it ended."),
  transactionId: integer("The transaction; -1 when the charge point never learnt its number (errata 3.18)."),
  reason: optional(
    openChoice("Why it ended; Local without it.", [
      "DeAuthorized",
      "EmergencyStop",
      "EVDisconnected",
      "HardReset",
      "Local",
      "Other",
      "PowerLoss",
      "Reboot",
      "Remote",
      "SoftReset",
      "UnlockCommand",
    ]),
  ),
  transactionData: optional(list("Values measured during the transaction.", meterValue)),
});

/** StopTransaction.conf (OCPP 1.6 §4.10). */
export const stopTransactionResponse = message({ idTagInfo: optional(idTagInfo) });

export const stopTransaction: ActionSpec = {
  action: "StopTransaction",
  initiator: "chargePoint",
  feature: "Core",
  description: "Reports that charging ended.",
  request: stopTransactionRequest,
  response: stopTransactionResponse,
};

export type StopTransactionRequest = Static<typeof stopTransactionRequest>;
export type StopTransactionResponse = Static<typeof stopTransactionResponse>;
