import type { Clock } from "../clock.ts";
import { EvError } from "../errors.ts";
import type { ReadOptions } from "../modbus/bus.ts";
import { ModbusException, type ReadRequest } from "../modbus/transport.ts";
import type { LineFormat } from "../modbus/wire-time.ts";
import type { RegisterRead } from "./decode.ts";
import { type PlannedBlock, worthwhileHole } from "./plan.ts";
import { PollPlan } from "./poll-plan.ts";
import type { MeterProfile } from "./profile-schema.ts";
import { discoverSunSpec, hasSameModels, type SunSpecDevice } from "./sunspec.ts";

/** What a meter needs of its line; a `ModbusBus` is one. */
export interface MeterBus {
  read(request: ReadRequest, options: ReadOptions): Promise<number[]>;
  /** Null or absent: registers cost no time. */
  readonly format?: LineFormat | null;
  /** How often it was connected; a device that was restarted is met again on a new connection. */
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
  /** A slow block failed, or a value turned out not to be there; the reading goes on without it. */
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
  /** Wall time of the first reply with a fast value: none of them is younger. */
  wallMs: number;
  /** The device is read in other blocks than before. */
  isReplanned: boolean;
  /** For a total power that is read in turn only, because its phases add up to it: whether this cycle read it; null for any other. */
  totalInTurn: "fresh" | "old" | null;
}

const LOOK_AGAIN_MS = 30_000;
/** After so many cycles the turnaround has been measured well enough to plan by. */
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

  /** The phases do not bring the total power, or another one than the meter says: it is read every cycle from now on. */
  readTotal(): void {
    const total = this.#plan?.derivedTotal;
    if (total) this.#slowReads.delete(total);
    this.#plan?.readTotal();
  }

  /** Where the values are has to be found out anew: the device was away and may have come back as another. */
  forget(): void {
    if (!this.#device) return;
    this.#device = null;
    this.#plan = null;
    this.#slowReads.clear();
  }

  /** Rejects with the bus's EvError when a fast block cannot be read, or with what discovery did not find. */
  async cycle(): Promise<Acquired> {
    this.#isReplanned = false;
    const profile = await this.#resolved();
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
    const { profile } = this.#options;
    if (!profile.sunspec) return profile;
    if (!this.#device) {
      this.#device = await this.#discovered();
      this.#seenConnects = this.#options.bus.connects;
    }
    return this.#device.profile;
  }

  /** On a new connection the device may be one with other models: what was just read is not believed before its models are seen again. */
  async #stillThere(): Promise<void> {
    const { bus } = this.#options;
    if (!this.#device || bus.connects === this.#seenConnects) return;
    const isSame = await hasSameModels(this.#device, (request) => this.#request(request, "fast"));
    this.#seenConnects = bus.connects;
    if (isSame) return;
    this.forget();
    throw new EvError("EV_METER_NOT_FOUND", "the device has other SunSpec models than before; it is looked at again");
  }

  /** A device without the right models is not walked again in every cycle. */
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
        // A device that has fallen silent is not asked for the rest.
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

  /** The block, in parts where the device does not answer for it as a whole. */
  async #fetch(
    block: PlannedBlock,
    plan: PollPlan,
    priority: "fast" | "normal",
  ): Promise<{ block: PlannedBlock; read: RegisterRead }[]> {
    try {
      return [{ block, read: await this.#read(block, priority) }];
    } catch (error) {
      if (!(error instanceof ModbusException && error.isAddressing)) throw error;
      this.#isReplanned = true;
      const parts = plan.refused(block, this.#options.clock.nowMs());
      if (parts.length === 0) this.#options.onTrouble(error);
      const fetched = [];
      for (const part of parts) fetched.push(...(await this.#fetch(part, plan, priority)));
      return fetched;
    }
  }

  async #read(
    { functionCode, address, count }: PlannedBlock,
    priority: ReadOptions["priority"] & string,
  ): Promise<RegisterRead> {
    return { functionCode, address, registers: await this.#request({ functionCode, address, count }, priority) };
  }

  #request(request: Omit<ReadRequest, "unitId">, priority: ReadOptions["priority"] & string): Promise<number[]> {
    const { bus, unitId, timeoutMs, profile } = this.#options;
    const { minRequestGapMs: gapMs, connectDelayMs } = profile.limits;
    return bus.read({ unitId, ...request }, { timeoutMs, gapMs, connectDelayMs, priority });
  }
}
