import { isoTime } from "../clock.ts";
import { sentence } from "../words/sentence.ts";
import type { Language, Note } from "../words/types.ts";
import type { Commissioning, CommissioningNews } from "./commissioning.ts";
import type { CommissioningResult } from "./result.ts";
import type { NeedView, ResultView, TargetView } from "./view-types.ts";

/** A result in words. */
export function resultView(result: CommissioningResult, language: Language): ResultView {
  const {
    findings,
    curve: _curve,
    startedWallMs,
    candidates: _candidates,
    charger: _charger,
    field: _field,
    ...rest
  } = result;
  const said = (note: Note | null) => (note ? sentence(language, note.code, note.values) : "");
  return {
    ...rest,
    started: isoTime(startedWallMs),
    text:
      result.end === "finished"
        ? sentence(language, `verdict.${result.verdict}`)
        : `${sentence(language, `verdict.${result.verdict}`)} – ${sentence(language, `proofEnd.${result.end}`)}`,
    findings: findings.map(({ aspect, verdict, meter, text, cure }) => ({
      ...{ aspect, verdict, meter },
      text: said(text),
      cure: said(cure),
    })),
  };
}

/** The message of a step, or of the end of a run. */
export function newsMessage({ target, progress, result }: CommissioningNews, language: Language): object {
  const [, chargePoint, connector] = /^(.*)\/(\d+)$/.exec(target) ?? [];
  return {
    topic: `commissioning/${target}`,
    ...{ chargePoint, connector: Number(connector) },
    payload: { running: result === null, progress, result: result && resultView(result, language) },
  };
}

/** A connector, with what a run there takes. @param charger what people call it */
export function targetView(
  commissioning: Pick<Commissioning, "needs">,
  { target, charger }: Pick<TargetView, "target" | "charger">,
  language: Language,
): TargetView {
  const needs = commissioning.needs(target).map(({ need, lacks, values }): NeedView => {
    const code = lacks === null ? (`proofNeed.${need}` as const) : (`refused.${lacks}` as const);
    return { need, isMet: lacks === null, text: sentence(language, code, { target: charger, ...values }) };
  });
  return { target, charger, needs };
}
