import type { Behaviour } from "./behaviour.ts";

const KEY = "authorizationkey";

/** Whether a configuration key is the charge point's password (security white paper, §4). */
export function isPasswordKey(key: unknown): boolean {
  return typeof key === "string" && key.trim().toLowerCase() === KEY;
}

/** What a charge point makes of a new password, before it answers. */
export interface KeyChange {
  status: "Accepted" | "Rejected" | "RebootRequired" | "NotSupported";
  /** The password from the next connection on, or from the next restart; null = the old one stays. */
  password: Buffer | null;
}

/** ChangeConfiguration of AuthorizationKey: 32 to 40 hexadecimal digits, of which the bytes are the password. */
export function keyChange(value: string, { keyAnswer, keyAsText }: Behaviour): KeyChange {
  if (keyAnswer === "notSupported") return { status: "NotSupported", password: null };
  const isKey = /^(?:[0-9a-f]{2}){16,20}$/i.test(value);
  if (keyAnswer === "reject" || !isKey) return { status: "Rejected", password: null };
  const password = keyAnswer === "lose" ? null : Buffer.from(value, keyAsText ? "latin1" : "hex");
  return { status: keyAnswer === "reboot" ? "RebootRequired" : "Accepted", password };
}
