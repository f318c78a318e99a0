/** Why a transaction ended (OCPP 1.6 §7.36), as far as this charge point has such reasons. */
export type StopReason =
  | "DeAuthorized"
  | "EVDisconnected"
  | "HardReset"
  | "Local"
  | "Other"
  | "Remote"
  | "SoftReset"
  | "UnlockCommand";

/** A transaction as its charge point remembers it, over any interruption. */
export interface JournalEntry {
  idTag: string;
  /** The number it was given; null while nobody has answered. */
  transactionId: number | null;
  startWallMs: number;
  meterStartWh: number;
  stopWallMs: number | null;
  meterStopWh: number | null;
  stopReason: StopReason | null;
  /** The central system has confirmed its start, its stop. */
  startConfirmed: boolean;
  stopConfirmed: boolean;
}

/** A charge point keeps this many. */
const MOST = 10_000;

/** Every transaction of a charge point, so that what became of them elsewhere can be compared. */
export class Journal {
  #entries: JournalEntry[] = [];

  /** Oldest first. */
  get entries(): readonly JournalEntry[] {
    return this.#entries.map((entry) => ({ ...entry }));
  }

  /** @returns the entry, to be completed as the transaction goes on */
  open({
    idTag,
    startWallMs,
    meterStartWh,
  }: Pick<JournalEntry, "idTag" | "startWallMs" | "meterStartWh">): JournalEntry {
    const entry: JournalEntry = {
      idTag,
      transactionId: null,
      startWallMs,
      meterStartWh,
      stopWallMs: null,
      meterStopWh: null,
      stopReason: null,
      startConfirmed: false,
      stopConfirmed: false,
    };
    this.#entries.push(entry);
    if (this.#entries.length > MOST) this.#entries.shift();
    return entry;
  }
}
