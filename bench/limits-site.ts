/** Charge points of the limits' benchmarks, and the limiter that serves them. */
import type { Clock } from "../lib/clock.ts";
import { createLimiter, type Limiter } from "../lib/profile/limiter.ts";
import { Stations } from "../lib/station/connection/stations.ts";
import type { ChargePointDefinition } from "../lib/station/types.ts";
import type { Store } from "../lib/store/types.ts";

/** So many charge points with one connector each, outside any zone. */
export function site(store: Store, clock: Clock, count: number, lease: Parameters<typeof createLimiter>[1]) {
  const stations = new Stations({ store, clock });
  const limiter = createLimiter({ stations, store, clock, setpoint: () => null }, lease);
  for (const identity of identities(count)) stations.configure(definition(identity));
  return { stations, limiter };
}

/** Wants a limit for every charge point. */
export function request(limiter: Limiter, count: number, limitA: number): void {
  for (const chargePoint of identities(count)) {
    limiter.request({ chargePoint, connector: 1, limitA, zone: null, ageMs: 0 });
  }
}

function definition(identity: string): ChargePointDefinition {
  const wiring = {
    number: 1,
    phases: 3,
    rotation: "RST",
    maxA: 32,
    minA: 6,
    priorityClass: 1,
    mode: "fast",
    safeA: 6,
  } as const;
  return {
    identity,
    aliases: [],
    model: "auto",
    overrides: {},
    safeA: 6,
    stationLimitA: null,
    zone: null,
    connectors: [wiring],
    password: null,
    ocpp: true,
  };
}

export const identities = (count: number): string[] => Array.from({ length: count }, (_, index) => `BENCH${index}`);
