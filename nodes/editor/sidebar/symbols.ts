/** The symbols of the diagram and the lists. */
import type { ChargerKind } from "../../../lib/overview/types.ts";
import { mark, say, svg } from "./dom.ts";
import { GLYPHS } from "./words.ts";

/** Two windings: the grid connection. Around 0, 0; the line goes on downwards. */
export function supplySymbol(): SVGElement {
  return svg(
    "g",
    { class: "ev-ov-line" },
    svg("circle", { cx: 0, cy: -1, r: 5 }),
    svg("circle", { cx: 0, cy: 5, r: 5 }),
    svg("path", { d: "M0 10V22" }),
  );
}

/** A contact with a cross (IEC 60617-S00287): a breaker. Around 0, 0. */
export function breakerSymbol(): SVGElement {
  return svg(
    "g",
    { class: "ev-ov-line" },
    svg("path", { d: "M0 -9V-6M-3 -9L3 -3M-3 -3L3 -9" }),
    svg("path", { d: "M-5 -3L0 6V10" }),
  );
}

/** A box that counts. Around 0, 0. */
export function meterSymbol(): SVGElement {
  return svg(
    "g",
    { class: "ev-ov-meter-symbol" },
    svg("rect", { x: -9, y: -6.5, width: 18, height: 13, rx: 2 }),
    svg("text", { x: 0, y: 3.5, "text-anchor": "middle" }, "Wh"),
  );
}

/** A round outlet, with what it does in colour and sign. Around 0, 0. */
export class ChargerSymbol {
  readonly element: SVGGElement;
  readonly #glyph = svg("text", { x: 0, y: 3.5, "text-anchor": "middle" });
  readonly #pause = svg("path", { d: "M-2 -3V3M2 -3V3", class: "ev-ov-pause" });
  readonly #bolt = svg("path", { d: "M1.2 -5L-3 1H-0.4L-1.2 5L3 -1H0.4Z", class: "ev-ov-bolt" });

  constructor() {
    const outlet = svg("circle", { r: 7 });
    this.element = svg("g", { class: "ev-ov-outlet" }, outlet, this.#bolt, this.#pause, this.#glyph);
  }

  show(kind: ChargerKind): void {
    mark(this.element, "data-kind", kind);
    say(this.#glyph, GLYPHS[kind]);
  }
}
