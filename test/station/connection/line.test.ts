import { strict as assert } from "node:assert";
import { CALL_PRIORITY, type ConnectionPace } from "../../../lib/ocpp/port.ts";
import type { TraitPatch } from "../../../lib/station/capabilities/models/types.ts";
import { definition, FakeConnection, StationBench } from "../fake-charge-point.ts";

describe("Calls to a charge point", () => {
  let bench: StationBench;
  let paces: ConnectionPace[];

  beforeEach(() => {
    bench = new StationBench();
    paces = [];
  });

  afterEach(() => bench.close());

  const connect = (transport: TraitPatch["transport"] = {}): FakeConnection => {
    bench.stations.configure(definition({ overrides: { transport } }));
    const connection = new FakeConnection();
    Object.assign(connection, { pace: (pace: ConnectionPace) => paces.push(pace) });
    bench.station.attached(connection);
    return connection;
  };
  const timeoutMs = async (connection: FakeConnection, options = {}): Promise<number | undefined> => {
    await bench.station.call("ClearCache", {}, options);
    return connection.calls.at(-1)?.options.timeoutMs;
  };

  it("go to its newest connection; an earlier one of another central system is closed, and its end says nothing", () => {
    const earlier = connect();
    const newer = new FakeConnection();
    earlier.onClose = () => bench.station.detached(earlier, "closed");
    bench.station.attached(newer);
    assert.deepEqual([earlier.open, newer.open, bench.station.online], [false, true, true]);
  });

  it("end when its node says that it belongs to another central system", () => {
    bench.stations.configure(definition({ centralSystem: "cs1" }));
    bench.station.admit("cs1", "park", () => 60);
    const connection = new FakeConnection();
    bench.station.attached(connection);
    bench.stations.configure(definition({ centralSystem: "cs1", safeA: 8 }));
    assert.equal(connection.open, true);
    bench.stations.configure(definition({ centralSystem: "cs2" }));
    assert.equal(connection.open, false);
  });

  it("wait for an answer as long as the central system says", async () => {
    assert.equal(await timeoutMs(connect()), undefined);
  });

  it("wait for an answer as long as its model needs, unless the caller says otherwise", async () => {
    const connection = connect({ callTimeoutS: 60 });
    assert.equal(await timeoutMs(connection), 60_000);
    assert.equal(await timeoutMs(connection, { timeoutMs: 5 }), 5);
  });

  it("that only ask or set up are given up after 10 s, so that they hold up no limit for longer", async () => {
    for (const priority of [CALL_PRIORITY.setup, CALL_PRIORITY.poll])
      assert.equal(await timeoutMs(connect({ callTimeoutS: 60 }), { priority }), 10_000);
    assert.equal(await timeoutMs(connect({ callTimeoutS: 5 }), { priority: CALL_PRIORITY.poll }), 5_000);
    assert.equal(await timeoutMs(connect(), { priority: CALL_PRIORITY.decrease }), undefined);
  });

  it("come at the pace of its model, from the first one on and after each change", () => {
    connect({ callGapMs: 300 });
    assert.deepEqual(paces, [{ callGapMs: 300, silenceMs: null }]);
    bench.stations.configure(definition({ overrides: { transport: { noPong: true } } }));
    assert.deepEqual(paces.at(-1), { callGapMs: 0, silenceMs: 120_000 });
  });
});
