import { strict as assert } from "node:assert";
import type { StopOrder } from "../../../lib/profile/compliance/emergency-stop.ts";
import { createLimiter, type Limiter } from "../../../lib/profile/limiter.ts";
import { hintText } from "../../../lib/words/sentence.ts";
import { definition, type FakeConnection, StationBench, settle } from "../../station/fake-charge-point.ts";

describe("A charger that overloads its breaker whatever it is told", () => {
  let bench: StationBench;
  let limiter: Limiter;
  let connection: FakeConnection;
  /** The load management goes on asking for the stop, as it does each cycle. */
  let overloaded: boolean;

  beforeEach(async () => {
    bench = new StationBench();
    overloaded = false;
    const { stations, store, clock } = bench;
    const stop = (): StopOrder | null => (overloaded ? { text: "L1 of zone main: 45 A", atMs: clock.nowMs() } : null);
    limiter = createLimiter({ stations, store, clock, setpoint: () => null, stop });
    stations.configure(definition());
    connection = await bench.connect();
    bench.status("Charging");
    connection.answer = () => ({ status: "Accepted" });
  });

  afterEach(() => {
    limiter.close();
    bench.close();
  });

  const pass = async (seconds: number): Promise<void> => {
    await bench.clock.advanceAsync(seconds * 1000, 250);
    await settle();
  };
  const sent = (): [string, Record<string, unknown>][] =>
    connection.calls
      .filter(
        ({ action }) => action === "RemoteStopTransaction" || action === "ChangeAvailability" || action === "Reset",
      )
      .map(({ action, payload }) => [action, payload]);
  const facts = () => bench.station.facts(bench.clock.nowMs())[0]!;

  it("has its transaction stopped, and is taken out of service when that does not help", async () => {
    const transactionId = await bench.start();
    overloaded = true;
    await pass(1);
    assert.deepEqual(sent(), [["RemoteStopTransaction", { transactionId }]]);
    await bench.stop(transactionId, { reason: "Remote" });
    assert.equal(bench.store.transaction("CP1", String(transactionId))?.stopReason, "breakerOver");
    await pass(13);
    assert.equal(sent().length, 1);
    await pass(2);
    assert.deepEqual(sent()[1], ["ChangeAvailability", { connectorId: 1, type: "Inoperative" }]);
    assert.equal(facts().trouble, "outOfService");
    assert.match(hintText("en-US", facts().hint ?? ""), /45 A/);
    assert.notEqual(facts().reservedA, null);
  });

  it("is left alone once the breaker is relieved", async () => {
    await bench.start();
    overloaded = true;
    await pass(5);
    overloaded = false;
    await pass(120);
    assert.equal(sent().length, 1);
    assert.equal(facts().trouble, null);
  });

  it("is taken out of service at once where no transaction is known", async () => {
    overloaded = true;
    await pass(1);
    assert.deepEqual(
      sent().map(([action]) => action),
      ["ChangeAvailability"],
    );
  });

  it("stays out of service until a person makes it operative, also after a restart", async () => {
    overloaded = true;
    await pass(1);
    overloaded = false;
    bench.status("Unavailable");
    await pass(600);
    assert.equal(facts().trouble, "outOfService");
    assert.equal(sent().length, 1, "nothing makes it operative by itself, nothing resets it");
    const again = new StationBench(bench.store);
    assert.equal(again.stations.limits.trouble("CP1", 1), "outOfService");
    bench.status("Available");
    await pass(1);
    assert.equal(facts().trouble, null);
  });

  it("is asked again when it refuses to be taken out of service", async () => {
    connection.answer = (action) => ({ status: action === "ChangeAvailability" ? "Rejected" : "Accepted" });
    overloaded = true;
    await pass(40);
    assert.equal(sent().length, 3);
    assert.equal(facts().trouble, null);
  });

  it("whose model must not be sent ChangeAvailability is only stopped", async () => {
    bench.stations.configure(definition({ overrides: { config: { noChangeAvailability: true } } }));
    await bench.start();
    overloaded = true;
    await pass(60);
    assert.ok(sent().every(([action]) => action === "RemoteStopTransaction"));
  });
});
