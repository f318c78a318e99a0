/** Names that may exist once per process: meter names, identities. Kept process-wide because nodes of several flows claim them. */
import { EvError } from "./errors.ts";

const KEY = Symbol.for("@phasewise/node-red-ev-charging/names");
/** `report`: where the reports of an ev-report go. `port`: where a server for managers listens. */
export type NameKind = "meter" | "identity" | "report" | "port";

interface Claim {
  owner: string;
  place: string;
  role?: string | undefined;
}

const holder = globalThis as { [KEY]?: Map<string, Claim> };
holder[KEY] ??= new Map();
const claims: Map<string, Claim> = holder[KEY];

/**
 * Claims a name for an owner (a node id). The same owner may claim again.
 * @param place how a person finds the owner in the editor, e.g. `ev-meter "Main" (4f1a…)`
 * @param role what a meter measures, for `meterRoles`
 * @throws EvError EV_NAME_DUPLICATE naming both places
 */
export function claimName(kind: NameKind, name: string, owner: string, place: string, role?: string): void {
  const key = keyOf(kind, name);
  const held = claims.get(key);
  if (held && held.owner !== owner) {
    throw new EvError(
      "EV_NAME_DUPLICATE",
      `${kind} "${name}" is claimed by ${held.place} and by ${place}; ${kind === "port" ? "choose another port for one of them" : "rename one of them"}`,
    );
  }
  claims.set(key, { owner, place, role });
}

/** Gives a name back; harmless for one that another owner holds. */
export function releaseName(kind: NameKind, name: string, owner: string): void {
  const key = keyOf(kind, name);
  if (claims.get(key)?.owner === owner) claims.delete(key);
}

/** All names of a kind that are claimed now; identities in lower case. */
export function claimedNames(kind: NameKind): string[] {
  const prefix = keyOf(kind, "");
  return [...claims.keys()].filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length));
}

/** What the meters were said to measure, by name; those of which nothing was said are left out. */
export function meterRoles(): Record<string, string> {
  const prefix = keyOf("meter", "");
  const named = [...claims].flatMap(([key, { role }]): [string, string][] =>
    key.startsWith(prefix) && role !== undefined ? [[key.slice(prefix.length), role]] : [],
  );
  return Object.fromEntries(named);
}

/** Charge points are found whatever the letter case of their identity. */
function keyOf(kind: NameKind, name: string): string {
  return `${kind}/${kind === "identity" ? name.toLowerCase() : name}`;
}
