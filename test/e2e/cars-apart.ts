import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { SimulatedState } from "../../lib/simulator/charger/state.ts";
import { ROOT } from "./package.ts";

/** Simulated chargers in a process of their own, as chargers on the wall are. */
export class CarsApart {
  #states: Record<string, SimulatedState> = {};
  readonly #child: ChildProcess;

  /** @param more options of `scripts/simulate.ts` */
  constructor(port: number, identities: readonly string[], more: readonly string[] = []) {
    const url = `ws://127.0.0.1:${port}`;
    const args = [
      join(ROOT, "scripts/simulate.ts"),
      "--url",
      url,
      "--identities",
      identities.join(","),
      "--json",
      ...more,
    ];
    this.#child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
    createInterface({ input: this.#child.stdout! }).on("line", (line) => {
      this.#states = (JSON.parse(line) as { chargePoints: Record<string, SimulatedState> }).chargePoints;
    });
  }

  /** What a charger was at a second ago at most; null before it said anything. */
  state(identity: string): SimulatedState | null {
    return this.#states[identity] ?? null;
  }

  /** A on the worst phase. */
  drawnA(identity: string): number {
    return Math.max(...(this.state(identity)?.currentA ?? [0]));
  }

  stop(): void {
    this.#child.kill("SIGTERM");
  }
}
