/** What is to be set on a charger itself, as a list that people tick off. */
import { FIRST_STEPS, type GeneralStep, LAST_STEPS, stepId } from "../../lib/commissioning/handover/steps.ts";
import type { ModelPage } from "../admin/types/charge-point-page-types.ts";
import { marked } from "./looks.ts";
import { wordsOf } from "./words.ts";

const words = wordsOf("ev-charge-point");

interface Step {
  id: string;
  text: string;
  why: string;
}

/** The values of the dialog that stand in the steps. */
export interface Installed {
  /** A, the largest of the connectors. */
  maxA: string;
  /** A, what it falls back to. */
  safeA: string;
  /** As the connectors are wired: `RST`. */
  rotation: string;
}

/** One open list. `done` holds the ids of ticked steps, those of other models too. */
export class Commissioning {
  readonly #onTick: () => void;
  readonly #done: Set<string>;

  constructor(done: readonly string[], onTick: () => void) {
    this.#done = new Set(done);
    this.#onTick = onTick;
  }

  /** Ids of the ticked steps. */
  get done(): string[] {
    return [...this.#done];
  }

  /** Ticks steps that something has proven. */
  tick(...ids: GeneralStep[]): void {
    for (const id of ids) this.#done.add(id);
    this.#onTick();
  }

  /** Draws the steps of a model (null = those that hold for any) anew. @returns how many there are, and how many are ticked */
  show(box: JQuery, model: ModelPage | null, installed: Installed): { all: number; done: number } {
    const general = (names: readonly string[]): Step[] =>
      names.map((name) => {
        const text = words(`step.${name}.text`, { ...installed });
        return { id: name, text, why: words(`step.${name}.why`, { ...installed }) };
      });
    const own = (model?.commissioning ?? []).map(({ text, why }): Step => ({ id: stepId(text), text, why }));
    const steps = [...general(FIRST_STEPS), ...own, ...general(LAST_STEPS)];
    box.empty().append(steps.map((step) => this.#line(step)));
    return { all: steps.length, done: steps.filter(({ id }) => this.#done.has(id)).length };
  }

  #line({ id, text, why }: Step): JQuery {
    const words = $("<span>").append(marked(text)).toggleClass("ev-done", this.#done.has(id));
    const tick = $("<input>").attr({ type: "checkbox", "data-step": id }).prop("checked", this.#done.has(id));
    tick.on("change", () => {
      if (tick.prop("checked")) this.#done.add(id);
      else this.#done.delete(id);
      words.toggleClass("ev-done", this.#done.has(id));
      this.#onTick();
    });
    return $("<li>").append($("<label>").append(tick, words), $("<span>").addClass("ev-note").text(why));
  }
}
