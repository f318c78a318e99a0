/** The back ends that a charge point, or all of a central system, are reported to: a list of choices, and a way to a new one. */
import { type Column, fillList, readList } from "./fields.ts";
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
  /** Ids that can be chosen, and what they are called: rows that are added later have those that were made meanwhile, too. */
  readonly #ids: string[];
  readonly #names: Record<string, string> = { [NONE]: text("none") };
  readonly #columns: Column[];
  readonly #added: (node: EditorNode) => void;
  #waiting: ReturnType<typeof setInterval> | undefined;

  /** @param list selector of an empty `<ol>`; a button for a new one comes behind it */
  constructor(list: string, chosen: readonly string[]) {
    this.#list = list;
    for (const id of chosen) this.#names[id] = id;
    RED.nodes.eachConfig((node) => {
      if (node.type === "ev-back-end") this.#names[node.id] = nameOf(node);
    });
    this.#ids = Object.keys(this.#names);
    const column = { name: "backEnd", label: text("label"), kind: this.#ids, words: this.#names, width: "100%" };
    this.#columns = [{ ...column, initial: NONE }];
    fillList(
      list,
      this.#columns,
      chosen.map((backEnd) => ({ backEnd })),
    );
    this.#added = (node) => {
      if (node.type === "ev-back-end") this.#whenBack(() => this.#add(node));
    };
    RED.events.on("nodes:add", this.#added as never);
    const add = button(text("add")).on("click", () => RED.editor.editConfig("", "ev-back-end", "_ADD_"));
    $(list).closest(".red-ui-editableList").after($("<p>").append(add));
  }

  /** Those that are chosen, each once. */
  get ids(): string[] {
    const rows = readList(this.#list, this.#columns);
    return [...new Set(rows.map(({ backEnd }) => String(backEnd)).filter((id) => id !== NONE && id !== ""))];
  }

  /** Puts one that is there into the list, unless it is in it. */
  choose(id: string): void {
    if (!this.ids.includes(id)) $(this.#list).editableList("addItem", { backEnd: id });
  }

  close(): void {
    clearInterval(this.#waiting);
    RED.events.off("nodes:add", this.#added as never);
  }

  /** A new one is chosen at once. */
  #add(node: EditorNode): void {
    this.#names[node.id] = nameOf(node);
    this.#ids.push(node.id);
    $(this.#list)
      .find('[data-column="backEnd"]')
      .append($("<option>").val(node.id).text(nameOf(node)));
    $(this.#list).editableList("addItem", { backEnd: node.id });
  }

  /** While another dialog lies on top, the editor keeps this one outside of the page. */
  #whenBack(then: () => void): void {
    clearInterval(this.#waiting);
    this.#waiting = setInterval(() => {
      if ($(this.#list).length === 0) return;
      clearInterval(this.#waiting);
      then();
    }, 50);
  }
}

function nameOf(node: EditorNode): string {
  return String(node["name"] || node["url"] || node.id);
}
