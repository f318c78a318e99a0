import type { CycleDecision } from "../dlm/runtime/runtime-types.ts";
import type { ConnectorFacts } from "../dlm/topology/facts.ts";
import type { PlantConnector } from "../dlm/topology/plant.ts";
import { pathOf } from "../dlm/topology/root-plant.ts";
import type { Rotation } from "../dlm/types.ts";
import { CHARGING_A } from "../thresholds.ts";
import type { MaybeTriple } from "../units.ts";
import { isDecided, type Judgement, judge, type MeterTrace, type RunTrace } from "./judge.ts";
import { type CommissioningResult, type CurvePoint, type RotatingField, type RunEnd, worst } from "./result.ts";
import { type Row, rowsAbove } from "./rows.ts";
import type { LiveMeter, RunningView } from "./view-types.ts";

/** A run is over after this, whatever it has seen, s. */
export const LONGEST_S = 172;
/** No row may come nearer to its limit, A. */
export const ROOM_A = 4;
/** The higher level leaves so much besides, for the load of the house, A. */
const SPARE_A = 1;
/** More is not needed to tell legs apart, and takes longer to rise to, A. */
const MOST_STEP_A = 8;
const LEAST_STEP_A = 4;
/**
 * Times at each level after it was reached, s: no load of a house switches like that. It begins with the higher level, as far as the
 * connector has it already, and then goes down and up.
 */
const HOLDS_S = [13, 15, 11, 14, 12, 16, 11, 16] as const;
/** What came before the first level has ended so long after it was reached, s. */
const CALM_S = 4;
/** A level that is not reached after so long in addition to the ramp is left again, s. */
const LATE_S = 15;
/** A level is reached, A. */
const NEAR_A = 0.6;
/** Edges that a run needs to say anything of its own accord. */
const EDGES = 4;
/** A car that does not draw for so long has stopped, s. */
const STOPPED_S = 25;
/** One drawing per so many seconds. */
const CURVE_S = 2;

export interface RunOptions {
  connector: PlantConnector;
  field: RotatingField | null;
  by: string;
  startedMs: number;
  startedWallMs: number;
  /** What its connector may have at the start, A. */
  setpointA: number;
  /** How fast load management lets a connector rise, A/s. */
  rampUpAps: number;
  /** As the charger says, once it has answered. */
  charger: { rotation: Rotation | null; rotationText: string | null; maxA: number | null };
  /** What earlier runs at the same wiring left. */
  earlier: readonly Rotation[] | null;
}

/** One run at one connector. It says what its connector may have at most, and when it has ended. */
export class Run {
  readonly target: string;
  readonly #options: RunOptions;
  readonly #lowA: number;
  #highA: number;
  #level = 0;
  /** When the level began, and when it was reached; s. */
  #levelFromS = 0;
  #reachedS: number | null = null;
  readonly #commandedA: number[] = [];
  #setpointA: number | null = null;
  readonly #meters = new Map<string, MeterTrace>();
  readonly #readings: RunTrace["readings"][number][] = [];
  #readingMs = Number.NEGATIVE_INFINITY;
  #rows: Row[] = [];
  #leastRoomA: number | null = null;
  #drewS = 0;
  #chargedS = 0;
  /** What was seen before does not count, s. */
  #fromS = 0;
  #end: RunEnd | null = null;

  constructor(options: RunOptions) {
    this.#options = options;
    const { wiring, id } = options.connector;
    this.target = id;
    this.#lowA = Math.ceil(Math.max(wiring.minA, wiring.minA3p ?? 0));
    this.#highA = Math.min(this.#lowA + MOST_STEP_A, wiring.maxA);
  }

  /** Why it has ended; null while it runs. */
  get end(): RunEnd | null {
    return this.#end;
  }

