/** A demand limit: the mean power over a window stays below it. Pure; times are monotonic. */
import type { JsonValue } from "../../units.ts";

export interface DemandLimit {
  limitW: number;
  windowS: number;
}

/** A piece of the past. */
interface Piece {
  /** When it began, and how long it was, ms. */
  startMs: number;
  ms: number;
  /** Energy in W × ms. */
  energy: number;
}

/** A window is kept in so many pieces; the oldest counts whole until it has passed. */
const PIECES = 90;
/** So much of the limit is left for loads that nobody foresees. */
const RESERVE = 0.02;
/** Until chargers and cars have followed, the load stays what it is: half a minute of a quarter of an hour, as a part of the window. */
const REACTION = 1 / 30;
/** What is allowed now can be kept up for this part of the window. */
const HORIZON = 0.5;
/** The most that is allowed for a while, as a multiple of the limit. */
const MOST = 1.5;
/** Without a reading for this long the load is not known, ms. */
const SILENT_MS = 60_000;

/**
 * Follows the load of a zone and says how much it may draw now. A moment of the past that nothing is known of counts with the limit, or
 * with the last reading where that is higher (S4).
 */
export class PeakWindow {
  readonly limit: DemandLimit;
  readonly #pieceMs: number;
  readonly #windowMs: number;
  readonly #reactionMs: number;
  #pieces: Piece[];
  #last: { atMs: number; powerW: number };
  /** When the window began; null = it slides. */
  #beganMs: number | null = null;

  /** @param saved what `save` gave */
  constructor(limit: DemandLimit, nowMs: number, saved: JsonValue = null) {
    this.limit = limit;
    this.#windowMs = limit.windowS * 1000;
    this.#pieceMs = this.#windowMs / PIECES;
    this.#reactionMs = this.#windowMs * REACTION;
    this.#last = { atMs: nowMs, powerW: limit.limitW };
    const known = readSaved(saved, limit, nowMs);
    this.#pieces = known?.pieces ?? [];
    if (!known) {
      this.#last.atMs = nowMs - this.#windowMs;
      this.#advance(nowMs, limit.limitW);
      this.#last.atMs = nowMs;
      return;
    }
    this.#beganMs = known.beganMs;
    this.#last = { atMs: known.atMs, powerW: Math.max(limit.limitW, known.powerW) };
    this.#advance(nowMs, this.#last.powerW);
    this.#last = { atMs: nowMs, powerW: known.powerW };
  }

  /** A reading: it holds until the next. */
  read(powerW: number, nowMs: number): void {
    this.look(nowMs);
    this.#last = { atMs: nowMs, powerW };
  }

  /** Time has passed without a reading. */
  look(nowMs: number): void {
    const { atMs, powerW } = this.#last;
    if (nowMs <= atMs) return;
    const end = this.#endMs;
    const knownMs = Math.min(nowMs, Math.max(end, atMs + SILENT_MS));
    if (knownMs > end) this.#advance(knownMs, powerW);
    if (nowMs > knownMs) this.#advance(nowMs, Math.max(powerW, this.limit.limitW));
  }

  /** The supplier's clock begins a window now: from here on windows follow one another, and the present one counts. */
  pulse(nowMs: number): void {
    this.look(nowMs);
    this.#beganMs = nowMs;
  }

  get isAligned(): boolean {
    return this.#beganMs !== null;
  }

