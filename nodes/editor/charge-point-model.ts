/**
 * The model part of a charge point's dialog: what is known of the charger, where from, and what to set on it. Everything that a
 * charger or a file says is put into the page as text, never as markup.
 */

import { typedValue } from "../../lib/station/models/overrides.ts";
import { CLAIMED } from "../../lib/station/models/resolve.ts";
import { isTraitPath, TRAIT_PATHS, traitProblem } from "../../lib/station/models/rules.ts";
import type {
  ChargePointPage,
  ConnectorPage,
  LimitPage,
  ModelPage,
  ModelsPage,
} from "../shared/charge-point-page-types.ts";

type View = ModelPage["traits"][number];
type Words = (key: string, values?: Record<string, unknown>) => string;
type Row = { path?: string; value?: unknown };

const BASE = "#ev-charge-point-model";
const LIST = "#ev-charge-point-overrides";
/** How often the live line is read while the dialog is open, ms. */
const REFRESH_MS = 3000;

/** One open dialog. `close` ends its timer; the editor calls it through oneditsave, oneditcancel and oneditdelete. */
export class ModelPanel {
  readonly #words: Words;
  readonly #identity: string;
  #models: ModelsPage = { defaults: [], models: [] };
  #live: ChargePointPage | null = null;
  #timer: number | undefined;

  constructor(words: Words, identity: string, model: string, overrides: Record<string, unknown>) {
    this.#words = words;
    this.#identity = identity;
    const select = $("#node-config-input-model");
    select.empty().append(
      $("<option>")
        .val(model)
        .text(model === "auto" ? words("model.auto") : model),
    );
    select.val(model).on("change", () => this.#show());
    this.#fillOverrides(overrides);
    void $.getJSON("ev-charging/charge-point-models").then((models: ModelsPage) => {
      this.#models = models;
      this.#fillSelect(String(select.val() ?? model));
      this.#show();
    });
    this.#refresh();
    this.#timer = window.setInterval(() => this.#refresh(), REFRESH_MS);
  }

  close(): void {
    window.clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** What stands in the list: by path, in the type of each trait; what cannot be read stays as typed, so that the deploy names it. */
  overrides(): Record<string, unknown> {
    const entries = this.#rows().map(({ path, written }) => [
      path,
      isTraitPath(path) ? typedValue(path, written) : written,
    ]);
    return Object.fromEntries(entries) as Record<string, unknown>;
  }

