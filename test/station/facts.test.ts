import { strict as assert } from "node:assert";
import type { ConnectorFacts } from "../../lib/dlm/topology/facts.ts";
import { saying } from "../wire16.ts";
import { definition, StationBench } from "./fake-charge-point.ts";

describe("Facts of a connector", () => {
  let bench: StationBench;

  beforeEach(() => {
    bench = new StationBench();
    bench.stations.configure(definition());
  });

  afterEach(() => bench.close());

  const facts = (): ConnectorFacts => bench.station.facts(bench.clock.nowMs())[0]!;
  const accept = (limitA: number): void => {
    bench.stations.limits.accepted("CP1", 1, { limitA, safeA: 6, leaseUntilMs: bench.clock.nowMs() + 180_000 });
  };

  it("name the connector and carry its wiring", () => {
    const { id, chargePoint, connector, wiring } = facts();
    const { number: _, ...expected } = definition().connectors[0]!;
    assert.deepEqual(
      { id, chargePoint, connector, wiring },
      { id: "CP1/1", chargePoint: "CP1", connector: 1, wiring: expected },
    );
  });

  it("of a charge point never seen since the start are offline with the maximum reserved", () => {
    assert.equal(facts().state, "offline");
    assert.equal(facts().disconnectedA, 32);
  });

  it("reserve the last accepted limit of a lost charge point over its lease and 30 s more, then its safe current", async () => {
    const connection = await bench.connect();
    bench.status("Charging");
    accept(16);
    connection.close();
    assert.equal(facts().state, "offline");
    const seen = [0, 180, 209, 210, 86_400].map((second) => {
      bench.clock.advance(second * 1000 - bench.clock.nowMs());
      return facts().disconnectedA;
    });
    assert.deepEqual(seen, [16, 16, 16, 6, 6]);
  });

  it("stay offline after a boot until the connector's state is reported", async () => {
    await bench.connect();
    assert.equal(facts().state, "offline");
    bench.status("Available");
    assert.equal(facts().state, "available");
  });

  it("keep the state over a reconnect without a boot once the charge point is in service again", async () => {
    const connection = await bench.connect();
    bench.status("Charging");
    connection.close();
    bench.attach();
    assert.equal(facts().state, "offline");
    await bench.clock.advanceAsync(30_000, 1000);
    assert.equal(facts().state, "charging");
  });

  it("take the draw of a car for charging where a status is missing", async () => {
    await bench.connect();
    bench.meter(10);
    assert.equal(facts().state, "charging");
  });

  it("follow the offline rules, with the maximum, while a contactor may be welded", async () => {
    await bench.connect();
    accept(10);
    bench.status("Faulted", 1, "PowerSwitchFailure");
    assert.equal(facts().state, "offline");
    assert.equal(facts().disconnectedA, 32);
    bench.status("Available");
    assert.equal(facts().state, "available");
    assert.equal(facts().disconnectedA, 10);
  });

  it("make a connector wait between an accepted badge and its transaction, for two minutes", async () => {
    await bench.connect();
    bench.status("Preparing");
    assert.equal(facts().state, "available");
    saying(bench.station).authorize({ idTag: "TAG" }, bench.context());
    assert.equal(facts().state, "waiting");
    bench.clock.advance(120_000);
    assert.equal(facts().state, "available");
  });

  it("carry the newest measurement with its age, and forget it when current cannot flow any more", async () => {
    await bench.connect();
    bench.status("Charging");
    bench.clock.advance(5000);
    bench.meter(12.5);
    assert.deepEqual(facts().measuredA, [12.5, 12.5, 12.5]);
    assert.equal(facts().measuredAtMs, 5000);
    bench.status("Finishing");
    assert.equal(facts().measuredA, null);
    assert.equal(facts().measuredAtMs, null);
  });

  it("never take a stored sample for the present", async () => {
    await bench.connect();
    bench.status("Charging");
    bench.meter(8);
    bench.meter(25, { timestamp: new Date(bench.clock.wallMs() - 600_000).toISOString() });
    assert.deepEqual(facts().measuredA, [8, 8, 8]);
  });

  it("count plugged time, charging time and energy of the session", async () => {
    await bench.connect();
    const energy = (wattHours: number): void => {
      const sampledValue = [{ value: String(wattHours) }];
      saying(bench.station).meterValues(
        { connectorId: 1, meterValue: [{ timestamp: bench.time(), sampledValue }] },
        bench.context(),
      );
    };
    bench.clock.advance(1000);
    bench.status("Preparing");
    await bench.start({ meterStart: 5000 });
    bench.status("Charging");
    bench.clock.advance(60_000);
    energy(6200);
    bench.status("SuspendedEV");
    bench.clock.advance(60_000);
    bench.status("Charging");
    bench.clock.advance(30_000);
    assert.equal(facts().pluggedAtMs, 1000);
    assert.equal(facts().chargingS, 90);
    assert.equal(facts().energyWh, 1200);
    bench.status("Available");
    assert.equal(facts().pluggedAtMs, null);
    assert.equal(facts().energyWh, 0);
    bench.status("Preparing");
    assert.equal(facts().chargingS, 0, "a new session");
  });

  it("know an open transaction and its plugged time again after a restart", async () => {
    bench.status("Charging");
    await bench.start();
    bench.clock.advance(60_000);
    const after = new StationBench(bench.store);
    after.clock.jumpWall(bench.clock.wallMs() - after.clock.wallMs());
    after.stations.configure(definition());
    assert.equal(after.station.facts(after.clock.nowMs())[0]?.pluggedAtMs, -60_000);
    assert.ok(after.station.connectors.get(1)?.transaction);
    after.stations.close();
  });

  it("reserve what a connector draws where it does not obey, and its maximum once it is away", async () => {
    const connection = await bench.connect();
    bench.status("Charging");
    accept(8);
    bench.meter(14);
    bench.stations.limits.disobeyed("CP1", 1, 16, "check EMsetting");
    assert.deepEqual([facts().reservedA, facts().trouble, facts().hint], [16, "nonCompliant", "check EMsetting"]);
    bench.meter(20);
    assert.equal(facts().reservedA, 20);
    connection.close();
    assert.equal(facts().disconnectedA, 32);
  });

  it("reserve what is drawn above the limit in force where limits are refused", async () => {
    await bench.connect();
    bench.status("Charging");
    accept(8);
    bench.stations.limits.refused("CP1", 1, "limits");
    bench.meter(14);
    assert.equal(facts().reservedA, 14);
  });

  it("reserve what a charger draws that was to pause and does not, and offer it more every ten minutes", async () => {
    await bench.connect();
    bench.status("Charging");
    bench.clock.advance(1000);
    accept(6);
    bench.stations.limits.refused("CP1", 1, "zero");
    bench.meter(6.2);
    assert.equal(facts().reservedA, 6.2);
    bench.clock.advance(569_000);
    assert.equal(facts().reservedA, 6.2);
    bench.clock.advance(1000);
    assert.equal(facts().reservedA, null);
    bench.clock.advance(30_000);
    assert.equal(facts().reservedA, 6.2);
    bench.status("Available");
    bench.status("SuspendedEVSE");
    assert.equal(facts().reservedA, null, "the next car is allocated like any other");
  });
});
