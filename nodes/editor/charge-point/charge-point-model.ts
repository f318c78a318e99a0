/**
 * The model part of a charge point's dialog: what is known of the charger, where from, and what to set on it. Everything that a
 * charger or a file says is put into the page as text, never as markup.
 */
import { resolveTraits } from "../../../lib/station/capabilities/models/resolve.ts";
import type { TraitView } from "../../../lib/station/capabilities/models/types.ts";
import type { ChargePointPage, ModelPage, ModelsPage } from "../../admin/types/charge-point-page-types.ts";
import { Commissioning, type Installed } from "../commissioning.ts";
import { marked } from "../looks.ts";
import { ask } from "../requests.ts";
import { WiringProof } from "../wiring-proof.ts";
import { wordsOf } from "../words.ts";
import { showLive } from "./charge-point-live.ts";
import { OverrideList, shown } from "./override-list.ts";

const words = wordsOf("ev-charge-point");
const BASE = "#ev-charge-point-model";
/** How often the live line is read while the dialog is open, ms. */
const REFRESH_MS = 3000;
/** As the standard has it. */
const DEFAULTS = new Map(
  resolveTraits(null)
    .views()
    .map(({ path, value }) => [path, value]),
);

export interface ModelPanelOptions {
  /** As deployed; empty for a new charge point. */
  identity: string;
  model: string;
  overrides: Record<string, unknown>;
  /** Ids of the ticked steps. */
  commissioned: readonly string[];
  /** What stands in the rest of the dialog. */
  installed: () => Installed;
  /** Numbers of the connectors, as deployed. */
  connectors: readonly number[];
  /** Takes over a rotation that was proven. */
  onRotation: (connector: number, rotation: string) => boolean;
  /** Called whenever another model holds. */
  onModel: (model: ModelPage | null) => void;
}

/** One open dialog. `close` ends its timer; the editor calls it through oneditsave, oneditcancel and oneditdelete. */
export class ModelPanel {
  readonly #options: ModelPanelOptions;
  readonly #overrides: OverrideList;
  readonly #commissioning: Commissioning;
  readonly #proofs: WiringProof[];
  #models: ModelsPage = { models: [] };
  #live: ChargePointPage | null = null;
  #timer: number | undefined;

  constructor(options: ModelPanelOptions) {
    this.#options = options;
    const { model, overrides, commissioned } = options;
    this.#commissioning = new Commissioning(commissioned, () => this.showSteps());
    this.#proofs = options.identity ? options.connectors.map((number) => this.#proof(number)) : [];
    const select = $("#node-config-input-model");
    select.empty().append(
      $("<option>")
        .val(model)
        .text(model === "auto" ? words("model.auto") : model),
    );
    select.val(model).on("change", () => this.#show());
    $(`${BASE}-all`).on("change", () => this.#showTraits());
    this.#overrides = new OverrideList(overrides, {
      held: (path) => this.#effective().find((view) => view.path === path)?.value,
      onChange: () => this.#showTraits(),
    });
    void ask<ModelsPage>("GET", "charge-point-models").then(
      (models) => {
        this.#models = models;
        this.#fillSelect(String(select.val() ?? model));
        this.#show();
      },
      ({ message }) => $(`${BASE}-live`).empty().append($("<div>").addClass("ev-problem").text(message)),
    );
    this.#refresh();
    this.#timer = window.setInterval(() => this.#refresh(), REFRESH_MS);
  }

  close(): void {
    this.#endRefresh();
    for (const proof of this.#proofs) proof.close();
  }

  overrides(): Record<string, unknown> {
    return this.#overrides.values;
  }

  commissioned(): string[] {
    return this.#commissioning.done;
  }

  /** Draws the check-list anew, with what stands in the rest of the dialog. */
  showSteps(): void {
    const model = this.#model();
    const { installed } = this.#options;
    const list = $(`${BASE}-steps ol`);
    const focused = list.find(":focus").attr("data-step");
    const { all, done } = this.#commissioning.show(list, model, installed());
    // Whoever goes through the list by keyboard stays where he is.
    if (focused) list.find(`[data-step="${focused}"]`).trigger("focus");
    $(`${BASE}-steps-count`).text(words("steps.count", { done, all }));
    const notes = $(`${BASE}-notes`).empty();
    const note = (key: string, text: string | null) => {
      if (text) notes.append($("<dt>").text(words(`notes.${key}`)), $("<dd>").append(marked(text)));
    };
    if (!model) return;
    note("fallback", model.nativeFallback);
    note("refusal", model.hintOnRefusal);
    note("sources", words(`confidence.${model.confidence}`));
    notes.append($("<dd>").append($("<ul>").append(model.sources.map((source) => $("<li>").text(source)))));
  }

  #endRefresh(): void {
    window.clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** Proves the wiring of a connector; what is right is ticked. */
  #proof(number: number): WiringProof {
    const { identity, onRotation } = this.#options;
    const proof = new WiringProof({
      target: `${identity}/${number}`,
      apply: (rotation) => onRotation(number, rotation),
      onResult: ({ findings }) => {
        const isRight = (one: string) => findings.some(({ aspect, verdict }) => aspect === one && verdict === "right");
        if (isRight("rotation") && isRight("chargerRotation")) this.#commissioning.tick("rotation");
        if (isRight("chargerMaximum")) this.#commissioning.tick("maximum");
      },
    });
    const summary = $("<summary>").text(words("proof.title", { connector: number }));
    const fold = $("<details>").append(summary, proof.element).appendTo(`${BASE}-proofs`);
    fold.on("toggle", () => (fold.prop("open") ? proof.load() : proof.close()));
    return proof;
  }

