/** What crossed the wire, in the dialog of a central system. Frames are put into the page as text. */
import type { MessagesPage } from "../admin/types/central-system-page-types.ts";
import type { FailurePage } from "../admin/types/meter-page-types.ts";
import { ask, saveFile } from "./requests.ts";
import { wordsOf } from "./words.ts";

const words = wordsOf("ev-central-system");

type Message = MessagesPage["messages"][number];

const FILTERS = ["chargePoint", "action", "messageId", "text"] as const;
const FIELD = "#ev-central-system-messages-";
/** Typing is over when nothing was typed for so long, ms. */
const SETTLE_MS = 300;

/** The viewer of messages; asks when it is opened, when a filter changes, and on request. */
export class MessagesPanel {
  readonly #path: string;
  #asked = 0;
  #timer: number | undefined;

  constructor(id: string) {
    this.#path = `central-systems/${encodeURIComponent(id)}/messages`;
    $(`${FIELD}part`).on("toggle", () => this.#refresh());
    $(`${FIELD}refresh`).on("click", () => this.#refresh());
    for (const name of FILTERS) {
      $(`${FIELD}${name}`).on("input", () => {
        window.clearTimeout(this.#timer);
        this.#timer = window.setTimeout(() => this.#refresh(), SETTLE_MS);
      });
    }
    for (const format of ["json", "csv"]) $(`${FIELD}${format}`).on("click", () => this.#save(format));
  }

  close(): void {
    window.clearTimeout(this.#timer);
    this.#asked++;
  }

  #query(format = ""): string {
    const query = new URLSearchParams(FILTERS.map((name) => [name, String($(`${FIELD}${name}`).val() ?? "")]));
    if (format) query.set("format", format);
    return `${this.#path}?${query.toString()}`;
  }

  #refresh(): void {
    if (!$(`${FIELD}part`).prop("open")) return;
    const asked = ++this.#asked;
    ask<MessagesPage>("GET", this.#query()).then(
      ({ messages }) => {
        // An answer to an earlier question.
        if (asked === this.#asked) this.#show(messages);
      },
      ({ message }: FailurePage) => $(`${FIELD}list`).empty().text(message),
    );
  }

  #show(messages: Message[]): void {
    const list = $(`${FIELD}list`).empty();
    $(`${FIELD}count`).text(words("messages.count", { count: messages.length }));
    if (messages.length === 0) return;
    const rows = [...messages].reverse().flatMap((message) => this.#rows(message));
    list.append($("<table>").addClass("ev-cs-table").append(rows));
  }

  /** What it is, and below it the frame, which needs the width. */
  #rows({ ts, chargePoint, direction, action, kind, text }: Message): JQuery[] {
    const time = new Date(ts);
    const clock = time.toLocaleTimeString([], { hour12: false });
    const cells = [
      $("<td>")
        .text(`${clock}.${String(time.getMilliseconds()).padStart(3, "0")}`)
        .attr("title", ts),
      $("<td>").text(chargePoint),
      $("<td>").text(`${direction === "in" ? "→" : "←"} ${words(`messages.${direction}`)}`),
      $("<td>").text([action, words(`messages.${kind}`)].filter(Boolean).join(" · ")),
    ];
    const head = $("<tr>").addClass(`ev-cs-head ev-cs-${kind}`).append(cells);
    const frame = $("<td>").attr("colspan", cells.length).append($("<code>").text(text));
    return [head, $("<tr>").addClass(`ev-cs-frame ev-cs-${kind}`).append(frame)];
  }

  #save(format: string): void {
    saveFile(this.#query(format), `ocpp-messages.${format}`).catch(({ message }: FailurePage) =>
      $(`${FIELD}count`).text(message),
    );
  }
}
