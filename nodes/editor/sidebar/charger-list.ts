import type { ChargerItem, LimitItem } from "../../../lib/overview/types.ts";
import { proofFold } from "../charge-point/charger-proof.ts";
import { ChargerActs } from "./charger-acts.ts";
import { button, hide, html, mark, say, svg } from "./dom.ts";
import { KeyedList, type ListRow } from "./keyed-list.ts";
import { chargePointNode, goTo } from "./nodes.ts";
import { keepOneStop, roving } from "./roving.ts";
import { Section } from "./section.ts";
import { SettingsPanel } from "./settings/settings-panel.ts";
import { ChargerSymbol } from "./symbols.ts";
import { amps, type SidebarWords, timeOfDay } from "./words.ts";

const NAMES = ".ev-ov-go";
/** From so many chargers on there is a field to find some. */
const MANY = 10;

/** Every connector: state, setpoint and what it draws, why, and what its charger holds and until when. */
export class ChargerList {
  readonly section: Section;
  readonly #words: SidebarWords;
  readonly #site: () => string;
  readonly #list: KeyedList<ChargerItem>;
  readonly #rows = html("ul", "ev-ov-list ev-ov-chargers-list");
  readonly #find = html("input", "ev-ov-find");
  #chargers: readonly ChargerItem[] = [];

  constructor(words: SidebarWords, site: () => string) {
    this.#words = words;
    this.#site = site;
    this.section = new Section(words("chargers.title"), "ev-ov-all-chargers");
    this.#find.type = "search";
    this.#find.placeholder = words("chargers.find");
    mark(this.#find, "aria-label", words("chargers.find"));
    this.#find.addEventListener("input", () => this.#show());
    this.section.body.append(this.#find, this.#rows);
    this.#list = new KeyedList(this.#rows, (item) => this.#row(item));
    roving(this.#rows, NAMES);
  }

  show(chargers: readonly ChargerItem[]): void {
    if (chargers === this.#chargers) return;
    this.#chargers = chargers;
    hide(this.#find, chargers.length < MANY);
    this.#show();
  }

  /** Brings a charger into sight, with the focus on it. */
  reveal(id: string): void {
    this.section.element.open = true;
    if (!this.#list.get(id)) {
      this.#find.value = "";
      this.#show();
    }
    const row = this.#list.get(id);
    row?.scrollIntoView({ block: "center" });
    row?.querySelector<HTMLElement>(NAMES)?.focus();
  }

  #show(): void {
    const wanted = this.#find.value.trim().toLowerCase();
    const shown = wanted ? this.#chargers.filter((one) => this.#text(one).includes(wanted)) : this.#chargers;
    this.#list.show(shown);
    this.section.show(this.#chargers.length);
    keepOneStop(this.#rows, NAMES);
  }

  #text({ id, name, place, kind, zone, why, state, hint }: ChargerItem): string {
    return [id, name, place, this.#words(`kind.${kind}`), zone, why, state, hint].join(" ").toLowerCase();
  }

  #row({ id, chargePoint }: ChargerItem): ListRow<ChargerItem> {
    const words = this.#words;
    const symbol = new ChargerSymbol();
    const name = button("ev-ov-go", id, () => goTo(chargePointNode(chargePoint) ?? ""));
    mark(name, "tabindex", -1);
    mark(name, "title", words("chargers.open"));
    const identity = html("div", "ev-ov-note");
    const kind = html("span", "ev-ov-kind");
    const figures = html("span", "ev-ov-amps");
    const why = html("div", "ev-ov-why");
    const lease = html("div", "ev-ov-note");
    const hint = html("div", "ev-ov-problem");
    const acts = new ChargerActs(id, this.#site, words);
    const settings = new SettingsPanel(chargePoint, this.#site, words);
    const proof = proofFold(id, words("chargers.prove"));
    const icon = svg("svg", { width: 18, height: 18, viewBox: "-9 -9 18 18", "aria-hidden": "true" }, symbol.element);
    const head = html("div", "ev-ov-head", name, kind, figures);
    const element = html(
      "li",
      "ev-ov-row",
      icon,
      html("div", "ev-ov-grow", head, identity, why, hint, lease, acts.element, settings.element, proof),
    );
    const update = (item: ChargerItem): void => {
      symbol.show(item.kind);
      mark(element, "data-kind", item.kind);
      say(name, item.name || item.id);
      say(identity, [item.name && item.id, item.place].filter(Boolean).join(" · "));
      say(kind, words(`kind.${item.kind}`));
      mark(kind, "title", item.state);
      say(figures, `${amps(item.measuredA)} / ${amps(item.setpointA)} A`);
      mark(figures, "title", words("chargers.figures"));
      say(why, item.why || (item.zone === null ? words("chargers.unmanaged") : item.state));
      say(hint, item.hint);
      say(lease, item.lease ? this.#leaseText(item.lease, item.setpointA) : "");
      mark(lease, "title", item.lease?.way ?? null);
    };
    return { element, update };
  }

  #leaseText({ acceptedA, until, verified, status }: LimitItem, setpointA: number | null): string {
    const held =
      acceptedA === null || acceptedA === setpointA ? "" : this.#words("lease.held", { amps: amps(acceptedA) });
    const parts = [
      [held, until && this.#words("lease.until", { time: timeOfDay(until) })].filter(Boolean).join(", "),
      acceptedA !== null && this.#words(`lease.${verified}`),
      TROUBLED.includes(status) && this.#words(`lease.${status}`),
    ];
    return parts.filter(Boolean).join(" · ");
  }
}

/** What became of the last limit is told where it did not become what was wanted. */
const TROUBLED: readonly LimitItem["status"][] = ["rejected", "timeout", "uncontrollable"];
