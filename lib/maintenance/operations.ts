/** What staff do with chargers: with an answer in plain words, an end where one was given, and what they can do now. */
import { type Clock, isoTime, type Timer } from "../clock.ts";
import { EvError, messageOf } from "../errors.ts";
import { record, text } from "../fields.ts";
import { shortText } from "../local-time.ts";
import { OcppCallError } from "../ocpp/rpc/call-error.ts";
import type { Badge } from "../session/badges/badge.ts";
import type { ShownNames } from "../shown-names.ts";
import type { Station } from "../station/connection/station.ts";
import type { Stations } from "../station/connection/stations.ts";
import type { StationHandle } from "../station/types.ts";
import type { Store } from "../store/types.ts";
import type { JsonValue } from "../units.ts";
import { forReaders, sentence } from "../words/sentence.ts";
import type { CodeOf, Language } from "../words/types.ts";
import { isOutOfService, orderOf, possible, refused } from "./operation-orders.ts";
import { type OperationRequest, operationText, readOperation } from "./operation-request.ts";
import type { OperationName, OperationRow, OperationsView } from "./operation-types.ts";
import type { MaintenanceCommand } from "./types.ts";

/** Badge under which a guest charges; it is added to the list when the first one does. */
export const GUEST = "GUEST";

/** Document that keeps ends and reservations over restarts. */
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
  reserve: "operationReserve",
  "reserve Occupied": "operationOccupied",
  cancel: "operationCancel",
};

/** A connector that comes back into service by itself. */
interface Outage {
  untilWallMs: number;
  by: string;
  reason: string;
}

interface Reservation {
  id: number;
  idTag: string;
  untilWallMs: number;
}

/** Badges that are offered to start a charge with. */
const MOST_BADGES = 500;

export interface OperationsDeps {
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
  /** Something was done without anybody's asking, for the log. */
  note(what: string): void;
}

export class Operations {
  readonly #deps: OperationsDeps;
  /** By connector. */
  readonly #outages: Map<string, Outage>;
  readonly #reservations: Map<string, Reservation>;
  readonly #timer: Timer;
  #looking = false;

  constructor(deps: OperationsDeps) {
    this.#deps = deps;
    const { outages, reservations } = restored(deps.store);
    this.#outages = outages;
    this.#reservations = reservations;
    this.#timer = deps.clock.setInterval(() => void this.#look(), LOOK_MS);
  }

  close(): void {
    this.#deps.clock.clear(this.#timer);
  }

