import type { StationConnection } from "../lib/ocpp/port.ts";
import { OCPP16 } from "../lib/ocpp/v16/dialect.ts";
import { openStore } from "../lib/store/sqlite.ts";
import { FakeClock } from "../test/fake-clock.ts";
import { saying } from "../test/wire16.ts";
import type { BenchFigure } from "./figure.ts";
import { identities, request, site } from "./limits-site.ts";

const REFRESH_S = 75;

export interface RenewalsBenchOptions {
  /** Charge points whose leases are renewed. */
  chargePoints?: number;
  /** For so long, s. */
  forS?: number;
}

/** What the renewal of leases costs that were all given at once, on a clock of its own: messages on the wire, second by second. */
export async function bench({
  chargePoints: count = 1000,
  forS = 6 * REFRESH_S,
}: RenewalsBenchOptions = {}): Promise<BenchFigure[]> {
  const clock = new FakeClock();
  const store = openStore(":memory:", { clock });
  const { stations, limiter } = site(store, clock, count, { refreshS: REFRESH_S });
  const perSecond = new Map<number, number>();
  for (const [index, identity] of identities(count).entries()) {
    const station = stations.get(identity)!;
    const context = { messageId: String(index), receivedAtMs: clock.nowMs(), receivedWallMs: clock.wallMs() };
    station.attached(accepting((action) => action === "SetChargingProfile" && countOne(perSecond, clock.nowMs())));
    saying(station).bootNotification({ chargePointVendor: "Bench", chargePointModel: "B1" }, context);
    saying(station).statusNotification({ connectorId: 1, errorCode: "NoError", status: "Charging" }, context);
  }
  request(limiter, count, 16);
  await clock.advanceAsync(forS * 1000, 250);
  limiter.close();
  stations.close();
  store.close();
  const seconds = Array.from({ length: forS - 5 }, (_, index) => perSecond.get(index + 5) ?? 0);
  const steady = seconds.slice(REFRESH_S);
  const mean = steady.reduce((sum, writes) => sum + writes, 0) / steady.length;
  const busiest = Math.max(...seconds);
  const name = `renewed leases of ${count} charge points that came at once`;
  const [unit, ideal] = ["messages/s", count / REFRESH_S];
  return [
    {
      name: `${name}, average`,
      unit,
      value: round2(mean),
      baseline: round2(ideal),
      ratio: round2(mean / ideal),
      aim: "< 15",
    },
    { name: `${name}, busiest second`, unit, value: busiest, baseline: round2(mean), ratio: round2(busiest / mean) },
  ];
}

function accepting(called: (action: string) => void): StationConnection {
  return {
    id: "bench",
    remoteAddress: "192.0.2.1",
    dialect: OCPP16,
    open: true,
    lastSeenMs: 0,
    call: (action) => {
      called(action);
      return Promise.resolve(action === "GetConfiguration" ? {} : { status: "Accepted" });
    },
    close: () => undefined,
  };
}

const countOne = (perSecond: Map<number, number>, nowMs: number): unknown =>
  perSecond.set(Math.floor(nowMs / 1000), (perSecond.get(Math.floor(nowMs / 1000)) ?? 0) + 1);

const round2 = (value: number): number => Math.round(value * 100) / 100;
