/** The back ends that a charge point, or all of a central system, are reported to: a list of choices, and a way to a new one. */
import { fillList, readList } from "./fields.ts";
import { button } from "./looks.ts";
import { answer, type Rule } from "./rules.ts";
import { wordsOf } from "./words.ts";

const text = wordsOf("ev-back-end", "ev-back-end.choice");
/** No id of a node; stands for a line without a choice. */
const NONE = "none";

/** Each that is chosen is there. */
export const backEndsRule: Rule = (value, options) => {
  const ids = Array.isArray(value) ? value.map(String) : [];
  const missing = ids.find((id) => !id.startsWith("${") && RED.nodes.node(id)?.type !== "ev-back-end");
  return answer(options, missing === undefined ? null : text("gone", { id: missing }));
};

export class BackEndList {
  readonly #list: string;
  #added: (node: EditorNode) => void;

  /** @param list selector of an empty `<ol>`; a button for a new one comes behind it */
  constructor(list: string, chosen: readonly string[]) {
    this.#list = list;
    this.#fill(chosen);
    this.#added = ({ id, type }) => {
      if (type === "ev-back-end") this.#fill([...this.ids.filter((one) => one !== id), id]);
    };
    RED.events.on("nodes:add", this.#added as never);
    const add = button(text("add")).on("click", () => RED.editor.editConfig("", "ev-back-end", "_ADD_"));
    $(list).parent().append($("<p>").append(add));
  }

  /** Those that are chosen, each once. */
  get ids(): string[] {
    const rows = readList(this.#list, this.#columns());
    return [...new Set(rows.map(({ backEnd }) => String(backEnd)).filter((id) => id !== NONE && id !== ""))];
  }

  close(): void {
    RED.events.off("nodes:add", this.#added as never);
  }

  #fill(chosen: readonly string[]): void {
    const list = $(this.#list);
    // A list that is filled anew gets other choices.
    if (list.hasClass("red-ui-editableList-list")) {
      const place = list.closest(".red-ui-editableList");
      place.replaceWith($("<ol>").attr("id", this.#list.slice(1)));
    }
    fillList(
      this.#list,
      this.#columns(chosen),
      chosen.map((backEnd) => ({ backEnd })),
    );
  }

  #columns(chosen: readonly string[] = []) {
    const words: Record<string, string> = { [NONE]: text("none") };
    for (const id of chosen) words[id] = id;
    RED.nodes.eachConfig((node) => {
      if (node.type === "ev-back-end") words[node.id] = String(node["name"] || node["url"] || node.id);
    });
    const kind = Object.keys(words);
    return [{ name: "backEnd", label: text("label"), kind, words, width: "100%", initial: NONE }];
  }
}
