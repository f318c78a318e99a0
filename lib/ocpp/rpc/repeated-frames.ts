import type { Dialect, FrameTemplate } from "../dialect.ts";
import type { MessageId } from "./frame.ts";

/** A charge point's meter values at the clock, in a transaction and beside one have words of their own: a connection has so many templates. */
const MOST_OF_ONE = 4;
/** Of all connections; each takes up to 100 kB with its compiled expression. */
const MOST_OF_ALL = 256;

/** What a frame says whose words were known. */
export interface RepeatedFrame {
  readonly type: "call";
  readonly id: MessageId;
  readonly action: string;
  readonly payload: Record<string, unknown>;
}

/** The templates that are in use. Charge points of one model have the same words: they share a template. */
export class TemplateTable {
  readonly #inUse = new Map<string, { template: FrameTemplate; users: number }>();

  get(key: string): FrameTemplate | undefined {
    return this.#inUse.get(key)?.template;
  }

  /** @returns false where there are too many already */
  use(key: string, template: FrameTemplate): boolean {
    const entry = this.#inUse.get(key);
    if (entry) entry.users += 1;
    else if (this.#inUse.size >= MOST_OF_ALL) return false;
    else this.#inUse.set(key, { template, users: 1 });
    return true;
  }

  /** One that nobody uses is forgotten, so that a charge point with ever other words takes no room from the others. */
  free(key: string): void {
    const entry = this.#inUse.get(key);
    if (entry && --entry.users === 0) this.#inUse.delete(key);
  }
}

const SHARED = new TemplateTable();

/** Reads the frames of one peer that repeat the words of an earlier one. */
export class RepeatedFrames {
  readonly #dialect: Dialect;
  readonly #table: TemplateTable;
  /** The one that was used last first. */
  #templates: FrameTemplate[] = [];
  /** Frames that might have had a template and had none. */
  #unread = 0;
  /** At so many of them the next template is made. It doubles: a peer that never repeats itself costs little. */
  #learnsAt = 1;
  #ended = false;

  /** @param table shared with other connections */
  constructor(dialect: Dialect, table = SHARED) {
    this.#dialect = dialect;
    this.#table = table;
  }

  /** What a frame says, exactly as the specification has it; null = it has to be parsed and checked. */
  read(text: string): RepeatedFrame | null {
    const templates = this.#templates;
    for (let at = 0; at < templates.length; at++) {
      const template = templates[at]!;
      const frame = text.length < template.leastLength ? null : template.read(text);
      if (!frame) continue;
      if (at > 0) this.#templates = [template, ...templates.filter((other) => other !== template)];
      return { type: "call", id: frame.id, action: template.action, payload: frame.payload };
    }
    return null;
  }

  /** A CALL was accepted that no template has read. */
  learn(action: string, text: string): void {
    const make = this.#dialect.templates.get(action);
    if (!make || this.#ended) return;
    this.#unread += 1;
    if (this.#unread < this.#learnsAt) return;
    this.#learnsAt = 2 * this.#unread;
    const template = make(text, (key) => this.#table.get(this.#keyOf(key)));
    if (!template || !this.#table.use(this.#keyOf(template.key), template)) return;
    this.#templates.unshift(template);
    this.#free(this.#templates.splice(MOST_OF_ONE));
  }

  /** The connection is over. */
  end(): void {
    this.#ended = true;
    this.#free(this.#templates.splice(0));
  }

  #free(templates: readonly FrameTemplate[]): void {
    for (const { key } of templates) this.#table.free(this.#keyOf(key));
  }

  /** Another version of OCPP allows other messages. */
  #keyOf(key: string): string {
    return `${this.#dialect.subprotocol} ${key}`;
  }
}
