import type { Store } from "../store/types.ts";

/** Document that holds the numbers. */
const DOCUMENT = "managers/numbers";

/**
 * Numbers that connectors and zones keep for as long as the site exists: registers and ports are addressed by them, so that a charger
 * that is added or taken away moves no other one. Numbers begin at 1 and are never given twice.
 */
export class ManagedNumbers {
  readonly #store: Pick<Store, "document" | "saveDocument">;

  constructor(store: Pick<Store, "document" | "saveDocument">) {
    this.#store = store;
  }

  /** The number of each name, in the order of the numbers; names that are new get the next ones. @param kind such as `connectors` */
  of(kind: string, names: readonly string[]): Map<string, number> {
    const saved = this.#store.document(DOCUMENT);
    const all = typeof saved === "object" && saved !== null && !Array.isArray(saved) ? saved : {};
    const known = (Array.isArray(all[kind]) ? all[kind] : []).filter((name) => typeof name === "string");
    const added = names.filter((name) => !known.includes(name));
    const numbered = [...known, ...added];
    if (added.length > 0) this.#store.saveDocument(DOCUMENT, { ...all, [kind]: numbered });
    const wanted = new Set(names);
    return new Map(numbered.flatMap((name, at): [string, number][] => (wanted.has(name) ? [[name, at + 1]] : [])));
  }
}
