import type { Difference, SettingRow, SettingsPage } from "../../../../lib/maintenance/settings/types.ts";
import { button, hide, html, mark } from "../dom.ts";
import type { SidebarWords } from "../words.ts";

/** What the list tells. */
export interface KeyActs {
  set(row: SettingRow, value: string): void;
  /** Other keys are chosen for copying. */
  chosen(): void;
}

/** The keys of one charger: value, meaning, range, what is expected, and whether it is copied. */
export class KeyList {
  readonly element = html("div");
  readonly #words: SidebarWords;
  readonly #acts: KeyActs;
  readonly #find = html("input", "ev-ov-find");
  readonly #rows = html("ul", "ev-ov-keys");
  readonly #chosen = new Set<string>();
  /** Values that are typed and not set yet: they outlive that another one is set, and what is searched for. */
  readonly #typed = new Map<string, string>();
  #page: SettingsPage | null = null;
  #mayChange = false;
  /** What another charger or a file has, by key in lower case; null = nothing is compared. */
  #there: ReadonlyMap<string, Difference> | null = null;
  /** The values of a file are chosen, not those of this charger. */
  #fromFile = false;

  constructor(words: SidebarWords, acts: KeyActs) {
    this.#words = words;
    this.#acts = acts;
    this.#find.type = "search";
    this.#find.placeholder = words("settings.find");
    mark(this.#find, "aria-label", words("settings.find"));
    this.#find.addEventListener("input", () => this.#draw());
    mark(this.#rows, "aria-label", words("settings.title"));
    this.element.append(this.#find, this.#rows);
  }

  /** Keys that are chosen for copying. */
  get chosen(): string[] {
    return [...this.#chosen];
  }

  show(page: SettingsPage, mayChange: boolean): void {
    this.#page = page;
    this.#mayChange = mayChange;
    this.#draw();
  }

  /** What was typed for a key is set; without a key all of it is left. */
  forget(key?: string): void {
    if (key === undefined) this.#typed.clear();
    else this.#typed.delete(key);
  }

  /** Shows what differs. @param fromFile what is compared is a file, whose values can be taken */
  compare(differences: readonly Difference[] | null, fromFile: boolean): void {
    this.#there = differences && new Map(differences.map((one) => [one.key.toLowerCase(), one]));
    this.#fromFile = fromFile;
    this.#chosen.clear();
    this.#acts.chosen();
    this.#draw();
  }

  #draw(): void {
    const { keys = [] } = this.#page ?? {};
    const wanted = this.#find.value.trim().toLowerCase();
    const shown = keys.filter(({ key, meaning }) => `${key} ${meaning ?? ""}`.toLowerCase().includes(wanted));
    this.#rows.replaceChildren(...shown.filter((row) => !this.#isAlike(row)).map((row) => this.#row(row)));
  }

  #isAlike({ key }: SettingRow): boolean {
    return this.#there !== null && (this.#there.get(key.toLowerCase())?.state ?? "same") === "same";
  }

  #row(row: SettingRow): HTMLElement {
    const { key, meaning, values, expected, problem, restarts, pending, kept } = row;
    const w = this.#words;
    const there = this.#there?.get(key.toLowerCase());
    const other = there && (this.#fromFile ? there.from : there.to);
    const why = this.#whyNot(row, there);
    const notes = [
      meaning ?? w("settings.unknown"),
      values,
      expected && `${w("settings.expected")} ${expected}`,
      kept && w("settings.why.kept"),
      !kept && why && w(`settings.why.${why}`),
      pending ? w("settings.pending") : restarts && w("settings.restarts"),
    ];
    const problemNote = html("div", "ev-ov-problem", problem ? `${w("settings.mustBe")} ${problem}` : "");
    const difference = html("div", "ev-ov-strong", other == null ? "" : `${w("settings.there")} ${other}`);
    hide(problemNote, !problem);
    hide(difference, other == null);
    return html(
      "li",
      "",
      html("div", "ev-ov-head", this.#box(key, why), html("span", "ev-ov-strong", key)),
      this.#value(row),
      difference,
      html("div", "ev-ov-note", notes.filter(Boolean).join(" · ")),
      problemNote,
    );
  }

  #whyNot(row: SettingRow, there: Difference | undefined): string | null {
    if (this.#fromFile) return there ? there.notCopied : "missing";
    return row.notCopied;
  }

  #box(key: string, why: string | null): HTMLElement {
    const box = html("input");
    box.type = "checkbox";
    mark(box, "aria-label", `${this.#words("settings.choose")}: ${key}`);
    box.disabled = why !== null || !this.#mayChange;
    box.checked = this.#chosen.has(key);
    box.addEventListener("change", () => {
      if (box.checked) this.#chosen.add(key);
      else this.#chosen.delete(key);
      this.#acts.chosen();
    });
    return box;
  }

  #value(row: SettingRow): HTMLElement {
    const { key, value, readonly, own } = row;
    const w = this.#words;
    if (readonly || !this.#mayChange) return html("div", "", own === "secret" ? w("settings.hidden") : (value ?? ""));
    const field = html("input", "ev-ov-comment");
    field.type = own === "secret" ? "password" : "text";
    field.autocomplete = "off";
    field.value = this.#typed.get(key) ?? value ?? "";
    if (own === "secret") field.placeholder = w("settings.hidden");
    mark(field, "aria-label", `${w("settings.value")} ${key}`);
    const set = button("red-ui-button red-ui-button-small", w("settings.set"), () => this.#acts.set(row, field.value));
    mark(set, "aria-label", `${w("settings.set")}: ${key}`);
    set.disabled = !this.#typed.has(key);
    field.addEventListener("input", () => {
      set.disabled = field.value === (value ?? "");
      if (set.disabled) this.#typed.delete(key);
      else this.#typed.set(key, field.value);
    });
    return html("div", "ev-ov-foot", field, set);
  }
}
