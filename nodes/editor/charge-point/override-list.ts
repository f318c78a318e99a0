/** The list of own values in a charge point's dialog: single traits that overrule all others. */
import { readOverrides, typedValue } from "../../../lib/station/capabilities/models/overrides.ts";
import { isTraitPath, TRAIT_PATHS, traitProblem } from "../../../lib/station/capabilities/models/rules.ts";
import type { TraitPatch } from "../../../lib/station/capabilities/models/types.ts";
import { wordsOf } from "../words.ts";

type Row = { path?: string; value?: unknown };

const words = wordsOf("ev-charge-point");
const LIST = "#ev-charge-point-overrides";

interface OverrideListOptions {
  /** What holds for a path now: a new line starts from it. */
  held: (path: string) => unknown;
  onChange: () => void;
}

/** One open list. */
export class OverrideList {
  readonly #options: OverrideListOptions;

  constructor(overrides: Record<string, unknown>, options: OverrideListOptions) {
    this.#options = options;
    $(LIST).editableList<Row>({
      removable: true,
      sortable: false,
      height: "auto",
      addItem: (container, _index, row) => this.#line(container, row),
      removeItem: () => options.onChange(),
    });
    for (const [path, value] of Object.entries(overrides)) $(LIST).editableList<Row>("addItem", { path, value });
  }

  /** What stands in the list: by path, in the type of each trait; what cannot be read stays as typed, so that the deploy names it. */
  get values(): Record<string, unknown> {
    return Object.fromEntries(
      this.#rows().map(({ path, written }) => [path, isTraitPath(path) ? typedValue(path, written) : written]),
    );
  }

  /** As much of it as can be read. */
  get patch(): TraitPatch {
    const usable = Object.entries(this.values).filter(
      ([path, value]) => isTraitPath(path) && traitProblem(path, value) === null,
    );
    return readOverrides(Object.fromEntries(usable)).patch ?? {};
  }

  #rows(): { path: string; written: string }[] {
    const items = $(LIST).editableList("items").toArray();
    return items.map((item) => {
      const text = (name: string) => String($(item).find(`[data-column="${name}"]`).val() ?? "").trim();
      return { path: text("path"), written: text("value") };
    });
  }

  #line(container: JQuery, row: Row): void {
    const { held, onChange } = this.#options;
    const path = $("<select>").attr({ "data-column": "path", "aria-label": words("overrides.path") });
    const chosen = row.path ?? "smart.stackMax";
    for (const known of new Set([...TRAIT_PATHS, chosen])) {
      const text = isTraitPath(known) ? `${words(`trait.${known}`)} (${known})` : known;
      path.append($("<option>").val(known).text(text));
    }
    const value = $("<input>").attr({ type: "text", "data-column": "value", "aria-label": words("overrides.value") });
    const problem = $("<div>").addClass("ev-note ev-problem");
    path.val(chosen).css({ width: "58%" });
    value.val(shown(row.value === undefined ? held(chosen) : row.value)).css({ width: "40%" });
    const check = () => {
      const { mustBe } = problemOf(String(path.val()), String(value.val()));
      value.toggleClass("input-error", mustBe !== null);
      problem.text(mustBe === null ? "" : words("overrides.mustBe", { mustBe }));
      onChange();
    };
    path.on("change", () => {
      value.val(shown(held(String(path.val()))));
      check();
    });
    value.on("input", check);
    container.append($("<div>").css({ display: "flex", gap: "2%" }).append(path, value), problem);
    window.setTimeout(check, 0);
  }
}

/** A value as people write it: a text without quotes, a list with commas. */
export function shown(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? "[]" : value.join(", ");
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}

function problemOf(path: string, written: string): { mustBe: string | null } {
  if (!isTraitPath(path)) return { mustBe: "one of the list" };
  return { mustBe: traitProblem(path, typedValue(path, written)) };
}
