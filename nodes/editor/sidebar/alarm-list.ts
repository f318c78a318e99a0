import type { AlarmItem } from "../../../lib/overview/types.ts";
import type { FailurePage } from "../../admin/types/meter-page-types.ts";
import { ask } from "../requests.ts";
import { button, hide, html, mark, say } from "./dom.ts";
import { KeyedList, type ListRow } from "./keyed-list.ts";
import { Section } from "./section.ts";
import { type SidebarWords, timeOfDay } from "./words.ts";

const ICONS = { alarm: "fa-exclamation-circle", warning: "fa-exclamation-triangle", info: "fa-info-circle" } as const;

/** Longest comment; letters. */
const MOST_LETTERS = 200;

/** What is wrong, what to do about it, and a button to take it on. */
export class AlarmPanel {
  readonly section: Section;
  readonly #words: SidebarWords;
  readonly #site: () => string;
  readonly #list: KeyedList<AlarmItem>;
  readonly #failure = html("div", "ev-ov-problem");

  constructor(words: SidebarWords, site: () => string) {
    this.#words = words;
    this.#site = site;
    this.section = new Section(words("alarms.title"), "ev-ov-alarms");
    const list = html("ul", "ev-ov-list");
    mark(list, "aria-live", "polite");
    this.section.body.append(list, this.#failure);
    this.#list = new KeyedList(list, (item) => this.#row(item));
  }

  show(alarms: readonly AlarmItem[]): void {
    this.#list.show(alarms);
    this.section.show(alarms.length);
    if (alarms.length === 0) say(this.#failure, "");
  }

  #row({ id }: AlarmItem): ListRow<AlarmItem> {
    const words = this.#words;
    const icon = html("i");
    const text = html("div", "ev-ov-strong");
    const action = html("div", "ev-ov-todo");
    const origin = html("span", "ev-ov-note");
    const comment = this.#commentField();
    const take = button("red-ui-button red-ui-button-small", words("alarms.acknowledge"), () =>
      this.#take(id, comment.value.trim()),
    );
    comment.addEventListener("keydown", ({ key }) => key === "Enter" && take.click());
    const foot = html("div", "ev-ov-foot", comment, take);
    const element = html("li", "ev-ov-card", icon, html("div", "ev-ov-grow", text, action, origin, foot));
    const update = (alarm: AlarmItem): void => {
      mark(element, "data-severity", alarm.severity);
      icon.className = `fa ${ICONS[alarm.severity]}`;
      mark(icon, "aria-label", words(`severity.${alarm.severity}`));
      say(text, alarm.text);
      say(action, alarm.action ? `${words("alarms.action")} ${alarm.action}` : "");
      say(origin, this.#originOf(alarm));
      hide(foot, alarm.acknowledged !== null || !RED.user.hasPermission("ev-charging.write"));
      mark(take, "aria-label", `${words("alarms.acknowledge")}: ${alarm.text}`);
      mark(comment, "aria-label", `${words("alarms.comment")}: ${alarm.text}`);
    };
    return { element, update };
  }

  #commentField(): HTMLInputElement {
    const field = html("input", "ev-ov-comment");
    field.type = "text";
    field.maxLength = MOST_LETTERS;
    field.placeholder = this.#words("alarms.comment");
    return field;
  }

  #originOf({ since, location, times, flapping, acknowledged }: AlarmItem): string {
    const parts = [
      this.#words("alarms.since", { time: timeOfDay(since) }),
      location,
      times > 1 && this.#words("alarms.times", { n: times }),
      flapping && this.#words("alarms.flapping"),
      acknowledged && `${this.#words("alarms.acknowledged")} ${byWhom(acknowledged)}`,
    ];
    return parts.filter(Boolean).join(" · ");
  }

  #take(key: string, comment: string): void {
    say(this.#failure, "");
    ask("POST", "overview/acknowledge", { site: this.#site(), key, comment }).catch(({ message }: FailurePage) =>
      say(this.#failure, message),
    );
  }
}

function byWhom({ by, comment }: NonNullable<AlarmItem["acknowledged"]>): string {
  return comment ? `${by}: ${comment}` : by;
}
