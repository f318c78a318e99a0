import type { CycleDecision } from "../../dlm/runtime/runtime-types.ts";
import { placeOf } from "../../dlm/topology/root-plant.ts";
import type { MaybeTriple } from "../../units.ts";
import type { Note } from "../../words/types.ts";
import { worst } from "../result.ts";
import type { Row } from "../rows.ts";
import type { DrillEnd, DrillResult } from "./drill-result.ts";
import type { MeterPoint } from "./fall.ts";
import { judgeDrill } from "./judge.ts";
import { drawA, factsOf, phasesOf, type Sight, toldA } from "./loads.ts";
import { type DrilledCharger, type Effect, type Looked, type Plan, rowsOf } from "./plan.ts";
import type { Ceilings } from "./room.ts";
import type { DrillPoint, DrillRunning } from "./view-types.ts";

/** Others have so long to leave room, s. */
export const ROOM_S = 90;
/** What was shown is watched for so long before all is put back, s. */
const STEADY_S = 5;
/** Readings may come so long after the limits were confirmed, s. */
const READINGS_S = 20;
/** What was put back is waited for, s: a charger dials anew after a while. */
const RETURN_S = { link: 90, meter: 30, limit: 10, disobey: 5 } as const;
/** A breaker may seem to be over its limit for so long, s: no charge may be stopped for a draw that only seems to be. */
const SEEMING_OVER_S = 25;
/** A car that is told less has come down after this, s: until then a meter shows it, too. */
const OTHERS_S = 12;
/** Less than this of another car is no change, A. */
const OTHERS_A = 1;
/** A fall by a meter is watched for so long: the other cars' readings come by then. */
const STEADY_LINK_S = 12;
/** Samples of a meter are kept this far apart at least, s. */
const SAMPLE_S = 0.4;
/** The reading of the start stands for those before it. */
const SEEDS_S = [-2.5, -2, -1.5, -1, -0.5, 0] as const;

export interface DrillOptions {
  plan: Plan;
  by: string;
  startedMs: number;
  startedWallMs: number;
  sight: Sight;
  /** The charger whose connection is held shut. */
  charger: DrilledCharger | undefined;
  /** Room was made for it, since so many seconds; null = there was. */
  madeRoom: { text: Note; sinceS: number } | null;
}

/** One drill from its start to its result. It says what is taken away, and when it has ended; it does nothing itself. */
export class Drill {
  readonly plan: Plan;
  readonly #options: DrillOptions;
  readonly #samples = new Map<string, MeterPoint[]>();
  readonly #steps: DrillResult["steps"] = [];
  readonly #curve: DrillPoint[] = [];
  readonly #before: { drawnA: number | null; energyWh: number | null; atMs: number | null };
  #rows: Row[];
  #decision: CycleDecision;
  #phase: DrillRunning["phase"] = "fault";
  #phaseMs: number;
  #faultS: number | null = null;
  #commandedAtMs: number | null = null;
  #measuredAtMs: number | null = null;
  #lastMeasured: number | null = null;
  #overMs: number | null = null;
  /** What each other connector was told and drew when it changed last, and since when none has, s. */
  readonly #others = new Map<string, { toldA: number; drawA: number }>();
  #calmFromS = Number.NEGATIVE_INFINITY;
  #restoredMs: number | null = null;
  #end: DrillEnd | null = null;

