import { loadBackup, writeBackup } from "../../lib/backup/files.ts";
import { readBackup } from "../../lib/backup/import.ts";
import { isoTime } from "../../lib/clock.ts";
import type { Site } from "../../lib/site/site.ts";
import { badMessage } from "./input.ts";

/** Writes the site's operational data into a file. @throws EvError EV_STORE_WRITE | EV_STORE_OPEN */
export async function exportOf(site: Site, payload: Record<string, unknown>): Promise<Record<string, unknown>> {
  const wallMs = site.clock.wallMs();
  const badges = payload["badges"] === false ? null : site.badges.authorizer.list.all.values();
  const file = await writeBackup(site.dataDir, site.store, { badges, wallMs });
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
  const text = data === undefined ? loadBackup(site.dataDir, String(name)) : String(data);
  const backup = await readBackup(text, site.timeZone);
  if (apply !== true) return { applied: false, ...(await site.restorer.compare(backup)) };
  const diff = await site.restorer.apply(backup, by);
  await site.store.settled();
  return { applied: true, ...diff };
}
