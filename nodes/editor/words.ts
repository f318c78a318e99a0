/** Words of the dialogs: each stands in the catalogue of its node. */
import { withForms } from "../../lib/words/plural.ts";
import { editorLanguage, numberText } from "./numbers.ts";

/** A text of a catalogue, with values in it; `{count|car|cars}` is the form for so many. */
export type Words = (key: string, values?: Record<string, unknown>) => string;

/** The texts in a section of a node's catalogue; without a section all that are the node's own. */
export function wordsOf(type: string, section = type): Words {
  return (key, values) => {
    const text = RED._(`@phasewise/node-red-ev-charging/${type}:${section}.${key}`, values && written(values));
    return values ? withForms(editorLanguage(), text, values) : text;
  };
}

/** Numbers in the language's form; what is counted stays a number, by which the catalogue chooses a sentence. */
function written(values: Record<string, unknown>): Record<string, unknown> {
  const entries = Object.entries(values).map(([name, value]) => [
    name,
    typeof value === "number" && name !== "count" ? numberText(value) : value,
  ]);
  return Object.fromEntries(entries) as Record<string, unknown>;
}

/** Words of all dialogs about meters. */
export const meterWord = wordsOf("ev-meter");

/** What to do about a failure of a meter or its line; empty where nothing is known. */
export function meterHint(code: string): string {
  const hint = meterWord(`hint.${code}`);
  return hint.endsWith(`hint.${code}`) ? "" : hint;
}

/** What a configuration node is called in the title of its dialog, in lists and in the help. */
export const titleWord = (type: string) => (): string => wordsOf(type)("label.default");

/**
 * What a node is called in the palette and in the flow, and what its ports are.
 * @param names properties whose first filled one is its name in the flow; of the first, the editor shows that it was given
 */
export function paletteWords(type: string, ...names: [string, ...string[]]) {
  const text = wordsOf(type);
  return {
    paletteLabel: () => text("label.default"),
    inputLabels: () => text("port.input"),
    outputLabels: () => text("port.output"),
    label(this: EditorNode): string {
      return names.map((name) => String(this[name] ?? "")).find(Boolean) ?? text("label.default");
    },
    labelStyle(this: EditorNode): string {
      return this[names[0]] ? "node_label_italic" : "";
    },
  };
}
