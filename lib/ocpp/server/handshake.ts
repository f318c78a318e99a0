import { isIP } from "node:net";
import { dialectOf } from "../dialects.ts";

const MAX_IDENTITY_LENGTH = 48;
/** Query members in which charge points that cannot put it into the path carry their identity. */
const IDENTITY_KEYS = ["id", "cpid", "station", "sn"];

/** An identity, or the HTTP status an unusable one is answered with. */
export type IdentityResult = { identity: string } | { httpStatus: 400 | 404; reason: string };

/** What a charge point dialled. */
export interface DialledAddress {
  /** The Host header. */
  host: string | undefined;
  /** Of our side of the socket. */
  localAddress: string | undefined;
  localPort: number | undefined;
  encrypted: boolean;
}

/** The path of a request target in origin form or absolute form, without its query. */
export function targetPath(target: string): string {
  const withoutOrigin = target.replace(/^[a-z]+:\/\/[^/?#]*/i, "");
  return withoutOrigin.split(/[?#]/, 1)[0] ?? "";
}

/** Whether `path` is `base` or lies below it. `base` may be written with or without slashes at its ends. */
export function isBelow(base: string, path: string): boolean {
  const prefix = segments(base);
  const parts = segments(path);
  return prefix.every((segment, index) => segment === parts[index]);
}

/**
 * The identity a charge point connects with: the last segment of the path below `base`, percent-decoded once with `+` left
 * as it is; without one, a member of the query or the user name.
 */
export function identityOf(target: string, base: string, userName: string | null): IdentityResult {
  const path = targetPath(target);
  if (!isBelow(base, path)) return { httpStatus: 404, reason: "This path is not served" };
  const last = segments(path).slice(segments(base).length).at(-1);
  if (last === undefined) return usable(queryIdentity(target) ?? userName ?? "");
  try {
    return usable(decodeURIComponent(last));
  } catch {
    return { httpStatus: 400, reason: "The identity is not percent-encoded UTF-8" };
  }
}

/**
 * The credentials of a Basic Authorization header as bytes: keys may be binary, and an identity may hold a colon, so the
 * user ends where the identity does if it begins so. Null for any other header.
 */
export function basicCredentials(
  header: string | undefined,
  identity: string | null,
): { user: Buffer; password: Buffer } | null {
  const encoded = /^basic +([A-Za-z0-9+/_=-]+) *$/i.exec(header ?? "")?.[1];
  if (encoded === undefined) return null;
  const bytes = Buffer.from(encoded, "base64");
  const prefix = identity === null ? null : Buffer.from(`${identity}:`);
  const startsWithIdentity = prefix !== null && bytes.subarray(0, prefix.length).equals(prefix);
  const colon = startsWithIdentity ? prefix.length - 1 : bytes.indexOf(":");
  return colon < 0 ? null : { user: bytes.subarray(0, colon), password: bytes.subarray(colon + 1) };
}

/** The subprotocols a client offers, in its order. */
export function offeredSubprotocols(header: string | undefined): string[] {
  const offers = (header ?? "").split(",").map((offer) => offer.trim());
  return offers.filter((offer) => offer !== "");
}

/** Ours among the offered ones, in the letter case it was offered in; undefined when it is not there. */
export function chooseSubprotocol(offers: string[]): string | undefined {
  return offers.find((offer) => dialectOf(offer));
}

/**
 * The address under which a charge point reaches this server by HTTP: the name it dialled, else the address of our side of its
 * socket. @param path below which we are
 */
export function httpBase({ host, localAddress, localPort, encrypted }: DialledAddress, path: string): string {
  const scheme = encrypted ? "https" : "http";
  const named = host ? URL.parse(`${scheme}://${host}`) : null;
  const isPlain = named?.pathname === "/" && !named.search && !named.hash && !named.username && !named.password;
  const bare = (localAddress ?? "127.0.0.1").replace(/^::ffff:/i, "");
  const own = bare.includes(":") ? `[${bare.split("%", 1)[0]}]` : bare;
  const authority = named && isPlain ? named.host : `${own}${localPort ? `:${localPort}` : ""}`;
  return [`${scheme}://${authority}`, ...segments(path)].join("/");
}

/** A host as `listen` takes it: undefined = all interfaces. */
export function listenHost(host: string): string | undefined {
  const bare = host.trim().replace(/^\[(.*)\]$/, "$1");
  if (bare === "") return undefined;
  return isIP(bare) ? bare : bare.toLowerCase();
}

function segments(path: string): string[] {
  return path.split("/").filter((segment) => segment !== "");
}

function queryIdentity(target: string): string | null {
  const query = target.split("#", 1)[0]?.split("?").slice(1).join("?") ?? "";
  const members = new URLSearchParams(query.replaceAll("+", "%2B"));
  for (const key of IDENTITY_KEYS) {
    const value = members.get(key);
    if (value) return value;
  }
  return null;
}

function usable(identity: string): IdentityResult {
  if (identity === "") return { httpStatus: 404, reason: "The path names no charge point" };
  if (identity.length > MAX_IDENTITY_LENGTH) return { httpStatus: 404, reason: "The identity is too long" };
  if (/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(identity)) {
    return { httpStatus: 400, reason: "The identity holds control characters" };
  }
  return { identity };
}
