import type { Clock, Timer } from "../../clock.ts";
import type { DrillSight, SeemingDraw } from "../../dlm/inputs/drill.ts";
import type { ActiveLimit } from "../../dlm/inputs/signals.ts";
import type { CycleDecision } from "../../dlm/runtime/runtime-types.ts";
import { placeOf } from "../../dlm/topology/root-plant.ts";
import type { Ceiling } from "../../dlm/types.ts";
import { messageOf } from "../../errors.ts";
import type { Store } from "../../store/types.ts";
import { SETTLED_MS } from "../../thresholds.ts";
import type { MaybeTriple } from "../../units.ts";
import type { Note } from "../../words/types.ts";
import type { Steered } from "../commissioning.ts";
import { DRILL_SOURCE, Drill, ROOM_S, roomText } from "./drill.ts";
import type { DrillEnd, DrillResult } from "./drill-result.ts";
import type { Sight } from "./loads.ts";
import { type DrilledCharger, type Plan, type PlanOptions, planDrill, refused } from "./plan.ts";
import type { DrillAsked } from "./request.ts";
import { drillResults, keepDrill } from "./results.ts";
import { type Ceilings, isRoomMade } from "./room.ts";
import type { DrillKind, DrillRunning } from "./view-types.ts";

/** A drill is looked at so often, ms. */
const LOOK_MS = 250;
/** News come so often, ms. */
const TELL_MS = 1000;
/** What a meter seemed to show goes on for so long after the charger's readings are its own again, ms: the newest pair is of one moment. */
const METERS_LAST_MS = 3000;
/** After a draw that only seemed to be nothing rises for so long, ms. */
const CALM_MS = 15_000;

export interface DrillNews {
  kind: DrillKind;
  target: string;
  /** The root zone that it is about. */
  root: string;
  /** null when it has ended. */
  running: Omit<DrillRunning, "text"> | null;
  /** null while it runs. */
  result: DrillResult | null;
}

export interface DrillDeps {
  clock: Clock;
  store: Store;
  /** The limit in force of a connector, A. */
  setpointA(id: string): number;
  /** What its charger has confirmed and still holds, A; null = it is not asked by OCPP. */
  acceptedA(id: string): number | null;
  charger(chargePoint: string): DrilledCharger | undefined;
  /** Holds the connection of a charge point shut until then (monotonic), by itself; null = no longer. */
  shut(chargePoint: string, untilMs: number | null): void;
  voltageV(): number;
  /** A wiring is being proven. */
  isProving(): boolean;
  /** People are told that a drill is under way, and when it is over (null). */
  announce(drill: Omit<DrillRunning, "text"> | null): void;
  /** The name of a limit that a drill commands, for people. */
  reason(): string;
  log(text: string): void;
}

/** A drill that can be wished for. */
export interface DrillChoice {
  kind: DrillKind;
  target: string;
  /** What it would take at most, s; null where it cannot begin. */
  seconds: number | null;
  /** Why it cannot begin now; null = it can. */
  lacks: unknown;
}

/** Who asked for what. */
export interface DrillWish {
  asked: DrillAsked;
  by: string;
}

interface Active {
  drill: Drill;
  wish: DrillWish;
  steered: Steered;
  timer: Timer;
  toldMs: number;
  isPutBack: boolean;
  /** What others leave for it until it ends; null = there was room. */
  room: Ceilings | null;
  /** Since when they have left it, monotonic; null = not yet. */
  roomMadeMs: number | null;
}

/** What goes on for a moment after a draw that only seemed to be. */
interface Calm {
  root: string;
  untilMs: number;
  draw: SeemingDraw;
  metersUntilMs: number;
}

/**
 * The drills of one site, one at a time. A drill takes information away or makes things look worse; load management and its guard act as
 * always. What it does lives in memory alone and lapses by itself: with its end, a deploy or a restart nothing of it is left.
 */
export class Drills {
  readonly #deps: DrillDeps;
  readonly #listeners = new Set<(news: DrillNews) => void>();
  readonly #steered = new Set<Steered>();
  #active: Active | null = null;
  #calm: Calm | null = null;

  constructor(deps: DrillDeps) {
    this.#deps = deps;
  }

