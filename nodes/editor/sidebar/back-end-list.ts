import type { BackEndItem, BackEndSession } from "../../../lib/overview/types.ts";
import { button, html, mark, say } from "./dom.ts";
import { KeyedList, type ListRow } from "./keyed-list.ts";
import { goTo } from "./nodes.ts";
import { keepOneStop, roving } from "./roving.ts";
import { Section } from "./section.ts";
import { dayAndTime, type SidebarWords } from "./words.ts";

const NAMES = ".ev-ov-go";
const STATES = ["reported", "waiting", "refused", "perhapsTwice"] as const;

/** Every back end of others: whether it is connected, what it has of the last week's sessions, and which of them want a look. */
export class BackEndList {
  readonly section: Section;
  readonly #words: SidebarWords;
  readonly #list: KeyedList<BackEndItem>;
  readonly #rows = html("ul", "ev-ov-list");

  constructor(words: SidebarWords) {
    this.#words = words;
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
    const head = html("div", "ev-ov-head", name, connected);
    const element = html("li", "ev-ov-row", html("div", "ev-ov-grow", head, counts, failure, sessions));
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
      sessions.replaceChildren(...item.sessions.map((one) => this.#session(one)));
    };
    return { element, update };
  }

  #countsOf(item: BackEndItem): string {
    const parts = STATES.flatMap((state) =>
      item[state] > 0 ? [`${item[state]} ${this.#words(`backEnds.${state}`)}`] : [],
    );
    return parts.join(" · ") || this.#words("backEnds.nothing");
  }

  #session({ chargePoint, connector, start, state, reason }: BackEndSession): HTMLElement {
    const told = [this.#words(`backEnds.${state}`), state === "refused" ? reason : null].filter(Boolean).join(": ");
    const line = html("li", "", `${chargePoint}/${connector}, ${dayAndTime(start)}: ${told}`);
    mark(line, "data-state", state);
    return line;
  }
}
