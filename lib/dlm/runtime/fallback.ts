import { sentence } from "../../words/sentence.ts";
import type { Language } from "../../words/types.ts";
/** What connectors are told when there is no decision to tell: without a valid tree, and while the control cycle fails. */

import type { PlantConnector, PlantTree } from "../topology/plant.ts";
import { pathOf, rootPlant } from "../topology/root-plant.ts";
import { amps, type Explanation } from "./explain.ts";

/** A connector that is told something: enough of it for the board and a message. */
export type PublishedConnector = Pick<
  PlantConnector,
  "id" | "chargePoint" | "connector" | "zoneName" | "wiring" | "departed"
>;

/** A connector and what it is told. */
export interface PublishedSetpoint {
  connector: PublishedConnector;
  explanation: Explanation;
}

/** 0 A for all, because nothing is known to fit (S5). */
export function stopped(connectors: readonly PublishedConnector[], why: string): PublishedSetpoint[] {
  return connectors.map((connector) => ({
    connector,
    explanation: { limitA: 0, reasons: [{ code: "OFF", text: why }], text: `0 A: ${why}` },
  }));
}

/**
 * The last setpoints of a root zone again, or lowered to the fail-safe current where that is less, and to 0 where that is below the
 * connector's minimum. Never more than the last.
 */
export function kept(
  tree: PlantTree,
  root: string,
  setpoints: ReadonlyMap<string, number>,
  lower: boolean,
  language: Language = "en-US",
): PublishedSetpoint[] {
  const plant = rootPlant(tree, root);
  return plant.connectors.map((connector) => {
    const lastA = setpoints.get(connector.id) ?? 0;
    const failSafeA = Math.min(
      ...pathOf(plant, connector.zone).map(({ zone }) => zone.failSafeA ?? Number.POSITIVE_INFINITY),
    );
    const { minA, minA3p = minA } = connector.wiring;
    const safeA = failSafeA >= Math.max(minA, minA3p) ? Math.min(lastA, failSafeA) : 0;
    const limitA = lower ? safeA : lastA;
    const why = sentence(language, lower ? "load.cycleFails" : "load.cycleFailed");
    return {
      connector,
      explanation: { limitA, reasons: [{ code: "FAILSAFE", text: why }], text: `${amps(limitA)}: ${why}` },
    };
  });
}
