import { loadBackup, writeBackup } from "../../lib/backup/files.ts";
import { compare, importSite, readBackup } from "../../lib/backup/import.ts";
import { isoTime } from "../../lib/clock.ts";
import { planChange } from "../../lib/session/badge-change.ts";
import type { Site } from "../../lib/site.ts";
import { badMessage } from "./input.ts";

/** Writes the site's operational data into a file. @throws EvError EV_STORE_WRITE | EV_STORE_OPEN */
export async function exportOf(site: Site, payload: Record<string, unknown>): Promise<Record<string, unknown>> {
  const wallMs = site.clock.wallMs();
  const file = await writeBackup(site.dataDir, site.store, { badges: payload["badges"] !== false, wallMs });
  return { ...file, ts: isoTime(wallMs) };
}

/**
 * Says what a backup would add and change, and with `apply` does it.
 * @throws EvError EV_MESSAGE_INVALID naming what is wrong; then nothing was changed
 */
export async function importOf(
  site: Site,
  { name, data, apply = false }: Record<string, unknown>,
  by: string,
): Promise<Record<string, unknown>> {
  if ((name === undefined) === (data === undefined))
    throw badMessage("payload", "a backup, either as name of a file or as data", name ?? data);
  const backup = readBackup(data === undefined ? await loadBackup(site.dataDir, String(name)) : parsed(data));
  if (apply !== true) return { applied: false, ...compare(backup, site.store) };
  const { list } = site.badges.authorizer;
  const diff = await importSite(backup, site.store, (badges) =>
    list.apply(planChange(list.all, badges, "merge"), "import", by),
  );
  return { applied: true, ...diff };
}

function parsed(data: unknown): unknown {
  try {
    return JSON.parse(String(data));
  } catch {
    throw badMessage("payload.data", "JSON text", data);
  }
}
