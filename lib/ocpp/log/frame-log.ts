/**
 * Before each frame's text: mark and bytes that its source had added before it (8 each), source, its place, ordinal and length (4 each).
 */
const HEAD_BYTES = 32;
const BEFORE_AT = 8;
const SOURCE_AT = 16;
const PLACE_AT = 20;
const ORDINAL_AT = 24;
const LENGTH_AT = 28;
/** Bytes a character takes at most. */
const CHAR_BYTES = 3;
const MOST_BLOCK_BYTES = 256 * 1024;
const FEWEST_BLOCKS = 8;

/** Whose frames they are; made by `FrameLog.source`. */
export interface FrameSource {
  readonly number: number;
  /** Where its counts stand; free for another one once it is forgotten. */
  readonly place: number;
}

/** What sources have added, side by side: it is asked for with each frame that is given up. */
class Counts {
  /** Source at each place; 0 = free. */
  numbers = new Uint32Array(64);
  frames = new Uint32Array(64);
  bytes = new Float64Array(64);
  readonly #free: number[] = [];
  #used = 0;
  #lastNumber = 0;

  get size(): number {
    return this.#used - this.#free.length;
  }

  add(): FrameSource {
    const place = this.#free.pop() ?? this.#used++;
    if (place >= this.numbers.length) this.#grow();
    const number = ++this.#lastNumber;
    this.numbers[place] = number;
    this.frames[place] = 0;
    this.bytes[place] = 0;
    return { number, place };
  }

  remove({ number, place }: FrameSource): void {
    if (this.numbers[place] !== number) return;
    this.numbers[place] = 0;
    this.#free.push(place);
  }

  #grow(): void {
    const size = 2 * this.numbers.length;
    const { numbers, frames, bytes } = this;
    this.numbers = new Uint32Array(size);
    this.frames = new Uint32Array(size);
    this.bytes = new Float64Array(size);
    this.numbers.set(numbers);
    this.frames.set(frames);
    this.bytes.set(bytes);
  }
}

/** Frames in the order of their arrival, but for those that were carried over from a block that was given up. */
interface Block {
  bytes: Buffer;
  view: DataView;
  endsAt: number;
}

/** Where a frame stands. */
interface FramePosition {
  block: Block;
  at: number;
  ordinal: number;
}

export interface FrameLogLimits {
  /** Characters of one frame. */
  longestFrame: number;
  /** Frames kept of each source. */
  mostFrames: number;
  /** All together; of one source, its part of half of it is kept in any case. */
  mostBytes: number;
}

/**
 * The last frames of many sources, written one behind the other into the same memory: a ring for each source would have every
 * frame go to another corner of it, and waiting for that memory took longer than all else that is done with a frame. When the memory is
 * full, the oldest block is written anew; what its sources may still keep is carried over, so that a source that floods costs the
 * others nothing.
 */
export class FrameLog {
  readonly #limits: FrameLogLimits;
  readonly #blockBytes: number;
  readonly #counts = new Counts();
  /** Oldest first; the last one is written to. */
  #blocks: Block[] = [];
  #spare: Block | null = null;
  #readers = 0;

  constructor(limits: FrameLogLimits) {
    this.#limits = limits;
    const longest = HEAD_BYTES + CHAR_BYTES * limits.longestFrame;
    this.#blockBytes = Math.max(2 * longest, Math.min(MOST_BLOCK_BYTES, Math.floor(limits.mostBytes / FEWEST_BLOCKS)));
  }

