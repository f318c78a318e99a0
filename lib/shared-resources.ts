/**
 * Things that outlive a deploy: sockets, buses, stores, controllers. Node-RED closes every node of a deploy and makes it anew;
 * what was acquired here stays open meanwhile and is handed to the node that asks next under the same kind and key.
 * One registry per process, also when this file is loaded twice.
 */
import type { Timer } from "./clock.ts";
import { systemClock } from "./clock.ts";

interface Entry {
  value: unknown;
  users: number;
  close: () => void | Promise<void>;
  lingering: Timer | undefined;
}

/** How long something without a user stays open, ms: longer than any deploy takes. */
const LINGER_MS = 15_000;

const KEY = Symbol.for("@phasewise/node-red-ev-charging/lingering");
const holder = globalThis as { [KEY]?: Map<string, Entry> };
holder[KEY] ??= new Map();
const entries: Map<string, Entry> = holder[KEY];

/** The thing of this kind and key: the one that lives already, else a new one. Each acquire needs one release. */
export function acquire<T>(kind: string, key: string, create: () => T, close: (value: T) => void | Promise<void>): T {
  const name = `${kind}/${key}`;
  let entry = entries.get(name);
  if (!entry) {
    const value = create();
    entry = { value, users: 0, close: () => close(value), lingering: undefined };
    entries.set(name, entry);
  }
  systemClock.clear(entry.lingering);
  entry.lingering = undefined;
  entry.users++;
  return entry.value as T;
}

/** Gives one use back. The last user's thing closes at once when its node was removed, else after a while without a new user. */
export async function release(kind: string, key: string, removed: boolean): Promise<void> {
  const name = `${kind}/${key}`;
  const entry = entries.get(name);
  if (!entry) return;
  entry.users = Math.max(0, entry.users - 1);
  if (entry.users > 0) return;
  if (removed) return closeEntry(name, entry);
  entry.lingering = systemClock.setTimeout(() => void closeEntry(name, entry).catch(() => {}), LINGER_MS);
}

/** Closes everything now, whoever uses it: for tests and for the end of the process. */
export async function closeAll(): Promise<void> {
  await Promise.all([...entries].map(([name, entry]) => closeEntry(name, entry)));
}

async function closeEntry(name: string, entry: Entry): Promise<void> {
  systemClock.clear(entry.lingering);
  if (entries.get(name) === entry) entries.delete(name);
  await entry.close();
}
