import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";

/** First and last line of the file: an empty or a cut one is none. */
const HEAD = "# charge points with a password that was given over OCPP";
const END = "# end";

/**
 * Which charge points have a password that only the database knows, in a file beside it: when the database cannot be read, or has lost
 * them, these wait outside, and the others need not. It holds no secret.
 */
export class KeyList {
  readonly #path: string;
  #identities: Set<string> | null;

  /** @param path of the file, in the folder of the database */
  constructor(path: string) {
    this.#path = path;
    this.#identities = read(path);
  }

  /** Whether a charge point has such a password. True while that is unknown. @param identity in lower case */
  has(identity: string): boolean {
    return this.#identities?.has(identity) ?? true;
  }

  /** What the database knows. */
  add(identities: readonly string[]): void {
    const known = this.#identities;
    if (known && identities.every((identity) => known.has(identity))) return;
    this.#write(new Set([...(known ?? []), ...identities]));
  }

  /** It has none any more. */
  remove(identity: string): void {
    if (!this.#identities?.has(identity)) return;
    this.#write(new Set([...this.#identities].filter((other) => other !== identity)));
  }

  /** Where it cannot be written there is none, so that nobody who is missing in it gets in. */
  #write(identities: Set<string>): void {
    this.#identities = identities;
    const lines = [...identities].sort().map((identity) => encodeURIComponent(identity));
    const draft = `${this.#path}.part`;
    try {
      writeFileSync(draft, `${[HEAD, ...lines, END].join("\n")}\n`, { mode: 0o600 });
      renameSync(draft, this.#path);
    } catch {
      attempt(() => rmSync(this.#path, { force: true }));
    }
  }
}

/** null = it is not there, not whole, or cannot be read. */
function read(path: string): Set<string> | null {
  try {
    const [head, ...lines] = readFileSync(path, "utf8").trimEnd().split("\n");
    if (head !== HEAD || lines.pop() !== END) return null;
    return new Set(lines.map((line) => decodeURIComponent(line)));
  } catch {
    return null;
  }
}

function attempt(remove: () => void): void {
  try {
    remove();
  } catch {
    // The disk takes nothing at all.
  }
}
