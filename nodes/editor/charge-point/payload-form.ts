/**
 * A form for the payload of one command, drawn from its schema. It holds no state of its own: what is typed becomes a new payload,
 * and a payload that comes from elsewhere is drawn anew.
 */
import { type Field, type FieldProblem, lastOf, type Path, pathText, valueAt } from "../../../lib/ocpp/rpc/field.ts";
import type { CommandPage } from "../../admin/types/command-page-types.ts";
import { KeyHelp } from "../key-help.ts";
import { wordsOf } from "../words.ts";
import { payloadProblems } from "./commands.ts";
import { skeleton, toIso, toLocal, typedValue, withValue } from "./payload-value.ts";

const words = wordsOf("ev-command");

/** What is drawn for one path. */
interface Drawn {
  control: JQuery;
  problem: JQuery;
}

export class PayloadForm {
  readonly keys: KeyHelp;
  readonly #box: JQuery;
  readonly #changed: (payload: unknown) => void;
  #command: CommandPage | null = null;
  #payload: unknown = {};
  #drawn = new Map<string, Drawn>();
  #general: JQuery = $();
  #count = 0;

  /** @param changed a person has changed something; the new payload */
  constructor(box: JQuery, changed: (payload: unknown) => void) {
    this.#box = box;
    this.#changed = changed;
    this.keys = new KeyHelp();
  }

  /** Draws the form anew; null = no form. */
  show(command: CommandPage | null, payload: unknown = {}): void {
    this.#command = command;
    this.#payload = payload;
    this.#drawn.clear();
    this.#box.empty().toggle(command !== null);
    if (!command) return;
    this.#general = $("<div>").addClass("ev-problem").appendTo(this.#box);
    const members = this.#members(command.request, []);
    if (members.length === 0) this.#box.append(this.#note(words("form.noFields")));
    this.#box.append(members);
    this.#mark();
  }

