import { pricedTariff, stepEndsWallMs, stepNow, switchedTariff, type Tariff } from "../../pv/tariff.ts";
import type { JsonValue } from "../../units.ts";
import { pathOf, type RootPlant } from "../topology/root-plant.ts";
import type { ChargingMode } from "../types.ts";
import { list, record } from "./signals.ts";
import type { TariffSays } from "./tariff-input.ts";

/** What a tariff makes of a connector now. */
export interface TariffState {
  mode: ChargingMode;
  cheap: boolean;
  /** null = unknown. */
  price: number | null;
  untilWallMs: number;
}

/** Prices as flows gave them, by zone or connector. Survives a restart. */
export class Tariffs {
  #bySubject = new Map<string, Tariff>();

  set(subject: string, says: TariffSays | null, wallMs: number): void {
    if (says === null) this.#bySubject.delete(subject);
    else this.#bySubject.set(subject, tariffOf(says, wallMs));
  }

  /** Zones have other names. */
  rename(names: ReadonlyMap<string, string>): void {
    this.#bySubject = new Map([...this.#bySubject].map(([subject, tariff]) => [names.get(subject) ?? subject, tariff]));
  }

  /**
   * The connectors for which a tariff speaks now: their own before that of the nearest zone. One that is switched off by its
   * configuration stays off.
   */
  words(plant: RootPlant, wallMs: number): Map<string, TariffState> {
    const words = new Map<string, TariffState>();
    for (const [subject, { endsWallMs }] of this.#bySubject) if (endsWallMs <= wallMs) this.#bySubject.delete(subject);
    if (this.#bySubject.size === 0) return words;
    for (const { id, zone, wiring } of plant.connectors) {
      if (wiring.mode === "off") continue;
      const subjects = [id, ...pathOf(plant, zone).map((above) => above.zone.id)];
      for (const subject of subjects) {
        const word = wordOf(this.#bySubject.get(subject), wallMs);
        if (!word) continue;
        words.set(id, word);
        break;
      }
    }
    return words;
  }

  save(): JsonValue {
    return JSON.parse(JSON.stringify([...this.#bySubject])) as JsonValue;
  }

  /** Takes over what `save` gave; anything else is left out. */
  restore(saved: JsonValue | undefined): void {
    for (const entry of list(saved)) {
      const [subject, tariff] = list(entry);
      const { steps, endsWallMs, cheap, dear } = record(tariff);
      const sound = Array.isArray(steps) && typeof endsWallMs === "number" && cheap && dear;
      if (typeof subject === "string" && sound) this.#bySubject.set(subject, tariff as unknown as Tariff);
    }
  }
}

function tariffOf(says: TariffSays, wallMs: number): Tariff {
  switch (says.kind) {
    case "switch":
      return switchedTariff(says.on, says.modes, wallMs, says.ttlS);
    case "prices":
      return pricedTariff(says.slots, says.rule, says.modes, wallMs);
    case "schedule": {
      const steps = says.steps.map((step) => ({ ...step, price: null }));
      return { ...says.modes, steps, endsWallMs: says.endsWallMs };
    }
  }
}

function wordOf(tariff: Tariff | undefined, wallMs: number): TariffState | null {
  const step = tariff && stepNow(tariff, wallMs);
  if (!tariff || !step) return null;
  const { cheap, price } = step;
  return { mode: cheap ? tariff.cheap : tariff.dear, cheap, price, untilWallMs: stepEndsWallMs(tariff, step) };
}
