/** The back ends of a site: which charge point is reported to which, and what reaches them and comes from them. */
import type { AlarmSource } from "../alarm/alarm-list.ts";
import type { Timer } from "../clock.ts";
import type { StationEvent, StationEventName } from "../messages.ts";
import type { DataAnswer } from "../ocpp/facts.ts";
import type { BackEndJudge } from "../session/badges/authorization-port.ts";
import type { LateRefusal } from "../session/badges/authorizer.ts";
import type { SessionReports } from "../session/sessions/session-reports.ts";
import type { WholeValues } from "../station/types.ts";
import type { SessionBook, SessionRecord } from "../store/books/session-types.ts";
import type { UpstreamBook, UpstreamRecord, WholeValue } from "../store/books/upstreams.ts";
import type { Store } from "../store/types.ts";
import type { Language } from "../words/types.ts";
import { alarmsOf } from "./alarms.ts";
import { BadgeAnswers } from "./badge-answers.ts";
import { BookKeeper } from "./book-keeper.ts";
import {
  type BackEndNames,
  type BooksAnswer,
  listBooks,
  neededBackEnd,
  overviewOfBooks,
  repeatRefused,
  reportsOf,
} from "./books.ts";
import { type ChargePointChoice, type ChoiceFinding, type Chooser, choose } from "./choices.ts";
import { answerComparison, type CompareAnswer, readCompareRequest, windowOf } from "./compare/compare-answer.ts";
import { Overlay } from "./overlay.ts";
import { CloudProfiles } from "./profiles.ts";
import { NO_BADGE } from "./records.ts";
import { ReportedChargers, type ReportedChargersDeps } from "./reported-chargers.ts";
import { Restored } from "./restored.ts";
import {
  type BackEndOverview,
  type BackEndSettings,
  type BackEndState,
  policyOf,
  takesVendor,
  upstreamIdentity,
} from "./types.ts";
import { Upkeep } from "./upkeep.ts";
import { VirtualChargePoint } from "./virtual-charge-point.ts";

/** How often it is looked whether something was missed, and what is wrong, ms. */
const LOOK_MS = 30_000;
export interface UpstreamsDeps extends ReportedChargersDeps {
  book: UpstreamBook;
  alarms: AlarmSource;
  language(): Language;
  /** The site's badges. */
  badges: ReportedChargersDeps["badges"] & {
    refusedLate(late: LateRefusal): void;
  };
  /** Where limits of back ends are kept. */
  store: Pick<Store, "document" | "saveDocument" | "keepDocument" | "recovery" | "upstreams">;
}

/** One charge point at one back end. */
interface ReportedPoint {
  point: VirtualChargePoint;
  profiles: CloudProfiles;
  overlay: Overlay;
  upkeep: Upkeep;
  /** As they were when it was made. */
  settings: BackEndSettings;
  chargePoint: string;
  /** Monotonic time since when it is not connected; null = it is. */
  awaySinceMs: number | null;
}

/** Reports of chargers on what a back end asked them for. */
const PASSED_ON: ReadonlySet<StationEventName> = new Set(["firmware", "diagnostics"]);

/** The lowest limit of back ends at a connector. */
export interface CloudCeiling {
  /** A per phase. */
  limitA: number;
  /** Whose it is. */
  backEnd: string;
  /** It is 0 A because the back end does not accept the badge of the charge. */
  isBadgeRefused?: true;
}

interface Placed<T> {
  value: T;
  /** False from the node's close until it was made again. */
  live: boolean;
}

/** Outlives a deploy: connections whose settings have not changed stay open. */
export class Upstreams {
  readonly #deps: UpstreamsDeps;
  readonly #sessionBook: SessionBook;
  readonly #chargers: ReportedChargers;
  readonly #keeper: BookKeeper;
  readonly #backEnds = new Map<string, Placed<BackEndSettings>>();
  readonly #centralSystems = new Map<string, Placed<Chooser>>();
  readonly #chargePoints = new Map<string, Placed<ChargePointChoice>>();
  /** Back ends in force, by charge point. */
  #chosen: ReadonlyMap<string, readonly string[]> = new Map();
  #findings: readonly ChoiceFinding[] = [];
  /** By back end and charge point; with the settings that they were made with. */
  readonly #points = new Map<string, ReportedPoint>();
  /** By back end. */
  readonly #answers = new Map<string, BadgeAnswers>();
  readonly #listeners = new Map<() => void, string>();
  readonly #limitListeners = new Set<() => void>();
  readonly #stop: (() => void)[];
  #telling: Timer | undefined;

