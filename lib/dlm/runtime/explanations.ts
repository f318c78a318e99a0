import type { Language } from "../../words/types.ts";
import type { SampleView } from "../snapshot/samples.ts";
import type { ControllerResult } from "../types.ts";
import { ifMetersWereFresh } from "./counterfactual.ts";
import { type Explanation, explain } from "./explain.ts";

/** The explanation of every connector's setpoint, with what it would get if a failed meter were fresh. */
export function explainAll(
  view: SampleView,
  result: ControllerResult,
  language: Language = "en-US",
  timeZone = "",
): Map<string, Explanation> {
  const context = {
    ...view,
    result,
    facts: new Map(view.facts.map((facts) => [facts.id, facts])),
    ...(view.snapshot.config?.voltageV && { voltageV: view.snapshot.config.voltageV }),
    surplusW: view.snapshot.site ? -view.snapshot.site.gridW : null,
    otherwise: ifMetersWereFresh(view, result.setpoints, language),
    language,
    timeZone,
  };
  return new Map(view.plant.connectors.map(({ id }) => [id, explain(id, context)]));
}
