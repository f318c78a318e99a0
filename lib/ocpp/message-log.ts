import type { Clock } from "../clock.ts";
import { type Direction, type LoggedMessage, Matcher, type MessageQuery } from "./message-search.ts";

/** Where frames go that are to outlive the process. `add` must be cheap and must not throw. */
export interface FrameSink {
  add(wallMs: number, chargePoint: string, direction: Direction, text: string): void;
}

/** Frames kept of each charge point. */
const MOST_FRAMES = 500;
/** Characters kept of one frame. */
const LONGEST_FRAME = 4096;
/** What one frame costs beside its characters. */
const FRAME_OVERHEAD = 48;
/** All together, in characters (a byte each, unless beyond Latin-1); a charge point's share, at least. */
const MOST_CHARACTERS = 64 * 1024 * 1024;
const SMALLEST_SHARE = 4096;
/** Charge points of which frames are kept; beyond, the one that connected the longest ago is forgotten. */
const MOST_CHARGE_POINTS = 10_000;
/** Rings searched before others get their turn. */
const RINGS_PER_TURN = 20;

export interface MessageLogLimits {
  mostFrames?: number;
  mostCharacters?: number;
}

/**
 * The last 500 frames of each charge point, fewer where all of them together would take more than 64 MB. Keeping a frame is a
 * push; passwords are taken out when frames are read.
 */
export class MessageLog {
  readonly #clock: Clock;
  readonly #mostFrames: number;
  readonly #mostCharacters: number;
  readonly #rings = new Map<string, Ring>();
  #sink: FrameSink | null = null;
  #share = SMALLEST_SHARE;

  constructor(clock: Clock, { mostFrames = MOST_FRAMES, mostCharacters = MOST_CHARACTERS }: MessageLogLimits = {}) {
    this.#clock = clock;
    this.#mostFrames = mostFrames;
    this.#mostCharacters = mostCharacters;
  }

  /** Who gets every frame, too; null = nobody. */
  set sink(sink: FrameSink | null) {
    this.#sink = sink;
  }

  /** What keeps the frames of a charge point from now on. */
  of(chargePoint: string): (direction: Direction, text: string) => void {
    const ring = this.#rings.get(chargePoint) ?? new Ring();
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
    this.#share = Math.max(SMALLEST_SHARE, Math.floor(this.#mostCharacters / count));
    if ((count & (count - 1)) !== 0) return;
    for (const ring of this.#rings.values()) ring.shrink(this.#mostFrames, this.#share);
  }
}

/** Frames of one charge point, oldest first. */
class Ring {
  /** Wall time; negative = sent by us. */
  #times: number[] = [];
  #texts: string[] = [];
  #first = 0;
  #characters = 0;

  add(time: number, text: string, mostFrames: number, mostCharacters: number): void {
    this.#times.push(time);
    this.#texts.push(text);
    this.#characters += text.length + FRAME_OVERHEAD;
    this.shrink(mostFrames, mostCharacters);
  }

  shrink(mostFrames: number, mostCharacters: number): void {
    const texts = this.#texts;
    const last = texts.length - 1;
    while (this.#first < last && (texts.length - this.#first > mostFrames || this.#characters > mostCharacters)) {
      this.#characters -= (texts[this.#first]?.length ?? 0) + FRAME_OVERHEAD;
      texts[this.#first++] = "";
    }
    if (this.#first < 64 || this.#first * 4 < texts.length) return;
    this.#times = this.#times.slice(this.#first);
    this.#texts = texts.slice(this.#first);
    this.#first = 0;
  }

  each(visit: (time: number, text: string) => void): void {
    for (let index = this.#first; index < this.#texts.length; index++)
      visit(this.#times[index] ?? 0, this.#texts[index] ?? "");
  }
}

/** A copy: a slice would keep the whole frame alive. */
function shortened(text: string): string {
  return `${Buffer.from(text.slice(0, LONGEST_FRAME)).toString()}…`;
}
