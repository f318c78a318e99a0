import { isoTime } from "../../clock.ts";
import { refusalText } from "../../words/refusal.ts";
import { sentence } from "../../words/sentence.ts";
import type { Language, Note } from "../../words/types.ts";
import type { DrillResult } from "./drill-result.ts";
import type { DrillChoice, DrillNews, Drills } from "./drills.ts";
import type { DrillChoiceView, DrillPage, DrillRunning, DrillView } from "./view-types.ts";

/** A result in words. */
export function drillView(result: DrillResult, language: Language): DrillView {
  const { kind, target, findings, steps, startedWallMs, verdict, end, commandedS, measuredS } = result;
  const said = (note: Note | null) => (note ? sentence(language, note.code, note.values) : "");
  const word = sentence(language, `verdict.${verdict}`);
  const { startedWallMs: _, ...rest } = result;
  return {
    ...rest,
    title: sentence(language, `drill.${kind}`, { target }),
    started: isoTime(startedWallMs),
    text: end === "finished" ? word : `${word} – ${sentence(language, `drillEnd.${end}`)}`,
    findings: findings.map(({ verdict: one, text, cure }) => ({ verdict: one, text: said(text), cure: said(cure) })),
    steps: steps.map(({ atS, text }) => ({ atS, text: said(text) })),
    safeS: measuredS ?? commandedS,
  };
}

const PHASES = { room: "drill.makingRoom", fault: "drill.running", return: "drill.returning" } as const;

/** What is under way, with the countdown. */
export function runningText({ kind, target, phase, leftS }: Omit<DrillRunning, "text">, language: Language): string {
  const what = sentence(language, `drill.${kind}`, { target });
  return sentence(language, PHASES[phase], { what, seconds: leftS });
}

/** What is known of the drills of a site. @param called a connector for people */
export function drillPage(drills: Drills, called: (id: string) => string, language: Language): DrillPage {
  const { running, choices, results } = drills;
  return {
    running: running && { ...running, text: runningText(running, language) },
    choices: choices.map((choice) => choiceView(choice, called, language)),
    results: results.map((result) => drillView(result, language)),
  };
}

function choiceView(
  { kind, target, seconds, lacks }: DrillChoice,
  called: (id: string) => string,
  language: Language,
): DrillChoiceView {
  const isConnector = kind === "link" || kind === "disobey";
  return {
    ...{ kind, target, seconds },
    name: isConnector ? called(target) : target,
    lacks: lacks === null ? "" : refusalText(language, lacks),
  };
}

/** The message of a second of a drill, or of its end. */
export function drillMessage({ kind, target, running, result }: DrillNews, language: Language): object {
  return {
    topic: `drill/${kind}/${target}`,
    payload: {
      running: running && { ...running, text: runningText(running, language) },
      result: result && drillView(result, language),
    },
  };
}
