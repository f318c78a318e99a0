import type { Node, NodeAPI, NodeMessage } from "node-red";
import { systemClock } from "../lib/clock.ts";
import { EvError } from "../lib/errors.ts";
import type { MeasurementPayload } from "../lib/messages.ts";
import { compileMapping, type MeterMapping } from "../lib/metering/mapping.ts";
import { MeterInput } from "../lib/metering/mapping-input.ts";
import { postReading, takeOff } from "../lib/metering/meter-board.ts";
import { claimName, releaseName } from "../lib/names.ts";
import { serveMappings } from "./admin/mapping-pages.ts";
import { measurementMessage, readingInWords } from "./admin/meter-words.ts";
import { permitUserEverywhere } from "./admin/rights.ts";
import { nodeRedExpressions } from "./runtime/mapping-expressions.ts";
import type { Properties } from "./runtime/properties.ts";
import { registerNode } from "./runtime/register.ts";
import { sendOut } from "./runtime/send.ts";
import { shorten } from "./runtime/start.ts";
import type { StatusLine } from "./runtime/status.ts";

interface Settings {
  meter: string;
  mapping: MeterMapping;
  staleAfterS: number;
}

/** Makes measurements of any messages, by a mapping. */
export default function register(RED: NodeAPI): void {
  serveMappings(RED);
  registerNode(RED, "ev-meter-input", {
    idle: "this meter has an error in its properties and takes no messages",
    setUp: (node, read, status) => {
      const settings = readSettings(RED, node, read);
      claimName("meter", settings.meter, node.id, `ev-meter-input "${settings.meter}" (${node.id})`);
      const meter = new Mapped(node, settings, status);
      return {
        input: async (message) => {
          permitUserEverywhere(node, message);
          await meter.accept(message);
        },
        close: () => {
          meter.stop();
          releaseName("meter", settings.meter, node.id);
          takeOff(settings.meter);
        },
      };
    },
  });
}

/** A meter made of messages, whose readings leave the node and whose state shows below it. */
class Mapped {
  readonly #node: Node;
  readonly #name: string;
  readonly #status: StatusLine;
  readonly #input: MeterInput;
  #problem: string | null = null;
  #hasRead = false;

  constructor(node: Node, { meter, mapping, staleAfterS }: Settings, status: StatusLine) {
    this.#node = node;
    this.#name = meter;
    this.#status = status;
    status.set("unknown", "ev-meter-input.status.waiting");
    this.#input = new MeterInput({
      mapping,
      staleAfterS,
      clock: systemClock,
      onMeasurement: (payload) => this.#tell(payload),
    });
  }

  /** Rejects with the error that Catch nodes are to see. */
  async accept(message: NodeMessage): Promise<void> {
    try {
      await this.#input.accept(message);
    } catch (error) {
      if (!this.#hasRead) this.#status.set("wrong", shorten((error as Error).message));
      throw error;
    }
  }

  stop(): void {
    this.#input.stop();
  }

  #tell(payload: MeasurementPayload): void {
    this.#show(payload);
    sendOut(this.#node, measurementMessage(this.#name, payload));
  }

  #show(payload: MeasurementPayload): void {
    postReading(this.#name, payload, systemClock.nowMs());
    const { problems, ageMs } = this.#input.health;
    this.#report(problems);
    if (payload.quality === "good") {
      this.#hasRead = true;
      this.#status.set("good", readingInWords(payload));
    } else if (payload.quality === "stale") this.#status.set("degraded", "ev-meter-input.status.stale");
    else if (problems.length > 0) this.#status.set("wrong", "ev-meter-input.status.implausible");
    else this.#status.set("wrong", `ev-meter-input.status.${ageMs === null ? "nothing" : "unknown"}`);
  }

  /** A value that cannot be true is told once, until all are well again. */
  #report([problem]: readonly string[]): void {
    if (problem && this.#problem === null) this.#node.error(new EvError("EV_METER_IMPLAUSIBLE", problem), {});
    this.#problem = problem ?? null;
  }
}

function readSettings(RED: NodeAPI, node: Node, read: Properties): Settings {
  return {
    meter: read.name("meter"),
    mapping: compileMapping(read.text("mapping"), nodeRedExpressions(RED, node)),
    staleAfterS: read.number("staleAfterS", 30, { min: 1, max: 86_400 }),
  };
}
