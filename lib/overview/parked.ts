import { matchModel } from "../station/capabilities/models/index.ts";
import type { Stations } from "../station/connection/stations.ts";
import type { ParkedItem } from "./types.ts";

/** Charge points that dialled and that no node describes, with what can be said of them before one does. */
export function parkedItems(stations: Pick<Stations, "parked" | "get" | "unserved">): ParkedItem[] {
  const unserved = stations.unserved.list().map(({ identity, origin, address, kind, protocols }) => ({
    id: `${identity} ${kind}`,
    identity,
    centralSystem: origin,
    online: false,
    vendor: null,
    model: null,
    address: plainAddress(address),
    suggested: null,
    connectors: [1],
    asked: { kind, protocols },
  }));
  return [...waiting(stations), ...unserved];
}

/** Those that can be adopted. */
function waiting(stations: Pick<Stations, "parked" | "get">): ParkedItem[] {
  return stations.parked().flatMap(({ identity, vendor, model, address }) => {
    const station = stations.get(identity);
    if (!station) return [];
    const { origin: centralSystem, online, firmware } = station;
    const suggested = matchModel({ vendor, model, identity, firmware });
    const numbers = [...station.connectors.keys()].filter((number) => number > 0).sort((a, b) => a - b);
    return {
      id: identity,
      identity,
      centralSystem,
      online,
      vendor,
      model,
      address: address && plainAddress(address),
      suggested: suggested && { id: suggested.id, name: suggested.name },
      connectors: numbers.length > 0 ? numbers : [1],
      asked: null,
    };
  });
}

/** An IPv4 address as people know it, not as an IPv6 socket maps it (RFC 4291 §2.5.5.2). */
function plainAddress(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, "");
}
