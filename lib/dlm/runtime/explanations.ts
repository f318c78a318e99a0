import type { Language } from "../../words/types.ts";
import { BY_HAND } from "../inputs/overrides.ts";
import { lowestCeiling } from "../snapshot/ceilings.ts";
import type { SampleView } from "../snapshot/samples.ts";
import type { ConnectorFacts } from "../topology/facts.ts";
import type { Ceiling, ControllerResult } from "../types.ts";
import { ifMetersWereFresh } from "./counterfactual.ts";
import { type Explanation, explain } from "./explain.ts";

/** The explanation of every connector's setpoint, with what it would get if a failed meter were fresh. @param facts those of the view, by id */
export function explainAll(
  view: SampleView,
  facts: ReadonlyMap<string, ConnectorFacts>,
  result: ControllerResult,
  language: Language = "en-US",
  timeZone = "",
): Map<string, Explanation> {
  const context = {
    ...view,
    result,
    ceilings: new Map(
      view.snapshot.connectors.flatMap((connector): [string, Ceiling][] => {
        const lowest = lowestCeiling(connector);
        return lowest ? [[connector.id, lowest]] : [];
      }),
    ),
    facts,
    ...(view.snapshot.config?.voltageV && { voltageV: view.snapshot.config.voltageV }),
    surplusW: view.snapshot.site ? -view.snapshot.site.gridW : null,
    limitedByHand: view.plant.zones.some(({ zone }) => view.limits(zone.id).some(({ source }) => source === BY_HAND)),
    otherwise: ifMetersWereFresh(view, result.setpoints, language),
    language,
    timeZone,
  };
  return new Map(view.plant.connectors.map(({ id }) => [id, explain(id, context)]));
}
