import type { Node, NodeAPI } from "node-red";
import { systemClock, type Timer } from "../lib/clock.ts";
import { EvError } from "../lib/errors.ts";
import type { MeasurementMessage, MeasurementPayload } from "../lib/messages.ts";
import { postReading, takeOff } from "../lib/metering/meter-board.ts";
import type { PhaseMap } from "../lib/metering/orientation.ts";
import type { MeterProfile } from "../lib/metering/profiles.ts";
import { MeterReader, type ReaderHealth } from "../lib/metering/reader.ts";
import type { BusStatistics } from "../lib/modbus/statistics.ts";
import { ModbusException } from "../lib/modbus/transport.ts";
import { claimName, releaseName } from "../lib/names.ts";
import { serveMeterTools } from "./admin/meter-pages.ts";
import { doubtInShort, measurementMessage, readingInWords } from "./admin/meter-words.ts";
import { permitUserEverywhere } from "./admin/rights.ts";
import { lineOf } from "./runtime/borrowed-lines.ts";
import { isCoilMessage, writeCoil } from "./runtime/contacts/coils.ts";
import { type MeterContact, MeterContactTeller, readMeterContact } from "./runtime/contacts/meter-contact.ts";
import { readProfile, serveProfiles } from "./runtime/meter-profiles.ts";
import type { EvModbusNode } from "./runtime/node-types.ts";
import type { Properties } from "./runtime/properties.ts";
import { registerNode } from "./runtime/register.ts";
import { reply, sendOut } from "./runtime/send.ts";
import type { StatusLine } from "./runtime/status.ts";

/** A simulated meter of the same deploy opens its port meanwhile. */
const START_DELAY_MS = 50;

interface Settings {
  meter: string;
  role: string;
  profile: MeterProfile;
  unitId: number;
  intervalMs: number;
  invert: boolean;
  phaseMap: PhaseMap;
  statistics: boolean;
  contact: MeterContact | null;
}

/** A measurement; with the property `statistics`, how the line and the reading of this meter go stands beside it. */
export type EvMeterMessage = MeasurementMessage & { statistics?: { line: BusStatistics; meter: ReaderHealth } };

