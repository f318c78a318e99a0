/** Several badges chosen in the dialog of an ev-authorization, and what is changed of them together: all of it is done, or nothing. */
import { candidates } from "./candidates.ts";
import { textIn } from "./fields.ts";
import { wordsOf } from "./words.ts";

const words = wordsOf("ev-authorization");
const FIELD = "#ev-authorization-many";

type Change = (verb: string, payload: unknown) => Promise<Record<string, unknown> | null>;

/** Which badges are chosen, and the fields below the list that change them. */
export class BadgeMany {
  readonly #change: Change;
  readonly #chosen = new Set<string>();
  #shown: readonly string[] = [];

  /** @param change does what the message `badges/<verb>` would do */
  constructor(change: Change) {
    this.#change = change;
    const places = $(`${FIELD}-places`);
    for (const { name, value } of placesThere()) places.append($("<option>").val(value).text(name));
    $(`${FIELD}-all`).on("change", () => this.#chooseAll($(`${FIELD}-all`).is(":checked")));
    $(`${FIELD}-valid, ${FIELD}-where`).on("change", () => this.#look());
    $(`${FIELD}-do`).on("click", () => void this.#do(this.#wanted()));
    $(`${FIELD}-block`).on("click", () => void this.#do({ blocked: true }));
    $(`${FIELD}-free`).on("click", () => void this.#do({ blocked: false }));
    this.#look();
  }

  /** These badges are in the list; others are not chosen any more. @param idTags of those that are shown @param isWhole all are shown */
  show(idTags: readonly string[], isWhole: boolean): void {
    this.#shown = idTags;
    if (isWhole) for (const idTag of this.#chosen) if (!idTags.includes(idTag)) this.#chosen.delete(idTag);
    this.#look();
  }

  /** The box that chooses a badge. */
  box(idTag: string, label: string): JQuery {
    const box = $("<input>").attr({ type: "checkbox", "aria-label": label, "data-tag": idTag });
    return box.prop("checked", this.#chosen.has(idTag)).on("change", () => {
      if (box.is(":checked")) this.#chosen.add(idTag);
      else this.#chosen.delete(idTag);
      this.#look();
    });
  }

  #chooseAll(isOn: boolean): void {
    for (const idTag of this.#shown) {
      if (isOn) this.#chosen.add(idTag);
      else this.#chosen.delete(idTag);
    }
    $("#ev-authorization-badges input[data-tag]").prop("checked", isOn);
    this.#look();
  }

  #look(): void {
    $(`${FIELD}-all`).prop("checked", this.#shown.length > 0 && this.#shown.every((idTag) => this.#chosen.has(idTag)));
    $(`${FIELD}`).toggle(this.#chosen.size > 0);
    $(`${FIELD}-count`).text(words("many.count", { count: this.#chosen.size }));
    $(`${FIELD}-day`).toggle(textIn(`${FIELD}-valid`) === "day");
    $(`${FIELD}-places`).toggle(textIn(`${FIELD}-where`) === "places");
  }

  /** What the fields say; null = they say nothing, or not all that it takes. */
  #wanted(): object | null {
    const [type, valid, day, where] = ["type", "valid", "day", "where"].map((name) => textIn(`${FIELD}-${name}`));
    const chosen = ($(`${FIELD}-places`).val() ?? []) as unknown as string[];
    const of = (kind: string) =>
      where !== "places"
        ? []
        : chosen.filter((one) => one.startsWith(`${kind} `)).map((one) => one.slice(kind.length + 1));
    const isOpen = (valid === "day" && !day) || (where === "places" && chosen.length === 0);
    if (isOpen || !(type || valid || where)) return null;
    return {
      ...(type && { type }),
      ...(valid && { expiryDate: valid === "day" ? day : null }),
      ...(where && { zones: of("zones"), connectors: of("connectors"), chargePoints: [] }),
    };
  }

  async #do(wanted: object | null): Promise<void> {
    const told = $(`${FIELD}-told`).text(wanted ? "" : words("many.nothing"));
    if (!wanted) return;
    const done = await this.#change("edit", { idTags: [...this.#chosen], ...wanted });
    if (done) told.text(String(done["text"] ?? ""));
  }
}

/** Zones and sockets of the flow, as the list of badges names them. */
function placesThere(): { name: string; value: string }[] {
  const zones = candidates("ev-zone").map(({ name }) => String(name));
  const sockets = candidates("ev-charge-point").flatMap(({ identity, connectors }) => {
    const listed = (Array.isArray(connectors) ? connectors : []) as { number?: unknown; name?: unknown }[];
    const all = listed.length > 0 ? listed : [{ number: 1 }];
    return all.map(({ number, name }) => ({
      id: `${String(identity)}/${String(number ?? 1)}`,
      name: String(name ?? ""),
    }));
  });
  return [
    ...zones.map((zone) => ({ name: `${words("many.zone")} ${zone}`, value: `zones ${zone}` })),
    ...sockets.map(({ id, name }) => ({ name: name ? `${name} (${id})` : id, value: `connectors ${id}` })),
  ];
}
