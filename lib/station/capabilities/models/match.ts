import type { ModelClues, ModelMatch, ModelProfile } from "./types.ts";

/**
 * The profile that fits these clues best, null when none does: the one with the most criteria that hold; among equals the one that
 * builds on the other, then the first.
 */
export function findModel(profiles: readonly ModelProfile[], clues: ModelClues): ModelProfile | null {
  let best: ModelProfile | null = null;
  let bestScore = 0;
  for (const profile of profiles) {
    const score = Math.max(0, ...profile.match.filter((match) => holds(match, clues)).map(criteria));
    if (score > bestScore || (score > 0 && score === bestScore && profile.extends === best?.id)) {
      best = profile;
      bestScore = score;
    }
  }
  return best;
}

function criteria(match: ModelMatch): number {
  return Object.keys(match).length;
}

/** Longer texts are no names; patterns are kept from running over them. */
const LONGEST = 100;

function holds(match: ModelMatch, clues: ModelClues): boolean {
  const said = (clue: keyof ModelClues): string => (clues[clue] ?? "").slice(0, LONGEST).trim();
  const { firmwareFrom, firmwareBefore } = match;
  const texts = (["vendor", "model", "identity", "firmware"] as const).every(
    (clue) => match[clue] === undefined || new RegExp(match[clue], "iu").test(said(clue)),
  );
  if (!texts || (firmwareFrom === undefined && firmwareBefore === undefined)) return texts;
  const version = versionOf(said("firmware"));
  if (!version) return false;
  return (
    (firmwareFrom === undefined || compareVersions(version, versionOf(firmwareFrom)!) >= 0) &&
    (firmwareBefore === undefined || compareVersions(version, versionOf(firmwareBefore)!) < 0)
  );
}

/** The first number with dots or dashes in a text: `R6 v3.2.0-12` is 3, 2, 0, 12. null when there is none. */
function versionOf(text: string): number[] | null {
  const found = /(?<!\d)\d+(?:[.-]\d+)+/.exec(text) ?? /\d+/.exec(text);
  return found ? found[0].split(/[.-]/).map(Number) : null;
}

function compareVersions(a: readonly number[], b: readonly number[]): number {
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
