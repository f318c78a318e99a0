/** The whole sidebar: puts its parts together and hands each what it shows. */
import { CHARGER_KINDS, type Overview } from "../../../lib/overview/types.ts";
import { saveBytes } from "../requests.ts";
import { AlarmPanel } from "./alarm-list.ts";
import { BackEndList } from "./back-end-list.ts";
import { ChargerList } from "./charger-list.ts";
import { OverviewClient, type Shown } from "./client.ts";
import { DayPlanner } from "./day-planner.ts";
import { Diagram } from "./diagram/diagram.ts";
import { button, hide, html, mark, say } from "./dom.ts";
import { DrillPanel } from "./drill-panel.ts";
import { FilePanel } from "./files/file-panel.ts";
import { FindingList } from "./finding-list.ts";
import { importFirstExample } from "./first-example.ts";
import { MeterList } from "./meter-list.ts";
import { goTo } from "./nodes.ts";
import { ParkedList } from "./parked-list.ts";
import { ReservationList } from "./reservation-list.ts";
import { Section } from "./section.ts";
import { type SidebarWords, watts } from "./words.ts";

const EDITOR_CHANGES = ["nodes:add", "nodes:remove", "nodes:change", "deploy"];
const TICK_MS = 1000;

export class Panel {
  readonly element = html("div", "ev-ov");
  readonly #words: SidebarWords;
  readonly #client: OverviewClient;
  readonly #sites = html("select", "ev-ov-sites");
  readonly #summary = html("div", "ev-ov-summary");
  readonly #state = html("div", "ev-ov-state");
  /** What anybody may act on without a login. */
  readonly #exposed = html("div", "ev-ov-exposed");
  readonly #examples: HTMLButtonElement;
  /** Saves all that whoever helps wants to see. */
  readonly #bundle: HTMLButtonElement;
  /** Makes the report that is signed when the site is handed over. */
  readonly #handover: HTMLButtonElement;
  readonly #problem = html("div", "ev-ov-problem");
  readonly #alarms: AlarmPanel;
  readonly #findings: FindingList;
  readonly #parked: ParkedList;
  readonly #diagram: Diagram;
  readonly #drawing: Section;
  readonly #chargers: ChargerList;
  readonly #reservations: ReservationList;
  readonly #meters: MeterList;
  readonly #drills: DrillPanel;
  readonly #files: FilePanel;
  readonly #backEnds: BackEndList;
  readonly #planner: DayPlanner;
  #site = "";
  #timer: number | undefined;

