import { OcppCallError } from "../../../ocpp/rpc/call-error.ts";
import type { GetCompositeScheduleRequest, SetChargingProfileRequest } from "../../../ocpp/v16/index.ts";
import type { Charger } from "../charger.ts";

type Answer = Record<string, unknown>;

/** @throws OcppCallError NotImplemented where the charge point knows nothing of smart charging */
export function smartCharging({ behaviour }: Charger): void {
  if (behaviour.profileAnswer === "notImplemented")
    throw new OcppCallError("NotImplemented", "smart charging is not implemented");
}

/** SetChargingProfile. @throws OcppCallError as the behaviour says, and for a connector it has not */
export function setChargingProfile(
  { charger }: { charger: Charger },
  { connectorId, csChargingProfiles }: SetChargingProfileRequest,
): Answer {
  smartCharging(charger);
  const { profileAnswer } = charger.behaviour;
  if (profileAnswer === "notSupported") return { status: "NotSupported" };
  if (profileAnswer === "reject" || profileAnswer === "silence") return { status: "Rejected" };
  if (connectorId > 1) throw new OcppCallError("PropertyConstraintViolation", `there is no connector ${connectorId}`);
  return { status: charger.install(connectorId, csChargingProfiles) === null ? "Accepted" : "Rejected" };
}

/** GetCompositeSchedule. @throws OcppCallError as the behaviour says */
export function composite(
  { charger }: { charger: Charger },
  { connectorId, duration, chargingRateUnit }: GetCompositeScheduleRequest,
): Answer {
  smartCharging(charger);
  const { composite: answer, units } = charger.behaviour;
  if (answer === "notSupported") throw new OcppCallError("NotSupported", "GetCompositeSchedule is not supported");
  if (answer === "error") throw new OcppCallError("InternalError", "");
  if (connectorId > 1 || answer === "reject" || (connectorId === 0 && answer === "connectorOnly"))
    return { status: "Rejected" };
  const chargingSchedule = charger.composite(duration, chargingRateUnit ?? units[0] ?? "A");
  return { status: "Accepted", connectorId, scheduleStart: chargingSchedule.startSchedule, chargingSchedule };
}
