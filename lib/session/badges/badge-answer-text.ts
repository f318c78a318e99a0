import { CATALOGUES, sentence } from "../../words/sentence.ts";
import type { Language } from "../../words/types.ts";
import { canonicalTag } from "./badge.ts";
import type { BadgeView } from "./badge-view.ts";

/** What a change of the list of badges did, as its answer carries it. */
interface ToldChange {
  added: readonly BadgeView[];
  changed: readonly { before: BadgeView; after: BadgeView }[];
  removed: readonly BadgeView[];
  /** Of `remove`: numbers that the list did not have. */
  unknown?: readonly string[];
  /** Of `edit`: numbers that were as they are wanted. */
  unchanged?: readonly string[] | number;
  /** Of `undo`: null where there was nothing to undo. */
  undone?: object | null;
}

/** What was done to the list, in a sentence for whoever asked for it. @param asked the payload that asked; it names the badge where nothing changed */
export function badgeAnswerText(language: Language, verb: string, asked: unknown, done: ToldChange): string {
  const { added, changed, removed, unknown = [], unchanged, undone } = done;
  if (verb === "undo") return sentence(language, undone ? "done.undone" : "done.nothingToUndo");
  if (verb === "edit" && Array.isArray(unchanged) && changed.length + unchanged.length > 1)
    return editedText(language, changed, unchanged);
  const count = added.length + changed.length + removed.length;
  if (verb === "import" || count > 1)
    return sentence(language, "done.badges", {
      added: added.length,
      changed: changed.length,
      removed: removed.length,
    });
  const [newcomer] = added;
  if (newcomer) return sentence(language, "done.badgeAdded", { badge: nameOf(newcomer) });
  const [gone] = removed;
  if (gone) return sentence(language, "done.badgeRemoved", { badge: nameOf(gone) });
  const [change] = changed;
  if (change) return changeText(language, verb, change);
  const badge = unknown[0] ?? numberIn(asked);
  return sentence(language, unknown.length > 0 ? "done.badgeMissing" : "done.badgeSame", { badge });
}

/** Each that was changed with its name, the first of many; and what was changed of them. */
function editedText(language: Language, changed: ToldChange["changed"], unchanged: readonly string[]): string {
  const same = unchanged.length > 0 ? [sentence(language, "done.badgesSame", { badges: listed(unchanged) })] : [];
  if (changed.length === 0) return same.join("");
  const what = [...new Set(changed.flatMap((change) => changedFields(language, change)))].join(", ");
  const badges = listed(changed.map(({ after }) => nameOf(after)));
  return [sentence(language, "done.badgesChanged", { n: changed.length, what, badges }), ...same].join(" ");
}

/** Names that one sentence lists. */
const MOST_NAMED = 12;

function listed(names: readonly string[]): string {
  const more = names.length > MOST_NAMED ? ` … (+${names.length - MOST_NAMED})` : "";
  return names.slice(0, MOST_NAMED).join(", ") + more;
}

/** What was changed of a badge, each once, in words. */
function changedFields(language: Language, { before, after }: ToldChange["changed"][number]): string[] {
  const fields = Object.keys(CATALOGUES[language].badgeField) as (keyof (typeof CATALOGUES)["en-US"]["badgeField"])[];
  const others = fields.filter((field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]));
  return [...new Set(others.map((field) => sentence(language, `badgeField.${field}`)))];
}

function changeText(language: Language, verb: string, { before, after }: ToldChange["changed"][number]): string {
  const badge = nameOf(after);
  const others = changedFields(language, { before, after });
  const isBlockedAlone = after.blocked !== before.blocked && others.length === 1;
  if (verb === "edit" && isBlockedAlone)
    return sentence(language, after.blocked ? "done.badgeBlocked" : "done.badgeFreed", { badge });
  const what = others.join(", ");
  return sentence(language, "done.badgeChanged", { badge, what });
}

function nameOf({ idTag, comment }: BadgeView): string {
  return comment ? `${idTag} (${comment})` : idTag;
}

/** The number of the badge that a request names. */
function numberIn(asked: unknown): string {
  const first: unknown = Array.isArray(asked) ? asked[0] : asked;
  const idTag = typeof first === "object" && first !== null ? (first as { idTag?: unknown }).idTag : first;
  return canonicalTag(String(idTag ?? ""));
}
