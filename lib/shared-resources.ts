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
  /** The same for the end of the process, where nothing can be waited for. */
  leave: () => void;
  lingering: Timer | undefined;
}

/** How long something without a user stays open, ms: longer than any deploy takes. */
const LINGER_MS = 15_000;

const KEY = Symbol.for("@phasewise/node-red-ev-charging/lingering");
const holder = globalThis as { [KEY]?: Map<string, Entry> };
const entries: Map<string, Entry> = holder[KEY] ?? begin();

/** What of its end has to happen before the process is gone; `close` is called for it where nothing is said. */
type Leave<T> = (value: T) => void;

/**
 * The thing of this kind and key: the one that lives already, else a new one. Each acquire needs one release. When Node-RED stops, all
 * nodes are closed and the process ends at once: what lingers then is left.
 */
export function acquire<T>(
  kind: string,
  key: string,
  create: () => T,
  close: (value: T) => void | Promise<void>,
  leave: Leave<T> = close,
): T {
  const name = `${kind}/${key}`;
  let entry = entries.get(name);
  if (!entry) {
    const value = create();
    entry = { value, users: 0, close: () => close(value), leave: () => leave(value), lingering: undefined };
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

/** Closes everything now, whoever uses it: for tests. */
export async function closeAll(): Promise<void> {
  await Promise.all([...entries].map(([name, entry]) => closeEntry(name, entry)));
}

async function closeEntry(name: string, entry: Entry): Promise<void> {
  systemClock.clear(entry.lingering);
  if (entries.get(name) === entry) entries.delete(name);
  await entry.close();
}

function begin(): Map<string, Entry> {
  const begun = new Map<string, Entry>();
  holder[KEY] = begun;
  process.once("exit", leaveAll);
  return begun;
}

/** What was made first is used by what came later, so it is left last. */
function leaveAll(): void {
  for (const [name, entry] of [...entries].reverse()) {
    if (entry.users > 0) continue;
    entries.delete(name);
    try {
      entry.leave();
    } catch {
      // The others are left all the same.
    }
  }
}
