/** Keeps a site under random faults for a long time, and judges it by the simulator's truth. */
import { join } from "node:path";
import { seeded } from "../../../lib/simulator/random.ts";
import { peek } from "../../peek.ts";
import { type Comparison, compareBooks } from "../books.ts";
import { Park } from "../park.ts";
import type { Census } from "../probe.ts";
import { FAULTS, type SoakFault, STEP_S } from "./faults.ts";
import { mostBlindA, RESTLESS, soakPlan } from "./site.ts";

export interface SoakOptions {
  minutes: number;
  chargers: number;
  seed: number;
  /** How many times faster than real time. */
  pace: number;
  say: (line: string) => void;
}

export interface SoakReport {
  faults: number;
  /** A breaker over its limit for longer than the faults of that time excuse. */
  violations: string[];
  /** Longest time over a limit at a stretch, s. */
  worstOverS: number;
  tripped: string[];
  /** Share of the time in which a breaker was full: how much the soak asked for. */
  full: number;
  crashes: number;
  books: Comparison;
  /** Alarms that nothing in a soak gives reason for. */
  unfounded: string[];
  /** From the first to the last count. */
  growth: { heapMb: number; rssMb: number; timers: number; listeners: number; resources: Record<string, number> };
}

/** A fault every so often, s; each lasts two of these rounds, and excuses what is found in the round after it. */
const ROUND_S = 20;
const LASTS_ROUNDS = 2;
/** Until this part of the soak the process may be killed; growth is counted from then on. */
const EARLY = 0.3;
const CALM_AT_LAST_S = 240;
/** Full: no more than this is left on a phase, A. */
const FULL_A = 3;
const LOOK_MS = 250;
/** Loads and cars change so often in a round. */
const STIRS = 2;
const CARS_PER_STIR = 3;
/** Where the load is seen it may be so much more than fits beside every charger: some have to stop. */
const SEEN = 2;
const WANTED_A = [0, 8, 16, 16, 32];

interface Active {
  fault: SoakFault;
  end: () => Promise<void>;
  endsAtRound: number;
}

/** Runs a soak. */
export async function soak(options: SoakOptions): Promise<SoakReport> {
  const park = await Park.open(soakPlan(options.chargers), { pace: options.pace });
  try {
    return await new Soak(park, options).run();
  } finally {
    await park.close();
  }
}

class Soak {
  readonly #park: Park;
  readonly #options: SoakOptions;
  readonly #random: () => number;
  readonly #violations: string[] = [];
  readonly #tripped = new Set<string>();
  #active: Active[] = [];
  #worstOverS = 0;
  #crashes = 0;
  #first: Census | null = null;
  #looks = 0;
  #fullLooks = 0;

  constructor(park: Park, options: SoakOptions) {
    this.#park = park;
    this.#options = options;
    this.#random = seeded(options.seed);
  }

