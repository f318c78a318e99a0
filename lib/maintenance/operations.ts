/** What staff do with chargers: with an answer in plain words, an end where one was given, and what they can do now. */
import { type Clock, isoTime, type Timer } from "../clock.ts";
import { EvError, messageOf } from "../errors.ts";
import { record, text } from "../fields.ts";
import { shortText } from "../local-time.ts";
import { OcppCallError } from "../ocpp/rpc/call-error.ts";
import { icsOf } from "../reservations/ics.ts";
import {
  type ReservationRequest,
  readCancel,
  readRange,
  readReservation,
  reservationText,
} from "../reservations/request.ts";
import type { Reservations } from "../reservations/reservations.ts";
import type { ReservationRow } from "../reservations/row-types.ts";
import { eventOf, rowOf, whereText } from "../reservations/rows.ts";
import type { Badge } from "../session/badges/badge.ts";
import type { ShownNames } from "../shown-names.ts";
import type { Station } from "../station/connection/station.ts";
import type { Stations } from "../station/connection/stations.ts";
import type { StationHandle } from "../station/types.ts";
import type { ReservationRecord } from "../store/books/reservation-types.ts";
import type { Store } from "../store/types.ts";
import type { JsonValue } from "../units.ts";
import { forReaders, sentence, sentenceOr } from "../words/sentence.ts";
import type { CodeOf, Language } from "../words/types.ts";
import { isOutOfService, orderOf, possible, refused } from "./operation-orders.ts";
import { type OperationRequest, operationText, readOperation } from "./operation-request.ts";
import type { OperationName, OperationRow, OperationsView } from "./operation-types.ts";
import type { MaintenanceCommand } from "./types.ts";

/** Badge under which a guest charges; it is added to the list when the first one does. */
export const GUEST = "GUEST";

/** Document that keeps ends over restarts, and kept reservations before they had a book. */
const DOCUMENT = "operations";

/** How often ends are looked at, ms. */
const LOOK_MS = 15_000;

/** Answers that mean the charge point does it. */
const TAKEN: ReadonlySet<unknown> = new Set([undefined, "Accepted", "Scheduled", "Unlocked"]);

/** What people are told of an answer that means no, by operation and, where it says more, by status. */
const REFUSALS: Readonly<Record<string, string>> = {
  start: "operationStart",
  stop: "operationStop",
  unlock: "operationUnlock",
  "unlock NotSupported": "operationUnknown",
  restart: "operationRestart",
  outOfService: "operationService",
  intoService: "operationService",
  identify: "operationUnknown",
};

/** A connector that comes back into service by itself. */
interface Outage {
  untilWallMs: number;
  by: string;
  reason: string;
}

/** Operations that a message to the charge point carries out. */
type DoneName = Exclude<OperationName, "reserve" | "cancel">;

/** What was done, in a sentence; of a reservation, what it is then. */
export interface Done {
  text: string;
  reservation?: ReservationRow;
}

/** Badges that are offered to start a charge with. */
const MOST_BADGES = 500;

export interface OperationsDeps {
  /** What makes the entries of its calendar unique among those of other sites. */
  site: string;
  stations: Stations;
  clock: Clock;
  store: Pick<Store, "document" | "saveDocument">;
  names: ShownNames;
  language(): Language;
  timeZone(): string;
  send(command: MaintenanceCommand): Promise<Record<string, unknown>>;
  /** The badges of the list. */
  badges(): Iterable<Readonly<Pick<Badge, "idTag" | "comment" | "blocked">>>;
  /** Whose badge it is; empty = nobody knows. */
  owner(chargePoint: string, idTag: string): string;
  /** Sees to it that guests may charge. */
  admitGuests(): Promise<void>;
  /** What is kept for whom. */
  reservations: Reservations;
  /** Zones that a reservation may name. */
  zones(): string[];
  /** Something was done without anybody's asking, for the log. */
  note(what: string): void;
}

export class Operations {
  readonly #deps: OperationsDeps;
  /** By connector. */
  readonly #outages: Map<string, Outage>;
  readonly #timer: Timer;
  #looking = false;

  constructor(deps: OperationsDeps) {
    this.#deps = deps;
    this.#outages = restored(deps.store);
    try {
      takeOver(deps.store, deps.reservations);
    } catch {
      // The database cannot be used, which it tells itself; the document stays until it can.
    }
    this.#timer = deps.clock.setInterval(() => void this.#look(), LOOK_MS);
  }

  close(): void {
    this.#deps.clock.clear(this.#timer);
  }

