import type { ChargingProfile } from "../../../ocpp/v16/index.ts";
import type { Behaviour } from "../behaviour.ts";

/** An id that no other controller uses by accident. */
const FOREIGN_ID = 4711;

/** What another controller, or the maker's app, would write: above all others, without an end. @param limitA A per phase */
export function foreignProfile(
  limitA: number,
  transactionId: number | null,
  { maxStackLevel }: Pick<Behaviour, "maxStackLevel">,
): ChargingProfile {
  return {
    chargingProfileId: FOREIGN_ID,
    stackLevel: maxStackLevel,
    chargingProfilePurpose: transactionId === null ? "TxDefaultProfile" : "TxProfile",
    ...(transactionId !== null && { transactionId }),
    chargingProfileKind: "Absolute",
    chargingSchedule: {
      startSchedule: "2020-01-01T00:00:00Z",
      chargingRateUnit: "A",
      chargingSchedulePeriod: [{ startPeriod: 0, limit: limitA }],
    },
  };
}
