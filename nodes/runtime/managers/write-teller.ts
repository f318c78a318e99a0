import type { Node } from "node-red";
import type { Site } from "../../../lib/site/site.ts";
import { sendOut } from "../send.ts";
import { subjectOf } from "./manager-news.ts";

/** What of the same kind comes in between is not told, ms: a program that writes what it may not does so without an end. */
const TELL_AGAIN_MS = 60_000;
/** So many kinds are told apart. */
const MOST_KINDS = 100;

/** What a manager wrote or recommended, done or refused. */
interface Wrote {
  writer: string;
  /** A connector or a zone; null = the site. */
  target: string | null;
  refused: string | null;
}

/** Tells flows what managers write: of what is refused, now and then. */
export class WriteTeller {
  readonly #node: Node;
  readonly #site: Site;
  readonly #seldom = new Seldom();

  constructor(node: Node, site: Site) {
    this.#node = node;
    this.#site = site;
  }

  /** @param refusal for the log; where it was not refused it is not looked at */
  tell({ target, ...news }: Wrote, refusal: () => string): void {
    const { writer, refused } = news;
    if (refused !== null) {
      if (!this.#seldom.passes(`${writer} ${refused}`, this.#site.clock.nowMs())) return;
      this.#node.log(refusal());
    }
    sendOut(this.#node, { topic: `write/${target ?? "site"}`, ...subjectOf(target), payload: news });
  }

  /** Something that is wrong again and again is told now and then. */
  log(text: string): void {
    if (this.#seldom.passes(text, this.#site.clock.nowMs())) this.#node.log(text);
  }
}

/** Lets the first of a kind pass, and the next one after a minute. */
class Seldom {
  readonly #passedMs = new Map<string, number>();

  passes(kind: string, nowMs: number): boolean {
    const lastMs = this.#passedMs.get(kind);
    if (lastMs !== undefined && nowMs - lastMs < TELL_AGAIN_MS) return false;
    if (lastMs === undefined && this.#passedMs.size >= MOST_KINDS) {
      for (const [old, atMs] of this.#passedMs) if (nowMs - atMs >= TELL_AGAIN_MS) this.#passedMs.delete(old);
      if (this.#passedMs.size >= MOST_KINDS) return false;
    }
    this.#passedMs.set(kind, nowMs);
    return true;
  }
}
