/** Composition root: builds everything that belongs to one building and owns its lifetime. It outlives a deploy. */
import { join } from "node:path";
import { Restorer } from "../backup/restore.ts";
import { Authority } from "../certificates/authority.ts";
import { ChargePointCertificates } from "../certificates/charge-point-certificates.ts";
import { RemovedList } from "../certificates/removed-list.ts";
import { type Clock, systemClock, type Timer } from "../clock.ts";
import { claimsOf } from "../commissioning/claims.ts";
import { Commissioning } from "../commissioning/commissioning.ts";
import type { Drills } from "../commissioning/drills/drills.ts";
import { createSetpointBoard } from "../dlm/board.ts";
import { ManagerLimits } from "../dlm/inputs/manager-limits.ts";
import { Releases } from "../dlm/inputs/outside/releases.ts";
import type { CycleDecision } from "../dlm/runtime/runtime-types.ts";
import type { PlantConnector, PlantTree } from "../dlm/topology/plant.ts";
import { EvError } from "../errors.ts";
import { Shelf } from "../files/shelf.ts";
import { Transfers } from "../files/transfers.ts";
import { Maintenance } from "../maintenance/maintenance.ts";
import { GUEST, Operations } from "../maintenance/operations.ts";
import { ChargerSettings } from "../maintenance/settings/charger-settings.ts";
import { readings } from "../metering/meter-board.ts";
import { Consumption } from "../overview/consumption.ts";
import { tighten } from "../private-files.ts";
import { createLimiter, type Limiter } from "../profile/limiter.ts";
import { WriteGate } from "../profile/write-gate.ts";
import { chargePointOf, connectorOf } from "../reservations/keeper.ts";
import type { Reservations } from "../reservations/reservations.ts";
import { stateText } from "../reservations/rows.ts";
import { Rights } from "../rights/rights.ts";
import type { BadgeQuestion } from "../session/badges/authorization-port.ts";
import { answerBadges } from "../session/badges/badge-messages.ts";
import type { Sessions } from "../session/sessions/sessions.ts";
import type { SiteTariff } from "../session/statistics/site-tariff.ts";
import { ShownNames } from "../shown-names.ts";
import { stationEvent } from "../station/connection/events.ts";
import { StationKeys } from "../station/connection/station-keys.ts";
import { Stations } from "../station/connection/stations.ts";
import type { ChargePointDefinition, SignRequests } from "../station/types.ts";
import { KeyList } from "../store/books/key-list.ts";
import type { ReservationRecord } from "../store/books/reservation-types.ts";
import { DailyPrune } from "../store/daily-prune.ts";
import { DailyCopy } from "../store/disk/daily-copy.ts";
import { SparingJournal } from "../store/journal/sparing-journal.ts";
import { openStore } from "../store/sqlite.ts";
import type { Store } from "../store/types.ts";
import type { JsonValue } from "../units.ts";
import { copyMarked } from "../upstream/restored.ts";
import { Upstreams } from "../upstream/upstreams.ts";
import { sentence } from "../words/sentence.ts";
import type { Language } from "../words/types.ts";
import { SiteAlarms } from "./site-alarms.ts";
import { SiteBadges } from "./site-badges.ts";
import { Departures } from "./site-departures.ts";
import { siteDrills } from "./site-drills.ts";
import { SitePlant } from "./site-plant.ts";
import { siteReservations, zonesToReserve } from "./site-reservations.ts";
import { siteSessions } from "./site-sessions.ts";

/** Document under which the leases of energy managers are kept, so that a restart raises nothing (S11). */
const MANAGERS_DOCUMENT = "managers/limits";

/** Energy counters of zones are read this often, ms. */
const SAMPLE_MS = 60_000;

/** Leases that change are written this often, ms. */
const KEEP_MANAGERS_MS = 1000;

/** Document under which the last valid zone tree is kept, so that a refused deploy after a restart has one to fall back to (S5). */
const TREE_DOCUMENT = "plant/tree";

