import type { Static } from "typebox";
import { idTagInfo } from "./id-tag-info.ts";
import { meterValue } from "./meter-value.ts";
import { dateTime, idToken, integer, list, message, openChoice, optional, wattHours } from "./schema.ts";

/** StopTransaction.req (OCPP 1.6 §4.10). */
export const stopTransactionRequest = message({
  idTag: optional(idToken()),
  meterStop: wattHours(),
  timestamp: dateTime(),
  transactionId: integer(),
  reason: optional(
    openChoice([
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
  transactionData: optional(list(meterValue)),
});

/** StopTransaction.conf (OCPP 1.6 §4.10). */
export const stopTransactionResponse = message({ idTagInfo: optional(idTagInfo) });

export type StopTransactionRequest = Static<typeof stopTransactionRequest>;
export type StopTransactionResponse = Static<typeof stopTransactionResponse>;
