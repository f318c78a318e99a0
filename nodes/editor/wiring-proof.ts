/** A part of a page on which the wiring of one connector is proven. What comes from the runtime is put into the page as text. */
import type { FindingView, ResultView } from "../../lib/commissioning/view-types.ts";
import type { CommissioningPage } from "../admin/types/commissioning-page-types.ts";
import type { FailurePage } from "../admin/types/meter-page-types.ts";
import { ask } from "./requests.ts";

/** How often a run is looked at, ms. */
const LOOK_MS = 2000;
const FIELDS = { fieldUnknown: "", fieldRight: "right", fieldLeft: "left" } as const;
const SIGNS: Readonly<Record<FindingView["verdict"], string>> = { right: "✓", wrong: "✗", unsure: "?" };

export interface WiringProofOptions {
  /** `CP1/1`. */
  target: string;
  /** Takes over what was proven, and says whether the connector was there; null = it cannot be taken over here. */
  apply: ((rotation: string) => boolean) | null;
  /** Called with each result that a run at this place has brought. */
  onResult?: (result: ResultView) => void;
}

/** One connector. `close` ends its timer. */
export class WiringProof {
  readonly element = $("<div>").addClass("ev-proof");
  readonly #options: WiringProofOptions;
  readonly #field = $("<select>");
  #timer: number | undefined;
  #wasRunning = false;
  #said = "";
  #isOpen = false;
  #isSending = false;

  constructor(options: WiringProofOptions) {
    this.#options = options;
  }

  /** Asks how far it is, and goes on while a run is under way, until it is closed. */
  load(): void {
    this.#isOpen = true;
    this.#look();
  }

  #look(): void {
    const { target } = this.#options;
    ask<CommissioningPage>("GET", `commissioning?target=${encodeURIComponent(target)}`).then(
      (page) => this.#show(page),
      (failure: FailurePage) => this.#fail(failure),
    );
  }

  close(): void {
    this.#isOpen = false;
    window.clearTimeout(this.#timer);
    this.#timer = undefined;
    this.element.empty();
  }

  #send(name: "start" | "abort"): void {
    if (this.#isSending) return;
    this.#isSending = true;
    const { target } = this.#options;
    this.#said = "";
    const field = String(this.#field.val() ?? "");
    ask<CommissioningPage>("POST", "commissioning", { name, target, field })
      .then(
        (page) => this.#show(page),
        (failure: FailurePage) => {
          this.#said = failure.message;
          this.#look();
        },
      )
      .finally(() => {
        this.#isSending = false;
      });
  }

  #show({ running, result, words }: CommissioningPage): void {
    // What was asked before it was closed is answered after it.
    if (!this.#isOpen) return;
    const { target, onResult } = this.#options;
    const isRunning = running?.target === target;
    if (this.#wasRunning && !isRunning && result) onResult?.(result);
    this.#wasRunning = isRunning;
    const word = (key: string, values: Record<string, string | number> = {}) =>
      (words[key] ?? "").replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
    const focused = this.element.find(":focus").attr("data-act");
    this.element.empty();
    if (isRunning) {
      const percent = Math.round((running?.progress ?? 0) * 100);
      this.element.append($("<div>").attr("role", "status").text(word("running", { percent })));
      this.element.append(this.#button("abort", word("abort"), () => this.#send("abort")));
    } else {
      this.element.append($("<div>").addClass("ev-note").text(word("note")), this.#start(word));
      if (this.#said) this.element.append($("<div>").addClass("ev-problem").attr("role", "status").text(this.#said));
      if (result) this.element.append(this.#result(result, word));
    }
    if (focused) this.element.find("button").first().trigger("focus");
    window.clearTimeout(this.#timer);
    if (isRunning) this.#timer = window.setTimeout(() => this.#look(), LOOK_MS);
  }

  #start(word: Word): JQuery {
    const chosen = String(this.#field.val() ?? "");
    this.#field.empty().attr("aria-label", word("field"));
    for (const [key, value] of Object.entries(FIELDS)) this.#field.append($("<option>").val(value).text(word(key)));
    this.#field.val(chosen);
    const label = $("<label>").append($("<span>").text(`${word("field")} `), this.#field);
    const start = this.#button("start", word("start"), () => this.#send("start"));
    start.prop("disabled", !RED.user.hasPermission("ev-charging.write"));
    return $("<div>").append(label, " ", start);
  }

  #result({ text, started, rotation, configured, findings }: ResultView, word: Word): JQuery {
    const { apply } = this.#options;
    const box = $("<div>");
    const time = new Date(started).toLocaleString();
    box.append($("<div>").text(`${word("last", { time })}: ${text}`));
    const list = $("<ul>").addClass("ev-proof-findings").appendTo(box);
    for (const { verdict, text: seen, cure } of findings) {
      const line = $("<li>")
        .attr("data-verdict", verdict)
        .append($("<span>").text(`${SIGNS[verdict]} ${seen}`));
      if (cure) line.append($("<div>").addClass("ev-note").text(cure));
      list.append(line);
    }
    if (apply && RED.user.hasPermission("flows.write") && rotation !== null && rotation !== configured.rotation)
      box.append(
        this.#button("apply", word("apply", { rotation }), () => {
          this.#said = word(apply(rotation) ? "applied" : "notApplied");
          this.#look();
        }),
      );
    return box;
  }

  #button(act: string, text: string, press: () => void): JQuery {
    const made = $("<button>").attr({ type: "button", "data-act": act }).addClass("red-ui-button red-ui-button-small");
    return made.text(text).on("click", press);
  }

  #fail({ message }: FailurePage): void {
    if (this.#isOpen) this.element.empty().append($("<div>").addClass("ev-problem").text(message));
  }
}

type Word = (key: string, values?: Record<string, string | number>) => string;
