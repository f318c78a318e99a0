import { type Html, html } from "../../html.ts";
import type { CurvePoint } from "../result.ts";

const WIDTH = 940;
const HEIGHT = 190;
/** Room for the numbers at the axes, and at the right and the top. */
const [LEFT, BOTTOM, RIGHT, TOP] = [36, 22, 10, 8];
/** A line that is told from the others without its colour, too. */
const LEGS = [
  { name: "L1", style: "stroke:#8c4a00" },
  { name: "L2", style: "stroke:#000;stroke-dasharray:7 3" },
  { name: "L3", style: "stroke:#6b7280;stroke-dasharray:2 3" },
] as const;
const COMMANDED = "stroke:#0b57d0;stroke-width:2.5";

/** What a drawing of a run says. */
export interface CurveWords {
  title: string;
  commanded: string;
  /** What the lines are called; absent = L1, L2, L3. */
  lines?: readonly string[];
}

/** One meter of a run: the current that was commanded as a step line, and its three legs. @param meter its place among those of the run */
export function curveDrawing(
  curve: readonly CurvePoint[],
  meter: number,
  { title, commanded, lines: names }: CurveWords,
): Html {
  const legs = [0, 1, 2].map((leg) => curve.map((point) => point[2 + meter * 3 + leg] ?? null));
  const values = [...curve.map(([, setpointA]) => setpointA), ...legs.flat()].filter((value) => value !== null);
  const [lowA, highA] = [Math.min(0, ...values), Math.max(1, ...values)];
  const stepA = stepFor(highA - lowA, 5);
  const [bottomA, topA] = [Math.floor(lowA / stepA) * stepA, Math.ceil(highA / stepA) * stepA];
  const lastS = Math.max(1, curve.at(-1)?.[0] ?? 1);
  const x = (second: number) => round(LEFT + (second / lastS) * (WIDTH - LEFT - RIGHT));
  const y = (amps: number) => round(HEIGHT - BOTTOM - ((amps - bottomA) / (topA - bottomA)) * (HEIGHT - BOTTOM - TOP));
  const rows = marks(bottomA, topA, stepA).map(
    (amps) => html`<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y(amps)}" y2="${y(amps)}"/>
<text x="${LEFT - 5}" y="${y(amps) + 4}" text-anchor="end">${amps}</text>`,
  );
  const columns = marks(0, lastS, stepFor(lastS, 9)).map(
    (second) => html`<text x="${x(second)}" y="${HEIGHT - 6}" text-anchor="middle">${second}</text>`,
  );
  const step = curve.map(([second, amps], index) =>
    index === 0 ? `M${x(second)} ${y(amps)}` : `H${x(second)}V${y(amps)}`,
  );
  const shown = LEGS.slice(0, names?.length ?? LEGS.length);
  const lines = legs
    .slice(0, shown.length)
    .map((values, leg) => html`<path style="${LEGS[leg]!.style}" d="${pathOf(curve, values, x, y)}"/>`);
  const key = (name: string, style: string) =>
    html`<span><svg viewBox="0 0 30 8" class="key"><path style="${style}" d="M0 4H30"/></svg> ${name}</span>`;
  return html`<figure><figcaption>${title}</figcaption>
<svg class="curve" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${title}">${rows}${columns}
<path style="${COMMANDED}" d="${step.join("")}"/>${lines}</svg>
<div class="keys">${key(commanded, COMMANDED)}${shown.map(({ name, style }, leg) => key(names?.[leg] ?? name, style))}</div></figure>`;
}

/** A line that breaks off where there is no value. */
function pathOf(
  curve: readonly CurvePoint[],
  values: readonly (number | null)[],
  x: (second: number) => number,
  y: (amps: number) => number,
): string {
  return values
    .map((value, index) => {
      if (value === null) return "";
      const isJoined = index > 0 && values[index - 1] !== null;
      return `${isJoined ? "L" : "M"}${x(curve[index]![0])} ${y(value)}`;
    })
    .join("");
}

/** 1, 2 or 5 times a power of ten, so that there are at most so many steps. */
function stepFor(span: number, most: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(span, 1) / most));
  return [1, 2, 5, 10].map((one) => one * power).find((one) => span / one <= most) ?? 10 * power;
}

function marks(from: number, to: number, step: number): number[] {
  return Array.from({ length: Math.floor((to - from) / step + 1e-9) + 1 }, (_, index) => round(from + index * step));
}

const round = (value: number): number => Math.round(value * 10) / 10;
