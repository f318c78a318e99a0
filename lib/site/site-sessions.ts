/** The sessions of one site, with what they need to know of its chargers, badges, meters and limits. */
import type { SetpointBoard } from "../dlm/board.ts";
import { localTime, wallOfLocal } from "../local-time.ts";
import { readings } from "../metering/meter-board.ts";
import type { SessionConnector } from "../session/sessions/session-live.ts";
import { Sessions, type SessionsDeps } from "../session/sessions/sessions.ts";
import type { Stations } from "../station/connection/stations.ts";
import type { SiteBadges } from "./site-badges.ts";

/** No AC charge point gives more: the ceiling where nobody said how a connector is wired. */
const UNKNOWN_CEILING_W = 50_000;

/** The voltage may be 10 % above its nominal value (EN 50160), and a meter or a limiter a little off. */
const TOLERANCE = 1.15;

/** A limit counts as binding when the car takes all but this, A. */
const BINDING_A = 1;

/** A reading of a socket's meter is too old for the beginning or end of a session after this, ms. */
const METER_OLD_MS = 60_000;

/** A limit this close to the maximum limits nothing, A. */
const MAXIMUM_A = 0.5;

export interface SiteSessionsDeps extends Pick<SessionsDeps, "store" | "clock"> {
  /** Asked for only once they are there: they need the sessions themselves. */
  stations: () => Stations;
  badges: SiteBadges;
  board: SetpointBoard;
  /** Nominal voltage between phase and neutral, V. */
  voltageV: () => number;
  /** Of the days that sessions are shared out among. */
  timeZone: () => string;
}

/** The sessions of a site, ready to be told of its charge points. */
export function siteSessions({ store, clock, stations, badges, board, ...place }: SiteSessionsDeps): Sessions {
  const { voltageV, timeZone } = place;
  const dayEnd = dayEnds(timeZone);
  const wiringOf = (chargePoint: string, connector: number) =>
    stations()
      .get(chargePoint)
      ?.definition?.connectors.find(({ number }) => number === connector);
  const outlet = (chargePoint: string, connector: number): SessionConnector => {
    const station = stations().get(chargePoint);
    const wiring = wiringOf(chargePoint, connector);
    return {
      zone: station?.definition?.zone ?? null,
      socketType: wiring?.socketType ?? null,
      isFree: station?.definition?.ocpp === false || (station?.traits.transaction.withoutTransactions ?? false),
      ceilingW: wiring ? ceilingW(wiring, voltageV()) : UNKNOWN_CEILING_W,
      hasMeter: Boolean(wiring?.sessionMeter),
      dayEnd,
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
  const meter: SessionsDeps["meter"] = (chargePoint, connector, { nowMs, wallMs }) => {
    const last = readings().get(wiringOf(chargePoint, connector)?.sessionMeter ?? "");
    const ageMs = last ? nowMs - last.atMs : 0;
    if (last?.payload.quality !== "good" || ageMs > METER_OLD_MS) return null;
    const { energyImportWh: registerWh, powerW } = last.payload;
    return { wallMs: wallMs - ageMs, registerWh, powerW };
  };
  const badge: SessionsDeps["badge"] = (chargePoint, idTag) => {
    const comment = badges.find(chargePoint, idTag)?.comment || null;
    return { user: comment, comment };
  };
  return new Sessions({ store, clock, outlet, meter, badge, limited });
}

/** When the day ends that a moment is in. Of the day that was asked about last it is remembered. */
function dayEnds(timeZone: () => string): (wallMs: number) => number {
  let [place, fromMs, toMs] = ["", 0, 0];
  return (wallMs) => {
    if (wallMs >= fromMs && wallMs < toMs && timeZone() === place) return toMs;
    place = timeZone();
    const { year, month, day } = localTime(wallMs, place);
    fromMs = wallOfLocal({ year, month, day }, place);
    toMs = wallOfLocal({ year, month, day: day + 1 }, place);
    return toMs;
  };
}

/** The most that a connector can give, W. */
function ceilingW({ maxA, phases }: { maxA: number; phases: number }, voltageV: number): number {
  return maxA * phases * voltageV * TOLERANCE;
}
