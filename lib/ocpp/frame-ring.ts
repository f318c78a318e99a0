/** Time (8 bytes) and length (4) stand before each frame's text. */
const HEAD_BYTES = 12;
const FIRST_CAPACITY = 2048;

/**
 * The last frames of one charge point, oldest first, as bytes in a ring: keeping a frame leaves nothing to the garbage collector,
 * which would otherwise carry every frame around twice. Each frame comes with a number of the caller's.
 */
export class FrameRing {
  #bytes = Buffer.allocUnsafeSlow(FIRST_CAPACITY);
  /** Where the oldest frame stands and where the next one goes; from `#tail` to `#head`, or on to `#end` and from 0 to `#head`. */
  #tail = 0;
  #head = 0;
  #end: number | null = null;
  #count = 0;

  /** Keeps one more, and of the older ones what `mostFrames` and `mostBytes` leave room for. */
  add(mark: number, text: string, mostFrames: number, mostBytes: number): void {
    const length = Buffer.byteLength(text);
    const size = HEAD_BYTES + length;
    if (this.#count >= mostFrames) this.#dropOldest();
    while (!this.#fits(size)) {
      const capacity = this.#bytes.length;
      if (this.#count === 0 || capacity < mostBytes) this.#resize(Math.max(size, Math.min(2 * capacity, mostBytes)));
      else this.#dropOldest();
    }
    const at = this.#head;
    this.#bytes.writeDoubleLE(mark, at);
    this.#bytes.writeUInt32LE(length, at + 8);
    this.#bytes.write(text, at + HEAD_BYTES);
    this.#head = at + size;
    this.#count += 1;
  }

  /** Gives back what is above this size. */
  shrink(mostBytes: number): void {
    if (this.#bytes.length <= mostBytes) return;
    while (this.#used > mostBytes) this.#dropOldest();
    this.#resize(mostBytes);
  }

  each(visit: (mark: number, text: string) => void): void {
    let at = this.#tail;
    for (let index = 0; index < this.#count; index++) {
      const startsAt = at + HEAD_BYTES;
      const endsAt = startsAt + this.#bytes.readUInt32LE(at + 8);
      visit(this.#bytes.readDoubleLE(at), this.#bytes.toString("utf8", startsAt, endsAt));
      at = endsAt === this.#end ? 0 : endsAt;
    }
  }

  get #used(): number {
    return this.#end === null ? this.#head - this.#tail : this.#end - this.#tail + this.#head;
  }

  /** Whether so many bytes are free at `#head`, which goes back to the beginning where they are free there. */
  #fits(size: number): boolean {
    if (this.#end !== null) return this.#head + size <= this.#tail;
    if (this.#head + size <= this.#bytes.length) return true;
    if (size > this.#tail) return false;
    this.#end = this.#head;
    this.#head = 0;
    return true;
  }

  #dropOldest(): void {
    this.#tail += HEAD_BYTES + this.#bytes.readUInt32LE(this.#tail + 8);
    this.#count -= 1;
    if (this.#tail === this.#end) {
      this.#tail = 0;
      this.#end = null;
    }
    if (this.#count === 0) this.#tail = this.#head = 0;
  }

  #resize(capacity: number): void {
    const bytes = Buffer.allocUnsafeSlow(capacity);
    const copied = this.#bytes.copy(bytes, 0, this.#tail, this.#end ?? this.#head);
    const wrapped = this.#end === null ? 0 : this.#bytes.copy(bytes, copied, 0, this.#head);
    this.#bytes = bytes;
    this.#tail = 0;
    this.#head = copied + wrapped;
    this.#end = null;
  }
}
