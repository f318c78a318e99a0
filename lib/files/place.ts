/** Where a transfer happens: paths that cannot be guessed, and what the other side calls its file. */
import { createHash, randomBytes } from "node:crypto";

/** First part of the path of every transfer. */
export const FILES_PATH = "ev-files";

/** Length of a token, bytes. */
const TOKEN_BYTES = 24;
const REQUEST = new RegExp(`(?:^|/)${FILES_PATH}/([A-Za-z0-9_-]{32})(?:/([^/]*))?/?$`);
/** Longest name of a file in a path, characters. */
const LONGEST_NAME = 100;

/** A new secret part of a path: 192 random bits. */
export function newToken(): string {
  return randomBytes(TOKEN_BYTES).toString("base64url");
}

/** The name of a token in store and logs: a reader of it cannot dial the path. */
export function keyOf(token: string): string {
  return createHash("sha256").update(token).digest("base64url");
}

/** The token and the file's name in a request's path; null for a path that is none of ours. */
export function placeOf(target: string): { token: string; name: string | null } | null {
  const path = target.replace(/^[a-z]+:\/\/[^/?#]*/i, "").split(/[?#]/, 1)[0] ?? "";
  const [, token, name] = REQUEST.exec(path) ?? [];
  if (token === undefined) return null;
  return { token, name: name ? decoded(name) : null };
}

/** Address of a transfer. @param base `http://host:port/path` under which the charge point reaches us; @param name of the file, if it has one */
export function addressOf(base: string, token: string, name: string | null): string {
  return `${base.replace(/(?<!\/)\/+$/, "")}/${FILES_PATH}/${token}/${name === null ? "" : encodeURIComponent(name)}`;
}

/** A name that a stranger gave, as a file may be called here: no folders, no hidden file, nothing but plain characters. */
export function safeName(name: string, fallback: string): string {
  const bare = name.split(/[/\\]/).at(-1) ?? "";
  const plain = bare.replace(/[^A-Za-z0-9._-]+/g, "_").replace(/^\.+/, "");
  return plain.slice(-LONGEST_NAME).replace(/^[._-]+/, "") || fallback;
}

/** A name that a stranger gave, as people and flows are told it: no folders, nothing unseen, nothing that is markup, no more than fits a line. */
export function shownName(name: string, fallback: string): string {
  const bare = name.split(/[/\\]/).at(-1) ?? "";
  const plain = bare.replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, "").replace(/[<>:"|?*`&]+/g, "_");
  const [...characters] = plain.replace(/^[.\s]+/, "").trim();
  return characters.slice(-LONGEST_NAME).join("").trim() || fallback;
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