  #refresh(): void {
    const { identity } = this.#options;
    if (!identity) {
      this.#showLive();
      return;
    }
    ask<ChargePointPage | null>("GET", `charge-points/${encodeURIComponent(identity)}`).then(
      (page) => {
        // It is not deployed under this identity: asking again tells nothing new.
        if (page === null) this.#endRefresh();
        const before = this.#live;
        this.#live = page;
        if (JSON.stringify(holding(before)) === JSON.stringify(holding(page))) this.#showLive();
        else this.#show();
      },
      // Node-RED is away for a moment; what was known stays.
      () => this.#showLive(),
    );
  }

  #fillSelect(chosen: string): void {
    const select = $("#node-config-input-model").empty();
    const option = (id: string, name: string) => $("<option>").val(id).text(name);
    select.append(option("auto", words("model.auto")));
    const named = [...this.#models.models].sort((a, b) => a.name.localeCompare(b.name));
    if (chosen !== "auto" && !named.some(({ id }) => id === chosen)) select.append(option(chosen, chosen));
    for (const generic of [false, true]) {
      const group = $("<optgroup>").attr("label", words(generic ? "model.kinds" : "model.models"));
      for (const { id, name } of named) if (id.startsWith("generic") === generic) group.append(option(id, name));
      select.append(group);
    }
    select.val(chosen);
  }

  get #isAuto(): boolean {
    return ($("#node-config-input-model").val() ?? "auto") === "auto";
  }

  /** The chosen model; with `auto` the one that the charger's answers fit. */
  #model(): ModelPage | null {
    const id = this.#isAuto ? this.#live?.matched?.id : String($("#node-config-input-model").val());
    return this.#models.models.find((model) => model.id === id) ?? null;
  }

  #show(): void {
    this.#showLive();
    this.#showTraits();
    this.showSteps();
    this.#options.onModel(this.#model());
  }

  #showLive(): void {
    showLive($(`${BASE}-live`), this.#live, this.#isAuto);
  }

  #showTraits(): void {
    const table = $(`${BASE}-traits tbody`).empty();
    const effective = this.#effective();
    const all = $(`${BASE}-all`).prop("checked") === true;
    const different = effective.filter(
      ({ path, value, source }) => source === "user" || JSON.stringify(DEFAULTS.get(path)) !== JSON.stringify(value),
    );
    for (const view of [...(all ? effective : different), ...(this.#live?.facts ?? [])])
      table.append(this.#traitRow(view));
    $(`${BASE}-traits`).toggle(table.children().length > 0);
    $(`${BASE}-none`).toggle(table.children().length === 0);
    $(`${BASE}-count`).text(words("traits.count", { different: different.length, all: effective.length }));
  }

  /** As the runtime resolves them, with the model and the own values of the dialog. The list of own values may not be there yet. */
  #effective(): TraitView[] {
    return resolveTraits(this.#model(), this.#live?.learnt, this.#overrides?.patch ?? {}).views();
  }

  #traitRow({ path, value, source, note }: TraitView): JQuery {
    const name = $("<td>").append($("<div>").text(words(`trait.${path}`)), $("<code>").text(path));
    const badge = $("<span>")
      .addClass(`ev-source ev-${source}`)
      .text(words(`source.${source}`));
    const origin = $("<td>").append(badge);
    if (source === "learnt" && note) origin.append($("<div>").addClass("ev-note").text(localTimes(note)));
    else if (note) badge.attr("title", note);
    return $("<tr>").append(name, $("<td>").text(shown(value)), origin);
  }
}

/** What the table of traits is made of. */
function holding(page: ChargePointPage | null): unknown {
  return page && [page.learnt, page.facts, page.matched];
}

/** ISO times in a text as the reader's clock shows them. */
function localTimes(text: string): string {
  return text.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, (time) => new Date(time).toLocaleString());
}
