import { strict as assert } from "node:assert";
import { once } from "node:events";
import fc from "fast-check";
import { WebSocket } from "ws";
import { createEndpoint, type Endpoint } from "../../lib/ocpp/server/endpoint.ts";
import type { SetChargingProfileRequest } from "../../lib/ocpp/v16/index.ts";
import { createLimiter, type Limiter } from "../../lib/profile/limiter.ts";
import { createDirectory } from "../../lib/station/connection/central-system.ts";
import { definition, type FakeConnection, StationBench, settle } from "./fake-charge-point.ts";

const POLICY = {
  unknownChargePoints: "reject",
  sharedPassword: null,
  requirePassword: false,
  allowMissingSubprotocol: false,
  heartbeatS: 3600,
} as const;

/** How long a leased schedule goes on by a clock, s; Infinity for one that does not end, negative = it has ended. */
function leftS({ csChargingProfiles }: SetChargingProfileRequest, chargerWallMs: number): number {
  const { startSchedule, chargingSchedulePeriod: periods } = csChargingProfiles.chargingSchedule;
  if (periods.length < 2 || startSchedule === undefined) return Number.POSITIVE_INFINITY;
  return (Date.parse(startSchedule) - chargerWallMs) / 1000 + periods[1]!.startPeriod;
}

function hasBegun({ csChargingProfiles }: SetChargingProfileRequest, chargerWallMs: number): boolean {
  const { startSchedule } = csChargingProfiles.chargingSchedule;
  return startSchedule === undefined || Date.parse(startSchedule) <= chargerWallMs;
}

const currents = (currentA: number) =>
  ["L1", "L2", "L3"].map((phase) => ({ value: String(currentA), measurand: "Current.Import", phase, unit: "A" }));

/** A charger written by somebody else: what it cannot send waits in a queue, of which it sends one message at a time. */
class QueueingCharger {
  readonly bench: StationBench;
  readonly queue: { action: string; payload: Record<string, unknown> }[] = [];
  /** Schedules that were written, with what this charger's clock showed then. */
  readonly written: { request: SetChargingProfileRequest; atMs: number }[] = [];
  transactionId = 0;
  #socket: WebSocket | null = null;
  #sent = 0;

  constructor(bench: StationBench) {
    this.bench = bench;
  }

  async connect(port: number): Promise<void> {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/CP1`, "ocpp1.6");
    socket.on("message", (data) => this.#hear(JSON.parse(String(data)) as unknown[]));
    await once(socket, "open");
    this.#socket = socket;
    await this.settle();
  }

  async cut(): Promise<void> {
    const socket = this.#socket!;
    this.#socket = null;
    const closed = once(socket, "close");
    socket.terminate();
    await closed;
    await this.bench.clock.advanceAsync(1000, 250);
  }

  async send(action: string, payload: Record<string, unknown>): Promise<void> {
    this.#socket!.send(JSON.stringify([2, `m${++this.#sent}`, action, payload]));
    await this.settle();
  }

  /** A sample of now, for the queue. */
  sample(currentA: number, transactionId = this.transactionId): void {
    const meterValue = [{ timestamp: this.bench.time(), sampledValue: currents(currentA) }];
    this.queue.push({ action: "MeterValues", payload: { connectorId: 1, transactionId, meterValue } });
  }

  /** Sends the oldest message of the queue. */
  async drain(): Promise<void> {
    const oldest = this.queue.shift();
    if (oldest) await this.send(oldest.action, oldest.payload);
  }

  /** Until everything that was sent is read, and answered. */
  async settle(): Promise<void> {
    for (let round = 0; round < 4; round++) {
      await settle();
      const socket = this.#socket;
      if (!socket) return;
      const pong = once(socket, "pong");
      socket.ping();
      await pong;
    }
  }

  #hear([type, id, action, payload]: unknown[]): void {
    if (type === 3 && typeof action === "object" && action !== null && "transactionId" in action)
      this.transactionId = action.transactionId as number;
    if (type !== 2) return;
    if (action === "SetChargingProfile")
      this.written.push({ request: payload as SetChargingProfileRequest, atMs: this.bench.clock.wallMs() });
    const answer = action === "GetConfiguration" ? { configurationKey: [] } : { status: "Accepted" };
    this.#socket?.send(JSON.stringify([3, id, answer]));
  }
}

