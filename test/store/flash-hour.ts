/**
 * An hour of a building with two chargers on a clock of its own, the house changing every 20 s, with the records in files: prints as
 * JSON how many bytes were appended to the log of the database and to the journal of limits. `node flash-hour.ts <folder>`;
 * `PHASEWISE_SQLITE` chooses the driver.
 */
import fs, { statSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { join } from "node:path";
import { DecisionLog } from "../../lib/dlm/decision-log/decision-log.ts";
import { Sessions } from "../../lib/session/sessions/sessions.ts";
import { DlmMemory } from "../../lib/site/dlm-memory.ts";
import { sqlDriver } from "../../lib/store/disk/driver.ts";
import { JOURNAL } from "../../lib/store/journal/limit-journal.ts";
import { SparingJournal } from "../../lib/store/journal/sparing-journal.ts";
import { openStore } from "../../lib/store/sqlite.ts";
import { type Keeper, OcppBuilding } from "../building/ocpp-building.ts";
import type { FakeClock } from "../fake-clock.ts";

const [WARM_UP_S, HOUR_S, CHANGE_S] = [300, 3600, 20];
const path = join(process.argv[2] ?? "", "ev-charging.sqlite");

/** As a site and `ev-dlm` keep them. */
function keeps(clock: FakeClock): Keeper {
  const store = openStore(path, { clock });
  const journal = new SparingJournal(store, path, clock);
  const memory = new DlmMemory({ store, journal, clock }, "dlm/main");
  const log = new DecisionLog(clock, memory.diary);
  const outlet = () => ({ zone: "main", socketType: null, isFree: false, ceilingW: 25_000 });
  const badge = () => ({ user: null, comment: null });
  const sessions = new Sessions({ store, clock, outlet, badge, limited: () => null });
  return {
    ...{ store, limits: journal, sessions: (chargePoint: string) => sessions.of(chargePoint) },
    output: {
      decided: (decision) => log.decided(decision),
      state: (saved, hasChanged) => memory.state(saved, hasChanged),
      newest: (saved) => memory.newest(saved),
    },
  };
}

/** Bytes written to the journal so far, without its empty room; SQLite in WebAssembly writes its own files by the same function. */
let written = 0;
let journalFile = -1;
const { openSync, writeSync } = fs;
Object.assign(fs, {
  openSync: (name: string, ...more: [string, number]): number => {
    const file = openSync(name, ...more);
    if (name === path + JOURNAL) journalFile = file;
    return file;
  },
  writeSync: (file: number, bytes: Buffer, ...more: [number, number, number]): number => {
    if (file === journalFile && bytes.some((byte) => byte !== 0)) written += bytes.length;
    return writeSync(file, bytes, ...more);
  },
});
syncBuiltinESMExports();

const building = new OcppBuilding([{}, {}], 63, true, undefined, undefined, keeps);
let second = 0;
const look = (): void => {
  if (second++ % CHANGE_S !== 0) return;
  building.houseA = [0, 1, 2].map((phase) => 5 + ((second / CHANGE_S + 7 * phase) % 6) * 6);
};
await building.run(WARM_UP_S, look);
const logAt = statSync(`${path}-wal`).size;
const writtenAt = written;
await building.run(HOUR_S, look);
const charging = building.places.filter(({ car }) => car.state.status === "Charging").length;
const log = statSync(`${path}-wal`).size - logAt;
console.log(JSON.stringify({ driver: sqlDriver().name, log, journal: written - writtenAt, charging }));
process.exit();
