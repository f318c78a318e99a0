/** A text as the part of a regular expression that finds it to the letter; not for between square brackets. */
export function literalPattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
}
