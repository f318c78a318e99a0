import type { BackEndItem, BackEndSession } from "../../../lib/overview/types.ts";
import type { FailurePage } from "../../admin/types/meter-page-types.ts";
import type { OperationDone } from "../../admin/types/operation-page-types.ts";
import { ask } from "../requests.ts";
import { button, html, mark, say } from "./dom.ts";
import { KeyedList, type ListRow } from "./keyed-list.ts";
import { goTo } from "./nodes.ts";
import { keepOneStop, roving } from "./roving.ts";
import { Section } from "./section.ts";
import { dayAndTime, type SidebarWords } from "./words.ts";

const NAMES = ".ev-ov-go";
const STATES = ["reported", "waiting", "refused", "perhapsTwice"] as const;

/** Every back end of others: whether it is connected, what it has of the last week's sessions, which of them want a look, and a way to report again what it refused. */
export class BackEndList {
  readonly section: Section;
  readonly #words: SidebarWords;
  readonly #site: () => string;
  readonly #list: KeyedList<BackEndItem>;
  readonly #rows = html("ul", "ev-ov-list");

  constructor(words: SidebarWords, site: () => string) {
    this.#words = words;
    this.#site = site;
    this.section = new Section(words("backEnds.title"), "ev-ov-back-ends");
    this.section.body.append(this.#rows);
    this.#list = new KeyedList(this.#rows, (item) => this.#row(item));
    roving(this.#rows, NAMES);
  }

  show(backEnds: readonly BackEndItem[]): void {
    this.#list.show(backEnds);
    this.section.show(backEnds.length);
    keepOneStop(this.#rows, NAMES);
  }

  #row({ id }: BackEndItem): ListRow<BackEndItem> {
    const words = this.#words;
    const name = button("ev-ov-go", "", () => goTo(id));
    mark(name, "tabindex", -1);
    mark(name, "title", words("backEnds.open"));
    const connected = html("span", "ev-ov-amps");
    const counts = html("div", "ev-ov-why");
    const failure = html("div", "ev-ov-problem");
    const sessions = html("ul", "ev-ov-list ev-ov-note");
    const said = html("div", "ev-ov-said");
    mark(said, "role", "status");
    let shown = "";
    const head = html("div", "ev-ov-head", name, connected);
    const element = html("li", "ev-ov-row", html("div", "ev-ov-grow", head, counts, failure, sessions, said));
    const update = (item: BackEndItem): void => {
      say(name, item.name);
      const { connected: n, chargePoints } = item;
      say(
        connected,
        chargePoints === 0 ? words("backEnds.unused") : words("backEnds.connected", { n, of: chargePoints }),
      );
      say(counts, this.#countsOf(item));
      mark(counts, "title", words("backEnds.week"));
      say(failure, item.failure ?? "");
      // Whoever is about to press a button keeps it under the hand.
      const now = JSON.stringify(item.sessions);
      if (now === shown) return;
      shown = now;
      sessions.replaceChildren(...item.sessions.map((one) => this.#session(item, one, said)));
    };
    return { element, update };
  }

  #countsOf(item: BackEndItem): string {
    const parts = STATES.flatMap((state) =>
      item[state] > 0 ? [`${item[state]} ${this.#words(`backEnds.${state}`)}`] : [],
    );
    return parts.join(" · ") || this.#words("backEnds.nothing");
  }

  #session(item: BackEndItem, one: BackEndSession, said: HTMLElement): HTMLElement {
    const { session, chargePoint, connector, start, state, reason } = one;
    const told = [this.#words(`backEnds.${state}`), state === "refused" ? reason : null].filter(Boolean).join(": ");
    const line = html("li", "", `${chargePoint}/${connector}, ${dayAndTime(start)}: ${told}`);
    mark(line, "data-state", state);
    if (state !== "refused" || !RED.user.hasPermission("ev-charging.write")) return line;
    const word = this.#words("backEnds.repeat");
    const repeat = button("red-ui-button red-ui-button-small", word, () => this.#repeat(item.id, session, said));
    mark(repeat, "aria-label", `${word}: ${chargePoint}/${connector}, ${dayAndTime(start)}, ${item.name}`);
    line.append(" ", repeat);
    return line;
  }

  #repeat(backEnd: string, sessionId: string, said: HTMLElement): void {
    const tell = (isDone: boolean, text: string): void => {
      say(said, text);
      said.classList.toggle("ev-ov-problem", !isDone);
      said.classList.toggle("ev-ov-added", isDone);
    };
    say(said, "…");
    ask<OperationDone>("POST", "overview/repeat", { site: this.#site(), backEnd, sessionId }).then(
      ({ ok, text }) => tell(ok, text),
      ({ message }: FailurePage) => tell(false, message),
    );
  }
}
