import type { Clock } from "../clock.ts";
import type { AuditRange, AuditRecord } from "../store/books/audit.ts";
import type { Store } from "../store/types.ts";
import { NoteLimit } from "./note-limit.ts";
import {
  demand,
  OPEN_RULES,
  type Role,
  type RoleRules,
  roleOf,
  type Sender,
  senderOf,
  suffices,
  type Who,
} from "./roles.ts";

/** How long the log is kept, ms. */
const KEEP_MS = 400 * 86_400_000;
/** Most entries of the log that are kept. */
const MOST_KEPT = 500_000;
/** After how many entries the old part of the log is dropped. */
const PRUNE_EVERY = 500;

/** Who does something, and why. */
type Doer = Who & Pick<Sender, "by" | "reason">;

type Entry = Omit<AuditRecord, "wallMs">;

/** Checks and logs what changes something at a site: who, what, why, and whether it was allowed. */
export class Rights {
  /** Who may do what; replaced with each deploy. */
  rules: RoleRules = OPEN_RULES;
  readonly #store: Pick<Store, "audit" | "durably">;
  readonly #clock: Clock;
  readonly #limit: NoteLimit<Entry>;
  #written = 0;
  #lastWrite: Promise<unknown> = Promise.resolve();

  constructor(store: Pick<Store, "audit" | "durably">, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
    this.#limit = new NoteLimit(clock, (skipped, last) => this.#log(summary(skipped, last)));
  }

  /**
   * Lets a message that changes something pass, or not.
   * @param place node that it came to, as a person finds it
   * @throws EvError EV_ROLE_DENIED
   */
  check(message: unknown, needed: Role, what: string, place: string): void {
    const { by, ...sender } = senderOf(message);
    const isFlow = sender.user === null && sender.browser === null;
    this.checkUser({ ...sender, by: by ?? (isFlow ? place : null) }, needed, what);
  }

  /**
   * Lets a question pass, or not: the user has to be a viewer, unless less is enough. Answers are not noted, refusals are.
   * @throws EvError EV_ROLE_DENIED
   */
  checkQuestion(message: unknown, what: string, needed: Role = "viewer"): void {
    const sender = senderOf(message);
    const role = roleOf(sender, this.rules);
    try {
      demand(sender, role, needed, what);
    } catch (error) {
      this.#note(sender, role, what, false);
      throw error;
    }
  }

  /**
   * Whose figures the sender of a question may see: null = everybody's; the name of a holder who is logged in = their own alone.
   * @throws EvError EV_ROLE_DENIED
   */
  checkOwn(message: unknown, what: string): string | null {
    const sender = senderOf(message);
    if (sender.user !== null && roleOf(sender, this.rules) === "holder") return sender.user;
    this.checkQuestion(message, what);
    return null;
  }

  /** Whether the sender of a message has a role: for pages that show what somebody may do. Nothing is noted. */
  may(message: unknown, role: Role): boolean {
    return suffices(roleOf(senderOf(message), this.rules), role);
  }

  /** As `check`, for what does not come as a message. @throws EvError EV_ROLE_DENIED */
  checkUser(doer: Doer, needed: Role, what: string): void {
    const role = roleOf(doer, this.rules);
    let allowed = false;
    try {
      demand(doer, role, needed, what);
      allowed = true;
    } finally {
      this.#note(doer, role, what, allowed);
    }
  }

  /** Notes an act that was allowed elsewhere: by the editor's own permissions. */
  note(doer: Doer, what: string): void {
    this.#note(doer, "admin", what, true);
  }

  /** Notes what was done to each of many things that somebody was allowed to do at once: however many there are, none is left out. */
  noteEach({ user, by, reason }: Doer, what: string): void {
    this.#log({ user, by, reason, role: "admin", what, allowed: true });
  }

  /** The log, newest first, with all that was noted before the question. @throws EvError of the store */
  async entries(range: AuditRange): Promise<AuditRecord[]> {
    await this.#lastWrite;
    return this.#store.audit.find(range);
  }

  /** Notes what was only counted so far, and ends the timer. */
  close(): void {
    this.#limit.close();
  }

  #note({ user, browser = null, by, reason }: Doer, role: Role, what: string, allowed: boolean): void {
    const at = browser === null ? by : [by, `at ${browser}`].filter(Boolean).join(" ");
    const entry = { user, by: at, reason, role, what, allowed };
    // Flows are wired by the people who look after the site: each of their acts is noted, refusals are counted.
    const isCounted = user !== null || browser !== null || !allowed;
    if (isCounted && !this.#limit.admit(user ?? browser ?? by ?? "", entry)) return;
    this.#log(entry);
  }

  /** A log that cannot be written does not stop a user from switching a charger off. */
  #log(entry: Entry): void {
    const wallMs = this.#clock.wallMs();
    const prunes = this.#written++ % PRUNE_EVERY === 0;
    const { audit } = this.#store;
    const write = (): void => {
      audit.add({ wallMs, ...entry });
      if (prunes) audit.prune(wallMs - KEEP_MS, MOST_KEPT);
    };
    // The store reports its own failure.
    this.#lastWrite = this.#store.durably(write).catch(() => {});
  }
}

/** What was too much to be noted one by one. */
function summary(skipped: number, last: Entry): Entry {
  return skipped === 1 ? last : { ...last, what: `${skipped} more within a minute, the last of them: ${last.what}` };
}
