/**
 * Runs the load management of one root zone: takes messages and facts, ticks the controller, checks what it says with the guard,
 * and gives setpoints to the board and to the outside. It owns its timers and nothing else; what it is given it does not close.
 */

import { messageOf } from "../../errors.ts";
import type { JsonValue } from "../../units.ts";
import { sentence } from "../../words/sentence.ts";
import type { Language } from "../../words/types.ts";
import { Controller } from "../controller/controller.ts";
import { createDlmGuard } from "../guard/guard.ts";
import { readInput } from "../inputs/input.ts";
import { record } from "../inputs/signals.ts";
import { msUntilStale } from "../meters/stale.ts";
import { CommandedLimits } from "../snapshot/commanded.ts";
import { limitsOf, SampleFilter, type SampleMoment, type SampleView, someDiffer } from "../snapshot/samples.ts";
import type { ConnectorFacts } from "../topology/facts.ts";
import type { PlantTree } from "../topology/plant.ts";
import { rootPlant } from "../topology/root-plant.ts";
import { ZoneNames } from "../topology/zone-names.ts";
import type { AloneRows, ControllerConfig, ControllerResult } from "../types.ts";
import { type Alarms, type Condition, createAlarms } from "./alarms.ts";
import { ConditionWatch } from "./conditions.ts";
import type { Explanation } from "./explain.ts";
import { explainAll } from "./explanations.ts";
import { kept, type PublishedConnector, type PublishedSetpoint, stopped } from "./fallback.ts";
import { FallbackWatch } from "./fallback-over.ts";
import { guarded } from "./guarded.ts";
import { Pacemaker } from "./pacemaker.ts";
import type { DlmOutput, DlmRuntime, DlmRuntimeOptions, DlmStatus } from "./runtime-types.ts";
import { SetpointPublisher } from "./setpoint-publisher.ts";
import { allocationConfig, controllerConfig } from "./settings.ts";
import { StartupDelay } from "./startup-delay.ts";
import { UnrelievableOverloads } from "./unrelievable-overload.ts";
import { loadStatus, zoneMessages } from "./zone-view.ts";

export type * from "./runtime-types.ts";

const NO_STATUS: DlmStatus = { cars: 0, usedA: null, limitA: 0, failSafe: null, refused: null, failure: null };
/** The state is handed out at least this often, ms. */
const SAVE_EVERY_MS = 60_000;
/** After so many failed cycles in a row the last safe output is not kept any more. */
const FAILURES_KEPT = 2;

/** A runtime that waits to be started. */
export function createDlmRuntime(options: DlmRuntimeOptions): DlmRuntime {
  return new Runtime(options);
}

function* setpointsOf(
  connectors: readonly PublishedConnector[],
  explanations: ReadonlyMap<string, Explanation>,
): Generator<PublishedSetpoint> {
  for (const connector of connectors) yield { connector, explanation: explanations.get(connector.id)! };
}

class Runtime implements DlmRuntime {
  readonly #options: DlmRuntimeOptions;
  readonly #filter: SampleFilter;
  readonly #watch = new ConditionWatch();
  readonly #fallbacks = new FallbackWatch();
  readonly #guard = createDlmGuard();
  readonly #lastResort = new UnrelievableOverloads();
  readonly #publisher: SetpointPublisher;
  readonly #alarms: Alarms;
  readonly #pace: Pacemaker;
  readonly #startupDelay: StartupDelay;
  readonly #names = new ZoneNames();
  readonly #controller: Controller;
  readonly #commanded: CommandedLimits;
  #ticked = false;
  #failures = 0;
  #savedAtMs = Number.NEGATIVE_INFINITY;
  #dirty = false;
  /** Other limits are commanded than were saved. */
  #moved = false;
  /** Where limits had to fit at the last tick. */
  #rows: AloneRows | null = null;
  /** What was wrong at the last tick. */
  #conditions: Condition[] = [];