  /** Every connector that is described, whom a charge can be started for, and what is reserved. @param showsWho and for whom */
  view(showsWho = true): OperationsView {
    const { reservations, zones } = this.#deps;
    const rows = this.#deps.stations
      .list()
      .flatMap((station) =>
        (station.definition?.connectors ?? []).map(({ number }) => this.#row(station, number, showsWho)),
      );
    const badges = [...this.#deps.badges()]
      .filter(({ blocked }) => !blocked)
      .slice(0, MOST_BADGES)
      .map(({ idTag, comment }) => ({ idTag, name: comment || idTag }))
      .sort((a, b) => a.name.localeCompare(b.name));
    const coming = reservations.coming.map((one) => this.row(one, showsWho));
    return { rows, badges, reservations: coming, zones: zones() };
  }

  /** A reservation in words. @param showsWho and whose it is */
  row(one: ReservationRecord, showsWho: boolean): ReservationRow {
    const { clock, language, timeZone, names } = this.#deps;
    return rowOf(one, {
      ...{ language: language(), timeZone: timeZone(), nowWallMs: clock.wallMs(), showsWho },
      called: (place) => names.called(place),
      who: (idTag) => this.#who("", idTag),
    });
  }

  /** Reservations of a time, the past too. @throws EvError EV_MESSAGE_INVALID | EV_STORE_OPEN */
  reservations(payload: unknown, showsWho: boolean): ReservationRow[] {
    const { clock, timeZone, reservations } = this.#deps;
    const range = readRange(payload, timeZone(), clock.wallMs());
    return reservations.find(range).map((one) => this.row(one, showsWho));
  }

  /** The same as an iCalendar file. @throws as `reservations` */
  calendar(payload: unknown, showsWho: boolean): string {
    const { clock, language, site } = this.#deps;
    const rows = this.reservations(payload, showsWho).sort((a, b) => a.id - b.id);
    const events = rows.map((row) => eventOf(row, site, clock.wallMs()));
    // Of those that took each other's place the last one counts: an entry stands once in a calendar.
    const byUid = new Map(events.map((event) => [event.uid, event]));
    return icsOf(sentence(language(), "reservation.calendar"), [...byUid.values()]);
  }

  /**
   * Reads what is asked for and carries it out.
   * @param permit throws where whoever asks may not; gets what is to be done as the log has it
   * @returns what was done, in a sentence @throws EvError that says in `field` what people are told
   */
  async ask(name: OperationName, payload: unknown, by: string, permit: (what: string) => void): Promise<Done> {
    const { clock, timeZone } = this.#deps;
    const nowWallMs = clock.wallMs();
    const reason = text(record(payload)["reason"]) ?? "";
    if (name === "cancel") return this.#cancel(payload, permit);
    if (name === "reserve") {
      const wanted = readReservation(payload, timeZone(), nowWallMs);
      permit(reservationText(wanted, timeZone(), nowWallMs));
      return this.#reserve(wanted, { by, comment: reason });
    }
    const request = readOperation(name, payload, timeZone(), nowWallMs);
    permit(operationText(request, timeZone(), nowWallMs));
    return { text: await this.run(request, { by, reason }) };
  }

  async #reserve(wanted: ReservationRequest, who: { by: string; comment: string }): Promise<Done> {
    const { language, reservations, clock, timeZone, names } = this.#deps;
    const idTag = wanted.idTag ?? GUEST;
    if (wanted.idTag === null) await this.#deps.admitGuests();
    const { one, isNew } = await reservations.make({ ...wanted, idTag }, who);
    const reservation = this.row(one, true);
    if (!isNew) return { text: sentence(language(), "reservation.same"), reservation };
    const shown = (wallMs: number) => shortText(wallMs, clock.wallMs(), timeZone());
    const values = {
      charger: whereText(one, language(), (place) => names.called(place)),
      ...{
        who: reservation.who,
        from: shown(one.fromWallMs),
        until: shown(one.untilWallMs),
        time: shown(one.untilWallMs),
      },
    };
    const said = sentence(language(), wanted.isNow ? "operation.reserve" : "reservation.from", values);
    const why = one.why === null ? "" : sentenceOr(language(), `reservation.${one.why}`, "");
    return { text: why ? sentence(language(), "reservation.withWhy", { text: said, why }) : said, reservation };
  }

  async #cancel(payload: unknown, permit: (what: string) => void): Promise<Done> {
    const { language, reservations, names } = this.#deps;
    const which = readCancel(payload);
    permit(`cancel reservation ${which.id ?? which.ref ?? `of ${which.target}`}`);
    const one = await reservations.cancel(reservations.named(which).id);
    const charger = whereText(one, language(), (place) => names.called(place));
    return { text: sentence(language(), "operation.cancel", { charger }), reservation: this.row(one, true) };
  }

