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
  /** Of `undo`: null where there was nothing to undo. */
  undone?: object | null;
}

/** What was done to the list, in a sentence for whoever asked for it. @param asked the payload that asked; it names the badge where nothing changed */
export function badgeAnswerText(language: Language, verb: string, asked: unknown, done: ToldChange): string {
  const { added, changed, removed, unknown = [], undone } = done;
  if (verb === "undo") return sentence(language, undone ? "done.undone" : "done.nothingToUndo");
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

function changeText(language: Language, verb: string, { before, after }: ToldChange["changed"][number]): string {
  const badge = nameOf(after);
  const fields = Object.keys(CATALOGUES[language].badgeField) as (keyof (typeof CATALOGUES)["en-US"]["badgeField"])[];
  const isOther = (field: (typeof fields)[number]) => JSON.stringify(before[field]) !== JSON.stringify(after[field]);
  const others = fields.filter(isOther);
  if (verb === "edit" && others.length === 1 && others[0] === "blocked")
    return sentence(language, after.blocked ? "done.badgeBlocked" : "done.badgeFreed", { badge });
  const what = [...new Set(others.map((field) => sentence(language, `badgeField.${field}`)))].join(", ");
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
