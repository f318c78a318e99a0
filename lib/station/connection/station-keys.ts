import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { Clock } from "../../clock.ts";
import { EvError } from "../../errors.ts";
import type { KeyList } from "../../store/books/key-list.ts";
import type { StationKeyBook, StationKeyRecord } from "../../store/books/station-keys.ts";
import { HASH_COST, hashPassword, isPasswordOf, keyBytes } from "./passwords.ts";

/** So many charge points are remembered as having no key: unknown peers can dial with any number of identities. */
const MOST_WITHOUT = 1000;

/** So many keys may be sent and not settled; more would not help a charge point that took none of them. */
const MOST_PENDING = 3;

/** What a password shown at the door is worth, where a key made here counts. */
export interface KeyCheck {
  /** It is a key made here, in force or just sent. */
  passed: boolean;
  /** The configured password does not count any more. */
  replaces: boolean;
  /** Call it once the connection is let in: the first use of a key just sent puts it in force. */
  settle(): void;
}

/** What a dialog may say of a charge point's key. */
export interface KeyState {
  /** `inForce`: only this key counts; `pending`: one was sent, and it is not known whether it was taken. */
  state: "inForce" | "pending";
  changedWallMs: number;
}

/** A password that was verified, so that the next connection costs no hash: digest under a key of this process. */
interface Verified {
  hash: string;
  digest: Buffer;
}

/**
 * The passwords (AuthorizationKey) that were given to charge points over OCPP. Only salted hashes are stored. A key is stored before
 * it is sent; until it is known whether the charge point took it, the old password and the new key both count, and the first
 * connection with the new one settles it (security white paper, A01). A password that a person configures at the charge point
 * afterwards counts instead of all of them.
 */
export class StationKeys {
  readonly #book: StationKeyBook;
  readonly #clock: Clock;
  readonly #records = new Map<string, StationKeyRecord | null>();
  /** Charge points without a key, in the order in which they were asked for. */
  readonly #without = new Set<string>();
  readonly #verified = new Map<string, Verified>();
  /** By charge point: the configured password last compared with the one that was replaced, and whether it is the same. */
  readonly #configured = new Map<string, { password: string; hash: string; same: boolean }>();
  readonly #secret = randomBytes(32);
  readonly #list: KeyList | null;
  #isNoted = false;

  /** @param list says who has a key while the database cannot be read; without it, anybody may have one then */
  constructor(book: StationKeyBook, clock: Clock, list: KeyList | null = null) {
    this.#book = book;
    this.#clock = clock;
    this.#list = list;
    this.#noteAll();
  }

  /** A key may have been made for this charge point, and the database that knows cannot be read, or has lost it. */
  isUnreadable(identity: string): boolean {
    try {
      return this.#record(identity) === null && this.#list?.has(keyOf(identity)) === true;
    } catch {
      return this.#list?.has(keyOf(identity)) ?? true;
    }
  }

  /** Whether a key was made for this charge point: else its configured password alone counts. */
  has(identity: string): boolean {
    return this.#known(identity) !== null;
  }

  state(identity: string): KeyState | null {
    const record = this.#known(identity);
    if (!record) return null;
    const { accepted, pending, changedWallMs } = record;
    return { state: accepted !== null && pending.length === 0 ? "inForce" : "pending", changedWallMs };
  }