  get running(): Omit<DrillRunning, "text"> | null {
    return this.#active?.drill.running(this.#deps.clock.nowMs()) ?? null;
  }

  /** Those that have ended, the newest first. @throws EvError EV_STORE_OPEN */
  get results(): DrillResult[] {
    const now = this.#active?.drill.startedWallMs;
    return drillResults(this.#deps.store).filter(({ startedWallMs }) => startedWallMs !== now);
  }

  /** What load management sees otherwise than it is. */
  readonly sight: DrillSight = {
    hides: (meter) => this.#effect()?.hides === meter,
    limits: (zone, wallMs) => this.#limits(zone, wallMs),
    draw: () => this.#draw(),
  };

  /** Called each second, and with the result. @returns removes it */
  onNews(listener: (news: DrillNews) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** What a drill asks of a connector: not to be raised; null = nothing. */
  ceiling(id: string): Ceiling | null {
    const root = this.#heldRoot();
    if (root === null) return null;
    const heldA = this.#deps.setpointA(id);
    const roomA = this.#active?.room?.get(id);
    const place = [...this.#steered]
      .map((one) => one.decision()?.view.plant)
      .find((plant) => plant && placeOf(plant, id));
    if (place?.zones[0]?.root !== root) return null;
    return roomA !== undefined && roomA <= heldA
      ? { limitA: roomA, cause: "drillRoom" }
      : { limitA: heldA, cause: "drillHold" };
  }

  /** A load management runs here from now on. @returns it has gone */
  attach(steered: Steered): () => void {
    this.#steered.add(steered);
    return () => {
      this.left(steered);
      this.#steered.delete(steered);
    };
  }

  /**
   * Begins a drill; resolves when it is on the disk that it has begun.
   * @throws EvError EV_DRILL with `field` for why not
   */
  async start(wish: DrillWish): Promise<void> {
    const { asked, by } = wish;
    const { clock, log } = this.#deps;
    const { plan, sight, steered } = this.#check(asked);
    const drill = this.#drill(plan, sight, by, null);
    const timer = clock.setInterval(() => this.#look(), LOOK_MS);
    const rest = { toldMs: sight.nowMs, isPutBack: false, room: plan.room, roomMadeMs: null };
    this.#active = { drill, wish, steered, timer, ...rest };
    log(`drill "${plan.kind}" at ${plan.target} begins, for ${plan.seconds} s at most${by ? `, by ${by}` : ""}`);
    await this.#begin(this.#active);
  }

  #drill(plan: Plan, sight: Sight, by: string, madeRoom: { text: Note; sinceS: number } | null): Drill {
    const { shut } = plan.effect;
    return new Drill({
      ...{ plan, by, sight, madeRoom, startedMs: sight.nowMs, startedWallMs: this.#deps.clock.wallMs() },
      charger: shut === undefined ? undefined : this.#deps.charger(shut),
    });
  }

  /** From now on its effect is in force; where room has to be made first, that is. @param insteadOf started then, its result is this one's now */
  async #begin({ drill, steered }: Active, insteadOf?: number): Promise<void> {
    const { clock, store, log } = this.#deps;
    const { plan } = drill;
    const nowMs = clock.nowMs();
    const { shut } = drill.effect(nowMs) ?? {};
    if (shut !== undefined) this.#deps.shut(shut, drill.faultEndMs);
    const running = drill.running(nowMs);
    this.#safely(() => this.#deps.announce(running));
    this.#tell({ ...subjectOf(drill), running, result: null });
    steered.poke();
    // Should Node-RED end before the drill does, this is its result.
    await keepDrill(store, drill.result(nowMs), insteadOf).catch((error: unknown) =>
      log(`the drill at ${plan.target} is not kept: ${messageOf(error)}`),
    );
  }

  /** Others were asked to leave room: once they have, and a while longer, it begins, if it still can. */
  #watchRoomMade(active: Active): void {
    const { drill, wish, steered, room } = active;
    const { clock, voltageV, acceptedA, charger, log } = this.#deps;
    const decision = steered.decision();
    const nowMs = clock.nowMs();
    if (drill.end || drill.running(nowMs).phase !== "room" || !room || !decision) return;
    const sight: Sight = { decision, voltageV: voltageV(), acceptedA, nowMs };
    if (!isRoomMade(sight, room)) active.roomMadeMs = null;
    else active.roomMadeMs ??= nowMs;
    if (active.roomMadeMs === null || nowMs < active.roomMadeMs + SETTLED_MS) return;
    const plan = this.#planned({ sight, asked: wish.asked, charger });
    if (!plan) return;
    if (plan.room) {
      // More is drawn than before: they leave more.
      active.room = lower(room, plan.room);
      active.roomMadeMs = null;
      steered.poke();
      return;
    }
    const sinceS = drill.running(nowMs).elapsedS;
    active.drill = this.#drill(plan, sight, wish.by, { text: roomText(room), sinceS });
    log(`drill "${plan.kind}" at ${plan.target}: there is room now`);
    void this.#begin(active, drill.startedWallMs);
  }

  /** null = not now. */
  #planned(options: PlanOptions): Plan | null {
    try {
      return planDrill(options);
    } catch {
      return null;
    }
  }

  /** Drills that can be wished for, each with why it cannot begin now; null = it can. */
  get choices(): DrillChoice[] {
    const wishes = [...this.#steered].flatMap((steered): [DrillKind, string][] => {
      const plant = steered.decision()?.view.plant;
      if (!plant) return [];
      const meters = new Set(plant.zones.flatMap((zone) => zone.meters.map(({ meter }) => meter)));
      const roots = plant.zones.filter(({ nodeId }) => nodeId !== null).map(({ zone }) => zone.id);
      return [
        ...plant.connectors.map(({ id }): [DrillKind, string] => ["link", id]),
        ...[...meters].map((meter): [DrillKind, string] => ["meter", meter]),
        ...roots.map((zone): [DrillKind, string] => ["limit", zone]),
        ...plant.connectors.map(({ id }): [DrillKind, string] => ["disobey", id]),
      ];
    });
    return wishes.map(([kind, target]) => {
      try {
        const { plan } = this.#check({ kind, target, seconds: null, limitW: null });
        return { kind, target, seconds: plan.seconds + (plan.room ? ROOM_S : 0), lacks: null };
      } catch (lacks) {
        return { kind, target, seconds: null, lacks };
      }
    });
  }

