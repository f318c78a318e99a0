/** The passwords of charge points, in the dialog of their central system. Nobody sees them; they can be renewed over OCPP. */
import type { CentralSystemPage } from "../../admin/types/central-system-page-types.ts";
import { button } from "../looks.ts";
import { ask } from "../requests.ts";
import { wordsOf } from "../words.ts";

const words = wordsOf("ev-central-system");

type Row = CentralSystemPage["keys"][number];

const BOX = "#ev-central-system-keys";

export class PasswordsPanel {
  readonly #id: string;
  readonly #changed: (page: CentralSystemPage) => void;

  /** @param id of the central system's node; @param changed receives the page after a change */
  constructor(id: string, changed: (page: CentralSystemPage) => void) {
    this.#id = id;
    this.#changed = changed;
  }

  show({ keys }: CentralSystemPage): void {
    $(`${BOX}-part`).toggle(keys.length > 0);
    const rows = keys.map((row) => this.#row(row));
    $(BOX).empty().append($("<table>").addClass("ev-cs-table").append(rows));
  }

  #row({ identity, online, state, since }: Row): JQuery {
    const text = words(`keys.${state}`, { since: since ? new Date(since).toLocaleString() : "" });
    const renew = button(words("keys.renew")).prop("disabled", !online);
    renew.on("click", () => this.#act("rotate-key", identity, renew));
    const buttons = [renew];
    if (state === "inForce" || state === "pending") {
      const forget = button(words("keys.forget"));
      forget.on("click", () => this.#act("forget-key", identity, forget));
      buttons.push(forget);
    }
    return $("<tr>").append(
      $("<td>").text(identity),
      $("<td>").text(text),
      $("<td>").append(buttons.map((one) => one.css("margin", "0 4px 2px 0"))),
    );
  }

  #act(action: "rotate-key" | "forget-key", chargePoint: string, pressed: JQuery): void {
    pressed.prop("disabled", true);
    const path = `central-systems/${encodeURIComponent(this.#id)}/${action}`;
    void ask<CentralSystemPage>("POST", path, { chargePoint }).then(
      (page) => this.#changed(page),
      ({ message }: { message: string }) => {
        $(BOX).find(".ev-problem").remove();
        $(BOX).append($("<div>").addClass("ev-problem").text(message));
        pressed.prop("disabled", false);
      },
    );
  }
}