  /**
   * Carries an operation out. @returns what was done, in a sentence
   * @throws EvError that says in `field` what people are told
   */
  async run(request: OperationRequest, { by, reason }: { by: string; reason: string }): Promise<string> {
    const { name } = request;
    const station = this.#station(request);
    const idTag = request.idTag ?? GUEST;
    if (name === "start") this.#requireUnreserved(request, idTag);
    const { action, payload } = orderOf(station, request, idTag);
    if (request.idTag === null && name === "start") await this.#deps.admitGuests();
    const status = await this.#send(station, name, { action, payload, force: request.force });
    if (!TAKEN.has(status)) throw refused(station, refusalOf(name, status), `${action} was answered with ${status}`);
    this.#keep(request, { by, reason });
    return this.#done(request, idTag, status);
  }

  /** A charge that its start would refuse is not begun. */
  #requireUnreserved({ chargePoint, connector }: OperationRequest, idTag: string): void {
    const { reservations, clock, timeZone } = this.#deps;
    const other = reservations.against({ chargePoint, connector, idTag, startedWallMs: null });
    if (!other) return;
    const until = shortText(other.untilWallMs, clock.wallMs(), timeZone());
    const values = { who: this.#who(chargePoint, other.idTag), until };
    throw new EvError("EV_MAINTENANCE_REFUSED", `${chargePoint}/${connector} is reserved for another badge`, {
      ...{ field: "operationReserved", values },
    });
  }