  /** Ends the drill that is under way, at once. */
  abort(end: DrillEnd): void {
    if (!this.#active) return;
    this.#active.drill.stop(end, this.#deps.clock.nowMs());
    this.#finish();
  }

  /** A load management goes, or its tree has changed. */
  left(steered: Steered): void {
    if (this.#active?.steered === steered) this.abort("deploy");
  }

  /** Takes each decision of a load management. */
  decided(decision: CycleDecision, steered: Steered): void {
    if (this.#active?.steered !== steered) return;
    this.#active.drill.decided(decision);
    this.#look();
  }

  /** Takes a sample of a meter, also of one whose readings are ignored. */
  measured(meter: string, currentA: MaybeTriple): void {
    const active = this.#active;
    if (!active) return;
    active.drill.measured(meter, currentA, this.#deps.clock.nowMs());
    if (active.drill.end) this.#finish();
  }

  close(): void {
    this.abort("deploy");
    this.#listeners.clear();
  }

  /** What a drill would be. @throws EvError EV_DRILL with `field` for why it cannot begin */
  #check(asked: DrillAsked): { plan: Plan; sight: Sight; steered: Steered } {
    const { clock, voltageV, acceptedA, charger, isProving } = this.#deps;
    const nowMs = clock.nowMs();
    if (this.#active || isProving() || (this.#calm && nowMs < this.#calm.untilMs)) throw refused(asked, "drillBusy");
    const steered = this.#of(asked);
    const decision = steered?.decision();
    if (!steered || !decision) throw refused(asked, UNKNOWN[asked.kind]);
    const sight: Sight = { decision, voltageV: voltageV(), acceptedA, nowMs };
    return { plan: planDrill({ sight, asked, charger }), sight, steered };
  }

  /** The load management that a wish is about. */
  #of({ kind, target }: DrillAsked): Steered | undefined {
    return [...this.#steered].find((one) => {
      const plant = one.decision()?.view.plant;
      if (!plant) return false;
      if (kind === "meter") return plant.zones.some(({ meters }) => meters.some(({ meter }) => meter === target));
      if (kind === "limit") return target === "" ? this.#steered.size === 1 : plant.byName.has(target);
      return placeOf(plant, target) !== undefined;
    });
  }

  #effect() {
    return this.#active?.drill.effect(this.#deps.clock.nowMs()) ?? null;
  }

  #limits(zone: string, wallMs: number): readonly ActiveLimit[] {
    const limit = this.#effect()?.limit;
    if (limit?.zone !== zone) return [];
    const { leftS } = this.#active!.drill.running(this.#deps.clock.nowMs());
    const untilWallMs = wallMs + leftS * 1000;
    const { powerW } = limit;
    return [
      { zone, source: DRILL_SOURCE, reason: this.#deps.reason(), scope: "evse", limitA: null, powerW, untilWallMs },
    ];
  }

  #draw(): SeemingDraw | null {
    const draw = this.#effect()?.draw;
    if (draw) return draw;
    return this.#calm && this.#deps.clock.nowMs() < this.#calm.metersUntilMs ? this.#calm.draw : null;
  }

