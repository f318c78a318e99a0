import { type Clock, isoTime, type Timer } from "../../clock.ts";
import { messageOf } from "../../errors.ts";
import type { KeysAnswer, OrderName, StationOrders } from "../../ocpp/orders.ts";
import { CALL_PRIORITY, type Order } from "../../ocpp/port.ts";
import { OcppCallError } from "../../ocpp/rpc/call-error.ts";
import type { JsonValue } from "../../units.ts";
import type { AuthorizationMode } from "./authorize.ts";
import type { BadgePlace } from "./badge.ts";
import type { BadgeList } from "./badge-list.ts";
import { fullPush, type HeldList, localListEntries, nextVersion, type PushStep, planPush } from "./local-list.ts";
import type { LocalListStatus, LocalListView } from "./local-list-view.ts";

/** A charge point that came into service is set up first: its list waits for so long, ms. */
const AFTER_READY_MS = 10_000;

/** Changes of the list that follow each other go out together, ms. */
const AFTER_CHANGE_MS = 2_000;

/** Charge points whose lists are written at the same time. */
const AT_ONCE = 8;

/** Entries in one message, and in all, where a charge point does not say. */
const PER_CALL = 50;
const MOST_ENTRIES = 1000;

/** Under what it is remembered that a charge point keeps no list. */
const FACT = "charger.localList";
const FEATURE = "LocalAuthListManagement";
const KEYS = ["LocalAuthListMaxLength", "SendLocalListMaxLength"];

/** A charge point that may keep a list. */
export interface ListKeeper {
  identity: string;
  online: boolean;
  authorization: AuthorizationMode;
  /** What it showed about itself, by path. */
  facts: Readonly<Record<string, { value: unknown }>>;
  /** It must not be asked for keys by name: some restart then. */
  askNoKeys: boolean;
  learn(path: string, value: boolean, how: string): void;
  order: Order;
}

export interface LocalListsPort {
  clock: Clock;
  list: BadgeList;
  store: { document(key: string): JsonValue | undefined; saveDocument(key: string, value: JsonValue): void };
  /** Identities of all that may keep a list. */
  keepers(): string[];
  keeper(identity: string): ListKeeper | null;
  connectors(chargePoint: string): BadgePlace["connectors"];
}

/** A list that is to be looked after. */
interface Task {
  /** A person asked for it. */
  byHand: boolean;
  /** Called when it is done. */
  waiting: (() => void)[];
}

/** Keeps the lists of all charge points that have one at the site's own. */
export class LocalLists {
  readonly #port: LocalListsPort;
  readonly #views = new Map<string, LocalListView>();
  readonly #waiting = new Map<string, Task>();
  readonly #running = new Set<string>();
  readonly #wanted = new Set<string>();
  readonly #stopListening: () => void;
  #changeTimer: Timer | undefined;
  readonly #readyTimers = new Map<string, Timer>();
  #closed = false;

  constructor(port: LocalListsPort) {
    this.#port = port;
    this.#stopListening = port.list.onChange(() => this.#allSoon());
  }

  /** @param owner a node's id @param wanted it wants the lists kept up to date; without such a node no list is pushed by itself */
  configure(owner: string, wanted: boolean): void {
    if (!wanted) this.#wanted.delete(owner);
    else if (!this.#wanted.has(owner)) {
      this.#wanted.add(owner);
      this.#allSoon();
    }
  }

  /** What the lists should say may have changed without a change of the badges. */
  review(): void {
    this.#allSoon();
  }