  constructor(options: DlmRuntimeOptions) {
    this.#options = { ...options };
    this.#filter = new SampleFilter(options.managers, options.timeZone, options.drill);
    const phases = (id: string) => this.#filter.phases(id);
    this.#publisher = new SetpointPublisher(this.#options, phases, (message) => this.#emit("allocation", message));
    this.#pace = new Pacemaker(options.clock, (regular) => this.#tick(regular));
    const { controller, filter, setpoints, away, highest } = record(options.saved);
    this.#commanded = new CommandedLimits(setpoints, away);
    this.#startupDelay = new StartupDelay(this.#commanded.limitsA);
    this.#filter.restore(filter, options.clock.nowMs());
    this.#plant();
    this.#controller = new Controller(this.#settings(), controller, highest);
    this.#alarms = createAlarms((message) => this.#emit("alarm", message), options.language);
  }

  input(message: unknown): void {
    const input = readInput(message);
    const moment = this.#moment();
    const facts = () => this.#options.facts(moment.nowMs);
    const urgent = this.#filter.add(input, this.#plant(), this.#options.root, facts, moment);
    if (input.kind !== "measurement" && input.kind !== "surplus" && input.kind !== "demand") this.#dirty = true;
    if (input.kind === "clear")
      this.#emit(
        "log",
        `reservation of ${input.id} cleared by ${input.by || "a message"}${input.reason ? `: ${input.reason}` : ""}`,
      );
    if (!urgent) return;
    this.#startupDelay.hurry();
    this.poke();
  }

  poke(): void {
    this.#pace.poke();
  }

  start(): void {
    if (!this.#pace.running) this.#pace.start(this.#options.config.cycleS);
  }

  configure(change: Partial<Pick<DlmRuntimeOptions, "root" | "config" | "output">>): void {
    Object.assign(this.#options, change);
    if (change.output) this.#publisher.forget();
    if (this.#pace.running) this.#pace.start(this.#options.config.cycleS);
    this.poke();
  }

  state(): JsonValue {
    return {
      version: 1,
      controller: this.#controller.state(),
      filter: this.#filter.save(this.#moment()),
      ...this.#newest(),
    };
  }

  get seenADay(): ReadonlySet<string> {
    return this.#controller.seenADay;
  }

  close(): void {
    this.#pace.stop();
  }

  get #language(): Language {
    return this.#options.language?.() ?? "en-US";
  }

  #refusal(why: string): string {
    return sentence(this.#language, "alarm.zoneTree", { why });
  }

  #moment(): SampleMoment {
    return { nowMs: this.#options.clock.nowMs(), wallMs: this.#options.clock.wallMs() };
  }

  /** The tree in force; what was said of a zone that it calls by another name goes with it. */
  #plant(): PlantTree | null {
    const tree = this.#options.plant();
    const renamed = tree && this.#names.follow(tree);
    if (renamed?.size) {
      this.#filter.rename(renamed);
      this.#controller.rename(renamed);
    }
    return tree;
  }

  /** One cycle. Whatever fails in it, setpoints stay safe and the next cycle comes. */
  #tick(regular: boolean): void {
    const moment = this.#moment();
    try {
      const tree = this.#plant();
      if (tree && !this.#ticked && this.#tooSoon(tree, moment)) {
        this.poke();
        return;
      }
      this.#ticked = true;
      if (tree) this.#decide(tree, regular, moment);
      else this.#stopAll(regular, moment);
      this.#failures = 0;
    } catch (error) {
      this.#safely(() => this.#failed(messageOf(error), moment));
    }
    this.#safely(() => this.#keep(moment.nowMs));
  }

  /** For what runs from a timer: nothing may escape into it. */
  #safely(run: () => void): void {
    try {
      run();
    } catch (error) {
      this.#emit("log", `load management of ${this.#options.root}: ${messageOf(error)}`);
    }
  }

  /** The first decision waits for meters, and after a restart for chargers. */
  #tooSoon(tree: PlantTree, moment: SampleMoment): boolean {
    const { root, facts } = this.#options;
    const view = () => this.#view(tree, facts(moment.nowMs), moment);
    return !this.#filter.ready(tree, root, moment.nowMs) || this.#startupDelay.waits(view, moment.nowMs);
  }

  #view(tree: PlantTree, facts: readonly ConnectorFacts[], moment: SampleMoment): SampleView {
    const { root, ceiling, commissioning } = this.#options;
    return this.#filter.snapshot(tree, root, facts, moment, this.#commanded, { others: ceiling, commissioning });
  }

  #decide(tree: PlantTree, regular: boolean, moment: SampleMoment): void {
    const reported = this.#options.facts(moment.nowMs);
    const language = this.#language;
    this.#controller.tune(this.#settings());
    if (this.#commanded.reported(rootPlant(tree, this.#options.root), reported)) this.#dirty = true;
    const view = this.#view(tree, reported, moment);
    view.snapshot.config = allocationConfig(tree, this.#options.config);
    const decided = this.#controller.tick(moment.nowMs, view.snapshot);
    const checked = guarded(this.#guard, moment.nowMs, view.snapshot, decided, language);
    const { result, alarm, beyond, strays } = checked;
    const limitsA = limitsOf(result, view.plant.connectors);
    this.#filter.ticked(view, result, limitsA);
    this.#filter.found(view, strays);
    const setpointA = (id: string) => limitsA.get(id) ?? 0;
    const facts = new Map<string, ConnectorFacts>();
    for (const one of view.facts) facts.set(one.id, one);
    const last = this.#lastResort.look(beyond, facts, setpointA, moment.nowMs, language);
    const explained = explainAll(view, facts, result, language, this.#options.timeZone?.());
    const explanations = this.#lastResort.explained(explained, language);
    const conditions = this.#watch.look(view, result, moment.nowMs, language, this.#options.called);
    conditions.push(...this.#fallbacks.look(view, result, moment.nowMs, language));
    if (alarm) conditions.push({ kind: "guard", subject: this.#options.root, text: alarm });
    conditions.push(...last.alarms);
    this.#options.board.setStops(this.#options.root, last.stops);
    const alone = this.#controller.aloneRows();
    if (alone) this.#putRows(alone, facts);
    this.#command(limitsA, alarm !== null);
    this.#tell(explanations, view, regular, moment);
    conditions.push(...this.#stopUnplaced(tree, reported, regular, moment));
    if (this.#filter.learnt) this.#dirty = true;
    this.#update(conditions, moment);
    this.#publish(view, result, explanations, alarm, regular, moment);
    this.#armStale(view);
  }

  /** Where limits have to fit from now on: a load that seems gone for one decision frees nothing yet. */
  #putRows(alone: AloneRows, facts: ReadonlyMap<string, ConnectorFacts>): void {
    const before = this.#rows;
    this.#rows = alone;
    const fits: AloneRows["fits"] = (...asked) => alone.fits(...asked) && (before?.fits(...asked) ?? true);
    this.#options.board.setRows(this.#options.root, { alone: { fits }, facts });
  }

  #settings(): Partial<ControllerConfig> {
    return controllerConfig(this.#options.config, this.#filter.pvDelays);
  }

  /** Takes the limits over. Connectors that left the tree leave the board, too. */
  #command(limitsA: ReadonlyMap<string, number>, pulledDown: boolean): void {
    const before = this.#commanded.limitsA;
    for (const id of before.keys()) {
      if (limitsA.has(id)) continue;
      this.#options.board.clear(id);
      this.#moved = true;
    }
    if (someDiffer(limitsA, before)) this.#moved = true;
    this.#commanded.decided(limitsA, pulledDown);
  }

  #tell(
    explanations: ReadonlyMap<string, Explanation>,
    view: SampleView,
    regular: boolean,
    moment: SampleMoment,
  ): void {
    this.#publisher.tell(setpointsOf(view.plant.connectors, explanations), regular, moment);
  }

  /** Without any valid tree nothing is known to fit: every connector gets 0 A (S5). */
  #stopAll(regular: boolean, moment: SampleMoment): void {
    const { root, facts, refusal } = this.#options;
    const why = sentence(this.#language, "load.noTree");
    const refused = refusal?.() ?? null;
    this.#commanded.decided(new Map(), true);
    this.#publisher.tell(
      stopped(
        facts(moment.nowMs).map((one) => ({ ...one, zoneName: root })),
        why,
      ),
      regular,
      moment,
    );
    this.#update([{ kind: "zoneTree", subject: root, text: refused === null ? why : this.#refusal(refused) }], moment);
    this.#emit("status", { ...NO_STATUS, refused: refused ?? why });
  }

  /** While the deployed tree is refused, connectors that the one in force does not have get 0 A. */
  #stopUnplaced(
    tree: PlantTree,
    facts: readonly ConnectorFacts[],
    regular: boolean,
    moment: SampleMoment,
  ): Condition[] {
    const { root, refusal } = this.#options;
    const text = refusal?.() ?? null;
    if (text === null) return [];
    const placed = new Set(tree.connectors.map(({ id }) => id));
    const unplaced = facts.filter(({ id }) => !placed.has(id)).map((one) => ({ ...one, zoneName: root }));
    this.#publisher.tell(stopped(unplaced, sentence(this.#language, "load.refusedTree")), regular, moment);
    return [{ kind: "zoneTree", subject: root, text: this.#refusal(text) }];
  }

  #publish(
    view: SampleView,
    result: ControllerResult,
    explanations: ReadonlyMap<string, Explanation>,
    alarm: string | null,
    regular: boolean,
    moment: SampleMoment,
  ): void {
    const zones = zoneMessages(view, result, explanations, moment.wallMs, this.#options.words);
    if (regular) for (const message of zones) this.#emit("zone", message);
    const memory = this.#controller;
    this.#emit("decided", { view, result, moment, regular, explanations, settings: memory.settings, memory });
    const root = zones.find(({ zone }) => zone === this.#options.root);
    const refused = this.#options.refusal?.() ?? null;
    this.#emit("status", { ...loadStatus(view, result, explanations, root), refused, failure: alarm });
  }

  /** A meter that stays silent is answered when it becomes stale, not a cycle later. */
  #armStale(view: SampleView): void {
    const delayMs = msUntilStale(view);
    this.#pace.lookIn(delayMs, () => this.#safely(() => this.#tickIfStale()));
  }

  #tickIfStale(): void {
    const moment = this.#moment();
    const tree = this.#options.plant();
    if (!tree) return;
    const view = this.#view(tree, this.#options.facts(moment.nowMs), moment);
    if (view.meters.some(({ state }) => state === "stale")) this.poke();
    else this.#armStale(view);
  }

  /** The last safe output stays for a while; then every connector goes down to the fail-safe current or 0. */
  #failed(text: string, moment: SampleMoment): void {
    this.#failures++;
    const { root, plant } = this.#options;
    const tree = plant();
    const words = tree ? kept(tree, root, this.#commanded.limitsA, this.#failures > FAILURES_KEPT, this.#language) : [];
    const limitsA = new Map(words.map(({ connector, explanation }) => [connector.id, explanation.limitA]));
    this.#commanded.decided(limitsA, this.#failures > FAILURES_KEPT || this.#commanded.pulledDown);
    this.#publisher.tell(words, true, moment);
    const others = this.#conditions.filter(({ kind }) => kind !== "control");
    const why = sentence(this.#language, "alarm.control", { why: text });
    this.#update([...others, { kind: "control", subject: root, text: why }], moment);
    this.#emit("status", { ...NO_STATUS, failure: text });
  }

  #update(conditions: Condition[], moment: SampleMoment): void {
    this.#conditions = conditions;
    this.#alarms.update(conditions, moment.wallMs);
  }

  #keep(nowMs: number): void {
    if (this.#dirty || nowMs - this.#savedAtMs >= SAVE_EVERY_MS) {
      const hasChanged = this.#dirty;
      this.#dirty = false;
      this.#savedAtMs = nowMs;
      this.#emit("state", this.state(), hasChanged);
    } else if (!this.#moved) return;
    this.#moved = false;
    this.#emit("newest", this.#newest());
  }

  #newest(): { [key: string]: JsonValue } {
    return { ...this.#commanded.save(), highest: this.#controller.highestSeen() };
  }

  #emit<K extends keyof DlmOutput>(kind: K, ...told: Parameters<NonNullable<DlmOutput[K]>>): void {
    try {
      (this.#options.output[kind] as ((...told: unknown[]) => void) | undefined)?.(...told);
    } catch {
      // A listener's failure is the listener's; the others and the next cycle go on.
    }
  }
}
