import { sentence } from "../../words/sentence.ts";
import type { CodeOf, Language } from "../../words/types.ts";
import { isTouched } from "./copy-target.ts";
import type { CopyTarget, CopyView, SettingsCopy } from "./types.ts";

/** Copies as people see them, each charge point with what became of it. @param called what a charge point is called */
export function copyViews(
  copies: readonly SettingsCopy[],
  called: (chargePoint: string) => string,
  language: Language,
): CopyView[] {
  return copies.map((copy): CopyView => {
    const { by, held, targets, from, ...rest } = copy;
    return {
      ...rest,
      from: called(from),
      by: by.user ?? by.by ?? "",
      state: copy.ended !== null ? "ended" : held ? "held" : "running",
      text: copyText(copy, called, language),
      targets: targets.map((target) => ({
        ...target,
        charger: called(target.chargePoint),
        text: targetText(target, language),
      })),
    };
  });
}

function copyText({ ended, held, targets }: SettingsCopy, called: (id: string) => string, language: Language): string {
  const lost = targets.find(({ state }) => state === "lost");
  if (held && lost) return sentence(language, "setting.copyHeld", { charger: called(lost.chargePoint) });
  const count = (...states: CopyTarget["state"][]) => targets.filter(({ state }) => states.includes(state)).length;
  const values = {
    of: targets.length,
    good: count("done"),
    away: count("away"),
    through: targets.length - count("waiting", "away", "changing", "toRestart", "restarting", "lost"),
  };
  if (ended !== null) return sentence(language, "setting.copyEnded", values);
  return sentence(language, values.away > 0 ? "setting.copyAway" : "setting.copyRuns", values);
}

function targetText(target: CopyTarget, language: Language): string {
  const { state, keys } = target;
  const isChanged = isTouched(target);
  const code: CodeOf<"setting"> =
    state === "givenUp" && isChanged
      ? "setting.givenUpChanged"
      : state === "done" && keys.some(({ status }) => status === "restart")
        ? "setting.doneRestart"
        : `setting.${state}`;
  const told = keys.map(({ key, status, found, value }) => {
    const said = sentence(language, `settingKey.${status}`, { found: found ?? "", value });
    return `${key}: ${said}`;
  });
  const isOpen = state === "waiting" || state === "away" || (state === "givenUp" && !isChanged);
  return [sentence(language, code), isOpen ? "" : `${told.join("; ")}.`].filter(Boolean).join(" ");
}