  constructor(words: SidebarWords) {
    this.#words = words;
    this.#client = new OverviewClient({
      show: (shown) => this.#show(shown),
      failed: (message) => this.#fail(message),
    });
    this.#examples = button("red-ui-button ev-ov-examples", words("examples"), importFirstExample);
    this.#bundle = button("red-ui-button red-ui-button-small ev-ov-bundle", words("bundle.save"), () =>
      this.#save(this.#bundle, "bundle", "ev-charging.zip"),
    );
    mark(this.#bundle, "title", words("bundle.title"));
    this.#handover = button("red-ui-button red-ui-button-small ev-ov-handover", words("handover.save"), () =>
      this.#save(this.#handover, "commissioning-report", "commissioning.html"),
    );
    mark(this.#handover, "title", words("handover.title"));
    this.#alarms = new AlarmPanel(words, () => this.#site);
    this.#findings = new FindingList(words);
    this.#parked = new ParkedList(words);
    this.#chargers = new ChargerList(words, () => this.#site);
    this.#reservations = new ReservationList(words, () => this.#site);
    this.#meters = new MeterList(words);
    this.#drills = new DrillPanel(words, () => this.#site);
    this.#files = new FilePanel(words, () => this.#site);
    this.#backEnds = new BackEndList(words, () => this.#site);
    this.#planner = new DayPlanner(words, () => this.#site);
    this.#diagram = new Diagram(words, {
      zone: goTo,
      charger: (id) => this.#chargers.reveal(id),
      meter: (id) => this.#meters.reveal(id),
    });
    this.#drawing = new Section(words("diagram.title"), "ev-ov-plant");
    this.#drawing.body.append(this.#diagram.element, legend(words));
    this.#build();
    this.#watchSight();
    for (const event of EDITOR_CHANGES) RED.events.on(event, () => this.#parked.nodesChanged());
  }

  #build(): void {
    mark(this.#sites, "aria-label", this.#words("site.choose"));
    this.#sites.addEventListener("change", () => this.#client.choose(this.#sites.value));
    mark(this.#state, "role", "status");
    const parts = [this.#alarms, this.#parked, this.#findings].map(({ section }) => section.element);
    const lists = [
      this.#chargers,
      this.#reservations,
      this.#meters,
      this.#backEnds,
      this.#planner,
      this.#drills,
      this.#files,
    ].map(({ section }) => section.element);
    const below = [this.#drawing.element, ...lists];
    const head = html(
      "div",
      "ev-ov-top",
      this.#sites,
      this.#summary,
      this.#state,
      this.#exposed,
      this.#examples,
      this.#problem,
    );
    this.element.append(head, ...parts, ...below, this.#handover, this.#bundle);
    this.#bundle.hidden = true;
    this.#handover.hidden = true;
    for (const part of [this.#examples, ...parts, ...below]) part.hidden = true;
  }

  /** The runtime works for the sidebar only while it is in sight. */
  #watchSight(): void {
    let inSight = false;
    const look = (): void => (inSight && !document.hidden ? this.#open() : this.#close());
    new IntersectionObserver((entries) => {
      inSight = entries[entries.length - 1]?.isIntersecting ?? false;
      look();
    }).observe(this.element);
    document.addEventListener("visibilitychange", look);
  }

  #open(): void {
    this.#client.open();
    this.#timer ??= window.setInterval(() => this.#meters.tick(), TICK_MS);
  }

  #close(): void {
    this.#client.close();
    window.clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #show({ site, overview, nowMs }: Shown): void {
    this.#site = site;
    say(this.#problem, "");
    this.#showTop(overview);
    this.#alarms.show(overview.alarms);
    this.#findings.show(overview.findings);
    this.#parked.show(overview.parked, overview.zones, usualZone(overview));
    this.#drawing.show(overview.zones.length);
    this.#diagram.show(overview);
    this.#chargers.show(overview.chargers);
    this.#reservations.show(overview.chargers.length);
    this.#meters.show(overview.meters, nowMs);
    this.#backEnds.show(overview.backEnds);
    this.#planner.show(overview);
    this.#drills.show(overview.chargers.length);
    this.#files.show(overview.chargers.length);
  }

  #showTop({ sites, plant, chargers, zones, exposed }: Overview): void {
    const names = JSON.stringify(sites);
    if (this.#sites.dataset["filled"] !== names) {
      this.#sites.dataset["filled"] = names;
      this.#sites.replaceChildren(...sites.map(({ id, name }) => new Option(name || this.#words("site.unnamed"), id)));
    }
    this.#sites.value = this.#site;
    hide(this.#sites, sites.length < 2);
    say(this.#summary, this.#summaryOf(chargers, plant[0]?.surplusW ?? null));
    const tree = sites.length === 0 ? "empty" : (plant[0]?.tree ?? "none");
    const isFine = tree === "controlled" || (tree === "none" && zones.length > 0);
    say(this.#state, isFine ? "" : this.#words(`state.${tree}`));
    mark(this.#state, "data-state", tree);
    say(this.#exposed, exposed.map(({ id }) => this.#words(`exposed.${id}`)).join(" "));
    hide(this.#handover, sites.length === 0);
    hide(this.#bundle, sites.length === 0 || !RED.user.hasPermission("ev-charging.write"));
    hide(this.#examples, tree !== "empty" || !RED.user.hasPermission("flows.write"));
  }

  #summaryOf(chargers: Overview["chargers"], surplusW: number | null): string {
    const counts = CHARGER_KINDS.flatMap((kind) => {
      const n = chargers.filter((charger) => charger.kind === kind).length;
      return n > 0 ? [`${n} ${this.#words(`kind.${kind}`)}`] : [];
    });
    const spare = surplusW !== null && surplusW > 0 ? `${this.#words("sun.spare")} ${watts(surplusW)}` : "";
    const sun = surplusW === null ? [] : [spare || this.#words("sun.none")];
    return [...counts, ...sun].join(" · ");
  }

  #save(pressed: HTMLButtonElement, what: string, otherwise: string): void {
    pressed.disabled = true;
    saveBytes(`${what}?site=${encodeURIComponent(this.#site)}`, otherwise)
      .catch(({ message }: { message: string }) => this.#fail(message))
      .finally(() => {
        pressed.disabled = false;
      });
  }

  #fail(message: string): void {
    say(this.#problem, message);
  }
}

/** What the parts of a bar mean. */
function legend(words: SidebarWords): HTMLElement {
  const keys = ["others", "chargers", "promised", "limit"].map((name) =>
    html("span", "ev-ov-key", html("i", `ev-ov-key-${name}`), words(`legend.${name}`)),
  );
  return html("div", "ev-ov-legend ev-ov-note", ...keys);
}

/** The zone that most chargers hang on; among equals the last, which is the lowest. */
function usualZone({ zones, chargers }: Overview): string {
  const count = (id: string) => chargers.filter(({ zone }) => zone === id).length;
  let usual = { id: "", chargers: -1 };
  for (const { id } of zones) {
    const hung = count(id);
    if (hung >= usual.chargers) usual = { id, chargers: hung };
  }
  return usual.id;
}
