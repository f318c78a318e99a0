import type {
  DrillChoiceView,
  DrillFindingView,
  DrillKind,
  DrillRunning,
  DrillView,
} from "../../../lib/commissioning/drills/view-types.ts";
import type { DrillsPage } from "../../admin/types/commissioning-page-types.ts";
import type { FailurePage } from "../../admin/types/meter-page-types.ts";
import { ask } from "../requests.ts";
import { choice, labelled } from "./charger-acts.ts";
import { button, hide, html, mark, say, svg } from "./dom.ts";
import { Section } from "./section.ts";
import type { SidebarWords } from "./words.ts";

/** How often it is asked for while a drill is under way, and while the part is unfolded, ms. */
const RUNNING_MS = 1000;
const AGAIN_MS = 10_000;
const SIGNS: Readonly<Record<DrillFindingView["verdict"], string>> = { right: "✓", wrong: "✗", unsure: "?" };
const [WIDTH, HEIGHT] = [300, 70];

/** Drills on the running site: a form, the countdown, and what was shown. Folded, asked for when it is opened; its words are those of the site. */
export class DrillPanel {
  readonly section: Section;
  readonly #site: () => string;
  readonly #said = html("div", "ev-ov-said");
  readonly #now = html("div", "ev-ov-acts-body");
  readonly #form = html("div", "ev-ov-acts-body");
  readonly #results = html("ul", "ev-ov-list");
  /** For which choices the form stands there: what somebody chose stays while it is asked for anew. */
  #drawn = "";
  /** What can be chosen as it was told last, and what shows it in the form that stands there. */
  #choices: readonly DrillChoiceView[] = [];
  #weigh: () => void = () => {};
  #shown = "";
  #timer: number | undefined;
  #isSending = false;

