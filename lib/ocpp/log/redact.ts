import { isSecretName } from "./secret-names.ts";

const HIDDEN = "***";
/**
 * What every frame with a secret contains: part of a name of `secret-names.ts`, an address, a key in PEM, an escape in a name, or a cut.
 */
const SUSPICIOUS =
  /pass|psk|pwd|pin|puk|secret|token|credential|key|accesscode|unlockcode|sig=|:(?:\\?\/){2}|\\u00|PRIVATE|…$/i;
/** Members that name a setting, and those that hold its value: `{key, value}` of OCPP, and what makers do alike. */
const NAMING = new Set(["key", "name", "setting", "parameter", "messageid"]);
const VALUED = new Set(["value", "val", "data"]);
/** How deep JSON inside of texts inside of JSON is searched. */
const MOST_NESTED = 3;

/**
 * A frame as it may be shown or kept: without the values of settings and fields for secrets, the login and secret query members of
 * addresses, and private keys. Reads JSON, also where its end was cut off; what is no JSON is read as a text. Takes time in proportion
 * to the length, whatever it contains, and throws nothing.
 */
export function redactFrame(text: string): string {
  return SUSPICIOUS.test(text) ? new Redaction(text, 0).result() : text;
}

/** Text in place of a part of the frame. */
interface Edit {
  from: number;
  to: number;
  text: string;
}

/** An object or array that is being read. */
interface Level {
  isObject: boolean;
  /** Everything in it is a secret. */
  isSecret: boolean;
  /** Of the member whose value comes next; null = a name comes next. */
  name: string | null;
  /** Whether a member says that the value beside it is a secret; null = none says what it is. */
  namesSecret: boolean | null;
  /** Where such values stand. */
  values: { from: number; to: number; isSetting: boolean }[];
  from: number;
}

/** One pass over a text. */
class Redaction {
  readonly #text: string;
  readonly #nested: number;
  readonly #edits: Edit[] = [];
  readonly #levels: Level[] = [];

  constructor(text: string, nested: number) {
    this.#text = text;
    this.#nested = nested;
  }

  result(): string {
    const text = this.#text;
    for (let at = 0; at < text.length; ) at = this.#token(at);
    // Of what was cut off, the name of a value may be missing.
    while (this.#levels.length > 0) this.#close(text.length, true);
    return this.#edited();
  }

  /** @returns where the next one may begin */
  #token(at: number): number {
    switch (this.#text.charCodeAt(at)) {
      case 0x7b: // {
      case 0x5b: // [
        this.#open(at);
        return at + 1;
      case 0x7d: // }
      case 0x5d: // ]
        this.#close(at + 1);
        return at + 1;
      case 0x2c: // ,
        this.#comma();
        return at + 1;
      case 0x22: // "
        return this.#string(at);
      default:
        return this.#other(at);
    }
  }

