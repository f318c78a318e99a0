import type { JsonValue, MaybeTriple } from "../../../units.ts";
import { list, record } from "../../inputs/signals.ts";
import type { ConnectorFacts } from "../../topology/facts.ts";
import type { PlantConnector, PlantZone } from "../../topology/plant.ts";
import { measuredOnSite, pathOf, type RootPlant } from "../../topology/root-plant.ts";
import { type MeterDoubt, MeterSteps } from "./meter-steps.ts";
import { type Run, SteadyRuns, together } from "./steady-runs.ts";

interface Charger {
  runs: SteadyRuns;
  /** Its current is known; what it draws while it is not is load like any other. */
  known: boolean;
}

/** Which meters of a tree do not follow the chargers behind them. */
export class MeterDoubts {
  readonly #meters = new Map<string, MeterSteps>();
  readonly #chargers = new Map<string, Charger>();
  #plant: RootPlant | null = null;
  /** Each zone, with those at and above it whose meters are followed. */
  #followedAbove: ReadonlyMap<string, readonly string[]> = new Map();
  #saved: ReadonlyMap<string, JsonValue> = new Map();
  #told = "";

  /** Takes a good sample of a meter; of one that no chargers are behind nothing is kept. */
  measured(meter: string, currentA: MaybeTriple, nowMs: number): void {
    this.#meters.get(meter)?.measured(nowMs, currentA);
  }

  /**
   * Takes what is known of the connectors of a tree, in its order.
   * @param generates power may come from behind the meters: photovoltaics or a battery are known of
   */
  look(plant: RootPlant, facts: readonly ConnectorFacts[], generates: boolean, nowMs: number): void {
    if (plant !== this.#plant) this.#replant(plant);
    if (this.#meters.size === 0) return;
    const below = new Map<string, { runs: Run[]; changed: boolean }>();
    plant.connectors.forEach((connector, i) => {
      const { run, changed } = this.#follow(connector, facts[i]!, nowMs);
      if (!run && !changed) return;
      for (const zone of this.#followedAbove.get(connector.zone) ?? []) {
        const zoneRuns = below.get(zone) ?? { runs: [], changed: false };
        if (run) zoneRuns.runs.push(run);
        zoneRuns.changed ||= changed;
        below.set(zone, zoneRuns);
      }
    });
    for (const { zone, meters } of plant.zones) {
      const listed = meters.find(isIncluding);
      const found = below.get(zone.id);
      const steps = listed && this.#meters.get(listed.meter);
      if (!steps || !found) continue;
      if (found.changed) steps.forgetLevel();
      const run = together(found.runs);
      if (run) steps.look(nowMs, run, generates);
    }
  }

  /** What is wrong with a meter; null = nothing that is known. */
  of(meter: string): MeterDoubt | null {
    return this.#meters.get(meter)?.doubt ?? null;
  }

  /** True once after a meter has come to be doubted, or is not any more. */
  get changed(): boolean {
    const now = JSON.stringify([...this.#meters].map(([meter, steps]) => [meter, steps.doubt]));
    const changed = now !== this.#told;
    this.#told = now;
    return changed;
  }

  save(): JsonValue {
    return [...this.#saved, ...[...this.#meters].map(([meter, steps]): [string, JsonValue] => [meter, steps.save()])];
  }

  restore(saved: JsonValue | undefined): void {
    const entries = list(saved).map(list);
    this.#saved = new Map(entries.map(([meter, state]) => [String(meter), state as JsonValue]));
    for (const [meter, steps] of this.#meters) steps.restore(record(this.#saved.get(meter)) as JsonValue);
  }

  /** Meters and chargers that are in the tree; what was learnt of the others is forgotten. */
  #replant(plant: RootPlant): void {
    this.#plant = plant;
    const isFollowed = ({ meters }: PlantZone) => meters.some(isIncluding);
    const followed = ({ zone }: PlantZone) =>
      pathOf(plant, zone.id)
        .filter(isFollowed)
        .map((above) => above.zone.id);
    this.#followedAbove = new Map(plant.zones.map((one) => [one.zone.id, followed(one)]));
    const listed = plant.zones.flatMap(({ meters }) => meters.filter(isIncluding));
    const names = new Set(listed.map(({ meter }) => meter));
    for (const meter of this.#meters.keys()) if (!names.has(meter)) this.#meters.delete(meter);
    for (const meter of names) {
      const steps = this.#meters.get(meter) ?? new MeterSteps();
      if (!this.#meters.has(meter)) steps.restore(this.#saved.get(meter));
      steps.forgetLevel();
      this.#meters.set(meter, steps);
    }
    this.#saved = new Map();
    const ids = new Set(plant.connectors.map(({ id }) => id));
    for (const id of this.#chargers.keys()) if (!ids.has(id)) this.#chargers.delete(id);
  }

  #follow(connector: PlantConnector, facts: ConnectorFacts, nowMs: number): { run: Run | null; changed: boolean } {
    const charger = this.#chargers.get(connector.id) ?? { runs: new SteadyRuns(), known: false };
    this.#chargers.set(connector.id, charger);
    const { state, measuredA, measuredAtMs } = facts;
    if (state === "available") charger.runs.add(nowMs, [0, 0, 0]);
    else if (state !== "offline" && measuredA)
      charger.runs.add(measuredAtMs ?? nowMs, measuredOnSite(connector, facts));
    const run = state === "offline" || (state !== "available" && !measuredA) ? null : charger.runs.at(nowMs);
    const changed = charger.known !== (run !== null);
    charger.known = run !== null;
    return { run, changed };
  }
}

function isIncluding({ location }: { location: string }): boolean {
  return location === "including";
}
