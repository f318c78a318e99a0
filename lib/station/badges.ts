import { type Clock, isoTime } from "../clock.ts";
import type { IdTagInfo } from "../ocpp/v16/index.ts";

/** How long an accepted badge waits for its transaction. */
const AUTHORIZED_MS = 120_000;

/** How long a charge point may keep a badge in its cache; without an expiry some keep it for years. */
const TAG_VALID_MS = 86_400_000;

/** What one charge point is told of badges, and whether one waits for its transaction. */
export class Badges {
  readonly #clock: Clock;
  readonly #served: () => boolean;
  #waitsUntilMs = Number.NEGATIVE_INFINITY;

  /** @param served whether the charge point is one that may charge */
  constructor(clock: Clock, served: () => boolean) {
    this.#clock = clock;
    this.#served = served;
  }

  /** The answer to any badge. */
  info(): IdTagInfo {
    if (!this.#served()) return { status: "Invalid" };
    return { status: "Accepted", expiryDate: isoTime(this.#clock.wallMs() + TAG_VALID_MS) };
  }

  /** A badge is shown before its transaction. Returns the answer. */
  show(nowMs: number): IdTagInfo {
    const info = this.info();
    if (info.status === "Accepted") this.#waitsUntilMs = nowMs + AUTHORIZED_MS;
    return info;
  }

  /** A transaction began. */
  use(): void {
    this.#waitsUntilMs = Number.NEGATIVE_INFINITY;
  }

  /** An accepted badge waits for its transaction. */
  waiting(nowMs: number): boolean {
    return nowMs < this.#waitsUntilMs;
  }
}
