/**
 * Starts transactions until it is killed, as many at a time as its second argument says; prints each id once the store has
 * confirmed it.
 */
import { writeSync } from "node:fs";
import { systemClock } from "../../lib/clock.ts";
import { openStore } from "../../lib/store/sqlite.ts";

const store = openStore(process.argv[2]!, { clock: systemClock });
const together = Number(process.argv[3]);

async function startOne(second: number): Promise<void> {
  const start = {
    chargePoint: "CP1",
    connector: 1,
    idTag: `TAG-${process.pid}`,
    startedWallMs: second * 1000,
    meterStartWh: second,
    idTagStatus: "Accepted",
  };
  const { transactionId } = await store.durably(() => store.startTransaction(start));
  writeSync(1, `${transactionId}\n`);
}

for (let second = 0; ; second += together) {
  await Promise.all(Array.from({ length: together }, (_, index) => startOne(second + index)));
}