  #open(at: number): void {
    const outer = this.#levels[this.#levels.length - 1];
    const isSecret = outer !== undefined && (outer.isSecret || this.#isSecretValue(outer));
    this.#levels.push({
      isObject: this.#text[at] === "{",
      isSecret,
      name: null,
      namesSecret: null,
      values: [],
      from: at,
    });
  }

  /** @param to behind its bracket, or the end of a frame that was cut off */
  #close(to: number, isCut = false): void {
    const level = this.#levels.pop();
    if (!level) return;
    const isSecret = level.namesSecret ?? isCut;
    for (const { from, to, isSetting } of level.values)
      if (isSecret && (isSetting || level.namesSecret)) this.#hide(from, to);
    this.#valueEnded(level.from, to);
  }

  #comma(): void {
    const level = this.#levels[this.#levels.length - 1];
    if (level?.isObject) level.name = null;
  }

  /** A name, or a text as a value. */
  #string(from: number): number {
    const text = this.#text;
    let to = from + 1;
    for (;;) {
      const quote = text.indexOf('"', to);
      if (quote < 0) {
        to = text.length;
        break;
      }
      let backslashes = 0;
      while (text.charCodeAt(quote - 1 - backslashes) === 0x5c && quote - 1 - backslashes > from) backslashes += 1;
      to = quote + 1;
      if (backslashes % 2 === 0) break;
    }
    const level = this.#levels[this.#levels.length - 1];
    if (level?.isObject && level.name === null) level.name = decoded(text.slice(from, to));
    else this.#value(from, to, true);
    return to;
  }

  /** A number or a word as a value; else nothing. */
  #other(from: number): number {
    let to = from + 1;
    const isPart = /[^\s,:"{}[\]]/;
    if (!isPart.test(this.#text[from]!)) return to;
    while (to < this.#text.length && isPart.test(this.#text[to]!)) to += 1;
    this.#value(from, to, false);
    return to;
  }

  #value(from: number, to: number, isText: boolean): void {
    const level = this.#levels[this.#levels.length - 1];
    if (level && (level.isSecret || this.#isSecretValue(level))) this.#hide(from, to);
    else if (isText) {
      const value = decoded(this.#text.slice(from, to));
      const shown = redactText(value, this.#nested);
      if (shown !== value) this.#edits.push({ from, to, text: this.#encoded(shown, from, to) });
      if (level?.isObject && level.name !== null && NAMING.has(level.name.toLowerCase()))
        level.namesSecret = level.namesSecret === true || isSecretName(value);
    } else {
      const word = this.#text.slice(from, to);
      const shown = redactText(word, this.#nested);
      if (shown !== word) this.#edits.push({ from, to, text: shown });
    }
    this.#valueEnded(from, to);
  }

  /** Whether the value that comes next in an object is a secret by the name of its member. */
  #isSecretValue({ isObject, name }: Level): boolean {
    return isObject && name !== null && isSecretName(name);
  }

  /** A value was read as a whole: it may turn out to be that of a secret setting, whose name comes later. */
  #valueEnded(from: number, to: number): void {
    const level = this.#levels[this.#levels.length - 1];
    if (!level?.isObject || level.name === null || !VALUED.has(level.name.toLowerCase())) return;
    level.values.push({ from, to, isSetting: level.name.toLowerCase() !== "data" });
  }

  #hide(from: number, to: number): void {
    this.#edits.push({ from, to, text: `"${HIDDEN}"` });
  }

  /** As JSON, its slashes escaped where they were; without its end where that was cut off. */
  #encoded(shown: string, from: number, to: number): string {
    const token = this.#text.slice(from, to);
    const json = JSON.stringify(shown);
    const slashed = token.includes("\\/") ? json.replace(/\//g, "\\/") : json;
    return token.length > 1 && token.endsWith('"') ? slashed : slashed.slice(0, -1);
  }

  #edited(): string {
    const parts: string[] = [];
    let done = 0;
    // What is hidden as a whole makes other edits within it superfluous.
    for (const { from, to, text } of this.#edits.sort((a, b) => a.from - b.from || b.to - a.to)) {
      if (from < done) continue;
      parts.push(this.#text.slice(done, from), text);
      done = to;
    }
    return done === 0 ? this.#text : parts.join("") + this.#text.slice(done);
  }
}

/** The content of a JSON string; a text that is no JSON string stays as it is. */
function decoded(token: string): string {
  const inner = token.slice(1, token.length > 1 && token.endsWith('"') ? -1 : undefined);
  if (!inner.includes("\\")) return inner;
  try {
    return JSON.parse(`"${inner}"`) as string;
  } catch {
    return inner.replace(/\\([/"])/g, "$1");
  }
}

const PRIVATE_KEY = "PRIVATE KEY-----";
/** An address up to white space or a quote. */
const ADDRESS = /:\/\/[^\s"'<>]+/g;
/** `password=…`, `pin: …` in a text. */
const ASSIGNED = /(?<![\w-])([A-Za-z][\w-]{0,80})\s?[=:]\s?([^\s"'&;,?#]+)/g;

/** A text without its secrets. */
function redactText(text: string, nested: number): string {
  if (!SUSPICIOUS.test(text)) return text;
  if (text.includes(PRIVATE_KEY)) return HIDDEN;
  if (nested < MOST_NESTED && /^\s{0,64}[[{]/.test(text)) return new Redaction(text, nested + 1).result();
  const shown = text.includes("://") ? text.replace(ADDRESS, redactAddress) : text;
  return shown.replace(ASSIGNED, (whole, name: string, value: string) =>
    isSecretName(name) ? `${whole.slice(0, -value.length)}${HIDDEN}` : whole,
  );
}

/** A member of an address's query. */
const QUERY = /([?&;#])([^=&;#?]{1,60})=([^&;#]+)/g;
/** Names of such members beside those of `isSecretName`. */
const QUERY_SECRETS = /^(?:auth|code|key|sas|otp|sig|signature|x-amz-signature)$/i;
/** The secret part of our addresses for files. */
const FILE_TOKEN = /(\/ev-files\/)[A-Za-z0-9_-]{16,}/g;

/**
 * What follows the scheme, without login, file token and secret query members. A password may hold a slash or an @: with a colon in
 * front, all up to the last @ is the login.
 */
function redactAddress(address: string): string {
  const authorityEnd = address.indexOf("/", 3);
  const last = address.lastIndexOf("@");
  const colon = address.indexOf(":", 3);
  const isLogin = last >= 0 && colon >= 0 && colon < last;
  const at = isLogin ? last : address.slice(0, authorityEnd < 0 ? address.length : authorityEnd).lastIndexOf("@");
  const withoutLogin = at < 0 ? address : `://${HIDDEN}${address.slice(at)}`;
  return withoutLogin
    .replace(FILE_TOKEN, `$1${HIDDEN}`)
    .replace(QUERY, (whole, sign: string, name: string) =>
      isSecretMember(unescaped(name)) ? `${sign}${name}=${HIDDEN}` : whole,
    );
}

const isSecretMember = (name: string): boolean => QUERY_SECRETS.test(name) || isSecretName(name);

function unescaped(name: string): string {
  if (!name.includes("%")) return name;
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
