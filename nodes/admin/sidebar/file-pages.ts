import type { Request } from "express";
import type { NodeAPI } from "node-red";
import { EvError } from "../../../lib/errors.ts";
import { type Role, roleOf, suffices } from "../../../lib/rights/roles.ts";
import type { Site } from "../../../lib/site/site.ts";
import { refusalText } from "../../../lib/words/refusal.ts";
import { CATALOGUES } from "../../../lib/words/sentence.ts";
import { answering, bodyOf, failurePage } from "../pages.ts";
import { needs } from "../permission.ts";
import { fileOrderOf, filesView, orderFile } from "../staff-files.ts";
import type { OperationDone } from "../types/operation-page-types.ts";
import type { StaffFilesPage } from "../types/staff-file-types.ts";
import type { OverviewSites } from "./overview-sites.ts";

/**
 * Serves files of chargers to the sidebar: `GET /ev-charging/staff-files?site=<node id>` lists them, `{site, name, payload}` into
 * `POST /ev-charging/staff-files` asks for diagnostics or sends firmware, as the message `files/<name>` would.
 */
export function serveStaffFiles(RED: NodeAPI, sites: OverviewSites): void {
  /** How the last order ended, by site. */
  const ends = new WeakMap<Site, NonNullable<StaffFilesPage["last"]>>();
  RED.httpAdmin.get(
    "/ev-charging/staff-files",
    needs(RED, "ev-charging.read"),
    answering(async (request): Promise<StaffFilesPage> => {
      const site = deployed(sites, request.query["site"]);
      const role = roleOf({ user: userOf(request) }, site.rights.rules);
      const view = await filesView(site, (needed) => suffices(role, needed));
      return { ...view, words: CATALOGUES[site.language].page, last: ends.get(site) ?? null };
    }),
  );
  RED.httpAdmin.post(
    "/ev-charging/staff-files",
    needs(RED, "ev-charging.write"),
    answering(async (request): Promise<OperationDone> => {
      const { site: id, name: wanted, payload } = bodyOf(request.body);
      const site = deployed(sites, id);
      const name = fileOrderOf(wanted);
      if (!name) throw new EvError("EV_MESSAGE_INVALID", "name must be diagnostics or install");
      const user = userOf(request);
      const doer = { user, by: user ?? "the editor", reason: null };
      const permit = (role: Role, what: string): void => site.rights.checkUser(doer, role, what);
      const told = (error: unknown): string => refusalText(site.language, error);
      try {
        const text = await orderFile(site, {
          ...{ name, payload, permit },
          ended: (outcome) => {
            const n = (ends.get(site)?.n ?? 0) + 1;
            const isDone = "text" in outcome;
            ends.set(site, { n, ok: isDone, text: isDone ? outcome.text : told(outcome.error) });
          },
        });
        return { ok: true, text };
      } catch (error) {
        return { ok: false, code: failurePage(error).code, text: told(error) };
      }
    }),
  );
}

/** @throws EvError EV_CONFIG_MISSING */
function deployed(sites: OverviewSites, id: unknown): Site {
  const site = sites.find(String(id));
  if (!site) throw new EvError("EV_CONFIG_MISSING", "this site is not deployed");
  return site;
}

function userOf(request: Request): string | null {
  return (request as { user?: { username?: string } }).user?.username ?? null;
}