  #members({ properties = {}, required = [] }: Field, path: Path): JQuery[] {
    return Object.entries(properties).map(([name, member]) =>
      this.#member(member, [...path, name], required.includes(name)),
    );
  }

  #member(field: Field, path: Path, isRequired: boolean): JQuery {
    if (field.type === "object") return this.#object(field, path, isRequired);
    if (field.type === "array") return this.#list(field, path, isRequired);
    const id = `ev-command-field-${++this.#count}`;
    const control = this.#control(field, path, isRequired).attr("id", id);
    const line = $("<div>")
      .addClass("ev-line")
      .append(this.#name(path, isRequired, id), control);
    if (field.unit) line.append($("<span>").addClass("ev-unit").text(field.unit));
    const isTime = control.attr("type") === "datetime-local";
    const clock = isTime ? ` ${words("form.localTime")}` : "";
    return this.#field(path, control, line, `${field.description ?? ""}${clock}`);
  }

  #object(field: Field, path: Path, isRequired: boolean): JQuery {
    return this.#group(field, path, isRequired, () => this.#members(field, path));
  }

  #list(field: Field, path: Path, isRequired: boolean): JQuery {
    const { items: item = {} } = field;
    return this.#group(field, path, isRequired, (items) => {
      if (!Array.isArray(items)) return [];
      const drawn = items.map((_item, at) => this.#item(item, [...path, at]));
      const end = [...path, items.length];
      return [...drawn, this.#button("plus", words("form.add"), () => this.#put(end, skeleton(item) ?? ""))];
    });
  }

  /** A field that holds others. @param content drawn where the field is there */
  #group(field: Field, path: Path, isRequired: boolean, content: (value: unknown) => JQuery[]): JQuery {
    const value = valueAt(this.#payload, path);
    const isThere = value !== undefined;
    const name = isRequired && isThere ? this.#name(path, true) : this.#tick(field, path, isThere);
    const body = $("<div>").addClass("ev-nested");
    const group = this.#field(path, body, $("<div>").addClass("ev-line ev-head").append(name), field.description);
    return isThere ? group.append(body.append(content(value))) : group;
  }

  #item(field: Field, path: Path): JQuery {
    const row = $("<div>").addClass("ev-item");
    const remove = this.#button("times", words("form.remove"), () => this.#put(path, undefined));
    const number = $("<span>")
      .addClass("ev-number")
      .text(Number(lastOf(path)) + 1);
    if (field.type === "object") {
      const members = $("<div>").addClass("ev-members").append(this.#members(field, path));
      const problem = $("<div>").addClass("ev-problem");
      this.#drawn.set(pathText(path), { control: members, problem });
      return row.append(number, members.append(problem), remove);
    }
    const control = this.#control(field, path, true).attr("aria-label", pathText(path));
    const line = $("<div>").addClass("ev-line").append(control);
    return row.append(number, this.#field(path, control, line, undefined).addClass("ev-members"), remove);
  }

  /** For what may be left out: a tick that says whether it is there. */
  #tick(field: Field, path: Path, isThere: boolean): JQuery {
    const box = $("<input>").attr("type", "checkbox").prop("checked", isThere);
    box.on("change", () => this.#put(path, box.prop("checked") ? skeleton(field) : undefined));
    return $("<label>")
      .addClass("ev-name")
      .append(box, $("<code>").text(String(lastOf(path))));
  }

  #field(path: Path, control: JQuery, line: JQuery, description: string | undefined): JQuery {
    const problem = $("<div>").addClass("ev-problem").attr("role", "alert");
    this.#drawn.set(pathText(path), { control, problem });
    const field = $("<div>").addClass("ev-field").attr("data-path", pathText(path)).append(line);
    if (description) field.append(this.#note(description));
    return field.append(this.keys.noteFor(path, this.#command?.action ?? ""), problem);
  }

  #control(field: Field, path: Path, isRequired: boolean): JQuery {
    const found = valueAt(this.#payload, path);
    const text = found === undefined ? "" : typeof found === "string" ? found : JSON.stringify(found);
    const take = (typed: string) => this.#take(path, typedValue(field, typed, isRequired));
    if (field.enum)
      return this.#select(field.enum, text, isRequired).on("change", (event) => take($(event.target).val() as string));
    const local = field.kind === "dateTime" ? toLocal(text) : null;
    if (field.kind === "dateTime" && (text === "" || local !== null)) {
      const time = $("<input>")
        .attr({ type: "datetime-local", step: 1 })
        .val(local ?? "");
      return time.on("change", () => take(toIso(String(time.val() ?? ""))));
    }
    const isLong = field.kind === "pem" || (field.type === "string" && (field.maxLength ?? 0) > 600);
    const control = isLong ? $("<textarea>").attr("rows", 4) : $("<input>").attr("type", "text");
    if (field.kind === "configurationKey") this.keys.offerKeys(control);
    if (this.#command?.action === "ChangeConfiguration" && pathText(path) === "value") this.keys.offerValues(control);
    if (!isRequired) control.attr("placeholder", words("form.leftOut"));
    return control.val(text).on("input", () => take(String(control.val() ?? "")));
  }

  #select(choices: readonly string[], chosen: string, isRequired: boolean): JQuery {
    const select = $("<select>");
    const option = (value: string, text: string) => select.append($("<option>").val(value).text(text));
    if (!isRequired || chosen === "") option("", words(isRequired ? "form.choose" : "form.leftOut"));
    for (const choice of choices) option(choice, choice);
    if (chosen !== "" && !choices.includes(chosen)) option(chosen, chosen);
    return select.val(chosen);
  }

  /** Something was typed: the drawn form stays, so that the cursor does. */
  #take(path: Path, value: unknown): void {
    this.#payload = withValue(this.#payload, path, value);
    this.#mark();
    this.#changed(this.#payload);
  }

  /** Fields come or go: the form is drawn anew, and the cursor goes to the first new one. */
  #put(path: Path, value: unknown): void {
    this.show(this.#command, withValue(this.#payload, path, value));
    this.#changed(this.#payload);
    if (value !== undefined)
      this.#box
        .find(`[data-path^="${pathText(path)}"]`)
        .find(":input")
        .first()
        .trigger("focus");
  }

  /** Says at each field what is wrong with it, and above the form what has no field. */
  #mark(): void {
    if (!this.#command) return;
    const problems = payloadProblems(this.#command, this.#payload);
    for (const { control, problem } of this.#drawn.values()) {
      control.removeClass("input-error");
      problem.text("");
    }
    const homeless = problems.filter((problem) => !this.#markOne(problem));
    this.#general.text(
      homeless.map(({ path, mustBe }) => words("form.problemAt", { path: pathText(path), mustBe })).join(" "),
    );
    this.keys.explain(this.#command.action, this.#payload);
  }

  #markOne({ path, mustBe }: FieldProblem): boolean {
    const drawn = this.#drawn.get(pathText(path));
    if (!drawn) return false;
    drawn.control.not(".ev-nested, .ev-members").addClass("input-error");
    drawn.problem.text(words("form.problem", { mustBe }));
    return true;
  }

  #name(path: Path, isRequired: boolean, target?: string): JQuery {
    const name = $(target ? "<label>" : "<span>").addClass("ev-name");
    if (target) name.attr("for", target);
    name.append($("<code>").text(String(lastOf(path))));
    return isRequired ? name.append($("<abbr>").attr("title", words("form.required")).text("*")) : name;
  }

  #note(text: string): JQuery {
    return $("<div>").addClass("ev-note").text(text);
  }

  #button(icon: string, title: string, press: () => void): JQuery {
    const button = $("<button>")
      .attr({ type: "button", title, "aria-label": title })
      .addClass("red-ui-button red-ui-button-small");
    return button.append($("<i>").addClass(`fa fa-${icon}`)).on("click", press);
  }
}
