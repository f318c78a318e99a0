import type { Node } from "node-red";
import { isoTime } from "../../lib/clock.ts";
import type { ManagerLimit, ManagerNews } from "../../lib/dlm/inputs/manager-limits.ts";
import { inShort } from "../../lib/errors.ts";
import type { Site } from "../../lib/site/site.ts";
import { sendOut } from "./send.ts";

/** What of the same kind comes in between is not told, ms: a program that writes what it may not does so without an end. */
const TELL_AGAIN_MS = 60_000;
/** So many kinds are told apart. */
const MOST_KINDS = 100;

/**
 * Tells flows and the log of the words of managers that come through a door: when each begins, changes and ends.
 * @param to `log` = flows are not told @returns a function that stops it
 */
export function tellManagers(node: Node, site: Site, changed: () => void, to: "flows" | "log" = "flows"): () => void {
  return site.managers.onChange((news) => {
    if (news?.limit.door !== node.id) return;
    if (news.kind !== "changed") node.log(logText(news));
    if (to === "flows") sendOut(node, leaseMessage(news));
    changed();
  });
}

/** How many words of managers hold that came through this door. */
export function wordsThrough(node: Node, site: Site): number {
  return site.managers.all().filter(({ door, untilWallMs }) => door === node.id && untilWallMs !== null).length;
}

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

/** The keys that messages carry for a connector or a zone. */
function subjectOf(target: string | null): object {
  const [, chargePoint, number] = /^(.+)\/([1-9]\d*)$/.exec(target ?? "") ?? [];
  if (chargePoint !== undefined) return { chargePoint, connector: Number(number) };
  return target === null ? {} : { zone: target };
}

function leaseMessage({ kind, limit }: ManagerNews): object {
  const { target, writer, code, limitA, powerW, permit, mode, untilWallMs } = limit;
  const until = untilWallMs === null ? null : isoTime(untilWallMs);
  const payload = { state: kind, writer, code, limitA, powerW, permit, mode, until };
  return { topic: `lease/${target}`, ...subjectOf(target), payload };
}

function logText({ kind, limit }: ManagerNews): string {
  return `${limit.code} ${limit.writer}: what it asks of ${limit.target} ${kind}${kind === "began" ? `: ${asked(limit)}` : ""}`;
}

function asked({ limitA, powerW, permit, mode }: ManagerLimit): string {
  return inShort({ limitA, powerW, permit, mode });
}
