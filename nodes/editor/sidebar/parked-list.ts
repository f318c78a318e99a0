import type { ParkedItem, ZoneItem } from "../../../lib/overview/types.ts";
import { adopt, describedIdentities } from "../charge-point/adopt.ts";
import { button, hide, html, mark, say } from "./dom.ts";
import { KeyedList, type ListRow } from "./keyed-list.ts";
import { Section } from "./section.ts";
import type { SidebarWords } from "./words.ts";

/** Charge points that wait: what they say they are, the zone they are to hang on, and a button that adds them. */
export class ParkedList {
  readonly section: Section;
  readonly #words: SidebarWords;
  readonly #list: KeyedList<ParkedItem>;
  #zones: readonly ZoneItem[] = [];
  /** The zone that most chargers hang on. */
  #usual = "";
  #described = new Set<string>();

  constructor(words: SidebarWords) {
    this.#words = words;
    this.section = new Section(words("parked.title"), "ev-ov-parked");
    const list = html("ul", "ev-ov-list");
    this.section.body.append(list);
    this.#list = new KeyedList(list, (item) => this.#row(item));
  }

  /** @param usual name of the zone that is proposed */
  show(parked: readonly ParkedItem[], zones: readonly ZoneItem[], usual: string): void {
    const key = (items: readonly ZoneItem[]) => JSON.stringify(items.map(({ id, nodeId }) => [id, nodeId]));
    const others = key(zones) !== key(this.#zones);
    this.#zones = zones;
    this.#usual = usual;
    this.#described = describedIdentities();
    this.#list.show(parked);
    if (others) this.#list.refresh();
    this.section.show(parked.length);
  }

  /** Nodes of the editor came or went. */
  nodesChanged(): void {
    this.#described = describedIdentities();
    this.#list.refresh();
  }

  #row(first: ParkedItem): ListRow<ParkedItem> {
    const words = this.#words;
    let item = first;
    const dot = html("span", "ev-ov-dot");
    const name = html("span", "ev-ov-strong");
    const says = html("div", "ev-ov-note");
    const looks = html("div", "ev-ov-note");
    const zone = html("select", "ev-ov-zones");
    mark(zone, "aria-label", words("parked.zone"));
    const add = button("red-ui-button red-ui-button-small ev-ov-primary", words("parked.adopt"), () => {
      adopt(adoptionOf(item, zone.value));
      this.nodesChanged();
    });
    const added = html("span", "ev-ov-added", words("parked.added"));
    const foot = html("div", "ev-ov-foot", zone, add, added);
    const element = html("li", "ev-ov-card", html("div", "ev-ov-grow", dot, name, says, looks, foot));
    const update = (now: ParkedItem): void => {
      item = now;
      const { identity: id, online, asked, vendor, model, address, suggested, connectors } = now;
      mark(dot, "data-kind", online ? "charging" : "offline");
      mark(dot, "title", words(online ? "parked.online" : "parked.offline"));
      say(name, id);
      const wish = asked && words(`parked.asked.${asked.kind}`, { protocols: asked.protocols });
      const said = [vendor, model].filter(Boolean).join(" ") || words("parked.silent");
      say(says, [asked ? "" : said, address].filter(Boolean).join(" · "));
      const outlets = connectors.length > 1 ? words("parked.connectors", { n: connectors.length }) : "";
      const kind = suggested ? `${words("parked.looks")} ${suggested.name}` : words("parked.standard");
      say(looks, wish ?? [kind, outlets].filter(Boolean).join(" · "));
      const isAdded = !asked && this.#described.has(id.toLowerCase());
      this.#fill(zone);
      hide(zone, isAdded || asked !== null || this.#zones.length === 0);
      hide(add, isAdded || asked !== null);
      add.disabled = !RED.user.hasPermission("flows.write");
      mark(add, "title", add.disabled ? words("parked.mayNot") : null);
      mark(add, "aria-label", `${words("parked.adopt")}: ${id}`);
      hide(added, !isAdded);
    };
    return { element, update };
  }

  /** The zones to choose from; a choice that was made stays. */
  #fill(select: HTMLSelectElement): void {
    const key = JSON.stringify(this.#zones.map(({ id, nodeId }) => [id, nodeId]));
    if (select.dataset["filled"] === key) return;
    const chosen = select.dataset["filled"] ? select.value : this.#zones.find(({ id }) => id === this.#usual)?.nodeId;
    select.dataset["filled"] = key;
    const options = this.#zones.map(({ id, nodeId }) => new Option(id, nodeId));
    select.replaceChildren(...options, new Option(this.#words("parked.noZone"), ""));
    select.value = chosen ?? "";
  }
}

function adoptionOf({ identity, centralSystem, suggested, connectors }: ParkedItem, zone: string) {
  return { identity, centralSystem, zone, connectors, ...(suggested && { model: suggested.id }) };
}
