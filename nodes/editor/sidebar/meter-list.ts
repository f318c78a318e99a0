import type { MeterItem } from "../../../lib/overview/types.ts";
import { qualityOf } from "./diagram/diagram-leaf.ts";
import { button, html, mark, say } from "./dom.ts";
import { KeyedList, type ListRow } from "./keyed-list.ts";
import { goTo, meterNode } from "./nodes.ts";
import { keepOneStop, roving } from "./roving.ts";
import { Section } from "./section.ts";
import { age, amps, type SidebarWords, watts } from "./words.ts";

const NAMES = ".ev-ov-go";

/** Every meter: what it reads, how old that is, and whether it can be relied on. */
export class MeterList {
  readonly section: Section;
  readonly #words: SidebarWords;
  readonly #list: KeyedList<MeterItem>;
  readonly #rows = html("ul", "ev-ov-list");
  #nowMs: () => number = () => 0;

  constructor(words: SidebarWords) {
    this.#words = words;
    this.section = new Section(words("meters.title"), "ev-ov-all-meters");
    this.section.body.append(this.#rows);
    this.#list = new KeyedList(this.#rows, (item) => this.#row(item));
    roving(this.#rows, NAMES);
  }

  /** @param nowMs the runtime's clock, for ages */
  show(meters: readonly MeterItem[], nowMs: () => number): void {
    this.#nowMs = nowMs;
    this.#list.show(meters);
    this.section.show(meters.length);
    keepOneStop(this.#rows, NAMES);
  }

  /** Time has passed. */
  tick(): void {
    this.#list.refresh();
  }

  reveal(id: string): void {
    this.section.element.open = true;
    const row = this.#list.get(id);
    row?.scrollIntoView({ block: "center" });
    row?.querySelector<HTMLElement>(NAMES)?.focus();
  }

  #row({ id }: MeterItem): ListRow<MeterItem> {
    const words = this.#words;
    const name = button("ev-ov-go", id, () => goTo(meterNode(id) ?? ""));
    mark(name, "tabindex", -1);
    mark(name, "title", words("meters.open"));
    const quality = html("span", "ev-ov-quality");
    const seen = html("span", "ev-ov-amps");
    const reading = html("div", "ev-ov-why");
    const place = html("div", "ev-ov-note");
    const head = html("div", "ev-ov-head", name, quality, seen);
    const element = html("li", "ev-ov-row", html("div", "ev-ov-grow", head, reading, place));
    const update = (item: MeterItem): void => {
      const grade = qualityOf(item);
      mark(quality, "data-quality", grade);
      say(quality, words(`quality.${grade}`));
      say(seen, item.atMs === null ? "" : words("meters.age", { age: age((this.#nowMs() - item.atMs) / 1000) }));
      say(reading, readingOf(item));
      say(place, this.#placeOf(item));
    };
    return { element, update };
  }

  #placeOf({ zones, role }: MeterItem): string {
    const place = zones.length > 0 ? `${this.#words("meters.zone")} ${zones.join(", ")}` : "";
    const measures = role && role !== "dlm" ? this.#words(`role.${role}`) : "";
    return [place, measures].filter(Boolean).join(" · ");
  }
}

function readingOf({ currentA, powerW, socPercent }: MeterItem): string {
  const hasCurrent = currentA.some((one) => one !== null);
  const parts = [
    hasCurrent && `${currentA.map(amps).join(" · ")} A`,
    powerW !== null && watts(powerW),
    socPercent !== null && `${Math.round(socPercent)} %`,
  ];
  return parts.filter(Boolean).join(" · ") || "–";
}
