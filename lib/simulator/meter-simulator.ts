import type { Clock } from "../clock.ts";
import { type Measurement, NOTHING_KNOWN, type RegisterRead } from "../metering/decode.ts";
import { encodeRegisters } from "../metering/encode.ts";
import type { MeterProfile } from "../metering/profile-schema.ts";
import type { MbapFrame } from "../modbus/mbap.ts";
import type { Triple } from "../units.ts";
import { drawOf } from "./draws.ts";
import { type Load, loadAt } from "./meter-load.ts";
import { MeterModel } from "./meter-model.ts";
import { answer, EXCEPTION, exception } from "./meter-registers.ts";
import { MeterServer, replyTo } from "./meter-server.ts";

/** What a simulated meter can act out: `frozen` repeats its last values for ever, `stop` is a meter without power. */
export const METER_FAULTS = ["none", "silent", "garbage", "frozen", "stop", "exception", "nan"] as const;
export type MeterFault = (typeof METER_FAULTS)[number];

/** What a simulated meter is. */
export interface SimulatedMeter {
  host: string;
  port: number;
  unitId: number;
  profile: MeterProfile;
  /** What is drawn besides the included charge points. */
  load: Load;
  /** How long the day of a curve lasts; 1440 = as long as a real one. */
  dayMinutes?: number;
  /** Identities of simulated charge points behind the meter; `*` = all. */
  includes: readonly string[];
}

const GARBAGE = Buffer.from("\x16\x03\x01 this is not Modbus at all \xff\xfe", "latin1");

/** A simulated energy meter: a real Modbus TCP server in front of a modelled supply, with faults on request. */
export class MeterSimulator {
  readonly #clock: Clock;
  readonly #model: MeterModel;
  #meter: SimulatedMeter;
  #server: MeterServer | null = null;
  #port = 0;
  #fault: MeterFault = "none";
  #frozen: RegisterRead[] = [];
  /** Starts and stops happen one after the other. */
  #changing: Promise<unknown> = Promise.resolve();

  constructor(meter: SimulatedMeter, clock: Clock, seed = 1) {
    this.#clock = clock;
    this.#meter = meter;
    this.#model = new MeterModel({ clock, seed, currentA: () => this.#currentA() });
  }

  get fault(): MeterFault {
    return this.#fault;
  }

  /** The port listened on, 0 while it is not. */
  get port(): number {
    return this.#server ? this.#port : 0;
  }

  /** Connections that are open now. */
  get clients(): number {
    return this.#server?.clients ?? 0;
  }

  /** What the meter measures now, before it is coded. */
  measure(): Measurement {
    return this.#model.measure();
  }

  /**
   * Becomes this meter, without a fault; connections are kept unless host or port change. Also the first start.
   * Rejects with EvError EV_PORT_IN_USE or EV_LISTEN_FAILED.
   */
  configure(meter: SimulatedMeter): Promise<void> {
    return this.#inOrder(async () => {
      const moved = meter.host !== this.#meter.host || meter.port !== this.#meter.port;
      this.#meter = meter;
      this.#fault = "none";
      if (moved) await this.#stop();
      await this.#start();
    });
  }

  setLoad(load: Load): void {
    this.#meter = { ...this.#meter, load };
  }

  /** Acts a fault out from now on; `none` ends it and, after `stop`, listens again (may reject as `configure`). */
  setFault(fault: MeterFault): Promise<void> {
    return this.#inOrder(async () => {
      if (fault === "frozen") this.#frozen = encodeRegisters(this.#meter.profile, this.#model.measure());
      this.#fault = fault;
      if (fault === "stop") await this.#stop();
      else await this.#start();
    });
  }

  close(): Promise<void> {
    return this.#inOrder(() => this.#stop());
  }

  #inOrder(change: () => Promise<void>): Promise<void> {
    const done = this.#changing.then(change);
    this.#changing = done.catch(() => {});
    return done;
  }

  async #start(): Promise<void> {
    if (this.#server) return;
    const { host, port } = this.#meter;
    const server = new MeterServer({ host, port, respond: (frame) => this.#respond(frame) });
    this.#port = await server.listen();
    this.#server = server;
  }

  async #stop(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    await server?.close();
  }

  #currentA(): Triple {
    const base = loadAt(this.#meter.load, this.#clock.wallMs(), this.#meter.dayMinutes);
    const cars = drawOf(this.#meter.includes);
    return [base[0] + cars[0], base[1] + cars[1], base[2] + cars[2]];
  }

  #respond(frame: MbapFrame): Buffer | null {
    if (this.#fault === "silent") return null;
    if (this.#fault === "garbage") return GARBAGE;
    const functionCode = frame.pdu.readUInt8(0);
    if (frame.unitId !== this.#meter.unitId) return replyTo(frame, exception(functionCode, EXCEPTION.noSuchUnit));
    if (this.#fault === "exception") return replyTo(frame, exception(functionCode, EXCEPTION.deviceFailure));
    return replyTo(frame, answer(this.#meter.profile, this.#registers(), frame.pdu));
  }

  #registers(): RegisterRead[] {
    if (this.#fault === "frozen") return this.#frozen;
    return encodeRegisters(this.#meter.profile, this.#fault === "nan" ? NOTHING_KNOWN : this.#model.measure());
  }
}
