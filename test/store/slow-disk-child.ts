/**
 * Writes into a store, on a disk that is slow by then, without a wait between two turns of the event loop; at the end it prints how
 * long the loop stood still at most without waiting for a processor, what was confirmed, and how long the slowest confirmation took.
 */
import { existsSync } from "node:fs";
import { systemClock } from "../../lib/clock.ts";
import type { SqlDatabase } from "../../lib/store/disk/driver.ts";
import { WriteAheadLog } from "../../lib/store/disk/write-ahead-log.ts";
import { openStore } from "../../lib/store/sqlite.ts";
import { peek } from "../peek.ts";
import { starvedMs } from "../starvation.ts";

const [path = "", secondsText = ""] = process.argv.slice(2);
const TURN_MS = 5;
/** Small, so that the log begins anew several times. */
const MOST_FRAMES = 100;

const { of } = WriteAheadLog;
WriteAheadLog.of = (database: SqlDatabase, where: string, options = {}) =>
  of.call(WriteAheadLog, database, where, { ...options, mostFrames: MOST_FRAMES });

const store = openStore(path, { clock: systemClock });
const confirmed: string[] = [];
let [stoodMs, slowestMs, at] = [0, 0, 0];

function start(): void {
  const second = at++;
  const beganMs = performance.now();
  const work = () =>
    store.startTransaction({
      chargePoint: `CP${second % 7}`,
      connector: 1,
      idTag: "TAG",
      startedWallMs: second * 1000,
      meterStartWh: second,
      idTagStatus: "Accepted",
    });
  void store.durably(work).then(({ transactionId }) => {
    confirmed.push(transactionId);
    slowestMs = Math.max(slowestMs, performance.now() - beganMs);
  });
  store.saveLimit({
    chargePoint: `CP${second % 7}`,
    connector: 1,
    acceptedA: second,
    safeA: 6,
    leaseUntilWallMs: null,
    baselineAccepted: true,
  });
  store.saveDocument("state", { second });
}

await new Promise<void>((resolve) => {
  const endMs = performance.now() + Number(secondsText) * 1000;
  let [lastMs, lastStarvedMs] = [performance.now(), starvedMs()];
  const turn = (): void => {
    const nowMs = performance.now();
    const nowStarvedMs = starvedMs();
    stoodMs = Math.max(stoodMs, nowMs - lastMs - TURN_MS - (nowStarvedMs - lastStarvedMs));
    [lastMs, lastStarvedMs] = [nowMs, nowStarvedMs];
    if (nowMs >= endMs) {
      resolve();
      return;
    }
    start();
    setTimeout(turn, TURN_MS);
  };
  turn();
});
await store.settled();
const begunAnew = existsSync(path)
  ? (peek(path, (it) => it.prepare("PRAGMA user_version").get()?.["user_version"]) as number)
  : 0;
process.stdout.write(`${JSON.stringify({ stoodMs, slowestMs, confirmed: confirmed.length, asked: at, begunAnew })}\n`);
await store.end();
