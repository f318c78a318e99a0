/** The sessions of one site, with what they need to know of its chargers, badges and limits. */
import type { SetpointBoard } from "./dlm/board.ts";
import type { Outlet } from "./session/session-live.ts";
import { Sessions, type SessionsDeps } from "./session/sessions.ts";
import type { SiteBadges } from "./site-badges.ts";
import type { Stations } from "./station/stations.ts";

/** No AC charge point gives more; power beyond is a mistake. What is wired for more may give twice as much as it is wired for. */
const LEAST_CEILING_W = 50_000;
const NOMINAL_V = 230;

/** A limit counts as binding when the car takes all but this, A. */
const BINDING_A = 1;

/** A limit this close to the maximum limits nothing, A. */
const MAXIMUM_A = 0.5;

export interface SiteSessionsDeps extends Pick<SessionsDeps, "store" | "clock"> {
  /** Asked for only once they are there: they need the sessions themselves. */
  stations: () => Stations;
  badges: SiteBadges;
  board: SetpointBoard;
}

/** The sessions of a site, ready to be told of its charge points. */
export function siteSessions({ store, clock, stations, badges, board }: SiteSessionsDeps): Sessions {
  const wiringOf = (chargePoint: string, connector: number) =>
    stations()
      .get(chargePoint)
      ?.definition?.connectors.find(({ number }) => number === connector);
  const outlet = (chargePoint: string, connector: number): Outlet => {
    const station = stations().get(chargePoint);
    const wiring = wiringOf(chargePoint, connector);
    const wiredW = wiring ? wiring.maxA * wiring.phases * NOMINAL_V : 0;
    return {
      zone: station?.definition?.zone ?? null,
      socketType: wiring?.socketType ?? null,
      isFree: station?.definition?.ocpp === false || (station?.traits.transaction.withoutTransactions ?? false),
      ceilingW: Math.max(LEAST_CEILING_W, 2 * wiredW),
    };
  };
  const limited = (chargePoint: string, connector: number): boolean | null => {
    const limitA = board.get(`${chargePoint}/${connector}`)?.limitA;
    const maxA = wiringOf(chargePoint, connector)?.maxA;
    if (limitA === undefined || maxA === undefined) return null;
    if (limitA > maxA - MAXIMUM_A) return false;
    const measuredA = stations().get(chargePoint)?.connectors.get(connector)?.measuredA;
    const known = measuredA?.filter((value) => value !== null) ?? [];
    return known.length === 0 || Math.max(...known) >= limitA - BINDING_A;
  };
  const badge: SessionsDeps["badge"] = (chargePoint, idTag) => {
    const comment = badges.find(chargePoint, idTag)?.comment || null;
    return { user: comment, comment };
  };
  return new Sessions({ store, clock, outlet, badge, limited });
}
