/** The back ends of a site: which charge point is reported to which, the sessions taken into their books, and what is wrong. */
import type { AlarmSource } from "../alarm/alarm-list.ts";
import { ALARMS, type AlarmReport } from "../alarm-types.ts";
import { type Clock, isoTime, type Timer } from "../clock.ts";
import type { StationEvent, StationEventName } from "../messages.ts";
import type { DataAnswer } from "../ocpp/facts.ts";
import type { BootNotificationRequest } from "../ocpp/v16/boot-notification.ts";
import type { BackEndJudge } from "../session/badges/authorization-port.ts";
import type { LateRefusal } from "../session/badges/authorizer.ts";
import type { Badge } from "../session/badges/badge.ts";
import type { SessionReports } from "../session/sessions/session-reports.ts";
import type { Sessions } from "../session/sessions/sessions.ts";
import type { Stations } from "../station/connection/stations.ts";
import type { WholeValues } from "../station/types.ts";
import type { SessionBook, SessionRecord } from "../store/session-types.ts";
import type { Store } from "../store/types.ts";
import type { UpstreamBook, UpstreamRecord, WholeValue } from "../store/upstreams.ts";
import { OFFLINE_ALARM_MS } from "../thresholds.ts";
import { sentence } from "../words/sentence.ts";
import type { Language } from "../words/types.ts";
import { BadgeAnswers } from "./badge-answers.ts";
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
import { CloudProfiles, type ProfiledCharger } from "./profiles.ts";
import { type ConnectorNow, endOf, NO_BADGE, startOf } from "./records.ts";
import { Restored } from "./restored.ts";
import {
  type BackEndOverview,
  type BackEndSettings,
  type BackEndState,
  policyOf,
  takesVendor,
  upstreamIdentity,
} from "./types.ts";
import { type LookedAfter, Upkeep } from "./upkeep.ts";
import { type ReportedCharger, VirtualChargePoint } from "./virtual-charge-point.ts";

/** How often it is looked whether something was missed, and what is wrong, ms. */
const LOOK_MS = 30_000;
/** What waits longer is an alarm, ms. */
const LONG_MS = 86_400_000;
/** A refusal is an alarm for so long, ms. */
const REFUSED_MS = 7 * 86_400_000;
/** Sessions that are read in one go. */
const PAGE = 100;
/** Names in BootNotification are no longer. */
const LONGEST_NAME = 20;

