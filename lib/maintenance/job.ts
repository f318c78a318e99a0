import type { Clock, Timer } from "../clock.ts";
import { EvError } from "../errors.ts";
import type { StationEvent, StationEventName } from "../messages.ts";
import type { Stations } from "../station/connection/stations.ts";
import type { Tell } from "./types.ts";

export interface JobOptions {
  /** Identity of the charge point. */
  chargePoint: string;
  /** In words, for the error when its time is over: `the upload`. */
  what: string;
  stations: Pick<Stations, "onEvent">;
  clock: Clock;
  lastsMs: number;
  /** It ends when nothing is heard of it for so long; nothing = only when its time is over. */
  silentMs?: number;
  tell: Tell;
  /** Events of the charge point that concern it. */
  events: readonly StationEventName[];
  onEvent(event: StationEvent, job: MaintenanceJob): void;
  /** It is over, however it ended. */
  onEnd(): void;
}

/** Something that a charge point goes on with after its answer. It ends once: by report, by time, or because it is given up. */
export class MaintenanceJob {
  readonly #options: JobOptions;
  readonly #timer: Timer;
  #silence: Timer | undefined;
  readonly #stopListening: () => void;
  #over = false;
  #last = "";
  /** Steps wait for the answer to the command to be passed on first. */
  #waiting: (() => void)[] | null = [];

  constructor(options: JobOptions) {
    const { chargePoint, what, stations, clock, lastsMs, events } = options;
    this.#options = options;
    this.#timer = clock.setTimeout(() => {
      const hours = Math.round(lastsMs / 360_000) / 10;
      this.end(
        { status: "TimedOut" },
        new EvError("EV_OCPP_TIMEOUT", `${chargePoint}: ${what} did not end within ${hours} h`),
      );
    }, lastsMs);
    if (options.silentMs !== undefined) this.waitFor(options.silentMs);
    this.#stopListening = stations.onEvent(
      (event) => {
        if (event.chargePoint === chargePoint) options.onEvent(event, this);
      },
      { events: new Set(events) },
    );
  }

  /** Sends the command itself. @param goesOn whether it goes on after this answer @throws what `command` throws; the job is over then */
  async begin(
    command: () => Promise<Record<string, unknown>>,
    goesOn: (answer: Record<string, unknown>) => boolean,
  ): Promise<Record<string, unknown>> {
    try {
      const answer = await command();
      if (!goesOn(answer)) this.abandon();
      this.answered();
      return answer;
    } catch (error) {
      this.abandon();
      throw error;
    }
  }

  /** The command was answered: steps go out from now on. */
  answered(): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = null;
    // The answer itself goes out with the promise that carries it.
    if (waiting.length > 0) setImmediate(() => waiting.forEach(safely));
  }

  /** It goes on within so long, or not at all. */
  waitFor(silentMs: number): void {
    const { clock, chargePoint, what } = this.#options;
    clock.clear(this.#silence);
    if (this.#over) return;
    this.#silence = clock.setTimeout(() => {
      const minutes = Math.round(silentMs / 60_000);
      const text = `${chargePoint}: nothing was heard of ${what} for ${minutes} min`;
      this.end({ status: "Silent" }, new EvError("EV_OCPP_TIMEOUT", text));
    }, silentMs);
  }

  /** A report; the same one again says nothing. */
  progress(payload: Record<string, unknown>): void {
    const text = JSON.stringify(payload);
    if (this.#over || text === this.#last) return;
    this.#last = text;
    this.#tell(() => this.#options.tell({ kind: "progress", payload }));
  }

  end(payload: Record<string, unknown>, error: EvError | null): void {
    if (this.#over) return;
    this.abandon();
    this.#tell(() => this.#options.tell({ kind: "end", payload, error }));
  }

  /** Ends it without a word. */
  abandon(): void {
    if (this.#over) return;
    this.#over = true;
    this.#options.clock.clear(this.#timer);
    this.#options.clock.clear(this.#silence);
    this.#stopListening();
    this.#options.onEnd();
  }

  #tell(step: () => void): void {
    if (this.#waiting) this.#waiting.push(step);
    else safely(step);
  }
}

/** A message that cannot be copied, say, must not end the process from a timer. */
function safely(step: () => void): void {
  try {
    step();
  } catch (error) {
    process.emitWarning(error instanceof Error ? error : String(error));
  }
}