  #restored: Restored | undefined;

  constructor(deps: UpstreamsDeps) {
    this.#deps = deps;
    this.#findRestored();
    this.#sessionBook = deps.sessions.book;
    this.#chargers = new ReportedChargers(deps);
    const isDoubtful = (startedWallMs: number) => this.#restored?.isDoubtful(startedWallMs) === true;
    this.#keeper = new BookKeeper({ ...deps, isDoubtful });
    const { clock, sessions, stations } = deps;
    const timer = clock.setInterval(() => this.#look(), LOOK_MS);
    this.#stop = [
      () => clock.clear(timer),
      sessions.onNews((news, record) => {
        if (news === "update") this.#sample(record);
        else this.#take(record.chargePoint);
        if (news === "close") this.#correct(record);
        for (const { profiles } of this.#at(record.chargePoint)) {
          if (news === "open") profiles.begun(record);
          if (news === "close") profiles.ended(record.id);
        }
        this.#nudge(record.chargePoint);
      }),
      stations.onChange(({ chargePoint }) => this.#nudge(chargePoint)),
      stations.onEvent((event) => this.#passOn(event), { events: PASSED_ON }),
      stations.carry({ whole: (values) => this.#whole(values), data: (id, payload) => this.#data(id, payload) }),
    ];
  }

  /** What is wrong with the choices that are deployed. */
  get findings(): readonly ChoiceFinding[] {
    return this.#findings;
  }

  putBackEnd(settings: BackEndSettings): void {
    this.#backEnds.set(settings.backEnd, { value: settings, live: true });
  }

  putCentralSystem(chooser: Chooser): void {
    this.#centralSystems.set(chooser.nodeId, { value: chooser, live: true });
  }

  putChargePoint(choice: ChargePointChoice): void {
    this.#chargePoints.set(choice.nodeId, { value: choice, live: true });
  }

  /** A node closes; what it said stays until the next commit, in case the deploy makes it anew. */
  retire(nodeId: string): void {
    for (const placed of [this.#backEnds, this.#centralSystems, this.#chargePoints]) {
      const entry = placed.get(nodeId);
      if (entry) entry.live = false;
    }
  }

  /** Puts what is deployed now into force, charge point by charge point: where something is wrong with one, what held before goes on. */
  commit(): void {
    for (const placed of [this.#backEnds, this.#centralSystems, this.#chargePoints]) {
      for (const [nodeId, { live }] of placed) if (!live) placed.delete(nodeId);
    }
    const backEnds = new Map([...this.#backEnds].map(([id, { value }]) => [id, value]));
    const chargePoints = values(this.#chargePoints);
    const { chosen, findings } = choose(backEnds, values(this.#centralSystems), chargePoints);
    this.#findings = findings;
    const inForce = chargePoints.map(({ identity }) => {
      const before = (this.#chosen.get(identity) ?? []).filter((id) => backEnds.has(id));
      return [identity, chosen.get(identity) ?? before] as const;
    });
    this.#chosen = new Map(inForce);
    this.#connect(backEnds);
    for (const identity of this.#chosen.keys()) this.#take(identity);
    this.#look();
  }

  /** Called when the state of a back end may have changed, not more than once a second. @returns a function that stops it */
  onState(backEnd: string, listener: () => void): () => void {
    this.#listeners.set(listener, backEnd);
    return () => this.#listeners.delete(listener);
  }

  /** Called when a limit of a back end may be another one now. @returns a function that stops it */
  onLimit(listener: () => void): () => void {
    this.#limitListeners.add(listener);
    return () => this.#limitListeners.delete(listener);
  }

  /** The lowest limit that back ends have set at a connector (`<id>/<n>`), A per phase; null = none. */
  ceiling(id: string): CloudCeiling | null {
    const slash = id.lastIndexOf("/");
    const number = Number(id.slice(slash + 1));
    let lowest: CloudCeiling | null = null;
    for (const { profiles, settings } of this.#at(id.slice(0, slash))) {
      const limitA = profiles.limitA(number);
      if (limitA === undefined || (lowest && lowest.limitA <= limitA)) continue;
      lowest = { limitA, backEnd: settings.name, ...(profiles.isRefused(number) && { isBadgeRefused: true }) };
    }
    return lowest;
  }

  /** The back end that has a say about badges at a charge point; null = none has. */
  judge(chargePoint: string): BackEndJudge | null {
    for (const { settings, point } of this.#at(chargePoint)) {
      const policy = policyOf(settings);
      const { name, backEnd } = settings;
      if (policy === null) continue;
      const send = (idTag: string) => () => point.authorize(idTag);
      return { name, policy, ask: (idTag, reason) => this.#answersOf(backEnd).ask(idTag, reason, send(idTag)) };
    }
    return null;
  }

  state(backEnd: string): BackEndState {
    const points = [...this.#points.values()].filter(({ settings }) => settings.backEnd === backEnd);
    const failed = points.find(({ point }) => point.failure !== null);
    return {
      chargePoints: points.length,
      connected: points.filter(({ point }) => point.connected).length,
      waiting: this.#safely(() => this.#deps.book.backlog(backEnd).waiting) ?? 0,
      failure: failed ? `${failed.chargePoint}: ${failed.point.failure}` : null,
    };
  }

  /** Rows of the books. @throws as `listBooks` */
  books(payload: unknown, timeZone: string): BooksAnswer {
    return listBooks(this.#deps.book, payload, this.#names, timeZone, this.#deps.clock.wallMs());
  }

  /** How it is with each back end, for those who look after the site. */
  overview(): BackEndOverview[] {
    const { book, clock } = this.#deps;
    return values(this.#backEnds).flatMap(({ backEnd, name }) => {
      const { chargePoints, connected, failure } = this.state(backEnd);
      const books = this.#safely(() => overviewOfBooks(book, backEnd, clock.wallMs()));
      return books ? [{ id: backEnd, name, chargePoints, connected, failure, ...books }] : [];
    });
  }

  /** What back ends have of sessions, those too whose node is gone. @throws EvError of the store */
  reports(): SessionReports {
    const { book } = this.#deps;
    const ids = new Set([...this.#backEnds.keys(), ...book.known()]);
    const backEnds = [...new Set([...ids].map(this.#names.nameOf))];
    return { backEnds, of: (session) => reportsOf(book, session, this.#names) };
  }

  /**
   * What a back end says that it has, beside what our books say. @param payload `{backEnd, csv | rows, from?, to?, month?,
   * toleranceMin?, toleranceWh?}` @throws as `readCompareRequest`; of the store
   */
  async compare(payload: unknown, timeZone: string): Promise<CompareAnswer> {
    const { book, clock, language } = this.#deps;
    const backEnd = neededBackEnd(payload, this.#names);
    const request = await readCompareRequest(payload, timeZone, clock.wallMs());
    const { most, ...window } = windowOf(request);
    const records = book.page({ ...window, backEnd, chargePoint: null, state: null }, most);
    const settings = this.#backEnds.get(backEnd)?.value;
    const identityOf = (chargePoint: string) => (settings ? upstreamIdentity(settings, chargePoint) : chargePoint);
    const name = this.#names.nameOf(backEnd);
    return answerComparison(request, records, name, identityOf, { timeZone, language: language() });
  }

  /** Reports again what was refused. @returns how many sessions @throws as `repeatRefused` */
  repeat(payload: unknown): number {
    const repeated = repeatRefused(this.#deps.book, payload, this.#names, this.#deps.clock.wallMs());
    for (const { chargePoint } of repeated) this.#nudge(chargePoint);
    this.#look();
    return repeated.length;
  }

  /** A back end whose node is gone goes by its id. */
  readonly #names: BackEndNames = {
    idOf: (name) => {
      const known = values(this.#backEnds).find((one) => one.name === name || one.backEnd === name);
      return known?.backEnd ?? (this.#safely(() => this.#deps.book.isKnown(name)) ? name : null);
    },
    nameOf: (id) => this.#backEnds.get(id)?.value.name ?? id,
    only: () => (this.#backEnds.size === 1 ? (values(this.#backEnds)[0]?.backEnd ?? null) : null),
  };

  close(): void {
    for (const stop of this.#stop) stop();
    this.#deps.clock.clear(this.#telling);
    this.#listeners.clear();
    this.#limitListeners.clear();
    for (const { point } of this.#points.values()) point.close();
    this.#points.clear();
  }

  #connect(backEnds: ReadonlyMap<string, BackEndSettings>): void {
    const wanted = new Map(
      [...this.#chosen].flatMap(([chargePoint, ids]) =>
        ids.map((id): [string, { chargePoint: string; settings: BackEndSettings }] => [
          `${id} ${chargePoint}`,
          { chargePoint, settings: backEnds.get(id)! },
        ]),
      ),
    );
    for (const [key, { point, settings }] of this.#points) {
      if (isSame(wanted.get(key)?.settings, settings)) continue;
      point.close();
      this.#points.delete(key);
    }
    for (const [key, { chargePoint, settings }] of wanted) {
      if (this.#points.has(key)) continue;
      const { book, clock, store, language } = this.#deps;
      const charger = this.#chargers.of(chargePoint);
      const profiles = new CloudProfiles({
        ...{ document: `upstream/${settings.backEnd}/${chargePoint}`, store, clock },
        charger: this.#chargers.profiled(chargePoint),
        onChange: () => this.#tellLimits(),
      });
      if (settings.role !== "billing") profiles.forget();
      if (policyOf(settings) === null) profiles.pardon();
      for (const { record } of this.#sessionBook.open()) if (record.chargePoint === chargePoint) profiles.begun(record);
      const onChange = () => this.#tellSoon();
      const started = (record: UpstreamRecord, info: unknown) => this.#judged(record, info, settings, profiles);
      const place = `upstream/${settings.backEnd}/${chargePoint}`;
      const overlay = new Overlay({ document: `${place}/configuration`, store, clock });
      const upkeep = new Upkeep({ settings, document: `${place}/upkeep`, store, clock, charger });
      const given = {
        settings,
        chargePoint,
        book,
        clock,
        charger,
        profiles,
        overlay,
        upkeep,
        language,
        started,
        onChange,
      };
      const point = new VirtualChargePoint(given);
      this.#points.set(key, { point, profiles, overlay, upkeep, settings, chargePoint, awaySinceMs: null });
    }
  }

  #answersOf(backEnd: string): BadgeAnswers {
    const { store, clock } = this.#deps;
    const answers = this.#answers.get(backEnd) ?? new BadgeAnswers(backEnd, store, clock);
    this.#answers.set(backEnd, answers);
    return answers;
  }

  /** A back end has answered the start of a charge, perhaps long after: with its word on the badge. @returns what the books note of it */
  async #judged(
    { session, chargePoint, connector, start }: UpstreamRecord,
    idTagInfo: unknown,
    settings: BackEndSettings,
    profiles: CloudProfiles,
  ): Promise<string | null> {
    const { backEnd, name, lateInvalid } = settings;
    if (policyOf(settings) === null || start.idTag === NO_BADGE) return null;
    const status = this.#answersOf(backEnd).keep(start.idTag, idTagInfo)?.status ?? "Accepted";
    if (status === "Accepted") return null;
    const running = this.#safely(() => this.#sessionBook.get(session));
    if (running && running.endedWallMs === null) {
      const isHeld = lateInvalid !== "continue" && (await profiles.refuse(session));
      const isStopped = lateInvalid === "stop" || (lateInvalid === "limit0" && !isHeld);
      const stopped = isStopped ? this.#chargers.of(chargePoint).stop(session) : Promise.resolve(false);
      // The charger may take its time to answer.
      void stopped.then((isStopping) => {
        const outcome = isStopping ? "stop" : isHeld ? "limit0" : "continue";
        const late = { chargePoint, connector, idTag: start.idTag, backEnd: name, status, outcome } as const;
        this.#deps.badges.refusedLate(late);
      });
    }
    return `the badge is not accepted: ${status}`;
  }

  /** Takes sessions that began or ended into the books: what was missed while the process was away, too. */
  #take(chargePoint: string): void {
    for (const backEnd of this.#chosen.get(chargePoint) ?? []) {
      const settings = this.#backEnds.get(backEnd)?.value;
      if (settings) this.#safely(() => this.#keeper.take(settings, chargePoint));
    }
  }

  #sample(session: SessionRecord): void {
    const { chargePoint, connector } = session;
    const measuredA = this.#deps.stations.get(chargePoint)?.connectors.get(connector)?.measuredA ?? null;
    for (const { settings, overlay } of this.#at(chargePoint))
      this.#safely(() => this.#keeper.sample(settings, overlay, session, measuredA));
  }

  #correct(session: SessionRecord): void {
    for (const backEnd of this.#chosen.get(session.chargePoint) ?? [])
      this.#safely(() => this.#keeper.correct(backEnd, session));
  }

  /** What a charger says of an update or an upload, to the back end that asked for it. */
  #passOn({ chargePoint, payload }: StationEvent): void {
    for (const { point, upkeep } of this.#at(chargePoint)) {
      const told = upkeep.told(payload["action"], payload["status"]);
      if (told) point.notify(told.action, { status: told.status });
    }
  }

  /** Keeps a charger's own values, as they came, for the back end that bills. @returns null where there is none */
  #whole({ chargePoint, connector, transactionId, atEnd, samples }: WholeValues): Promise<void> | null {
    const billing = [...this.#at(chargePoint)].filter(({ settings }) => settings.role === "billing");
    if (billing.length === 0) return null;
    const { book, sessions } = this.#deps;
    const known = transactionId === null ? null : this.#sessionBook.byTransaction(chargePoint, transactionId);
    const session = known?.record ?? (atEnd ? undefined : sessions.runningAt(chargePoint, connector)?.record);
    if (!session) return null;
    const values = samples as readonly object[] as readonly WholeValue[];
    for (const { settings } of billing) this.#keeper.keepWhole(settings, session, values, atEnd);
    this.#nudge(chargePoint);
    return book.settled();
  }

  /** Takes a message of a vendor's own kind to the back end that bills. @returns null where it takes none of this vendor */
  #data(chargePoint: string, payload: Record<string, unknown>): Promise<DataAnswer> | null {
    const taker = [...this.#at(chargePoint)].find(({ settings }) => takesVendor(settings, payload["vendorId"]));
    return taker?.point.data(payload) ?? null;
  }

  #nudge(chargePoint: string): void {
    for (const { point } of this.#at(chargePoint)) point.nudge();
  }

  /** Limits of a back end that has been away for too long are forgotten. */
  #forgetLimits(reported: ReportedPoint): void {
    const { point, profiles, settings } = reported;
    const nowMs = this.#deps.clock.nowMs();
    reported.awaySinceMs = point.connected ? null : (reported.awaySinceMs ?? nowMs);
    if (reported.awaySinceMs !== null && nowMs - reported.awaySinceMs > settings.forgetAfterH * 3_600_000)
      profiles.forget();
  }

  *#at(chargePoint: string): Generator<ReportedPoint> {
    for (const backEnd of this.#chosen.get(chargePoint) ?? []) {
      const reported = this.#points.get(`${backEnd} ${chargePoint}`);
      if (reported) yield reported;
    }
  }

  /** The database may be an older copy. */
  #findRestored(): void {
    const { store, clock } = this.#deps;
    this.#safely(() => {
      this.#restored ??= new Restored(store, clock);
      this.#restored.look();
    });
  }

  #look(): void {
    this.#findRestored();
    for (const reported of this.#points.values()) {
      this.#forgetLimits(reported);
      reported.upkeep.look();
    }
    for (const chargePoint of this.#chosen.keys()) {
      this.#take(chargePoint);
      this.#nudge(chargePoint);
    }
    this.#tellSoon();
    const { clock, language } = this.#deps;
    const wallMs = clock.wallMs();
    const alarms = this.#safely(() =>
      values(this.#backEnds).flatMap((one) => alarmsOf(this.#deps.book, one, wallMs, language())),
    );
    if (alarms) this.#deps.alarms.replace(alarms);
  }

  #tellLimits(): void {
    for (const listener of this.#limitListeners) listener();
  }

  #tellSoon(): void {
    this.#telling ??= this.#deps.clock.setTimeout(() => {
      this.#telling = undefined;
      for (const listener of this.#listeners.keys()) listener();
    }, 1000);
  }

  /** What the database cannot take now is taken by the next look: the store reports its own failure. */
  #safely<T>(work: () => T): T | undefined {
    try {
      return work();
    } catch {
      return undefined;
    }
  }
}

function values<T>(placed: ReadonlyMap<string, Placed<T>>): T[] {
  return [...placed.values()].map(({ value }) => value);
}

function isSame(one: BackEndSettings | undefined, other: BackEndSettings): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
