/** How a charge point of ours looks to those who stand for it at a back end. */
import type { Clock } from "../clock.ts";
import type { DataAnswer } from "../ocpp/facts.ts";
import type { BootNotificationRequest } from "../ocpp/v16/boot-notification.ts";
import type { Badge } from "../session/badges/badge.ts";
import type { Sessions } from "../session/sessions/sessions.ts";
import type { Stations } from "../station/connection/stations.ts";
import { OFFLINE_ALARM_MS } from "../thresholds.ts";
import type { ProfiledCharger } from "./profiles.ts";
import type { ConnectorNow } from "./records.ts";
import type { LookedAfter } from "./upkeep.ts";
import type { ReportedCharger } from "./virtual-charge-point.ts";

/** Names in BootNotification are no longer. */
const LONGEST_NAME = 20;

export interface ReportedChargersDeps {
  sessions: Sessions;
  stations: Stations;
  clock: Clock;
  /** The limit that load management gives a connector (`<id>/<n>`), A; undefined = none. */
  setpointA(id: string): number | undefined;
  /** Nominal voltage between phase and neutral, V. */
  voltageV(): number;
  /** Sends a command to a charge point, with the care of the site's maintenance. @throws EvError */
  maintain(
    chargePoint: string,
    action: string,
    payload: Record<string, unknown>,
    force: boolean,
  ): Promise<Record<string, unknown>>;
  badges: {
    /** What the list says of a badge that a charge point means by a number; null = the list has it not. */
    find(chargePoint: string, idTag: string): Pick<Badge, "blocked" | "type"> | null;
  };
}

/** Charge points in the words of OCPP 1.6, those without OCPP, too. */
export class ReportedChargers {
  readonly #deps: ReportedChargersDeps;
  readonly #goneSinceMs = new Map<string, number>();

  constructor(deps: ReportedChargersDeps) {
    this.#deps = deps;
  }

  of(chargePoint: string): ReportedCharger & LookedAfter {
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
        const transactionId = sessions.book.get(session)?.transactionId;
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

  /** What limits of a back end are worked out from. */
  profiled(chargePoint: string): ProfiledCharger {
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
}

async function isAccepted(answer: Promise<Record<string, unknown>>): Promise<boolean> {
  try {
    return (await answer)["status"] === "Accepted";
  } catch {
    return false;
  }
}
