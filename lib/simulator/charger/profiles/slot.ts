import type { Control } from "../../control.ts";
import { SimulatedChargePoint } from "../charge-point.ts";
import type { SimulatorOptions } from "../options.ts";
import type { SimulatedState } from "../state.ts";

/** A place for one simulated charge point. It keeps running while its options stay the same, and is replaced when they change. */
export class SimulatorSlot {
  /** Told each state, and on `configure` the present one. Must not throw. */
  onChange: ((state: SimulatedState) => void) | null = null;
  #chargePoint: SimulatedChargePoint | null = null;
  #options = "";

  /** @throws EvError EV_CONFIG_INVALID as SimulatedChargePoint; what ran before goes on */
  configure(options: SimulatorOptions): void {
    const wanted = JSON.stringify(options);
    if (wanted !== this.#options) {
      const next = new SimulatedChargePoint({ ...options, onChange: (state) => this.onChange?.(state) });
      void this.#chargePoint?.close();
      this.#chargePoint = next;
      this.#options = wanted;
      next.start();
    } else if (this.#chargePoint) this.onChange?.(this.#chargePoint.state);
  }

  command(control: Control): void {
    this.#chargePoint?.command(control);
  }

  async close(): Promise<void> {
    await this.#chargePoint?.close();
    this.#chargePoint = null;
    this.#options = "";
  }
}
