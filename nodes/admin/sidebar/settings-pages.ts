import type { Request } from "express";
import type { NodeAPI } from "node-red";
import { EvError } from "../../../lib/errors.ts";
import { record, text } from "../../../lib/fields.ts";
import { isSettingsAct, settingsNameOf } from "../../../lib/maintenance/settings/request.ts";
import { SETTINGS_ROLE } from "../../../lib/rights/command-roles.ts";
import { roleOf, suffices } from "../../../lib/rights/roles.ts";
import { refusalText } from "../../../lib/words/refusal.ts";
import { answering, bodyOf, failurePage } from "../pages.ts";
import { needs } from "../permission.ts";
import type { SettingsDone } from "../types/settings-page-types.ts";
import type { OverviewSites } from "./overview-sites.ts";

/**
 * Serves the settings of chargers to the sidebar: `{site, name, payload}` into `POST /ev-charging/settings/ask` (questions) or
 * `POST /ev-charging/settings` (what changes something) is answered as the message `settings/<name>` would be.
 */
export function serveSettings(RED: NodeAPI, sites: OverviewSites): void {
  RED.httpAdmin.post(
    "/ev-charging/settings/ask",
    needs(RED, "ev-charging.read"),
    answering((request) => answer(sites, request, false)),
  );
  RED.httpAdmin.post(
    "/ev-charging/settings",
    needs(RED, "ev-charging.write"),
    answering((request) => answer(sites, request, true)),
  );
}

async function answer(sites: OverviewSites, request: Request, acts: boolean): Promise<SettingsDone> {
  const { site: id, name: wanted, payload } = bodyOf(request.body);
  const site = sites.find(String(id));
  if (!site) throw new EvError("EV_CONFIG_MISSING", "this site is not deployed");
  const name = settingsNameOf(`settings/${String(wanted)}`);
  if (!name || isSettingsAct(name) !== acts)
    throw new EvError("EV_MESSAGE_INVALID", `name must be a ${acts ? "change" : "question"} of settings`);
  const user = (request as { user?: { username?: string } }).user?.username ?? null;
  const doer = { user, by: user ?? "the editor", reason: text(record(payload)["reason"]) };
  const mayChange = suffices(roleOf({ user }, site.rights.rules), SETTINGS_ROLE);
  try {
    const done = await site.settings.ask(name, payload, doer, (what) =>
      site.rights.checkUser(doer, SETTINGS_ROLE, what),
    );
    return { ok: true, mayChange, ...done };
  } catch (error) {
    return { ok: false, mayChange, code: failurePage(error).code, text: refusalText(site.language, error) };
  }
}
