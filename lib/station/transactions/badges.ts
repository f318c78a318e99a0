import { type Clock, isoTime } from "../../clock.ts";
import type { BadgeInfo } from "../../ocpp/facts.ts";
import type { AuthorizationPort, BadgeVerdict } from "../../session/badges/authorization-port.ts";
import type { AuthorizationMode, AuthorizationReason } from "../../session/badges/authorize.ts";
import { canonicalTag } from "../../session/badges/badge.ts";

/** How long an accepted badge waits for its transaction. */
const AUTHORIZED_MS = 120_000;

/** How long a charge point may keep a badge in its cache; without an expiry some keep it for years. */
const TAG_VALID_MS = 86_400_000;

/** A charge that was started from here begins within this, ms. */
const REMOTE_START_MS = 600_000;

/** idTags of OCPP 1.6 are no longer (CiString20). */
const LONGEST_TAG = 20;

/** A part of a badge's number with fewer characters than this identifies no badge. */
const SHORTEST_PART = 8;

/** Priority class of VIP badges: it goes before all others. */
const VIP_CLASS = 0;

export interface BadgesPort {
  identity: string;
  clock: Clock;
  authorization: AuthorizationPort;
  /** Whether cars may charge at the charge point. */
  served: () => boolean;
  /** Who decides about badges. */
  mode: () => AuthorizationMode;
  /** Numbers of its connectors. */
  connectors: () => readonly number[];
}

/** An answer to a badge, with what is behind it. */
export interface BadgeAnswer {
  info: BadgeInfo;
  verdict: BadgeVerdict;
}

/** What one charge point is told of badges, and whether one waits for its transaction. */
export class Badges {
  readonly #port: BadgesPort;
  #waitsUntilMs = Number.NEGATIVE_INFINITY;
  /** Badges of charges that were started from here, with the time they hold. */
  readonly #remote = new Map<string, number>();

  constructor(port: BadgesPort) {
    this.#port = port;
  }

  /** Starts are to be looked up before they are decided about: a retry gets the answer of the first. */
  get selective(): boolean {
    const { mode, authorization, identity } = this.#port;
    return mode() !== "open" || authorization.hasBackEnd(identity);
  }

  /** A badge is shown before its transaction. The connector is known where there is only one. */
  show(idTag: string, nowMs: number): BadgeAnswer | Promise<BadgeAnswer> {
    const numbers = this.#port.connectors();
    const connector = numbers.length === 1 ? (numbers[0] ?? 0) : 0;
    return after(this.#ask("authorize", connector, idTag, null), (answer) => {
      if (answer.info.status === "Accepted") this.#waitsUntilMs = nowMs + AUTHORIZED_MS;
      return answer;
    });
  }

  /** A transaction began with a badge. Ends with `use`. */
  start(connector: number, idTag: string, startedWallMs: number): BadgeAnswer | Promise<BadgeAnswer> {
    return this.#ask("start", connector, idTag, Number.isFinite(startedWallMs) ? startedWallMs : null);
  }

  /** The start of a transaction is recorded, or could not be. */
  use(connector: number): void {
    this.#waitsUntilMs = Number.NEGATIVE_INFINITY;
    this.#port.authorization.settled(this.#port.identity, connector);
  }

  /** A retry of a start: the status it was given, with what holds of the badge now. */
  again(idTag: string, status: BadgeInfo["status"]): BadgeInfo {
    const { authorization, identity } = this.#port;
    const parentIdTag = authorization.badge(identity, idTag)?.parentIdTag ?? null;
    return this.#info({ status, parentIdTag, expiresWallMs: authorization.expiresWallMs(identity, idTag) });
  }

  /** A transaction ended with a badge. null = nothing is known of that badge. */
  stop(idTag: string): BadgeInfo | null {
    const { authorization, identity } = this.#port;
    if (this.selective && this.#port.served() && !authorization.badge(identity, idTag)) return null;
    const answer = this.#ask("stop", 0, idTag, null);
    return answer instanceof Promise ? null : answer.info;
  }

  /** Starts a transaction from here; once it is accepted, its badge need not be in a list for the charge that follows. */
  async startFromHere(idTag: string, send: () => Promise<Record<string, unknown>>): Promise<Record<string, unknown>> {
    const tag = canonicalTag(idTag);
    if (tag === "") return send();
    // Charging may be reported before the answer comes.
    this.#remote.set(tag, this.#port.clock.nowMs() + REMOTE_START_MS);
    const answer = await send().catch((error: unknown) => {
      this.#remote.delete(tag);
      throw error;
    });
    if (answer["status"] !== "Accepted") this.#remote.delete(tag);
    return answer;
  }

  /** An accepted badge waits for its transaction. */
  waiting(nowMs: number): boolean {
    return nowMs < this.#waitsUntilMs;
  }

  /** The priority class that a running transaction's badge brings; null = that of the connector. */
  priorityClass(idTag: string | undefined): number | null {
    if (idTag === undefined) return null;
    const badge = this.#port.authorization.badge(this.#port.identity, idTag);
    return badge?.type === "vip" && !badge.blocked ? VIP_CLASS : null;
  }

  #ask(
    reason: AuthorizationReason,
    connector: number,
    idTag: string,
    startedWallMs: number | null,
  ): BadgeAnswer | Promise<BadgeAnswer> {
    const { identity: chargePoint, authorization, mode, served } = this.#port;
    const startedFromHere = this.#isFromHere(idTag);
    const about = { reason, chargePoint, connector, idTag, startedWallMs, startedFromHere };
    const verdict = authorization.ask({ ...about, mode: mode(), served: served() });
    return after(verdict, (told) => ({ verdict: told, info: this.#info(told) }));
  }

  #isFromHere(idTag: string): boolean {
    const nowMs = this.#port.clock.nowMs();
    const sent = canonicalTag(idTag);
    for (const [tag, untilMs] of this.#remote) {
      if (untilMs <= nowMs) this.#remote.delete(tag);
      // Some charge points cut a long number, others add to it (lbbrhzn/ocpp 9fb32d0).
      else if (sent === tag || isPartOf(sent, tag) || isPartOf(tag, sent)) return true;
    }
    return false;
  }

  #info(told: Pick<BadgeVerdict, "status" | "parentIdTag" | "expiresWallMs">): BadgeInfo {
    const { status, parentIdTag, expiresWallMs } = told;
    const accepted = status === "Accepted";
    const cacheEndsMs = this.#port.clock.wallMs() + TAG_VALID_MS;
    const endsMs = accepted ? Math.min(expiresWallMs ?? cacheEndsMs, cacheEndsMs) : expiresWallMs;
    return {
      status,
      ...(endsMs !== null && (accepted || status === "Expired") && { expiryDate: isoTime(endsMs) }),
      ...(accepted && parentIdTag !== null && parentIdTag.length <= LONGEST_TAG && { parentIdTag }),
    };
  }
}

/** A number that was cut, or is the beginning of another; a few characters are that of many. */
function isPartOf(part: string, whole: string): boolean {
  return part.length >= SHORTEST_PART && whole.startsWith(part);
}

/** Goes on at once where it can. */
export function after<T, R>(value: T | Promise<T>, next: (value: T) => R): R | Promise<R> {
  return value instanceof Promise ? value.then(next) : next(value);
}