describe("A charger that sends what it has stored, on a real socket", () => {
  let bench: StationBench;
  let limiter: Limiter;
  let endpoint: Endpoint;
  let charger: QueueingCharger;
  let port: number;

  beforeEach(async () => {
    bench = new StationBench();
    const { stations, store, clock } = bench;
    limiter = createLimiter({ stations, store, clock, setpoint: () => null });
    stations.configure(definition());
    endpoint = createEndpoint(
      { host: "127.0.0.1", port: 0, pingS: 0 },
      createDirectory(stations, () => POLICY),
      clock,
    );
    port = (await endpoint.listen()).port;
    charger = new QueueingCharger(bench);
    await charger.connect(port);
    await charger.send("BootNotification", { chargePointVendor: "Foreign", chargePointModel: "F1" });
    await charger.send("StatusNotification", { connectorId: 1, errorCode: "NoError", status: "Charging" });
    await start();
  });

  afterEach(async () => {
    await charger.cut();
    await endpoint.close();
    limiter.close();
    bench.close();
  });

  const start = () =>
    charger.send("StartTransaction", { connectorId: 1, idTag: "T", meterStart: 0, timestamp: bench.time() });
  const want = async (limitA: number): Promise<void> => {
    limiter.request({ chargePoint: "CP1", connector: 1, limitA, zone: null, ageMs: 0 });
    await charger.settle();
  };
  /** So many times 10 s pass, each with what happens in it. */
  const tens = async (times: number, each: () => Promise<void> | void): Promise<void> => {
    for (let time = 0; time < times; time++) {
      for (let step = 0; step < 10; step++) {
        await bench.clock.advanceAsync(1000, 250);
        await charger.settle();
      }
      await each();
    }
  };
  const live = async (): Promise<void> => {
    charger.sample(10);
    await charger.drain();
  };
  const assertAllHold = (): void => {
    for (const { request, atMs } of charger.written) {
      assert.ok(leftS(request, atMs) > 60, `one ends after ${leftS(request, atMs)} s`);
      assert.ok(hasBegun(request, atMs), "one has not begun yet");
    }
  };

  it("at the pace at which new samples come is not taken for one with a slow clock", async () => {
    await want(10);
    await tens(6, live);
    await charger.cut();
    await tens(19, () => charger.sample(10));
    await charger.connect(port);
    charger.written.length = 0;
    await want(0);
    await tens(40, async () => {
      charger.sample(0);
      await charger.drain();
    });
    assert.equal(bench.station.clockSkewMs, 0);
    assert.ok(charger.written.length >= 2, "the pause, and the outlet below its transaction");
    assertAllHold();
  });

  it("of a transaction that has ended, beside what a new one shows, either", async () => {
    await want(10);
    await tens(6, live);
    await charger.cut();
    const { transactionId } = charger;
    await tens(19, () => charger.sample(10));
    const stored = charger.queue.splice(0);
    await charger.connect(port);
    await charger.send("StopTransaction", { transactionId, meterStop: 100, timestamp: bench.time() });
    await start();
    assert.notEqual(charger.transactionId, transactionId);
    charger.written.length = 0;
    await want(0);
    await tens(38, async () => {
      if (stored.length > 0) charger.queue.push(stored.shift()!);
      else charger.sample(0);
      await charger.drain();
      charger.sample(0, transactionId);
      stored.push(charger.queue.pop()!);
    });
    assert.equal(bench.station.clockSkewMs, 0);
    assertAllHold();
  });

  it("while Node-RED was restarted, is not taken for one with a slow clock either", async () => {
    await want(10);
    await tens(6, live);
    await charger.cut();
    await endpoint.close();
    limiter.close();
    bench.stations.close();
    await tens(19, () => charger.sample(10));
    const again = new StationBench(bench.store);
    again.clock.advance(bench.clock.nowMs());
    Object.assign(charger, { bench: again });
    limiter = createLimiter({ stations: again.stations, store: again.store, clock: again.clock, setpoint: () => null });
    bench = again;
    bench.stations.configure(definition());
    const directory = createDirectory(bench.stations, () => POLICY);
    endpoint = createEndpoint({ host: "127.0.0.1", port: 0, pingS: 0 }, directory, bench.clock);
    port = (await endpoint.listen()).port;
    await charger.connect(port);
    charger.written.length = 0;
    await want(0);
    await tens(30, async () => {
      charger.sample(0);
      await charger.drain();
    });
    assert.equal(bench.station.clockSkewMs, 0);
    assertAllHold();
  });
});

