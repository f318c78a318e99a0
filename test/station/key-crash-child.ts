/** Prepares a key as if it were to be sent, says which one, and waits to be killed. */
import { systemClock } from "../../lib/clock.ts";
import { newKey } from "../../lib/station/connection/passwords.ts";
import { StationKeys } from "../../lib/station/connection/station-keys.ts";
import { openStore } from "../../lib/store/sqlite.ts";

const keys = new StationKeys(openStore(process.argv[2]!, { clock: systemClock }).stationKeys, systemClock);
const key = newKey(20);
await keys.prepare("CP1", key, "old");
process.send?.(key.toString("hex"));
setInterval(() => {}, 1000);
