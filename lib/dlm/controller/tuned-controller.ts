import type { JsonValue } from "../../units.ts";
import type { AloneRows, ControllerConfig, ControllerResult, DlmController, Snapshot } from "../types.ts";
import { hasSeenADay } from "./background/assumed-load.ts";
import { createDlmController } from "./controller.ts";
import { memoryFromJson, withNewNames } from "./memory.ts";

/** A controller whose settings may change while it works: another one goes on with what it remembers. */
export class TunedController implements DlmController {
  #settings: Partial<ControllerConfig>;
  #key: string;
  #controller: DlmController;

  /** @param saved an earlier `state()`; anything that is not one is ignored */
  constructor(settings: Partial<ControllerConfig>, saved: JsonValue | undefined) {
    this.#settings = settings;
    this.#key = JSON.stringify(settings);
    this.#controller = createDlmController(settings, saved);
  }

  get settings(): Partial<ControllerConfig> {
    return this.#settings;
  }

  tune(settings: Partial<ControllerConfig>): void {
    const key = JSON.stringify(settings);
    if (key === this.#key) return;
    this.#settings = settings;
    this.#key = key;
    this.#controller = createDlmController(settings, this.#controller.state());
  }

  /** Names of the zones whose own load was seen for a whole day. */
  get seenADay(): ReadonlySet<string> {
    const { seen } = memoryFromJson(this.#controller.state());
    return new Set([...seen].filter(([, load]) => hasSeenADay(load)).map(([zone]) => zone));
  }

  /** Zones have other names now: what was seen of them goes with them. @param names new ones by those they had */
  rename(names: ReadonlyMap<string, string>): void {
    this.#controller = createDlmController(this.#settings, withNewNames(this.#controller.state(), names));
  }

  tick(nowMs: number, snapshot: Snapshot): ControllerResult {
    return this.#controller.tick(nowMs, snapshot);
  }

  state(): JsonValue {
    return this.#controller.state();
  }

  aloneRows(): AloneRows | null {
    return this.#controller.aloneRows();
  }
}
