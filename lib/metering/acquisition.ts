import type { Clock } from "../clock.ts";
import { EvError } from "../errors.ts";
import type { ReadOptions } from "../modbus/bus.ts";
import type { ReadPriority } from "../modbus/queue.ts";
import { ModbusException, type ReadRequest } from "../modbus/transport.ts";
import type { LineFormat } from "../modbus/wire-time.ts";
import type { RegisterRead } from "./decode.ts";
import { type PlannedBlock, type ReadBlock, worthwhileHole } from "./plan.ts";
import { PollPlan } from "./poll-plan.ts";
import type { MeterProfile } from "./profile-schema.ts";
import { discoverSunSpec, hasSameModels, type SunSpecDevice } from "./sunspec.ts";

/** What a meter needs of its line; a `ModbusBus` is one. */
export interface MeterBus {
  read(request: ReadRequest, options: ReadOptions): Promise<number[]>;
  /** Null or absent: registers cost no time. */
  readonly format?: LineFormat | null;
  /** How often it was connected. A device that was restarted comes back on a new connection. */
  readonly connects?: number;
  turnaroundMs?(unitId: number): number | null;
}

export interface AcquisitionOptions {
  bus: MeterBus;
  profile: MeterProfile;
  unitId: number;
  timeoutMs: number;
  /** Slow blocks one per cycle; false: all of them every time. */
  inTurn: boolean;
  clock: Clock;
  /** A slow block failed, or the device does not have a value. The reading goes on without it. */
  onTrouble: (error: unknown) => void;
}

/** What one cycle brought. */
export interface Acquired {
  /** With the registers as they are on this device. */
  profile: MeterProfile;
  /** Everything known of the device now: what was read in this cycle, and slow blocks of earlier ones. */
  reads: RegisterRead[];
  /** Of these, what was read in this cycle. */
  fresh: RegisterRead[];
  /** Wall time of the first reply with a fast value: no value is older than the reading says. */
  wallMs: number;
  /** The device is read in other blocks than before. */
  isReplanned: boolean;
  /** Whether this cycle read the total power, where it is read in turn because its phases add up to it; null where it always is. */
  totalInTurn: "fresh" | "old" | null;
}

/** A block as it was planned, and what it brought. */
interface Fetched {
  block: PlannedBlock;
  read: RegisterRead;
}

/** A device without the right models is looked at again after this time. */
const LOOK_AGAIN_MS = 30_000;
/** Blocks are planned anew after so many cycles, with the turnaround that was measured until then. */
const CYCLES_PER_PLAN = 60;

/** Reads the registers of one device, cycle by cycle: finds out where they are, plans, and learns what the device does not answer. */
export class Acquisition {
  readonly #options: AcquisitionOptions;
  readonly #slowReads = new Map<PlannedBlock, RegisterRead>();
  #device: SunSpecDevice | null = null;
  #seenConnects: number | undefined;
  #notFound: { error: EvError; atMs: number } | null = null;
  #plan: PollPlan | null = null;
  #cycles = 0;
  #isReplanned = false;

  constructor(options: AcquisitionOptions) {
    this.#options = options;
  }

  /** What discovery found on the device, in words; null while nothing was looked for or found. */
  get found(): string | null {
    return this.#device?.text ?? null;
  }

  /** Names of registers that the device does not have. */
  get unavailable(): string[] {
    return this.#plan?.unavailable ?? [];
  }

  get requestsPerCycle(): number {
    return this.#plan?.requestsPerCycle ?? 0;
  }

  /** Reads the total power every cycle from now on, because the sum of the phases does not stand for it. */
  readTotal(): void {
    const total = this.#plan?.derivedTotal;
    if (total) this.#slowReads.delete(total);
    this.#plan?.readTotal();
  }

