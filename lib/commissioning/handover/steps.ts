/** Settings that every charger has under some name, in the order of the work; the last one proves the others. */
export const FIRST_STEPS = ["address", "maximum", "rotation", "fallback", "others", "free", "values"] as const;
export const LAST_STEPS = ["test"] as const;

export type GeneralStep = (typeof FIRST_STEPS)[number] | (typeof LAST_STEPS)[number];

/** Of a model's step: a changed text is another step, to be looked at again. */
export function stepId(text: string): string {
  let hash = 0x811c9dc5;
  for (const character of text) hash = Math.imul(hash ^ character.codePointAt(0)!, 0x01000193);
  return `model-${(hash >>> 0).toString(36)}`;
}
