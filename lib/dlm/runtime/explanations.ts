import type { Language } from "../../words/types.ts";
import { BY_HAND } from "../inputs/overrides.ts";
import { lowestCeiling } from "../snapshot/ceilings.ts";
import type { SampleView } from "../snapshot/samples.ts";
import type { ConnectorFacts } from "../topology/facts.ts";
import type { Ceiling, ControllerResult, Reason, ReasonCode } from "../types.ts";
import { ifMetersWereFresh } from "./counterfactual.ts";
import { type ExplainContext, type Explanation, explain } from "./explain.ts";

/** Reasons that read alike for all connectors with the same current. Words of the others name a connector's own numbers. */
const SAID_ALIKE: ReadonlySet<ReasonCode> = new Set([
  "ZONE",
  "POWER",
  "GRID",
  "IMBALANCE",
  "MIN",
  "SETTLING",
  "MIN_OFF",
]);

/**
 * The explanation of every connector's setpoint, with what it would get if a failed meter were fresh. Connectors that are bound alike and
 * have the same current share one.
 * @param facts those of the view, by id
 */
export function explainAll(
  view: SampleView,
  facts: ReadonlyMap<string, ConnectorFacts>,
  result: ControllerResult,
  language: Language = "en-US",
  timeZone = "",
): Map<string, Explanation> {
  const ceilings = new Map<string, Ceiling>();
  for (const connector of view.snapshot.connectors) {
    const lowest = lowestCeiling(connector);
    if (lowest) ceilings.set(connector.id, lowest);
  }
  const context: ExplainContext = {
    ...view,
    result,
    ceilings,
    facts,
    ...(view.snapshot.config?.voltageV && { voltageV: view.snapshot.config.voltageV }),
    surplusW: view.snapshot.site ? -view.snapshot.site.gridW : null,
    limitedByHand: view.plant.zones.some(({ zone }) => view.limits(zone.id).some(({ source }) => source === BY_HAND)),
    otherwise: ifMetersWereFresh(view, result.setpoints, language),
    language,
    timeZone,
  };
  const alike = new AlikeExplanations();
  const explanations = new Map<string, Explanation>();
  for (const { id } of view.plant.connectors) {
    const { limitA, reasons } = result.setpoints[id]!;
    const make = () => explain(id, context);
    explanations.set(id, isAlone(id, reasons, context) ? make() : alike.of(reasons, limitA, make));
  }
  return explanations;
}

/** Whether its list of reasons is its own, or something that holds for this connector alone may be part of its explanation. */
function isAlone(id: string, reasons: readonly Reason[], context: ExplainContext): boolean {
  return (
    !Object.isFrozen(reasons) ||
    !reasons.every(({ code }) => SAID_ALIKE.has(code)) ||
    context.otherwise?.has(id) === true ||
    context.overrides?.of(id) !== undefined ||
    context.phases?.(id) !== undefined
  );
}

/** Explanations by the frozen list of reasons, which connectors bound alike share, and by current. */
class AlikeExplanations {
  readonly #made = new Map<readonly Reason[], Map<number, Explanation>>();

  of(reasons: readonly Reason[], limitA: number, make: () => Explanation): Explanation {
    const byCurrent = this.#made.get(reasons) ?? new Map<number, Explanation>();
    this.#made.set(reasons, byCurrent);
    const explanation = byCurrent.get(limitA) ?? make();
    byCurrent.set(limitA, explanation);
    return explanation;
  }
}
