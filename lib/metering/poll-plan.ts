import { blockOf, type PlannedBlock, planBlocks } from "./plan.ts";
import { type Atom, valuesOf } from "./plan-atoms.ts";
import { isSteering, type MeterProfile } from "./profile-schema.ts";

/** The reads of one cycle: without the `fast` ones there is no reading; a `slow` one that fails only leaves its values unknown. */
export interface CycleReads {
  fast: readonly PlannedBlock[];
  slow: readonly PlannedBlock[];
  /** A value that the device did not have, asked for again. */
  probe: PlannedBlock | null;
}

export interface PollPlanOptions {
  /** false: every cycle reads everything. */
  inTurn: boolean;
  /** Longest run of unneeded registers worth reading over; the profile's `maxGap` holds besides. */
  hole?: number;
}

interface Missing {
  block: PlannedBlock;
  fast: boolean;
  probeAtMs: number;
  pauseMs: number;
}

/** What a request costs beside its registers where these take no time on the line, in registers. */
const REQUEST_ON_TCP = 60;
const PHASE_POWERS = ["powerL1", "powerL2", "powerL3"];
/** A value that a device does not have is asked for again this often; a current or power sooner at first. */
const PROBE_MS = 3_600_000;
const FIRST_STEERING_PROBE_MS = 60_000;

/**
 * Which blocks to read when: fast ones every cycle; slow ones all at first, then one per cycle in turn. A block that the device refuses
 * is cut, at its widest hole first, until only the values that the device does not have are left out.
 */
export class PollPlan {
  readonly #profile: MeterProfile;
  readonly #options: PollPlanOptions;
  readonly #missing = new Set<Missing>();
  #fast: PlannedBlock[] = [];
  #slow: PlannedBlock[] = [];
  #cycle = 0;
  #hole: number;
  #hasLearnt = false;
  #mayDerive = true;
  /** The read of the total power, where the phases bring it as well. */
  #total: PlannedBlock | null = null;

  constructor(profile: MeterProfile, options: PollPlanOptions) {
    this.#profile = profile;
    this.#options = options;
    this.#hole = options.hole ?? Number.POSITIVE_INFINITY;
    this.#plan();
  }