  constructor(options: DrillOptions) {
    const { plan, sight, startedMs, charger, madeRoom } = options;
    const { decision } = sight;
    this.plan = plan;
    if (plan.room) this.#phase = "room";
    this.#options = options;
    this.#decision = decision;
    this.#phaseMs = startedMs;
    this.#rows = rowsOf(sight, plan.members);
    const facts = factsOf(decision, plan.target);
    const place = placeOf(decision.view.plant, plan.target);
    this.#before = {
      drawnA: drawA(decision, plan.target),
      energyWh: (place && charger?.energyWh(place.connector)) ?? null,
      atMs: facts?.measuredAtMs ?? null,
    };
    for (const { meter, currentA } of decision.view.meters)
      if (currentA)
        this.#samples.set(
          meter,
          SEEDS_S.map((atS) => ({ atS, currentA })),
        );
    if (madeRoom) this.#note(startedMs - madeRoom.sinceS * 1000, madeRoom.text);
    this.#note(startedMs, plan.room ? roomText(plan.room) : plan.began);
  }

  get startedWallMs(): number {
    return this.#options.startedWallMs;
  }

  /** Why it has ended; null while it runs. */
  get end(): DrillEnd | null {
    return this.#end;
  }

  /** What is taken away now; null = nothing. It lapses by itself. */
  effect(nowMs: number): Effect | null {
    if (this.#end || this.#phase !== "fault" || nowMs >= this.faultEndMs) return null;
    return this.plan.effect;
  }

  /** When its fault lapses by itself, monotonic. */
  get faultEndMs(): number {
    return this.#options.startedMs + this.plan.seconds * 1000;
  }

  running(nowMs: number): Omit<DrillRunning, "text"> {
    const { kind, target, seconds } = this.plan;
    const lastsS = { room: ROOM_S, fault: seconds, return: RETURN_S[kind] }[this.#phase];
    const leftS = Math.min(lastsS, Math.ceil((this.#phaseMs - nowMs) / 1000 + lastsS));
    return {
      ...{ kind, target, seconds, phase: this.#phase },
      leftS: Math.max(0, leftS),
      elapsedS: Math.floor(this.#second(nowMs)),
    };
  }

  stop(end: DrillEnd, nowMs: number): void {
    if (this.#end) return;
    if (this.#phase === "fault") this.#faultS = this.#second(nowMs);
    // What was gone through is whole, whoever does not wait until all is back.
    this.#end = this.#phase === "return" ? "finished" : end;
    this.#note(nowMs, { code: "drill.putBack" });
  }

  /** Takes a decision of load management. */
  decided(decision: CycleDecision): void {
    this.#decision = decision;
    const { nowMs } = decision.moment;
    const { kind, target, members } = this.plan;
    const isGone = members.some(({ id }) => !placeOf(decision.view.plant, id));
    if (isGone || (kind === "disobey" && !placeOf(decision.view.plant, target))) {
      this.stop("gone", nowMs);
      return;
    }
    this.#rows = rowsOf({ ...this.#options.sight, decision }, members);
    for (const [meter, trace] of this.#samples)
      for (const row of this.#rows) if (row.meter === meter) row.shows(trace.at(-1)!.currentA);
    if (kind !== "disobey" || this.#phase !== "fault") return;
    if (factsOf(decision, target)?.state !== "charging") this.stop("car", nowMs);
    // Nothing is left to lower: next a charge would be stopped.
    if (members.every(({ id }) => decision.result.setpoints[id]?.limitA === 0)) this.stop("room", nowMs);
  }

  /** Takes a sample of a meter, also of one whose readings are ignored. */
  measured(meter: string, currentA: MaybeTriple, nowMs: number): void {
    const trace = this.#samples.get(meter) ?? [];
    this.#samples.set(meter, trace);
    const atS = this.#second(nowMs);
    if (atS - (trace.at(-1)?.atS ?? Number.NEGATIVE_INFINITY) >= SAMPLE_S) trace.push({ atS, currentA: [...currentA] });
    for (const row of this.#rows) if (row.meter === meter) row.shows(currentA);
    this.#watchRoom(nowMs);
  }

  /** Time has passed. */
  look(nowMs: number): void {
    if (this.#end) return;
    if (this.#phase === "fault") this.#lookAtFault(nowMs);
    else if (this.#phase === "return") this.#lookAtReturn(nowMs);
    else if (nowMs >= this.#phaseMs + ROOM_S * 1000) this.stop("noRoom", nowMs);
  }

  #sight(nowMs: number): Sight {
    return { ...this.#options.sight, decision: this.#decision, nowMs };
  }

  #looked(nowMs: number): Looked {
    const { startedMs } = this.#options;
    const heard = {
      startedMs,
      commandedAtMs: this.#commandedAtMs,
      calmFromS: this.#calmFromS,
      samples: this.#samples,
    };
    return this.plan.look(this.#sight(nowMs), heard);
  }

  /** Another car that goes down, or away, is not the one whose connection was cut. */
  #watchOthers(nowMs: number): void {
    const sight = this.#sight(nowMs);
    for (const { id } of this.#decision.view.plant.connectors) {
      if (id === this.plan.target) continue;
      const now = { toldA: toldA(sight, id), drawA: drawA(this.#decision, id) ?? 0 };
      const before = this.#others.get(id);
      const isSame =
        before && Math.abs(now.toldA - before.toldA) <= OTHERS_A && Math.abs(now.drawA - before.drawA) <= 2 * OTHERS_A;
      if (isSame) continue;
      this.#others.set(id, now);
      if (before) this.#calmFromS = this.#second(nowMs) + OTHERS_S;
    }
  }

  #lookAtFault(nowMs: number): void {
    if (this.plan.kind === "link") this.#watchOthers(nowMs);
    const looked = this.#looked(nowMs);
    this.#follow(looked, nowMs);
    this.#draw(looked, nowMs);
    this.#watchRoom(nowMs);
    if (this.#end) return;
    const isOver =
      nowMs >= this.faultEndMs ||
      (this.#measuredAtMs !== null && nowMs >= this.#measuredAtMs + this.#steadyS * 1000) ||
      (this.#commandedAtMs !== null &&
        this.plan.kind !== "link" &&
        looked.measured === null &&
        nowMs >= this.#commandedAtMs + READINGS_S * 1000);
    if (!isOver) return;
    this.#faultS = this.#second(nowMs);
    this.#phase = "return";
    this.#phaseMs = nowMs;
    this.#note(nowMs, { code: "drill.putBack" });
  }

  #follow({ isCommanded, measured, measuredAtMs }: Looked, nowMs: number): void {
    if (!isCommanded) this.#commandedAtMs = null;
    else if (this.#commandedAtMs === null) {
      this.#commandedAtMs = nowMs;
      this.#note(nowMs, { code: this.plan.kind === "link" ? "drill.leaseOver" : "drill.toldAll" });
    }
    if (measured !== null) this.#lastMeasured = measured;
    if (measuredAtMs === null && this.#measuredAtMs !== null) {
      this.#measuredAtMs = null;
      this.#steps.splice(0, this.#steps.length, ...this.#steps.filter(({ text }) => text.code !== "drill.down"));
    }
    if (measuredAtMs === null) return;
    if (this.#measuredAtMs === null) {
      this.#measuredAtMs = measuredAtMs;
      this.#note(measuredAtMs, { code: "drill.down" });
    }
  }

  get #steadyS(): number {
    return this.plan.kind === "link" ? STEADY_LINK_S : STEADY_S;
  }

  /** One point for each second. */
  #draw({ commanded, measured }: Looked, nowMs: number): void {
    const second = Math.floor(this.#second(nowMs));
    if (this.#curve.length > 0 && this.#curve.at(-1)![0] >= second) return;
    this.#curve.push([second, rounded(commanded), rounded(measured), this.plan.limit]);
  }

  #lookAtReturn(nowMs: number): void {
    const { kind } = this.plan;
    this.#draw(this.#looked(nowMs), nowMs);
    if (this.#restoredMs === null && this.#isBack(nowMs)) {
      this.#restoredMs = nowMs;
      this.#note(nowMs, { code: "drill.back" });
    }
    const isRead = this.#measuredAtMs !== null || this.#energyAfter() !== null || this.#before.energyWh === null;
    const isDone = kind === "link" ? this.#restoredMs !== null && isRead : this.#restoredMs !== null;
    if (isDone || nowMs >= this.#phaseMs + RETURN_S[kind] * 1000) this.#end = "finished";
  }

  #isBack(nowMs: number): boolean {
    const { kind, target, effect } = this.plan;
    const { view, moment } = this.#decision;
    if (kind === "link") return this.#options.charger?.ready === true;
    if (moment.nowMs <= this.#phaseMs) return false;
    if (kind === "meter") return view.meters.every(({ meter, state }) => meter !== target || state === "good");
    if (kind === "limit") return !view.limits(effect.limit!.zone).some(({ source }) => source === DRILL_SOURCE);
    return nowMs >= this.#phaseMs + 3000;
  }

  /** A phase above comes near its limit, or a draw that only seems to be is about to count as an overload. */
  #watchRoom(nowMs: number): void {
    const { leastRoomA, effect } = this.plan;
    if (this.#end || this.#phase !== "fault" || this.#rows.length === 0) return;
    const leastA = Math.min(...this.#rows.map(({ roomA }) => roomA));
    if (leastRoomA !== null && leastA < leastRoomA) this.stop("room", nowMs);
    if (!effect.draw) return;
    const moreA = Math.max(0, effect.draw.drawA - (drawA(this.#decision, effect.draw.connector) ?? 0));
    this.#overMs = leastA - moreA < 0 ? (this.#overMs ?? nowMs) : null;
    if (this.#overMs !== null && nowMs - this.#overMs > SEEMING_OVER_S * 1000) this.stop("room", nowMs);
  }

  #energyAfter(): { wh: number; atMs: number } | null {
    const { charger, sight } = this.#options;
    const place = placeOf(sight.decision.view.plant, this.plan.target);
    const wh = place ? (charger?.energyWh(place.connector) ?? null) : null;
    const atMs = factsOf(this.#decision, this.plan.target)?.measuredAtMs ?? null;
    return wh === null || atMs === null || atMs <= this.#phaseMs ? null : { wh, atMs };
  }

  /** When it came down, by the energy that it took while it was away; s. */
  #registerS(): number | null {
    const { drawnA, energyWh, atMs } = this.#before;
    const after = this.#energyAfter();
    if (
      this.#phase === "room" ||
      this.plan.kind !== "link" ||
      drawnA === null ||
      energyWh === null ||
      atMs === null ||
      !after
    )
      return null;
    const { sight, startedMs } = this.#options;
    const watts = (currentA: number) => currentA * sight.voltageV * phasesOf(sight.decision, this.plan.target).length;
    const [fullW, safeW] = [watts(drawnA), watts(this.plan.limit)];
    const hours = (after.atMs - atMs) / 3_600_000;
    const fullHours = (after.wh - energyWh - safeW * hours) / (fullW - safeW);
    if (after.wh < energyWh || fullHours > hours * 1.5) return null;
    return fullHours * 3600 + (atMs - startedMs) / 1000;
  }

  #second(nowMs: number): number {
    return (nowMs - this.#options.startedMs) / 1000;
  }

  #note(nowMs: number, text: Note): void {
    this.#steps.push({ atS: Math.round(this.#second(nowMs) * 10) / 10, text });
  }

  /** What it has shown so far. */
  result(nowMs: number): DrillResult {
    const { kind, target, seconds, unit, limit, allowedS } = this.plan;
    const { by, startedWallMs } = this.#options;
    const atS = (ms: number | null) => (ms === null ? null : Math.round(this.#second(ms) * 10) / 10);
    const end = this.#end ?? "restart";
    const registerS = this.#registerS();
    const measuredS = atS(this.#measuredAtMs);
    const findings = judgeDrill(this.plan, {
      end,
      faultS: this.#faultS ?? this.#second(nowMs),
      commandedS: atS(this.#commandedAtMs),
      measuredS,
      lastMeasured: this.#lastMeasured,
      drawnA: this.#before.drawnA,
      registerS,
      restoredS: atS(this.#restoredMs),
    });
    return {
      ...{ kind, target, seconds, unit, limit, by, startedWallMs, end, findings },
      durationS: Math.round(this.#second(nowMs)),
      verdict: worst(findings.map(({ verdict }) => verdict)),
      steps: [...this.#steps],
      commandedS: atS(this.#commandedAtMs),
      measuredS: measuredS ?? (registerS === null ? null : Math.round(Math.max(0, registerS))),
      allowedS: Math.round(allowedS),
      curve: [...this.#curve],
    };
  }
}

/** Who leaves room, and how much each keeps. */
export function roomText(room: Ceilings): Note {
  const list = [...room].map(([id, limitA]) => `${id} ${limitA} A`).join(", ");
  return { code: "drill.roomAsked", values: { list } };
}

/** The source of a limit that a drill commands. */
export const DRILL_SOURCE = "drill";

const rounded = (value: number | null): number | null => (value === null ? null : Math.round(value * 10) / 10);