export interface SiteOptions {
  /** Key under which it is shared. */
  key: string;
  dataDir: string;
  clock?: Clock;
}

export class Site {
  readonly key: string;
  /** Folder of its databases. */
  readonly dataDir: string;
  readonly clock: Clock;
  readonly store: Store;
  /** What changes with every setpoint, on its way into the database. */
  readonly journal: SparingJournal;
  /** Daily copies of the store. */
  readonly copies: DailyCopy;
  readonly #prune: DailyPrune;
  readonly stations: Stations;
  /** Who may charge. */
  readonly badges: SiteBadges;
  /** Takes backups over. */
  readonly restorer: Restorer;
  /** Who charged what, when. */
  readonly sessions: Sessions;
  /** In which it words sentences. */
  language: Language = "en-US";
  /** What a charge costs, for information; null = nobody said. */
  tariff: SiteTariff | null = null;
  /** What people call its charge points. */
  readonly names = new ShownNames(
    () => this.stations.list().flatMap(({ definition }) => definition ?? []),
    (identity) => this.stations.get(identity)?.definition ?? null,
  );
  /** Passwords given to charge points over OCPP. */
  readonly keys: StationKeys;
  /** Certificates of its charge points. */
  readonly certificates: ChargePointCertificates;
  /** Files that charge points send and fetch. */
  readonly files: Transfers;
  /** Commands that take care, or time. */
  readonly maintenance: Maintenance;
  readonly plant: SitePlant;
  /** Charge points that were taken out of the flow and may still draw. */
  readonly departures: Departures;
  /** What is wrong now, and was. */
  readonly alarms: SiteAlarms;
  /** Back ends that its charges are reported to. */
  readonly upstreams: Upstreams;
  /** What its zones consumed, by day and month. */
  readonly consumption: Consumption;
  /** Who may do what, and who did. */
  readonly rights: Rights;
  /** Connectors that are kept for badges. */
  readonly reservations: Reservations;
  /** What staff do with its chargers. */
  readonly operations: Operations;
  /** The settings of its chargers, and copies of them. */
  readonly settings: ChargerSettings;
  /** Proves how chargers are wired. */
  readonly commissioning: Commissioning;
  /** Shows that load management gets by without a charger, a meter or obedience. */
  readonly drills: Drills;
  /** The allocator's latest setpoints. */
  readonly board = createSetpointBoard();
  /** What its load managements decided last, by node id of the `ev-dlm`. */
  readonly decisions = new Map<string, CycleDecision>();
  /** Sources of limits from outside that are gone for good. */
  readonly releases = new Releases();
  /** What energy managers allow connectors and zones. */
  readonly managers: ManagerLimits;
  /** Admits limits that fit beside what all others hold by themselves. */
  readonly writeGate: WriteGate;
  /** Turns setpoints into leased charging profiles. */
  readonly limiter: Limiter;
  #keeping: Timer | undefined;
  readonly #sampling: Timer;
  #timeZone = "";
  /** Charge points as deployed, by identity; in force once the tree that holds them is. */
  readonly #described = new Map<string, ChargePointDefinition>();

