import type { OperationRow } from "../../../lib/maintenance/operation-types.ts";
import type { FailurePage } from "../../admin/types/meter-page-types.ts";
import type { OperationDone, OperationsPage } from "../../admin/types/operation-page-types.ts";
import { ask } from "../requests.ts";
import { button, hide, html, mark, say } from "./dom.ts";
import type { SidebarWords } from "./words.ts";

/** After an operation a charger may take this long to say how it is now, ms. */
const SETTLE_MS = 1500;

/** What somebody may do with one charger: folded, asked for when it is opened; its words are those of the site. */
export class ChargerActs {
  readonly element = html("details", "ev-ov-acts");
  readonly #target: string;
  readonly #site: () => string;
  readonly #body = html("div", "ev-ov-acts-body");
  readonly #said = html("div", "ev-ov-said");
  #page: OperationsPage | null = null;
  /** A second press of a button does nothing before the first one is answered. */
  #isSending = false;

  constructor(target: string, site: () => string, words: SidebarWords) {
    this.#target = target;
    this.#site = site;
    mark(this.#said, "role", "status");
    const summary = html("summary", "ev-ov-note", words("chargers.act"));
    mark(summary, "aria-label", `${words("chargers.act")}: ${target}`);
    this.element.append(summary, this.#said, this.#body);
    this.element.addEventListener("toggle", () => {
      say(this.#said, "");
      if (this.element.open) this.#load();
      else this.#body.replaceChildren();
    });
    hide(this.element, !RED.user.hasPermission("ev-charging.write"));
  }

  #load(): void {
    ask<OperationsPage>("GET", `operations?site=${encodeURIComponent(this.#site())}`).then(
      (page) => {
        this.#page = page;
        if (this.element.open) this.#draw(page);
      },
      (failure: FailurePage) => this.#tell(false, failure.message),
    );
  }

  #draw({ rows, badges, words: w, mayOperate }: OperationsPage): void {
    const row = rows.find(({ target }) => target === this.#target);
    const parts: HTMLElement[] = [];
    if (!row?.can.length) parts.push(html("p", "", w["nothingPossible"] ?? ""));
    else if (!mayOperate) parts.push(html("p", "", w["mayNotAct"] ?? ""));
    else {
      const who = choice(w["forWhom"], [["", w["guest"] ?? ""], ...badges.map(pairOf)]);
      const until = dayField(w["outUntil"]);
      const offers = this.#offers(
        row,
        () => who.value,
        () => until.value,
      );
      const shown = offers.filter(({ name }) => row.can.includes(name));
      const has = (...names: string[]) => shown.some(({ name }) => names.includes(name));
      if (has("start", "reserve")) parts.push(labelled(w["forWhom"], who));
      if (has("outOfService")) parts.push(labelled(w["outUntil"], until));
      const buttons = shown.map(({ word, act }) => button("red-ui-button red-ui-button-small", w[word] ?? "", act));
      parts.push(html("div", "ev-ov-foot", ...buttons));
    }
    this.#body.replaceChildren(...parts);
  }

  /** Every button there is, the usual ones first. */
  #offers(row: OperationRow, who: () => string, until: () => string): Offer[] {
    const act = (name: OperationRow["can"][number], word: string, more?: () => object, question = ""): Offer => ({
      ...{ name, word },
      act: () => this.#run(name, more?.() ?? {}, question, row),
    });
    const breaks = row.charging ? "breakOff" : "";
    const force = { force: row.charging };
    return [
      act("start", "startIt", () => ({ idTag: who() })),
      act("stop", "stopIt", undefined, "stopAskCharge"),
      act("intoService", "inIt"),
      act(
        "unlock",
        "unlockIt",
        () => ({ force: row.can.includes("stop") }),
        row.can.includes("stop") ? "breakOff" : "",
      ),
      act("identify", "identifyIt"),
      act("reserve", "reserveIt", () => ({ idTag: who() })),
      act("cancel", "cancelIt"),
      act("outOfService", "outIt", () => ({ until: until() })),
      act("restart", "restartIt", () => force, breaks || "restartAsk"),
      act("restart", "restartHard", () => ({ ...force, hard: true }), breaks || "restartAsk"),
    ];
  }

  #run(name: string, more: object, question: string, { charger }: OperationRow): void {
    if (this.#isSending) return;
    const asked = (this.#page?.words[question] ?? "").replace("{charger}", () => charger);
    if (asked && !window.confirm(asked)) return;
    this.#isSending = true;
    say(this.#said, "…");
    ask<OperationDone>("POST", "operations", {
      ...{ site: this.#site(), name },
      payload: { target: this.#target, ...more },
    })
      .then(
        ({ ok, text }) => {
          this.#tell(ok, text);
          this.#load();
          window.setTimeout(() => this.element.open && this.#load(), SETTLE_MS);
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

interface Offer {
  name: OperationRow["can"][number];
  /** Of the page's words. */
  word: string;
  act(): void;
}

function pairOf({ idTag, name }: { idTag: string; name: string }): [string, string] {
  return [idTag, name];
}

/** A list to choose from, with the name that readers of the screen hear. */
export function choice(
  label: string | undefined,
  options: readonly (readonly [value: string, text: string])[],
): HTMLSelectElement {
  const field = html("select", "ev-ov-zones");
  mark(field, "aria-label", label ?? "");
  for (const [value, text] of options) {
    const option = html("option", "", text);
    option.value = value;
    field.append(option);
  }
  return field;
}

function dayField(label: string | undefined): HTMLInputElement {
  const field = html("input", "ev-ov-comment");
  field.type = "date";
  mark(field, "aria-label", label ?? "");
  return field;
}

/** A field with what it is called before it. */
export function labelled(label: string | undefined, field: HTMLElement): HTMLElement {
  return html("label", "ev-ov-foot", html("span", "", label ?? ""), field);
}