  /** Every connector that is described, and whom a charge can be started for. */
  view(): OperationsView {
    const rows = this.#deps.stations
      .list()
      .flatMap((station) => (station.definition?.connectors ?? []).map(({ number }) => this.#row(station, number)));
    const badges = [...this.#deps.badges()]
      .filter(({ blocked }) => !blocked)
      .slice(0, MOST_BADGES)
      .map(({ idTag, comment }) => ({ idTag, name: comment || idTag }))
      .sort((a, b) => a.name.localeCompare(b.name));
    return { rows, badges };
  }

  /**
   * Reads what is asked for and carries it out.
   * @param permit throws where whoever asks may not; gets what is to be done as the log has it
   * @returns what was done, in a sentence @throws EvError that says in `field` what people are told
   */
  async ask(name: OperationName, payload: unknown, by: string, permit: (what: string) => void): Promise<string> {
    const { clock, timeZone } = this.#deps;
    const nowWallMs = clock.wallMs();
    const request = readOperation(name, payload, timeZone(), nowWallMs);
    permit(operationText(request, timeZone(), nowWallMs));
    return this.run(request, { by, reason: text(record(payload)["reason"]) ?? "" });
  }

  /**
   * Carries an operation out. @returns what was done, in a sentence
   * @throws EvError that says in `field` what people are told
   */
  async run(request: OperationRequest, { by, reason }: { by: string; reason: string }): Promise<string> {
    const { name, target } = request;
    const station = this.#station(request);
    const known = this.#reservations.get(target);
    if (name === "cancel" && !known) throw refused(station, "operationCancel", "no reservation of ours is known");
    const idTag = request.idTag ?? GUEST;
    const isGuest = request.idTag === null && (name === "start" || name === "reserve");
    const id = name === "cancel" ? known!.id : this.#nextId();
    const { action, payload } = orderOf(station, request, idTag, id);
    if (isGuest) await this.#deps.admitGuests();
    const status = await this.#send(station, name, { action, payload, force: request.force });
    if (name === "cancel" && status === "Rejected") this.#forget(this.#reservations, target);
    if (!TAKEN.has(status)) throw refused(station, refusalOf(name, status), `${action} was answered with ${status}`);
    this.#keep(request, { idTag, id, by, reason });
    return this.#done(request, idTag, status);
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
    { idTag, id, by, reason }: { idTag: string; id: number; by: string; reason: string },
  ): void {
    if (name === "outOfService" && untilWallMs !== null) this.#outages.set(target, { untilWallMs, by, reason });
    if (name === "outOfService" && untilWallMs === null) this.#outages.delete(target);
    if (name === "intoService")
      for (const other of [...this.#outages.keys()])
        if (other === target || this.#isWhole(chargePoint, other)) this.#outages.delete(other);
    if (name === "reserve" && untilWallMs !== null) this.#reservations.set(target, { id, idTag, untilWallMs });
    if (name === "cancel") this.#reservations.delete(target);
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
    const codes: Readonly<Record<OperationName, CodeOf<"operation">>> = {
      start: "operation.start",
      stop: "operation.stop",
      unlock: "operation.unlock",
      restart: hard ? "operation.restartHard" : "operation.restart",
      outOfService: status === "Scheduled" ? "operation.outLater" : time ? "operation.outUntil" : "operation.out",
      intoService: "operation.in",
      identify: "operation.identify",
      reserve: "operation.reserve",
      cancel: "operation.cancel",
    };
    const charger = names.called(`${chargePoint}/${connector}`);
    const said = sentence(language(), codes[name], { charger, time, who: this.#who(chargePoint, idTag) });
    return said;
  }

  #who(chargePoint: string, idTag: string): string {
    if (idTag === GUEST) return sentence(this.#deps.language(), "operation.guest");
    return this.#deps.owner(chargePoint, idTag) || idTag;
  }

  #row(station: StationHandle, connector: number): OperationRow {
    const { clock, language, timeZone, names } = this.#deps;
    const { identity, online } = station;
    const target = `${identity}/${connector}`;
    const view = station.connectors.get(connector);
    const outage = this.#outages.get(target) ?? null;
    const reservation = this.#reservations.get(target) ?? null;
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
        who: this.#who(identity, reservation.idTag),
        until: isoTime(reservation.untilWallMs),
        ends: shown(reservation.untilWallMs),
      },
    };
  }

  /** Ends what was to end by now; a charge point that is away or does not answer is told when it can be. */
  async #look(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    try {
      const nowMs = this.#deps.clock.wallMs();
      for (const [target, { untilWallMs }] of this.#reservations)
        if (untilWallMs <= nowMs) this.#forget(this.#reservations, target);
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

  /** Ids of reservations: above all that are in use. */
  #nextId(): number {
    return Math.max(0, ...[...this.#reservations.values()].map(({ id }) => id)) + 1;
  }

  #save(): void {
    const kept = {
      outages: Object.fromEntries(this.#outages),
      reservations: Object.fromEntries(this.#reservations),
    };
    this.#deps.store.saveDocument(DOCUMENT, kept as unknown as JsonValue);
  }
}

const IN_AGAIN = { name: "intoService", idTag: null, hard: false, force: false, untilWallMs: null } as const;

function refusalOf(name: OperationName, status: string | undefined): string {
  return REFUSALS[`${name} ${status}`] ?? REFUSALS[name] ?? "other";
}

function restored(store: Pick<Store, "document">): {
  outages: Map<string, Outage>;
  reservations: Map<string, Reservation>;
} {
  const kept = record(store.document(DOCUMENT));
  const outages = Object.entries(record(kept["outages"])).flatMap(([target, one]): [string, Outage][] => {
    const { untilWallMs, by, reason } = record(one);
    if (typeof untilWallMs !== "number") return [];
    return [[target, { untilWallMs, by: text(by) ?? "", reason: text(reason) ?? "" }]];
  });
  const reservations = Object.entries(record(kept["reservations"])).flatMap(
    ([target, one]): [string, Reservation][] => {
      const { id, idTag, untilWallMs } = record(one);
      if (typeof id !== "number" || typeof idTag !== "string" || typeof untilWallMs !== "number") return [];
      return [[target, { id, idTag, untilWallMs }]];
    },
  );
  return { outages: new Map(outages), reservations: new Map(reservations) };
}
