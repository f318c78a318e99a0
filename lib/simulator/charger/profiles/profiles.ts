import type { ChargingProfile, ClearChargingProfileRequest } from "../../../ocpp/v16/index.ts";
import type { Behaviour } from "../behaviour.ts";
import { type InstalledProfile, isOver } from "./schedule.ts";

/** How many profiles a charge point holds (OCPP 1.6 §9.4.4). */
export interface ProfilePlaces {
  maxInstalled: number;
  /** Also a profile that replaces another needs a free place. */
  replacementNeedsRoom: boolean;
}

/** The profiles a charge point holds. TxProfiles end with their transaction. */
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
  install(connectorId: number, profile: ChargingProfile, room: ProfilePlaces, wallMs: number): string | null {
    const live = this.#installed.filter((held) => !isOver(held.profile, wallMs));
    const kept = live.filter((held) => !replaces(connectorId, profile, held));
    const taken = room.replacementNeedsRoom ? live.length : kept.length;
    if (taken >= room.maxInstalled) return `more than ${room.maxInstalled} profiles are not supported`;
    this.#installed = [...kept, { connectorId, profile, receivedWallMs: wallMs }];
    return null;
  }

  /** Removes all profiles that match every field given (errata 3.25); says how many. */
  clear(filter: ClearChargingProfileRequest): number {
    const before = this.#installed.length;
    this.#installed = this.#installed.filter((held) => !matches(held, filter));
    return before - this.#installed.length;
  }

  /** Loses everything. */
  drop(): void {
    this.#installed = [];
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
