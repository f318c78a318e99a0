import { hide, html, say } from "./dom.ts";

/** A part of the sidebar that can be folded, with how much is in it beside its title. */
export class Section {
  readonly element: HTMLDetailsElement;
  readonly body: HTMLElement;
  readonly #count = html("span", "ev-ov-count");

  constructor(title: string, className: string) {
    this.body = html("div", "ev-ov-body");
    const heading = html("summary", "ev-ov-heading", html("span", "", title), this.#count);
    this.element = html("details", `ev-ov-section ${className}`, heading, this.body);
    this.element.open = true;
  }

  /** An empty part is not shown. */
  show(count: number): void {
    say(this.#count, count > 0 ? String(count) : "");
    hide(this.element, count === 0);
  }
}
