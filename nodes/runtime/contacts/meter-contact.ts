import type { Node, NodeMessage } from "node-red";
import { systemClock, type Timer } from "../../../lib/clock.ts";
import { DIGITAL_INPUTS, type DigitalInput, isClosed } from "../../../lib/metering/digital-inputs.ts";
import { ContactReader } from "../../../lib/modbus/contacts.ts";
import type { EvModbusNode } from "../node-types.ts";
import type { Properties } from "../properties.ts";
import { sendOut } from "../send.ts";

/** A digital input that is read as a contact. */
export interface MeterContact extends DigitalInput {
  unitId: number;
  debounceMs: number;
}

export interface ContactMessage {
  topic: string;
  meter: string;
  /** true = closed, null = unknown. */
  payload: boolean | null;
}

const LAST_ADDRESS = 65_535;
const REPEAT_MS = 60_000;

/** Whether this is the contact of a meter: nodes that take measurements leave it to an ev-limit. */
export function isContact({ topic }: NodeMessage): boolean {
  return typeof topic === "string" && topic.startsWith("contact/");
}

/**
 * The digital input that an ev-meter reads, or null.
 * @throws EvError EV_CONFIG_INVALID naming property and fix
 */
export function readMeterContact(read: Properties, profile: string, unitId: number): MeterContact | null {
  const contact = read.text("contact");
  if (!contact) return null;
  const debounceMs = read.number("contactDebounceMs", 200, { min: 0, max: 60_000 });
  if (contact === "own") return { ...readOwn(read), unitId, debounceMs };
  const { inputs = [] } = DIGITAL_INPUTS[profile] ?? {};
  const input = /^\d+$/.test(contact) ? inputs[Number(contact) - 1] : undefined;
  if (input) return { ...input, unitId, debounceMs };
  const known = inputs.length === 0 ? "" : `, 1 to ${inputs.length}`;
  throw read.wrong("contact", `empty (no digital input)${known}, or own with the address of the input`);
}

function readOwn(read: Properties): DigitalInput {
  const functionCode = read.number("contactFunction", 2);
  if (functionCode !== 1 && functionCode !== 2 && functionCode !== 3 && functionCode !== 4)
    throw read.wrong("contactFunction", "2 (discrete inputs), 1 (coils), 3 (holding) or 4 (input registers)");
  const bit = functionCode < 3 ? null : read.optionalNumber("contactBit", { min: 0, max: 15, integer: true });
  const address = read.number("contactAddress", 0, { min: 0, max: LAST_ADDRESS, integer: true });
  return { functionCode, address, registers: 1, bit };
}

/** Reads a digital input over and over, and says how it stands: at each change, and every minute. */
export class MeterContactTeller {
  readonly #node: Node;
  readonly #meter: string;
  readonly #reader: ContactReader;
  readonly #repeating: Timer;
  #failing = false;
  /** What was said last; undefined = nothing yet. */
  #said: boolean | null | undefined;

  constructor(node: Node, meter: string, contact: MeterContact, line: NonNullable<EvModbusNode["line"]>) {
    this.#node = node;
    this.#meter = meter;
    const { unitId, functionCode, address, registers, debounceMs } = contact;
    this.#reader = new ContactReader({
      ...{ unitId, functionCode, address, count: registers, debounceMs },
      toStates: (words) => [isClosed(contact, words)],
      bus: line.bus,
      timeoutMs: line.timeoutMs,
      clock: systemClock,
      onStates: (states) => this.#take(states?.[0] ?? null),
      onFailure: (error) => {
        this.#failing = true;
        node.error(error, {});
      },
    });
    this.#repeating = systemClock.setInterval(() => this.#say(), REPEAT_MS);
    this.#reader.start();
  }

  stop(): void {
    this.#reader.stop();
    systemClock.clear(this.#repeating);
  }

  /** The first state of a life has to stand its time, too: until then an ev-limit keeps what it knows. */
  #take(closed: boolean | null): void {
    if (closed !== null) this.#failing = false;
    const isYetToStand = closed === null && !this.#failing;
    if (isYetToStand || closed === this.#said) return;
    this.#said = closed;
    this.#say();
  }

  #say(): void {
    if (this.#said === undefined) return;
    const message: ContactMessage = { topic: `contact/${this.#meter}`, meter: this.#meter, payload: this.#said };
    sendOut(this.#node, message);
  }
}
