/** What a session does now; null = not observed. */
export type SessionMode = "charging" | "waiting" | "idle" | null;

/** Modes by OCPP status (OCPP 1.6 §7.7); other states are none of a session. */
const MODES: ReadonlyMap<string, SessionMode> = new Map([
  ["Charging", "charging"],
  ["Preparing", "waiting"],
  ["SuspendedEVSE", "waiting"],
  ["SuspendedEV", "idle"],
  ["Finishing", "idle"],
]);

/** What a session does in an OCPP status. */
export function modeOf(status: string): SessionMode {
  return MODES.get(status) ?? null;
}

/** How long a session charged, waited and rested. Times are monotonic. */
export class SessionTimes {
  chargingS = 0;
  waitingS = 0;
  idleS = 0;
  limitedS = 0;
  /** The limit sets the current, not the car. */
  limited = false;
  #mode: SessionMode = null;
  #sinceMs = 0;

  get mode(): SessionMode {
    return this.#mode;
  }

  /** From now on it does this. */
  set(mode: SessionMode, nowMs: number): void {
    this.count(nowMs);
    this.#mode = mode;
    if (mode !== "charging") this.limited = false;
  }

  /** Counts up to now. */
  count(nowMs: number): void {
    const passedS = Math.max(0, nowMs - this.#sinceMs) / 1000;
    this.#sinceMs = nowMs;
    if (this.#mode === "charging") this.chargingS += passedS;
    else if (this.#mode === "waiting") this.waitingS += passedS;
    else if (this.#mode === "idle") this.idleS += passedS;
    if (this.#mode === "charging" && this.limited) this.limitedS += passedS;
  }
}
