import { type Clock, isoTime } from "../clock.ts";
import { record, text } from "../fields.ts";
import type { AuthorizationStatus, BackEndWord } from "../session/badges/authorize.ts";
import { canonicalTag } from "../session/badges/badge.ts";
import type { Store } from "../store/types.ts";
import type { JsonValue } from "../units.ts";

/** A back end answers within this, else an earlier answer counts, ms. */
export const ANSWER_MS = 3000;
/** An answer to a badge that was shown holds for the charge that begins with it, ms. */
const FRESH_MS = 120_000;
/** An earlier answer counts for so long, ms. */
const KEPT_MS = 30 * 86_400_000;
/** The same answer is written anew after so long only, ms. */
const REWRITTEN_MS = 86_400_000;
const MOST_KEPT = 500;

const STATUSES: readonly AuthorizationStatus[] = ["Accepted", "Blocked", "Expired", "Invalid", "ConcurrentTx"];

/** One answer as it is kept. */
interface KeptAnswer {
  status: AuthorizationStatus;
  parentIdTag: string | null;
  expiresWallMs: number | null;
  wallMs: number;
}

type Answer = Omit<KeptAnswer, "wallMs">;

/** What one back end has answered about badges, for the times in which it does not answer. Numbers only, never whose they are. */
export class BadgeAnswers {
  readonly #document: string;
  readonly #store: Pick<Store, "document" | "saveDocument">;
  readonly #clock: Clock;
  /** By number, the newest last. */
  readonly #kept: Map<string, KeptAnswer>;
  /** Monotonic time of the answers of this process. */
  readonly #heardMs = new Map<string, number>();

  constructor(backEnd: string, store: Pick<Store, "document" | "saveDocument">, clock: Clock) {
    this.#document = `upstream/${backEnd}/badges`;
    this.#store = store;
    this.#clock = clock;
    this.#kept = restored(store.document(this.#document));
  }

  /**
   * What it says of a badge. @param send asks it; null = it cannot be asked now @returns null where there is no word of it
   */
  async ask(
    idTag: string,
    reason: "authorize" | "start",
    send: () => Promise<Record<string, unknown>> | null,
  ): Promise<BackEndWord | null> {
    const heardMs = this.#heardMs.get(canonicalTag(idTag));
    const isFresh = heardMs !== undefined && this.#clock.nowMs() - heardMs < FRESH_MS;
    if (reason === "start" && isFresh) return this.#word(idTag, false);
    const asked = send()?.then(
      ({ idTagInfo }) => this.keep(idTag, idTagInfo) !== null,
      () => false,
    );
    const isAnswered = asked !== undefined && (await this.#within(asked));
    return this.#word(idTag, !isAnswered);
  }

  /** Keeps what it said. @param idTagInfo as it came @returns null where that says nothing */
  keep(idTag: string, idTagInfo: unknown): Answer | null {
    const answer = readAnswer(idTagInfo);
    if (!answer) return null;
    const tag = canonicalTag(idTag);
    const before = this.#kept.get(tag);
    const wallMs = this.#clock.wallMs();
    this.#heardMs.set(tag, this.#clock.nowMs());
    if (before && isSame(before, answer) && Math.abs(wallMs - before.wallMs) < REWRITTEN_MS) return answer;
    this.#kept.delete(tag);
    this.#kept.set(tag, { ...answer, wallMs });
    for (const [oldest] of this.#kept) {
      if (this.#kept.size <= MOST_KEPT) break;
      this.#kept.delete(oldest);
      this.#heardMs.delete(oldest);
    }
    this.#store.saveDocument(this.#document, Object.fromEntries(this.#kept) as unknown as JsonValue);
    return answer;
  }

  #word(idTag: string, isEarlier: boolean): BackEndWord | null {
    const kept = this.#kept.get(canonicalTag(idTag));
    const nowMs = this.#clock.wallMs();
    if (!kept || (isEarlier && nowMs - kept.wallMs > KEPT_MS)) return null;
    const { status, parentIdTag, expiresWallMs } = kept;
    const isOver = status === "Accepted" && expiresWallMs !== null && expiresWallMs <= nowMs;
    // That it charged elsewhere was so at that time.
    if (isEarlier && status === "ConcurrentTx") return { status: "Accepted", parentIdTag, expiresWallMs, isEarlier };
    return { status: isOver ? "Expired" : status, parentIdTag, expiresWallMs, isEarlier };
  }

  #within(asked: Promise<boolean>): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = this.#clock.setTimeout(() => resolve(false), ANSWER_MS);
      void asked.then((isAnswered) => {
        this.#clock.clear(timer);
        resolve(isAnswered);
      });
    });
  }
}

function readAnswer(idTagInfo: unknown): Answer | null {
  const { status, parentIdTag, expiryDate } = record(idTagInfo);
  const known = STATUSES.find((one) => one === status);
  if (!known) return null;
  const expiresWallMs = typeof expiryDate === "string" ? Date.parse(expiryDate) : Number.NaN;
  return {
    status: known,
    parentIdTag: text(parentIdTag) ?? null,
    expiresWallMs: Number.isFinite(expiresWallMs) ? expiresWallMs : null,
  };
}

function isSame(one: Answer, other: Answer): boolean {
  const { status, parentIdTag, expiresWallMs } = other;
  return one.status === status && one.parentIdTag === parentIdTag && one.expiresWallMs === expiresWallMs;
}

function restored(stored: JsonValue | undefined): Map<string, KeptAnswer> {
  const entries = Object.entries(record(stored)).flatMap(([tag, one]): [string, KeptAnswer][] => {
    const { wallMs, expiresWallMs, ...info } = record(one);
    const expiryDate = typeof expiresWallMs === "number" ? isoTime(expiresWallMs) : null;
    const answer = readAnswer({ ...info, expiryDate });
    return answer && typeof wallMs === "number" ? [[tag, { ...answer, wallMs }]] : [];
  });
  return new Map(entries.toSorted(([, one], [, other]) => one.wallMs - other.wallMs));
}
