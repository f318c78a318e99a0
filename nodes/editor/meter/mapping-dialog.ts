/** The expression of an `ev-meter-input` in its dialog: presets that fill it, and what it makes of a sample. */
import type { FailurePage, MappingPreset, TryPage } from "../../admin/types/meter-page-types.ts";
import { reveal, style } from "../looks.ts";
import { ask } from "../requests.ts";
import { meterWord, wordsOf } from "../words.ts";

const words = wordsOf("ev-meter-input");
const PREFIX = "#ev-meter-input";

/** The parser that the editor's own fields use. */
declare const jsonata: (expression: string) => unknown;

/** A rule for `mapping`: filled in, and JSONata. */
export function mappingRule(this: EditorNode, value: unknown, options?: object): boolean | string {
  const text = String(value ?? "").trim();
  if (text === "") return options ? words("error.empty") : false;
  try {
    jsonata(text);
    return true;
  } catch (error) {
    const { message, position } = error as { message: string; position?: number };
    return options ? words("error.wrong", { why: message, position: position ?? "?" }) : false;
  }
}

/** One open dialog. */
export class MappingDialog {
  readonly #editor: CodeEditor;
  readonly #sample: CodeEditor;
  #presets: readonly MappingPreset[] = [];
  /** Answers that come when the dialog has gone find no editors any more. */
  #closed = false;

  constructor(mapping: string) {
    style();
    this.#editor = RED.editor.createEditor({ id: "ev-meter-input-mapping", mode: "ace/mode/jsonata", value: mapping });
    this.#sample = RED.editor.createEditor({ id: "ev-meter-input-sample", mode: "ace/mode/json", value: "" });
    $(`${PREFIX}-preset`).on("change", () => this.#take());
    $(`${PREFIX}-try`).on("click", () => void this.#try());
    void ask<MappingPreset[]>("GET", "meter-mappings").then(
      (presets) => this.#offer(presets),
      () => this.#offer([]),
    );
  }

  get mapping(): string {
    return this.#editor.getValue();
  }

  /** The editor calls it when the dialog is left. */
  close(): void {
    this.#closed = true;
    this.#editor.destroy();
    this.#sample.destroy();
  }

  #offer(presets: readonly MappingPreset[]): void {
    if (this.#closed) return;
    this.#presets = presets;
    const select = $(`${PREFIX}-preset`)
      .empty()
      .append($("<option>").val("").text(words("preset.own")));
    for (const { id, label } of presets) select.append($("<option>").val(id).text(label));
    const known = presets.find(({ mapping }) => mapping.trim() === this.mapping.trim());
    select.val(known?.id ?? "");
    if (known) this.#show(known);
  }

  #take(): void {
    const preset = this.#presets.find(({ id }) => id === $(`${PREFIX}-preset`).val());
    $(`${PREFIX}-result`).empty();
    if (preset) this.#editor.setValue(preset.mapping, -1);
    this.#show(preset);
  }

  #show(preset: MappingPreset | undefined): void {
    $(`${PREFIX}-note`).text(preset?.note ?? "");
    if (!preset) return;
    const [first] = preset.samples;
    this.#sample.setValue(JSON.stringify(preset.samples.length === 1 ? first : preset.samples, null, 2), -1);
  }

  async #try(): Promise<void> {
    const box = $(`${PREFIX}-result`).empty();
    try {
      const body = { mapping: this.mapping, messages: this.#messages() };
      this.#showTrial(box, await ask<TryPage>("POST", "meter-mapping-trials", body));
    } catch (failure) {
      const { message } = failure as FailurePage;
      $("<p>").addClass("ev-wrong").text(message).appendTo(box.empty());
    }
    reveal(box);
  }

  /** What was typed as a sample: a message, a list of them, or a payload alone. */
  #messages(): unknown[] {
    const text = this.#sample.getValue().trim();
    if (text === "") throw new Error(words("try.empty"));
    let sample: unknown;
    try {
      sample = JSON.parse(text);
    } catch (error) {
      throw new Error(words("try.noJson", { why: (error as Error).message }));
    }
    const all: unknown[] = Array.isArray(sample) ? sample : [sample];
    return all.map((one) => (typeof one === "object" && one !== null && "payload" in one ? one : { payload: one }));
  }

  #showTrial(box: JQuery, { messages, measurement, problems, text }: TryPage): void {
    const quality = measurement?.quality ?? "bad";
    const head = measurement ? text || words("try.noValues") : words("try.notForIt");
    const pill = $("<span>")
      .addClass(`ev-pill ev-${quality}`)
      .text(meterWord(`quality.${quality}`));
    box.append($("<p>").append(...(measurement ? [pill] : []), document.createTextNode(` ${head}`)));
    for (const problem of problems) box.append($("<div>").addClass("ev-warn").text(problem));
    for (const [index, said] of messages.entries()) box.append(this.#message(said, index, messages.length));
    if (!measurement) return;
    const isKnown = (value: unknown) => (Array.isArray(value) ? value.some((one) => one !== null) : value !== null);
    const known = Object.entries(measurement).filter(
      ([key, value]) => !["ts", "quality"].includes(key) && isKnown(value),
    );
    const table = $("<table>").addClass("ev-table");
    for (const [key, value] of known)
      table.append($("<tr>").append($("<td>").text(key), $("<td>").text(JSON.stringify(value))));
    box.append(table);
  }

  #message(said: TryPage["messages"][number], index: number, of: number): JQuery {
    const which = of > 1 ? `${index + 1}: ` : "";
    if ("error" in said) return $("<p>").addClass("ev-wrong").text(`${which}${said.error.message}`);
    if (!said.values)
      return $("<p>")
        .addClass("ev-quiet")
        .text(`${which}${words("try.notForIt")}`);
    const values = Object.entries(said.values).map(([name, value]) => `${name} ${value ?? "–"}`);
    return $("<p>")
      .addClass("ev-quiet")
      .text(`${which}${values.join(", ")}`);
  }
}
