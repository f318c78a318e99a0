import type { Static } from "typebox";
import { choice, dateTime, idToken, message, optional } from "./schema.ts";

/** What the central system knows of a badge (OCPP 1.6 §7.27). */
export const idTagInfo = message({
  expiryDate: optional(dateTime()),
  parentIdTag: optional(idToken()),
  status: choice(["Accepted", "Blocked", "Expired", "Invalid", "ConcurrentTx"]),
});

/** What the central system knows of a badge (OCPP 1.6 §7.27). */
export type IdTagInfo = Static<typeof idTagInfo>;
