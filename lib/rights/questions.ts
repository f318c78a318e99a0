import type { Role } from "./roles.ts";

/**
 * Topics that only ask, by type of the node that takes them, each as it is written; a topic that ends with a slash stands for all that
 * name one thing more. Every topic that is not in this list counts as an act.
 */
const QUESTIONS: Readonly<Record<string, readonly string[]>> = {
  "ev-dlm": [
    "view",
    "view/totals",
    "view/zones",
    "view/chargers",
    "view/overrides",
    "view/load",
    "view/allocation",
    "view/power",
    "view/words",
    "view/history",
    "why/",
    "recording",
    "replay",
    "plan",
    "consumption",
    "consumption/",
    "evidence",
    "evidence/",
    "commissioning/list",
    "drill/list",
  ],
  "ev-command": [
    "operations/list",
    "operations/reservations",
    "settings/list",
    "settings/read",
    "settings/file",
    "settings/compare",
    "settings/copies",
    "files/list",
    "files/report",
    "files/commissioning",
  ],
  "ev-sessions": [
    "sessions/list",
    "sessions/rows",
    "sessions/totals",
    "sessions/statistics",
    "sessions/books",
    "sessions/compare",
    "sessions/export",
  ],
  "ev-alarms": ["alarms/list", "alarms/history", "audit/list", "health"],
  "ev-authorization": ["badges/list", "badges/lists", "badges/export", "badges/trace"],
  "ev-report": ["report/list"],
};

/** What holders of badges may ask, too, at any node: the words of a page say nothing of the site's charges. */
const OF_HOLDERS: ReadonlySet<unknown> = new Set(["view/words"]);

/** The role that a question takes. Of statistics a holder is told their own: see `Rights.checkOwn`. */
export function roleToAsk(topic: unknown): Role {
  return OF_HOLDERS.has(topic) ? "holder" : "viewer";
}

/** Whether a message with this topic changes nothing at such a node. */
export function isQuestion(type: string, topic: unknown): boolean {
  if (typeof topic !== "string") return false;
  const known = QUESTIONS[type] ?? [];
  return known.some((one) => (one.endsWith("/") ? topic.startsWith(one) && topic.length > one.length : topic === one));
}
