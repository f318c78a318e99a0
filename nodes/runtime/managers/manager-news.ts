import type { Node } from "node-red";
import { isoTime } from "../../../lib/clock.ts";
import type { ManagerLimit, ManagerNews } from "../../../lib/dlm/inputs/manager-limits.ts";
import { inShort } from "../../../lib/errors.ts";
import type { Site } from "../../../lib/site/site.ts";
import { sendOut } from "../send.ts";

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