  /** Mean of the present window so far; of a sliding one the last window, W. */
  meanW(nowMs: number): number {
    this.look(nowMs);
    const sinceMs = this.#beganAt(nowMs) ?? nowMs - this.#windowMs;
    const energy = this.#pieces.reduce((sum, piece) => sum + piece.energy * shareSince(piece, sinceMs), 0);
    return energy / (this.#beganMs === null ? this.#windowMs : Math.max(1, nowMs - sinceMs));
  }

  /**
   * What the zone may draw now, W. Kept up for half a window, and with the other consumers drawing `othersW` after that, the mean stays
   * below the limit in every window that is still to come. @param othersNowW what the other consumers draw now; they may draw
   * `othersW` before the cars have followed
   */
  allowedW(nowMs: number, othersW: number, othersNowW = 0): number {
    this.look(nowMs);
    const { limitW } = this.limit;
    const wholeWindow = limitW * (1 - RESERVE) * this.#windowMs;
    const restW = Math.min(limitW * (1 - RESERVE), Math.max(0, othersW));
    // What the others may draw more before the cars have followed.
    const leapW = Math.max(0, restW - othersNowW);
    const begin = this.#beganAt(nowMs);
    const leastW =
      begin === null
        ? this.#slidingW(nowMs, wholeWindow - (this.#last.powerW + leapW) * this.#reactionMs, restW)
        : this.#alignedW(nowMs, begin, wholeWindow, restW, leapW);
    return Math.max(0, Math.min(MOST * limitW, leastW));
  }

  /** For `saved`; times as ages, because a restart begins another clock. */
  save(nowMs: number, wallMs: number): JsonValue {
    return {
      limitW: this.limit.limitW,
      windowS: this.limit.windowS,
      wallMs,
      powerW: this.#last.powerW,
      beganAgoMs: this.#beganMs === null ? null : nowMs - this.#beganMs,
      pieces: this.#pieces.map(({ startMs, ms, energy }) => [
        Math.round(nowMs - startMs),
        Math.round(ms),
        Math.round(energy),
      ]),
    };
  }

  /** The window that is on now began then; null = it slides. */
  #beganAt(nowMs: number): number | null {
    if (this.#beganMs === null) return null;
    return this.#beganMs + Math.floor((nowMs - this.#beganMs) / this.#windowMs) * this.#windowMs;
  }

  /** The least that each window allows which ends before the present moment has left it. */
  #slidingW(nowMs: number, room: number, restW: number): number {
    const horizonMs = HORIZON * this.#windowMs;
    let least = Number.POSITIVE_INFINITY;
    let kept = this.#pieces.reduce((sum, piece) => sum + piece.energy, 0);
    // Whatever has made it exceed, no car adds to it.
    if (kept > this.limit.limitW * this.#windowMs) return 0;
    const look = (afterMs: number) => {
      least = Math.min(least, this.#constantW(afterMs, horizonMs, room - kept, restW));
    };
    // Just before a piece leaves the window there is least room.
    for (const { startMs, ms, energy } of this.#pieces) {
      look(startMs + ms + this.#windowMs - nowMs);
      kept -= energy;
    }
    look(horizonMs);
    look(this.#windowMs);
    return least;
  }

  /** Cars may also follow sooner, and in the last moments of a window that counts. */
  #alignedW(nowMs: number, beganMs: number, wholeWindow: number, restW: number, leapW: number): number {
    const leftMs = beganMs + this.#windowMs - nowMs;
    const used = this.#pieces.reduce((sum, piece) => sum + piece.energy * shareSince(piece, beganMs), 0);
    const room = wholeWindow - used;
    const horizonMs = Math.min(leftMs, HORIZON * this.#windowMs);
    const afterReactionW = this.#constantW(
      leftMs,
      horizonMs,
      room - (this.#last.powerW + leapW) * this.#reactionMs,
      restW,
    );
    const atOnceW =
      (room - restW * (leftMs - horizonMs)) / Math.max(1, horizonMs) - (leftMs < 2 * this.#reactionMs ? leapW : 0);
    return Math.min(afterReactionW, atOnceW);
  }

  /** The power that may begin once cars have followed, when so much energy is left for the time until `afterMs`. */
  #constantW(afterMs: number, horizonMs: number, room: number, restW: number): number {
    const own = Math.min(afterMs, horizonMs) - this.#reactionMs;
    if (own <= 0) return Number.POSITIVE_INFINITY;
    const later = restW * Math.max(0, afterMs - horizonMs);
    return (room - later) / own;
  }

  get #endMs(): number {
    const last = this.#pieces.at(-1);
    return last ? last.startMs + last.ms : this.#last.atMs;
  }

  /** The load was this until then. */
  #advance(toMs: number, powerW: number): void {
    let atMs = this.#endMs;
    // Longer than a window ago nothing counts.
    if (toMs - atMs > this.#windowMs) {
      atMs = toMs - this.#windowMs;
      this.#pieces = [];
    }
    while (atMs < toMs) {
      const last = this.#pieces.at(-1);
      if (!last || last.ms >= this.#pieceMs) this.#pieces.push({ startMs: atMs, ms: 0, energy: 0 });
      const piece = this.#pieces.at(-1)!;
      const ms = Math.min(toMs - atMs, this.#pieceMs - piece.ms);
      piece.ms += ms;
      piece.energy += Math.max(0, powerW) * ms;
      atMs = ms > 0 ? atMs + ms : toMs;
    }
    const first = this.#pieces.findIndex(({ startMs, ms }) => startMs + ms > toMs - this.#windowMs);
    if (first > 0) this.#pieces.splice(0, first);
  }
}

/** How much of a piece lies after a moment. */
function shareSince({ startMs, ms }: Piece, sinceMs: number): number {
  if (startMs >= sinceMs || ms === 0) return 1;
  return Math.max(0, (startMs + ms - sinceMs) / ms);
}

/** What was saved, on the clock of now; null where it is of another limit, or cannot be read. */
function readSaved(saved: JsonValue, { limitW, windowS }: DemandLimit, nowMs: number) {
  if (typeof saved !== "object" || saved === null || Array.isArray(saved)) return null;
  const { pieces, agoMs, powerW, beganAgoMs, limitW: oldW, windowS: oldS } = saved;
  if (oldS !== windowS || oldW !== limitW || !Array.isArray(pieces)) return null;
  if (typeof agoMs !== "number" || agoMs < 0 || typeof powerW !== "number") return null;
  const atMs = nowMs - agoMs;
  const read = pieces.filter((piece) => Array.isArray(piece) && piece.every((value) => typeof value === "number"));
  return {
    atMs,
    powerW,
    beganMs: typeof beganAgoMs === "number" ? atMs - beganAgoMs : null,
    pieces: (read as number[][]).map(([ago = 0, ms = 0, energy = 0]): Piece => ({ startMs: atMs - ago, ms, energy })),
  };
}
