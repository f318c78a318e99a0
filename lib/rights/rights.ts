import type { Clock } from "../clock.ts";
import type { AuditRange, AuditRecord } from "../store/audit.ts";
import type { Store } from "../store/types.ts";
import { demand, OPEN_RULES, type Role, type RoleRules, roleOf, senderOf } from "./roles.ts";

/** How long the log is kept. */
const KEEP_MS = 400 * 86_400_000;
/** How often the old part is forgotten. */
const PRUNE_EVERY = 500;

/** Checks and logs what changes something at a site: who, what, why, and whether it was allowed. */
export class Rights {
  /** Who may do what; replaced with each deploy. */
  rules: RoleRules = OPEN_RULES;
  readonly #store: Pick<Store, "audit" | "durably">;
  readonly #clock: Clock;
  #written = 0;
  #lastWrite: Promise<unknown> = Promise.resolve();

  constructor(store: Pick<Store, "audit" | "durably">, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  /** The role of a dashboard user or of an admin of the editor's server. */
  roleOf(user: string | null): Role {
    return roleOf(user, this.rules);
  }

  /**
   * Lets a message that changes something pass, or not.
   * @param place node that it came to, as a person finds it
   * @throws EvError EV_ROLE_DENIED
   */
  check(message: unknown, needed: Role, what: string, place: string): void {
    const { user, by, reason } = senderOf(message);
    this.checkUser({ user, by: by ?? (user === null ? place : null), reason }, needed, what);
  }

  /** Lets a question pass, or not: a user has to be a viewer. Answers are not noted, refusals are. @throws EvError EV_ROLE_DENIED */
  checkQuestion(message: unknown, what: string): void {
    const { user, by, reason } = senderOf(message);
    if (user === null) return;
    const role = this.roleOf(user);
    try {
      demand(user, role, "viewer", what);
    } catch (error) {
      this.#log({ user, by, reason, role, what, allowed: false });
      throw error;
    }
  }

  /** As `check`, for what does not come as a message. @throws EvError EV_ROLE_DENIED */
  checkUser(
    sender: { user: string | null; by: string | null; reason: string | null },
    needed: Role,
    what: string,
  ): void {
    const role = this.roleOf(sender.user);
    let allowed = false;
    try {
      demand(sender.user, role, needed, what);
      allowed = true;
    } finally {
      this.#log({ ...sender, role, what, allowed });
    }
  }

  /** Notes what somebody does who is let in by another door: the editor's own permissions. */
  note(sender: { user: string | null; by: string | null; reason: string | null }, what: string): void {
    this.#log({ ...sender, role: "admin", what, allowed: true });
  }

  /** The log, newest first, with all that was noted before the question. @throws EvError of the store */
  async entries(range: AuditRange): Promise<AuditRecord[]> {
    await this.#lastWrite;
    return this.#store.audit.find(range);
  }

  /** A log that cannot be written keeps nobody from switching a charger off. */
  #log(entry: Omit<AuditRecord, "wallMs">): void {
    const wallMs = this.#clock.wallMs();
    const prunes = this.#written++ % PRUNE_EVERY === 0;
    const { audit } = this.#store;
    const write = (): void => {
      audit.add({ wallMs, ...entry });
      if (prunes) audit.prune(wallMs - KEEP_MS);
    };
    // The store reports its own failure.
    this.#lastWrite = this.#store.durably(write).catch(() => {});
  }
}
