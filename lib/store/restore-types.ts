import type { JsonValue } from "../units.ts";

/** A part of what is to be restored, as it was put down. */
export interface RestorePart {
  part: number;
  /** What its items are. */
  kind: string;
  items: JsonValue[];
}

/**
 * What is being restored, a part at a time: one write for all of it would hold up everything else for seconds. Nothing of it counts before
 * it is decided; from then on it is carried out to its end, also by a later start. Durable before a method returns.
 * @throws EvError EV_STORE_WRITE | EV_STORE_OPEN
 */
export interface RestoreBook {
  /** Puts a part down. */
  add(kind: string, items: readonly JsonValue[]): void;
  /** From here on it is to be carried out. @param by who asked for it */
  decide(by: string): void;
  /** Who asked for what is to be carried out; null = nothing is. */
  decided(): { by: string } | null;
  /** The next part behind a number, also where it is not decided. */
  next(after: number): RestorePart | null;
  /** Carries a part out and forgets it, whole or not at all. */
  carryOut(part: number, work: () => void): void;
  /** All parts are carried out. */
  end(): void;
}
