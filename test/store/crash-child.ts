/** Starts transactions until it is killed; prints each id once the store has confirmed it. */
import { writeSync } from "node:fs";
import { systemClock } from "../../lib/clock.ts";
import { openStore } from "../../lib/store/sqlite.ts";

const store = openStore(process.argv[2]!, { clock: systemClock });
for (let second = 0; ; second++) {
  const record = store.startTransaction({
    chargePoint: "CP1",
    connector: 1,
    idTag: `TAG-${process.pid}`,
    startedWallMs: second * 1000,
    meterStartWh: second,
    idTagStatus: "Accepted",
  });
  writeSync(1, `${record.transactionId}\n`);
}
