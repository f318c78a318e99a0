import type { AlarmSource } from "../alarm/alarm-list.ts";
import { ALARMS } from "../alarm-types.ts";
import type { Clock } from "../clock.ts";
import { Drills } from "../commissioning/drills/drills.ts";
import type { DrilledCharger } from "../commissioning/drills/plan.ts";
import { shortText } from "../local-time.ts";
import { chargePointOf, connectorOf } from "../reservations/keeper.ts";
import { doesFallBack } from "../station/capabilities/models/resolve.ts";
import type { Stations } from "../station/connection/stations.ts";
import type { Store } from "../store/types.ts";
import { sentence } from "../words/sentence.ts";
import type { Language } from "../words/types.ts";

export interface SiteDrillsOptions {
  clock: Clock;
  store: Store;
  stations: Stations;
  setpointA(id: string): number;
  voltageV(): number;
  /** A wiring is being proven. */
  isProving(): boolean;
  /** Identity of the charge point whose firmware is being updated; null = none. */
  updating(): string | null;
  alarms(): AlarmSource;
  language(): Language;
  timeZone(): string;
  log(text: string): void;
}

/** The drills of a site: they are announced in its list of alarms, for as long as they last. */
export function siteDrills(options: SiteDrillsOptions): Drills {
  const { clock, store, stations, language, timeZone } = options;
  const key = "drill/site";
  return new Drills({
    clock,
    store,
    setpointA: (id) => options.setpointA(id),
    voltageV: () => options.voltageV(),
    isProving: () => options.isProving(),
    log: (text) => options.log(text),
    acceptedA: (id) => {
      const chargePoint = chargePointOf(id);
      if (stations.get(chargePoint)?.definition?.ocpp !== true) return null;
      return stations.limits.heldA(chargePoint, connectorOf(id), clock.nowMs());
    },
    charger: (chargePoint) => drilledCharger(options, chargePoint),
    shut: (chargePoint, untilMs) => stations.shut(chargePoint, untilMs),
    reason: () => sentence(language(), "drill.limitReason"),
    announce: (drill) => {
      if (drill === null) {
        options.alarms().clear(key);
        return;
      }
      const nowMs = clock.wallMs();
      const leftS = drill.leftS + (drill.phase === "room" ? drill.seconds : 0);
      const values = {
        what: sentence(language(), `drill.${drill.kind}`, { target: drill.target }),
        time: shortText(nowMs + leftS * 1000, nowMs, timeZone()),
      };
      const text = sentence(language(), "alarm.drill", values);
      const action = sentence(language(), "action.drill");
      options.alarms().raise({ key, severity: ALARMS.drill, text, action, isDeliberate: true });
    },
  });
}

function drilledCharger({ stations, updating }: SiteDrillsOptions, chargePoint: string): DrilledCharger | undefined {
  const station = stations.get(chargePoint);
  if (!station?.definition) return undefined;
  const { identity } = station;
  return {
    ocpp: station.definition.ocpp,
    get ready() {
      return station.state === "ready";
    },
    get updating() {
      return updating() === identity;
    },
    get fallsBack() {
      return doesFallBack(station.traits.smart);
    },
    leaseEndMs: (connector) => stations.limits.downwardEndMs(identity, connector),
    energyWh: (connector) => station.connectors.get(connector)?.energyWh ?? null,
  };
}
