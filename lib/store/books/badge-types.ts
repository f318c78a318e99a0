/** What a badge may do: `user` charges, `vip` charges before others, `admin` ends anybody's charge and never charges. */
export type BadgeType = "user" | "vip" | "admin";

/** One badge, or vehicle id (`VID:…`), of the site's list. Wall times are ms since 1970. */
export interface Badge {
  /** Canonical spelling, see `canonicalTag`. */
  idTag: string;
  type: BadgeType;
  comment: string;
  /** Badges with the same parent may end each other's charges (OCPP 1.6 §3.5). */
  parentIdTag: string | null;
  /** Until when it is valid, as it was given: a day of the site (`2027-12-31`, to its end) or a time in ISO 8601 UTC. null = without end. */
  expiryDate: string | null;
  blocked: boolean;
  /** Where it may charge; all three empty = everywhere, else wherever one of them says so. */
  chargePoints: readonly string[];
  /** `<identity>/<number>`. */
  connectors: readonly string[];
  /** Names of zones; those below them are meant, too. */
  zones: readonly string[];
  /** Charges at one time; null = any number. */
  maxConcurrent: number | null;
}

/** A change of the list, as it was done: enough to undo it. */
export interface BadgeChange {
  added: readonly Badge[];
  changed: readonly { before: Badge; after: Badge }[];
  removed: readonly Badge[];
}

/** A change as the book keeps it. */
export interface BadgeChangeRecord extends BadgeChange {
  id: number;
  changedWallMs: number;
  /** `add`, `edit`, `remove`, `import`, `learn`, `undo`. */
  what: string;
  /** Who asked for it; empty = unknown. */
  by: string;
}

/** The badges of a site. @throws EvError EV_STORE_WRITE | EV_STORE_OPEN */
export interface BadgeBook {
  /** Resolves when all that was written until now is durable. @throws EvError EV_STORE_WRITE: it may not be */
  settled(): Promise<void>;
  all(): Badge[];
  /** Number of the newest change; grows for ever. */
  version(): number;
  /** Does and notes a change, whole or not at all. @returns its record */
  apply(change: Omit<BadgeChangeRecord, "id">): BadgeChangeRecord;
  /** The newest change that can be undone; null = none. */
  lastChange(): BadgeChangeRecord | null;
  /** Undoes the newest change: does the opposite and forgets it. @returns what was done; null = nothing to undo */
  undo(): BadgeChangeRecord | null;
  /**
   * As `apply` and `undo`, for changes of many badges: each step is a short write, and others may be done between two. What was
   * decided is finished by the next use where the process ended on the way. The newest change is in parts where `lastInParts`.
   */
  applyInParts(change: Omit<BadgeChangeRecord, "id">): Generator<void, BadgeChangeRecord>;
  undoInParts(): Generator<void, BadgeChangeRecord | null>;
  lastInParts(): boolean;
}

/** Why a badge was let in or refused, once. */
export interface AuthorizationRecord {
  id: number;
  wallMs: number;
  chargePoint: string;
  /** 0 = the charge point did not say. */
  connector: number;
  /** As the charge point sent it. */
  idTag: string;
  /** Canonical number of the badge that it was taken for; null = none of the list. */
  badge: string | null;
  reason: string;
  rule: string;
  status: string;
  /** One sentence. */
  text: string;
  /** How long the answer took, ms. */
  tookMs: number;
}

/** Which of them; null = all. Both times included. */
export interface AuthorizationQuery {
  /** Compared in canonical spelling with what was sent and with the badge it was taken for. */
  idTag: string | null;
  chargePoint: string | null;
  status: string | null;
  fromWallMs: number;
  toWallMs: number;
  /** The newest so many. */
  most: number;
}

/** The answers given to badges. @throws EvError EV_STORE_WRITE | EV_STORE_OPEN */
export interface AuthorizationBook {
  add(records: readonly Omit<AuthorizationRecord, "id">[]): void;
  /** Oldest first. */
  find(query: AuthorizationQuery): AuthorizationRecord[];
  /** Forgets those before a time, and the oldest beyond a number. */
  prune(beforeWallMs: number, most: number): void;
}
