/**
 * Runs the load management of one root zone: takes messages and facts, ticks the controller, checks what it says with the guard,
 * and gives setpoints to the board and to the outside. It owns its timers and nothing else; what it is given it does not close.
 */
import { type Alarms, type Condition, createAlarms } from "../alarm/alarms.ts";
import type { Clock, Timer } from "../clock.ts";
import { messageOf } from "../errors.ts";
import type { AlarmMessage, AllocationMessage, ZoneMessage } from "../messages.ts";
import type { JsonValue } from "../units.ts";
import { Announcements, allocationMessage } from "./announce.ts";
import type { SetpointBoard } from "./board.ts";
import { ConditionWatch } from "./conditions.ts";
import { createDlmController } from "./controller.ts";
import { amps, type Explanation, explain } from "./explain.ts";
import type { ConnectorFacts } from "./facts.ts";
import { guardTick } from "./guarded.ts";
import { readInput } from "./input.ts";
import type { PlantTree } from "./plant.ts";
import { rootPlant } from "./root-plant.ts";
import { type Moment, SampleFilter, type SampleView } from "./samples.ts";
import { list, record } from "./signals.ts";
import type { AllocationConfig, ControllerResult, DlmController } from "./types.ts";
import { fullestPhase, zoneMessages } from "./zone-view.ts";

/** What the dialog sets; the rest has the defaults of the controller and the allocator. */
export interface DlmConfig extends Pick<AllocationConfig, "shedding" | "priorityPolicy" | "idlePolicy" | "fairness"> {
  cycleS: number;
  rampUpAps: number;
  rotationS: number;
}

/** Where results go. A listener that throws harms nobody else. */
export interface DlmOutput {
  allocation(message: AllocationMessage): void;
  zone(message: ZoneMessage): void;
  alarm(message: AlarmMessage): void;
  /** What to keep for the next start: on change of a setpoint or an input, and once a minute. */
  state(saved: JsonValue): void;
  status(status: DlmStatus): void;
  log(text: string): void;
}

/** The runtime in one line, for the node's status. */
export interface DlmStatus {
  /** Connectors that are given current. */
  cars: number;
  /** Load of the root zone's fullest phase, A; null = unknown, and the limit of that phase. */
  usedA: number | null;
  limitA: number;
  /** Name of a meter whose failure holds a zone in fail-safe. */
  failSafe: string | null;
  /** Why the deployed tree is not in force. */
  refused: string | null;
  /** Why the last cycle failed, or what the guard did. */
  failure: string | null;
}

export interface DlmRuntimeOptions {
  /** Name of the root zone. */
  root: string;
  clock: Clock;
  /** The tree in force; null = none yet. */
  plant(): PlantTree | null;
  /** Why the deployed tree was refused; null = it is in force. */
  refusal?(): string | null;
  /** Facts of every OCPP connector of the site. */
  facts(nowMs: number): ConnectorFacts[];
  board: SetpointBoard;
  /** An earlier `state()`: what it remembers is taken over before the first tick, so that a restart raises nothing (S11). */
  saved?: JsonValue | undefined;
  config: DlmConfig;
  output: DlmOutput;
}

/** Load management of one root zone, running. */
export interface DlmRuntime {
  /** @throws EvError EV_MESSAGE_INVALID naming the field; nothing is changed then */
  input(message: unknown): void;
  /** Something changed that should not wait for the next cycle. Coalesced. */
  poke(): void;
  /** Starts the cycle; harmless when it runs. Not before the tree was checked once. */
  start(): void;
  /** Other settings, another root zone or another output, without forgetting anything. */
  configure(change: Partial<Pick<DlmRuntimeOptions, "root" | "config" | "output">>): void;
  state(): JsonValue;
  /** Stops the cycle. Leases run out by themselves. */
  close(): void;
}

const COALESCE_MS = 50;
const SAVE_EVERY_MS = 60_000;
/** After so many failed cycles in a row the last safe output is not kept any more. */
const FAILURES_KEPT = 2;

export function createDlmRuntime(options: DlmRuntimeOptions): DlmRuntime {
  return new Runtime(options);
}

class Runtime implements DlmRuntime {
  readonly #options: DlmRuntimeOptions;
  readonly #filter = new SampleFilter();
  readonly #watch = new ConditionWatch();
  readonly #announcements = new Announcements();
  readonly #alarms: Alarms;
  #controller!: DlmController;
  #controllerKey = "";
  #setpoints = new Map<string, number>();
  #cycle: Timer | undefined;
  #soon: Timer | undefined;
  #staleAt: Timer | undefined;
  #ticked = false;
  #failures = 0;
  #savedAtMs = Number.NEGATIVE_INFINITY;
  #dirty = false;

