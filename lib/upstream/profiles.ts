import { type Clock, isoTime } from "../clock.ts";
import { record } from "../fields.ts";
import type { ChargingProfile } from "../ocpp/v16/charging-profile.ts";
import type { SessionRecord } from "../store/session-types.ts";
import type { Store } from "../store/types.ts";
import type { JsonValue } from "../units.ts";
import { changesBetween, type KeptProfile, limitAt, type ProfiledConnector } from "./composite.ts";

/** What a back end may set at one charge point. */
export const PROFILE_LIMITS = { profiles: 50, periods: 100, stackLevel: 1000 } as const;

/** A profile that came with a remote start waits so long for its charge, ms. */
const EXPECTED_MS = 600_000;
/** The longest schedule that is told, s, and the most moments that are looked at for it. */
const LONGEST_SCHEDULE_S = 86_400;
const MOST_MOMENTS = 200;

/** The charger that the profiles are about. */
export interface ProfiledCharger {
  /** Its connectors with their charges. */
  connectors(): readonly ProfiledConnector[];
  /** A load management gives it its current: only then a limit can hold. */
  isManaged(): boolean;
  /** The present setpoint of a connector, A; undefined = none. */
  setpointA(connector: number): number | undefined;
}

export interface CloudProfilesOptions {
  /** Document in which they are kept. */
  document: string;
  store: Pick<Store, "document" | "saveDocument">;
  clock: Clock;
  charger: ProfiledCharger;
  /** A limit may be another one now. */
  onChange(): void;
}

/** A profile that came with a remote start, until its charge begins. */
interface Expected {
  kept: KeptProfile;
  idTag: string;
}

export type SetAnswer = "Accepted" | "Rejected" | "NotSupported";

/** Which profiles are to go; what is left out fits all. */
export interface ClearRequest {
  id?: number;
  connectorId?: number;
  chargingProfilePurpose?: string;
  stackLevel?: number;
}

/**
 * The charging profiles that one back end has set at one charge point. They are never written to the charger: what they come to is a
 * ceiling for the load management, so they only ever lower.
 */
export class CloudProfiles {
  readonly #options: CloudProfilesOptions;
  #kept: KeptProfile[];
  #expected: Expected[] = [];

  constructor(options: CloudProfilesOptions) {
    this.#options = options;
    this.#kept = restored(options.store.document(options.document));
  }

  get count(): number {
    return this.#kept.length;
  }

