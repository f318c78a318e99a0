/** Copies of settings that are under way or have ended: one charge point after the other, over restarts. */
import { type Clock, isoTime, type Timer } from "../../clock.ts";
import type { Station } from "../../station/connection/station.ts";
import type { Stations } from "../../station/connection/stations.ts";
import type { StationChange } from "../../station/types.ts";
import type { Store } from "../../store/types.ts";
import type { JsonValue } from "../../units.ts";
import { chargingAt } from "../guard.ts";
import { endOf, isTouched, type Outcome, readBack, rollBack, type TargetPort, writeKeys } from "./copy-target.ts";
import { keptCopies } from "./kept-copies.ts";
import type { CopyTarget, KeyResult, SettingsCopy, TargetState } from "./types.ts";

/** Document that keeps copies over restarts. */
const DOCUMENT = "settings-copies";

/** So many copies that have ended are kept. */
const MOST_ENDED = 20;

/** A charge point that leaves while it is being changed is changed once more; when it leaves again, its old values go back. */
const MOST_TRIES = 2;

/** What still has to happen. */
const OPEN: ReadonlySet<TargetState> = new Set(["waiting", "away", "changing", "toRestart", "restarting", "lost"]);

/** Changes of a charge point that may let something go on. */
const NEWS: ReadonlySet<StationChange["kind"]> = new Set(["ready", "offline", "boot", "transaction", "status"]);

export interface CopiesDeps extends Pick<TargetPort, "send" | "read"> {
  stations: Stations;
  clock: Clock;
  store: Pick<Store, "document" | "saveDocument" | "keepDocument">;
  /** Identity of the charge point whose firmware is being updated; null = none. */
  updating(): string | null;
  /** For the log. */
  note(by: SettingsCopy["by"], what: string): void;
}

export class Copies {
  readonly #deps: CopiesDeps;
  #copies: SettingsCopy[];
  readonly #stopListening: () => void;
  readonly #waits = new Set<() => void>();
  /** Boots and losses of each charge point since the start. */
  readonly #turns = new Map<string, number>();
  /** Watched after a change: until when, and the timer that runs while one is away. */
  readonly #watched = new Map<CopyTarget, { copy: SettingsCopy; untilMs: number; timer: Timer | undefined }>();
  /** Rolling back was tried since they dialled last. */
  readonly #tried = new Set<CopyTarget>();
  #working = false;
  #closed = false;

