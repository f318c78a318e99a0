/** How long an answer may be given again (ms). */
const KEEP_MS = 600_000;
/** The time of day in these answers ages: only a prompt repetition gets the same one. */
const KEEP_TIME_MS = 10_000;
const MAX_ENTRIES = 16;
const MAX_CHARS = 65_536;

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
  #entries = new Map<string, Entry>();
  #chars = 0;

  find(id: string, call: string, nowMs: number): string | undefined {
    const entry = this.#entries.get(id);
    return entry && entry.call === call && nowMs < entry.untilMs ? entry.reply : undefined;
  }

  keep(id: string, action: string, call: string, reply: string, nowMs: number): void {
    this.#drop(id);
    const size = id.length + call.length + reply.length;
    if (size > MAX_CHARS) return;
    const ageing = action === "Heartbeat" || action === "BootNotification";
    this.#entries.set(id, { call, reply, untilMs: nowMs + (ageing ? KEEP_TIME_MS : KEEP_MS) });
    this.#chars += size;
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= MAX_ENTRIES && this.#chars <= MAX_CHARS) break;
      this.#drop(oldest);
    }
  }

  #drop(id: string): void {
    const entry = this.#entries.get(id);
    if (!entry) return;
    this.#entries.delete(id);
    this.#chars -= id.length + entry.call.length + entry.reply.length;
  }
}
