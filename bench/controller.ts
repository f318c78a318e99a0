import { allocate } from "../lib/dlm/allocation/allocate.ts";
import { createDlmController } from "../lib/dlm/controller/controller.ts";
import type { ControllerResult, Snapshot } from "../lib/dlm/types.ts";
import { site } from "./allocate.ts";
import { type BenchFigure, median } from "./figure.ts";

const CONNECTORS = 10_000;
const CYCLE_MS = 5000;
const WARM_UP_ROUNDS = 80;
const ROUNDS = 81;

/** A site in which every charger reports at every cycle and draws what it is given, beside a house that changes its load. */
class Site {
  readonly #input = site(CONNECTORS);
  readonly #controller = createDlmController();
  #nowMs = 0;
  #last: ControllerResult | null = null;

  /** The next snapshot, made outside the measured time. */
  snapshot(): Snapshot {
    this.#nowMs += CYCLE_MS;
    const flowA = [0, 0, 0].map((_, p) => 4000 + 500 * Math.sin(this.#nowMs / 60_000 + p));
    const connectors = this.#input.connectors.map((connector) => {
      const limitA = connector.state === "offline" ? 0 : (this.#last?.setpoints[connector.id]?.limitA ?? 0);
      const phases = connector.phases ?? 3;
      const measuredA = phases === 3 ? [limitA, limitA, limitA] : [limitA];
      const letters = [...(connector.rotation ?? "RST")].slice(0, phases);
      for (const letter of letters) flowA["RST".indexOf(letter)]! += limitA;
      return { ...connector, measuredA, measuredTsMs: this.#nowMs };
    });
    const zones = this.#input.zones.map(({ meters, ...zone }): Snapshot["zones"][number] =>
      meters ? { ...zone, meters: [{ id: "grid", location: "including", currentA: flowA, tsMs: this.#nowMs }] } : zone,
    );
    return { zones, connectors };
  }

  tick(snapshot: Snapshot): void {
    this.#last = this.#controller.tick(this.#nowMs, snapshot);
  }
}

/** The same snapshot as the allocator takes it. */
function inputOf({ zones, connectors }: Snapshot): Parameters<typeof allocate>[0] {
  const aged = zones.map(({ meters, ...zone }) =>
    meters ? { ...zone, meters: meters.map(({ tsMs, ...meter }) => ({ ...meter, ageS: 0 })) } : zone,
  );
  return { zones: aged, connectors };
}

function timeMs(work: () => unknown): number {
  const startMs = performance.now();
  work();
  return performance.now() - startMs;
}

/** A whole tick of the controller at 10,000 connectors beside `allocate` alone on the same snapshots. */
export async function bench(): Promise<BenchFigure[]> {
  const building = new Site();
  const ticksMs: number[] = [];
  const allocationsMs: number[] = [];
  for (let round = 0; round < WARM_UP_ROUNDS + ROUNDS; round++) {
    const snapshot = building.snapshot();
    const input = inputOf(snapshot);
    const allocationMs = timeMs(() => allocate(input));
    const tickMs = timeMs(() => building.tick(snapshot));
    if (round < WARM_UP_ROUNDS) continue;
    allocationsMs.push(allocationMs);
    ticksMs.push(tickMs);
  }
  const ratios = ticksMs.map((tickMs, round) => tickMs / allocationsMs[round]!);
  return [
    {
      name: "controller tick, 10,000 connectors",
      value: median(ticksMs),
      unit: "ms",
      baseline: median(allocationsMs),
      ratio: median(ratios),
      aim: "at most 2 times allocate",
      detail: { baseline: "allocate on the same snapshots", cycleS: CYCLE_MS / 1000 },
    },
  ];
}
