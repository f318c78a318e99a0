import type { JsonValue } from "../../units.ts";
import { list } from "../inputs/signals.ts";
import type { ConnectorFacts } from "../topology/facts.ts";
import { placeOf, type RootPlant } from "../topology/root-plant.ts";
import type { SnapshotConnector } from "../types.ts";

/** What a snapshot says of the limit that a connector was commanded last. */
type CommandedFields = Pick<SnapshotConnector, "commandedA" | "leaseEnded">;

/**
 * The limits last commanded to the connectors of a root zone, A: the one memory of them. Every decision goes on from them, after a
 * restart, too. A limit that a charger holds without a present decision (its lease has ended, or its connection was lost) takes the place
 * of the commanded one before the next decision.
 */
export class CommandedLimits {
  #limitsA: ReadonlyMap<string, number>;
  /** Connectors that no decision reached since they went offline. */
  #away: ReadonlySet<string>;
  /** Connectors that fell to a lower limit by themselves before the next decision. */
  #ended: ReadonlySet<string> = new Set();
  #decided = false;
  #pulledDown = false;

  /** @param setpoints and @param away parts of an earlier state; what is none in them is left out */
  constructor(setpoints?: JsonValue, away?: JsonValue) {
    const pairs = list(setpoints).map(list);
    this.#limitsA = new Map(
      pairs.filter((pair): pair is [string, number] => typeof pair[0] === "string" && typeof pair[1] === "number"),
    );
    this.#away = new Set(list(away).filter((id) => typeof id === "string"));
  }

  /** A by connector. */
  get limitsA(): ReadonlyMap<string, number> {
    return this.#limitsA;
  }

  /** The guard, or the fail-safe of a failing cycle, took the place of the last decision: the next one raises nothing. */
  get pulledDown(): boolean {
    return this.#pulledDown;
  }

  /** A connector that was never commanded has 0 A. */
  of(id: string): CommandedFields & { commandedA: number } {
    const commandedA = this.#limitsA.get(id) ?? 0;
    return this.#ended.has(id) ? { commandedA, leaseEnded: true } : { commandedA };
  }

  /**
   * Takes what chargers hold before a decision. A connector that comes back with a car that charges goes on from the limit that it still
   * follows; with less than its minimum it begins anew (S3). Before the first decision after a start, leases may have ended.
   * @param reported of all connectors of the site
   * @returns whether a limit changed
   */
  reported(plant: RootPlant, reported: readonly ConnectorFacts[]): boolean {
    const heldA = new Map<string, number>();
    const ended = new Set(this.#ended);
    for (const facts of this.#decided ? [] : reported) {
      if (facts.heldA === undefined || this.of(facts.id).commandedA <= facts.heldA) continue;
      heldA.set(facts.id, facts.heldA);
      ended.add(facts.id);
    }
    const isBelow = ({ id }: ConnectorFacts) => placeOf(plant, id) !== undefined;
    const awayBefore = reported.filter((one) => this.#away.has(one.id) && isBelow(one));
    for (const { id, state, reservedA, heldA: ownA = 0, wiring } of awayBefore) {
      if (state !== "charging" || reservedA !== null || ownA < wiring.minA) continue;
      heldA.set(id, ownA);
      ended.delete(id);
    }
    this.#away = new Set(reported.filter((one) => this.#isAway(one) && isBelow(one)).map(({ id }) => id));
    this.#ended = ended;
    if (heldA.size > 0) this.#limitsA = new Map([...this.#limitsA, ...heldA]);
    return heldA.size > 0;
  }

  /** Takes what is commanded from now on. @param pulledDown not as the controller decided: the next decision raises nothing */
  decided(limitsA: ReadonlyMap<string, number>, pulledDown = false): void {
    this.#limitsA = limitsA;
    this.#pulledDown = pulledDown;
    this.#decided = true;
    this.#ended = new Set();
  }

  save(): { setpoints: JsonValue; away: JsonValue } {
    return { setpoints: [...this.#limitsA], away: [...this.#away] };
  }

  /** A reconnected connector counts as away until its limit is confirmed: another limit may have been on its way when the connection was lost. */
  #isAway({ id, state, reservedA }: ConnectorFacts): boolean {
    return state === "offline" || (state === "charging" && reservedA !== null && this.#away.has(id));
  }
}
