/** Reads a JSON object whose lists are long, entry by entry, as its text comes in. */

/** A value of the object, or an entry of one of its lists. */
export interface Entry {
  key: string;
  /** Place in the list; null = the value is no list; -1 = a list begins here. */
  index: number | null;
  value: unknown;
}

/** A larger single entry is refused: it would hold up everything else, characters. */
const MOST_ENTRY = 32 * 1024 ** 2;

/** What ends a piece of text outside of brackets, by what the piece is. */
const ENDS = { key: ":}", value: ",}", entry: ",]" } as const;

type Expected = "object" | keyof typeof ENDS | "afterList" | "nothing";

/**
 * Cuts text into entries. JSON.parse reads the text within an entry, this class the text around it.
 * Every method throws a SyntaxError where the text is no JSON object.
 */
export class EntryReader {
  #text = "";
  /** Where the piece begins that is being read, and how far it was looked at. */
  #from = 0;
  #at = 0;
  #depth = 0;
  #inString = false;
  #expected: Expected = "object";
  #key = "";
  #index = 0;
  #keys = 0;

  /** @returns what is complete with this text */
  *feed(text: string): Generator<Entry> {
    this.#text = this.#text.slice(this.#from) + text;
    this.#at -= this.#from;
    this.#from = 0;
    if (this.#text.length > MOST_ENTRY + text.length) throw new SyntaxError("one entry of it is larger than 32 MB");
    for (;;) {
      const entry = this.#step();
      if (entry === "more") return;
      if (entry) yield entry;
    }
  }

  /** The text has ended. */
  end(): void {
    if (this.#expected !== "nothing") throw new SyntaxError("it ends in the middle");
  }

  #step(): Entry | null | "more" {
    const expected = this.#expected;
    switch (expected) {
      case "object":
        return this.#sign("{", "key");
      case "afterList":
        return this.#afterList();
      case "nothing":
        return this.#skip() === "" ? "more" : fail("something follows its end");
      case "value":
        if (this.#text.slice(this.#from, this.#at).trim() === "" && this.#depth === 0 && !this.#inString) {
          const first = this.#skip();
          if (first === "") return "more";
          if (first === "[") return this.#beginList();
        }
        break;
      default:
    }
    const end = this.#endOf(expected);
    if (end === -1) return "more";
    const piece = this.#text.slice(this.#from, end);
    const sign = this.#text[end] ?? "";
    this.#moveTo(end + 1);
    if (expected === "key") return this.#takeKey(piece, sign);
    return expected === "entry" ? this.#takeEntry(piece, sign) : this.#takeValue(piece, sign);
  }

  #takeKey(piece: string, sign: string): null {
    if (sign === "}") {
      if (this.#keys > 0 || piece.trim() !== "") fail("a key is missing");
      this.#expected = "nothing";
      return null;
    }
    const key: unknown = JSON.parse(piece);
    if (typeof key !== "string") fail("a key is no text");
    this.#key = key as string;
    this.#keys += 1;
    this.#expected = "value";
    return null;
  }

  #takeValue(piece: string, sign: string): Entry {
    this.#expected = sign === "," ? "key" : "nothing";
    return { key: this.#key, index: null, value: JSON.parse(piece) };
  }

  #takeEntry(piece: string, sign: string): Entry | null {
    const index = this.#index++;
    if (sign === "]") this.#expected = "afterList";
    if (sign === "]" && index === 0 && piece.trim() === "") return null;
    return { key: this.#key, index, value: JSON.parse(piece) };
  }

  #beginList(): Entry {
    this.#moveTo(this.#from + 1);
    this.#index = 0;
    this.#expected = "entry";
    return { key: this.#key, index: -1, value: undefined };
  }

  #afterList(): null | "more" {
    const sign = this.#skip();
    if (sign === "") return "more";
    if (sign !== "," && sign !== "}") fail(`"${sign}" follows a list`);
    this.#moveTo(this.#from + 1);
    this.#expected = sign === "," ? "key" : "nothing";
    return null;
  }

  #sign(wanted: string, next: Expected): null | "more" {
    const sign = this.#skip();
    if (sign === "") return "more";
    if (sign !== wanted) fail("it is no object");
    this.#moveTo(this.#from + 1);
    this.#expected = next;
    return null;
  }

  /** Passes white space. @returns what stands behind it; empty = nothing yet */
  #skip(): string {
    const rest = /[^\s\uFEFF]/g;
    rest.lastIndex = this.#from;
    const found = rest.exec(this.#text);
    this.#moveTo(found ? found.index : this.#text.length);
    return found?.[0] ?? "";
  }

  /** Where the piece ends that is being read: at one of its ends outside of brackets and strings; -1 = not here yet. */
  #endOf(kind: keyof typeof ENDS): number {
    for (;;) {
      const next = this.#inString ? /["\\]/g : /["{}[\],:]/g;
      next.lastIndex = this.#at;
      const found = this.#at < this.#text.length ? next.exec(this.#text) : null;
      if (!found) {
        this.#at = Math.max(this.#at, this.#text.length);
        return -1;
      }
      const [sign] = found;
      const isEnd = !this.#inString && this.#depth === 0 && ENDS[kind].includes(sign);
      if (isEnd) return found.index;
      // What is escaped may be in the next piece of text.
      this.#at = found.index + (sign === "\\" ? 2 : 1);
      if (sign === '"') this.#inString = !this.#inString;
      else if (sign === "{" || sign === "[") this.#depth += 1;
      else if (sign === "}" || sign === "]") {
        if (this.#depth === 0) fail(`"${sign}" is in the wrong place`);
        this.#depth -= 1;
      }
    }
  }

  #moveTo(index: number): void {
    this.#from = index;
    this.#at = index;
  }
}

function fail(why: string): never {
  throw new SyntaxError(why);
}
