import type { Clock } from "../clock.ts";
import { FrameRing } from "./frame-ring.ts";
import { type Direction, type LoggedMessage, Matcher, type MessageQuery } from "./message-search.ts";

/** Where frames go that are to outlive the process. `add` must be cheap and must not throw. */
export interface FrameSink {
  add(wallMs: number, chargePoint: string, direction: Direction, text: string): void;
}

/** Frames kept of each charge point. */
const MOST_FRAMES = 500;
/** Characters kept of one frame. */
const LONGEST_FRAME = 4096;
/** All together, in bytes; a charge point's share, at least. */
const MOST_BYTES = 64 * 1024 * 1024;
const SMALLEST_SHARE = 4096;
/** Charge points of which frames are kept; beyond, the one that connected the longest ago is forgotten. */
const MOST_CHARGE_POINTS = 10_000;
/** Rings searched before others get their turn. */
const RINGS_PER_TURN = 20;

export interface MessageLogLimits {
  mostFrames?: number;
  mostBytes?: number;
}

/**
 * The last 500 frames of each charge point, fewer where all of them together would take more than 64 MB. Keeping a frame
 * copies its bytes; passwords are taken out when frames are read.
 */
export class MessageLog {
  readonly #clock: Clock;
  readonly #mostFrames: number;
  readonly #mostBytes: number;
  readonly #rings = new Map<string, FrameRing>();
  #sink: FrameSink | null = null;
  #share = SMALLEST_SHARE;

  constructor(clock: Clock, { mostFrames = MOST_FRAMES, mostBytes = MOST_BYTES }: MessageLogLimits = {}) {
    this.#clock = clock;
    this.#mostFrames = mostFrames;
    this.#mostBytes = mostBytes;
  }

  /** Who gets every frame, too; null = nobody. */
  set sink(sink: FrameSink | null) {
    this.#sink = sink;
  }

  /** What keeps the frames of a charge point from now on. */
  of(chargePoint: string): (direction: Direction, text: string) => void {
    const ring = this.#rings.get(chargePoint) ?? new FrameRing();
    // The last to connect stands last.
    this.#rings.delete(chargePoint);
    this.#rings.set(chargePoint, ring);
    if (this.#rings.size > MOST_CHARGE_POINTS) this.#rings.delete(this.#rings.keys().next().value ?? "");
    this.#divide();
    return (direction, text) => {
      const wallMs = this.#clock.wallMs();
      const kept = text.length <= LONGEST_FRAME ? text : shortened(text);
      ring.add(direction === "in" ? wallMs : -wallMs, kept, this.#mostFrames, this.#share);
      this.#sink?.add(wallMs, chargePoint, direction, kept);
    };
  }

  /** The newest that match, oldest first. Searches in portions, so that charge points are answered meanwhile. */
  async find(query: MessageQuery): Promise<LoggedMessage[]> {
    const matcher = new Matcher(query);
    let searched = 0;
    for (const [chargePoint, ring] of [...this.#rings]) {
      if (!matcher.concerns(chargePoint)) continue;
      if (++searched % RINGS_PER_TURN === 0) await new Promise((resolve) => setImmediate(resolve));
      ring.each((time, text) => matcher.offer(Math.abs(time), chargePoint, time > 0 ? "in" : "out", text));
    }
    return matcher.found();
  }

  /** Sets every charge point's share; when their number has doubled, those that take more give it back. */
  #divide(): void {
    const count = this.#rings.size;
    this.#share = Math.max(SMALLEST_SHARE, Math.floor(this.#mostBytes / count));
    if ((count & (count - 1)) !== 0) return;
    for (const ring of this.#rings.values()) ring.shrink(this.#share);
  }
}

/** A copy: a slice would keep the whole frame alive. */
function shortened(text: string): string {
  return `${Buffer.from(text.slice(0, LONGEST_FRAME)).toString()}…`;
}
