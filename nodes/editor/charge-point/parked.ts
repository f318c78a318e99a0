/** Charge points that wait at a central system, in its dialog. Everything they say of themselves is put into the page as text. */
import type { CentralSystemPage } from "../../admin/types/central-system-page-types.ts";
import { button } from "../looks.ts";
import { ask } from "../requests.ts";
import { wordsOf } from "../words.ts";
import { adopt, describedIdentities } from "./adopt.ts";
import { CertificatesPanel } from "./certificates.ts";
import { PasswordsPanel } from "./passwords.ts";
import type { ServerState } from "./server-state.ts";

const words = wordsOf("ev-central-system");

type Parked = CentralSystemPage["parked"][number];

/** How often the list is read while the dialog is open, ms. */
const REFRESH_MS = 3000;

/** The list of parked charge points, with a button to add each; and of those that may connect only as safely as before. */
export class ParkedPanel {
  readonly #id: string;
  readonly #passwords: PasswordsPanel;
  readonly #certificates: CertificatesPanel;
  readonly #server: ServerState;
  #shown = "";
  readonly #timer: number;

  /** @param id of the central system's node @param server is shown what is read, too */
  constructor(id: string, server: ServerState) {
    this.#server = server;
    this.#id = id;
    this.#passwords = new PasswordsPanel(id, (page) => this.#show(page));
    this.#certificates = new CertificatesPanel(id, (page) => this.#show(page));
    this.#refresh();
    this.#timer = window.setInterval(() => this.#refresh(), REFRESH_MS);
  }

  close(): void {
    window.clearInterval(this.#timer);
  }

  #refresh(): void {
    ask<CentralSystemPage | null>("GET", `central-systems/${encodeURIComponent(this.#id)}`).then(
      (page) => this.#show(page),
      ({ message }) => $("#ev-central-system-parked").empty().text(message),
    );
  }

  #show(page: CentralSystemPage | null): void {
    this.#server.show(page);
    const described = describedIdentities();
    // A list drawn anew under the pointer would swallow a click.
    const state = JSON.stringify([page?.parked, page?.profiles, page?.keys, page?.certificates, [...described]]);
    if (state === this.#shown) return;
    this.#shown = state;
    const box = $("#ev-central-system-parked").empty();
    $("#ev-central-system-waiting-count").text(page?.parked.length ? `(${page.parked.length})` : "");
    if (!page || page.parked.length === 0) {
      box.append(
        $("<div>")
          .addClass("ev-note")
          .text(words(page ? "parked.none" : "parked.undeployed")),
      );
    } else {
      const heads = ["identity", "kind", "address", "lastSeen", ""].map((key) =>
        $("<th>").text(key && words(`parked.${key}`)),
      );
      const rows = page.parked.map((parked) => this.#row(parked, described.has(parked.identity.toLowerCase())));
      box.append($("<table>").addClass("ev-cs-table").append($("<tr>").append(heads), rows));
    }
    if (!page) return;
    this.#showProfiles(page);
    this.#passwords.show(page);
    this.#certificates.show(page);
  }

  #row({ identity, vendor, model, address, lastSeen, asked }: Parked, added: boolean): JQuery {
    const wish = asked && words(`parked.asked.${asked.kind}`, { protocols: asked.protocols });
    const texts = [
      identity,
      wish ?? ([vendor, model].filter(Boolean).join(" ") || "–"),
      address ?? "–",
      new Date(lastSeen).toLocaleTimeString(),
    ];
    if (asked) return $("<tr>").append([...texts, ""].map((text) => $("<td>").text(text)));
    const last = added
      ? $("<span>").addClass("ev-note").text(words("parked.added"))
      : button(words("parked.add")).on("click", () => this.#adopt(identity));
    return $("<tr>").append(
      texts.map((text) => $("<td>").text(text)),
      $("<td>").append(last),
    );
  }

  #adopt(identity: string): void {
    adopt({ identity, centralSystem: this.#id });
    this.#refresh();
  }

  #showProfiles({ profiles }: CentralSystemPage): void {
    const box = $("#ev-central-system-profiles").empty();
    $("#ev-central-system-profiles-part").toggle(profiles.length > 0);
    const rows = profiles.map(({ identity, highest }) => {
      const allow = button(words("profiles.allow")).on("click", () => void this.#allow(identity));
      return $("<tr>").append(
        $("<td>").text(identity),
        $("<td>").text(words(`profiles.${highest}`)),
        $("<td>").append(allow),
      );
    });
    box.append($("<table>").addClass("ev-cs-table").append(rows));
  }

  async #allow(chargePoint: string): Promise<void> {
    const path = `central-systems/${encodeURIComponent(this.#id)}/security-profile`;
    await ask<CentralSystemPage>("POST", path, { chargePoint }).then(
      (page) => this.#show(page),
      ({ message }) => $("#ev-central-system-profiles").append($("<div>").addClass("ev-problem").text(message)),
    );
  }
}
