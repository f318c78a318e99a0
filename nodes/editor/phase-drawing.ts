/** How a connector's terminals hang on the phases of the site, drawn and in words. */

type Words = (key: string, values?: Record<string, string | number>) => string;

const SVG = "http://www.w3.org/2000/svg";
const SITE = "RST";
/** Of the three conductors, from the top. */
const Y = [16, 42, 68] as const;
const X = { label: 2, main: 26, turn: 66, end: 140, terminal: 152 } as const;
/** Orders in which the rotating field turns backwards. */
const BACKWARDS: readonly string[] = ["RTS", "SRT", "TSR"];

/** Site phase (1 to 3) of each wired terminal; null where it is not known. */
export function terminalPhases(rotation: string, phases: number): (number | null)[] {
  const wired = [...rotation].map((letter) => SITE.indexOf(letter) + 1);
  const isKnown = wired.length === 3 && wired.every((phase) => phase > 0) && new Set(wired).size === 3;
  return [0, 1, 2].slice(0, phases).map((terminal) => (isKnown ? wired[terminal]! : null));
}

/** The drawing, and below or beside it what it says. */
export function drawPhases(rotation: string, phases: number, words: Words): JQuery {
  const wired = terminalPhases(rotation, phases);
  const caption = captionOf(rotation, wired, words);
  const svg = element("svg", { width: 176, height: 84, viewBox: "0 0 176 84", role: "img", "aria-label": caption });
  for (const [at, y] of Y.entries()) {
    const phase = at + 1;
    svg.append(label(X.label, y, `L${phase}`), wire(phase, `M${X.main} ${y}H${X.turn}`, wired.includes(phase)));
    svg.append(terminal(at, phase <= wired.length));
  }
  for (const [at, phase] of wired.entries())
    if (phase !== null) svg.append(wire(phase, `M${X.turn} ${Y[phase - 1]}L${X.end} ${Y[at]}`, true));
  if (wired.includes(null)) svg.append(...unknown());
  return $("<div>").addClass("ev-phases").append($(svg), $("<div>").addClass("ev-caption").text(caption));
}

function captionOf(rotation: string, wired: readonly (number | null)[], words: Words): string {
  if (wired.includes(null)) return words("phases.unknown");
  const wires = wired.map((phase, at) => words("phases.wire", { terminal: at + 1, phase: `L${phase}` }));
  const listed = `${wires.join(", ")}.`;
  const sentence = listed.charAt(0).toUpperCase() + listed.slice(1);
  if (wired.length === 1) return `${words("phases.one")} ${sentence}`;
  return BACKWARDS.includes(rotation) && wired.length === 3 ? `${sentence} ${words("phases.backwards")}` : sentence;
}

function element(name: string, attributes: Record<string, string | number>): SVGElement {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  return made;
}

function label(x: number, y: number, text: string): SVGElement {
  const made = element("text", { x, y: y + 4 });
  made.textContent = text;
  return made;
}

function wire(phase: number, d: string, isUsed: boolean): SVGElement {
  return element("path", { d, class: `ev-wire ev-${phase}${isUsed ? "" : " ev-unused"}` });
}

function terminal(at: number, isWired: boolean): SVGElement {
  const group = element("g", { class: isWired ? "" : "ev-unused" });
  const circle = element("circle", { cx: X.terminal, cy: Y[at]!, r: 10, fill: "none", stroke: "currentColor" });
  group.append(circle, label(X.terminal - 3, Y[at]!, String(at + 1)));
  return group;
}

function unknown(): SVGElement[] {
  const middle = (X.turn + X.end) / 2;
  const box = element("rect", {
    x: X.turn + 8,
    y: 6,
    width: X.end - X.turn - 16,
    height: 72,
    rx: 4,
    fill: "none",
    stroke: "currentColor",
    "stroke-dasharray": "4 3",
  });
  const question = label(middle - 4, 42, "?");
  question.setAttribute("style", "font-size: 16px");
  return [box, question];
}
