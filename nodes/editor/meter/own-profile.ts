/** The part of a dialog in which the user describes a device of his own, checked by the runtime while he types. */
import type { ProfileCheckPage } from "../../admin/types/meter-page-types.ts";
import { ask } from "../requests.ts";
import { meterWord } from "../words.ts";
import { OWN } from "./profile-picker.ts";

/** So long after the last key. */
const CHECK_AFTER_MS = 500;

const EXAMPLE = {
  id: "my-meter",
  vendor: "Maker",
  models: ["Model"],
  functionCode: 4,
  wordOrder: "big",
  registers: {
    voltageL1: { address: 0, type: "float32" },
    voltageL2: { address: 2, type: "float32" },
    voltageL3: { address: 4, type: "float32" },
    currentL1: { address: 6, type: "float32" },
    currentL2: { address: 8, type: "float32" },
    currentL3: { address: 10, type: "float32" },
    powerL1: { address: 12, type: "float32", scale: 1000 },
    powerL2: { address: 14, type: "float32", scale: 1000 },
    powerL3: { address: 16, type: "float32", scale: 1000 },
    energyImport: { address: 72, type: "float32", scale: 1000 },
  },
  computed: { power: "powerL1 + powerL2 + powerL3" },
};

/** A rule for `customProfile`: needed when the device is the user's own; JSON must be JSON. The runtime checks the rest. */
export function ownProfileRule(this: EditorNode, value: unknown, options?: object): boolean | string {
  if (this["profile"] !== OWN) return true;
  const text = String(value ?? "").trim();
  const answer = (key: string, values: object = {}) => (options ? meterWord(key, { ...values }) : false);
  if (text === "") return answer("error.ownEmpty");
  if (!text.startsWith("{")) return true;
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    return answer("error.ownJson", { why: (error as Error).message });
  }
}

/** One open dialog. Elements: `<prefix>-own` around `-own-kind`, `-own-json`, `-own-file`, `-own-example`, `-own-check`. */
export class OwnProfile {
  readonly #prefix: string;
  readonly #editor: CodeEditor;
  #checking: number | undefined;
  /** Answers that come when the dialog has gone find no editor any more. */
  #closed = false;

  constructor(prefix: string, value: string) {
    this.#prefix = prefix;
    const isFile = value.trim() !== "" && !value.trim().startsWith("{");
    this.#editor = RED.editor.createEditor({
      id: `${prefix}-own-json`,
      mode: "ace/mode/json",
      value: isFile ? "" : value,
    });
    this.#editor.getSession().on("change", () => this.#checkLater());
    this.#$("file")
      .val(isFile ? value : "")
      .on("input", () => this.#checkLater());
    this.#$("kind")
      .val(isFile ? "file" : "json")
      .on("change", () => this.#showKind());
    this.#$("example").on("click", () => this.#editor.setValue(JSON.stringify(EXAMPLE, null, 2), -1));
    this.#showKind();
  }

  /** What was written: JSON, or the path of a file. */
  get value(): string {
    return this.#$("kind").val() === "file" ? String(this.#$("file").val() ?? "").trim() : this.#editor.getValue();
  }

  show(isOwn: boolean): void {
    $(`#${this.#prefix}-own`).toggle(isOwn);
    if (isOwn && !this.#closed) this.#check();
  }

  /** The editor calls it when the dialog is left. */
  close(): void {
    this.#closed = true;
    window.clearTimeout(this.#checking);
    this.#editor.destroy();
  }

  #$(name: string): JQuery {
    return $(`#${this.#prefix}-own-${name}`);
  }

  #showKind(): void {
    const isFile = this.#$("kind").val() === "file";
    this.#$("file-row").toggle(isFile);
    this.#$("json-row").toggle(!isFile);
    this.#checkLater();
  }

  #checkLater(): void {
    window.clearTimeout(this.#checking);
    this.#checking = window.setTimeout(() => this.#check(), CHECK_AFTER_MS);
  }

  #check(): void {
    const { value } = this;
    const box = this.#$("check");
    if (value.trim() === "") {
      box.empty().append($("<p>").addClass("ev-quiet").text(meterWord("own.empty")));
      return;
    }
    ask<ProfileCheckPage>("POST", "meter-profile-checks", { customProfile: value }).then(
      (page) => {
        // An answer to what was written before tells nothing.
        if (!this.#closed && value === this.value) this.#showCheck(box, page);
      },
      ({ message }) => box.empty().append($("<p>").addClass("ev-wrong").text(message)),
    );
  }

  #showCheck(box: JQuery, page: ProfileCheckPage): void {
    box.empty();
    if (page.ok) {
      const { vendor, models, values } = page.profile;
      const text = meterWord("own.fine", { name: `${vendor} ${models.join(", ")}`, values });
      box.append($("<p>").append($("<i>").addClass("fa fa-check"), document.createTextNode(` ${text}`)));
      return;
    }
    const faults = page.error.message.split(/\. (?=[a-z])/);
    if (faults.length === 1) box.append($("<p>").addClass("ev-wrong").text(page.error.message));
    else
      box.append(
        $("<ul>")
          .addClass("ev-wrong")
          .append(faults.map((fault) => $("<li>").text(fault))),
      );
  }
}
