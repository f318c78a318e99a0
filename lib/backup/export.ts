import { isoTime } from "../clock.ts";
import { keptSettings, SETTINGS_DOCUMENTS } from "../station/setup/read-settings.ts";
import type { Badge } from "../store/books/badge-types.ts";
import type { SessionCursor, SessionQuery } from "../store/books/session-types.ts";
import type { Store } from "../store/types.ts";
import { BACKUP_FORMAT, BACKUP_VERSION, type BackupName, type BackupSettings } from "./format.ts";

/** Sessions that are read at a time. */
const PAGE = 500;
const ENDED: SessionQuery = {
  fromWallMs: null,
  toWallMs: null,
  chargePoint: null,
  connector: null,
  user: null,
  state: "closed",
};
/** Every command: more than are ever kept. */
const ALL = { zone: null, fromWallMs: 0, toWallMs: 8.64e15, most: 1_000_000 };

/** Every reservation, too. */
const EVER = { fromWallMs: 0, toWallMs: 8.64e15, most: 1_000_000 };

/** What charge points showed of themselves is kept under this prefix. */
export const STATION_DOCUMENTS = "station/";

/** What a backup is made of beside the store; `badges`: null = without. */
export interface ExportWish {
  badges: Iterable<Badge> | null;
  names?: Iterable<BackupName>;
  wallMs: number;
}

/**
 * A backup as pieces of JSON text, a line for each entry, so that a hundred thousand sessions never stand in memory together.
 * @throws EvError EV_STORE_OPEN
 */
export function* exportSite(store: Store, { badges, names = [], wallMs }: ExportWish): Generator<string> {
  yield `{"format":"${BACKUP_FORMAT}","version":${BACKUP_VERSION},"ts":"${isoTime(wallMs)}",\n"badges":`;
  if (badges) yield* rows(badges);
  else yield "null";
  const learnt = store.documents(STATION_DOCUMENTS).map(([key, value]) => [key.slice(STATION_DOCUMENTS.length), value]);
  yield `,\n"chargePoints":${JSON.stringify(Object.fromEntries(learnt))},\n"names":`;
  yield* rows(names);
  yield ',\n"chargerSettings":';
  yield* rows(settings(store));
  yield ',\n"limitCommands":';
  yield* rows(
    store.limitCommands.find(ALL).filter(({ endedWallMs, refused }) => endedWallMs !== null || refused !== null),
  );
  yield ',\n"reservations":';
  yield* rows(store.reservations.find(EVER));
  yield ',\n"sessions":';
  yield* rows(sessions(store));
  yield "}\n";
}

/** The settings of charge points as they were read last. */
function* settings(store: Store): Generator<BackupSettings> {
  for (const [key, kept] of store.documents(SETTINGS_DOCUMENTS)) {
    const read = keptSettings(kept);
    if (read) yield { chargePoint: key.slice(SETTINGS_DOCUMENTS.length), ...read };
  }
}

function* sessions(store: Store) {
  let after: SessionCursor | null = null;
  for (;;) {
    const page = store.sessions.page(ENDED, after, PAGE);
    yield* page;
    const last = page.at(-1);
    if (!last) return;
    after = { startedWallMs: last.startedWallMs, number: last.number };
  }
}

/** A JSON array with a line for each entry, some entries to a piece. */
function* rows(entries: Iterable<unknown>): Generator<string> {
  let text = "[";
  let separator = "\n";
  for (const entry of entries) {
    text += separator + JSON.stringify(entry);
    separator = ",\n";
    if (text.length < 65_536) continue;
    yield text;
    text = "";
  }
  yield `${text}\n]`;
}
