/** Numbers as the language of the editor writes them, and as people type them. */
import { LANGUAGES, languageOf } from "../../lib/words/types.ts";

/** For texts: `6.8`, or `6,8` in German, French and Dutch. @param most places behind the sign */
export function numberText(value: number, most = 3, least = 0): string {
  return value.toLocaleString(editorLanguage(), {
    useGrouping: false,
    minimumFractionDigits: least,
    maximumFractionDigits: most,
  });
}

/** For fields: every place of a number; anything else as it is. */
export function fieldText(value: unknown): string {
  if (typeof value === "number") return numberText(value, 20);
  return isPlain(value) ? numberText(Number(value), 20) : String(value ?? "");
}

/** What was typed, with a comma or a point; NaN where it is no number. */
export function readNumber(typed: unknown): number {
  if (typeof typed === "number") return typed;
  const text = String(typed ?? "").trim();
  return text === "" ? Number.NaN : Number(text.replace(/^([^.,]*),([^.,]*)$/, "$1.$2"));
}

/** Of the editor's texts; outside of an editor it is English. The editor itself names none that only we have texts in. */
export function editorLanguage(): string {
  const { RED: editor } = globalThis as { RED?: { i18n: { lang(): string } } };
  if (!editor) return LANGUAGES[0];
  const ours = languageOf(localStorage.getItem("editor-language") || navigator.language);
  return ours === LANGUAGES[0] ? editor.i18n.lang() : ours;
}

/** A number as flow files have it, as text. */
function isPlain(value: unknown): boolean {
  return typeof value === "string" && /^-?\d+(\.\d+)?$/.test(value) && String(Number(value)) === value;
}