  /** Names of registers that the device refused. */
  get unavailable(): string[] {
    return [...this.#missing].flatMap(({ block }) => namesOf(block));
  }

  /** Requests of a cycle, at most; a turn of slow blocks counted as one. */
  get requestsPerCycle(): number {
    const { length } = this.#turns;
    return this.#fast.length + (this.#options.inTurn ? Math.min(1, length) : length);
  }

  /** Plans for another worthwhile hole, unless the device has refused something before. @returns whether blocks changed */
  replan(hole: number): boolean {
    const { maxGap } = this.#profile.limits;
    const same = Math.min(maxGap, hole) === Math.min(maxGap, this.#hole);
    if (this.#hasLearnt || same) return false;
    this.#hole = hole;
    this.#plan();
    return true;
  }

  /** The read that brings the total power in turn only, because the phases add up to it every cycle; null where it is always read. */
  get derivedTotal(): PlannedBlock | null {
    return this.#total;
  }

  /** Reads the total power every cycle from now on, because the sum of the phases does not stand for it. */
  readTotal(): void {
    this.#mayDerive = false;
    if (!this.#total) return;
    this.#slow = this.#slow.filter((block) => block !== this.#total);
    this.#fast.push(this.#total);
    this.#total = null;
  }

  next(nowMs: number): CycleReads {
    const turn = this.#cycle++;
    const turns = this.#turns;
    const all = turn === 0 || !this.#options.inTurn || turns.length === 0;
    const slow = all ? turns : [turns[turn % turns.length] as PlannedBlock];
    const due = [...this.#missing].find(({ probeAtMs }) => probeAtMs <= nowMs);
    if (due) due.probeAtMs = nowMs + due.pauseMs;
    return { fast: [...this.#fast], slow, probe: due?.block ?? null };
  }

  /**
   * The device does not answer for this block (exception 2 or 3).
   * @returns what to read in its place from now on; empty when it is one value, which counts as unavailable
   */
  refused(block: PlannedBlock, nowMs: number): PlannedBlock[] {
    const missing = [...this.#missing].find((other) => other.block === block);
    if (missing) {
      missing.pauseMs = Math.min(PROBE_MS, missing.pauseMs * 2);
      missing.probeAtMs = nowMs + missing.pauseMs;
      return [];
    }
    this.#hasLearnt = true;
    const fast = this.#fast.includes(block);
    const parts = this.#cut(block);
    this.#replace(block, parts);
    if (block === this.#total) this.#total = null;
    if (parts.length === 0) {
      const pauseMs = namesOf(block).some(isSteering) ? FIRST_STEERING_PROBE_MS : PROBE_MS;
      this.#missing.add({ block, fast, pauseMs, probeAtMs: nowMs + pauseMs });
    }
    return parts;
  }

  /** A probe was answered: its value is read again from now on. */
  found(block: PlannedBlock): void {
    for (const missing of this.#missing) {
      if (missing.block !== block) continue;
      this.#missing.delete(missing);
      (missing.fast ? this.#fast : this.#slow).push(block);
    }
  }

  #plan(): void {
    const maxGap = Math.min(this.#profile.limits.maxGap, this.#hole);
    const all = planBlocks(this.#profile, { maxGap });
    this.#fast = planBlocks(this.#profile, { group: "fast", maxGap });
    this.#slow = planBlocks(this.#profile, { group: "slow", maxGap });
    this.#total = null;
    this.#deriveTotal();
    const turns = this.#turns;
    const cycles = this.#options.inTurn ? Math.max(1, turns.length) : 1;
    const inTurn = this.#cost(this.#fast) + this.#cost(turns) / cycles;
    if (this.#fast.length > 0 && this.#cost(all) <= inTurn) {
      this.#fast = all;
      this.#slow = [];
      this.#total = null;
    }
    this.#cycle = 0;
  }

  /** Saves a request per cycle where the total has one of its own. */
  #deriveTotal(): void {
    const { registers, computed = {} } = this.#profile;
    const phases = PHASE_POWERS.every((name) => name in registers || name in computed);
    const own = this.#fast.find((block) => namesOf(block).join() === "power");
    if (!this.#mayDerive || !this.#options.inTurn || !phases || !own) return;
    this.#fast = this.#fast.filter((block) => block !== own);
    this.#slow.unshift(own);
    this.#total = own;
  }

  /** What reading these takes, in registers. */
  #cost(blocks: readonly PlannedBlock[]): number {
    const request = Math.min(this.#hole, REQUEST_ON_TCP);
    return blocks.reduce((sum, { count }) => sum + request + count, 0);
  }

  #cut({ atoms }: PlannedBlock): PlannedBlock[] {
    if (atoms.length > 1) {
      const at = widestHole(atoms);
      return [blockOf(atoms.slice(0, at)), blockOf(atoms.slice(at))];
    }
    const values = valuesOf(this.#profile, atoms[0] as Atom);
    return values.length > 1 ? values.map((value) => blockOf([value])) : [];
  }

  #replace(block: PlannedBlock, parts: PlannedBlock[]): void {
    for (const list of [this.#fast, this.#slow]) {
      const index = list.indexOf(block);
      if (index >= 0) list.splice(index, 1, ...parts);
    }
  }

  /** The slow blocks that need a request of their own: no fast block spans them. */
  get #turns(): PlannedBlock[] {
    return this.#slow.filter(
      (slow) =>
        !this.#fast.some(
          ({ functionCode, address, count }) =>
            functionCode === slow.functionCode &&
            address <= slow.address &&
            address + count >= slow.address + slow.count,
        ),
    );
  }
}

function namesOf({ atoms }: PlannedBlock): string[] {
  return atoms.flatMap(({ names }) => [...names]);
}

/** Index of the value before which to cut: behind the widest hole, of equals the one nearest to the middle. */
function widestHole(atoms: readonly Atom[]): number {
  const middle = atoms.length / 2;
  let best = 1;
  for (let at = 2; at < atoms.length; at++) {
    const wider = hole(atoms, at) - hole(atoms, best);
    if (wider > 0 || (wider === 0 && Math.abs(at - middle) < Math.abs(best - middle))) best = at;
  }
  return best;
}

function hole(atoms: readonly Atom[], at: number): number {
  return (atoms[at] as Atom).from - Math.max(...atoms.slice(0, at).map(({ to }) => to));
}