  /**
   * Checks a password at the door. @param configured the charge point's own configured password; null = none
   * @returns null where no key made here counts
   */
  async check(identity: string, configured: string | null, shown: Buffer | null): Promise<KeyCheck | null> {
    await this.#yieldTo(identity, configured);
    const record = this.#known(identity);
    if (!record) return null;
    const hash = shown && (await this.#match(identity, record, keyBytes(shown)));
    const settle = (): void => {
      if (hash && hash !== record.accepted) this.#attempt(() => this.accepted(identity, hash));
    };
    return { passed: hash !== null, replaces: record.accepted !== null, settle };
  }

  /**
   * Stores a key that is about to be sent. @returns its hash, by which it is settled
   * @throws EvError EV_STORE_WRITE | EV_STORE_OPEN when it is not stored, EV_OCPP_BUSY when several are not settled yet
   */
  async prepare(identity: string, key: Buffer, configured: string | null): Promise<string> {
    await this.#yieldTo(identity, configured);
    const hash = await hashPassword(key, HASH_COST.key);
    const first = this.#record(identity) === null;
    const replaced = first && configured !== null ? await hashPassword(bytesOf(configured), HASH_COST.password) : null;
    const record = this.#record(identity) ?? blank(keyOf(identity), replaced);
    if (record.pending.length >= MOST_PENDING)
      throw new EvError(
        "EV_OCPP_BUSY",
        `${identity} was sent ${MOST_PENDING} keys and it is not known which of them it took; wait until it has connected anew`,
      );
    this.#put({ ...record, pending: [...record.pending, hash] });
    await this.#book.settled();
    return hash;
  }

  /** The charge point took the key with this hash: nothing else counts from now on. @throws EvError as `prepare` */
  accepted(identity: string, hash: string): void {
    const record = this.#record(identity);
    if (record?.pending.includes(hash)) this.#put({ ...record, accepted: hash, pending: [] });
  }

  /** The charge point did not take the key with this hash: what counted before counts. @throws EvError as `prepare` */
  refused(identity: string, hash: string): void {
    const record = this.#record(identity);
    if (!record) return;
    const pending = record.pending.filter((other) => other !== hash);
    if (record.accepted === null && pending.length === 0) this.forget(identity);
    else this.#put({ ...record, pending });
  }

  /** The configured password counts again. @throws EvError as `prepare` */
  forget(identity: string): void {
    if (this.has(identity)) {
      this.#book.remove(keyOf(identity));
      this.#remember(keyOf(identity), null);
    }
    this.#list?.remove(keyOf(identity));
    this.#verified.delete(keyOf(identity));
    this.#configured.delete(keyOf(identity));
  }

  /** A password that a person configured since the key was made counts instead of it. */
  async #yieldTo(identity: string, configured: string | null): Promise<void> {
    const record = this.#known(identity);
    if (!record || configured === null) return;
    if (record.replaced !== null && (await this.#isSame(identity, configured, record.replaced))) return;
    this.#attempt(() => this.forget(identity));
  }

  async #isSame(identity: string, password: string, hash: string): Promise<boolean> {
    const known = this.#configured.get(keyOf(identity));
    if (known?.password === password && known.hash === hash) return known.same;
    const same = await isPasswordOf(hash, bytesOf(password));
    this.#configured.set(keyOf(identity), { password, hash, same });
    return same;
  }

  /** The hash that the key is behind; null = none. */
  async #match(identity: string, record: StationKeyRecord, key: Buffer): Promise<string | null> {
    const hashes = [...(record.accepted ? [record.accepted] : []), ...record.pending];
    const digest = createHmac("sha256", this.#secret).update(key).digest();
    const known = this.#verified.get(keyOf(identity));
    if (known && hashes.includes(known.hash) && timingSafeEqual(known.digest, digest)) return known.hash;
    for (const hash of hashes) {
      if (!(await isPasswordOf(hash, key))) continue;
      this.#verified.set(keyOf(identity), { hash, digest });
      return hash;
    }
    return null;
  }

  /** @throws EvError EV_STORE_OPEN while the database cannot be read */
  #record(identity: string): StationKeyRecord | null {
    const known = this.#records.get(keyOf(identity));
    if (known !== undefined) return known;
    const record = this.#book.find(keyOf(identity));
    if (!this.#isNoted) this.#noteAll();
    this.#remember(keyOf(identity), record);
    return record;
  }

  /** null also while the database cannot be read. */
  #known(identity: string): StationKeyRecord | null {
    try {
      return this.#record(identity);
    } catch {
      return null;
    }
  }

  #remember(key: string, record: StationKeyRecord | null): void {
    this.#records.delete(key);
    this.#records.set(key, record);
    if (record) this.#without.delete(key);
    else this.#without.add(key);
    const [oldest] = this.#without;
    if (this.#without.size <= MOST_WITHOUT || oldest === undefined) return;
    this.#without.delete(oldest);
    this.#records.delete(oldest);
  }

  /** Brings the list up to date with the database. */
  #noteAll(): void {
    this.#attempt(() => {
      this.#list?.add(this.#book.chargePoints());
      this.#isNoted = true;
    });
  }

  #put(record: StationKeyRecord): void {
    const changed = { ...record, changedWallMs: this.#clock.wallMs() };
    this.#book.put(changed);
    this.#remember(record.chargePoint, changed);
    this.#list?.add([record.chargePoint]);
  }

  /** What cannot be written now is tried again at the next connection. */
  #attempt(write: () => void): void {
    try {
      write();
    } catch {
      // The store reports its own failure.
    }
  }
}

const keyOf = (identity: string): string => identity.toLowerCase();
const bytesOf = (password: string): Buffer => Buffer.from(password, "utf8");
const blank = (chargePoint: string, replaced: string | null): StationKeyRecord => {
  return { chargePoint, accepted: null, pending: [], replaced, changedWallMs: 0 };
};
