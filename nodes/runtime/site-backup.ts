import { loadBackup, writeBackup } from "../../lib/backup/files.ts";
import type { BackupName } from "../../lib/backup/format.ts";
import { readBackup } from "../../lib/backup/import.ts";
import { isoTime } from "../../lib/clock.ts";
import type { Site } from "../../lib/site/site.ts";
import { badMessage } from "./input.ts";

/** Writes the site's operational data into a file. @throws EvError EV_STORE_WRITE | EV_STORE_OPEN */
export async function exportOf(site: Site, payload: Record<string, unknown>): Promise<Record<string, unknown>> {
  const wallMs = site.clock.wallMs();
  const badges = payload["badges"] === false ? null : site.badges.authorizer.list.all.values();
  const file = await writeBackup(site.dataDir, site.store, { badges, names: namesOf(site), wallMs });
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
  const names = differing(site, backup.names);
  if (apply !== true) return { applied: false, ...(await site.restorer.compare(backup)), names };
  const diff = await site.restorer.apply(backup, by);
  await site.store.settled();
  site.reservations.reread();
  return { applied: true, ...diff, names };
}

/** What people call the charge points of a site, as its dialogs have it. */
function namesOf({ stations }: Site): BackupName[] {
  return stations.list().flatMap(({ definition }) => {
    const { identity = "", name = "", place = "", connectors = [] } = definition ?? {};
    const named = connectors.flatMap(({ number, name: own = "" }) => (own ? [{ number, name: own }] : []));
    return name || place || named.length > 0 ? [{ chargePoint: identity, name, place, connectors: named }] : [];
  });
}

/** Names that a backup has and the dialogs here have not: they are given by hand. */
function differing(site: Site, names: readonly BackupName[]): { different: BackupName[]; same: number } {
  const here = new Set(namesOf(site).map((one) => JSON.stringify(one)));
  const different = names.filter(({ chargePoint, name, place, connectors }) => {
    const told = connectors.map(({ number, name: own }) => ({ number, name: own }));
    return !here.has(JSON.stringify({ chargePoint, name, place, connectors: told }));
  });
  return { different, same: names.length - different.length };
}