  /** A charge point came into service. */
  ready(chargePoint: string): void {
    if (this.#wanted.size === 0 || this.#closed) return;
    const { clock } = this.#port;
    clock.clear(this.#readyTimers.get(chargePoint));
    const start = () => {
      this.#readyTimers.delete(chargePoint);
      this.#enqueue(chargePoint);
    };
    this.#readyTimers.set(chargePoint, clock.setTimeout(start, AFTER_READY_MS));
  }

  /** Looks after one list, or all, a few at a time, and resolves with what became of it. Never rejects. */
  async pushNow(chargePoint: string | null): Promise<LocalListView[]> {
    const { keepers, keeper } = this.#port;
    const names = chargePoint === null ? keepers() : keeper(chargePoint) ? [chargePoint] : [];
    await Promise.all(names.map((name) => new Promise<void>((done) => this.#enqueue(name, done))));
    return names.map((name) => this.#viewOf(name));
  }

  views(): LocalListView[] {
    return this.#port.keepers().map((name) => this.#viewOf(name));
  }

  close(): void {
    this.#closed = true;
    this.#stopListening();
    this.#port.clock.clear(this.#changeTimer);
    for (const timer of this.#readyTimers.values()) this.#port.clock.clear(timer);
    this.#readyTimers.clear();
    const orders = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { waiting } of orders) for (const done of waiting) done();
  }

  #allSoon(): void {
    if (this.#wanted.size === 0 || this.#closed) return;
    this.#port.clock.clear(this.#changeTimer);
    const all = () => {
      for (const name of this.#port.keepers()) if (this.#port.keeper(name)?.online) this.#enqueue(name);
    };
    this.#changeTimer = this.#port.clock.setTimeout(all, AFTER_CHANGE_MS);
  }

  /** @param done called when the list was looked after; a person asked for it then */
  #enqueue(chargePoint: string, done?: () => void): void {
    if (this.#closed) {
      done?.();
      return;
    }
    const order = this.#waiting.get(chargePoint) ?? { byHand: false, waiting: [] };
    if (done) {
      order.byHand = true;
      order.waiting.push(done);
    }
    this.#waiting.set(chargePoint, order);
    this.#next();
  }

  #next(): void {
    for (const [chargePoint, order] of this.#waiting) {
      if (this.#running.size >= AT_ONCE || this.#closed) return;
      if (this.#running.has(chargePoint)) continue;
      this.#waiting.delete(chargePoint);
      void this.#push(chargePoint, order);
    }
  }

  /** One run per charge point at a time. */
  async #push(chargePoint: string, { byHand, waiting }: Task): Promise<void> {
    this.#running.add(chargePoint);
    try {
      await this.#bringUpToDate(chargePoint, byHand);
    } catch (error) {
      this.#show(chargePoint, "failed", messageOf(error));
    }
    this.#running.delete(chargePoint);
    for (const done of waiting) done();
    this.#next();
  }

  async #bringUpToDate(chargePoint: string, byHand: boolean): Promise<void> {
    const keeper = this.#port.keeper(chargePoint);
    if (!keeper) return;
    if (keeper.authorization === "open" || (keeper.authorization === "flow" && !byHand))
      return this.#show(
        chargePoint,
        "notWanted",
        `its central system decides about badges by: ${keeper.authorization}`,
      );
    if (!keeper.online) return this.#show(chargePoint, "offline", "it is not connected");
    if (!mayKeep(keeper, byHand)) return this.#show(chargePoint, "notSupported", "it keeps no list of its own");
    const version = await this.#versionOf(keeper);
    if (version === null) return;
    if (keeper.facts[FACT]?.value === false) keeper.learn(FACT, true, "GetLocalListVersion was answered");
    const { perCall, most } = await lengthsOf(keeper);
    const place = { chargePoint, connector: 0, connectors: this.#port.connectors(chargePoint) };
    const { all, settings, timeZone } = this.#port.list;
    const options = { nowWallMs: this.#port.clock.wallMs(), timeZone, reversedBytes: settings.reversedBytes, most };
    const wanted = localListEntries(all.values(), place, options);
    const held = this.#held(chargePoint);
    let refusal = await this.#send(keeper, planPush(wanted, held, version, perCall));
    if (refusal === "VersionMismatch" || refusal === "Failed") {
      const known = this.#held(chargePoint)?.version ?? 0;
      refusal = await this.#send(keeper, fullPush(wanted, nextVersion(Math.max(version, known)), perCall));
    }
    if (refusal === "NotSupported") this.#refusedForGood(keeper, "SendLocalList was answered NotSupported");
    else if (refusal !== null) this.#show(chargePoint, "failed", `SendLocalList was answered ${refusal}`);
    else this.#show(chargePoint, "upToDate", "");
  }

  /** The version it says it holds; null where there is no list, which is noted. A list that is off is switched on. */
  async #versionOf(keeper: ListKeeper): Promise<number | null> {
    const ask = async (): Promise<number | "unknown"> => {
      try {
        const { listVersion } = await give(keeper, "listVersion", {});
        return Number.isInteger(listVersion) ? (listVersion as number) : -1;
      } catch (error) {
        if (isNotKnown(error)) return "unknown";
        throw error;
      }
    };
    const first = await ask();
    if (first === "unknown") return this.#refusedForGood(keeper, "GetLocalListVersion is not supported");
    if (first >= 0) return first;
    const change = { key: "LocalAuthListEnabled", value: "true" };
    const { status } = await give(keeper, "writeKey", change).catch((error: unknown) => {
      if (isNotKnown(error)) return { status: "NotSupported" };
      throw error;
    });
    if (status === "NotSupported") return this.#refusedForGood(keeper, "it says that it has no list");
    const second = status === "Accepted" ? await ask() : -1;
    if (second !== "unknown" && second >= 0) return second;
    this.#show(keeper.identity, "off", `its list is switched off; LocalAuthListEnabled was answered ${String(status)}`);
    return null;
  }

  #refusedForGood({ identity, learn }: ListKeeper, how: string): null {
    learn(FACT, false, how);
    this.#show(identity, "notSupported", how);
    return null;
  }

  /** @returns the status of the step that was not accepted; null = all were */
  async #send(keeper: ListKeeper, steps: readonly PushStep[]): Promise<string | null> {
    for (const { request, after } of steps) {
      const status = await give(keeper, "sendList", request).then(
        (answer) => String(answer["status"]),
        (error: unknown) => {
          if (isNotKnown(error)) return "NotSupported";
          // Whether it was applied is unknown: the next time it gets the whole list.
          this.#port.store.saveDocument(documentOf(keeper.identity), null);
          throw error;
        },
      );
      if (status !== "Accepted") return status;
      this.#port.store.saveDocument(documentOf(keeper.identity), after as unknown as JsonValue);
    }
    return null;
  }

  #held(chargePoint: string): HeldList | null {
    const saved = this.#port.store.document(documentOf(chargePoint));
    const { version, entries } = (saved ?? {}) as Partial<HeldList>;
    if (typeof version !== "number" || typeof entries !== "object" || entries === null) return null;
    return { version, entries };
  }

  #show(chargePoint: string, status: LocalListStatus, text: string): void {
    const at = isoTime(this.#port.clock.wallMs());
    this.#views.set(chargePoint, { ...this.#view(chargePoint, status, text), at });
  }

  #viewOf(chargePoint: string): LocalListView {
    const known = this.#views.get(chargePoint) ?? this.#view(chargePoint, "unknown", "");
    this.#views.set(chargePoint, known);
    return known;
  }

  #view(chargePoint: string, status: LocalListStatus, text: string): LocalListView {
    const held = this.#held(chargePoint);
    const badges = held && Object.keys(held.entries).length;
    return { chargePoint, status, version: held?.version ?? null, badges, at: null, text };
  }
}

