import { createSetpointBoard } from "../../lib/dlm/board.ts";
import { createDlmRuntime, type DlmRuntime } from "../../lib/dlm/runtime/runtime.ts";
import { CONFIG } from "../building/building.ts";
import { charger, treeOf, WIRING, zone } from "../building/plant.ts";
import { FakeClock } from "../fake-clock.ts";
import type { PvDay } from "./days.ts";
import type { PvBalance } from "./pv-home.ts";

const VOLTAGE_V = 230;
const TREE = treeOf(
  [zone("main", { limitA: [35, 35, 35] })],
  [charger("CP1", "main", { connectors: [{ ...WIRING, maxA: 16, mode: "pv" }] })],
);
/** A charger that changes its phases pauses the car for so long, s. */
const PAUSE_S = 30;

/** What a day came to, with how often the phases were switched and the highest current on one phase at the first second after a switch down. */
export interface SwitchingBalance extends Omit<PvBalance, "usableWh" | "commands"> {
  switches: number;
  afterSwitchA: number;
}

/** A home whose charger is driven by a flow and feeds a three-phase car on one phase or on three, as the load management says. */
export class SwitchingHome {
  readonly balance: SwitchingBalance = { chargedWh: 0, boughtWh: 0, starts: 0, switches: 0, afterSwitchA: 0 };
  readonly #clock = new FakeClock();
  readonly #runtime: DlmRuntime;
  #limitA = 0;
  #phases: 1 | 3 = 3;
  #toldPhases: 1 | 3 = 3;
  #pausedS = 0;
  #drawA = 0;
  #second = 0;

  constructor() {
    this.#runtime = createDlmRuntime({
      root: "main",
      clock: this.#clock,
      plant: () => TREE,
      facts: () => [],
      board: createSetpointBoard(),
      config: CONFIG,
      output: {
        allocation: ({ payload }) => {
          this.#limitA = payload.limitA;
          this.#toldPhases = payload.phases ?? 3;
        },
        zone: () => {},
        alarm: () => {},
        state: () => {},
        newest: () => {},
        status: () => {},
        log: () => {},
      },
    });
    this.#runtime.start();
  }

  /** Runs through the seconds of a day from one to another. */
  run(day: PvDay, fromS = 0, toS = day.pvW.length): SwitchingBalance {
    for (let second = fromS; second < toS; second++) this.#step(day.pvW[second]! - day.houseW[second]!);
    return this.balance;
  }

  close(): void {
    this.#runtime.close();
  }

  #step(surplusW: number): void {
    this.#move();
    const carW = this.#drawA * this.#phases * VOLTAGE_V;
    this.balance.chargedWh += carW / 3600;
    this.balance.boughtWh += Math.max(0, carW - Math.max(0, surplusW)) / 3600;
    if (this.#second % 10 === 0) this.#report();
    this.#runtime.input({
      topic: "surplus",
      payload: { surplusW: surplusW - carW, enableDelayS: 60, disableDelayS: 180 },
    });
    this.#clock.advance(1000);
    this.#second++;
  }

  #move(): void {
    if (this.#toldPhases !== this.#phases && this.#pausedS === 0) {
      if (this.#toldPhases === 1) this.balance.afterSwitchA = Math.max(this.balance.afterSwitchA, this.#limitA);
      this.#phases = this.#toldPhases;
      this.#pausedS = PAUSE_S;
      this.balance.switches++;
    }
    const wasA = this.#drawA;
    const offeredA = this.#pausedS > 0 || this.#limitA < 6 ? 0 : Math.floor(this.#limitA + 1e-9);
    this.#drawA = offeredA > wasA ? Math.min(offeredA, Math.max(6, wasA + 3)) : Math.max(offeredA, wasA - 10);
    if (wasA === 0 && this.#drawA > 0 && this.#pausedS === 0) this.balance.starts++;
    this.#pausedS = Math.max(0, this.#pausedS - 1);
  }

  #report(): void {
    const measuredA = [0, 1, 2].map((terminal) => (terminal < this.#phases ? this.#drawA : 0));
    const payload = { state: "charging", measuredA, switchesPhases: true };
    this.#runtime.input({ topic: "connector/CP1/1", payload });
  }
}
