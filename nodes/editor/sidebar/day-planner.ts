import type { Overview } from "../../../lib/overview/types.ts";
import type { DayPlan, Scene } from "../../../lib/planner/plan-types.ts";
import type { FailurePage } from "../../admin/types/meter-page-types.ts";
import { numberText } from "../numbers.ts";
import { ask } from "../requests.ts";
import { button, hide, html, mark, say, svg } from "./dom.ts";
import { Section } from "./section.ts";
import { amps, type SidebarWords } from "./words.ts";

const SCENES: readonly Scene[] = ["office", "home", "depot"];
const DAYS = [1, 7, 30, 365];
/** A table of all cars that are taken is far smaller. */
const LARGEST_FILE_BYTES = 1_000_000;
/** Of the chart, in its own units. */
const [WIDTH, HEIGHT] = [240, 80];
const LEFT = 30;
const FOOT = 14;

/** Plays days with the deployed tree before anything is built: a small form, and what came of it. */
export class DayPlanner {
  readonly section: Section;
  readonly #words: SidebarWords;
  readonly #site: () => string;
  readonly #root = html("select");
  readonly #scene = html("select");
  readonly #days = html("select");
  readonly #cars = field("number", { step: "1", min: "1", max: "2000" });
  readonly #load = field("number", { step: "any", min: "0", max: "10000" });
  readonly #sun = field("number", { step: "any", min: "0", max: "100000" });
  readonly #table = field("file", {});
  readonly #play: HTMLButtonElement;
  readonly #said = html("div", "ev-ov-note");
  readonly #result = html("div", "ev-ov-plan");
  readonly #rootLabel: HTMLElement;