  /** Memory it occupies. */
  get bytes(): number {
    return (this.#blocks.length + (this.#spare ? 1 : 0)) * this.#blockBytes;
  }

  source(): FrameSource {
    return this.#counts.add();
  }

  /** What it added is kept no longer, and it adds nothing more. */
  forget(source: FrameSource): void {
    this.#counts.remove(source);
  }

  /** Keeps a frame that is not longer than allowed, with a number of the caller's. */
  add({ number, place }: FrameSource, mark: number, text: string): void {
    const { numbers, frames, bytes } = this.#counts;
    if (numbers[place] !== number) return;
    const block = this.#room(HEAD_BYTES + CHAR_BYTES * text.length);
    const { view, endsAt: at } = block;
    const length = block.bytes.write(text, at + HEAD_BYTES);
    view.setFloat64(at, mark);
    view.setFloat64(at + BEFORE_AT, bytes[place]!);
    view.setUint32(at + SOURCE_AT, number);
    view.setUint32(at + PLACE_AT, place);
    view.setUint32(at + ORDINAL_AT, frames[place]!);
    view.setUint32(at + LENGTH_AT, length);
    block.endsAt = at + HEAD_BYTES + length;
    frames[place]! += 1;
    bytes[place]! += HEAD_BYTES + length;
  }

  /** What is there now of some sources, each one's frames oldest first; read while more is added. End it with `close`. */
  read(sources: readonly FrameSource[]): FrameReading {
    const wanted = new Map(sources.map((source) => [source.number, [] as FramePosition[]]));
    for (const block of this.#blocks) {
      for (let at = 0; at < block.endsAt; at = endOf(block, at)) {
        const places = wanted.get(block.view.getUint32(at + SOURCE_AT));
        if (places && this.#isRecent(block, at))
          places.push({ block, at, ordinal: block.view.getUint32(at + ORDINAL_AT) });
      }
    }
    this.#readers += 1;
    return new FrameReading(wanted, () => {
      this.#readers -= 1;
    });
  }

  /** The block for so many bytes more. */
  #room(size: number): Block {
    for (;;) {
      const head = this.#blocks.at(-1);
      if (head && head.endsAt + size <= this.#blockBytes) return head;
      this.#nextBlock();
    }
  }

  #nextBlock(): void {
    const [oldest] = this.#blocks;
    // One more to write to, and one to spare.
    const full = (this.#blocks.length + 2) * this.#blockBytes > this.#limits.mostBytes;
    const kept = oldest ? this.#kept(oldest) : [];
    const keptBytes = kept.reduce((sum, at) => sum + endOf(oldest!, at) - at, 0);
    if (!oldest || (!full && (this.#blocks.length < 2 || keptBytes > this.#blockBytes / 2))) {
      this.#blocks.push(this.#emptyBlock());
      return;
    }
    const next = this.#emptyBlock();
    for (const at of kept) carryOver(oldest, at, next);
    this.#blocks.shift();
    this.#blocks.push(next);
    // What is being read stays as it is.
    if (this.#readers === 0) this.#spare = oldest;
  }

  #emptyBlock(): Block {
    const spare = this.#spare;
    this.#spare = null;
    if (spare) return Object.assign(spare, { endsAt: 0 });
    const bytes = Buffer.allocUnsafeSlow(this.#blockBytes);
    return { bytes, view: new DataView(bytes.buffer), endsAt: 0 };
  }

  /** Where in a block frames begin that outlive it. */
  #kept(block: Block): number[] {
    const shareBytes = this.#limits.mostBytes / 2 / Math.max(1, this.#counts.size);
    const { bytes } = this.#counts;
    const kept: number[] = [];
    for (let at = 0; at < block.endsAt; at = endOf(block, at)) {
      if (!this.#isRecent(block, at)) continue;
      const added = bytes[block.view.getUint32(at + PLACE_AT)]!;
      if (added - block.view.getFloat64(at + BEFORE_AT) <= shareBytes) kept.push(at);
    }
    return kept;
  }

  #isRecent({ view }: Block, at: number): boolean {
    const { numbers, frames } = this.#counts;
    const place = view.getUint32(at + PLACE_AT);
    if (numbers[place] !== view.getUint32(at + SOURCE_AT)) return false;
    return frames[place]! - view.getUint32(at + ORDINAL_AT) <= this.#limits.mostFrames;
  }
}

/** Frames found in a log at one moment. */
export class FrameReading {
  readonly #found: ReadonlyMap<number, FramePosition[]>;
  readonly #done: () => void;

  /** @param done called when it is closed */
  constructor(found: ReadonlyMap<number, FramePosition[]>, done: () => void) {
    this.#found = found;
    this.#done = done;
  }

  /** Those of one source, oldest first. */
  each({ number }: FrameSource, visit: (mark: number, text: string) => void): void {
    const places = (this.#found.get(number) ?? []).sort((a, b) => a.ordinal - b.ordinal);
    // A frame that was carried over may have outlived a newer one.
    const gapAt = places.findLastIndex(({ ordinal }, index) => index > 0 && places[index - 1]!.ordinal !== ordinal - 1);
    for (const { block, at } of places.slice(Math.max(0, gapAt))) {
      visit(block.view.getFloat64(at), block.bytes.toString("utf8", at + HEAD_BYTES, endOf(block, at)));
    }
  }

  close(): void {
    this.#done();
  }
}

function endOf({ view }: Block, at: number): number {
  return at + HEAD_BYTES + view.getUint32(at + LENGTH_AT);
}

function carryOver(from: Block, at: number, to: Block): void {
  to.endsAt += from.bytes.copy(to.bytes, to.endsAt, at, endOf(from, at));
}
