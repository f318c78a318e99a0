/** OCPP 1.6 §3.7 and §4: sessions and transactions, as they happen and as they are reported. */
import { strict as assert } from "node:assert";
import type { Bench } from "./product.ts";
import { at, type Row } from "./row.ts";
import { HIGHEST_ID, sample, started, starting, statusOf, stopping, words } from "./said.ts";

/** Steps of a session, in the order of one of the compliance tool's cases. */
type Step = [action: string, payload: (transactionId: number) => object];
const seen = (word: string): Step => [
  "StatusNotification",
  () => ({ connectorId: 1, errorCode: "NoError", status: word, timestamp: at(Date.now()) }),
];
const badge: Step = ["Authorize", () => ({ idTag: "TAG" })];
const start: Step = ["StartTransaction", () => starting()];
const stop = (reason?: string): Step => [
  "StopTransaction",
  (transactionId) => stopping(transactionId, { idTag: "TAG", ...(reason && { reason }) }),
];
const meter: Step = [
  "MeterValues",
  (transactionId) => ({ connectorId: 1, transactionId, meterValue: sample({ value: "150" }) }),
];

const SESSIONS: Row[] = (
  [
    ["TC_003", "plug in first", [seen("Preparing"), badge, start, seen("Charging"), meter, stop(), seen("Available")]],
    ["TC_004_1", "badge first", [badge, seen("Preparing"), start, seen("Charging"), stop(), seen("Available")]],
    ["TC_004_2", "badge first, and no car within ConnectionTimeOut", [badge, seen("Preparing"), seen("Available")]],
    [
      "TC_005_1",
      "the cable is pulled at the car",
      [
        badge,
        start,
        seen("Charging"),
        seen("SuspendedEV"),
        stop("EVDisconnected"),
        seen("Finishing"),
        seen("Available"),
      ],
    ],
    ["TC_007", "the badge is in the charge point's cache", [seen("Preparing"), start, seen("Charging"), stop()]],
    [
      "TC_032_1",
      "the power fails",
      [start, seen("Charging"), ["BootNotification", boot], seen("Available"), stop("PowerLoss")],
    ],
  ] as [string, string, Step[]][]
).map(([id, what, steps]) => ({
  id,
  rule: `a session in which ${what} is confirmed step by step`,
  async run(bench: Bench) {
    const wire = await bench.booted();
    let transactionId = 0;
    for (const [action, payload] of steps) {
      const confirmed = await wire.confirmed(action, payload(transactionId));
      if (action === "StartTransaction") transactionId = confirmed["transactionId"] as number;
      if (confirmed["idTagInfo"]) assert.equal(statusOf(confirmed), "Accepted");
    }
    if (transactionId === 0) return;
    await bench.event("transaction.start", ({ payload }) => payload["transactionId"] === String(transactionId));
    await bench.event("transaction.stop", ({ payload }) => payload["energyWh"] === 800);
  },
}));

function boot(): object {
  return { chargePointVendor: "Maker", chargePointModel: "Box" };
}

