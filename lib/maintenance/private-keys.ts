/** Which configuration keys are one charge point's own: they are never copied, and what is secret is never shown. */

/** What a key says that belongs to one charge point alone. */
export type PrivateKind = "secret" | "identity" | "address" | "wiring";

/** Written for a part of a value that is secret. */
const HIDDEN = "•••";

/** Standard keys that their words do not give away. */
const STANDARD: Readonly<Record<string, PrivateKind>> = {
  authorizationkey: "secret",
  securityprofile: "address",
  connectorphaserotation: "wiring",
};

/** Words of a name, as makers write them apart. */
const SECRET_WORDS: ReadonlySet<string> = new Set(
  "password passwd passphrase pass pwd pw secret token credential credentials psk pin puk login username".split(" "),
);
const ADDRESS_WORDS: ReadonlySet<string> = new Set(
  "url uri host hostname server address addr ip ipv4 ipv6 port dns gateway netmask subnet apn ssid proxy endpoint mac broker".split(
    " ",
  ),
);
const IDENTITY_WORDS: ReadonlySet<string> = new Set("identity serial serialnumber imei imsi iccid uuid".split(" "));

/** The same in names whose words are written together. */
const SECRET_TOGETHER =
  /passw|passphrase|passcode|secret|credential|user$|(authorization|auth|private|preshared|shared|api|access|encryption|wifi|wlan|wpa|client)key/;
const ADDRESS_TOGETHER = /url$|^url|hostname|ipaddr|serveraddr|centraladdr|centralsystem|modemaddress/;
const IDENTITY_TOGETHER =
  /(chargepoint|chargebox|chargingstation|charger|station|box|evse|device|unit|cb|cp)(id|identity|identifier|name|serial|number)$|serialn(o|umber)$/;

/** An address as a value: a scheme, or an address of the internet protocol. */
const ADDRESS_VALUE = /^[a-z][a-z0-9+.-]*:\/\/|^\d{1,3}(\.\d{1,3}){3}(:\d+)?$/i;

/** What a key says of one charge point alone; null for a setting that another one may have, too. */
export function privateKind(key: string, value: string | null = null): PrivateKind | null {
  const words = wordsOf(key);
  const together = words.join("");
  const known = STANDARD[together];
  if (known) return known;
  const has = (set: ReadonlySet<string>) => words.some((word) => set.has(word));
  if (has(SECRET_WORDS) || SECRET_TOGETHER.test(together)) return isAbout(words) ? null : "secret";
  if (has(IDENTITY_WORDS) || IDENTITY_TOGETHER.test(together)) return "identity";
  if (has(ADDRESS_WORDS) || ADDRESS_TOGETHER.test(together)) return "address";
  return value !== null && ADDRESS_VALUE.test(value.trim()) ? "address" : null;
}

/** A value as people may see it: nothing of a secret one, an address without login and query. */
export function shownValue(key: string, value: string | null): string | null {
  if (value === null || value === "") return value;
  const kind = privateKind(key, value);
  if (kind === "secret") return null;
  if (kind !== "address") return value;
  const slashes = value.indexOf("//");
  const at = value.lastIndexOf("@");
  const bare = slashes >= 0 && at > slashes ? `${value.slice(0, slashes + 2)}${HIDDEN}${value.slice(at)}` : value;
  return bare.replace(/([?&;#][^=&;\s]*=?)[^&;\s]*/g, (_, name: string) =>
    name.endsWith("=") ? `${name}${HIDDEN}` : `${name.slice(0, 1)}${HIDDEN}`,
  );
}

/** `useAuthorizationKeyWithoutDecoding` → use, authorization, key, … */
function wordsOf(key: string): string[] {
  return key
    .trim()
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replace(/([A-Z])([A-Z][a-z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(Boolean);
}

/** How long a secret may be, or how it is written, is none. */
function isAbout(words: readonly string[]): boolean {
  return words.some((word) => word === "length" || word === "decoding");
}
