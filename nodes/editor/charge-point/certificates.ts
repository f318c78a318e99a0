/** The certificates of charge points, in the dialog of their central system: until when they hold, and what can be done. */
import type { CentralSystemPage } from "../../admin/types/central-system-page-types.ts";
import { button } from "../looks.ts";
import { ask } from "../requests.ts";
import { wordsOf } from "../words.ts";

const words = wordsOf("ev-central-system");

type Row = NonNullable<CentralSystemPage["certificates"]>[number];

const BOX = "#ev-central-system-certificates-list";

export class CertificatesPanel {
  readonly #id: string;
  readonly #changed: (page: CentralSystemPage) => void;

  /** @param id of the central system's node; @param changed receives the page after a change */
  constructor(id: string, changed: (page: CentralSystemPage) => void) {
    this.#id = id;
    this.#changed = changed;
  }

  show({ certificates }: CentralSystemPage): void {
    const rows = (certificates ?? []).map((row) => this.#row(row));
    $(BOX).empty().append($("<table>").addClass("ev-cs-table").append(rows));
    if (certificates?.length === 0) $(BOX).append($("<div>").addClass("ev-note").text(words("certificates.nobody")));
  }

  #row({ identity, online, until, daysLeft, state, waits, problem }: Row): JQuery {
    const held =
      until === null
        ? words("certificates.none")
        : words(`certificates.${state}`, { days: daysLeft, until: day(until) });
    const renew = this.#button(until === null ? "ask" : "renew", "renew-certificate", identity, online);
    const root = this.#button("root", "install-root", identity, online);
    const remove = this.#button("remove", "remove-certificate", identity, true);
    const buttons = [renew, root, ...(until !== null && state !== "removed" ? [remove] : [])];
    const said = $("<td>").text(waits ? words("certificates.waits") : held);
    if (problem) said.append($("<div>").addClass("ev-problem").text(problem));
    return $("<tr>").append(
      $("<td>").text(identity),
      said,
      $("<td>").append(buttons.map((one) => one.css("margin", "0 4px 2px 0"))),
    );
  }

  #button(key: string, action: string, chargePoint: string, isPossible: boolean): JQuery {
    const made = button(words(`certificates.${key}`)).prop("disabled", !isPossible);
    return made.on("click", () => {
      // A charge point without its certificate stays out until a person lets it in again.
      if (action === "remove-certificate" && !window.confirm(words("certificates.sure", { id: chargePoint }))) return;
      this.#act(action, chargePoint, made);
    });
  }

  #act(action: string, chargePoint: string, pressed: JQuery): void {
    pressed.prop("disabled", true);
    const path = `central-systems/${encodeURIComponent(this.#id)}/${action}`;
    void ask<CentralSystemPage>("POST", path, { chargePoint }).then(
      (page) => {
        // What is as it was is not drawn anew.
        pressed.prop("disabled", false);
        this.#changed(page);
        $(BOX).find("> .ev-problem, > .ev-note").remove();
        if (action !== "install-root") return;
        // The table tells of certificates of charge points, not of what they trust.
        const told = $("<div>").addClass("ev-note").attr("role", "status");
        $(BOX).append(told.text(words("certificates.rootTaken", { id: chargePoint })));
      },
      ({ message }: { message: string }) => {
        $(BOX).find("> .ev-problem, > .ev-note").remove();
        $(BOX).append($("<div>").addClass("ev-problem").text(message));
        pressed.prop("disabled", false);
      },
    );
  }
}

function day(time: string): string {
  return new Date(time).toLocaleDateString();
}