  constructor(words: SidebarWords, site: () => string) {
    this.#words = words;
    this.#site = site;
    this.section = new Section(words("plan.title"), "ev-ov-planner");
    this.section.element.open = false;
    this.#scene.append(...SCENES.map((scene) => new Option(words(`plan.scenes.${scene}`), scene)));
    this.#days.append(
      ...DAYS.map((days) => new Option(words(days === 1 ? "plan.day" : "plan.days", { n: days }), String(days))),
    );
    this.#play = button("red-ui-button red-ui-button-small ev-ov-primary", words("plan.play"), () => this.#ask());
    mark(this.#said, "role", "status");
    mark(this.#table, "accept", ".csv,text/csv,text/plain");
    this.#rootLabel = this.#labelled("root", this.#root);
    this.section.body.append(
      html("div", "ev-ov-note", words("plan.what")),
      this.#rootLabel,
      ...[
        this.#labelled("scene", this.#scene),
        this.#labelled("cars", this.#cars),
        this.#labelled("table", this.#table),
      ],
      ...[this.#labelled("load", this.#load), this.#labelled("sun", this.#sun), this.#labelled("length", this.#days)],
      ...[html("div", "ev-ov-foot", this.#play), this.#said, this.#result],
    );
  }

  show({ zones, chargers }: Overview): void {
    const roots = zones.filter(({ parent }) => parent === null).map(({ id }) => id);
    const names = JSON.stringify(roots);
    if (this.#root.dataset["filled"] !== names) {
      this.#root.dataset["filled"] = names;
      this.#root.replaceChildren(...roots.map((id) => new Option(id, id)));
    }
    hide(this.#rootLabel, roots.length < 2);
    this.#cars.placeholder = String(chargers.length);
    this.#load.placeholder = this.#words("plan.assumed");
    hide(this.section.element, roots.length === 0 || chargers.length === 0);
  }

  #labelled(word: string, control: HTMLElement): HTMLElement {
    return html("label", "ev-ov-field", html("span", "", this.#words(`plan.${word}`)), control);
  }

  #ask(): void {
    // The browser says what is wrong, in its own language; a field that holds no number would count as empty.
    if (![this.#cars, this.#load, this.#sun].every((input) => input.reportValidity())) return;
    if ((this.#table.files?.[0]?.size ?? 0) > LARGEST_FILE_BYTES) {
      say(this.#said, this.#words("plan.tooLarge"));
      return;
    }
    this.#request().then(
      (request) => {
        say(this.#said, this.#words("plan.playing"));
        this.#play.disabled = true;
        return ask<DayPlan>("POST", "plan", request)
          .then(
            (plan) => {
              say(this.#said, "");
              this.#result.replaceChildren(...this.#told(plan));
            },
            ({ message }: FailurePage) => say(this.#said, message),
          )
          .finally(() => {
            this.#play.disabled = false;
          });
      },
      (error: unknown) => say(this.#said, String(error)),
    );
  }

  async #request(): Promise<object> {
    const file = this.#table.files?.[0];
    const given = (input: HTMLInputElement, times = 1) =>
      input.value === "" ? undefined : Number(input.value) * times;
    const payload = {
      ...{ scene: this.#scene.value, days: Number(this.#days.value), table: file && (await textOf(file)) },
      ...{ cars: given(this.#cars), loadA: given(this.#load), sunW: given(this.#sun, 1000) },
    };
    return { site: this.#site(), root: this.#root.value, payload };
  }

  #told(plan: DayPlan): HTMLElement[] {
    const words = this.#words;
    const { visits, satisfied, turnedAway, wantedWh, deliveredWh, sunWh, atMinimumH, waitingH } = plan;
    const share = wantedWh === 0 ? 100 : Math.floor((100 * deliveredWh) / wantedWh);
    const lines = [
      words("plan.delivered", { delivered: kWh(deliveredWh), wanted: kWh(wantedWh), share }),
      words("plan.cars_", { satisfied, of: visits - turnedAway }),
      ...(turnedAway > 0 ? [words("plan.turnedAway", { n: turnedAway })] : []),
      words("plan.slow", { minimum: numberText(atMinimumH, 1), waiting: numberText(waitingH, 1) }),
      ...(sunWh > 0 ? [words("plan.fromSun", { energy: kWh(sunWh) })] : []),
    ];
    const list = html("ul", "ev-ov-list", ...lines.map((line) => html("li", "", line)));
    return [list, this.#bottleneck(plan), this.#chart(plan)];
  }

  /** Names of zones come from outside: they are put beside the words, not into them. */
  #bottleneck({ bottlenecks, nextStep }: DayPlan): HTMLElement {
    const words = this.#words;
    const first = bottlenecks[0];
    if (!first) return html("div", "ev-ov-strong", words("plan.nothingBinds"));
    const kind = words(`plan.binds.${first.code}`, { hours: numberText(first.hours, 1) });
    const element = html("div", "ev-ov-strong", [first.zone, kind].filter(Boolean).join(": "));
    if (!nextStep) return element;
    const unit = nextStep.unit;
    const size = (value: number) => (unit === "A" ? `${amps(value)} A` : `${numberText(value / 1000, 1)} kW`);
    const { moreWh, moreCars } = nextStep;
    const to = size(nextStep.to);
    const more = { to, from: size(nextStep.from), more: kWh(moreWh), cars: moreCars };
    const brings = moreWh > 0 ? words("plan.nextStep", more) : words("plan.noStep", { to });
    return html("div", "", element, html("div", "", brings));
  }

  /** Mean and highest load of each hour of the day, against the limit. */
  #chart({ hours, limitA }: DayPlan): HTMLElement {
    const mostA = Math.max(limitA, ...hours.map((hour) => hour.mostA));
    const y = (value: number) => HEIGHT - (value / mostA) * (HEIGHT - 6);
    const step = (WIDTH - LEFT) / hours.length;
    const bar = (hour: number, value: number, name: string) =>
      svg("rect", { class: name, x: LEFT + hour * step + 1, y: y(value), width: step - 2, height: HEIGHT - y(value) });
    const text = (x: number, at: number, content: string, anchor: string) =>
      svg("text", { x, y: at, "text-anchor": anchor, "font-size": 9 }, content);
    const drawing = svg(
      "svg",
      {
        viewBox: `0 0 ${WIDTH} ${HEIGHT + FOOT}`,
        role: "img",
        "aria-label": this.#words("plan.chart"),
        class: "ev-ov-plan-chart",
      },
      ...hours.flatMap(({ hour, mostA: top, meanA }) => [
        bar(hour, top, "ev-ov-plan-most"),
        bar(hour, meanA, "ev-ov-plan-mean"),
      ]),
      svg("line", { class: "ev-ov-plan-limit", x1: LEFT, x2: WIDTH, y1: y(limitA), y2: y(limitA) }),
      text(LEFT - 3, y(limitA) + 3, `${amps(limitA)} A`, "end"),
      text(LEFT - 3, HEIGHT, "0", "end"),
      ...[0, 6, 12, 18].map((hour) => text(LEFT + hour * step, HEIGHT + 10, String(hour), "start")),
      text(WIDTH, HEIGHT + 10, "h", "end"),
    );
    const shell = html("div", "ev-ov-plan-figure");
    shell.append(drawing, html("div", "ev-ov-note", this.#words("plan.chart")));
    return shell;
  }
}

/** Spreadsheets save text in UTF-8, or in UTF-16 with a mark that says so. */
async function textOf(file: File): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const isUtf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
  return new TextDecoder(isUtf16 ? "utf-16le" : "utf-8").decode(bytes);
}

function field(type: string, more: Partial<Pick<HTMLInputElement, "step" | "min" | "max">>): HTMLInputElement {
  const input = html("input");
  return Object.assign(input, { type, ...more });
}

const kWh = (energyWh: number): string => `${numberText(energyWh / 1000, energyWh < 1e6 ? 1 : 0)} kWh`;