  constructor(deps: CopiesDeps) {
    this.#deps = deps;
    this.#copies = keptCopies(deps.store.document(DOCUMENT));
    for (const { targets } of this.#copies)
      for (const target of targets) if (target.state === "changing") target.state = "waiting";
    this.#stopListening = deps.stations.onChange((change) => this.#changed(change));
    this.#kick();
  }

  /** The newest first. */
  get all(): readonly SettingsCopy[] {
    return this.#copies;
  }

  /** Charge points that a copy has not ended for. */
  busy(chargePoint: string): boolean {
    return this.#copies.some(({ targets }) => targets.some((one) => one.chargePoint === chargePoint && isOpen(one)));
  }

  /** Begins a copy. Resolves when it is durable. @throws EvError EV_STORE_WRITE | EV_STORE_OPEN: it has not begun */
  async begin(
    wish: Pick<SettingsCopy, "by" | "from" | "keys" | "restart" | "waitS"> & { to: string[] },
  ): Promise<SettingsCopy> {
    const { to, ...asked } = wish;
    const id = Math.max(0, ...this.#copies.map((copy) => copy.id)) + 1;
    const targets = to.map((chargePoint): CopyTarget => {
      const keys = asked.keys.map(
        ({ key, value }): KeyResult => ({ key, value, old: null, found: null, status: "waiting" }),
      );
      return { chargePoint, state: "waiting", keys, tries: 0, restarted: false };
    });
    const copy: SettingsCopy = {
      id,
      ts: isoTime(this.#deps.clock.wallMs()),
      ended: null,
      held: false,
      ...asked,
      targets,
    };
    const ended = this.#copies.filter((one) => one.ended !== null).slice(MOST_ENDED - 1);
    const before = this.#copies;
    this.#copies = [copy, ...before.filter((one) => !ended.includes(one))];
    try {
      await this.#keep();
    } catch (error) {
      this.#copies = before;
      throw error;
    }
    this.#kick();
    return copy;
  }

  /** A copy that was held goes on with the others. @returns false for one that is not */
  goOn(id: number): boolean {
    const copy = this.#copies.find((one) => one.id === id && one.held);
    if (!copy) return false;
    copy.held = false;
    this.#save();
    this.#kick();
    return true;
  }

  /** What has not happened yet will not, at one charge point or all. @returns at how many */
  giveUp(id: number, chargePoint: string | null): number {
    const copy = this.#copies.find((one) => one.id === id);
    const open = (copy?.targets ?? []).filter(
      (one) => GIVEN_UP.has(one.state) && (chargePoint === null || one.chargePoint === chargePoint),
    );
    for (const target of open) target.state = target.state === "toRestart" ? endOf(target) : "givenUp";
    if (copy && open.length > 0) {
      this.#save();
      this.#look(copy);
    }
    return open.length;
  }

  close(): void {
    this.#closed = true;
    this.#stopListening();
    for (const { timer } of this.#watched.values()) this.#deps.clock.clear(timer);
    for (const wake of [...this.#waits]) wake();
  }

  #changed({ kind, chargePoint }: StationChange): void {
    if (!NEWS.has(kind)) return;
    if (kind === "boot" || kind === "offline") this.#turns.set(chargePoint, this.#turn(chargePoint) + 1);
    if (kind === "ready")
      for (const target of [...this.#tried]) if (target.chargePoint === chargePoint) this.#tried.delete(target);
    for (const [target, watch] of this.#watched)
      if (target.chargePoint === chargePoint) this.#seen(kind, target, watch);
    for (const wake of [...this.#waits]) wake();
    this.#kick();
  }

  /** After its change a charge point left or came back. */
  #seen(
    kind: StationChange["kind"],
    target: CopyTarget,
    watch: { copy: SettingsCopy; untilMs: number; timer: Timer | undefined },
  ): void {
    const { clock } = this.#deps;
    if (kind === "ready") {
      clock.clear(watch.timer);
      watch.timer = undefined;
    }
    if (kind !== "offline" || watch.timer) return;
    if (clock.nowMs() > watch.untilMs) {
      this.#watched.delete(target);
      return;
    }
    const look = () => {
      if (this.#areAllGone(target.chargePoint)) watch.timer = clock.setTimeout(look, watch.copy.waitS * 1000);
      else this.#lose(watch.copy, target);
    };
    watch.timer = clock.setTimeout(look, watch.copy.waitS * 1000);
  }

  /** No charge point of several is connected: that is not for a change of one. */
  #areAllGone(chargePoint: string): boolean {
    const { stations } = this.#deps;
    const others = stations.list().filter(({ identity, definition }) => identity !== chargePoint && definition?.ocpp);
    return !stations.get(chargePoint)?.online && others.length > 0 && others.every(({ online }) => !online);
  }

  #turn(chargePoint: string): number {
    return this.#turns.get(chargePoint) ?? 0;
  }

  #kick(): void {
    if (this.#working || this.#closed) return;
    this.#working = true;
    // What happens in one turn of the event loop is looked at once.
    queueMicrotask(() => void this.#work());
  }

  async #work(): Promise<void> {
    try {
      for (let step = this.#next(); step && !this.#closed; step = this.#next()) await step();
    } catch (error) {
      // A disk that cannot be written: nothing was sent, and the next change of any charge point tries again.
      process.emitWarning(error instanceof Error ? error : String(error));
    } finally {
      this.#working = false;
    }
  }

  /** What to do next; null = nothing can be done now. */
  #next(): (() => Promise<void>) | null {
    for (const copy of this.#copies) {
      if (copy.ended !== null) continue;
      for (const target of copy.targets) {
        const step = this.#stepOf(copy, target);
        if (step) return step;
      }
      this.#look(copy);
    }
    return null;
  }

  #stepOf(copy: SettingsCopy, target: CopyTarget): (() => Promise<void>) | null {
    const { state } = target;
    const station = this.#usable(target.chargePoint);
    if (state === "restarting") return () => this.#awaitRestart(copy, target, -1);
    if (!station) {
      if (state === "waiting") this.#set(copy, target, "away");
      return null;
    }
    if (state === "lost") return this.#tried.has(target) ? null : () => this.#rollBack(copy, target, station);
    if (copy.held) return null;
    if (state === "waiting" || state === "away") return () => this.#write(copy, target, station);
    if (state === "toRestart" && chargingAt(station).length === 0) return () => this.#restart(copy, target, station);
    return null;
  }

  /** A charge point that can be changed now. */
  #usable(chargePoint: string): Station | null {
    const { stations, updating } = this.#deps;
    const station = stations.get(chargePoint);
    const isFree = station?.definition?.ocpp && station.state === "ready" && updating() !== station.identity;
    return isFree ? station : null;
  }

  async #write(copy: SettingsCopy, target: CopyTarget, station: Station): Promise<void> {
    this.#set(copy, target, "changing");
    let outcome: Outcome;
    try {
      outcome = await writeKeys(this.#port(copy, target), station, target);
    } catch (error) {
      target.state = "away";
      throw error;
    }
    await this.#settle(copy, target, station, outcome);
  }

  async #restart(copy: SettingsCopy, target: CopyTarget, station: Station): Promise<void> {
    this.#set(copy, target, "restarting");
    await this.#keep();
    const turn = this.#turn(target.chargePoint);
    const command = { station, action: "Reset", payload: { type: "Soft" }, force: false, file: null };
    const { status } = await this.#deps.send(command).catch(() => ({ status: null }));
    if (status === "Accepted") await this.#awaitRestart(copy, target, turn);
    // A charge began meanwhile.
    else if (chargingAt(station).length > 0) this.#set(copy, target, "toRestart");
    else this.#end(copy, target);
  }

  /** @param turn what it had done when it was told to restart; -1 = that was before Node-RED restarted */
  async #awaitRestart(copy: SettingsCopy, target: CopyTarget, turn: number): Promise<void> {
    const isBack = () => this.#turn(target.chargePoint) !== turn && this.#usable(target.chargePoint) !== null;
    const station = (await this.#comesBack(copy, target, isBack)) ? this.#usable(target.chargePoint) : null;
    if (this.#closed) return;
    if (!station) {
      // It said that it restarts, and never left: what waits for a restart still does.
      if (this.#deps.stations.get(target.chargePoint)?.online) this.#end(copy, target);
      else this.#lose(copy, target);
      return;
    }
    target.restarted = true;
    const outcome = await readBack(this.#port(copy, target), station, target, true);
    await this.#settle(copy, target, station, outcome);
  }

  async #settle(copy: SettingsCopy, target: CopyTarget, station: Station, outcome: Outcome): Promise<void> {
    if (this.#closed) return;
    if (outcome === "unread") return this.#set(copy, target, "unread");
    if (outcome === "silent") return this.#rollBack(copy, target, station);
    if (outcome === "gone") return this.#gone(copy, target);
    const waits = target.keys.some(({ status }) => status === "restart");
    if (waits && copy.restart && !target.restarted) this.#set(copy, target, "toRestart");
    else this.#end(copy, target);
  }

  /** It left while it was being changed. */
  async #gone(copy: SettingsCopy, target: CopyTarget): Promise<void> {
    if (!isTouched(target)) return this.#set(copy, target, "away");
    const isBack = await this.#comesBack(copy, target, () => this.#usable(target.chargePoint) !== null);
    if (this.#closed) return;
    const station = this.#usable(target.chargePoint);
    if (!isBack || !station) this.#lose(copy, target);
    else if (target.tries < MOST_TRIES) this.#set(copy, target, "waiting");
    else await this.#rollBack(copy, target, station);
  }

  async #rollBack(copy: SettingsCopy, target: CopyTarget, station: Station): Promise<void> {
    this.#tried.add(target);
    const state = await rollBack(this.#port(copy, target), station, target);
    if (this.#closed) return;
    if (state === "lost") this.#lose(copy, target);
    else this.#set(copy, target, state);
  }

  /** It does not dial any more: nobody else is changed until somebody says so. */
  #lose(copy: SettingsCopy, target: CopyTarget): void {
    this.#watched.delete(target);
    if (target.state !== "lost") {
      this.#deps.note(
        copy.by,
        `settings of ${target.chargePoint}: it does not answer since its change; copy ${copy.id} is held`,
      );
      copy.held = true;
      copy.ended = null;
    }
    this.#set(copy, target, "lost");
    this.#kick();
  }

  #end(copy: SettingsCopy, target: CopyTarget): void {
    if (isTouched(target)) {
      const untilMs = this.#deps.clock.nowMs() + copy.waitS * 1000;
      this.#watched.set(target, { copy, untilMs, timer: undefined });
    }
    this.#set(copy, target, endOf(target));
  }

  #set(copy: SettingsCopy, target: CopyTarget, state: TargetState): void {
    target.state = state;
    this.#save();
    this.#look(copy);
  }

  /** Whether a copy has ended. */
  #look(copy: SettingsCopy): void {
    if (copy.ended === null && !copy.targets.some(isOpen)) {
      copy.ended = isoTime(this.#deps.clock.wallMs());
      copy.held = false;
      this.#save();
    }
  }

  #port(copy: SettingsCopy, { chargePoint }: CopyTarget): TargetPort {
    const { send, read, note } = this.#deps;
    return {
      send,
      read,
      keep: () => this.#keep(),
      note: ({ key, old, value, status }) =>
        note(
          copy.by,
          `settings of ${chargePoint} (copy ${copy.id} from ${copy.from}): ${changeText(key, old, value, status)}`,
        ),
    };
  }

  /** Waits for a charge point, and on while all others are away, too: then it is not the change that keeps it away. */
  async #comesBack({ waitS }: SettingsCopy, { chargePoint }: CopyTarget, isBack: () => boolean): Promise<boolean> {
    for (;;) {
      if (await this.#until(isBack, waitS)) return true;
      if (this.#closed || !this.#areAllGone(chargePoint)) return false;
    }
  }

  /** Resolves true as soon as something holds, false when the time is over or everything ends. */
  #until(holds: () => boolean, withinS: number): Promise<boolean> {
    const { clock } = this.#deps;
    return new Promise((resolve) => {
      const end = (held: boolean) => {
        clock.clear(timer);
        this.#waits.delete(look);
        resolve(held);
      };
      const look = () => {
        if (this.#closed) end(false);
        else if (holds()) end(true);
      };
      const timer = clock.setTimeout(() => end(holds()), withinS * 1000);
      this.#waits.add(look);
      look();
    });
  }

  #save(): void {
    if (!this.#closed) this.#deps.store.saveDocument(DOCUMENT, this.#copies as unknown as JsonValue);
  }

  #keep(): Promise<void> {
    return this.#deps.store.keepDocument(DOCUMENT, this.#copies as unknown as JsonValue);
  }
}

/** What can be given up: nothing of it is on its way at this moment. */
const GIVEN_UP: ReadonlySet<TargetState> = new Set(["waiting", "away", "toRestart", "lost"]);

const isOpen = ({ state }: CopyTarget): boolean => OPEN.has(state);

/** `ConnectionTimeOut 60 → 90: accepted`, for the log. */
export function changeText(key: string, old: string | null, value: string, status: string): string {
  const of = (text: string | null) => (text === null ? "?" : JSON.stringify(text.slice(0, 60)));
  const [from, to] = status === "rolledBack" || status === "notRolledBack" ? [value, old] : [old, value];
  return `${key} ${of(from)} → ${of(to)}: ${status}`;
}