const TRANSACTIONS: Row[] = [
  {
    id: "TC_037_1, TC_039",
    rule: "a session of hours ago, started and ended offline, is confirmed and kept with its own times",
    async run(bench) {
      const wire = await bench.booted();
      const beganMs = Math.floor(Date.now() / 1000) * 1000 - 7_200_000;
      const transactionId = await started(wire, { timestamp: at(beganMs) });
      await wire.confirmed("StopTransaction", stopping(transactionId, { timestamp: at(beganMs + 3_600_000) }));
      const { payload } = await bench.event("transaction.stop");
      assert.equal(Date.parse(String(payload["stoppedAt"])), beganMs + 3_600_000);
    },
  },
  {
    id: "3.7.1",
    rule: "a start whose confirmation got lost, sent again with a new id on a new connection, is the same transaction",
    async run(bench) {
      const request = starting();
      const first = await bench.booted();
      first.send([2, "lost", "StartTransaction", request]);
      await first.close();
      const second = await bench.booted();
      const given = await second.confirmed("StartTransaction", request, "again");
      const again = await second.confirmed("StartTransaction", request, "once more");
      assert.equal(again["transactionId"], given["transactionId"]);
      assert.equal(statusOf(again), statusOf(given));
      assert.equal(bench.events("transaction.start").length, 1);
    },
  },
  {
    id: "4.8",
    rule: "transaction ids rise and come once",
    async run(bench) {
      const wire = await bench.booted();
      const ids: number[] = [];
      for (let round = 0; round < 10; round++) ids.push(await started(wire, { meterStart: round }));
      assert.deepEqual(
        ids,
        [...new Set(ids)].sort((a, b) => a - b),
      );
    },
  },
  {
    id: "4.8",
    rule: "a start on a connector with an open transaction ends that one as superseded",
    async run(bench) {
      const wire = await bench.booted();
      const first = await started(wire, { meterStart: 1, timestamp: at(Date.now() - 60_000) });
      const second = await started(wire, { meterStart: 500 });
      assert.notEqual(first, second);
      const { payload } = await bench.event("transaction.stop");
      assert.deepEqual([payload["transactionId"], payload["reason"]], [String(first), "superseded"]);
    },
  },
  {
    id: "4.10",
    rule: "a stop is confirmed for every reason, and Local where none is given (errata J 2.6)",
    async run(bench) {
      const wire = await bench.booted();
      for (const [index, reason] of [...words("Reason"), undefined].entries()) {
        const transactionId = await started(wire, { meterStart: index });
        await wire.confirmed("StopTransaction", stopping(transactionId, reason ? { reason } : {}));
        const isIt = (payload: Record<string, unknown>) => payload["transactionId"] === String(transactionId);
        const { payload } = await bench.event("transaction.stop", (event) => isIt(event.payload));
        assert.equal(payload["reason"], reason ?? "Local");
      }
    },
  },
  {
    id: "4.10",
    rule: "a stop that makes no sense is confirmed: unknown, -1 (errata 3.18), twice, a register that ran backwards",
    async run(bench) {
      const wire = await bench.booted();
      const running = await started(wire);
      for (const id of [HIGHEST_ID, -1, 0]) await wire.confirmed("StopTransaction", stopping(id));
      const { connector, payload } = await bench.event("transaction.stop");
      assert.deepEqual([connector, payload["known"]], [0, false]);
      assert.equal(
        bench.events("transaction.stop").some((event) => event.payload["transactionId"] === String(running)),
        false,
      );
      await wire.confirmed("StopTransaction", stopping(running, { meterStop: 1 }));
      await wire.confirmed("StopTransaction", stopping(running, { meterStop: 2 }));
      const stops = bench
        .events("transaction.stop")
        .filter((event) => event.payload["transactionId"] === String(running));
      assert.equal(stops.length, 1);
    },
  },
  {
    id: "4.10",
    rule: "a stop with 300 entries of transactionData is confirmed",
    async run(bench) {
      const wire = await bench.booted();
      const transactionId = await started(wire);
      const entry = (_: unknown, index: number) => sample({ value: String(index), context: "Sample.Periodic" })[0];
      const transactionData = Array.from({ length: 300 }, entry);
      await wire.confirmed("StopTransaction", stopping(transactionId, { transactionData }));
    },
  },
  {
    id: "4.8",
    rule: "a stop at one charge point does not end the transaction of another one",
    async run(bench) {
      const wire = await bench.booted();
      const other = bench.as(`${bench.identity}-b`);
      const stranger = await other.booted();
      const transactionId = await started(wire);
      await stranger.confirmed("StopTransaction", stopping(transactionId));
      await other.event("transaction.stop");
      assert.deepEqual(bench.events("transaction.stop"), []);
      await stranger.close();
    },
  },
];

export const SESSION: readonly Row[] = [...SESSIONS, ...TRANSACTIONS];