  /** Discovers the device anew in the next cycle: it was away, and another one may be in its place. */
  forget(): void {
    if (!this.#device) return;
    this.#device = null;
    this.#plan = null;
    this.#slowReads.clear();
  }

  /** Rejects with the bus's EvError when a fast block cannot be read, or with what discovery did not find. */
  async cycle(): Promise<Acquired> {
    this.#isReplanned = false;
    const profile = this.#options.profile.sunspec ? await this.#resolved() : this.#options.profile;
    const plan = this.#planned(profile);
    const { clock } = this.#options;
    const { fast, slow, probe } = plan.next(clock.nowMs());
    const fresh: RegisterRead[] = [];
    let wallMs: number | null = null;
    for (const block of fast) {
      for (const { read } of await this.#fetch(block, plan, "fast")) {
        fresh.push(read);
        wallMs ??= clock.wallMs();
      }
    }
    wallMs ??= clock.wallMs();
    const fastReads = [...fresh];
    fresh.push(...(await this.#readSlow(slow, plan)));
    if (probe) fresh.push(...(await this.#probe(probe, plan)));
    await this.#stillThere();
    const reads = [...fastReads, ...this.#slowReads.values()];
    const totalInTurn = plan.derivedTotal && (slow.includes(plan.derivedTotal) ? "fresh" : "old");
    return { profile, reads, fresh, wallMs, isReplanned: this.#isReplanned, totalInTurn };
  }

  async #resolved(): Promise<MeterProfile> {
    if (!this.#device) {
      this.#device = await this.#discovered();
      this.#seenConnects = this.#options.bus.connects;
    }
    return this.#device.profile;
  }

  /** On a new connection another device may answer: what was just read counts only if the models are the same. */
  async #stillThere(): Promise<void> {
    const { bus } = this.#options;
    if (!this.#device || bus.connects === this.#seenConnects) return;
    const isSame = await hasSameModels(this.#device, (request) => this.#request(request, "fast"));
    this.#seenConnects = bus.connects;
    if (isSame) return;
    this.forget();
    throw new EvError("EV_METER_NOT_FOUND", "the device has other SunSpec models than before; it is looked at again");
  }

  async #discovered(): Promise<SunSpecDevice> {
    const { clock, profile } = this.#options;
    if (this.#notFound && clock.nowMs() - this.#notFound.atMs < LOOK_AGAIN_MS) throw this.#notFound.error;
    this.#notFound = null;
    try {
      return await discoverSunSpec(profile, (request) => this.#request(request, "normal"));
    } catch (error) {
      if (error instanceof EvError && error.code === "EV_METER_NOT_FOUND")
        this.#notFound = { error, atMs: clock.nowMs() };
      throw error;
    }
  }

  #planned(profile: MeterProfile): PollPlan {
    const { bus, unitId, inTurn } = this.#options;
    if (this.#plan && this.#cycles++ % CYCLES_PER_PLAN !== 0) return this.#plan;
    const hole = worthwhileHole(bus.format ?? null, bus.turnaroundMs?.(unitId) ?? null);
    if (this.#plan && !this.#plan.replan(hole)) return this.#plan;
    this.#plan ??= new PollPlan(profile, { inTurn, hole });
    this.#slowReads.clear();
    this.#isReplanned = true;
    return this.#plan;
  }

  async #readSlow(blocks: readonly PlannedBlock[], plan: PollPlan): Promise<RegisterRead[]> {
    const fresh: RegisterRead[] = [];
    for (const block of blocks) {
      this.#slowReads.delete(block);
      try {
        for (const { block: part, read } of await this.#fetch(block, plan, "normal")) {
          this.#slowReads.set(part, read);
          fresh.push(read);
        }
      } catch (error) {
        this.#options.onTrouble(error);
        // The device has fallen silent: the other blocks are left out.
        if (!(error instanceof ModbusException)) return fresh;
      }
    }
    return fresh;
  }

  async #probe(block: PlannedBlock, plan: PollPlan): Promise<RegisterRead[]> {
    try {
      const read = await this.#read(block, "probe");
      plan.found(block);
      this.#isReplanned = true;
      return [read];
    } catch (error) {
      if (error instanceof ModbusException && error.isAddressing) plan.refused(block, this.#options.clock.nowMs());
      return [];
    }
  }

  /** Reads the block; in parts where the device refuses it as a whole. */
  async #fetch(block: PlannedBlock, plan: PollPlan, priority: ReadPriority): Promise<Fetched[]> {
    try {
      return [{ block, read: await this.#read(block, priority) }];
    } catch (error) {
      if (!(error instanceof ModbusException && error.isAddressing)) throw error;
      this.#isReplanned = true;
      const parts = plan.refused(block, this.#options.clock.nowMs());
      if (parts.length === 0) this.#options.onTrouble(error);
      const fetched: Fetched[] = [];
      for (const part of parts) fetched.push(...(await this.#fetch(part, plan, priority)));
      return fetched;
    }
  }

  async #read(block: PlannedBlock, priority: ReadPriority): Promise<RegisterRead> {
    const { functionCode, address } = block;
    return { functionCode, address, registers: await this.#request(block, priority) };
  }

  #request({ functionCode, address, count }: ReadBlock, priority: ReadPriority): Promise<number[]> {
    const { bus, unitId, timeoutMs, profile } = this.#options;
    const { minRequestGapMs: gapMs, connectDelayMs } = profile.limits;
    return bus.read({ unitId, functionCode, address, count }, { timeoutMs, gapMs, connectDelayMs, priority });
  }
}
