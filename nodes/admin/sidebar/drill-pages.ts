import type { Request } from "express";
import type { NodeAPI } from "node-red";
import { readDrill } from "../../../lib/commissioning/drills/request.ts";
import { drillPage } from "../../../lib/commissioning/drills/view.ts";
import { EvError } from "../../../lib/errors.ts";
import { PROOF_ROLE } from "../../../lib/rights/command-roles.ts";
import { roleOf, suffices } from "../../../lib/rights/roles.ts";
import type { Site } from "../../../lib/site/site.ts";
import { refusalText } from "../../../lib/words/refusal.ts";
import { CATALOGUES } from "../../../lib/words/sentence.ts";
import { answering, bodyOf } from "../pages.ts";
import { needs } from "../permission.ts";
import { noteEditor } from "../rights.ts";
import type { DrillsPage } from "../types/commissioning-page-types.ts";
import type { OverviewSites } from "./overview-sites.ts";

/**
 * Serves drills to the sidebar: `GET /ev-charging/drills?site=` tells what can be chosen, is under way and was shown;
 * `{site, name, payload}` into `POST /ev-charging/drills` does what the message `drill/<name>` would (`start`, `abort`).
 */
export function serveDrills(RED: NodeAPI, sites: OverviewSites): void {
  RED.httpAdmin.get(
    "/ev-charging/drills",
    needs(RED, "ev-charging.read"),
    answering((request) => pageOf(deployed(sites, request.query["site"]), request)),
  );
  RED.httpAdmin.post(
    "/ev-charging/drills",
    needs(RED, "ev-charging.write"),
    answering(async (request): Promise<DrillsPage> => {
      const { site: id, name, payload } = bodyOf(request.body);
      const site = deployed(sites, id);
      const asked = readDrill({ topic: `drill/${String(name)}`, payload });
      const user = userOf(request);
      if (asked.name !== "list") {
        site.rights.checkUser({ user, by: user ?? "the editor", reason: null }, PROOF_ROLE, `drill/${asked.name}`);
        noteEditor(site, request, `drill/${asked.name} ${JSON.stringify(payload ?? {})}`);
      }
      if (asked.name === "abort") site.drills.abort("person");
      if (asked.name === "start") {
        try {
          await site.drills.start({ asked: asked.wish, by: user ?? "" });
        } catch (error) {
          throw error instanceof EvError && error.code === "EV_DRILL"
            ? new EvError(error.code, refusalText(site.language, error))
            : error;
        }
      }
      return pageOf(site, request);
    }),
  );
}

function pageOf(site: Site, request: Request): DrillsPage {
  const { drills, names, language, rights } = site;
  return {
    ...drillPage(drills, (id) => names.called(id), language),
    mayDrill: suffices(roleOf({ user: userOf(request) }, rights.rules), PROOF_ROLE),
    words: { ...CATALOGUES[language].drillPage },
  };
}

function deployed(sites: OverviewSites, id: unknown): Site {
  const site = sites.find(String(id));
  if (!site) throw new EvError("EV_CONFIG_MISSING", "this site is not deployed");
  return site;
}

function userOf(request: object): string | null {
  return (request as { user?: { username?: string } }).user?.username ?? null;
}