  constructor(words: SidebarWords, site: () => string) {
    this.#site = site;
    this.section = new Section(words("drills.title"), "ev-ov-drills");
    const { element, body } = this.section;
    element.open = false;
    mark(this.#said, "role", "status");
    mark(this.#now, "role", "timer");
    body.append(this.#said, this.#now, this.#form, this.#results);
    element.addEventListener("toggle", () => this.#toggled());
  }

  /** @param chargers how many the site has */
  show(chargers: number): void {
    hide(this.section.element, chargers === 0);
  }

  #toggled(): void {
    window.clearTimeout(this.#timer);
    say(this.#said, "");
    if (this.section.element.open) void this.#load();
  }

  #inSight(): boolean {
    return !document.hidden && this.section.element.offsetParent !== null;
  }

  #load(): Promise<void> {
    const site = this.#site();
    return ask<DrillsPage>("GET", `drills?site=${encodeURIComponent(site)}`).then(
      (page) => this.#draw(page, site),
      (failure: FailurePage) => {
        this.#tell(failure.message);
        this.#again(AGAIN_MS);
      },
    );
  }

  #again(afterMs: number): void {
    window.clearTimeout(this.#timer);
    if (!this.section.element.open) return;
    this.#timer = window.setTimeout(() => (this.#inSight() ? void this.#load() : this.#again(afterMs)), afterMs);
  }

  #draw(page: DrillsPage, site: string): void {
    const { running, choices, results, words: w } = page;
    const mayAct = page.mayDrill && RED.user.hasPermission("ev-charging.write");
    this.#drawRunning(running, mayAct, w);
    hide(this.#form, running !== null || !mayAct);
    this.#choices = choices;
    const drawn = JSON.stringify([site, w, choices.map(({ kind, target, name }) => [kind, target, name])]);
    if (drawn !== this.#drawn) {
      this.#drawn = drawn;
      this.#form.replaceChildren(...this.#fields(w));
    }
    // What is not possible changes with each car.
    this.#weigh();
    const shown = JSON.stringify(results);
    if (shown !== this.#shown) {
      this.#shown = shown;
      const rows = results.map((result) => resultRow(result, w));
      this.#results.replaceChildren(...(rows.length > 0 ? rows : [html("li", "ev-ov-note", w["none"] ?? "")]));
    }
    this.#again(running ? RUNNING_MS : AGAIN_MS);
  }

  #drawRunning(running: DrillRunning | null, mayAct: boolean, w: DrillsPage["words"]): void {
    hide(this.#now, running === null);
    if (!running) {
      this.#now.replaceChildren();
      return;
    }
    if (this.#now.childElementCount === 0) {
      const abort = button("red-ui-button red-ui-button-small", w["abort"] ?? "", () => this.#send("abort", {}));
      mark(abort, "data-act", "abort");
      this.#now.append(html("div"), ...(mayAct ? [html("div", "ev-ov-foot", abort)] : []));
    }
    say(this.#now.firstElementChild!, running.text);
  }

  #fields(w: DrillsPage["words"]): HTMLElement[] {
    const kinds = [...new Set(this.#choices.map(({ kind }) => kind))];
    const which = choice(
      w["which"],
      kinds.map((kind) => [kind, w[kind] ?? kind] as const),
    );
    const where = choice(w["where"], []);
    const seconds = numberField(w["seconds"], "10", "1200");
    const limitW = numberField(w["limitW"], "1", "10000000");
    const limit = labelled(w["limitW"], limitW);
    const note = html("div", "ev-ov-note");
    const lacks = html("div", "ev-ov-problem");
    const takes = html("div", "ev-ov-note");
    const fill = () => {
      const of = this.#choices.filter(({ kind }) => kind === (which.value as DrillKind));
      const options = of.map(({ target, name }) => {
        const option = html("option", "", name);
        option.value = target;
        return option;
      });
      where.replaceChildren(...options);
      say(note, w[`${which.value}Note`] ?? "");
      hide(limit, which.value !== "limit");
      this.#weigh();
    };
    which.addEventListener("change", fill);
    where.addEventListener("change", () => this.#weigh());
    for (const field of [seconds, limitW]) field.addEventListener("input", () => this.#weigh());
    mark(seconds, "placeholder", w["asLong"] ?? "");
    const start = button("red-ui-button red-ui-button-small", w["start"] ?? "", () => {
      if (!window.confirm((w["ask"] ?? "").replace("{what}", w[which.value] ?? ""))) return;
      this.#send("start", {
        kind: which.value,
        target: where.value,
        seconds: seconds.value,
        ...(which.value === "limit" && { limitW: limitW.value }),
      });
    });
    mark(start, "data-act", "start");
    this.#weigh = () => {
      const chosen = this.#choices.find(({ kind, target }) => kind === which.value && target === where.value);
      const isGiven = which.value === "limit" && limitW.value !== "";
      const missing = isGiven ? "" : (chosen?.lacks ?? "");
      const mostS = missing === "" && seconds.value === "" ? (chosen?.seconds ?? null) : null;
      say(lacks, missing && `✗ ${missing}`);
      say(takes, mostS === null ? "" : (w["takes"] ?? "").replace("{seconds}", String(mostS)));
      start.disabled = !chosen || missing !== "";
    };
    fill();
    return [
      labelled(w["which"], which),
      labelled(w["where"], where),
      note,
      labelled(w["seconds"], seconds),
      limit,
      lacks,
      takes,
      html("div", "ev-ov-foot", start),
    ];
  }

  #send(name: "start" | "abort", payload: object): void {
    if (this.#isSending) return;
    this.#isSending = true;
    const site = this.#site();
    say(this.#said, "…");
    ask<DrillsPage>("POST", "drills", { site, name, payload })
      .then(
        (page) => {
          this.#tell("");
          this.#draw(page, site);
        },
        (failure: FailurePage) => this.#tell(failure.message),
      )
      .finally(() => {
        this.#isSending = false;
      });
  }

  #tell(problem: string): void {
    say(this.#said, problem);
    this.#said.classList.toggle("ev-ov-problem", problem !== "");
  }
}

function numberField(label: string | undefined, least: string, most: string): HTMLInputElement {
  const field = html("input", "ev-ov-comment");
  field.type = "number";
  field.min = least;
  field.max = most;
  mark(field, "aria-label", label ?? "");
  return field;
}

function resultRow(result: DrillView, w: DrillsPage["words"]): HTMLElement {
  const { title, started, text, findings, steps, verdict, curve } = result;
  const head = html("div", "ev-ov-head", html("strong", "", `${SIGNS[verdict]} ${title}`), html("span", "", text));
  const when = html("div", "ev-ov-note", new Date(started).toLocaleString());
  const seen = findings.flatMap((one) => [
    html("div", "", `${SIGNS[one.verdict]} ${one.text}`),
    ...(one.cure ? [html("div", "ev-ov-note", one.cure)] : []),
  ]);
  const more = html("details", "", html("summary", "", w["more"] ?? ""));
  more.append(
    ...steps.map(({ atS, text: step }) => html("div", "ev-ov-note", `${atS} s: ${step}`)),
    ...(curve.length > 1 ? [drawing(result, w)] : []),
  );
  const element = html("li", "ev-ov-row", html("div", "ev-ov-grow", head, when, ...seen, more));
  mark(element, "data-verdict", verdict);
  return element;
}

/** Commanded, measured and what is safe over the seconds. */
function drawing({ curve, unit }: DrillView, w: DrillsPage["words"]): Element {
  const most = Math.max(1, ...curve.flatMap(([, ...values]) => values.map((value) => value ?? 0)));
  const lastS = Math.max(1, curve[curve.length - 1]![0]);
  const x = (second: number) => Math.round((second / lastS) * WIDTH * 10) / 10;
  const y = (value: number) => Math.round((HEIGHT - 4 - (value / most) * (HEIGHT - 8)) * 10) / 10;
  const line = (of: 1 | 2 | 3, style: string) =>
    svg("polyline", {
      points: curve.flatMap((point) => (point[of] === null ? [] : [`${x(point[0])},${y(point[of])}`])).join(" "),
      style: `fill:none;stroke:currentColor;${style}`,
    });
  const words = [w["commanded"], w["measured"], w["safe"]];
  const label = `${words.join(", ")}: 0–${Math.round(most)} ${unit}, 0–${lastS} s`;
  const picture = svg(
    "svg",
    { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": label, style: "width:100%" },
    line(1, "stroke-width:2"),
    line(2, "stroke-width:1.5;stroke-dasharray:5 3"),
    line(3, "stroke-width:1;stroke-dasharray:1 3"),
  );
  return html(
    "div",
    "",
    picture as unknown as Node,
    html("div", "ev-ov-note", `— ${words[0] ?? ""}  - - ${words[1] ?? ""}  ··· ${words[2] ?? ""} (${unit}, s)`),
  );
}
