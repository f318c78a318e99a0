import type { CopyView } from "../../../../lib/maintenance/settings/types.ts";
import { button, html } from "../dom.ts";
import { dayAndTime, type SidebarWords } from "../words.ts";

/** Targets for which something waits that can be given up. */
const WAITS = ["waiting", "away", "toRestart", "lost"];

/** Copies of a site, the newest first: how far each is, what became of each charger, and what can be decided. */
export class CopyList {
  readonly element = html("div", "ev-ov-copies");
  readonly #words: SidebarWords;
  readonly #act: (name: "goOn" | "giveUp", id: number) => void;
  #drawn = "";

  constructor(words: SidebarWords, act: (name: "goOn" | "giveUp", id: number) => void) {
    this.#words = words;
    this.#act = act;
  }

  show(copies: readonly CopyView[], mayChange: boolean): void {
    const drawn = JSON.stringify([copies, mayChange]);
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    const open = new Set(
      [...this.element.querySelectorAll<HTMLElement>("details[open]")].map(({ dataset }) => dataset["copy"] ?? ""),
    );
    const list = html("ul", "ev-ov-list", ...copies.map((copy) => this.#copy(copy, mayChange, open)));
    this.element.replaceChildren(
      ...(copies.length > 0 ? [html("div", "ev-ov-strong", this.#words("settings.copies")), list] : []),
    );
  }

  #copy({ id, ts, from, keys, state, text, targets }: CopyView, mayChange: boolean, open: Set<string>): HTMLElement {
    const w = this.#words;
    const results = html("details", "", html("summary", "ev-ov-note", w("settings.results")));
    results.dataset["copy"] = String(id);
    results.open = open.has(String(id));
    results.append(
      html(
        "ul",
        "ev-ov-list",
        ...targets.map((one) => html("li", "", html("span", "ev-ov-strong", one.charger), ` ${one.text}`)),
      ),
    );
    const buttons = [
      ...(state === "held" ? [this.#button("goOn", id)] : []),
      ...(targets.some((one) => WAITS.includes(one.state)) ? [this.#button("giveUp", id)] : []),
    ];
    const head = `${dayAndTime(ts)} · ${from}: ${keys.map(({ key }) => key).join(", ")}`;
    const said = html("div", state === "held" ? "ev-ov-problem" : "", text);
    const foot = html("div", "ev-ov-foot", ...(mayChange ? buttons : []));
    return html("li", "", html("div", "ev-ov-note", head), said, results, foot);
  }

  #button(name: "goOn" | "giveUp", id: number): HTMLButtonElement {
    return button("red-ui-button red-ui-button-small", this.#words(`settings.${name}`), () => this.#act(name, id));
  }
}
