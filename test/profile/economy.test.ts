import { strict as assert } from "node:assert";
import { createLimiter, type Limiter, type Setpoint } from "../../lib/profile/limiter.ts";
import { definition, FakeConnection, StationBench, settle } from "../station/fake-charge-point.ts";
import { saying } from "../wire16.ts";

/** Written profiles by second, of charge points on one fake clock. */
class Fleet {
  readonly bench = new StationBench();
  readonly limiter: Limiter;
  readonly writes: { identity: string; atS: number; limitA: number }[] = [];
  readonly #identities: readonly string[];
  setpoint: Setpoint | null = null;

  constructor(size: number, model = "auto") {
    const { stations, store, clock } = this.bench;
    this.limiter = createLimiter({ stations, store, clock, setpoint: () => this.setpoint });
    this.#identities = Array.from({ length: size }, (_, index) => `CP${index + 1}`);
    for (const identity of this.#identities) stations.configure(definition({ identity, model }));
  }

  /** All come at once, and charge. */
  async connect(): Promise<void> {
    const { stations, clock, context } = this.bench;
    for (const identity of this.#identities) {
      const station = stations.get(identity)!;
      const connection = new FakeConnection();
      const answer = connection.answer;
      connection.answer = (action, payload) => {
        if (action === "SetChargingProfile") {
          const { csChargingProfiles: profile } = payload as unknown as (typeof connection.profiles)[number];
          const limitA = profile.chargingSchedule.chargingSchedulePeriod[0]!.limit;
          this.writes.push({ identity, atS: clock.nowMs() / 1000, limitA });
        }
        return answer(action, payload);
      };
      station.attached(connection);
      saying(station).bootNotification({ chargePointVendor: "Maker", chargePointModel: "Box" }, context());
      saying(station).statusNotification({ connectorId: 1, status: "Charging", errorCode: "NoError" }, context());
    }
    await this.pass(1);
  }

  async ask(limitA: number): Promise<void> {
    for (const chargePoint of this.#identities)
      this.limiter.request({ chargePoint, connector: 1, limitA, zone: null, ageMs: 0 });
    await settle();
  }

  async pass(seconds: number): Promise<void> {
    await this.bench.clock.advanceAsync(seconds * 1000, 250);
    await settle();
  }

  /** What is written from now on. */
  async during(act: () => Promise<void>): Promise<typeof this.writes> {
    const before = this.writes.length;
    await act();
    return this.writes.slice(before);
  }

  close(): void {
    this.limiter.close();
    this.bench.close();
  }
}

describe("Write economy", () => {
  let fleet: Fleet;
  afterEach(() => fleet.close());

  it("spreads the renewals of charge points that came at once over the seconds, none of them late", async () => {
    fleet = new Fleet(150);
    await fleet.connect();
    await fleet.ask(16);
    const writes = await fleet.during(() => fleet.pass(4 * 75));
    const inSecond = (second: number): number => writes.filter(({ atS }) => Math.floor(atS) === second).length;
    const most = Math.max(...writes.map(({ atS }) => inSecond(Math.floor(atS))));
    // Looked for every 250 ms: what is due in the last quarter of a second falls into the next one.
    assert.ok(most <= 4, `${most} in a second, 2 on average`);
    for (const identity of new Set(writes.map((write) => write.identity))) {
      const times = [0, ...writes.filter((write) => write.identity === identity).map(({ atS }) => atS)];
      const gaps = times.slice(1).map((atS, index) => atS - times[index]!);
      assert.ok(Math.max(...gaps) <= 76.5, `${identity}: ${gaps}`);
      assert.ok(Math.min(...gaps.slice(1)) > 60, `${identity}: ${gaps}`);
    }
  });

  it("writes what is unchanged no sooner than its renewal, however often it is asked for", async () => {
    fleet = new Fleet(1);
    await fleet.connect();
    await fleet.ask(16);
    const writes = await fleet.during(async () => {
      for (let second = 0; second < 70; second++) {
        await fleet.ask(16);
        await fleet.pass(1);
      }
    });
    assert.equal(writes.length, 0);
  });

  describe("of a charge point that writes every profile to flash memory", () => {
    beforeEach(async () => {
      fleet = new Fleet(1, "generic-flash");
      await fleet.connect();
      await fleet.ask(8);
    });

    it("raises 30 s apart", async () => {
      const writes = await fleet.during(async () => {
        for (let limitA = 9; limitA <= 20; limitA++) {
          await fleet.ask(limitA);
          await fleet.pass(10);
        }
      });
      const gaps = writes.slice(1).map(({ atS }, index) => atS - writes[index]!.atS);
      assert.ok(writes.length >= 3 && gaps.every((gapS) => gapS >= 30), `${gaps}`);
    });

    it("lowers at once all the same", async () => {
      const writes = await fleet.during(() => fleet.ask(7));
      assert.deepEqual(
        writes.map(({ limitA }) => limitA),
        [7],
      );
    });

    it("renews a lease of 300 s after 125 s", async () => {
      const writes = await fleet.during(() => fleet.pass(120));
      assert.equal(writes.length, 0);
      const later = await fleet.during(() => fleet.pass(10));
      assert.equal(later.length, 1);
    });
  });

  it("is counted by connector, and told to whoever watches the charger", async () => {
    // A day in steps of three seconds.
    fleet = new Fleet(2);
    await fleet.connect();
    await fleet.ask(16);
    await fleet.ask(10);
    assert.equal(fleet.limiter.view("CP1", 1)?.writesToday, 3);
    const { stations, clock } = fleet.bench;
    assert.equal(stations.get("CP2")?.facts(clock.nowMs())[0]?.writesPerDay, 3);
    await clock.advanceAsync(25 * 3_600_000, 3000);
    const inADay = fleet.limiter.view("CP1", 1)?.writesToday ?? 0;
    assert.ok(Math.abs(inADay - 86_400 / 75) < 60, `${inADay} renewals`);
  });

  it("is counted for configured charge points alone: who invents identities leaves no counter", async () => {
    fleet = new Fleet(1);
    await fleet.connect();
    const { stations, clock, context } = fleet.bench;
    const counted: string[] = [];
    const writes = stations.limits.writes.bind(stations.limits);
    stations.limits.writes = (chargePoint, connector) => {
      counted.push(chargePoint);
      return writes(chargePoint, connector);
    };
    const invented = Array.from({ length: 50 }, (_, number) => `INVENTED${number}`);
    for (const identity of invented) {
      const stranger = stations.makeRoomFor(identity)!;
      stranger.admittance = "accept";
      stranger.attached(new FakeConnection());
      saying(stranger).bootNotification({ chargePointVendor: "Maker", chargePointModel: "Box" }, context());
      saying(stranger).statusNotification({ connectorId: 1, status: "Charging", errorCode: "NoError" }, context());
    }
    await fleet.pass(60);
    for (const identity of invented) {
      const request = { chargePoint: identity, connector: 1, limitA: 16, zone: null, ageMs: 0 };
      assert.throws(() => fleet.limiter.request(request), /is not configured/);
      fleet.limiter.rearm(identity);
      assert.equal(fleet.limiter.view(identity, 1), null);
      stations.get(identity)!.facts(clock.nowMs());
      assert.equal(stations.limits.writesPerDay(identity, 1), 0);
    }
    assert.deepEqual(counted, []);
    stations.configure(definition({ identity: invented[0]! }));
    assert.deepEqual(counted, invented.slice(0, 1));
  });
});
