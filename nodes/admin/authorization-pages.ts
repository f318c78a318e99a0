import type { Request } from "express";
import type { NodeAPI } from "node-red";
import { isoTime } from "../../lib/clock.ts";
import { EvError } from "../../lib/errors.ts";
import { isQuestion } from "../../lib/rights/questions.ts";
import { badgeAnswerText } from "../../lib/session/badges/badge-answer-text.ts";
import { answerBadges, type BadgeContext, badgeVerb } from "../../lib/session/badges/badge-messages.ts";
import type { Site } from "../../lib/site/site.ts";
import { eraseHolder, erasureNote, erasureText } from "../../lib/site/site-erasure.ts";
import type { EvAuthorizationNode } from "../runtime/node-types.ts";
import { answering, bodyOf, failurePage } from "./pages.ts";
import { needs } from "./permission.ts";
import { noteEditor } from "./rights.ts";
import type { AuthorizationPage, TraceRow } from "./types/authorization-page-types.ts";

/** So many badges and answers are shown. */
const MOST_SHOWN = 200;

/** The list of a site as messages see it. */
export function badgeContext(site: Site): BadgeContext {
  const { authorizer, localLists } = site.badges;
  return { authorizer, localLists, nowWallMs: () => site.clock.wallMs() };
}

/**
 * Serves the dialog of an ev-authorization: `GET /ev-charging/authorizations/:id?search=&trace=` (badges, answers given, the chargers'
 * own lists), `GET …/:id/badges.csv` (all badges as a file) and `POST …/:id {topic: "badges/…", payload}` (as the message would do).
 */
export function serveAuthorizations(RED: NodeAPI): void {
  const mayRead = needs(RED, "ev-charging.read");
  const mayWrite = needs(RED, "ev-charging.write");
  const path = "/ev-charging/authorizations/:id";
  const find = (request: Request): Site | null =>
    (RED.nodes.getNode(String(request.params["id"])) as Partial<EvAuthorizationNode> | null)?.site ?? null;
  const require = (request: Request): Site => {
    const site = find(request);
    if (site) return site;
    throw new EvError("EV_CONFIG_MISSING", "this node is not deployed");
  };

  RED.httpAdmin.get(
    path,
    mayRead,
    answering((request) => {
      const site = find(request);
      return site && pageOf(site, request);
    }),
  );
  RED.httpAdmin.get(`${path}/badges.csv`, mayRead, (request, response) => {
    Promise.resolve()
      .then(() => answerBadges(badgeContext(require(request)), "export", {}))
      .then(
        ({ payload }) => void response.attachment("badges.csv").type("text/csv").send(payload),
        (error: unknown) => void response.status(400).json(failurePage(error)),
      )
      // The dialog was closed meanwhile.
      .catch(() => {});
  });
  RED.httpAdmin.post(
    path,
    mayWrite,
    answering(async (request) => {
      const message = bodyOf(request.body);
      const site = require(request);
      const verb = badgeVerb(message["topic"]) ?? "";
      if (verb === "eraseHolder") {
        const answer = await eraseHolder(site, message["payload"]);
        if (answer.applied) noteEditor(site, request, erasureNote(answer));
        return { ...answer, text: erasureText(site.language, answer) };
      }
      if (!isQuestion("ev-authorization", message["topic"])) noteEditor(site, request, `badges/${verb}`);
      const { payload } = await answerBadges(badgeContext(site), verb, message);
      if (verb !== "edit") return payload;
      const done = payload as Parameters<typeof badgeAnswerText>[3];
      return { ...done, text: badgeAnswerText(site.language, verb, message["payload"], done) };
    }),
  );
}

async function pageOf(site: Site, { query }: Request): Promise<AuthorizationPage> {
  const { list, learning } = site.badges.authorizer;
  const text = (value: unknown) => (typeof value === "string" ? value : "");
  const ask = async (verb: string, payload: object) =>
    (await answerBadges(badgeContext(site), verb, { payload })).payload;
  const idTag = text(query["trace"]).trim();
  const badges = (await ask("list", {
    search: text(query["search"]),
    most: MOST_SHOWN,
  })) as AuthorizationPage["badges"];
  const trace = (await ask("trace", { most: MOST_SHOWN, ...(idTag && { idTag }) })) as TraceRow[];
  const last = list.lastChange;
  return {
    badges,
    count: list.all.size,
    undo: last && { what: last.what, at: isoTime(last.changedWallMs) },
    learning: learning.running,
    trace: trace.reverse(),
    lists: site.badges.localLists.views(),
  };
}
