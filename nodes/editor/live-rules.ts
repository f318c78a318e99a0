/** Says in an open dialog what is wrong with a value, below its field and while it is typed. */
import { readNumber } from "./numbers.ts";
import { isEmpty } from "./rules.ts";

/** A property without a field of its own: where it stands in the dialog, and what it is there. */
export interface Drawn {
  /** Its inputs, or the list that they stand in. */
  at: string;
  value(): unknown;
}

type Definition = NodeDefinition<object>;

/** Of the dialog that is open. */
export class LiveRules {
  readonly #node: Record<string, unknown>;
  readonly #defaults: Definition["defaults"];
  readonly #prefix: string;
  readonly #drawn: Readonly<Record<string, Drawn>>;
  /** Properties that somebody has changed since the dialog was opened: of the others, empty ones are no reproach yet. */
  readonly #touched = new Set<string>();
  #isDue = false;

  constructor(node: object, { category, defaults }: Definition, drawn: Readonly<Record<string, Drawn>>) {
    this.#node = node as Record<string, unknown>;
    this.#defaults = defaults;
    this.#prefix = category === "config" ? "#node-config-input-" : "#node-input-";
    this.#drawn = drawn;
    const form = Object.keys(defaults)
      .map((name) => this.#fields(name).closest("form"))
      .find((found) => found.length > 0);
    form?.on("input change click keyup paste", ({ target, originalEvent }) => {
      // The editor sends events of its own when it opens the dialog.
      if (originalEvent) this.#touch(target);
      this.#look();
    });
    this.#look();
  }

  #touch(field: Element): void {
    for (const name of Object.keys(this.#defaults))
      if (this.#fields(name).find("*").addBack().is(field)) this.#touched.add(name);
  }

  /** Once everything that listens to the same event has had its turn. */
  #look(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    window.setTimeout(() => {
      this.#isDue = false;
      this.#show();
    }, 0);
  }

  #show(): void {
    const typed = this.#typed();
    for (const [name, { validate }] of Object.entries(this.#defaults) as [string, DefaultProperty<unknown>][]) {
      const fields = this.#fields(name);
      if (!validate || fields.length === 0) continue;
      const found = validate.call(typed as EditorNode, typed[name], {});
      const problem = typeof found === "string" ? found : null;
      this.#mark(name, fields, problem);
      const isSaid = problem !== null && (!isEmpty(typed[name]) || this.#touched.has(name));
      say(fields, name, isSaid ? problem : null);
    }
  }

  /** The node as it stands in the dialog: what is wrong with one field may depend on another. */
  #typed(): Record<string, unknown> {
    const typed = Object.create(this.#node) as Record<string, unknown>;
    for (const name of Object.keys(this.#defaults)) {
      const drawn = this.#drawn[name];
      const fields = this.#fields(name);
      if (fields.length === 0) continue;
      const value = drawn ? drawn.value() : fields.is(":checkbox") ? fields.is(":checked") : fields.val();
      const known = (this.#defaults as Record<string, DefaultProperty<unknown>>)[name]?.value;
      const isNumber = (typeof known === "number" || known === null) && !Number.isNaN(readNumber(value));
      Object.defineProperty(typed, name, { value: isNumber ? readNumber(value) : value });
    }
    return typed;
  }

  #fields(name: string): JQuery {
    return $(this.#drawn[name]?.at ?? this.#prefix + name);
  }

  /** Where single inputs of a property know themselves which of them is wrong, only these are red. */
  #mark(name: string, fields: JQuery, problem: string | null): void {
    if (!this.#drawn[name]) fields.toggleClass("input-error", problem !== null);
    const inputs = fields.filter("input, select");
    if (this.#drawn[name]) inputs.trigger("change.wrong");
    if (problem !== null && inputs.filter(".input-error").length === 0) inputs.addClass("input-error");
    inputs.each((_at, input) => {
      $(input).attr("aria-invalid", String($(input).hasClass("input-error")));
    });
  }
}

/** A sentence below the row of a property, which is brought to light. */
function say(fields: JQuery, name: string, problem: string | null): void {
  const row = fields.first().closest(".form-row");
  const id = `ev-problem-${name}`;
  const place = row.length > 0 ? row : fields.first().parent();
  const known = place.siblings(`#${id}`);
  if (problem === null) {
    known.remove();
    fields.filter(`[aria-describedby="${id}"]`).removeAttr("aria-describedby");
    return;
  }
  const box = known.length > 0 ? known : $("<div>").attr({ id, role: "alert" }).addClass("ev-said").insertAfter(place);
  if (box.text() === problem) return;
  box.text(problem);
  fields.filter("input, select").attr("aria-describedby", id);
  place.closest("details").prop("open", true);
}