  /** The root zone below which nothing is raised. */
  #heldRoot(): string | null {
    const { drill, room } = this.#active ?? {};
    if (drill && (drill.plan.holds || room)) return drill.plan.root;
    return this.#calm && this.#deps.clock.nowMs() < this.#calm.untilMs ? this.#calm.root : null;
  }

  #look(): void {
    const active = this.#active;
    if (!active) return;
    const { clock, charger, shut } = this.#deps;
    const nowMs = clock.nowMs();
    active.drill.look(nowMs);
    this.#watchRoomMade(active);
    const now = active.drill.effect(nowMs);
    if (now?.shut !== undefined && charger(now.shut)?.ready) shut(now.shut, active.drill.faultEndMs);
    if (!now && active.drill.running(nowMs).phase !== "room") this.#putBack(active);
    if (active.drill.end) this.#finish();
    else if (nowMs - active.toldMs >= TELL_MS) {
      active.toldMs = nowMs;
      this.#tell({ ...subjectOf(active.drill), running: active.drill.running(nowMs), result: null });
    }
  }

  /** Nothing is taken away any more. */
  #putBack(active: Active): void {
    if (active.isPutBack) return;
    active.isPutBack = true;
    const { effect, root } = active.drill.plan;
    const nowMs = this.#deps.clock.nowMs();
    if (effect.shut !== undefined) this.#deps.shut(effect.shut, null);
    if (effect.draw)
      this.#calm = {
        root,
        untilMs: nowMs + CALM_MS,
        draw: { ...effect.draw, isReported: false },
        metersUntilMs: nowMs + METERS_LAST_MS,
      };
    active.steered.poke();
  }

  /** What was seen is kept. */
  #finish(): void {
    const active = this.#active;
    if (!active) return;
    const { clock, store, log } = this.#deps;
    clock.clear(active.timer);
    this.#putBack(active);
    this.#active = null;
    const result = active.drill.result(clock.nowMs());
    const { kind, target, verdict, end } = result;
    log(`drill "${kind}" at ${target} has ended (${end}): ${verdict}`);
    keepDrill(store, result).catch((error: unknown) =>
      log(`the result of the drill at ${target} is not kept: ${messageOf(error)}`),
    );
    this.#safely(() => this.#deps.announce(null));
    this.#tell({ ...subjectOf(active.drill), running: null, result });
  }

  #tell(news: DrillNews): void {
    for (const listener of [...this.#listeners]) this.#safely(() => listener(news));
  }

  /** Whoever is told cannot keep a drill from ending. */
  #safely(run: () => void): void {
    try {
      run();
    } catch (error) {
      this.#deps.log(messageOf(error));
    }
  }
}

/** The lower one for each connector. */
function lower(room: Ceilings, more: Ceilings): Ceilings {
  const both = new Map(room);
  for (const [id, limitA] of more) both.set(id, Math.min(limitA, both.get(id) ?? limitA));
  return both;
}

function subjectOf({ plan: { kind, target, root } }: Drill): Pick<DrillNews, "kind" | "target" | "root"> {
  return { kind, target, root };
}

const UNKNOWN: Readonly<Record<DrillKind, string>> = {
  link: "drillUnknown",
  meter: "drillUnknownMeter",
  limit: "drillUnknownZone",
  disobey: "drillUnknown",
};
