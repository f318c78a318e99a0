/** A building in the sun, whose chargers may change their phases. */
import type { ChargingMode } from "../../lib/dlm/types.ts";
import type { AlarmMessage } from "../../lib/messages.ts";
import type { SetChargingProfileRequest } from "../../lib/ocpp/v16/index.ts";
import type { SimulatorOptions } from "../../lib/simulator/charger/options.ts";
import type { TraitPatch } from "../../lib/station/capabilities/models/types.ts";
import { OcppBuilding, type Taken, total } from "../building/ocpp-building.ts";

const VOLTAGE_V = 230;
const PHASES = [0, 1, 2] as const;

/** A charger of the home. */
export interface HomeCharger extends Partial<SimulatorOptions> {
  mode?: ChargingMode;
  /** What the user says of it. */
  overrides?: TraitPatch;
}

/** What a charger was told of its phases. */
interface Told {
  /** Phases told last, by profile or key, and since when (monotonic). */
  phases: number;
  atMs: number;
  /** A sample from after that showed one phase. */
  shown: boolean;
  switches: number;
}

export class OcppHome extends OcppBuilding {
  readonly told: Told[];
  /** Profiles written, oldest first. */
  readonly profiles: SetChargingProfileRequest[] = [];
  /** Longest time that commands, worst of both numbers of phases, came to more than the breaker carries, s. */
  longestOverS = 0;
  #overS = 0;

  constructor(chargers: readonly HomeCharger[], limitA = 35) {
    super(
      chargers.map(({ mode = "pv", overrides = {}, ...car }) => {
        return { car: { maxA: 16, ...car }, wiring: { maxA: 16, safeA: 0, mode }, point: { overrides } };
      }),
      limitA,
    );
    this.told = chargers.map(() => ({ phases: 3, atMs: Number.NEGATIVE_INFINITY, shown: false, switches: 0 }));
  }

  /** Phases that really carry current at a charger. */
  fed(index = 0): number {
    return this.places[index]!.car.state.siteCurrentA.filter((value) => value > 1).length;
  }

  raised(kind: string): AlarmMessage | undefined {
    const last = this.alarms.findLast(({ topic }) => topic.startsWith(`alarm/${kind}/`));
    return last?.payload.state === "raised" ? last : undefined;
  }

  setMode(mode: string, index = 0): void {
    this.control.runtime.input({ topic: `mode/CP${index + 1}/1`, payload: mode });
  }

  protected override speak(): void {
    super.speak();
    const payload = { surplusW: this.surplusW, enableDelayS: 60, disableDelayS: 180 };
    this.control.runtime.input({ topic: "surplus", payload });
  }

  /** A reading of its own of what may flow: a charger told one phase counts on all until a sample from after that shows one. */
  protected override look(): void {
    this.facts().forEach(({ measuredA, measuredAtMs, state }, i) => {
      const told = this.told[i]!;
      const shows = told.phases === 1 && measuredAtMs !== null && measuredAtMs > told.atMs && showsOne(measuredA);
      if (state === "offline") Object.assign(told, { shown: false, atMs: this.clock.nowMs() });
      else told.shown ||= shows;
    });
    const isOver = PHASES.some((p) => {
      const commandedA = this.told.map(({ shown }, i) => (shown && p > 0 ? 0 : this.commandedA(`CP${i + 1}/1`)));
      const backgroundA = Math.max(0, this.houseA[p]! - this.sunW / 3 / VOLTAGE_V);
      return total(commandedA) > 0 && backgroundA + total(commandedA) > this.limitA + 1e-6;
    });
    this.#overS = isOver ? this.#overS + 1 : 0;
    this.longestOverS = Math.max(this.longestOverS, this.#overS);
  }

  protected override took({ id, action, payload, status }: Taken): void {
    if (status !== "Accepted") return;
    const told = this.told[Number(id.slice(2)) - 1]!;
    const tell = (phases: number) => {
      if (told.phases === phases) return;
      Object.assign(told, { phases, atMs: this.clock.nowMs(), shown: false, switches: told.switches + 1 });
    };
    if (action === "SetChargingProfile") {
      const request = payload as unknown as SetChargingProfileRequest;
      this.profiles.push(request);
      const { chargingSchedulePeriod } = request.csChargingProfiles.chargingSchedule;
      const isBaseline = chargingSchedulePeriod.length < 2;
      if (!isBaseline) tell(chargingSchedulePeriod[0]!.numberPhases ?? told.phases);
    }
    if (action === "ChangeConfiguration" && payload["key"] === "SimulatedPhases") tell(Number(payload["value"]));
  }
}

function showsOne(measuredA: readonly (number | null)[] | null): boolean {
  return (
    measuredA !== null && (measuredA[0] ?? 0) > 1 && measuredA.slice(1).every((value) => value !== null && value <= 1)
  );
}
