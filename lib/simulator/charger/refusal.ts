import { OcppCallError } from "../../ocpp/rpc/call-error.ts";
import type { ChargingProfile, ChargingSchedulePeriod } from "../../ocpp/v16/index.ts";
import type { Behaviour, OptionalField } from "./behaviour.ts";
import type { RunningTransaction } from "./profiles/schedule.ts";

/**
 * Why a charge point refuses a profile, in one sentence, or null if it takes it.
 * @param transaction the running transaction of that connector, null without one
 * @throws OcppCallError PropertyConstraintViolation where that is how it refuses a field
 */
export function refusalOf(
  connectorId: number,
  profile: ChargingProfile,
  transaction: RunningTransaction | null,
  behaviour: Behaviour,
): string | null {
  const schedule = profile.chargingSchedule;
  if ([schedule.startSchedule, profile.validFrom, profile.validTo].some(isNoTime)) return "a time is not readable";
  return (
    refusedField(profile, behaviour) ??
    refusedKind(profile, behaviour) ??
    refusedPeriods(schedule.chargingSchedulePeriod, behaviour) ??
    refusedPurpose(connectorId, profile, transaction, behaviour)
  );
}

function isNoTime(text: string | undefined): boolean {
  return text !== undefined && Number.isNaN(Date.parse(text));
}

const CARRIES: Readonly<Record<OptionalField, (profile: ChargingProfile) => boolean>> = {
  numberPhases: ({ chargingSchedule }) =>
    chargingSchedule.chargingSchedulePeriod.some(({ numberPhases }) => numberPhases !== undefined),
  minChargingRate: ({ chargingSchedule }) => chargingSchedule.minChargingRate !== undefined,
  duration: ({ chargingSchedule }) => chargingSchedule.duration !== undefined,
  validFrom: ({ validFrom }) => validFrom !== undefined,
  validTo: ({ validTo }) => validTo !== undefined,
};

function refusedField(profile: ChargingProfile, { refusedFields, fieldRefusal }: Behaviour): string | null {
  const field = refusedFields.find((name) => CARRIES[name](profile));
  if (field === undefined) return null;
  const reason = `${field} is not supported`;
  if (fieldRefusal === "PropertyConstraintViolation") throw new OcppCallError(fieldRefusal, reason);
  return reason;
}

function refusedKind(profile: ChargingProfile, behaviour: Behaviour): string | null {
  const { chargingProfileKind: kind, stackLevel, chargingSchedule: schedule } = profile;
  if (kind === "Recurring" || !behaviour.kinds.includes(kind)) return `${kind} schedules are not supported`;
  if (kind === "Absolute" && behaviour.needsStartSchedule && schedule.startSchedule === undefined)
    return "an Absolute schedule needs a startSchedule";
  if (stackLevel > behaviour.maxStackLevel) return `stack levels above ${behaviour.maxStackLevel} are not supported`;
  if (!behaviour.units.includes(schedule.chargingRateUnit))
    return `limits in ${schedule.chargingRateUnit} are not supported`;
  return null;
}

function refusedPeriods(periods: ChargingSchedulePeriod[], { maxPeriods, zeroLimit }: Behaviour): string | null {
  if (periods.length > maxPeriods) return `more than ${maxPeriods} periods are not supported`;
  if (periods[0]?.startPeriod !== 0) return "the first period must start at 0";
  if (periods.some(({ startPeriod }, index) => index > 0 && startPeriod <= periods[index - 1]!.startPeriod))
    return "the periods are not in order";
  if (periods.some(({ limit }) => limit < 0)) return "a limit is negative";
  if (zeroLimit === "refuse" && periods.some(({ limit }) => limit === 0)) return "a limit of 0 is not supported";
  return null;
}

function refusedPurpose(
  connectorId: number,
  profile: ChargingProfile,
  transaction: RunningTransaction | null,
  behaviour: Behaviour,
): string | null {
  const purpose = profile.chargingProfilePurpose;
  if (!behaviour.purposes.includes(purpose)) return `a ${purpose} is not supported`;
  if (behaviour.refusesWhileCharging && transaction !== null) return "a transaction is running";
  switch (purpose) {
    case "ChargePointMaxProfile":
      if (connectorId !== 0) return "a ChargePointMaxProfile belongs on connector 0";
      return profile.chargingProfileKind === "Relative" ? "a ChargePointMaxProfile cannot be relative" : null;
    case "TxDefaultProfile":
      return null;
    case "TxProfile":
      return refusedTxProfile(connectorId, profile.transactionId, transaction, behaviour);
  }
}

function refusedTxProfile(
  connectorId: number,
  transactionId: number | undefined,
  transaction: RunningTransaction | null,
  { needsTransactionId }: Behaviour,
): string | null {
  if (connectorId === 0) return "a TxProfile needs a connector";
  if (transaction === null) return "no transaction is running";
  if (transactionId === undefined) return needsTransactionId ? "a TxProfile needs a transactionId" : null;
  return transactionId === transaction.id ? null : "another transaction is running";
}