  /** @param session of a TxProfile; null = its transaction is not known, or runs elsewhere */
  set(connector: number, profile: ChargingProfile, session: string | null): SetAnswer {
    const { charger, clock } = this.#options;
    if (!charger.isManaged()) return "NotSupported";
    if (!this.#isPossible(connector, profile)) return "Rejected";
    if (profile.chargingProfilePurpose === "TxProfile" && session === null) return "Rejected";
    const kept: KeptProfile = { connector, profile, receivedWallMs: clock.wallMs(), session };
    const others = this.#kept.filter((one) => !isReplaced(one, kept));
    if (others.length >= PROFILE_LIMITS.profiles) return "Rejected";
    this.#keep([...others, kept]);
    return "Accepted";
  }

  /** @returns whether there was any */
  clear({ id, connectorId, chargingProfilePurpose, stackLevel }: ClearRequest): boolean {
    const left = this.#kept.filter(({ connector, profile }) =>
      id !== undefined
        ? profile.chargingProfileId !== id
        : (connectorId !== undefined && connectorId !== connector) ||
          (chargingProfilePurpose !== undefined && chargingProfilePurpose !== profile.chargingProfilePurpose) ||
          (stackLevel !== undefined && stackLevel !== profile.stackLevel),
    );
    if (left.length === this.#kept.length) return false;
    this.#keep(left);
    return true;
  }

  /** Forgets all of them. */
  forget(): void {
    this.#expected = [];
    if (this.#kept.length > 0) this.#keep([]);
  }

  /**
   * Takes the profile of a remote start, which holds once its charge has begun. @param connector null = the charger chooses
   * @returns what takes it back; null = it cannot hold here
   */
  expect(connector: number | null, idTag: string, profile: ChargingProfile): (() => void) | null {
    const { charger, clock } = this.#options;
    const isPossible = this.#isPossible(connector ?? charger.connectors()[0]?.number ?? 0, profile);
    if (!charger.isManaged() || profile.chargingProfilePurpose !== "TxProfile" || !isPossible) return null;
    const kept = { connector: connector ?? 0, profile, receivedWallMs: clock.wallMs(), session: null };
    const expected = { kept, idTag: idTag.toLowerCase() };
    this.#expected = [...this.#expected.filter((one) => one.idTag !== expected.idTag), expected].slice(-10);
    return () => {
      this.#expected = this.#expected.filter((one) => one !== expected);
    };
  }

  /** A charge has begun: what came with its remote start holds. */
  begun({ id, connector, idTag }: SessionRecord): void {
    const oldestMs = this.#options.clock.wallMs() - EXPECTED_MS;
    this.#expected = this.#expected.filter(({ kept }) => kept.receivedWallMs >= oldestMs);
    const found = this.#expected.find(
      (one) => one.idTag === idTag?.toLowerCase() && (one.kept.connector === 0 || one.kept.connector === connector),
    );
    if (!found) return;
    this.#expected = this.#expected.filter((one) => one !== found);
    this.set(connector, found.kept.profile, id);
  }

  /** A charge is over, and its profiles with it. */
  ended(session: string): void {
    const left = this.#kept.filter((one) => one.session !== session);
    if (left.length < this.#kept.length) this.#keep(left);
  }

  /** The limit at a connector now, A per phase; undefined = none. */
  limitA(number: number): number | undefined {
    if (this.#kept.length === 0) return undefined;
    const connector = this.#options.charger.connectors().find((one) => one.number === number);
    return connector && this.#limitAt(connector, this.#options.clock.wallMs());
  }

  /**
   * What holds from now on as far as it is known: the present setpoint, and less where these profiles allow less. 0 = the sum over all
   * connectors. @returns GetCompositeSchedule.conf; null = there is no setpoint
   */
  schedule(number: number, durationS: number, unit: "A" | "W"): object | null {
    const { charger, clock } = this.#options;
    const connectors = charger.connectors().filter((one) => number === 0 || one.number === number);
    const rows = connectors.map((connector) => ({ connector, setpointA: charger.setpointA(connector.number) }));
    if (rows.length === 0 || rows.some(({ setpointA }) => setpointA === undefined)) return null;
    const nowMs = clock.wallMs();
    const untilMs = nowMs + Math.min(durationS, LONGEST_SCHEDULE_S) * 1000;
    const changes = [...new Set(connectors.flatMap((one) => changesBetween(this.#kept, one, nowMs, untilMs)))];
    const moments = [nowMs, ...changes.sort((a, b) => a - b)];
    const limitAtMoment = (wallMs: number): number => {
      let limit = 0;
      for (const { connector, setpointA = 0 } of rows) {
        const limitA = Math.min(setpointA, this.#limitAt(connector, wallMs) ?? setpointA);
        limit += unit === "A" ? limitA : limitA * connector.voltageV * connector.phases;
      }
      return Math.floor(limit * 10 + 1e-6) / 10;
    };
    const periods: { startPeriod: number; limit: number }[] = [];
    for (const wallMs of moments.slice(0, MOST_MOMENTS)) {
      const limit = limitAtMoment(wallMs);
      const startPeriod = Math.round((wallMs - nowMs) / 1000);
      const last = periods.at(-1);
      if (last?.startPeriod === startPeriod) last.limit = Math.min(last.limit, limit);
      else if (last?.limit !== limit) periods.push({ startPeriod, limit });
    }
    const endMs = moments[MOST_MOMENTS] ?? untilMs;
    const startsAt = isoTime(nowMs);
    const schedule = { duration: Math.round((endMs - nowMs) / 1000), startSchedule: startsAt, chargingRateUnit: unit };
    return {
      ...{ status: "Accepted", connectorId: number, scheduleStart: startsAt },
      chargingSchedule: { ...schedule, chargingSchedulePeriod: periods },
    };
  }

  #limitAt(connector: ProfiledConnector, wallMs: number): number | undefined {
    const limitA = limitAt(this.#kept, connector, wallMs);
    return limitA === undefined ? undefined : Math.floor(limitA * 10 + 1e-6) / 10;
  }

  #isPossible(connector: number, profile: ChargingProfile): boolean {
    const { chargingProfilePurpose, chargingProfileKind, recurrencyKind, stackLevel, chargingSchedule } = profile;
    const isThere = this.#options.charger.connectors().some(({ number }) => number === connector);
    const isPlaced =
      chargingProfilePurpose === "ChargePointMaxProfile"
        ? connector === 0
        : isThere || (connector === 0 && chargingProfilePurpose === "TxDefaultProfile");
    const recurs = recurrencyKind !== undefined && chargingSchedule.startSchedule !== undefined;
    return (
      isPlaced &&
      (chargingProfileKind !== "Recurring" || recurs) &&
      stackLevel <= PROFILE_LIMITS.stackLevel &&
      chargingSchedule.chargingSchedulePeriod.length <= PROFILE_LIMITS.periods
    );
  }

  #keep(kept: KeptProfile[]): void {
    const { clock, store, document, onChange } = this.#options;
    const nowMs = clock.wallMs();
    this.#kept = kept.filter(({ profile: { validTo } }) => validTo === undefined || !(nowMs >= Date.parse(validTo)));
    store.saveDocument(document, this.#kept as unknown as JsonValue);
    onChange();
  }
}

/** One of the same number, or of the same place, purpose and level, gives way (§5.16.2). */
function isReplaced(one: KeptProfile, by: KeptProfile): boolean {
  const [a, b] = [one.profile, by.profile];
  return (
    a.chargingProfileId === b.chargingProfileId ||
    (one.connector === by.connector &&
      a.chargingProfilePurpose === b.chargingProfilePurpose &&
      a.stackLevel === b.stackLevel)
  );
}

function restored(stored: JsonValue | undefined): KeptProfile[] {
  if (!Array.isArray(stored)) return [];
  return stored.filter((one) => {
    const { connector, profile, receivedWallMs } = record(one);
    const { chargingSchedule, stackLevel } = record(profile);
    const isWhole = Array.isArray(record(chargingSchedule)["chargingSchedulePeriod"]);
    return isWhole && [connector, receivedWallMs, stackLevel].every((value) => typeof value === "number");
  }) as unknown as KeptProfile[];
}