/** Reads one meter and says what it measures. */
export default function register(RED: NodeAPI): void {
  serveProfiles(RED);
  serveMeterTools(RED);
  registerNode(RED, "ev-meter", {
    idle: "this meter has an error in its properties and cannot be read",
    setUp: (node, read, status) => {
      const settings = readSettings(RED, read);
      const line = lineOf(RED, read.text("bus"));
      claimName("meter", settings.meter, node.id, `ev-meter "${settings.meter}" (${node.id})`, settings.role);
      const meter = new Meter(node, settings, line, status);
      return {
        input: async (message, send) => {
          permitUserEverywhere(node, message);
          if (isCoilMessage(message)) {
            await writeCoil(line, message);
            return;
          }
          send(reply(message, meter.message(await meter.readNow())));
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

/** A reader whose readings leave the node and whose state shows below it. */
class Meter {
  readonly #node: Node;
  readonly #settings: Settings;
  readonly #line: NonNullable<EvModbusNode["line"]>;
  readonly #status: StatusLine;
  readonly #reader: MeterReader;
  readonly #starting: Timer;
  #contact: MeterContactTeller | null = null;
  #asked = 0;
  #hasRead = false;
  #doubts: readonly string[] = [];
  /** Catalogue key of the last failure, until a good reading. */
  #why = "stale";

  constructor(node: Node, settings: Settings, line: NonNullable<EvModbusNode["line"]>, status: StatusLine) {
    this.#node = node;
    this.#settings = settings;
    this.#line = line;
    this.#status = status;
    status.set("unknown", "ev-meter.status.waiting");
    this.#reader = new MeterReader({
      ...settings,
      bus: line.bus,
      timeoutMs: line.timeoutMs,
      clock: systemClock,
      onMeasurement: (payload) => {
        this.#show(payload);
        sendOut(node, this.message(payload));
      },
      onFailure: (error, isRepeat) => this.#failed(error, isRepeat),
    });
    this.#starting = systemClock.setTimeout(() => this.#start(), START_DELAY_MS);
  }

  #start(): void {
    const { meter, contact } = this.#settings;
    this.#reader.start();
    if (contact) this.#contact = new MeterContactTeller(this.#node, meter, contact, this.#line);
  }

  message(payload: MeasurementPayload): EvMeterMessage {
    const message = measurementMessage(this.#settings.meter, payload);
    if (!this.#settings.statistics) return message;
    return { ...message, statistics: { line: this.#line.bus.statistics(), meter: this.#reader.health } };
  }

  /** Rejects with the error that Catch nodes are to see. */
  async readNow(): Promise<MeasurementPayload> {
    this.#asked++;
    try {
      const payload = await this.#reader.readNow();
      this.#show(payload);
      return payload;
    } finally {
      this.#asked--;
    }
  }

  stop(): void {
    systemClock.clear(this.#starting);
    this.#reader.stop();
    this.#contact?.stop();
  }

  #show(payload: MeasurementPayload): void {
    postReading(this.#settings.meter, payload, systemClock.nowMs());
    const [doubt] = this.#tellDoubts();
    const inShort = doubt && doubtInShort(doubt);
    if (payload.quality === "good") {
      this.#hasRead = true;
      this.#why = "stale";
      const reading = readingInWords(payload);
      if (inShort) this.#status.set("degraded", `${reading} · ${inShort}`);
      else this.#status.set("good", reading);
    } else if (payload.quality === "stale") this.#status.set("degraded", `ev-meter.status.${this.#why}`);
    else this.#status.set("wrong", inShort ?? `ev-meter.status.${this.#why}`);
  }

  /** Each new doubt is told once in full: the status has room for a word. */
  #tellDoubts(): readonly string[] {
    const { suspicions } = this.#reader.health;
    const told = new Set(this.#doubts.map(doubtInShort));
    for (const text of suspicions) if (!told.has(doubtInShort(text))) this.#node.warn(text);
    this.#doubts = suspicions;
    return suspicions;
  }

  #failed(error: EvError, isRepeat: boolean): void {
    const isAbsent = error.code === "EV_MODBUS_TIMEOUT" || (error instanceof ModbusException && error.isFromGateway);
    this.#why = isAbsent ? "EV_MODBUS_TIMEOUT" : error.code;
    const unheard = ["EV_MODBUS_CONNECT", "EV_MODBUS_TIMEOUT", "EV_MODBUS_BUSY", "EV_METER_FROZEN"].includes(this.#why);
    this.#status.set(unheard && this.#hasRead ? "degraded" : "wrong", `ev-meter.status.${this.#why}`);
    // A read that an input asked for fails through done(); telling it twice would be noise.
    const isReading = error.code === "EV_METER_IMPLAUSIBLE" || error.code === "EV_METER_FROZEN";
    if (isRepeat || (this.#asked > 0 && !isReading)) return;
    this.#node.error(isAbsent ? withAdvice(error, this.#settings.unitId) : error, {});
  }
}

/** A silent device has few causes: they are named where the error is read. */
function withAdvice(error: EvError, unitId: number): EvError {
  const advice = `unit ${unitId} is silent: check its unit id and wiring, on serial lines speed and parity; Find asks other unit ids`;
  return new EvError(error.code, `${error.message}; ${advice}`, { cause: error });
}

function readSettings(RED: NodeAPI, read: Properties): Settings {
  const profile = readProfile(RED, read);
  const unitId = read.number("unitId", 1, { min: 0, max: 255, integer: true });
  return {
    meter: read.name("meter"),
    role: read.choice("role", ["dlm", "consumption", "pv", "battery"]),
    profile,
    unitId,
    intervalMs: readInterval(read),
    invert: read.flag("invert", false),
    phaseMap: readPhaseMap(read),
    statistics: read.flag("statistics", false),
    contact: readMeterContact(read, profile.id, unitId),
  };
}

function readInterval(read: Properties): number {
  const intervalMs = read.number("intervalMs", 1000, { min: 0, max: 86_400_000 });
  if (intervalMs > 0 && intervalMs < 100) throw read.wrong("intervalMs", "0 (only on input) or at least 100 ms");
  return intervalMs;
}

function readPhaseMap(read: Properties): PhaseMap {
  const texts = read.texts("phaseMap");
  if (texts.length === 0) return [1, 2, 3];
  const sites = texts.map((text) => (text === "null" ? null : Number(text)));
  const wired = sites.filter((phase) => phase !== null);
  const valid = sites.length === 3 && wired.length > 0 && wired.every((phase) => [1, 2, 3].includes(phase));
  if (!valid || new Set(wired).size !== wired.length) {
    throw read.wrong(
      "phaseMap",
      "three of 1, 2, 3 (site phase of the meter's L1, L2, L3), each once, null where not wired",
    );
  }
  return sites as unknown as PhaseMap;
}
