import { wordsOf } from "./words.ts";

const words = wordsOf("ev-authorization");

/** A table of badges from a file: what it would change is shown first. */

const FIELD = "#ev-authorization-";

/** As `badges/import` answers. */
interface Preview {
  added: { idTag: string }[];
  changed: { idTag: string }[];
  removed: { idTag: string }[];
  unchanged: number;
  problems: { line: number; text: string }[];
}

/** So many numbers are named of each kind. */
const MOST_NAMED = 12;

export class BadgeImport {
  readonly #change: (verb: string, payload: unknown) => Promise<Record<string, unknown> | null>;
  #csv = "";

  /** @param change does what `badges/<verb>` would do; null when it was refused */
  constructor(change: (verb: string, payload: unknown) => Promise<Record<string, unknown> | null>) {
    this.#change = change;
    $(`${FIELD}file`).on("change", (event) => void this.#read(event.target as unknown as HTMLInputElement));
    $(`${FIELD}replace`).on("change", () => void this.#preview());
    $(`${FIELD}import`).on("click", () => void this.#import());
    this.#show(null);
  }

  async #read({ files }: HTMLInputElement): Promise<void> {
    this.#csv = (await files?.[0]?.text()) ?? "";
    await this.#preview();
  }

  async #preview(): Promise<void> {
    if (!this.#csv) return this.#show(null);
    const answer = await this.#change("import", { csv: this.#csv, mode: mode(), preview: true });
    this.#show(answer as unknown as Preview | null);
  }

  async #import(): Promise<void> {
    const done = await this.#change("import", { csv: this.#csv, mode: mode() });
    if (!done) return;
    this.#csv = "";
    $(`${FIELD}file`).val("");
    this.#show(null);
  }

  #show(preview: Preview | null): void {
    const box = $(`${FIELD}preview`).empty();
    $(`${FIELD}import`).prop("disabled", preview === null || preview.problems.length > 0);
    if (!preview) return;
    for (const kind of ["added", "changed", "removed"] as const) {
      const names = preview[kind].slice(0, MOST_NAMED).map(({ idTag }) => idTag);
      const more = preview[kind].length > names.length ? " …" : "";
      const sentence = words(`import.${kind}`, { count: preview[kind].length });
      box.append($("<div>").text(names.length > 0 ? `${sentence}: ${names.join(", ")}${more}` : sentence));
    }
    box.append($("<div>").text(words("import.unchanged", { count: preview.unchanged })));
    for (const { text } of preview.problems.slice(0, MOST_NAMED))
      box.append($("<div>").addClass("ev-problem").text(text));
  }
}

function mode(): "merge" | "replace" {
  return $(`${FIELD}replace`).is(":checked") ? "replace" : "merge";
}
