import type { Static } from "typebox";
import { choice, dateTime, idToken, object, optional } from "./schema.ts";

/** What the central system knows of a badge (OCPP 1.6 §7.27). */
export const idTagInfo = object("What is known of the badge.", {
  expiryDate: optional(dateTime("When the badge stops being valid; without it, it has no end.")),
  parentIdTag: optional(
    idToken("Number that this badge shares with others of its group: each may end what another began."),
  ),
  status: choice("Whether the badge may charge.", ["Accepted", "Blocked", "Expired", "Invalid", "ConcurrentTx"]),
});

/** What the central system knows of a badge (OCPP 1.6 §7.27). */
export type IdTagInfo = Static<typeof idTagInfo>;
