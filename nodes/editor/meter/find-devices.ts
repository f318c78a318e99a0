/** "Find" in a meter's dialog: asks a range of unit ids who is there. */
import type { FailurePage, FindingPage, ProfilePage, ScanPage } from "../../admin/types/meter-page-types.ts";
import { button, reveal } from "../looks.ts";
import { ask } from "../requests.ts";
import { meterWord } from "../words.ts";
import { nameOf } from "./profile-picker.ts";

const LOOK_EVERY_MS = 500;
/** Of the profiles that fit a device, so many are offered. */
const MOST_FITS = 4;

export interface FindOptions {
  box: JQuery;
  /** What names the line and the device to begin with; may throw an Error in words. */
  request: () => object;
  profiles: readonly ProfilePage[];
  onTake: (unitId: number, profile: string) => void;
}

/** One search; `close` ends it, also on the runtime. */
export class FindDevices {
  readonly #options: FindOptions;
  readonly #bar = $("<div>");
  readonly #state = $("<p>");
  readonly #found = $("<div>");
  readonly #cancel: JQuery;
  #id: string | null = null;
  #isClosed = false;
  #shown = -1;

  constructor(options: FindOptions) {
    this.#options = options;
    this.#cancel = button(meterWord("find.cancel")).on("click", () => this.close());
    options.box.empty().append($("<div>").addClass("ev-bar").append(this.#bar), this.#state, this.#cancel, this.#found);
  }

  async run(from: number | string, to: number | string): Promise<void> {
    try {
      const { id } = await ask<{ id: string }>("POST", "meter-scans", { ...this.#options.request(), from, to });
      this.#id = id;
      if (this.#isClosed) this.#end();
      await this.#follow(id);
    } catch (failure) {
      this.#cancel.remove();
      this.#state.addClass("ev-wrong").text((failure as FailurePage).message);
    }
  }

  close(): void {
    this.#isClosed = true;
    this.#end();
  }

  #end(): void {
    if (this.#id !== null) void ask("DELETE", `meter-scans/${this.#id}`).catch(() => {});
  }

  async #follow(id: string): Promise<void> {
    for (;;) {
      const page = await ask<ScanPage>("GET", `meter-scans/${id}`);
      this.#show(page);
      if (page.isOver) return;
      await new Promise((resolve) => window.setTimeout(resolve, LOOK_EVERY_MS));
    }
  }

  #show({ done, total, found, isOver, isCancelled, error }: ScanPage): void {
    this.#bar.css("width", `${Math.round((100 * done) / Math.max(1, total))}%`);
    const key = !isOver ? "running" : isCancelled ? "cancelled" : found.length > 0 ? "done" : "nothing";
    this.#state.toggleClass("ev-wrong", error !== null);
    this.#state.text(error ? error.message : meterWord(`find.${key}`, { done, total, count: found.length }));
    if (isOver) this.#cancel.remove();
    if (found.length === this.#shown) return;
    this.#shown = found.length;
    this.#found.empty().append(found.map((finding) => this.#finding(finding)));
    reveal(this.#options.box);
  }

  #finding({ unitId, text, fits }: FindingPage): JQuery {
    const head = $("<p>").append(
      $("<b>").text(meterWord("info.unit", { unitId })),
      document.createTextNode(` ${text}`),
    );
    if (fits.length === 0)
      head.append(
        $("<span>")
          .addClass("ev-quiet")
          .text(` – ${meterWord("find.noFit")}`),
      );
    const lines = fits.slice(0, MOST_FITS).map(({ profile, text: shown }) => {
      const listed = this.#options.profiles.find(({ id }) => id === profile);
      return $("<li>").append(
        document.createTextNode(`${listed ? nameOf(listed) : profile}: ${shown} `),
        button(meterWord("find.take")).on("click", () => this.#options.onTake(unitId, profile)),
      );
    });
    return $("<div>").append(head, $("<ul>").append(lines));
  }
}
