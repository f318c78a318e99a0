import type { FindingItem } from "../../../lib/overview/types.ts";
import { button, html, mark, say } from "./dom.ts";
import { KeyedList, type ListRow } from "./keyed-list.ts";
import { goTo } from "./nodes.ts";
import { Section } from "./section.ts";
import type { SidebarWords } from "./words.ts";

/** What the check at the last deploy found, each with a way to the node that it is about. */
export class FindingList {
  readonly section: Section;
  readonly #words: SidebarWords;
  readonly #list: KeyedList<FindingItem>;

  constructor(words: SidebarWords) {
    this.#words = words;
    this.section = new Section(words("findings.title"), "ev-ov-findings");
    const list = html("ul", "ev-ov-list");
    this.section.body.append(list);
    this.#list = new KeyedList(list, (item) => this.#row(item));
  }

  show(findings: readonly FindingItem[]): void {
    this.#list.show(findings);
    this.section.show(findings.length);
  }

  #row({ nodeId }: FindingItem): ListRow<FindingItem> {
    const icon = html("i");
    const text = html("div");
    const show = button("red-ui-button red-ui-button-small", this.#words("findings.show"), () => goTo(nodeId));
    const foot = html("div", "ev-ov-foot", html("span"), show);
    const element = html("li", "ev-ov-card", icon, html("div", "ev-ov-grow", text, foot));
    const update = (finding: FindingItem): void => {
      const isError = finding.severity === "error";
      mark(element, "data-severity", isError ? "alarm" : "warning");
      icon.className = `fa ${isError ? "fa-times-circle" : "fa-exclamation-triangle"}`;
      mark(icon, "aria-label", this.#words(isError ? "severity.error" : "severity.warning"));
      say(text, finding.text);
      mark(show, "aria-label", `${this.#words("findings.show")}: ${finding.text}`);
    };
    return { element, update };
  }
}
