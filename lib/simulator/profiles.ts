import type { ChargingProfile, ChargingSchedulePeriod, ClearChargingProfileRequest } from "../ocpp/v16/index.ts";
import type { InstalledProfile, RateUnit, RunningTransaction } from "./schedule.ts";
import { isOver } from "./schedule.ts";

/** What a charge point can hold; the configuration keys of the SmartCharging profile (OCPP 1.6 §9.4). */
export interface ProfileCapacity {
  maxStackLevel: number;
  maxPeriods: number;
  maxInstalled: number;
  units: readonly RateUnit[];
}

/**
 * Why a charge point refuses a profile, in one sentence, or null if it takes it.
 * @param transaction the running transaction of that connector, null without one
 */
export function refusalOf(
  connectorId: number,
  profile: ChargingProfile,
  transaction: RunningTransaction | null,
  capacity: ProfileCapacity,
): string | null {
  const schedule = profile.chargingSchedule;
  if (profile.chargingProfileKind === "Recurring") return "recurring schedules are not supported";
  if (profile.stackLevel > capacity.maxStackLevel)
    return `stack levels above ${capacity.maxStackLevel} are not supported`;
  if (!capacity.units.includes(schedule.chargingRateUnit))
    return `limits in ${schedule.chargingRateUnit} are not supported`;
  if ([schedule.startSchedule, profile.validFrom, profile.validTo].some(isNoTime)) return "a time is not readable";
  return refusedPeriods(schedule.chargingSchedulePeriod, capacity) ?? refusedPurpose(connectorId, profile, transaction);
}

function isNoTime(text: string | undefined): boolean {
  return text !== undefined && Number.isNaN(Date.parse(text));
}

function refusedPeriods(periods: ChargingSchedulePeriod[], capacity: ProfileCapacity): string | null {
  if (periods.length > capacity.maxPeriods) return `more than ${capacity.maxPeriods} periods are not supported`;
  if (periods[0]?.startPeriod !== 0) return "the first period must start at 0";
  if (periods.some(({ startPeriod }, index) => index > 0 && startPeriod <= periods[index - 1]!.startPeriod))
    return "the periods are not in order";
  if (periods.some(({ limit }) => limit < 0)) return "a limit is negative";
  return null;
}

function refusedPurpose(
  connectorId: number,
  profile: ChargingProfile,
  transaction: RunningTransaction | null,
): string | null {
  switch (profile.chargingProfilePurpose) {
    case "ChargePointMaxProfile":
      if (connectorId !== 0) return "a ChargePointMaxProfile belongs on connector 0";
      return profile.chargingProfileKind === "Relative" ? "a ChargePointMaxProfile cannot be relative" : null;
    case "TxDefaultProfile":
      return null;
    case "TxProfile":
      if (connectorId === 0) return "a TxProfile needs a connector";
      if (transaction === null) return "no transaction is running";
      return profile.transactionId === undefined || profile.transactionId === transaction.id
        ? null
        : "another transaction is running";
  }
}

/** The profiles a charge point holds. They outlive a reboot (errata 3.37); TxProfiles end with their transaction. */
export class ProfileStore {
  #installed: InstalledProfile[] = [];

  /** All profiles held, in the order of their arrival. */
  get installed(): readonly InstalledProfile[] {
    return this.#installed;
  }

  /**
   * Installs a profile that `refusalOf` accepts. It replaces the one with its id and the one with its purpose, stack level
   * and connector (§5.16.3).
   * @returns why there is no room for it, or null when it is installed
   */
  install(connectorId: number, profile: ChargingProfile, maxInstalled: number, wallMs: number): string | null {
    const kept = this.#installed.filter(
      (held) => !replaces(connectorId, profile, held) && !isOver(held.profile, wallMs),
    );
    if (kept.length >= maxInstalled) return `more than ${maxInstalled} profiles are not supported`;
    this.#installed = [...kept, { connectorId, profile }];
    return null;
  }

  /** Removes all profiles that match every field given (errata 3.25); says how many. */
  clear(filter: ClearChargingProfileRequest): number {
    const before = this.#installed.length;
    this.#installed = this.#installed.filter((held) => !matches(held, filter));
    return before - this.#installed.length;
  }

  /** Drops the TxProfiles of a connector, whose transaction has ended. */
  endTransaction(connectorId: number): void {
    this.clear({ connectorId, chargingProfilePurpose: "TxProfile" });
  }
}

function replaces(connectorId: number, profile: ChargingProfile, held: InstalledProfile): boolean {
  if (held.profile.chargingProfileId === profile.chargingProfileId) return true;
  return (
    held.connectorId === connectorId &&
    held.profile.chargingProfilePurpose === profile.chargingProfilePurpose &&
    held.profile.stackLevel === profile.stackLevel
  );
}

function matches({ connectorId, profile }: InstalledProfile, filter: ClearChargingProfileRequest): boolean {
  return (
    (filter.id === undefined || filter.id === profile.chargingProfileId) &&
    (filter.connectorId === undefined || filter.connectorId === connectorId) &&
    (filter.chargingProfilePurpose === undefined || filter.chargingProfilePurpose === profile.chargingProfilePurpose) &&
    (filter.stackLevel === undefined || filter.stackLevel === profile.stackLevel)
  );
}
