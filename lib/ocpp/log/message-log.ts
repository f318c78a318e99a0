import type { Clock } from "../../clock.ts";
import { FrameLog, type FrameSource } from "./frame-log.ts";
import { type Direction, type LoggedMessage, Matcher, type MessageQuery } from "./message-search.ts";

/** Where frames go that are to outlive the process. `add` must be cheap and must not throw. */
export interface FrameSink {
  add(wallMs: number, chargePoint: string, direction: Direction, text: string): void;
}

/** Frames kept of each charge point. */
const MOST_FRAMES = 500;
/** Characters kept of one frame. */
const LONGEST_FRAME = 4096;
/** All together, in bytes. */
const MOST_BYTES = 64 * 1024 * 1024;
/** How many charge points have their frames kept. Beyond that, the charge point that connected the longest ago is forgotten. */
const MOST_CHARGE_POINTS = 10_000;
/** How many of them may be unknown charge points. Beyond that, the unknown one that connected the longest ago is forgotten. */
const MOST_STRANGERS = 200;
/** Frames looked at before others get their turn. */
const FRAMES_PER_TURN = 500;

export interface MessageLogLimits {
  mostFrames?: number;
  mostBytes?: number;
}

/**
 * The last 500 frames of each charge point, fewer where all of them together would take more than 64 MB; then of each at least
 * its part of half of that. Keeping a frame copies its bytes; passwords are taken out when frames are read.
 */
export class MessageLog {
  readonly #clock: Clock;
  readonly #frames: FrameLog;
  readonly #sources = new Map<string, FrameSource>();
  /** Names among the sources, the last to connect last. */
  readonly #strangers = new Set<string>();
  #sink: FrameSink | null = null;

  constructor(clock: Clock, { mostFrames = MOST_FRAMES, mostBytes = MOST_BYTES }: MessageLogLimits = {}) {
    this.#clock = clock;
    // A frame that is cut ends with one character more.
    this.#frames = new FrameLog({ longestFrame: LONGEST_FRAME + 1, mostFrames, mostBytes });
  }

  /** Called with every frame, too; null = no such function. */
  set sink(sink: FrameSink | null) {
    this.#sink = sink;
  }

  /**
   * What keeps the frames of a charge point from now on.
   * @param isStranger it is unknown: however many names unknown charge points invent, they take no room from the known ones
   */
  of(chargePoint: string, isStranger = false): (direction: Direction, text: string) => void {
    const source = this.#sources.get(chargePoint) ?? this.#frames.source();
    // The last to connect stands last.
    this.#sources.delete(chargePoint);
    this.#sources.set(chargePoint, source);
    this.#strangers.delete(chargePoint);
    if (isStranger) this.#strangers.add(chargePoint);
    if (this.#strangers.size > MOST_STRANGERS) this.#forgetOldest(this.#strangers);
    if (this.#sources.size > MOST_CHARGE_POINTS) this.#forgetOldest(this.#sources.keys());
    return (direction, text) => {
      const wallMs = this.#clock.wallMs();
      const kept = text.length <= LONGEST_FRAME ? text : shortened(text);
      this.#frames.add(source, direction === "in" ? wallMs : -wallMs, kept);
      this.#sink?.add(wallMs, chargePoint, direction, kept);
    };
  }

  /** The newest that match, oldest first. Searches in portions, so that charge points are answered meanwhile. */
  async find(query: MessageQuery): Promise<LoggedMessage[]> {
    const matcher = new Matcher(query);
    const concerned = [...this.#sources].filter(([chargePoint]) => matcher.concerns(chargePoint));
    const reading = this.#frames.read(concerned.map(([, source]) => source));
    let looked = 0;
    try {
      for (const [chargePoint, source] of concerned) {
        reading.each(source, (time, text) => {
          looked += 1;
          matcher.offer(Math.abs(time), chargePoint, time > 0 ? "in" : "out", text);
        });
        if (looked < FRAMES_PER_TURN) continue;
        looked = 0;
        await new Promise((resolve) => setImmediate(resolve));
      }
    } finally {
      reading.close();
    }
    return matcher.found();
  }

  #forgetOldest(names: Iterable<string>): void {
    const [oldest] = names;
    const source = oldest === undefined ? undefined : this.#sources.get(oldest);
    if (oldest === undefined || !source) return;
    this.#sources.delete(oldest);
    this.#strangers.delete(oldest);
    this.#frames.forget(source);
  }
}

/** A copy: a slice would keep the whole frame alive. */
function shortened(text: string): string {
  return `${Buffer.from(text.slice(0, LONGEST_FRAME)).toString()}…`;
}
