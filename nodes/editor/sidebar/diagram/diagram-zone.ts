import type { ZoneItem } from "../../../../lib/overview/types.ts";
import { mark, say, svg } from "../dom.ts";
import { breakerSymbol } from "../symbols.ts";
import { amps, type SidebarWords } from "../words.ts";
import type { ZonePlace } from "./diagram-layout.ts";
import { zoneSentence } from "./zone-sentence.ts";

const BAR_HEIGHT = 8;
const PITCH = 13;
/** Room for `123.4 / 125 A` at the right. */
const FIGURES = 86;
/** The limit stands so far along the bar: what is beyond shows, too. */
const LIMIT_AT = 0.87;
const PHASES = [0, 1, 2] as const;

interface Bar {
  promised: SVGRectElement;
  others: SVGRectElement;
  chargers: SVGRectElement;
  figures: SVGTextElement;
}

/** A zone in the diagram: its breaker, a bar for each phase against the limit, and what binds, in words. */
export class DiagramZone {
  readonly element: SVGGElement;
  readonly #words: SidebarWords;
  readonly #barWidth: number;
  readonly #bars: Bar[];
  readonly #sentence = svg("text", { class: "ev-ov-sentence" });
  readonly #tip = svg("title");
  readonly #room: number;

  constructor(zone: ZoneItem, { x, y, level }: ZonePlace, width: number, words: SidebarWords) {
    this.#words = words;
    const barX = x + 36;
    this.#barWidth = Math.max(30, width - 10 - FIGURES - barX);
    this.#room = width - 10 - (x + 14);
    this.#bars = PHASES.map((phase) => this.#bar(barX, y + 12 + PITCH * phase, width));
    const symbol = breakerSymbol();
    mark(symbol, "transform", `translate(${x} ${y})`);
    for (const [name, value] of Object.entries({ x: x + 14, y: y + 62 })) mark(this.#sentence, name, value);
    this.element = svg(
      "g",
      { class: "ev-ov-zone", role: "treeitem", tabindex: -1, "aria-level": level, "data-zone": zone.id },
      svg("rect", { class: "ev-ov-hit", x: x + 9, y: y - 9, width: Math.max(0, width - x - 13), height: 76, rx: 3 }),
      this.#tip,
      symbol,
      svg("text", { class: "ev-ov-name", x: x + 14, y: y + 4 }, shortened(zone.id, this.#room - 10, 7)),
    );
    for (const [phase, { promised, others, chargers, figures }] of this.#bars.entries()) {
      const top = y + 12 + PITCH * phase;
      this.element.append(
        svg("text", { class: "ev-ov-phase", x: x + 14, y: top + BAR_HEIGHT }, `L${phase + 1}`),
        svg("rect", { class: "ev-ov-track", x: barX, y: top, width: this.#barWidth, height: BAR_HEIGHT, rx: 2 }),
        promised,
        others,
        chargers,
        svg("path", {
          class: "ev-ov-limit",
          d: `M${barX + this.#barWidth * LIMIT_AT} ${top - 1.5}v${BAR_HEIGHT + 3}`,
        }),
        figures,
      );
    }
    this.element.append(this.#sentence);
  }

  update(zone: ZoneItem): void {
    for (const phase of PHASES) this.#showPhase(zone, phase);
    const { text, tone } = zoneSentence(zone, this.#words);
    say(this.#sentence, shortened(text, this.#room, 5.9));
    mark(this.#sentence, "data-tone", tone);
    const loads = PHASES.map((phase) => figures(zone, phase)).join(", ");
    mark(this.element, "aria-label", `${zone.id}: ${text}. L1–L3: ${loads}`);
    say(this.#tip, `${zone.id}: ${text}`);
  }

  #bar(x: number, y: number, width: number): Bar {
    const part = (className: string) => svg("rect", { class: className, x, y, width: 0, height: BAR_HEIGHT, rx: 2 });
    const place = { x: width - 10, y: y + BAR_HEIGHT, "text-anchor": "end" };
    return {
      promised: part("ev-ov-promised"),
      others: part("ev-ov-others"),
      chargers: part("ev-ov-chargers"),
      figures: svg("text", { class: "ev-ov-figures", ...place }),
    };
  }

  #showPhase(zone: ZoneItem, phase: 0 | 1 | 2): void {
    const { promised, others, chargers, figures: text } = this.#bars[phase]!;
    const limitA = Math.max(zone.limitA[phase], 0.1);
    const loadA = zone.loadA[phase];
    const scale = (this.#barWidth * LIMIT_AT) / limitA;
    const shownA = Math.max(0, Math.min(loadA ?? zone.chargersA[phase], limitA / LIMIT_AT));
    const promisedA = Math.max(0, Math.min(zone.promisedA?.[phase] ?? 0, limitA / LIMIT_AT));
    mark(promised, "width", Math.round(promisedA * scale * 10) / 10);
    const carsA = Math.min(shownA, Math.max(0, zone.chargersA[phase]));
    mark(others, "width", Math.round((shownA - carsA) * scale * 10) / 10);
    const startX = Number(others.getAttribute("x")) + (shownA - carsA) * scale;
    mark(chargers, "x", Math.round(startX * 10) / 10);
    mark(chargers, "width", Math.round(carsA * scale * 10) / 10);
    const isOver = loadA !== null && loadA > limitA + 0.5;
    for (const element of [others, chargers, text]) mark(element, "data-over", isOver ? "" : null);
    say(text, figures(zone, phase));
  }
}

function figures({ loadA, limitA }: ZoneItem, phase: 0 | 1 | 2): string {
  return `${amps(loadA[phase])} / ${amps(limitA[phase])} A`;
}

/** As much of a text as fits, by the width that a letter has on average, px. */
export function shortened(text: string, widthPx: number, letterPx: number): string {
  const most = Math.max(1, Math.floor(widthPx / letterPx));
  return text.length <= most ? text : `${text.slice(0, most - 1).trimEnd()}…`;
}
