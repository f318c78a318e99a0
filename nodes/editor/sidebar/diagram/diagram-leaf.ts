import type { ChargerItem, MeterItem } from "../../../../lib/overview/types.ts";
import { mark, say, svg } from "../dom.ts";
import { ChargerSymbol, meterSymbol } from "../symbols.ts";
import { amps, type SidebarWords, watts } from "../words.ts";
import type { LeafPlace } from "./diagram-layout.ts";
import { shortened } from "./diagram-zone.ts";

/** Something that hangs on a zone. */
export interface Leaf<T> {
  readonly element: SVGGElement;
  update(item: T): void;
}

const FIGURES = 86;
const NAME = 92;
const LETTER = 6.2;

/** A charger: its symbol, and where there is room its name, a bar up to its largest current and its figures. */
export class DiagramCharger implements Leaf<ChargerItem> {
  readonly element: SVGGElement;
  readonly #words: SidebarWords;
  readonly #symbol = new ChargerSymbol();
  readonly #tip = svg("title");
  readonly #drawn = svg("rect", { class: "ev-ov-chargers", height: 6, rx: 2 });
  readonly #set = svg("path", { class: "ev-ov-limit" });
  readonly #figures = svg("text", { class: "ev-ov-figures", "text-anchor": "end" });
  /** null = a tile, or no room. */
  readonly #bar: { x: number; y: number; width: number } | null = null;

  constructor({ id, name }: ChargerItem, { x, y, level, kind }: LeafPlace, width: number, words: SidebarWords) {
    this.#words = words;
    mark(this.#symbol.element, "transform", `translate(${x} ${y})`);
    this.element = svg(
      "g",
      { class: "ev-ov-leaf", role: "treeitem", tabindex: -1, "aria-level": level, "data-charger": id },
      hit(x, y, kind === "tile" ? 16 : width + 5 - x),
      this.#tip,
      this.#symbol.element,
    );
    if (kind === "tile") return;
    for (const [name, value] of Object.entries({ x: width - 10, y: y + 4 })) mark(this.#figures, name, value);
    this.element.append(
      svg("text", { class: "ev-ov-id", x: x + 13, y: y + 4 }, shortened(name || id, NAME - 13, LETTER)),
      this.#figures,
    );
    const barX = x + NAME;
    const barWidth = width - 10 - FIGURES - barX;
    if (barWidth < 24) return;
    this.#bar = { x: barX, y: y - 3, width: barWidth };
    mark(this.#drawn, "x", barX);
    mark(this.#drawn, "y", y - 3);
    const track = svg("rect", { class: "ev-ov-track", x: barX, y: y - 3, width: barWidth, height: 6, rx: 2 });
    this.element.append(track, this.#drawn, this.#set);
  }

  update(item: ChargerItem): void {
    const { id, name, kind, measuredA, setpointA, maxA, why } = item;
    const called = name ? `${name} (${id})` : id;
    this.#symbol.show(kind);
    const state = this.#words(`kind.${kind}`);
    const figures = `${amps(measuredA)} / ${amps(setpointA)} A`;
    say(this.#figures, figures);
    mark(this.element, "aria-label", `${called}: ${state}, ${figures}. ${why}`);
    say(this.#tip, [`${called}: ${state}, ${figures}`, why].filter(Boolean).join("\n"));
    const isAbove = measuredA !== null && setpointA !== null && measuredA > setpointA + Math.max(1, setpointA / 10);
    for (const element of [this.#drawn, this.#figures]) mark(element, "data-over", isAbove ? "" : null);
    if (!this.#bar) return;
    const { x, y, width } = this.#bar;
    const along = (current: number) => Math.round(width * Math.min(1, Math.max(0, current / maxA)) * 10) / 10;
    mark(this.#drawn, "width", along(measuredA ?? 0));
    mark(this.#set, "d", setpointA === null ? "" : `M${x + along(setpointA)} ${y - 1.5}v9`);
  }
}

/** A meter of a zone: its name, what it reads, and whether that can be relied on. */
export class DiagramMeter implements Leaf<MeterItem> {
  readonly element: SVGGElement;
  readonly #words: SidebarWords;
  readonly #tip = svg("title");
  readonly #reading = svg("text", { class: "ev-ov-figures", "text-anchor": "end" });

  constructor({ id }: MeterItem, { x, y, level }: LeafPlace, width: number, words: SidebarWords) {
    this.#words = words;
    const symbol = meterSymbol();
    mark(symbol, "transform", `translate(${x + 4} ${y})`);
    for (const [name, value] of Object.entries({ x: width - 10, y: y + 4 })) mark(this.#reading, name, value);
    this.element = svg(
      "g",
      { class: "ev-ov-leaf", role: "treeitem", tabindex: -1, "aria-level": level, "data-meter": id },
      hit(x, y, width + 5 - x),
      this.#tip,
      symbol,
      svg("text", { class: "ev-ov-id", x: x + 17, y: y + 4 }, shortened(id, width - 10 - FIGURES - x - 17, LETTER)),
      this.#reading,
    );
  }

  update(item: MeterItem): void {
    const quality = qualityOf(item);
    const reading = item.powerW === null ? `${amps(Math.max(...item.currentA.map(Number)))} A` : watts(item.powerW);
    say(this.#reading, quality === "good" || quality === "hold" ? reading : this.#words(`quality.${quality}`));
    mark(this.element, "data-quality", quality);
    mark(this.element, "aria-label", `${item.id}: ${reading}, ${this.#words(`quality.${quality}`)}`);
    say(this.#tip, `${item.id}: ${item.currentA.map(amps).join(" · ")} A, ${this.#words(`quality.${quality}`)}`);
  }
}

/** What counts of a meter: the worse of what it says and what load management thinks. */
export function qualityOf({ quality, doubt }: MeterItem): "good" | "hold" | "stale" | "bad" | "frozen" | "none" {
  if (quality === null) return "none";
  return quality === "good" ? (doubt ?? "good") : quality;
}

function hit(x: number, y: number, width: number): SVGRectElement {
  return svg("rect", { class: "ev-ov-hit", x: x - 9, y: y - 9, width: Math.max(16, width), height: 18, rx: 3 });
}
