/** Passwords as they are kept: salted, stretched, compared in constant time. */
import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from "node:crypto";

const SALT_BYTES = 16;
const HASH_BYTES = 32;
/** Hashes computed at once: the threads they run on are shared with the disk. */
const MOST_AT_ONCE = 2;

/** What a hash costs. A key made here has at least 128 random bits, which no stretching adds to; a person's password needs it. */
export const HASH_COST = { key: 1024, password: 4096 } as const;

let running = 0;
const waiting: (() => void)[] = [];

/** A password as it may be stored: `scrypt$cost$salt$hash`. */
export async function hashPassword(password: Buffer, cost: number): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const hash = await stretch(password, salt, cost);
  return `scrypt$${cost}$${salt.toString("base64url")}$${hash.toString("base64url")}`;
}

/** Whether a stored hash is that of this password. False for a text that is no hash. */
export async function isPasswordOf(stored: string, password: Buffer): Promise<boolean> {
  const [kind, cost, salt = "", hash = ""] = stored.split("$");
  const expected = Buffer.from(hash, "base64url");
  if (kind !== "scrypt" || expected.length !== HASH_BYTES) return false;
  const found = await stretch(password, Buffer.from(salt, "base64url"), Number(cost));
  return timingSafeEqual(expected, found);
}

/**
 * A new AuthorizationKey.
 * @param length 16 to 20 bytes (security white paper, A00.FR.205)
 */
export function newKey(length: number): Buffer {
  for (;;) {
    const key = randomBytes(length);
    if (!isHexadecimal(key)) return key;
  }
}

/**
 * The key that a password stands for: charge points send the bytes, or the hexadecimal digits that they were given.
 * @returns the bytes either way
 */
export function keyBytes(password: Buffer): Buffer {
  return isHexadecimal(password) ? Buffer.from(password.toString("latin1"), "hex") : password;
}

function isHexadecimal(bytes: Buffer): boolean {
  return /^(?:[0-9a-f]{2}){8,20}$/i.test(bytes.toString("latin1"));
}

async function stretch(password: Buffer, salt: Buffer, cost: number): Promise<Buffer> {
  if (running >= MOST_AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
  else running++;
  const options: ScryptOptions = { N: cost, r: 8, p: 1 };
  try {
    return await new Promise((resolve, reject) => {
      scrypt(password, salt, HASH_BYTES, options, (error, hash) => (error ? reject(error) : resolve(hash)));
    });
  } finally {
    // The place goes to the next one in line.
    const next = waiting.shift();
    if (next) next();
    else running--;
  }
}