export interface UpstreamsDeps {
  book: UpstreamBook;
  sessions: Sessions;
  stations: Stations;
  clock: Clock;
  /** The limit that load management gives a connector (`<id>/<n>`), A; undefined = none. */
  setpointA(id: string): number | undefined;
  /** Nominal voltage between phase and neutral, V. */
  voltageV(): number;
  alarms: AlarmSource;
  language(): Language;
  /** Sends a command to a charge point, with the care of the site's maintenance. @throws EvError */
  maintain(
    chargePoint: string,
    action: string,
    payload: Record<string, unknown>,
    force: boolean,
  ): Promise<Record<string, unknown>>;
  /** The site's badges. */
  badges: {
    /** What the list says of a badge that a charge point means by a number; null = the list has it not. */
    find(chargePoint: string, idTag: string): Pick<Badge, "blocked" | "type"> | null;
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

/** Why a session that came with a backup is not reported by itself. */
const RESTORED = "it came with a backup: the back end may have it already; report it again where it has not";

interface Placed<T> {
  value: T;
  /** False from the node's close until it was made again. */
  live: boolean;
}

/** Outlives a deploy: connections whose settings have not changed stay open. */
export class Upstreams {
  readonly #deps: UpstreamsDeps;
  readonly #sessionBook: SessionBook;
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
  readonly #goneSinceMs = new Map<string, number>();
  readonly #listeners = new Map<() => void, string>();
  readonly #limitListeners = new Set<() => void>();
  readonly #stop: (() => void)[];
  #telling: Timer | undefined;

  #restored: Restored | undefined;

  constructor(deps: UpstreamsDeps) {
    this.#deps = deps;
    this.#findRestored();
    this.#sessionBook = deps.sessions.book;
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
      const { book, clock, store } = this.#deps;
      const charger = this.#charger(chargePoint);
      const profiles = new CloudProfiles({
        ...{ document: `upstream/${settings.backEnd}/${chargePoint}`, store, clock },
        charger: this.#profiled(chargePoint),
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
      const given = { settings, chargePoint, book, clock, charger, profiles, overlay, upkeep, started, onChange };
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
      const stopped = isStopped ? this.#charger(chargePoint).stop(session) : Promise.resolve(false);
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
      if (settings) this.#safely(() => this.#takeInto(settings, chargePoint));
    }
  }

  #takeInto(settings: BackEndSettings, chargePoint: string): void {
    const { book, clock, badges } = this.#deps;
    const { backEnd, reportingTag } = settings;
    const isOurs = ({ idTag }: SessionRecord) =>
      policyOf(settings) === "localFirst" && idTag !== null && badges.find(chargePoint, idTag) !== null;
    const begin = (session: SessionRecord) => {
      const told = isOurs(session) ? { ...session, idTag: null } : session;
      const started = startOf(told, backEnd, reportingTag, clock.wallMs());
      if (session.flags.includes("restored") && session.endedWallMs !== null) {
        const ended = endOf(started, session, session.endedWallMs);
        book.setAside({ ...ended, reason: RESTORED }, session.number);
        return;
      }
      // It began before anything is known of it here.
      const perhapsTwice =
        session.flags.includes("foreignTransaction") && this.#restored?.isDoubtful(session.startedWallMs) === true;
      book.begin({ ...started, perhapsTwice }, session.number);
    };
    if (book.mark(backEnd, chargePoint) === null) {
      // A charge that runs is reported whole; those before are not.
      const last = this.#sessionBook.lastNumber();
      for (const { record } of this.#sessionBook.open()) if (record.chargePoint === chargePoint) begin(record);
      book.moveMark(backEnd, chargePoint, last);
    }
    let page: SessionRecord[];
    do {
      page = this.#sessionBook.after(chargePoint, book.mark(backEnd, chargePoint) ?? 0, PAGE);
      for (const session of page) begin(session);
    } while (page.length === PAGE);
    for (const record of book.open(backEnd, chargePoint)) {
      const session = this.#sessionBook.get(record.session);
      if (session && session.endedWallMs !== null) book.finish(endOf(record, session, clock.wallMs()));
    }
  }

  #sample(session: SessionRecord): void {
    const { book, clock, stations } = this.#deps;
    const { chargePoint, connector } = session;
    const measuredA = stations.get(chargePoint)?.connectors.get(connector)?.measuredA ?? null;
    for (const { settings, overlay } of this.#at(chargePoint)) {
      const context = overlay.due(session.id);
      if (context === null) continue;
      const energyWh = overlay.measurands.includes("Energy.Active.Import.Register") ? session.energyWh : null;
      const currentA = overlay.measurands.includes("Current.Import") ? measuredA : null;
      const sample = { energyWh, currentA, ...(context === "Sample.Clock" && { context }) };
      this.#safely(() => {
        const record = book.find(settings.backEnd, session.id);
        if (record?.state === "waiting" && record.stop === null) book.sample(record, sample, clock.wallMs());
      });
    }
  }