  constructor({ key, dataDir, clock = systemClock }: SiteOptions) {
    this.key = key;
    this.dataDir = dataDir;
    this.clock = clock;
    const path = join(dataDir, "ev-charging.sqlite");
    this.store = openStore(path, { clock });
    this.journal = new SparingJournal(this.store, path, clock);
    void tighten(dataDir);
    this.#prune = new DailyPrune(this.store, clock);
    this.copies = new DailyCopy({ path, clock, write: (to) => copyMarked(this.store, to) });
    const tree = () => this.plant.tree;
    const language = () => this.language;
    const timeZone = () => this.timeZone;
    const judge = (chargePoint: string) => this.upstreams.judge(chargePoint);
    const described = { tree, language, timeZone, judge, reserved: this.#reserved, called: this.#called };
    this.badges = new SiteBadges({ store: this.store, clock, stations: () => this.stations, ...described });
    const { store, badges, board } = this;
    this.restorer = new Restorer(store, badges.authorizer.list, clock);
    void this.restorer.resume().then(() => this.reservations.reread());
    const voltageV = () => this.plant.voltageV;
    this.sessions = siteSessions({ store, clock, badges, board, voltageV, timeZone, stations: () => this.stations });
    const sessions = (chargePoint: string) => this.sessions.of(chargePoint);
    this.certificates = new ChargePointCertificates({
      ...{ stations: () => this.stations, store, clock },
      authority: new Authority(join(dataDir, "certificate-authority.pem")),
      removed: new RemovedList(join(dataDir, "removed-certificates")),
      timedOut: (identity, requestId) => this.#unsigned(identity, requestId),
    });
    const sign: SignRequests = (identity, csr) => {
      const { problem, ...answer } = this.certificates.request(identity, csr);
      return { ...answer, reason: problem && sentence(this.language, problem.code, problem.values) };
    };
    this.stations = new Stations({
      store,
      limits: this.journal,
      clock,
      authorization: badges.authorizer,
      sessions,
      language,
      sign,
    });
    this.badges.watch();
    this.keys = new StationKeys(this.store.stationKeys, clock, new KeyList(join(dataDir, "given-passwords")));
    this.files = new Transfers(new Shelf(dataDir, clock), clock, store);
    this.maintenance = new Maintenance(this);
    this.plant = new SitePlant((this.store.document(TREE_DOCUMENT) as PlantTree | undefined) ?? null);
    this.consumption = new Consumption(store, timeZone, () => clock.wallMs());
    if (this.plant.tree) this.consumption.configure(this.plant.tree);
    this.sessions.onNews((news, session) => this.consumption.session(news, session));
    this.#sampling = clock.setInterval(() => this.consumption.sample(readings(), clock.nowMs()), SAMPLE_MS);
    const { plant, stations } = this;
    this.departures = new Departures({ plant, stations, clock, changed: () => this.#keepTree() });
    this.rights = new Rights(store, clock);
    this.reservations = siteReservations({
      ...{ store, clock, stations: this.stations, authorizer: badges.authorizer, tree, timeZone },
      changed: (one) => this.#tellReservation(one),
    });
    this.operations = new Operations({
      site: key.split(" ")[0] ?? key,
      ...{ stations: this.stations, clock, store, names: this.names, language, timeZone },
      send: (command) => this.maintenance.send(command),
      badges: () => badges.authorizer.list.all.values(),
      owner: (chargePoint, idTag) => badges.find(chargePoint, idTag)?.comment ?? "",
      admitGuests: () => this.#admitGuests(),
      reservations: this.reservations,
      zones: () => zonesToReserve(this.plant.tree),
      note: (what) => this.rights.note({ user: null, by: "Phasewise", reason: null }, what),
    });
    this.settings = new ChargerSettings({
      ...{ stations: this.stations, clock, store, names: this.names, language },
      send: (command) => this.maintenance.send(command),
      updating: () => this.maintenance.updating,
      note: (by, what) => this.rights.noteEach(by, what),
    });
    this.commissioning = new Commissioning({
      ...{ clock, store },
      setpointA: (id) => board.get(id)?.limitA ?? 0,
      claims: (chargePoint, connector) => claimsOf(this.stations.get(chargePoint)!, connector),
      isDrilling: () => this.drills.running !== null,
      log: (text) => this.rights.note({ user: null, by: "Phasewise", reason: null }, text),
    });
    this.drills = siteDrills({
      ...{ clock, store, stations: this.stations, setpointA: (id) => board.get(id)?.limitA ?? 0, language, timeZone },
      voltageV,
      isProving: () => this.commissioning.isBusy,
      updating: () => this.maintenance.updating,
      alarms: () => this.alarms.list.source("drills"),
      log: (text) => this.rights.note({ user: null, by: "Phasewise", reason: null }, text),
    });
    this.managers = new ManagerLimits(clock);
    this.managers.restore(this.store.document(MANAGERS_DOCUMENT));
    this.managers.onChange((news) => this.#keepManagers(news?.kind === "began"));
    this.alarms = new SiteAlarms({
      stations: this.stations,
      store: this.store,
      clock,
      zoneOf: (subject) => this.plant.zoneOf(subject),
      copyFailure: () => this.copies.failure,
      certificateDays: () => this.certificates.daysLeft(),
      isManaged: (name) => this.plant.zoneOf(name) !== null,
      called: (subject) => this.names.called(subject),
      language,
    });
    this.upstreams = new Upstreams({
      ...{ store, voltageV, book: store.upstreams, sessions: this.sessions, stations: this.stations, clock, language },
      badges: { find: badges.find, refusedLate: badges.refusedLate },
      maintain: this.#maintain,
      setpointA: (id) => this.board.get(id)?.limitA,
      alarms: this.alarms.list.source("back ends"),
    });
    this.writeGate = new WriteGate({
      clock,
      limits: this.stations.limits,
      rows: (id) => board.rows(id),
      managed: (chargePoint, connector) => {
        const { zone = null, connectors = [] } = this.stations.get(chargePoint)?.definition ?? {};
        return zone === null ? undefined : connectors.find(({ number }) => number === connector);
      },
    });
    this.limiter = createLimiter({
      stations: this.stations,
      store: this.store,
      clock,
      setpoint: (id) => this.board.get(id) ?? null,
      stop: (id) => this.board.stop(id) ?? null,
      admits: (id, limit) => this.writeGate.admits(id, limit),
    });
    this.limiter.onResult((report) => this.stations.readings.limited(report));
  }

  /** IANA name of its time zone; empty = the machine's. */
  get timeZone(): string {
    return this.#timeZone;
  }

  set timeZone(timeZone: string) {
    if (timeZone === this.#timeZone) return;
    this.#timeZone = timeZone;
    // Chargers were told moments at which days end.
    this.badges.localLists.review();
  }

  /**
   * Describes a charge point. What the tree vouches for, its wiring and safe current, comes into force with the next accepted commit.
   * @throws EvError EV_NAME_DUPLICATE when its identity or an alias belongs to another one
   */
  describe(definition: ChargePointDefinition): void {
    this.stations.configure(this.plant.asInForce(definition));
    this.#described.set(definition.identity, definition);
  }

  /** Checks what is deployed now and puts it into force if it holds together; charge points whose node is gone are then forgotten. */
  commitPlant(
    producedMeters: string[],
    otherSiteZones: { nodeId: string; name: string }[],
    meterRoles: Readonly<Record<string, string>> = {},
  ): void {
    this.upstreams.commit();
    const exists = ({ chargePoint, departed }: PlantConnector) =>
      departed ?? (this.stations.get(chargePoint)?.online || this.stations.limits.knows(chargePoint));
    const tree = this.plant.commit(producedMeters, otherSiteZones, meterRoles, exists);
    if (!tree) return;
    this.consumption.configure(tree);
    this.#keepTree();
    const deployed = new Set(this.plant.identities);
    for (const { identity, definition } of this.stations.list()) {
      if (definition && !deployed.has(identity)) this.stations.remove(identity);
    }
    for (const [identity, definition] of this.#described) {
      if (deployed.has(identity)) this.stations.configure(definition);
      else this.#described.delete(identity);
    }
  }

  /** A command of a back end to a charge point. @throws EvError */
  readonly #maintain = async (
    chargePoint: string,
    action: string,
    payload: Record<string, unknown>,
    force: boolean,
  ): Promise<Record<string, unknown>> => {
    const station = this.stations.get(chargePoint);
    if (!station) throw new EvError("EV_OCPP_OFFLINE", `${chargePoint} is not known here`);
    return this.maintenance.send({ station, action, payload, force, file: null });
  };

  /** The reservation of somebody else that keeps a badge from a connector. */
  readonly #reserved = ({ chargePoint, connector, idTag, reason, startedWallMs }: BadgeQuestion) => {
    const started = reason === "start" ? startedWallMs : null;
    const one = this.reservations.against({ chargePoint, connector, idTag, startedWallMs: started });
    return one && { untilWallMs: one.untilWallMs, place: one.place ?? chargePoint };
  };

  readonly #called = (place: string): string => this.names.called(place);

  /** Flows are told; what came to nothing stands in the log, too. */
  #tellReservation(one: ReservationRecord): void {
    const { place, id, state, idTag } = one;
    const [chargePoint, connector] = place === null ? ["", 0] : [chargePointOf(place), connectorOf(place)];
    const payload = { ...this.operations.row(one, true) };
    this.stations.report(stationEvent("reservation", chargePoint, connector, payload));
    if (state !== "noShow" && state !== "refused") return;
    const what = `reservation ${id} of ${place ?? one.zone} for badge ${idTag}: ${stateText(one, "en-US")}`;
    this.rights.note({ user: null, by: "Phasewise", reason: null }, what);
  }

  /** The flow did not answer a charge point's request in time. */
  #unsigned(identity: string, requestId: string): void {
    const payload = { action: "SignCertificate", status: "TimedOut", requestId };
    this.stations.report(stationEvent("certificate", identity, 0, payload), this.stations.get(identity)?.origin ?? "");
  }

  /** A guest's charge counts for a badge of its own in the list; whoever blocks it there lets no guest charge. */
  async #admitGuests(): Promise<void> {
    const { authorizer, localLists } = this.badges;
    if (authorizer.list.all.has(GUEST)) return;
    const context = { authorizer, localLists, nowWallMs: () => this.clock.wallMs() };
    const badge = { idTag: GUEST, comment: sentence(this.language, "operation.guest") };
    await answerBadges(context, "add", { payload: badge, by: "operations" });
  }

