/** The list of badges in the dialog of an ev-authorization. What people and chargers wrote is put into the page as text. */
import type { AuthorizationPage } from "../admin/types/authorization-page-types.ts";
import type { FailurePage } from "../admin/types/meter-page-types.ts";
import { BadgeMany } from "./badge-many.ts";
import { textIn } from "./fields.ts";
import { ask, saveFile } from "./requests.ts";
import { wordsOf } from "./words.ts";

const words = wordsOf("ev-authorization");

type Badge = AuthorizationPage["badges"][number];

const FIELD = "#ev-authorization-";
const TYPES = ["user", "vip", "admin"] as const;

/** How often the page is read while the dialog is open, ms. */
const REFRESH_MS = 3000;

/** Badges with their fields, what was answered to them, and the chargers' own lists; each change is done at once. */
export class BadgePanel {
  readonly #path: string;
  readonly #timer: number;
  readonly #many: BadgeMany;
  #shown = "";

  /** @param id of the node */
  constructor(id: string) {
    this.#path = `authorizations/${encodeURIComponent(id)}`;
    this.#many = new BadgeMany((verb, payload) => this.change(verb, payload));
    $(`${FIELD}search, ${FIELD}trace-tag`).on("input", () => this.refresh());
    $(`${FIELD}add`).on("click", () => void this.#add());
    $(`${FIELD}undo`).on("click", () => void this.change("undo", null));
    $(`${FIELD}push`).on("click", () => void this.change("push", null));
    $(`${FIELD}learn`).on("click", () => {
      const learning = $(`${FIELD}learn`).hasClass("selected");
      void this.change("learn", learning ? false : {});
    });
    $(`${FIELD}export`).on("click", () => this.#export());
    $(`${FIELD}erase`).on("click", () => void this.#erase());
    // What was found belongs to the name that was asked for, and so does the button that erases it.
    $(`${FIELD}holder, ${FIELD}pseudonyms`).on("input", () => $(`${FIELD}erased`).empty());
    this.refresh();
    this.#timer = window.setInterval(() => this.refresh(), REFRESH_MS);
  }

  close(): void {
    window.clearInterval(this.#timer);
  }

  /** Reads the page anew; a table that nobody is typing in is drawn anew when it changed. */
  refresh(): void {
    const query = $.param({ search: textIn(`${FIELD}search`), trace: textIn(`${FIELD}trace-tag`) });
    ask<AuthorizationPage | null>("GET", `${this.#path}?${query}`).then(
      (page) => this.#show(page),
      ({ message }) => this.#problem(message),
    );
  }

  /** Does what the message `badges/<verb>` would do. Resolves with its answer; null when it was refused, which is shown. */
  async change(verb: string, payload: unknown): Promise<Record<string, unknown> | null> {
    try {
      const answer = await ask<Record<string, unknown>>("POST", this.#path, { topic: `badges/${verb}`, payload });
      this.#problem("");
      this.refresh();
      return answer;
    } catch (failure) {
      this.#problem((failure as { message: string }).message);
      return null;
    }
  }

  async #add(): Promise<void> {
    const idTag = textIn(`${FIELD}new-tag`);
    const badge = { idTag, type: textIn(`${FIELD}new-type`), comment: textIn(`${FIELD}new-comment`) };
    if (await this.change("add", badge)) $(`${FIELD}new-tag, ${FIELD}new-comment`).val("");
  }

  /** Says first what has the name: there is no way back. */
  async #erase(): Promise<void> {
    const order = { holder: textIn(`${FIELD}holder`), pseudonyms: $(`${FIELD}pseudonyms`).is(":checked") };
    const said = $(`${FIELD}erased`).empty();
    if (order.holder.length < 2) {
      said.text(words("erase.short"));
      return;
    }
    const found = await this.change("eraseHolder", order);
    if (!found || textIn(`${FIELD}holder`) !== order.holder) return;
    said.text(String(found["text"]));
    if (Number(found["badges"]) + Number(found["sessions"]) + Number(found["entries"]) === 0) return;
    const sure = $("<button>").attr("type", "button").addClass("red-ui-button red-ui-button-small");
    sure.attr("id", "ev-authorization-erase-sure").text(words("erase.sure"));
    sure.on("click", () => {
      sure.prop("disabled", true);
      void this.change("eraseHolder", { ...order, apply: true }).then((done) => {
        if (done) said.text(String(done["text"]));
      });
    });
    said.append($("<div>").append(sure));
  }

  /** With a byte order mark, for spreadsheets. */
  #export(): void {
    const failed = ({ message }: FailurePage) => this.#problem(message);
    saveFile(`${this.#path}/badges.csv`, "badges.csv", "\uFEFF").catch(failed);
  }

  #show(page: AuthorizationPage | null): void {
    const state = JSON.stringify(page);
    const typing = $(`${FIELD}badges`).find(":focus").length > 0;
    if (state === this.#shown || typing) return;
    this.#shown = state;
    $(`${FIELD}undeployed`).toggle(page === null);
    $(`${FIELD}parts`).toggle(page !== null);
    if (!page) return;
    $(`${FIELD}count`).text(words("list.count", { count: page.count }));
    $(`${FIELD}learn`).toggleClass("selected", page.learning);
    $(`${FIELD}learn`).text(words(page.learning ? "list.learning" : "list.learn"));
    $(`${FIELD}undo`).prop("disabled", page.undo === null);
    this.#many.show(
      page.badges.map(({ idTag }) => idTag),
      page.badges.length === page.count,
    );
    const heads = ["", "idTag", "type", "comment", "expiryDate", "blocked", ""].map((key) => this.#head("list", key));
    const rows = page.badges.map((badge) => this.#row(badge));
    $(`${FIELD}badges`)
      .empty()
      .append($("<table>").addClass("ev-auth-table").append($("<tr>").append(heads), rows));
    this.#showTrace(page);
    this.#showLists(page);
  }

  #row(badge: Badge): JQuery {
    const { idTag } = badge;
    const edit = (change: object) => void this.change("edit", { idTag, ...change });
    const label = (key: string) => `${words(`list.${key}`)} ${idTag}`;
    const type = $("<select>").attr("aria-label", label("type"));
    for (const one of TYPES)
      type.append(
        $("<option>")
          .val(one)
          .text(words(`type.${one}`)),
      );
    type.val(badge.type).on("change", () => edit({ type: type.val() }));
    const comment = $("<input>").attr({ type: "text", "aria-label": label("comment") });
    comment.val(badge.comment).on("change", () => edit({ comment: String(comment.val() ?? "") }));
    const expiry = $("<input>").attr({ type: "date", "aria-label": label("expiryDate") });
    // A moment is shown by the day on which it lies here.
    const { expiryDate } = badge;
    expiry
      .val(expiryDate === null || expiryDate.length === 10 ? (expiryDate ?? "") : localDay(expiryDate))
      .on("change", () => edit({ expiryDate: String(expiry.val() ?? "") }));
    const blocked = $("<input>").attr({ type: "checkbox", "aria-label": label("blocked") });
    blocked.prop("checked", badge.blocked).on("change", () => edit({ blocked: blocked.is(":checked") }));
    const gone = $("<button>").attr({ type: "button", title: label("remove"), "aria-label": label("remove") });
    gone.addClass("red-ui-button red-ui-button-small").append($("<i>").addClass("fa fa-trash"));
    gone.on("click", () => void this.change("remove", idTag));
    const places = [...badge.chargePoints, ...badge.connectors, ...badge.zones];
    const tag = $("<code>").text(idTag);
    const where = places.length > 0 ? $("<div>").addClass("ev-note").text(places.join(", ")) : "";
    const chosen = this.#many.box(idTag, words("many.choose", { badge: idTag }));
    const cells = [chosen, $("<span>").append(tag, where), type, comment, expiry, blocked, gone];
    return $("<tr>").append(cells.map((cell) => $("<td>").append(cell)));
  }

  #showTrace({ trace }: AuthorizationPage): void {
    const heads = ["time", "chargePoint", "idTag", "status", "text"].map((key) => this.#head("trace", key));
    const rows = trace.map(({ ts, chargePoint, connector, idTag, status, text: why }) => {
      const place = connector > 0 ? `${chargePoint}/${connector}` : chargePoint;
      const cells = [new Date(ts).toLocaleString(), place, idTag, status, why];
      const row = $("<tr>").append(cells.map((cell) => $("<td>").text(cell)));
      return row.toggleClass("ev-auth-refused", status !== "Accepted");
    });
    const table = $("<table>").addClass("ev-auth-table").append($("<tr>").append(heads), rows);
    $(`${FIELD}trace`)
      .empty()
      .append(rows.length > 0 ? table : $("<div>").addClass("ev-note").text(words("trace.none")));
  }

  #showLists({ lists }: AuthorizationPage): void {
    const heads = ["chargePoint", "status", "version", "badges"].map((key) => this.#head("lists", key));
    const rows = lists.map(({ chargePoint, status, version, badges, text: why }) => {
      const cells = [chargePoint, words(`lists.${status}`), String(version ?? "–"), String(badges ?? "–")];
      return $("<tr>")
        .attr("title", why)
        .append(cells.map((cell) => $("<td>").text(cell)));
    });
    $(`${FIELD}lists`)
      .empty()
      .append($("<table>").addClass("ev-auth-table").append($("<tr>").append(heads), rows));
  }

  #head(part: string, key: string): JQuery {
    // A column of boxes or buttons has no name.
    return key === "" ? $("<td>") : $("<th>").text(words(`${part}.${key}`));
  }

  #problem(message: string): void {
    $(`${FIELD}problem`).text(message);
  }
}

function localDay(time: string): string {
  const at = new Date(time);
  return [at.getFullYear(), at.getMonth() + 1, at.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
}
