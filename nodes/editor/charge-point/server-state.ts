/** Whether a central system listens, and who is connected; and whether it could listen where the dialog says. */
import type { CentralSystemPage } from "../../admin/types/central-system-page-types.ts";
import type { PortCheckPage } from "../../admin/types/dialog-page-types.ts";
import { textIn } from "../fields.ts";
import { ask } from "../requests.ts";
import { wordsOf } from "../words.ts";

const words = wordsOf("ev-central-system");
const FIELD = "#node-config-input-";
/** So many identities are named. */
const MOST_NAMED = 8;

/** One open dialog. */
export class ServerState {
  readonly #id: string;
  #shown = "";

  /** @param id of the central system's node */
  constructor(id: string) {
    this.#id = id;
    $("#ev-central-system-check").on("click", () => void this.#check());
    $(`${FIELD}port`).on("input", () => $("#ev-central-system-checked").empty());
  }

  /** Shows how the deployed one does; null = it is not deployed. */
  show(page: CentralSystemPage | null): void {
    const text = JSON.stringify([page?.state, page?.online]);
    if (text === this.#shown) return;
    this.#shown = text;
    const box = $("#ev-central-system-state").empty();
    if (!page) return;
    const { state, online } = page;
    const isFine = state.kind === "listening";
    const sentence = isFine
      ? state.port === null
        ? words("server.onEditor")
        : words("server.listens", { port: state.port })
      : state.kind === "failed"
        ? words("server.failed", { why: state.message })
        : words("server.starting");
    const dot = $("<i>").addClass(`fa fa-circle ${isFine ? "ev-fine" : "ev-wrong"}`);
    box.append($("<p>").append(dot, document.createTextNode(` ${sentence}`)));
    if (isFine) box.append($("<p>").text(this.#connected(online)));
  }

  #connected(online: readonly string[]): string {
    if (online.length === 0) return words("server.nobody");
    const named = online.slice(0, MOST_NAMED).join(", ");
    const more = online.length > MOST_NAMED ? " …" : "";
    return words("server.connected", { count: online.length, names: `${named}${more}` });
  }

  async #check(): Promise<void> {
    const box = $("#ev-central-system-checked").empty().removeClass("ev-wrong ev-fine");
    const text = (name: string) => textIn(FIELD + name);
    const port = text("port");
    if (port === "") {
      box.text(words("check.editor"));
      return;
    }
    try {
      const page = await ask<PortCheckPage>("POST", "port-checks", { id: this.#id, host: text("host"), port });
      box.text(this.#told(page, port)).addClass(page.state === "free" || page.state === "own" ? "ev-fine" : "ev-wrong");
    } catch (failure) {
      box.text((failure as { message: string }).message).addClass("ev-wrong");
    }
  }

  #told(page: PortCheckPage, port: string): string {
    if (page.state === "other") return words("check.other", { port, by: page.by });
    if (page.state !== "refused") return words(`check.${page.state}`, { port });
    const known = words(`check.${page.code}`, { port });
    return known.endsWith(`check.${page.code}`) ? words("check.refused", { port, code: page.code }) : known;
  }
}