  /** A new lease is kept at once, what changes in it once a second. */
  #keepManagers(now: boolean): void {
    const keep = () => {
      this.#keeping = undefined;
      this.store.saveDocument(MANAGERS_DOCUMENT, this.managers.save());
    };
    this.clock.clear(now ? this.#keeping : undefined);
    if (now) keep();
    else this.#keeping ??= this.clock.setTimeout(keep, KEEP_MANAGERS_MS);
  }

  #keepTree(): void {
    this.store.saveDocument(TREE_DOCUMENT, this.plant.tree as unknown as JsonValue);
  }

  /** Ends at once; the disk is waited for. */
  close(): void {
    this.#leave();
    this.store.close();
    this.journal.remove();
  }

  /** Ends beside everything else: resolves when its database is closed. It is out of service at once. */
  async end(): Promise<void> {
    this.#leave();
    await this.store.end();
    this.journal.remove();
  }

  #leave(): void {
    this.commissioning.close();
    this.drills.close();
    this.#prune.close();
    this.certificates.close();
    this.departures.close();
    this.upstreams.close();
    this.copies.close();
    this.alarms.close();
    this.badges.close();
    // Files before what waits for them: they are still to be taken after a restart.
    this.files.close();
    this.operations.close();
    this.settings.close();
    this.reservations.close();
    this.maintenance.close();
    this.limiter.close();
    this.sessions.close();
    this.clock.clear(this.#sampling);
    this.consumption.save();
    this.stations.close();
    this.rights.close();
    this.clock.clear(this.#keeping);
    this.store.saveDocument(MANAGERS_DOCUMENT, this.managers.save());
    this.managers.close();
    this.journal.close();
  }
}