  #station({ chargePoint, connector, target }: OperationRequest): Station {
    const station = this.#deps.stations.get(chargePoint);
    if (!station?.definition?.connectors.some(({ number }) => number === connector))
      throw new EvError("EV_MESSAGE_INVALID", `payload.target is ${target}; it must be a connector that is described`, {
        field: "operationTarget",
      });
    if (!station.definition.ocpp) throw refused(station, "operationUnknown", "it is not driven by OCPP");
    return station;
  }

  async #send(
    station: Station,
    name: OperationName,
    order: Pick<MaintenanceCommand, "action" | "payload" | "force">,
  ): Promise<string | undefined> {
    try {
      const { status } = await this.#deps.send({ station, ...order, file: null });
      return typeof status === "string" ? status : undefined;
    } catch (error) {
      if (!(error instanceof OcppCallError)) throw error;
      throw refused(station, refusalOf(name, undefined), messageOf(error));
    }
  }

  /** What has to be remembered of it. */
  #keep(
    { name, target, chargePoint, untilWallMs }: OperationRequest,
    { by, reason }: { by: string; reason: string },
  ): void {
    if (name === "outOfService" && untilWallMs !== null) this.#outages.set(target, { untilWallMs, by, reason });
    if (name === "outOfService" && untilWallMs === null) this.#outages.delete(target);
    if (name === "intoService")
      for (const other of [...this.#outages.keys()])
        if (other === target || this.#isWhole(chargePoint, other)) this.#outages.delete(other);
    this.#save();
  }

  #isWhole(chargePoint: string, target: string): boolean {
    const inoperative = this.#deps.stations.get(chargePoint)?.inoperative ?? [];
    return target.startsWith(`${chargePoint}/`) && inoperative.length === 0;
  }

  #done(
    { name, chargePoint, connector, hard, untilWallMs }: OperationRequest,
    idTag: string,
    status: string | undefined,
  ): string {
    const { clock, language, timeZone, names } = this.#deps;
    const time = untilWallMs === null ? "" : shortText(untilWallMs, clock.wallMs(), timeZone());
    const codes: Readonly<Record<DoneName, CodeOf<"operation">>> = {
      start: "operation.start",
      stop: "operation.stop",
      unlock: "operation.unlock",
      restart: hard ? "operation.restartHard" : "operation.restart",
      outOfService: status === "Scheduled" ? "operation.outLater" : time ? "operation.outUntil" : "operation.out",
      intoService: "operation.in",
      identify: "operation.identify",
    };
    const charger = names.called(`${chargePoint}/${connector}`);
    const said = sentence(language(), codes[name], { charger, time, who: this.#who(chargePoint, idTag) });
    return said;
  }

  #who(chargePoint: string, idTag: string): string {
    if (idTag === GUEST) return sentence(this.#deps.language(), "operation.guest");
    return this.#deps.owner(chargePoint, idTag) || idTag;
  }

  #row(station: StationHandle, connector: number, showsWho: boolean): OperationRow {
    const { clock, language, timeZone, names } = this.#deps;
    const { identity, online } = station;
    const target = `${identity}/${connector}`;
    const view = station.connectors.get(connector);
    const outage = this.#outages.get(target) ?? null;
    const kept = this.#deps.reservations.at(target);
    const reservation = kept && this.row(kept, showsWho);
    const shown = (wallMs: number) => shortText(wallMs, clock.wallMs(), timeZone());
    const idTag = view?.transaction?.idTag ?? "";
    const status = (online && view?.status) || null;
    const isOut = isOutOfService(station, connector);
    const called = names.connector(identity, connector);
    const isOneOfSeveral = (station.definition?.connectors.length ?? 1) > 1;
    return {
      target,
      charger: called === identity && isOneOfSeveral ? `${identity} · ${connector}` : called,
      place: names.place(identity),
      state: status
        ? (forReaders(language(), `status.${status}`)?.staff ?? status)
        : sentence(language(), online ? "charger.unknown" : "charger.offline"),
      online,
      can: possible(station, connector, reservation !== null),
      charging: [...station.connectors.values()].some(({ transaction }) => transaction !== null),
      who: idTag && this.#who(identity, idTag),
      isOut,
      until: outage && isOut ? isoTime(outage.untilWallMs) : null,
      ends: outage && isOut ? shown(outage.untilWallMs) : "",
      by: (isOut && outage?.by) || "",
      reason: (isOut && outage?.reason) || "",
      reservation: reservation && {
        ...{ id: reservation.id, who: reservation.who, until: reservation.until, ends: reservation.ends },
      },
    };
  }

  /** Ends what was to end by now; a charge point that is away or does not answer is told when it can be. */
  async #look(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    try {
      const nowMs = this.#deps.clock.wallMs();
      const due = [...this.#outages].filter(([, { untilWallMs }]) => untilWallMs <= nowMs);
      for (const [target] of due) await this.#endOutage(target);
    } finally {
      this.#looking = false;
    }
  }

  async #endOutage(target: string): Promise<void> {
    const at = target.lastIndexOf("/");
    const [chargePoint, connector] = [target.slice(0, at), Number(target.slice(at + 1))];
    const station = this.#deps.stations.get(chargePoint);
    if (!station?.definition || !isOutOfService(station, connector)) {
      if (!station?.definition || station.online) this.#forget(this.#outages, target);
      return;
    }
    if (!station.online) return;
    const request = { ...IN_AGAIN, target, chargePoint, connector };
    try {
      await this.run(request, { by: "", reason: "" });
      this.#deps.note(`intoService ${target}: its time was over`);
    } catch (error) {
      station.deviation(`it was to go into service again: ${messageOf(error)}`);
    }
  }

  #forget(list: Map<string, unknown>, target: string): void {
    list.delete(target);
    this.#save();
  }

  #save(): void {
    const kept = { outages: Object.fromEntries(this.#outages) };
    this.#deps.store.saveDocument(DOCUMENT, kept as unknown as JsonValue);
  }
}

const IN_AGAIN = { name: "intoService", idTag: null, hard: false, force: false, untilWallMs: null } as const;

function refusalOf(name: OperationName, status: string | undefined): string {
  return REFUSALS[`${name} ${status}`] ?? REFUSALS[name] ?? "other";
}

function restored(store: Pick<Store, "document">): Map<string, Outage> {
  const kept = record(store.document(DOCUMENT));
  const outages = Object.entries(record(kept["outages"])).flatMap(([target, one]): [string, Outage][] => {
    const { untilWallMs, by, reason } = record(one);
    if (typeof untilWallMs !== "number") return [];
    return [[target, { untilWallMs, by: text(by) ?? "", reason: text(reason) ?? "" }]];
  });
  return new Map(outages);
}

/** Reservations that earlier releases kept here come into the book, under the numbers that charge points know. */
function takeOver(store: Pick<Store, "document" | "saveDocument">, reservations: Reservations): void {
  const { reservations: before, ...kept } = record(store.document(DOCUMENT));
  if (before === undefined) return;
  for (const [target, one] of Object.entries(record(before))) {
    const { id, idTag, untilWallMs } = record(one);
    if (typeof id === "number" && typeof idTag === "string" && typeof untilWallMs === "number")
      reservations.takeOver({ id, target, idTag, untilWallMs });
  }
  store.saveDocument(DOCUMENT, kept as JsonValue);
}
