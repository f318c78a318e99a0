/** How long an answer may be given again (ms). */
const KEEP_MS = 600_000;
/** The confirmation of a boot tells the time: only a prompt repetition gets the same one. */
const KEEP_BOOT_MS = 10_000;
const MAX_ENTRIES = 16;
const MAX_CHARS = 65_536;
/** Harmless when processed once more, and most of the traffic: not worth remembering. */
const REPEATABLE = new Set(["Heartbeat", "MeterValues", "StatusNotification"]);

/** Whether answers to this action are remembered at all. */
export function isRemembered(action: string): boolean {
  return !REPEATABLE.has(action);
}

interface Entry {
  call: string;
  reply: string;
  untilMs: number;
}

/**
 * The last answers given to one charge point. A CALL repeated word for word, on the same socket or soon after on the next
 * one, gets its first answer again instead of being processed twice (OCPP-J errata 3.1). The same id with other words is a
 * new CALL: some charge points count from 1 again after each start.
 */
export class ReplyMemory {
  readonly #entries = new Map<string, Entry>();
  #chars = 0;

  find(id: string, call: string, nowMs: number): string | undefined {
    const entry = this.#entries.get(id);
    return entry && entry.call === call && nowMs < entry.untilMs ? entry.reply : undefined;
  }

  keep(id: string, action: string, call: string, reply: string, nowMs: number): void {
    if (!isRemembered(action)) return;
    this.#drop(id);
    const untilMs = nowMs + (action === "BootNotification" ? KEEP_BOOT_MS : KEEP_MS);
    const entry = { call, reply, untilMs };
    const chars = sizeOf(id, entry);
    if (chars > MAX_CHARS) return;
    this.#entries.set(id, entry);
    this.#chars += chars;
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= MAX_ENTRIES && this.#chars <= MAX_CHARS) break;
      this.#drop(oldest);
    }
  }

  #drop(id: string): void {
    const entry = this.#entries.get(id);
    if (!entry) return;
    this.#entries.delete(id);
    this.#chars -= sizeOf(id, entry);
  }
}

function sizeOf(id: string, { call, reply }: Entry): number {
  return id.length + call.length + reply.length;
}
