import type { ReservationRow } from "../../../lib/reservations/row-types.ts";
import type { FailurePage } from "../../admin/types/meter-page-types.ts";
import type { OperationDone, OperationsPage } from "../../admin/types/operation-page-types.ts";
import { ask } from "../requests.ts";
import { choice, labelled } from "./charger-acts.ts";
import { button, hide, html, mark, say } from "./dom.ts";
import { Section } from "./section.ts";
import type { SidebarWords } from "./words.ts";

/** How often the list is asked for while it is unfolded, ms. */
const AGAIN_MS = 10_000;

/** What is reserved from now on, and a form for more: folded, asked for when it is opened; its words are those of the site. */
export class ReservationList {
  readonly section: Section;
  readonly #site: () => string;
  readonly #said = html("div", "ev-ov-said");
  readonly #rows = html("ul", "ev-ov-list");
  readonly #form = html("div", "ev-ov-acts-body");
  /** For which site and words the form stands there: what somebody types stays while the list is asked for anew. */
  #drawn = "";
  #timer: number | undefined;
  /** A second press of a button does nothing before the list shows what the first one did. */
  #isSending = false;

  constructor(words: SidebarWords, site: () => string) {
    this.#site = site;
    this.section = new Section(words("reservations.title"), "ev-ov-reservations");
    const { element, body } = this.section;
    element.open = false;
    mark(this.#said, "role", "status");
    body.append(this.#said, this.#rows, this.#form);
    element.addEventListener("toggle", () => this.#toggled());
  }

  /** @param chargers how many the site has */
  show(chargers: number): void {
    hide(this.section.element, chargers === 0);
  }

  #toggled(): void {
    window.clearInterval(this.#timer);
    say(this.#said, "");
    if (!this.section.element.open) return;
    void this.#load();
    this.#timer = window.setInterval(() => this.#inSight() && void this.#load(), AGAIN_MS);
  }

  #inSight(): boolean {
    return !document.hidden && this.section.element.offsetParent !== null;
  }

  #load(): Promise<void> {
    const site = this.#site();
    return ask<OperationsPage>("GET", `operations?site=${encodeURIComponent(site)}`).then(
      (page) => this.#draw(page, site),
      (failure: FailurePage) => this.#tell(false, failure.message),
    );
  }

  #draw(page: OperationsPage, site: string): void {
    const { reservations, words: w } = page;
    const mayAct = page.mayOperate && RED.user.hasPermission("ev-charging.write");
    const rows = reservations.map((row) => this.#row(row, page, mayAct));
    const none = html("li", "ev-ov-note", w["noReservations"] ?? "");
    // A button that has the focus is not taken from under it.
    if (!this.#rows.contains(document.activeElement)) this.#rows.replaceChildren(...(rows.length > 0 ? rows : [none]));
    const drawn = JSON.stringify([site, mayAct, page.zones, page.badges, page.rows.map(({ target }) => target)]);
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    this.#form.replaceChildren(...(mayAct && page.rows.length > 0 ? this.#fields(page) : []));
  }

  #row(row: ReservationRow, { words: w }: OperationsPage, mayAct: boolean): HTMLElement {
    const head = html(
      "div",
      "ev-ov-head",
      html("strong", "", `${row.starts} – ${row.ends}`),
      html("span", "", row.who),
    );
    const kept = row.freeAt === row.until ? "" : filled(w["heldUntil"], { time: row.frees });
    const more = html("div", "ev-ov-note", [row.where, row.text, kept, row.reason].filter(Boolean).join(" · "));
    const grow = html("div", "ev-ov-grow", head, more);
    const element = html("li", "ev-ov-row", grow);
    mark(element, "data-state", row.state);
    if (!mayAct) return element;
    const question = filled(w["cancelAsk"], { charger: row.where, who: row.who });
    const cancel = button("red-ui-button red-ui-button-small", w["cancelIt"] ?? "", () => {
      cancel.blur();
      if (!this.#isSending && window.confirm(question)) this.#send("cancel", { reservation: row.id });
    });
    grow.append(html("div", "ev-ov-foot", cancel));
    return element;
  }

  #fields({ words: w, zones, rows, badges }: OperationsPage): HTMLElement[] {
    const places = [
      ...zones.map((zone) => [`zone ${zone}`, filled(w["anyOfZone"], { zone })] as const),
      ...rows.map(({ target, charger }) => [`target ${target}`, charger] as const),
    ];
    const where = choice(w["where"], places);
    const whom = choice(w["forWhom"], [["", w["guest"] ?? ""], ...badges.map((one) => [one.idTag, one.name] as const)]);
    const from = timeField(w["reservedFrom"]);
    const until = timeField(w["reservedUntil"]);
    const make = button("red-ui-button red-ui-button-small", w["reserveIt"] ?? "", () => {
      const [kind = "", ...name] = where.value.split(" ");
      const payload = { [kind]: name.join(" "), idTag: whom.value, from: from.value, until: until.value };
      this.#send("reserve", payload);
    });
    return [
      html("div", "ev-ov-note", w["unmade"] ?? ""),
      labelled(w["where"], where),
      labelled(w["forWhom"], whom),
      labelled(w["reservedFrom"], from),
      labelled(w["reservedUntil"], until),
      html("div", "ev-ov-foot", make),
    ];
  }

  #send(name: string, payload: object): void {
    if (this.#isSending) return;
    this.#isSending = true;
    say(this.#said, "…");
    ask<OperationDone>("POST", "operations", { site: this.#site(), name, payload })
      .then(
        ({ ok, text }) => {
          this.#tell(ok, text);
          return this.#load();
        },
        (failure: FailurePage) => this.#tell(false, failure.message),
      )
      .finally(() => {
        this.#isSending = false;
      });
  }

  #tell(isDone: boolean, text: string): void {
    say(this.#said, text);
    this.#said.classList.toggle("ev-ov-problem", !isDone);
    this.#said.classList.toggle("ev-ov-added", isDone);
  }
}

/** On the clock of the site; left empty it means now, and two hours. */
function timeField(label: string | undefined): HTMLInputElement {
  const field = html("input", "ev-ov-comment");
  field.type = "datetime-local";
  mark(field, "aria-label", label ?? "");
  return field;
}

function filled(text: string | undefined, values: Readonly<Record<string, string>>): string {
  return (text ?? "").replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}
