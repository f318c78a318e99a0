import type { Clock } from "../../clock.ts";
import type { RegisterRead } from "../../metering/decode.ts";
import { encodeRegisters } from "../../metering/encode.ts";
import type { Measurement } from "../../metering/measurement.ts";
import type { MeterProfile } from "../../metering/profile-schema.ts";
import type { MbapFrame } from "../../modbus/mbap.ts";
import type { Triple } from "../../units.ts";
import { drawOf } from "../charger/car/draws.ts";
import { garbled, type MeterFault, mismeasured } from "./meter-faults.ts";
import { imageOf, type MeterImage } from "./meter-image.ts";
import { type Load, loadAt } from "./meter-load.ts";
import { MeterModel } from "./meter-model.ts";
import { answer, EXCEPTION, exception } from "./meter-registers.ts";
import { MeterServer } from "./meter-server.ts";
import { type MeterTransport, replyBytes } from "./meter-wire.ts";
import { UdpMeterServer } from "./udp-meter-server.ts";

export { METER_FAULTS, type MeterFault } from "./meter-faults.ts";

/** What a simulated meter is. */
export interface SimulatedMeter {
  host: string;
  port: number;
  /** Default tcp. */
  transport?: MeterTransport;
  unitId: number;
  profile: MeterProfile;
  /** What is drawn besides the included charge points. */
  load: Load;
  /** How long the day of a curve lasts; 1440 = as long as a real one. */
  dayMinutes?: number;
  /** Charge points behind the meter: identities of simulated ones, `*` = all, or what others draw, A per phase. */
  includes: readonly string[] | (() => Triple);
}

const GARBAGE = Buffer.from("\x16\x03\x01 this is not Modbus at all \xff\xfe", "latin1");

/** A simulated energy meter: a real Modbus server in front of a modelled supply, with faults on request. */
export class MeterSimulator {
  readonly #clock: Clock;
  readonly #model: MeterModel;
  readonly #truth: (() => Triple) | null;
  #meter: SimulatedMeter;
  #image: MeterImage;
  #server: MeterServer | UdpMeterServer | null = null;
  #port = 0;
  #fault: MeterFault = "none";
  #frozen: RegisterRead[] = [];
  /** Starts and stops happen one after the other. */
  #changing: Promise<unknown> = Promise.resolve();

  /**
   * @param seed same seed, same noise
   * @param truth what flows through it, signed A per phase; absent = its load and the charge points it includes
   */
  constructor(meter: SimulatedMeter, clock: Clock, { seed = 1, truth }: { seed?: number; truth?: () => Triple } = {}) {
    this.#clock = clock;
    this.#truth = truth ?? null;
    this.#meter = meter;
    this.#image = { profile: meter.profile, fixed: [] };
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
   * Becomes this meter, without a fault; connections are kept unless host, port or transport change. Also the first start.
   * Rejects with EvError EV_PORT_IN_USE or EV_LISTEN_FAILED.
   */
  configure(meter: SimulatedMeter): Promise<void> {
    return this.#inOrder(async () => {
      const now = this.#meter;
      const moved = meter.host !== now.host || meter.port !== now.port || meter.transport !== now.transport;
      this.#image = await imageOf(meter.profile);
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
      if (fault === "frozen") this.#frozen = this.#encode(this.#model.measure());
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
    const { host, port, transport = "tcp" } = this.#meter;
    const options = { host, port, transport, respond: (frame: MbapFrame) => this.#respond(frame) };
    const server = transport === "udp" ? new UdpMeterServer(options) : new MeterServer(options);
    this.#port = await server.listen();
    this.#server = server;
  }

  async #stop(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    await server?.close();
  }

  #currentA(): Triple {
    const all = this.#truth?.() ?? this.#loadAndCars();
    return this.#image.profile.phases === 1 ? [all[0], 0, 0] : all;
  }

  #loadAndCars(): Triple {
    const base = loadAt(this.#meter.load, this.#clock.wallMs(), this.#meter.dayMinutes);
    const { includes } = this.#meter;
    const cars = typeof includes === "function" ? includes() : drawOf(includes);
    return [base[0] + cars[0], base[1] + cars[1], base[2] + cars[2]];
  }

  #respond(frame: MbapFrame): Buffer | null {
    if (this.#fault === "silent") return null;
    if (this.#fault === "garbage") return GARBAGE;
    const { transport = "tcp", unitId } = this.#meter;
    const functionCode = frame.pdu.readUInt8(0);
    const reply = (pdu: Buffer) => replyBytes(transport, frame, pdu);
    if (frame.unitId !== unitId) {
      // On a serial line nobody speaks for another.
      return transport === "rtu-over-tcp" ? null : reply(exception(functionCode, EXCEPTION.noSuchUnit));
    }
    if (this.#fault === "exception") return reply(exception(functionCode, EXCEPTION.deviceFailure));
    return reply(answer(this.#image.profile, this.#registers(), frame.pdu));
  }

  #registers(): RegisterRead[] {
    if (this.#fault === "frozen") return this.#frozen;
    return garbled(this.#fault, this.#encode(mismeasured(this.#fault, this.#model.measure())));
  }

  #encode(measurement: Measurement): RegisterRead[] {
    return [...this.#image.fixed, ...encodeRegisters(this.#image.profile, measurement)];
  }
}
