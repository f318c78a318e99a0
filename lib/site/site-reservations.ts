/** The reservations of one site: ties the book to its charge points, zones and badges. */
import type { Clock } from "../clock.ts";
import type { PlantTree } from "../dlm/topology/plant.ts";
import { shortText } from "../local-time.ts";
import { isOutOfService } from "../maintenance/operation-orders.ts";
import { chargePointOf, connectorOf } from "../reservations/keeper.ts";
import { Reservations } from "../reservations/reservations.ts";
import type { PlaceFacts } from "../reservations/rules.ts";
import type { Authorizer } from "../session/badges/authorizer.ts";
import type { Stations } from "../station/connection/stations.ts";
import type { ReservationRecord } from "../store/books/reservation-types.ts";
import type { Store } from "../store/types.ts";

export interface SiteReservationsDeps {
  store: Store;
  clock: Clock;
  stations: Stations;
  authorizer: Authorizer;
  /** The zone tree in force. */
  tree: () => PlantTree | null;
  timeZone: () => string;
  changed: (one: ReservationRecord) => void;
}

const UNKNOWN: PlaceFacts = { online: false, status: null, chargesWith: null, isOut: false };

export function siteReservations(deps: SiteReservationsDeps): Reservations {
  const { store, clock, stations, authorizer, tree, timeZone, changed } = deps;
  const find = (chargePoint: string) => {
    const station = stations.get(chargePoint);
    if (!station?.definition?.ocpp) return null;
    const { identity, online, state, connectors, learntFacts, clockSkewMs, order } = station;
    const numbers = station.definition.connectors.map(({ number }) => number);
    return { identity, online, state, connectors, learntFacts, clockSkewMs, order, numbers };
  };
  const facts = (place: string): PlaceFacts => {
    const station = stations.get(chargePointOf(place));
    if (!station) return UNKNOWN;
    const connector = connectorOf(place);
    const { status = null, transaction = null } = station.connectors.get(connector) ?? {};
    const isOut = isOutOfService(station, connector);
    return { online: station.online, status, chargesWith: transaction?.idTag ?? null, isOut };
  };
  return new Reservations({
    ...{ clock, book: store.reservations, changed },
    stations: {
      ...{ find, facts },
      onChange: (listener) => stations.onChange(listener),
      onStart: (listener) => stations.onEvent(listener, { events: new Set(["transaction.start"]) }),
    },
    zonePlaces: (zone) => {
      const now = tree();
      if (!now?.zones.some(({ zone: { id }, nodeId }) => id === zone && nodeId !== null)) return null;
      const below = zonesBelow(now, zone);
      const hung = now.connectors.filter((one) => below.has(one.zone) && !one.departed);
      return hung.filter(({ chargePoint }) => find(chargePoint) !== null).map(({ id }) => id);
    },
    badge: (chargePoint, sent) => {
      const { idTag, badge } = authorizer.list.meant(chargePoint, sent);
      return { idTag, group: badge?.parentIdTag ?? null };
    },
    objection: (place, idTag, atWallMs) => {
      const chargePoint = chargePointOf(place);
      const mode = stations.get(chargePoint)?.authorization ?? "open";
      return authorizer.objection({ chargePoint, connector: connectorOf(place) }, idTag, { mode, atWallMs });
    },
    shown: (wallMs) => shortText(wallMs, clock.wallMs(), timeZone()),
  });
}

/** Names of the zones of which any connector can be reserved. */
export function zonesToReserve(tree: PlantTree | null): string[] {
  const own = (tree?.zones ?? []).filter(({ nodeId }) => nodeId !== null).map(({ zone }) => zone.id);
  return own.filter((zone) => {
    const below = zonesBelow(tree!, zone);
    return tree!.connectors.some((one) => below.has(one.zone));
  });
}

/** A zone and those below it, by name; parents come before children in a tree. */
function zonesBelow({ zones }: PlantTree, zone: string): ReadonlySet<string> {
  const below = new Set([zone]);
  for (const { zone: one } of zones) if (one.parent !== null && below.has(one.parent)) below.add(one.id);
  return below;
}
