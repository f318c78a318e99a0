/**
 * What current a charge point allows at a second, worked out from the profiles it was sent: a reading of OCPP 1.6 §3.13 and
 * §5.16.3 on its own, for checking what the product compiles. It knows nothing of leases, ladders or models.
 */
import type { ChargingProfile, SetChargingProfileRequest } from "../../lib/ocpp/v16/index.ts";

export interface ReadingOptions {
  phases: number;
  maxA: number;
  /** What a Relative schedule counts from. */
  relativeFrom: "txStart" | "receipt";
  /** A default profile governs transactions that began before it came (errata 3.8). */
  defaultsGovernRunning: boolean;
}

/** Times are ms since 1970 on the charge point's clock. */
export interface Transaction {
  id: number;
  fromMs: number;
}

interface Held {
  outlet: number;
  atMs: number;
  profile: ChargingProfile;
}

export class CompositeReading {
  readonly #options: ReadingOptions;
  #held: Held[] = [];

  constructor(options: ReadingOptions) {
    this.#options = options;
  }

  get profiles(): readonly ChargingProfile[] {
    return this.#held.map(({ profile }) => profile);
  }

  /** Takes a profile; it throws out its predecessors (same id, or same place). */
  take({ connectorId, csChargingProfiles }: SetChargingProfileRequest, atMs: number): void {
    const place = ({ outlet, profile }: Held): string =>
      `${outlet}/${profile.chargingProfilePurpose}/${profile.stackLevel}`;
    const arriving = { outlet: connectorId, atMs, profile: csChargingProfiles };
    const stays = (held: Held): boolean =>
      held.profile.chargingProfileId !== csChargingProfiles.chargingProfileId && place(held) !== place(arriving);
    this.#held = [...this.#held.filter(stays), arriving];
  }

  /** A transaction takes its own profiles with it. */
  endTransaction(outlet: number): void {
    this.#held = this.#held.filter(
      (held) => held.outlet !== outlet || held.profile.chargingProfilePurpose !== "TxProfile",
    );
  }

  /** A per phase at this moment; the hardware's maximum where no profile says anything. */
  currentA(outlet: number, atMs: number, transaction: Transaction | null): number {
    const say = (purpose: ChargingProfile["chargingProfilePurpose"]): number | undefined =>
      this.#said(purpose, outlet, atMs, transaction)?.limitA;
    const wholeA = say("ChargePointMaxProfile") ?? this.#options.maxA;
    const outletA = say("TxProfile") ?? say("TxDefaultProfile") ?? this.#options.maxA;
    return Math.min(wholeA, outletA, this.#options.maxA);
  }

  /** Phases to be fed at this moment: three where the ruling period says nothing (OCPP 1.6 §7.14), or no profile rules. */
  phases(outlet: number, atMs: number, transaction: Transaction | null): number {
    const say = (purpose: ChargingProfile["chargingProfilePurpose"]) => this.#said(purpose, outlet, atMs, transaction);
    const said = say("TxProfile") ?? say("TxDefaultProfile") ?? say("ChargePointMaxProfile");
    return Math.min(said?.numberPhases ?? 3, this.#options.phases);
  }

  #said(
    purpose: ChargingProfile["chargingProfilePurpose"],
    outlet: number,
    atMs: number,
    transaction: Transaction | null,
  ): { limitA: number; numberPhases: number | undefined } | undefined {
    return this.#held
      .filter((held) => held.profile.chargingProfilePurpose === purpose && this.#governs(held, outlet, transaction))
      .flatMap((held) => {
        const period = this.#period(held, atMs, transaction);
        return period ? [{ level: held.profile.stackLevel, ...period }] : [];
      })
      .sort((one, other) => other.level - one.level)[0];
  }

  #governs({ outlet, atMs, profile }: Held, asked: number, transaction: Transaction | null): boolean {
    if (outlet !== 0 && outlet !== asked) return false;
    if (profile.chargingProfilePurpose === "TxProfile") return transaction?.id === profile.transactionId;
    if (profile.chargingProfilePurpose === "ChargePointMaxProfile" || !transaction) return true;
    return this.#options.defaultsGovernRunning || atMs <= transaction.fromMs;
  }

  #period(
    { atMs: takenMs, profile }: Held,
    atMs: number,
    transaction: Transaction | null,
  ): { limitA: number; numberPhases: number | undefined } | undefined {
    const { startSchedule, chargingSchedulePeriod, chargingRateUnit } = profile.chargingSchedule;
    const beginsMs =
      profile.chargingProfileKind === "Absolute"
        ? Date.parse(startSchedule!)
        : this.#options.relativeFrom === "receipt"
          ? takenMs
          : (transaction?.fromMs ?? atMs);
    let effective: { limitA: number; numberPhases: number | undefined } | undefined;
    for (const { startPeriod, limit, numberPhases } of chargingSchedulePeriod) {
      if (beginsMs + 1000 * startPeriod > atMs) break;
      const phases = Math.min(numberPhases ?? 3, this.#options.phases);
      effective = { limitA: chargingRateUnit === "W" ? limit / 230 / phases : limit, numberPhases };
    }
    return effective;
  }
}
