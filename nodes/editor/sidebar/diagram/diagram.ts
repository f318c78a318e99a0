/** The zones as a single-line diagram. Drawn anew when something comes or goes; else only what changed is touched. */
import type { Overview } from "../../../../lib/overview/types.ts";
import { html, mark, svg } from "../dom.ts";
import { keepOneStop, roving } from "../roving.ts";
import { supplySymbol } from "../symbols.ts";
import type { SidebarWords } from "../words.ts";
import { type Layout, type LeafPlace, layOut } from "./diagram-layout.ts";
import { DiagramCharger, DiagramMeter, type Leaf } from "./diagram-leaf.ts";
import { DiagramZone } from "./diagram-zone.ts";

const ITEMS = "[role=treeitem]";
const LEAST_WIDTH = 220;

export interface DiagramEvents {
  /** A zone was chosen, by its node. */
  zone(nodeId: string): void;
  charger(id: string): void;
  meter(id: string): void;
}

interface Shown {
  item: object;
  update(item: never): void;
}

export class Diagram {
  readonly element: HTMLElement;
  readonly #words: SidebarWords;
  readonly #drawing: SVGSVGElement;
  /** By list and id; a meter may stand at two zones. */
  readonly #shown = new Map<string, Shown[]>();
  #overview: Overview | null = null;
  #shape = "";

  constructor(words: SidebarWords, events: DiagramEvents) {
    this.#words = words;
    const label = words("diagram.label");
    // Without a tabindex Chromium makes the drawing a stop of its own, before the one within it.
    this.#drawing = svg("svg", { class: "ev-ov-drawing", role: "tree", "aria-label": label, tabindex: -1 });
    this.element = html("div", "ev-ov-diagram");
    this.element.append(this.#drawing);
    roving(this.#drawing, ITEMS);
    const choose = (event: Event) => this.#choose(event, events);
    this.#drawing.addEventListener("click", choose);
    this.#drawing.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      choose(event);
    });
    new ResizeObserver(() => this.#show()).observe(this.element);
  }

  show(overview: Overview): void {
    this.#overview = overview;
    this.#show();
  }

  #show(): void {
    const overview = this.#overview;
    const width = Math.floor(this.element.clientWidth);
    if (!overview || width === 0) return;
    const shape = shapeOf(overview, width);
    if (shape !== this.#shape) this.#draw(overview, Math.max(LEAST_WIDTH, width));
    this.#shape = shape;
    for (const list of ["zones", "chargers", "meters"] as const) {
      for (const item of overview[list]) {
        for (const shown of this.#shown.get(`${list} ${item.id}`) ?? []) {
          if (shown.item === item) continue;
          shown.item = item;
          shown.update(item as never);
        }
      }
    }
  }

  #draw(overview: Overview, width: number): void {
    this.#shown.clear();
    const layout = layOut(overview.zones, overview.chargers, width);
    mark(this.#drawing, "width", width);
    mark(this.#drawing, "height", layout.height);
    this.#drawing.replaceChildren(...lines(layout));
    // In the order of the tree, from top to bottom: the arrow keys follow it.
    const placed = [
      ...layout.zones.map((place) => ({ y: place.y, x: 0, draw: () => this.#zone(overview, place, width) })),
      ...layout.leaves.map((place) => ({ y: place.y, x: place.x, draw: () => this.#leaf(overview, place, width) })),
    ].sort((a, b) => a.y - b.y || a.x - b.x);
    for (const { draw } of placed) draw();
    keepOneStop(this.#drawing, ITEMS);
  }

  #zone({ zones }: Overview, place: Layout["zones"][number], width: number): void {
    const item = zones.find(({ id }) => id === place.id)!;
    const zone = new DiagramZone(item, place, width, this.#words);
    this.#add(`zones ${item.id}`, zone);
  }

  #leaf({ chargers, meters }: Overview, place: LeafPlace, width: number): void {
    const { id } = place;
    if (place.kind === "meter") {
      const item = meters.find((meter) => meter.id === id);
      if (item) this.#add(`meters ${id}`, new DiagramMeter(item, place, width, this.#words));
    } else {
      const item = chargers.find((charger) => charger.id === id)!;
      this.#add(`chargers ${id}`, new DiagramCharger(item, place, width, this.#words));
    }
  }

  #add(key: string, drawn: Leaf<never>): void {
    this.#drawing.append(drawn.element);
    const shown = { item: {}, update: (item: never) => drawn.update(item) };
    this.#shown.set(key, [...(this.#shown.get(key) ?? []), shown]);
  }

  #choose({ target }: Event, events: DiagramEvents): void {
    const item = (target as Element).closest<SVGElement>(ITEMS);
    const { zone, charger, meter } = item?.dataset ?? {};
    const nodeId = this.#overview?.zones.find(({ id }) => id === zone)?.nodeId;
    if (nodeId !== undefined) events.zone(nodeId);
    if (charger !== undefined) events.charger(charger);
    if (meter !== undefined) events.meter(meter);
  }
}

/** What has to be drawn anew when it changes. */
function shapeOf({ zones, chargers, meters }: Overview, width: number): string {
  const tree = zones.map(({ id, parent, meters: named }) => [id, parent, named]);
  return JSON.stringify([width, tree, chargers.map(({ id, zone }) => [id, zone]), meters.map(({ id }) => id)]);
}

function lines({ zones, stubs, supplies }: Layout): SVGElement[] {
  const bus = zones.map(({ x, y, busToY }) => `M${x} ${y + 8}V${busToY}`);
  const taps = stubs.map(({ x, y, toX }) => `M${x} ${y}H${toX}`);
  const symbols = supplies.map(({ x, y }) => {
    const symbol = supplySymbol();
    mark(symbol, "transform", `translate(${x} ${y})`);
    return symbol;
  });
  return [svg("path", { class: "ev-ov-line", d: [...bus, ...taps].join("") }), ...symbols];
}
