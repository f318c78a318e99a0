/** The badges of one site: who may charge, why, and the chargers' own lists. */
import type { Clock } from "../clock.ts";
import type { PlantTree } from "../dlm/topology/plant.ts";
import { EvError } from "../errors.ts";
import type { BackEndJudge, BadgeQuestion } from "../session/badges/authorization-port.ts";
import { Authorizer, type LateRefusal } from "../session/badges/authorizer.ts";
import type { Badge, BadgePlace } from "../session/badges/badge.ts";
import { type ListKeeper, LocalLists } from "../session/badges/local-list-push.ts";
import type { Stations } from "../station/connection/stations.ts";
import type { Store } from "../store/types.ts";
import type { Language } from "../words/types.ts";

export interface SiteBadgesDeps {
  store: Store;
  clock: Clock;
  /** Asked for only once they are there: they need the authorizer themselves. */
  stations: () => Stations;
  /** The zone tree in force. */
  tree: () => PlantTree | null;
  /** In which it is said why a badge was let in or not. */
  language: () => Language;
  /** In which the days of badges end. */
  timeZone: () => string;
  /** The reservation of somebody else that keeps a badge from a connector. */
  reserved: (question: BadgeQuestion) => { untilWallMs: number; place: string } | null;
  /** What people call a connector. */
  called: (place: string) => string;
  /** The back end that has a say about the badges of a charge point. */
  judge: (chargePoint: string) => BackEndJudge | null;
}

export class SiteBadges {
  /** Knows the badges and decides about them. */
  readonly authorizer: Authorizer;
  /** Keeps the chargers' own lists up to date. */
  readonly localLists: LocalLists;
  readonly #deps: SiteBadgesDeps;

  constructor(deps: SiteBadgesDeps) {
    this.#deps = deps;
    const { store, clock, stations, language, timeZone, judge, reserved, called } = deps;
    const connectors = (chargePoint: string) => this.#connectorsOf(chargePoint);
    this.authorizer = new Authorizer({
      clock,
      badges: store.badges,
      authorizations: store.authorizations,
      connectors,
      running: {
        all: () => stations().running(),
        at: (chargePoint) => stations().runningAt(chargePoint),
        with: (tag) => stations().runningWith(tag),
      },
      stop: (chargePoint, transactionId) => this.#stop(chargePoint, transactionId),
      language,
      timeZone,
      judge,
      reserved,
      called,
    });
    this.localLists = new LocalLists({
      clock,
      list: this.authorizer.list,
      store,
      keepers: () => this.#listKeepers(),
      keeper: (identity) => this.#listKeeper(identity),
      connectors,
    });
  }

  /** The badge of the list that a charge point means by a number; null = none. */
  readonly find = (chargePoint: string, idTag: string): Badge | null => this.authorizer.badge(chargePoint, idTag);

  /** A back end does not accept the badge of a charge that runs. */
  readonly refusedLate = (late: LateRefusal): void => this.authorizer.refusedLate(late);

  /** Once the charge points are there: looks after their lists as they come into service. @returns a function that stops it */
  watch(): () => void {
    return this.#deps.stations().onChange(({ kind, chargePoint }) => {
      if (kind === "ready") this.localLists.ready(chargePoint);
    });
  }

  close(): void {
    this.localLists.close();
    this.authorizer.close();
  }

  /** Connectors of a charge point with the names of the zones they hang in, from their own up. */
  #connectorsOf(chargePoint: string): BadgePlace["connectors"] {
    const tree = this.#deps.tree();
    const held = tree?.connectors.filter((connector) => connector.chargePoint === chargePoint) ?? [];
    const described = this.#deps.stations().get(chargePoint)?.definition?.connectors ?? [];
    const numbers = [...described.map(({ number }) => number), ...held.map(({ connector }) => connector)];
    return [...new Set(numbers)].map((number) => {
      const zone = held.find(({ connector }) => connector === number)?.zone ?? null;
      return { number, zones: tree && zone !== null ? zonesAbove(tree, zone) : [] };
    });
  }

  /** Charge points that speak OCPP may keep a list. */
  #listKeepers(): string[] {
    const served = this.#deps.stations().list();
    return served.filter(({ definition }) => definition?.ocpp !== false).map(({ identity }) => identity);
  }

  #listKeeper(identity: string): ListKeeper | null {
    const station = this.#deps.stations().get(identity);
    if (!station || station.identity !== identity || station.definition?.ocpp === false) return null;
    if (!station.definition && station.admittance !== "accept") return null;
    return {
      identity,
      online: station.online,
      authorization: station.authorization,
      facts: station.learntFacts.values,
      askNoKeys: station.traits.config.writeOnly.length > 0,
      learn: (path, value, how) => station.learn(path, value, how),
      order: station.order,
    };
  }

  async #stop(chargePoint: string, transactionId: string): Promise<Record<string, unknown>> {
    const station = this.#deps.stations().get(chargePoint);
    if (!station) throw new EvError("EV_OCPP_OFFLINE", `${chargePoint} is not known here`);
    return station.order("stopTransaction", { transactionId });
  }
}

/** A zone and those above it, by name. */
function zonesAbove({ zones }: PlantTree, zone: string): string[] {
  const names: string[] = [];
  for (let name: string | null = zone; name !== null && !names.includes(name); ) {
    names.push(name);
    name = zones.find((one) => one.zone.id === name)?.zone.parent ?? null;
  }
  return names;
}