  constructor(options: DlmRuntimeOptions) {
    this.#options = { ...options };
    const { controller, filter, setpoints } = record(options.saved);
    for (const entry of list(setpoints)) {
      const [id, limitA] = list(entry);
      if (typeof id === "string" && typeof limitA === "number") this.#setpoints.set(id, limitA);
    }
    this.#filter.restore(filter, this.#setpoints);
    this.#tuneController(controller);
    this.#alarms = createAlarms((message) => this.#emit("alarm", message));
  }

  input(message: unknown): void {
    const input = readInput(message);
    const moment = this.#moment();
    const facts = this.#options.facts(moment.nowMs);
    const urgent = this.#filter.add(input, this.#options.plant(), this.#options.root, facts, moment);
    if (input.kind !== "measurement" && input.kind !== "surplus") this.#dirty = true;
    if (input.kind === "clear")
      this.#emit(
        "log",
        `reservation of ${input.id} cleared by ${input.by || "a message"}${input.reason ? `: ${input.reason}` : ""}`,
      );
    if (urgent) this.poke();
  }

  poke(): void {
    if (!this.#cycle || this.#soon) return;
    this.#soon = this.#options.clock.setTimeout(() => {
      this.#soon = undefined;
      this.#tick(false);
    }, COALESCE_MS);
  }

  start(): void {
    if (this.#cycle) return;
    this.#cycle = this.#options.clock.setInterval(() => this.#tick(true), this.#options.config.cycleS * 1000);
    this.poke();
  }

  configure(change: Partial<Pick<DlmRuntimeOptions, "root" | "config" | "output">>): void {
    const { cycleS } = this.#options.config;
    Object.assign(this.#options, change);
    if (change.output) this.#announcements.forget();
    if (this.#cycle && this.#options.config.cycleS !== cycleS) {
      this.#options.clock.clear(this.#cycle);
      this.#cycle = undefined;
      this.start();
    }
    this.poke();
  }

  state(): JsonValue {
    return {
      version: 1,
      controller: this.#controller.state(),
      filter: this.#filter.save(),
      setpoints: [...this.#setpoints],
    };
  }

  close(): void {
    for (const timer of [this.#cycle, this.#soon, this.#staleAt]) this.#options.clock.clear(timer);
    this.#cycle = this.#soon = this.#staleAt = undefined;
  }

  #moment(): Moment {
    return { nowMs: this.#options.clock.nowMs(), wallMs: this.#options.clock.wallMs() };
  }

  /** One cycle. Whatever fails in it, setpoints stay safe and the next cycle comes. */
  #tick(regular: boolean): void {
    const moment = this.#moment();
    try {
      const tree = this.#options.plant();
      if (tree && !this.#ticked && !this.#filter.ready(tree, this.#options.root, moment.nowMs)) return this.poke();
      this.#ticked = true;
      if (tree) this.#decide(tree, regular, moment);
      else this.#stopAll(regular, moment);
      this.#failures = 0;
    } catch (error) {
      this.#failed(messageOf(error), moment);
    }
    this.#keep(moment.nowMs);
  }

  #decide(tree: PlantTree, regular: boolean, moment: Moment): void {
    const reported = this.#options.facts(moment.nowMs);
    this.#tuneController();
    const view = this.#filter.snapshot(tree, this.#options.root, reported, moment);
    view.snapshot.config = this.#allocationConfig(tree);
    const decided = this.#controller.tick(moment.nowMs, view.snapshot);
    const { result, alarm } = guardTick(view, decided, this.#setpoints, moment.nowMs);
    this.#filter.ticked(view, result);
    const explanations = this.#explanations(view, result, moment);
    const { refusal } = this.#options;
    const conditions = this.#watch.look(view, result, moment.nowMs);
    if (alarm) conditions.push({ kind: "guard", subject: this.#options.root, text: alarm });
    this.#apply(explanations, view, regular, moment);
    const refused = this.#stopUnplaced(tree, reported, refusal?.() ?? null, regular, moment);
    this.#update(refused ? [...conditions, refused] : conditions, moment);
    this.#publish(view, result, explanations, alarm, regular, moment);
    this.#armStale(view, moment.nowMs);
  }

  #explanations(view: SampleView, result: ControllerResult, moment: Moment): Map<string, Explanation> {
    const context = {
      plant: view.plant,
      result,
      facts: new Map(view.facts.map((facts) => [facts.id, facts])),
      held: view.held,
      limits: (zone: string) => this.#filter.limits(zone, moment.wallMs),
      surplusW: view.snapshot.site ? -view.snapshot.site.gridW : null,
    };
    return new Map(view.plant.connectors.map(({ id }) => [id, explain(id, context)]));
  }

  /** Puts the setpoints on the board and announces what changed or is due. */
  #apply(explanations: ReadonlyMap<string, Explanation>, view: SampleView, regular: boolean, moment: Moment): void {
    const { board, config } = this.#options;
    const gone = [...this.#setpoints.keys()].filter((id) => !explanations.has(id));
    for (const id of gone) board.clear(id);
    if (gone.length || [...explanations].some(([id, { limitA }]) => this.#setpoints.get(id) !== limitA))
      this.#dirty = true;
    this.#setpoints = new Map([...explanations].map(([id, { limitA }]) => [id, limitA]));
    for (const connector of view.plant.connectors) {
      const explanation = explanations.get(connector.id)!;
      board.set(connector.id, {
        limitA: explanation.limitA,
        atMs: moment.nowMs,
        cycleS: config.cycleS,
        zone: connector.zoneName,
      });
      this.#announce(allocationMessage(connector, explanation, config.cycleS, moment.wallMs), regular, moment.nowMs);
    }
  }

  #announce(draft: AllocationMessage, regular: boolean, nowMs: number): void {
    const message = this.#announcements.due(draft, regular ? this.#options.config.cycleS * 1000 : null, nowMs);
    if (message) this.#emit("allocation", message);
  }

  /** Without any valid tree nothing is known to fit: every connector gets 0 A (S5). */
  #stopAll(regular: boolean, moment: Moment): void {
    const facts = this.#options.facts(moment.nowMs);
    const refusal = this.#options.refusal?.() ?? null;
    const text = "0 A: no valid zone tree is known";
    this.#setpoints = new Map();
    this.#stop(facts, text, regular, moment);
    const condition: Condition = {
      kind: "zoneTree",
      subject: this.#options.root,
      text: refusal ?? "no valid zone tree is known",
    };
    this.#update([condition], moment);
    this.#emit("status", { cars: 0, usedA: null, limitA: 0, failSafe: null, refused: condition.text, failure: null });
  }

  /** While the deployed tree is refused, connectors that the one in force does not have get 0 A. */
  #stopUnplaced(
    tree: PlantTree,
    facts: readonly ConnectorFacts[],
    refusal: string | null,
    regular: boolean,
    moment: Moment,
  ): Condition | null {
    if (refusal === null) return null;
    const placed = new Set(tree.connectors.map(({ id }) => id));
    this.#stop(
      facts.filter(({ id }) => !placed.has(id)),
      "0 A: the zone tree that holds this charger is refused",
      regular,
      moment,
    );
    return { kind: "zoneTree", subject: this.#options.root, text: refusal };
  }

  #stop(facts: readonly ConnectorFacts[], text: string, regular: boolean, moment: Moment): void {
    const { board, config, root } = this.#options;
    for (const { id, chargePoint, connector, wiring } of facts) {
      board.set(id, { limitA: 0, atMs: moment.nowMs, cycleS: config.cycleS, zone: root });
      const explanation: Explanation = { limitA: 0, reasons: [{ code: "OFF", text: text.slice(5) }], text };
      this.#announce(
        allocationMessage(
          { id, chargePoint, connector, zoneName: root, wiring },
          explanation,
          config.cycleS,
          moment.wallMs,
        ),
        regular,
        moment.nowMs,
      );
    }
  }

  #publish(
    view: SampleView,
    result: ControllerResult,
    explanations: ReadonlyMap<string, Explanation>,
    alarm: string | null,
    regular: boolean,
    moment: Moment,
  ): void {
    const zones = zoneMessages(view, result, explanations, moment.wallMs);
    if (regular) for (const message of zones) this.#emit("zone", message);
    const root = zones.find(({ zone }) => zone === this.#options.root);
    const failed = view.meters.find(({ state, zone }) => state === "stale" && result.target.zones[zone]?.failSafe);
    this.#emit("status", {
      cars: [...this.#setpoints.values()].filter((limitA) => limitA > 0).length,
      ...(root ? fullestPhase(root) : { usedA: null, limitA: 0 }),
      failSafe: failed?.meter ?? null,
      refused: this.#options.refusal?.() ?? null,
      failure: alarm,
    });
  }

  /** A meter that stays silent is answered when it becomes stale, not a cycle later. */
  #armStale(view: SampleView, nowMs: number): void {
    this.#options.clock.clear(this.#staleAt);
    const lifeMs = new Map(
      view.plant.zones.flatMap(({ zone, meters }) =>
        meters.map(({ meter, staleAfterS }) => [`${zone.id}/${meter}`, staleAfterS * 1000]),
      ),
    );
    const left = view.meters
      .filter(({ state, ageS }) => state !== "stale" && ageS !== null)
      .map(({ zone, meter, ageS }) => lifeMs.get(`${zone}/${meter}`)! - ageS! * 1000);
    if (!left.length) return;
    this.#staleAt = this.#options.clock.setTimeout(() => this.#tickIfStale(nowMs), Math.max(0, Math.min(...left)) + 1);
  }

  #tickIfStale(armedMs: number): void {
    this.#staleAt = undefined;
    const moment = this.#moment();
    const tree = this.#options.plant();
    if (!tree || moment.nowMs < armedMs) return;
    const view = this.#filter.snapshot(tree, this.#options.root, this.#options.facts(moment.nowMs), moment);
    if (view.meters.some(({ state }) => state === "stale")) this.poke();
    else this.#armStale(view, moment.nowMs);
  }

  /** The last safe output stays for a while; then every connector goes down to the fail-safe current or 0. */
  #failed(text: string, moment: Moment): void {
    this.#failures++;
    const { board, config } = this.#options;
    const lower = this.#failures > FAILURES_KEPT;
    const plant = this.#options.plant();
    for (const connector of plant ? rootPlant(plant, this.#options.root).connectors : []) {
      const keptA = this.#setpoints.get(connector.id) ?? 0;
      const safeA = failSafeA(plant!, connector.zone);
      const limitA = lower ? (safeA >= connector.wiring.minA ? Math.min(keptA, safeA) : 0) : keptA;
      this.#setpoints.set(connector.id, limitA);
      board.set(connector.id, { limitA, atMs: moment.nowMs, cycleS: config.cycleS, zone: connector.zoneName });
      const why = `the control cycle fails, ${lower ? "fail-safe" : "the last limit stays"}`;
      const explanation: Explanation = {
        limitA,
        reasons: [{ code: "FAILSAFE", text: why }],
        text: `${amps(limitA)}: ${why}`,
      };
      this.#announce(allocationMessage(connector, explanation, config.cycleS, moment.wallMs), true, moment.nowMs);
    }
    this.#update([...this.#kept(), { kind: "control", subject: this.#options.root, text }], moment);
    this.#emit("status", { cars: 0, usedA: null, limitA: 0, failSafe: null, refused: null, failure: text });
  }

  /** The alarms that hold already: a failed cycle cannot tell whether they are over. */
  #kept(): Condition[] {
    return this.#conditions.filter(({ kind }) => kind !== "control");
  }
  #conditions: Condition[] = [];

  #update(conditions: Condition[], moment: Moment): void {
    this.#conditions = conditions;
    this.#alarms.update(conditions, moment.wallMs);
  }

  #allocationConfig(tree: PlantTree): Partial<AllocationConfig> {
    const { shedding, priorityPolicy, idlePolicy, fairness } = this.#options.config;
    return { voltageV: tree.voltageV, shedding, priorityPolicy, idlePolicy, fairness };
  }

  /** A new controller with the old one's memory when a setting or a PV delay changed. */
  #tuneController(saved?: JsonValue): void {
    const { rampUpAps, rotationS } = this.#options.config;
    const { enableDelayS, disableDelayS } = this.#filter.pvDelays;
    const config = {
      rampUpAps,
      rotationS,
      ...(enableDelayS !== null && { pvEnableDelayS: enableDelayS }),
      ...(disableDelayS !== null && { pvDisableDelayS: disableDelayS }),
    };
    const key = JSON.stringify(config);
    if (key === this.#controllerKey) return;
    const memory = this.#controllerKey ? this.#controller.state() : saved;
    this.#controller = createDlmController(config, memory);
    this.#controllerKey = key;
  }

  #keep(nowMs: number): void {
    if (!this.#dirty && nowMs - this.#savedAtMs < SAVE_EVERY_MS) return;
    this.#dirty = false;
    this.#savedAtMs = nowMs;
    this.#emit("state", this.state());
  }

  #emit<K extends keyof DlmOutput>(kind: K, value: Parameters<DlmOutput[K]>[0]): void {
    try {
      (this.#options.output[kind] as (value: Parameters<DlmOutput[K]>[0]) => void)(value);
    } catch {
      // A listener's failure is the listener's; the others and the next cycle go on.
    }
  }
}

/** The lowest fail-safe current on the way up from a zone. */
function failSafeA(tree: PlantTree, name: string): number {
  let lowest = Number.POSITIVE_INFINITY;
  for (let at: string | null = name; at !== null; ) {
    const zone: PlantTree["zones"][number] | undefined = tree.zones.find((one) => one.zone.id === at);
    lowest = Math.min(lowest, zone?.zone.failSafeA ?? Number.POSITIVE_INFINITY);
    at = zone?.zone.parent ?? null;
  }
  return Number.isFinite(lowest) ? lowest : 0;
}
