/** What is known of configuration keys, beside the fields of a form that name one. */
import { type Path, pathText, valueAt } from "../../lib/ocpp/rpc/field.ts";
import type { KeysPage } from "../admin/types/command-page-types.ts";
import { wordsOf } from "./words.ts";

const words = wordsOf("ev-command");

type Key = KeysPage["keys"][number];

const KEYS = "ev-command-keys";
const VALUES = "ev-command-values";

export class KeyHelp {
  #page: KeysPage = { model: null, keys: [] };
  #action = "";
  #payload: unknown = {};
  #notes = new Map<string, JQuery>();

  /** Other keys may be chosen from now on. */
  offer(page: KeysPage): void {
    this.#page = page;
    this.explain(this.#action, this.#payload);
  }

  /** Lets a field be filled in from the list of keys. */
  offerKeys(control: JQuery): void {
    control.attr("list", KEYS);
  }

  /** Lets a field be filled in from the values that the chosen key may have. */
  offerValues(control: JQuery): void {
    control.attr("list", VALUES);
  }

  /** The place below a field where its key is explained; nothing for a field that names none. */
  noteFor(path: Path, action: string): JQuery {
    const at = pathText(path);
    if (at === "") return $();
    const names = action === "ChangeConfiguration" || (action === "GetConfiguration" && path.length === 2);
    if (!names) return $();
    const note = $("<div>").addClass("ev-note ev-key");
    this.#notes.set(at, note);
    return note;
  }

  /** The payload is this now. */
  explain(action: string, payload: unknown): void {
    this.#action = action;
    this.#payload = payload;
    this.#fillLists();
    for (const [at, note] of this.#notes) note.text("").toggleClass("ev-doubt", false).attr("data-for", at);
    if (action === "ChangeConfiguration") this.#explainChange();
    if (action === "GetConfiguration") this.#explainQuestions();
  }

  #explainChange(): void {
    const key = this.#known(valueAt(this.#payload, ["key"]));
    this.#notes.get("key")?.text(key ? this.#meaning(key) : words("key.unknown"));
    if (!key) return;
    const doubt = this.#doubt(key, String(valueAt(this.#payload, ["value"]) ?? ""));
    this.#notes
      .get("value")
      ?.text(doubt || this.#shape(key))
      .toggleClass("ev-doubt", doubt !== "");
  }

  #explainQuestions(): void {
    const names = valueAt(this.#payload, ["key"]);
    for (const [at, name] of (Array.isArray(names) ? names : []).entries()) {
      const key = this.#known(name);
      const text = key ? this.#meaning(key) : words("key.unknown");
      this.#notes.get(`key[${at}]`)?.text(key?.access === "wo" ? words("key.writeOnly") : text);
    }
  }

  #known(name: unknown): Key | undefined {
    const wanted = String(name ?? "").toLowerCase();
    return this.#page.keys.find(({ key }) => key.toLowerCase() === wanted);
  }

  #meaning({ text, origin }: Key): string {
    const source = origin === "model" ? (this.#page.model ?? "") : words("key.standard");
    return `${text} (${source})`;
  }

  #shape({ type, values }: Key): string {
    return [type && words(`key.type.${type}`), values].filter(Boolean).join(" · ");
  }

  /** What speaks against the value; the charge point has the last word, so it is no error. */
  #doubt(key: Key, value: string): string {
    if (key.access === "ro") return words("key.readOnly");
    const isNumber = key.type !== "integer" || /^-?\d+$/.test(value.trim());
    const isFlag = key.type !== "boolean" || /^(true|false)$/i.test(value.trim());
    return isNumber && isFlag ? "" : words("key.doubt", { shape: this.#shape(key) });
  }

  #fillLists(): void {
    const readable = (key: Key) => (this.#action === "GetConfiguration" ? key.access !== "wo" : key.access !== "ro");
    const keys = $(`#${KEYS}`).empty();
    for (const key of this.#page.keys.filter(readable)) keys.append($("<option>").val(key.key).text(key.text));
    const values = $(`#${VALUES}`).empty();
    const key = this.#known(valueAt(this.#payload, ["key"]));
    if (key?.type === "boolean") for (const word of ["true", "false"]) values.append($("<option>").val(word));
  }
}