  /** An end that was put right: the back end gets the right one as long as it has none. */
  #correct(session: SessionRecord): void {
    const { book, clock } = this.#deps;
    for (const backEnd of this.#chosen.get(session.chargePoint) ?? []) {
      this.#safely(() => {
        const record = book.find(backEnd, session.id);
        if (!record?.stop) return;
        const corrected = endOf(record, session, clock.wallMs());
        if (JSON.stringify(corrected.stop) === JSON.stringify(record.stop)) return;
        if (record.state === "waiting") book.finish(corrected);
        else
          book.finish({ ...record, reason: corrected.energyWh === record.energyWh ? record.reason : late(corrected) });
      });
    }
  }

  #profiled(chargePoint: string): ProfiledCharger {
    const { stations, sessions, setpointA, voltageV } = this.#deps;
    const definition = () => stations.get(chargePoint)?.definition;
    return {
      isManaged: () => definition()?.zone != null,
      setpointA: (connector) => setpointA(`${chargePoint}/${connector}`),
      connectors: () => {
        const wired = definition()?.connectors ?? [];
        return wired.map(({ number, phases }) => {
          const running = sessions.runningAt(chargePoint, number)?.record;
          const charge = running ? { session: running.id, startedWallMs: running.startedWallMs } : null;
          return { number, phases, voltageV: voltageV(), siblings: wired.length, charge };
        });
      },
    };
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
    const { book, clock, sessions } = this.#deps;
    const known = transactionId === null ? null : this.#sessionBook.byTransaction(chargePoint, transactionId);
    const session = known?.record ?? (atEnd ? undefined : sessions.runningAt(chargePoint, connector)?.record);
    if (!session) return null;
    const values = samples as readonly object[] as readonly WholeValue[];
    const nowMs = clock.wallMs();
    for (const { settings } of billing) {
      this.#takeInto(settings, chargePoint);
      const record = book.find(settings.backEnd, session.id);
      if (!record || record.state === "refused") continue;
      if (atEnd) book.keepData(record, values, nowMs);
      else for (const [whole, isKept] of partsOf(values)) book.signed(record, whole, isKept, nowMs);
    }
    this.#nudge(chargePoint);
    return book.settled();
  }

  /** Takes a message of a vendor's own kind to the back end that bills. @returns null where it takes none of this vendor */
  #data(chargePoint: string, payload: Record<string, unknown>): Promise<DataAnswer> | null {
    const taker = [...this.#at(chargePoint)].find(({ settings }) => takesVendor(settings, payload["vendorId"]));
    return taker?.point.data(payload) ?? null;
  }

  #charger(chargePoint: string): ReportedCharger & LookedAfter {
    const { stations, sessions, maintain } = this.#deps;
    return {
      speaksOcpp: () => stations.get(chargePoint)?.definition?.ocpp === true,
      maintain: (action, payload, force) => maintain(chargePoint, action, payload, force),
      data: (request) =>
        maintain(chargePoint, "DataTransfer", request, false).then(
          (answer) => answer as unknown as DataAnswer,
          () => ({ status: "Rejected" }),
        ),
      chargeAt: (connector) => sessions.runningAt(chargePoint, connector)?.record.id ?? null,
      boot: () => this.#boot(chargePoint),
      connectors: () => this.#connectors(chargePoint),
      start: async (connector, idTag) => {
        const station = stations.get(chargePoint);
        const badge = this.#deps.badges.find(chargePoint, idTag);
        if (!station?.definition?.ocpp || badge?.blocked || badge?.type === "admin") return false;
        const order = { idTag, ...(connector !== null && { connector }) };
        return isAccepted(station.order("startTransaction", order));
      },
      stop: async (session) => {
        const station = stations.get(chargePoint);
        const transactionId = this.#sessionBook.get(session)?.transactionId;
        if (!station?.definition?.ocpp || transactionId == null) return false;
        return isAccepted(station.order("stopTransaction", { transactionId }));
      },
    };
  }

  #boot(chargePoint: string): BootNotificationRequest {
    const { vendor, model, firmware } = this.#deps.stations.get(chargePoint) ?? {};
    return {
      chargePointVendor: (vendor || "Phasewise").slice(0, LONGEST_NAME),
      chargePointModel: (model || "charger").slice(0, LONGEST_NAME),
      ...(firmware && { firmwareVersion: firmware.slice(0, 50) }),
    };
  }

  #connectors(chargePoint: string): Map<number, ConnectorNow> {
    const { stations } = this.#deps;
    const station = stations.get(chargePoint);
    const isGone = this.#isGone(chargePoint, station?.definition?.ocpp === false || (station?.online ?? false));
    const numbers = station?.definition?.connectors.map(({ number }) => number) ?? [];
    return new Map(
      numbers.map((number) => {
        const isPaused = this.#deps.setpointA(`${chargePoint}/${number}`) === 0;
        const known = station?.connectors.get(number);
        if (station?.definition?.ocpp)
          return [number, { isGone, isPaused, status: known?.status ?? null, errorCode: known?.errorCode ?? null }];
        return [number, { isGone, isPaused, status: this.#statusOfSession(chargePoint, number), errorCode: null }];
      }),
    );
  }

  /** A charger without OCPP has the states of its sessions. */
  #statusOfSession(chargePoint: string, connector: number): string {
    const running = this.#deps.sessions.runningAt(chargePoint, connector);
    if (!running) return "Available";
    const { mode } = running;
    return mode === "waiting" ? "SuspendedEVSE" : mode === "idle" ? "SuspendedEV" : "Charging";
  }

  /** A short absence is told to nobody. */
  #isGone(chargePoint: string, isThere: boolean): boolean {
    if (isThere) {
      this.#goneSinceMs.delete(chargePoint);
      return false;
    }
    const nowMs = this.#deps.clock.nowMs();
    const sinceMs = this.#goneSinceMs.get(chargePoint) ?? nowMs;
    this.#goneSinceMs.set(chargePoint, sinceMs);
    return nowMs - sinceMs >= OFFLINE_ALARM_MS;
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
    const alarms = this.#safely(() => [...this.#backEnds.values()].flatMap(({ value }) => this.#wrong(value)));
    if (alarms) this.#deps.alarms.replace(alarms);
  }

  #wrong({ backEnd, name }: BackEndSettings): AlarmReport[] {
    const { book, clock, language } = this.#deps;
    const wallMs = clock.wallMs();
    const report = (
      kind: "upstreamRefused" | "upstreamWaits",
      values: Record<string, string | number>,
    ): AlarmReport => ({
      key: `${kind}/${name}`,
      severity: ALARMS[kind],
      text: sentence(language(), `alarm.${kind}`, { name, ...values }),
      action: sentence(language(), `action.${kind}`),
    });
    const { count, reason } = book.refused(backEnd, wallMs - REFUSED_MS);
    const { oldestWallMs, waiting } = book.backlog(backEnd);
    const isLong = oldestWallMs !== null && wallMs - oldestWallMs > LONG_MS;
    return [
      ...(count > 0 ? [report("upstreamRefused", { count, why: reason ?? "" })] : []),
      ...(isLong ? [report("upstreamWaits", { waiting, since: isoTime(oldestWallMs) })] : []),
    ];
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

/** Values at the begin and the end of a charge, which are never thinned, and all others. */
function partsOf(values: readonly WholeValue[]): [whole: readonly WholeValue[], isKept: boolean][] {
  const isEdge = ({ sampledValue }: WholeValue) =>
    (sampledValue as readonly { context?: string }[]).some(({ context }) => context?.startsWith("Transaction."));
  const parts: [readonly WholeValue[], boolean][] = [
    [values.filter(isEdge), true],
    [values.filter((one) => !isEdge(one)), false],
  ];
  return parts.filter(([whole]) => whole.length > 0);
}

function values<T>(placed: ReadonlyMap<string, Placed<T>>): T[] {
  return [...placed.values()].map(({ value }) => value);
}

function isSame(one: BackEndSettings | undefined, other: BackEndSettings): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function late({ energyWh }: UpstreamRecord): string {
  return `the end was put right afterwards: ${energyWh} Wh`;
}

async function isAccepted(answer: Promise<Record<string, unknown>>): Promise<boolean> {
  try {
    return (await answer)["status"] === "Accepted";
  } catch {
    return false;
  }
}
