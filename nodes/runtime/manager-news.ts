import type { Node } from "node-red";
import { isoTime } from "../../lib/clock.ts";
import type { ManagerLimit, ManagerNews } from "../../lib/dlm/inputs/manager-limits.ts";
import { inShort } from "../../lib/errors.ts";
import type { Site } from "../../lib/site/site.ts";
import { counted } from "../../lib/words/sentence.ts";
import { sendOut } from "./send.ts";
import { releaseSite } from "./site.ts";
import { report } from "./start.ts";
import type { StatusLine } from "./status.ts";

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

/** A server for managers, with a port of its own. */
interface Door {
  /** Connectors that it shows. */
  readonly connectors: number;
  /** Follows what is deployed now; rejects with what is wrong. */
  follow(): Promise<void>;
  close(): Promise<void>;
}

/** Lets a door follow each deploy, tells of its words, and shows in the node's status how it is doing. */
export function serveDoor(node: Node, site: Site, status: StatusLine, door: Door, port: number) {
  let failure = "";
  const show = () => {
    if (failure !== "") return;
    const words = wordsThrough(node, site);
    const asked = words > 0 ? ` · ${counted(site.language, "line.words", words)}` : "";
    const served = counted(site.language, "line.served", door.connectors);
    status.set(words > 0 ? "working" : "good", `${served} · :${port}${asked}`);
  };
  const follow = () => {
    door.follow().then(
      () => {
        failure = "";
        show();
      },
      (error: Error) => {
        // Each deploy asks again; what stays wrong is told once.
        if (error.message !== failure) report(node, status, error);
        failure = error.message;
      },
    );
  };
  const stops = [site.plant.onCommit(follow), tellManagers(node, site, show)];
  follow();
  return {
    close: async (removed: boolean) => {
      for (const stop of stops) stop();
      await door.close();
      if (removed) site.managers.shut(node.id);
      await releaseSite(site, removed);
    },
  };
}

/** Lets the first of a kind pass, and the next one after a minute. */
export class Seldom {
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
export function subjectOf(target: string | null): object {
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
