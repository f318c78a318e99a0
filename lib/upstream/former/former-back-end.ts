/** Which back end a charger was given before, by the keys that it tells. Pure. */
import { withoutLastSlashes } from "../address-path.ts";
import { type BackEndPreset, PRESETS } from "../presets.ts";
import { ADDRESS_KEYS, type AddressKey } from "./address-keys.ts";

/** A configuration key with its value, as a charge point reported it. */
export interface ToldKey {
  key: string;
  value?: string | undefined;
}

/** Where this server is reached. */
export interface OwnPlace {
  /** Host and port that the charger has dialled, such as `192.0.2.7:9000`; null = it is not known. */
  dialled: string | null;
  /** Addresses of this machine. */
  addresses: readonly string[];
}

export interface FormerBackEnd {
  /** As the dialog of a back end takes it: without the identity at its end, without name and password. */
  url: string;
  /** With which the charger dialled; null = it does not tell. */
  identity: string | null;
  /** Its address had a name or a password in it. They are not told. */
  hasLogin: boolean;
  /** Id of the known back end that fits; null = none does. */
  preset: string | null;
  /** The key with the address. */
  key: string;
}

export interface Former {
  /** Each address once, in the order of the keys. */
  found: readonly FormerBackEnd[];
  /** The charger tells the address of this server. */
  tellsOurs: boolean;
}

/** @param identity of the charge point here */
export function formerBackEnds(told: readonly ToldKey[], identity: string, own: OwnPlace): Former {
  const values = new Map(told.map(({ key, value }) => [key.trim().toLowerCase(), (value ?? "").trim()]));
  const read = (name: string | undefined) => (name === undefined ? "" : (values.get(name.toLowerCase()) ?? ""));
  const found = new Map<string, FormerBackEnd>();
  let tellsOurs = false;
  for (const known of ADDRESS_KEYS) {
    const url = addressOf(known, read);
    if (url === null) continue;
    if (isOurs(url, own)) tellsOurs = true;
    else {
      const one = backEndOf(known, url, read(known.identity), identity);
      if (!found.has(`${one.url} ${one.identity}`)) found.set(`${one.url} ${one.identity}`, one);
    }
  }
  return { found: [...found.values()], tellsOurs };
}

/** null = the key is not there, or holds no address. */
function addressOf({ url, port, path }: AddressKey, read: (name: string | undefined) => string): URL | null {
  const given = read(url);
  // What is no address is a word, such as `none`, or one for SOAP.
  if (!/^(?:wss?:\/\/)?[^\s/]*[.:][^\s/]+(?:\/\S*)?$/i.test(given)) return null;
  const number = Number(read(port));
  const isSecure = /^wss:/i.test(given) || number === 443;
  const address = URL.parse(/^wss?:/i.test(given) ? given : `${isSecure ? "wss" : "ws"}://${given}`);
  if (!address) return null;
  if (address.port === "" && Number.isInteger(number) && number > 0 && number < 65_536) address.port = String(number);
  const rest = read(path).replace(/^\/+/, "");
  if (rest !== "") address.pathname = `${withoutLastSlashes(address.pathname)}/${rest}`;
  return address;
}

function backEndOf(
  { url: key, endsWithIdentity }: AddressKey,
  address: URL,
  told: string,
  here: string,
): FormerBackEnd {
  const parts = address.pathname.split("/").filter(Boolean);
  const last = decoded(parts.slice(-1)[0] ?? "");
  const isSame = (name: string) => name !== "" && name.toLowerCase() === last.toLowerCase();
  const isIdentity = last !== "" && (endsWithIdentity === true || isSame(told) || isSame(here));
  if (isIdentity) parts.pop();
  const path = parts.length > 0 ? `/${parts.join("/")}` : "";
  return {
    url: `${address.protocol}//${address.host}${path}${address.search}`,
    identity: told || (isIdentity ? last : null),
    hasLogin: address.username !== "" || address.password !== "",
    preset: PRESETS.find((preset) => fits(preset, address))?.id ?? null,
    key,
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The same operator's machines, or where words in capitals stand for the machine the same path. */
function fits({ url }: BackEndPreset, { hostname, pathname }: URL): boolean {
  const known = URL.parse(url);
  if (!known) return false;
  if (known.hostname === "server") return known.pathname.length > 1 && pathname.startsWith(known.pathname);
  const domain = known.hostname.split(".").slice(-2).join(".");
  return hostname === domain || hostname.endsWith(`.${domain}`);
}

function isOurs(url: URL, { dialled, addresses }: OwnPlace): boolean {
  if (dialled === null) return false;
  const here = URL.parse(`${url.protocol}//${dialled}`);
  if (!here || here.port !== url.port) return false;
  const hostname = url.hostname.replace(/^\[|\]$/g, "");
  return hostname === here.hostname.replace(/^\[|\]$/g, "") || addresses.includes(hostname);
}
