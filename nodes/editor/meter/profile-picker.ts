/** The field in which a device is searched and chosen. Everything that a profile says is put into the page as text, never as markup. */
import type { ProfilePage } from "../../admin/types/meter-page-types.ts";
import { style } from "../looks.ts";
import { ask } from "../requests.ts";
import { meterWord } from "../words.ts";

/** Value of `profile` for a device that the user describes. */
export const OWN = "custom";

/** A choice: a device of the list, or the user's own. */
interface Choice {
  id: string;
  title: string;
  detail: string;
  /** What a search looks into. */
  haystack: string;
}

export interface PickerOptions {
  /** What the elements' ids begin with: `<prefix>-search`, `<prefix>-list`. */
  prefix: string;
  /** The field that holds the choice. */
  field: string;
  /** Called at first, when the list has come, and on every choice; null for an own or an unknown device. */
  onChange: (profile: ProfilePage | null, id: string) => void;
}

let loading: Promise<ProfilePage[]> | null = null;

/** All devices; asked for once per page. */
export function allProfiles(): Promise<ProfilePage[]> {
  loading ??= ask<ProfilePage[]>("GET", "meter-profiles").catch(() => {
    loading = null;
    return [];
  });
  return loading;
}

/** `Eastron SDM630-Modbus` */
export function nameOf({ vendor, models }: ProfilePage): string {
  return `${vendor} ${models[0] ?? ""}`;
}

export class ProfilePicker {
  readonly #options: PickerOptions;
  readonly #search: JQuery;
  readonly #list: JQuery;
  #profiles: ProfilePage[] = [];
  #choices: Choice[] = [];
  #at = 0;
  /** What is typed into the search; empty until something is. */
  #wanted = "";

  constructor(options: PickerOptions) {
    style();
    this.#options = options;
    this.#search = $(`#${options.prefix}-search`).attr({
      role: "combobox",
      "aria-expanded": "false",
      "aria-autocomplete": "list",
      "aria-controls": `${options.prefix}-list`,
      autocomplete: "off",
    });
    this.#list = $(`#${options.prefix}-list`).attr("role", "listbox");
    this.#search.attr("placeholder", meterWord("picker.search"));
    this.#search.on("focus click", () => this.#open());
    this.#search.on("input", () => this.#filter());
    this.#search.on("blur", () => this.#close());
    this.#search.on("keydown", (event) => this.#key(event));
    // The field must not lose its focus before the click has arrived.
    this.#list.on("mousedown", (event) => event.preventDefault());
    this.#showChoice();
    void allProfiles().then((profiles) => {
      this.#profiles = profiles;
      // Whoever is searching already goes on searching, now among all of them.
      if (this.#list.hasClass("ev-open")) this.#fill(this.#wanted);
      else this.#showChoice();
      this.#told();
    });
  }

  get id(): string {
    return String($(this.#options.field).val() ?? "");
  }

  get profile(): ProfilePage | null {
    return this.#profiles.find(({ id }) => id === this.id) ?? null;
  }

  choose(id: string): void {
    const isNew = id !== this.id;
    $(this.#options.field).val(id).trigger("change");
    this.#showChoice();
    if (isNew) this.#told();
  }

  #told(): void {
    this.#options.onChange(this.profile, this.id);
  }

  #showChoice(): void {
    const { profile, id } = this;
    this.#search.val(id === OWN ? meterWord("picker.own") : profile ? nameOf(profile) : id);
    this.#search.toggleClass("input-error", this.#profiles.length > 0 && !profile && id !== OWN);
  }

  #open(): void {
    if (this.#list.hasClass("ev-open")) return;
    this.#search.trigger("select");
    this.#search.attr("aria-expanded", "true");
    this.#list.addClass("ev-open");
    this.#fill("");
  }

  #close(): void {
    this.#list.removeClass("ev-open");
    this.#search.attr("aria-expanded", "false");
    this.#showChoice();
  }

  #filter(): void {
    this.#open();
    this.#fill(String(this.#search.val() ?? ""));
  }

  #fill(wanted: string): void {
    this.#wanted = wanted;
    const words = wanted.toLowerCase().split(/\s+/).filter(Boolean);
    this.#choices = this.#all().filter(({ haystack }) => words.every((word) => haystack.includes(word)));
    this.#at = Math.max(
      0,
      this.#choices.findIndex(({ id }) => words.length === 0 && id === this.id),
    );
    this.#list.empty();
    for (const { id, title, detail } of this.#choices) {
      $("<div>")
        .attr({ role: "option", "data-id": id, id: `${this.#options.prefix}-option-${id}` })
        .append($("<b>").text(title), $("<div>").addClass("ev-quiet").text(detail))
        .on("click", () => this.#take(id))
        .appendTo(this.#list);
    }
    if (this.#choices.length === 0) $("<div>").addClass("ev-quiet").text(meterWord("picker.none")).appendTo(this.#list);
    this.#mark();
  }

  #all(): Choice[] {
    const own = { id: OWN, title: meterWord("picker.own"), detail: meterWord("picker.ownDetail") };
    const sorted = [...this.#profiles].sort((a, b) => nameOf(a).localeCompare(nameOf(b)));
    const listed = sorted.map((profile) => {
      const kind = meterWord(`kind.${profile.kind}`);
      const title = `${profile.vendor} ${profile.models.join(", ")}`;
      return { id: profile.id, title, detail: `${kind} · ${profile.id}` };
    });
    return [...listed, own].map((choice) => ({
      ...choice,
      haystack: `${choice.title} ${choice.detail}`.toLowerCase(),
    }));
  }

  #key(event: JQuery.KeyDownEvent): void {
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 };
    const step = steps[event.key];
    if (step !== undefined) {
      this.#open();
      this.#at = Math.min(this.#choices.length - 1, Math.max(0, this.#at + step));
      this.#mark();
    } else if (event.key === "Enter" && this.#list.hasClass("ev-open")) {
      const choice = this.#choices[this.#at];
      if (choice) this.#take(choice.id);
    } else if (event.key === "Escape" && this.#list.hasClass("ev-open")) this.#close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #take(id: string): void {
    this.choose(id);
    this.#close();
  }

  #mark(): void {
    const rows = this.#list.children().removeClass("ev-at").attr("aria-selected", "false");
    const at = rows.eq(this.#at).addClass("ev-at").attr("aria-selected", "true");
    this.#search.attr("aria-activedescendant", at.attr("id") ?? "");
    at.get(0)?.scrollIntoView({ block: "nearest" });
  }
}