describe("Whatever is stored and however it is sent", () => {
  /** Live and stored samples of one transaction on a charge point with a right clock, and of one before it. */
  const drains = fc.record({
    intervalS: fc.constantFrom(1, 2, 5, 10, 15, 30, 60),
    awayS: fc.integer({ min: 20, max: 900 }),
    /** Stored messages sent with each new sample: none = it waits for a while. */
    perSample: fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 5, maxLength: 40 }),
    /** What waits goes first, so that new samples wait behind it; else they go first. */
    inOrder: fc.boolean(),
    /** What is stored is of a transaction that has ended meanwhile. */
    ended: fc.boolean(),
    pausedToo: fc.boolean(),
  });

  it("a right clock is known to be right, and no schedule is sent that has ended or not begun", async () => {
    const property = fc.asyncProperty(
      drains,
      async ({ intervalS, awayS, perSample, inOrder, ended, pausedToo }): Promise<void> => {
        const bench = new StationBench();
        const { stations, store, clock } = bench;
        const limiter = createLimiter({ stations, store, clock, setpoint: () => null });
        stations.configure(definition());
        let connection: FakeConnection = await bench.connect();
        bench.status("Charging");
        let transactionId = await bench.start();
        const pass = () => clock.advanceAsync(intervalS * 1000, 1000);
        const want = (limitA: number) =>
          limiter.request({ chargePoint: "CP1", connector: 1, limitA, zone: null, ageMs: 0 });
        want(16);
        for (let sample = 0; sample < 5; sample++) {
          await pass();
          bench.meter(16, { transactionId });
        }
        connection.close();
        const stored: { timestamp: string; transactionId: number }[] = [];
        for (let s = 0; s < awayS; s += intervalS) {
          await pass();
          stored.push({ timestamp: bench.time(), transactionId });
        }
        connection = bench.attach();
        await settle();
        bench.status("Charging");
        if (ended) {
          await bench.stop(transactionId);
          transactionId = await bench.start();
        }
        if (pausedToo) want(0);
        const check = () => {
          for (const request of connection.profiles.splice(0)) {
            assert.ok(leftS(request, clock.wallMs()) > 60, `ends after ${leftS(request, clock.wallMs())} s`);
            assert.ok(hasBegun(request, clock.wallMs()));
          }
          connection.calls.length = 0;
        };
        for (const count of perSample) {
          await pass();
          check();
          const fresh = { timestamp: bench.time(), transactionId };
          if (inOrder) stored.push(fresh);
          else bench.meter(6, fresh);
          for (const sample of stored.splice(0, count)) bench.meter(6, sample);
          await settle();
          check();
          assert.equal(bench.station.clockSkewMs, 0);
        }
        limiter.close();
        bench.close();
      },
    );
    await fc.assert(property, { seed: 20260701, numRuns: 100 });
  });

  it("a clock that was set back is known within a minute all the same", async () => {
    const property = fc.asyncProperty(
      fc.record({
        intervalS: fc.constantFrom(5, 10, 15),
        awayS: fc.integer({ min: 20, max: 300 }),
        backS: fc.integer({ min: 400, max: 8000 }),
      }),
      async ({ intervalS, awayS, backS }) => {
        const bench = new StationBench();
        bench.stations.configure(definition());
        const connection = await bench.connect();
        bench.status("Charging");
        const transactionId = await bench.start();
        for (let sample = 0; sample < 5; sample++) {
          bench.clock.advance(intervalS * 1000);
          bench.meter(16, { transactionId });
        }
        connection.close();
        bench.clock.advance(awayS * 1000);
        bench.attach();
        await settle();
        for (let sample = 0; sample < 60 / intervalS; sample++) {
          bench.clock.advance(intervalS * 1000);
          bench.meter(16, { transactionId, timestamp: new Date(bench.clock.wallMs() - backS * 1000).toISOString() });
        }
        assert.equal(bench.station.clockSkewMs, backS * 1000);
        bench.close();
      },
    );
    await fc.assert(property, { seed: 20260702, numRuns: 50 });
  });
});