  #rows(): { path: string; written: string; line: JQuery }[] {
    const items = $(LIST).editableList("items").toArray();
    return items.map((item) => {
      const line = $(item);
      const text = (name: string) => String(line.find(`[data-column="${name}"]`).val() ?? "").trim();
      return { path: text("path"), written: text("value"), line };
    });
  }

  #refresh(): void {
    if (!this.#identity) {
      this.#showLive();
      return;
    }
    void $.getJSON(`ev-charging/charge-points/${encodeURIComponent(this.#identity)}`).then(
      (page: ChargePointPage) => {
        const changed = JSON.stringify(page.traits) !== JSON.stringify(this.#live?.traits);
        this.#live = page;
        if (changed) this.#show();
        else this.#showLive();
      },
      ({ status }: { status: number }) => {
        // It is not deployed under this identity: asking again tells nothing new.
        if (status === 404) this.close();
        this.#showLive();
      },
    );
  }

  #fillSelect(chosen: string): void {
    const select = $("#node-config-input-model").empty();
    const option = (id: string, name: string) => $("<option>").val(id).text(name);
    select.append(option("auto", this.#words("model.auto")));
    const named = [...this.#models.models].sort((a, b) => a.name.localeCompare(b.name));
    if (chosen !== "auto" && !named.some(({ id }) => id === chosen)) select.append(option(chosen, chosen));
    for (const generic of [false, true]) {
      const group = $("<optgroup>").attr("label", this.#words(generic ? "model.kinds" : "model.models"));
      for (const { id, name } of named) if (id.startsWith("generic") === generic) group.append(option(id, name));
      select.append(group);
    }
    select.val(chosen);
  }

  /** The chosen model; with `auto` the one that the charger's answers fit. */
  #model(): ModelPage | null {
    const chosen = String($("#node-config-input-model").val() ?? "auto");
    const id = chosen === "auto" ? this.#live?.matched?.id : chosen;
    return this.#models.models.find((model) => model.id === id) ?? null;
  }

  #show(): void {
    const model = this.#model();
    this.#showLive();
    this.#showTraits(model);
    this.#showSteps(model);
  }

  #showLive(): void {
    const box = $(`${BASE}-live`).empty();
    const live = this.#live;
    const line = (text: string) => box.append($("<div>").append(marked(text)));
    if (!live) {
      line(this.#words("live.unknown"));
      return;
    }
    const dot = $("<i>")
      .addClass("fa fa-circle")
      .addClass(live.online ? "ev-online" : "ev-offline");
    const said = [live.vendor, live.model].filter(Boolean).join(" ");
    const parts = [
      this.#words(`live.state.${live.state}`),
      said || this.#words("live.saysNothing"),
      live.firmware && this.#words("live.firmware", { firmware: live.firmware }),
    ];
    box.append($("<div>").append(dot, document.createTextNode(` ${parts.filter(Boolean).join(" · ")}`)));
    if ($("#node-config-input-model").val() === "auto") {
      line(live.matched ? this.#words("live.matched", { name: live.matched.name }) : this.#words("live.unmatched"));
    }
    if (live.pendingReboot.length > 0) line(this.#words("live.reboot", { keys: live.pendingReboot.join(", ") }));
    for (const connector of live.connectors) line(this.#connectorLine(connector));
  }

  #connectorLine({ connector, status, measuredA, limit }: ConnectorPage): string {
    const parts = [
      this.#words("live.connector", { number: connector }),
      status ?? this.#words("live.noStatus"),
      measuredA && this.#words("live.measured", { amps: measuredA.map(amps).join(" / ") }),
      limit && this.#limitText(limit),
    ];
    return parts.filter(Boolean).join(" · ");
  }

  #limitText({
    requestedA,
    sentA,
    acceptedA,
    verified,
    leaseUntil,
    hint,
    way,
    trouble,
    writesToday,
  }: LimitPage): string {
    const asked = requestedA !== null && this.#words("live.limit.asked", { amps: amps(requestedA) });
    const sent = sentA !== null && this.#words("live.limit.sent", { amps: amps(sentA) });
    const limit = acceptedA === null ? "" : this.#words(`live.limit.${verified}`, { amps: amps(acceptedA) });
    const until = leaseUntil && this.#words("live.limit.until", { until: new Date(leaseUntil).toLocaleTimeString() });
    const parts = [
      [asked, sent].filter(Boolean).join(", "),
      [limit, until].filter(Boolean).join(" "),
      way,
      writesToday > 0 && this.#words("live.limit.writes", { writes: writesToday }),
      trouble && [this.#words(`live.trouble.${trouble}`), hint].filter(Boolean).join(": "),
    ];
    return parts.filter(Boolean).join(" · ");
  }

  #showTraits(model: ModelPage | null): void {
    const table = $(`${BASE}-traits tbody`).empty();
    const effective = this.#effective(model);
    const all = $(`${BASE}-all`).prop("checked") === true;
    const different = effective.filter((view) => view.source === "user" || this.#departs(view));
    const facts = this.#live?.facts ?? [];
    for (const view of [...(all ? effective : different), ...facts]) table.append(this.#traitRow(view));
    $(`${BASE}-traits`).toggle(table.children().length > 0);
    $(`${BASE}-none`).toggle(table.children().length === 0);
    $(`${BASE}-count`).text(this.#words("traits.count", { different: different.length, all: effective.length }));
    $(`${BASE}-all`)
      .off("change.ev")
      .on("change.ev", () => this.#showTraits(this.#model()));
  }

  #departs({ path, value }: View): boolean {
    const standard = this.#models.defaults.find((view) => view.path === path);
    return JSON.stringify(standard?.value) !== JSON.stringify(value);
  }

  /** default ← claimed ← model ← learnt ← what stands in the list, as the runtime lays them. */
  #effective(model: ModelPage | null): View[] {
    const byPath = (views: readonly View[]) => new Map(views.map((view) => [view.path, view]));
    const learnt = byPath((this.#live?.traits ?? []).filter(({ source }) => source === "learnt"));
    const own = byPath(model?.traits ?? []);
    const typed = this.overrides();
    return this.#models.defaults.map((view) => {
      const { path } = view;
      if (isTraitPath(path) && path in typed && traitProblem(path, typed[path]) === null)
        return { path, value: typed[path], source: "user", note: null };
      const seen = learnt.get(path);
      const said = own.get(path);
      return (seen?.note?.startsWith(CLAIMED) ? (said ?? seen) : (seen ?? said)) ?? view;
    });
  }

  #traitRow({ path, value, source, note }: View): JQuery {
    const name = $("<td>").append($("<div>").text(this.#words(`trait.${path}`)), $("<code>").text(path));
    const badge = $("<span>")
      .addClass(`ev-source ev-${source}`)
      .text(this.#words(`source.${source}`));
    const origin = $("<td>").append(badge);
    if (source === "learnt" && note) origin.append($("<div>").addClass("ev-note").text(localTimes(note)));
    else if (note) badge.attr("title", note);
    return $("<tr>").append(name, $("<td>").text(shown(value)), origin);
  }

  #showSteps(model: ModelPage | null): void {
    $(`${BASE}-steps`).toggle(model !== null);
    if (!model) return;
    $(`${BASE}-steps-count`).text(String(model.commissioning.length));
    const list = $(`${BASE}-steps ol`).empty();
    for (const { text, why } of model.commissioning)
      list.append($("<li>").append($("<div>").append(marked(text)), $("<div>").addClass("ev-note").text(why)));
    const notes = $(`${BASE}-notes`).empty();
    const note = (key: string, text: string | null) => {
      if (text) notes.append($("<dt>").text(this.#words(`notes.${key}`)), $("<dd>").append(marked(text)));
    };
    note("fallback", model.nativeFallback);
    note("refusal", model.hintOnRefusal);
    note("sources", this.#words(`confidence.${model.confidence}`));
    const sources = $("<ul>").append(model.sources.map((source) => $("<li>").text(source)));
    notes.append($("<dd>").append(sources));
  }

  #fillOverrides(overrides: Record<string, unknown>): void {
    $(LIST).editableList<Row>({
      removable: true,
      sortable: false,
      height: "auto",
      addItem: (container, _index, row) => this.#overrideLine(container, row),
      removeItem: () => this.#show(),
    });
    for (const [path, value] of Object.entries(overrides)) $(LIST).editableList<Row>("addItem", { path, value });
  }

  #overrideLine(container: JQuery, row: Row): void {
    const path = $("<select>").attr({ "data-column": "path", "aria-label": this.#words("overrides.path") });
    const chosen = row.path ?? "smart.stackMax";
    for (const known of new Set([...TRAIT_PATHS, chosen])) {
      const text = isTraitPath(known) ? `${this.#words(`trait.${known}`)} (${known})` : known;
      path.append($("<option>").val(known).text(text));
    }
    const value = $("<input>").attr({
      type: "text",
      "data-column": "value",
      "aria-label": this.#words("overrides.value"),
    });
    const problem = $("<div>").addClass("ev-note ev-problem");
    path.val(chosen).css({ width: "58%" });
    value.val(row.value === undefined ? this.#initial(chosen) : shown(row.value)).css({ width: "40%" });
    const check = () => {
      const { mustBe } = problemOf(String(path.val()), String(value.val()));
      value.toggleClass("input-error", mustBe !== null);
      problem.text(mustBe === null ? "" : this.#words("overrides.mustBe", { mustBe }));
      this.#show();
    };
    path.on("change", () => {
      value.val(this.#initial(String(path.val())));
      check();
    });
    value.on("input", check);
    container.append($("<div>").css({ display: "flex", gap: "2%" }).append(path, value), problem);
    window.setTimeout(check, 0);
  }

  /** A new line starts from what holds now. */
  #initial(path: string): string {
    const held = this.#effective(this.#model()).find((view) => view.path === path);
    return held ? shown(held.value) : "";
  }
}

/** ISO times in a text as the reader's clock shows them. */
function localTimes(text: string): string {
  return text.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, (time) => new Date(time).toLocaleString());
}

function amps(value: number | null): string {
  return value === null ? "–" : String(Math.round(value * 10) / 10);
}

/** A value as people write it: a text without quotes, a list with commas. */
function shown(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? "[]" : value.join(", ");
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}

function problemOf(path: string, written: string): { mustBe: string | null } {
  if (!isTraitPath(path)) return { mustBe: "one of the list" };
  return { mustBe: traitProblem(path, typedValue(path, written)) };
}

/** What stands between backticks is a word of the charger's own pages. */
function marked(text: string): (Text | JQuery)[] {
  return text.split("`").map((part, i) => (i % 2 === 1 ? $("<code>").text(part) : document.createTextNode(part)));
}
