import { type Clock, isoTime } from "../clock.ts";
import { record } from "../fields.ts";
import type { ChargingProfile } from "../ocpp/v16/charging-profile.ts";
import type { SessionRecord } from "../store/books/session-types.ts";
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
  store: Pick<Store, "document" | "saveDocument" | "keepDocument">;
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
  /** Sessions whose badge the back end refused after they had begun: they get nothing. */
  #refused: string[] = [];

  constructor(options: CloudProfilesOptions) {
    this.#options = options;
    const document = options.store.document(options.document);
    const stored = restored(document);
    this.#refused = refusedIn(document);
    this.#kept = stored.filter((one) => !isExpected(one));
    this.#expected = stored.filter(isExpected).map(({ expectedTag, ...kept }) => ({ kept, idTag: expectedTag }));
  }

  get count(): number {
    return this.#kept.length;
  }

  /** Resolves when it is durable. @param session of a TxProfile; null = its transaction is not known, or runs elsewhere */
  async set(connector: number, profile: ChargingProfile, session: string | null): Promise<SetAnswer> {
    if (!this.#options.charger.isManaged()) return "NotSupported";
    const kept = this.#put(connector, profile, session);
    if (!kept) return "Rejected";
    const before = this.#kept;
    this.#hold([...before.filter((one) => !isReplaced(one, kept)), kept]);
    if (await this.#isDurable()) return "Accepted";
    this.#keep([...this.#kept.filter((one) => one !== kept), ...before.filter((one) => isReplaced(one, kept))]);
    return "Rejected";
  }

  /** Resolves when it is durable. @returns whether there was any */
  async clear(which: ClearRequest): Promise<boolean> {
    const cleared = this.#kept.filter((one) => isMeant(one, which));
    if (cleared.length === 0) return false;
    this.#hold(this.#kept.filter((one) => !cleared.includes(one)));
    if (await this.#isDurable()) return true;
    this.#keep([...this.#kept, ...cleared]);
    return false;
  }

  /** The back end refuses the badge of a charge that runs. Resolves when it is durable. @returns whether load management can hold it at 0 A */
  async refuse(session: string): Promise<boolean> {
    if (!this.#options.charger.isManaged()) return false;
    if (!this.#refused.includes(session)) this.#refused = [...this.#refused, session];
    this.#options.onChange();
    // What cannot be written holds as long as this process.
    await this.#isDurable();
    return true;
  }

  /** Badges that were refused get current again: the back end has no say any more. */
  pardon(): void {
    if (this.#refused.length === 0) return;
    this.#refused = [];
    this.#keep(this.#kept);
  }

  /** Forgets all limits. */
  forget(): void {
    const count = this.#kept.length + this.#expected.length;
    this.#expected = [];
    if (count > 0) this.#keep([]);
  }

  /**
   * Takes the profile of a remote start, which holds once its charge has begun. Resolves when it is durable.
   * @param connector null = the charger chooses @returns what takes it back; null = it cannot hold here
   */
  async expect(connector: number | null, idTag: string, profile: ChargingProfile): Promise<(() => void) | null> {
    const { charger, clock } = this.#options;
    const isPossible = this.#isPossible(connector ?? charger.connectors()[0]?.number ?? 0, profile);
    if (!charger.isManaged() || profile.chargingProfilePurpose !== "TxProfile" || !isPossible) return null;
    const kept = { connector: connector ?? 0, profile, receivedWallMs: clock.wallMs(), session: null };
    const expected = { kept, idTag: idTag.toLowerCase() };
    this.#expected = [...this.#expected.filter((one) => one.idTag !== expected.idTag), expected].slice(-10);
    const takeBack = () => {
      this.#expected = this.#expected.filter((one) => one !== expected);
      this.#keep(this.#kept);
    };
    if (await this.#isDurable()) return takeBack;
    takeBack();
    return null;
  }

  /** A charge has begun, or runs when this does: what came with its remote start holds. */
  begun({ id, connector, idTag }: SessionRecord): void {
    if (this.#expected.length === 0) return;
    const oldestMs = this.#options.clock.wallMs() - EXPECTED_MS;
    this.#expected = this.#expected.filter(({ kept }) => kept.receivedWallMs >= oldestMs);
    const found = this.#expected.find(
      (one) => one.idTag === idTag?.toLowerCase() && (one.kept.connector === 0 || one.kept.connector === connector),
    );
    if (!found) return;
    this.#expected = this.#expected.filter((one) => one !== found);
    const kept = this.#put(connector, found.kept.profile, id);
    this.#keep(kept ? [...this.#kept.filter((one) => !isReplaced(one, kept)), kept] : this.#kept);
  }

  /** A charge is over, and its profiles with it. */
  ended(session: string): void {
    const left = this.#kept.filter((one) => one.session !== session);
    const isRefused = this.#refused.includes(session);
    this.#refused = this.#refused.filter((one) => one !== session);
    if (isRefused || left.length < this.#kept.length) this.#keep(left);
  }

  /** The badge of the charge at a connector was refused after it had begun. */
  isRefused(number: number): boolean {
    if (this.#refused.length === 0) return false;
    const charge = this.#options.charger.connectors().find((one) => one.number === number)?.charge;
    return charge != null && this.#refused.includes(charge.session);
  }

  /** The limit at a connector now, A per phase; undefined = none. */
  limitA(number: number): number | undefined {
    if (this.isRefused(number)) return 0;
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

  /** The profile as it would be kept; null = it is not possible here, or there are too many. */
  #put(connector: number, profile: ChargingProfile, session: string | null): KeptProfile | null {
    if (!this.#isPossible(connector, profile)) return null;
    if (profile.chargingProfilePurpose === "TxProfile" && session === null) return null;
    const kept: KeptProfile = { connector, profile, receivedWallMs: this.#options.clock.wallMs(), session };
    const others = this.#kept.filter((one) => !isReplaced(one, kept));
    return others.length < PROFILE_LIMITS.profiles ? kept : null;
  }

  #hold(kept: KeptProfile[]): void {
    const nowMs = this.#options.clock.wallMs();
    this.#kept = kept.filter(({ profile: { validTo } }) => validTo === undefined || !(nowMs >= Date.parse(validTo)));
    this.#options.onChange();
  }

  #keep(kept: KeptProfile[]): void {
    this.#hold(kept);
    this.#options.store.saveDocument(this.#options.document, this.#stored);
  }

  get #stored(): JsonValue {
    const expected = this.#expected.map(({ kept, idTag }) => ({ ...kept, expectedTag: idTag }));
    const refused = this.#refused.map((refusedSession) => ({ refusedSession }));
    return [...this.#kept, ...expected, ...refused] as unknown as JsonValue;
  }

  /** Writes what is held. @returns whether a power cut does not lose it */
  async #isDurable(): Promise<boolean> {
    const { store, document } = this.#options;
    return store.keepDocument(document, this.#stored).then(
      () => true,
      () => false,
    );
  }
}

/** Whether a request to clear profiles is about one of them. */
function isMeant({ connector, profile }: KeptProfile, which: ClearRequest): boolean {
  const { id, connectorId, chargingProfilePurpose, stackLevel } = which;
  if (id !== undefined) return profile.chargingProfileId === id;
  return (
    (connectorId === undefined || connectorId === connector) &&
    (chargingProfilePurpose === undefined || chargingProfilePurpose === profile.chargingProfilePurpose) &&
    (stackLevel === undefined || stackLevel === profile.stackLevel)
  );
}

/** A profile of a remote start whose charge has not begun, as it is stored. */
type StoredExpected = KeptProfile & { expectedTag: string };

function isExpected(one: KeptProfile): one is StoredExpected {
  return typeof (one as Partial<StoredExpected>).expectedTag === "string";
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

function refusedIn(stored: JsonValue | undefined): string[] {
  const all = Array.isArray(stored) ? stored.map((one) => record(one)["refusedSession"]) : [];
  return all.filter((one) => typeof one === "string");
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
