import type { Dialect, FormFrame, FrameForm } from "../dialect.ts";

/** Forms of one connection: meter values at the clock, in a transaction and beside one have words of their own. */
const MOST_OF_ONE = 4;
/** Forms of all connections. Each takes some 20 kB with its compiled expression; none is given up, so that nobody can drive out another's. */
const MOST_OF_ALL = 256;

/** Forms of all connections, by key: charge points of one model have the same words. */
const SHARED = new Map<string, FrameForm>();

/** What a form says of a frame. */
export interface RepeatedFrame extends FormFrame {
  readonly type: "call";
  readonly action: string;
}

/** Reads the frames of one peer that repeat the words of an earlier one. */
export class RepeatedFrames {
  readonly #dialect: Dialect;
  readonly #shared: Map<string, FrameForm>;
  /** The one that was used last first. */
  #forms: FrameForm[] = [];
  /** Frames that might have had a form and had none, and at how many of them the next one is learnt: a peer that never repeats itself costs little. */
  #unread = 0;
  #learnsAt = 1;

  /** @param shared with other connections */
  constructor(dialect: Dialect, shared = SHARED) {
    this.#dialect = dialect;
    this.#shared = shared;
  }

  /** What a frame says, exactly as the specification has it; null = it has to be parsed and checked. */
  read(text: string): RepeatedFrame | null {
    const forms = this.#forms;
    for (let at = 0; at < forms.length; at++) {
      const form = forms[at]!;
      if (text.length < form.leastLength) continue;
      const frame = form.read(text);
      if (!frame) continue;
      if (at > 0) this.#forms = [form, ...forms.filter((other) => other !== form)];
      return { type: "call", action: form.action, id: frame.id, payload: frame.payload };
    }
    return null;
  }

  /** A CALL was accepted that no form has read. */
  learn(action: string, text: string): void {
    if (!this.#dialect.repeats.has(action)) return;
    this.#unread += 1;
    if (this.#unread < this.#learnsAt) return;
    this.#learnsAt = 2 * this.#unread;
    const form = this.#dialect.formOf(action, text);
    if (!form) return;
    const known = this.#shared.get(form.key);
    if (!known && this.#shared.size >= MOST_OF_ALL) return;
    if (!known) this.#shared.set(form.key, form);
    this.#forms = [known ?? form, ...this.#forms].slice(0, MOST_OF_ONE);
  }
}
