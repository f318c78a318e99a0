import type { AllocationMessage } from "../../messages.ts";
import type { BoardSetpoint } from "../board.ts";
import type { SampleMoment } from "../snapshot/sample-view.ts";
import { Announcements, allocationMessage } from "./announce.ts";
import type { PublishedSetpoint } from "./fallback.ts";
import type { DlmRuntimeOptions } from "./runtime-types.ts";

/** Puts setpoints on the board, and announces what changed or is due. */
export class SetpointPublisher {
  readonly #options: Pick<DlmRuntimeOptions, "config" | "board" | "words">;
  readonly #phases: (id: string) => 1 | 3 | undefined;
  readonly #announce: (message: AllocationMessage) => void;
  readonly #announcements = new Announcements();

  /** @param options as they are at each telling @param phases that a connector is told to have; undefined where it cannot choose */
  constructor(
    options: Pick<DlmRuntimeOptions, "config" | "board" | "words">,
    phases: (id: string) => 1 | 3 | undefined,
    announce: (message: AllocationMessage) => void,
  ) {
    this.#options = options;
    this.#phases = phases;
    this.#announce = announce;
  }

  /** All is announced anew. */
  forget(): void {
    this.#announcements.forget();
  }

  /** @param regular at a full cycle: what is due is announced although it did not change */
  tell(words: Iterable<PublishedSetpoint>, regular: boolean, { nowMs, wallMs }: SampleMoment): void {
    const { config, board, words: wordsOf } = this.#options;
    const { cycleS } = config;
    for (const { connector, explanation } of words) {
      if (connector.departed) continue;
      const { limitA, phases = this.#phases(connector.id) } = explanation;
      const setpoint: BoardSetpoint = { limitA, atMs: nowMs, cycleS, zone: connector.zoneName };
      if (phases) setpoint.phases = phases;
      board.set(connector.id, setpoint);
      const told = phases === explanation.phases ? explanation : { ...explanation, ...(phases && { phases }) };
      const seq = this.#announcements.due(connector, told, regular ? cycleS * 1000 : null, nowMs);
      if (seq === null) continue;
      const [binding] = explanation.reasons;
      const plain = binding && wordsOf?.(binding);
      this.#announce(allocationMessage(connector, told, { seq, cycleS, wallMs, words: plain }));
    }
  }
}