  async run(): Promise<SoakReport> {
    const park = this.#park;
    const rounds = Math.max(3, Math.round((this.#options.minutes * 60) / ROUND_S));
    await park.pass(60);
    await park.forget();
    const looking = setInterval(() => this.#look(), LOOK_MS);
    try {
      for (let round = 0; round < rounds; round++) await this.#round(round, rounds);
    } finally {
      clearInterval(looking);
    }
    for (const { end } of this.#active) await end();
    const books = await this.#settle();
    const last = await park.census();
    return {
      faults: rounds,
      violations: this.#violations,
      worstOverS: this.#worstOverS,
      tripped: [...this.#tripped],
      full: this.#fullLooks / this.#looks,
      crashes: this.#crashes,
      books,
      unfounded: unfoundedAlarms(this.#database),
      growth: growth(this.#first ?? last, last),
    };
  }

  async #round(round: number, rounds: number): Promise<void> {
    const early = round < rounds * EARLY;
    if (!early) this.#first ??= await this.#park.census();
    const possible = FAULTS.filter((fault) => early || !fault.early);
    const fault = this.#one(possible);
    const before = this.#active;
    if (fault.blind) await this.#stir(true);
    const end = await fault.begin(this.#park, (list) => this.#one(list));
    this.#active = [...before, { fault, end, endsAtRound: round + LASTS_ROUNDS }];
    const blind = this.#active.some((one) => one.fault.blind && one.endsAtRound >= round);
    for (let stir = 0; stir < STIRS; stir++) {
      await this.#stir(blind);
      await this.#park.pass(ROUND_S / STIRS);
    }
    await this.#judge(round);
    // What ends now is remembered for one more round: its traces are still there.
    for (const { end: mend } of this.#active.filter(({ endsAtRound }) => endsAtRound === round)) await mend();
    this.#active = this.#active.filter(({ endsAtRound }) => endsAtRound >= round - 1);
  }

  #look(): void {
    const { plan, simulator } = this.#park;
    const full = plan.zones.some(({ name, limitA }) =>
      simulator.truth.breakers[name]?.currentA.some((currentA) => currentA > Number(limitA) - FULL_A),
    );
    this.#looks++;
    if (full) this.#fullLooks++;
  }

  /** The building and the cars take more or less, up to all there is and beyond. */
  async #stir(blind: boolean): Promise<void> {
    const park = this.#park;
    for (const zone of RESTLESS) {
      const mostA = mostBlindA(zone) * (blind ? 1 : SEEN);
      const loadA = [0, 1, 2].map(() => mostA * (0.3 + 0.7 * this.#random()));
      await park.load(zone, loadA);
    }
    for (let car = 0; car < CARS_PER_STIR; car++)
      await park.car(this.#one(park.plan.chargers).identity, { wantA: this.#one(WANTED_A) });
  }

  async #judge(round: number): Promise<void> {
    const park = this.#park;
    if (!park.nodeRed.running) {
      this.#crashes++;
      this.#options.say(`Node-RED ended in round ${round}:\n${park}`);
      await park.nodeRed.restart();
    }
    const allowedS = Math.max(STEP_S, ...this.#active.map(({ fault }) => fault.allowedS));
    const names = this.#active.map(({ fault }) => fault.name).join(", ");
    this.#options.say(`${round}: ${names}`);
    for (const [zone, { longestOverS, worstOverA, tripped }] of Object.entries(await park.records())) {
      this.#worstOverS = Math.max(this.#worstOverS, longestOverS);
      if (tripped) this.#tripped.add(zone);
      if (longestOverS <= allowedS) continue;
      const over = `${zone} was over by up to ${worstOverA.toFixed(1)} A for ${longestOverS.toFixed(1)} s`;
      this.#violations.push(`round ${round}: ${over} (${names})`);
      this.#options.say(`VIOLATION ${over}\n${park}`);
    }
    await park.forget();
  }

  /** All is well again: what waits in the chargers is told, and the books must agree. */
  async #settle(): Promise<Comparison> {
    const park = this.#park;
    const settled = async () => Object.values(await park.simulator.books()).every(({ waiting }) => waiting === 0);
    await park
      .until("every message about a transaction is confirmed", settled, CALM_AT_LAST_S)
      .catch((error: Error) => {
        this.#options.say(error.message);
      });
    return compareBooks(await park.simulator.books(), this.#database);
  }

  get #database(): string {
    return join(this.#park.nodeRed.userDir, "ev-charging/site/ev-charging.sqlite");
  }

  #one<T>(list: readonly T[]): T {
    return list[Math.floor(this.#random() * list.length)] as T;
  }
}

/** Meters in a soak are lost, but never wrong, and chargers are wired as they are said to be. */
function unfoundedAlarms(file: string): string[] {
  const rows = peek(file, (database) => database.prepare("SELECT DISTINCT key FROM alarms").all()) as unknown as {
    key: string;
  }[];
  return rows.map(({ key }) => key).filter((key) => /^(meterWrong|phasesMistaken|control|zoneTree)\//.test(key));
}

function growth(first: Census, last: Census): SoakReport["growth"] {
  const kinds = new Set([...Object.keys(first.resources), ...Object.keys(last.resources)]);
  const grown = [...kinds].map((kind) => [kind, (last.resources[kind] ?? 0) - (first.resources[kind] ?? 0)] as const);
  return {
    heapMb: last.heapMb - first.heapMb,
    rssMb: last.rssMb - first.rssMb,
    timers: last.timers - first.timers,
    listeners: last.listeners - first.listeners,
    resources: Object.fromEntries(grown.filter(([, more]) => more !== 0)),
  };
}