  /** The most its connector may have now, A. */
  get ceilingA(): number {
    if (this.#isLow) return this.#lowA;
    return this.#level === 0 ? Math.min(this.#highA, this.#options.setpointA) : this.#highA;
  }

  /** How far it is, 0 to 1. */
  get progress(): number {
    return this.#end ? 1 : Math.min(0.99, (this.#level + 0.5) / (HOLDS_S.length + 1));
  }

  /** What people see of it while it is under way. */
  get view(): RunningView {
    const { target, progress } = this;
    const drawn = this.#readings.at(-1)?.terminalsA.map((currentA) => currentA ?? 0);
    return {
      ...{ target, progress, step: this.#level + 1, steps: HOLDS_S.length, wantedA: this.ceilingA },
      drawnA: drawn ? tenth(Math.max(...drawn)) : null,
      meters: [...this.#meters.values()].map((trace) => this.#live(trace)),
      curve: this.#curve(),
    };
  }

  #live({ meter, zone, samples }: MeterTrace): LiveMeter {
    const now = samples.at(-1)?.currentA ?? [null, null, null];
    const before = samples.findLast(({ atS }) => atS <= this.#levelFromS)?.currentA;
    const changeA = now.map((currentA, leg) => {
      const fromA = before?.[leg] ?? null;
      return currentA === null || fromA === null ? null : tenth(currentA - fromA);
    });
    return { meter, zone, legsA: now.map((currentA) => (currentA === null ? null : tenth(currentA))), changeA };
  }

  stop(end: RunEnd): void {
    this.#end ??= end;
  }

  /** Takes a decision of load management. */
  decided({ view, result, moment }: CycleDecision): void {
    if (this.#end) return;
    const { connector } = this.#options;
    const facts = view.facts.find(({ id }) => id === this.target);
    const setpointA = result.setpoints[this.target]?.limitA;
    if (!facts || setpointA === undefined) {
      this.stop("offline");
      return;
    }
    this.#fill(moment.nowMs);
    this.#setpointA = setpointA;
    this.#watchCharger(facts, moment.nowMs);
    const { ceilings = [] } = view.snapshot.connectors.find(({ id }) => id === this.target) ?? {};
    if (ceilings.some(({ cause }) => cause === "guard")) this.stop("guard");
    this.#watchMeters(view);
    this.#rows = rowsAbove(connector, view, result);
    this.#watchRoom();
  }

  /** Notes what it reports; ends where it left, does not obey, or its car has stopped. */
  #watchCharger({ state, reservedA, measuredA, measuredAtMs }: ConnectorFacts, nowMs: number): void {
    const second = this.#second(nowMs);
    if (measuredA && measuredAtMs !== null && measuredAtMs > this.#readingMs) {
      this.#readingMs = measuredAtMs;
      const atS = this.#second(measuredAtMs);
      if (atS >= 0) this.#readings.push({ atS, terminalsA: measuredA });
      if (measuredA.some((currentA) => (currentA ?? 0) > CHARGING_A)) this.#drewS = Math.max(this.#drewS, atS);
      else if (atS - this.#drewS > STOPPED_S) this.stop("car");
    }
    if (state === "charging") this.#chargedS = second;
    else if (state === "offline") this.stop("offline");
    else if (second - this.#chargedS > STOPPED_S) this.stop("car");
    if (reservedA !== null) this.stop("disobeys");
  }

  #watchMeters(view: CycleDecision["view"]): void {
    const above = pathOf(view.plant, this.#options.connector.zone).map(({ zone }) => zone.id);
    for (const { meter, zone, state, doubt } of view.meters) {
      if (!above.includes(zone)) continue;
      const trace = this.#trace(view, meter, zone);
      if (doubt) trace.doubt = doubt;
      if (state === "stale" || state === "awaited") this.stop("meter");
    }
  }

  #trace(view: CycleDecision["view"], meter: string, zone: string): MeterTrace {
    const known = this.#meters.get(meter);
    if (known) return known;
    const listed = view.plant.byName.get(zone)?.meters.find((one) => one.meter === meter);
    const trace: MeterTrace = { meter, zone, location: listed?.location ?? "including", samples: [], doubt: null };
    this.#meters.set(meter, trace);
    return trace;
  }

  /** Takes a good sample of a meter. */
  measured(meter: string, currentA: MaybeTriple, nowMs: number): void {
    const trace = this.#meters.get(meter);
    if (this.#end || !trace) return;
    trace.samples.push({ atS: this.#second(nowMs), currentA: [...currentA] });
    for (const row of this.#rows) if (row.meter === meter) row.shows(currentA);
    this.#watchRoom();
  }

  /** Time has passed. @returns whether its ceiling is another one now */
  look(nowMs: number): boolean {
    if (this.#end) return false;
    this.#fill(nowMs);
    const second = this.#second(nowMs);
    if (second >= LONGEST_S) this.stop("time");
    if (this.#end || this.#setpointA === null) return false;
    const ceilingA = this.ceilingA;
    const isDown = this.#isLow || this.#level === 0;
    const isThere = isDown ? this.#setpointA <= ceilingA + NEAR_A : this.#setpointA >= ceilingA - NEAR_A;
    if (isThere) this.#reachedS ??= second;
    const rampS = (this.#highA - this.#lowA) / this.#options.rampUpAps;
    const isDone =
      this.#reachedS !== null
        ? second - this.#reachedS >= HOLDS_S[this.#level]!
        : second - this.#levelFromS >= HOLDS_S[this.#level]! + LATE_S + (this.#isLow ? 0 : rampS);
    if (!isDone) return false;
    this.#next(second);
    return this.#end === null;
  }

  #next(second: number): void {
    if (this.#level === 0) this.#fromS = Math.floor(this.#reachedS ?? second) + CALM_S;
    if (this.#level === 1) this.#choose();
    const isLast = this.#level + 1 >= HOLDS_S.length;
    if (isLast || (this.#level >= EDGES + 1 && isDecided(this.#judgement()))) this.stop("finished");
    if (this.#end) return;
    this.#level++;
    this.#levelFromS = second;
    this.#reachedS = null;
    if (!this.#isLow && this.#leastRoom() < ROOM_A + SPARE_A + this.#highA - this.#lowA) this.stop("room");
  }

  /** At the lower level it shows how much room there is for the higher one, on whatever phase the charger may be. */
  #choose(): void {
    const roomA = this.#leastRoom() - ROOM_A - 2 * SPARE_A;
    this.#highA = Math.floor(Math.min(this.#highA, this.#lowA + roomA));
    if (this.#highA - this.#lowA < LEAST_STEP_A) this.stop("room");
  }

  #leastRoom(): number {
    return Math.min(...this.#rows.map(({ roomA }) => roomA));
  }

  /** From where it rises first, every row keeps its room. */
  #watchRoom(): void {
    if (this.#level < 2 || this.#end || this.#rows.length === 0) return;
    const leastA = this.#leastRoom();
    this.#leastRoomA = Math.min(this.#leastRoomA ?? leastA, leastA);
    if (leastA < ROOM_A) this.stop("room");
  }

  get #isLow(): boolean {
    return this.#level % 2 === 1;
  }

  #second(nowMs: number): number {
    return (nowMs - this.#options.startedMs) / 1000;
  }

  /** What was commanded holds until now. */
  #fill(nowMs: number): void {
    const until = Math.min(LONGEST_S + 30, Math.floor(this.#second(nowMs)));
    if (this.#setpointA === null) return;
    while (this.#commandedA.length < until) this.#commandedA.push(this.#setpointA);
  }

  #judgement(): Judgement {
    const { connector, field, charger, earlier } = this.#options;
    const { phases, rotation, maxA, betweenLines = false } = connector.wiring;
    return judge({
      fromS: this.#fromS,
      seconds: this.#commandedA.length,
      commandedA: this.#commandedA,
      lowA: this.#lowA,
      highA: this.#highA,
      meters: [...this.#meters.values()],
      readings: this.#readings,
      configured: { phases, rotation, maxA },
      betweenLines,
      field,
      charger,
      earlier,
    });
  }

  /** What it has shown so far. @param nowMs monotonic */
  result(nowMs: number): CommissioningResult {
    const { connector, startedWallMs, by, field, charger } = this.#options;
    const { phases, rotation, maxA } = connector.wiring;
    const judgement = this.#judgement();
    return {
      target: this.target,
      chargePoint: connector.chargePoint,
      connector: connector.connector,
      startedWallMs,
      durationS: Math.round(this.#second(nowMs)),
      by,
      end: this.#end ?? "finished",
      verdict: worst(judgement.findings.map(({ verdict }) => verdict)),
      lowA: this.#lowA,
      highA: this.#highA,
      edges: this.#level,
      configured: { phases, rotation, maxA },
      charger: { rotation: charger.rotationText, maxA: charger.maxA },
      field,
      ...judgement,
      leastRoomA: this.#leastRoomA === null ? null : tenth(this.#leastRoomA),
      curve: this.#curve(),
    };
  }

  #curve(): CurvePoint[] {
    const traces = [...this.#meters.values()];
    const points: CurvePoint[] = [];
    for (let s = 0; s < this.#commandedA.length; s += CURVE_S) {
      const legs = traces.flatMap(({ samples }) => {
        const last = samples.findLast(({ atS }) => atS <= s);
        return last ? last.currentA.map((a) => (a === null ? null : tenth(a))) : [null, null, null];
      });
      points.push([s, this.#commandedA[s]!, ...legs]);
    }
    return points;
  }
}

const tenth = (currentA: number): number => Math.round(currentA * 10) / 10;