/** Whether it may keep a list: it says so, or has not said what it can do. A person may have switched it on since it refused. */
function mayKeep({ facts }: ListKeeper, byHand: boolean): boolean {
  if (facts[FACT]?.value === false) return byHand;
  const features = facts["charger.featureProfiles"]?.value;
  return !Array.isArray(features) || features.length === 0 || features.includes(FEATURE);
}

async function lengthsOf(keeper: ListKeeper): Promise<{ perCall: number; most: number }> {
  const read = new Map<string, number>();
  const answer = keeper.askNoKeys ? {} : await give(keeper, "readKeys", { keys: KEYS }).catch(() => ({}));
  const { configurationKey = [] } = answer as KeysAnswer;
  for (const { key, value } of configurationKey) read.set(key.toLowerCase(), Number.parseInt(value ?? "", 10));
  const length = (key: string, otherwise: number): number => {
    const said = read.get(key.toLowerCase());
    return said !== undefined && said > 0 ? said : otherwise;
  };
  const most = length("LocalAuthListMaxLength", MOST_ENTRIES);
  return { most, perCall: Math.min(most, length("SendLocalListMaxLength", PER_CALL)) };
}

function give<Name extends OrderName>(keeper: ListKeeper, name: Name, given: StationOrders[Name]) {
  return keeper.order(name, given, { priority: CALL_PRIORITY.setup });
}

function isNotKnown(error: unknown): boolean {
  return error instanceof OcppCallError && (error.ocppCode === "NotSupported" || error.ocppCode === "NotImplemented");
}

const documentOf = (chargePoint: string): string => `localList/${chargePoint}`;
