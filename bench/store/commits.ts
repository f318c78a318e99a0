/**
 * Durable commits of the store beside plain durable writes of a file, in turns, in a process of its own: which SQLite it takes is chosen
 * once in a process. Prints one JSON line.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { systemClock } from "../../lib/clock.ts";
import { sqlDriver } from "../../lib/store/disk/driver.ts";
import { openStore } from "../../lib/store/sqlite.ts";
import { median } from "../figure.ts";

/** What a commit of one transaction writes to the log: a page or two. */
const PAGE = Buffer.alloc(4096, 1);
/** The plain file has so many, which are written again and again, as those of a log are. */
const PAGES = 4000;
/** So many charge points begin a transaction at once. */
const CROWD = 32;

const { values } = parseArgs({ options: { rounds: { type: "string" }, "round-ms": { type: "string" } } });
const [rounds, roundMs] = [Number(values.rounds), Number(values["round-ms"])];
const folder = mkdtempSync(join(tmpdir(), "phasewise-bench-"));
const store = openStore(join(folder, "bench.sqlite"), { clock: systemClock });
const file = await open(join(folder, "plain"), "w");
let last = 0;
let page = 0;

async function commit(): Promise<void> {
  const startedWallMs = ++last;
  const start = { chargePoint: `CP${last % CROWD}`, connector: 1, idTag: "BENCH", startedWallMs, meterStartWh: last };
  await store.durably(() => store.startTransaction({ ...start, idTagStatus: "Accepted" }));
}

async function writePlainly(): Promise<void> {
  page = (page + 1) % PAGES;
  await file.write(PAGE, 0, PAGE.length, page * PAGE.length);
  await file.datasync();
}

/** How many a second. @param work does so many at once */
async function rate(count: number, work: () => Promise<unknown>): Promise<number> {
  const beganMs = performance.now();
  let done = 0;
  while (performance.now() - beganMs < roundMs) {
    await work();
    done += count;
  }
  return (1000 * done) / (performance.now() - beganMs);
}

await file.write(Buffer.alloc(PAGES * PAGE.length));
await file.sync();
const inCrowd = (): Promise<unknown> => Promise.all(Array.from({ length: CROWD }, commit));
const [plain, alone, crowd]: [number[], number[], number[]] = [[], [], []];
for (let round = 0; round < rounds; round++) {
  plain.push(await rate(1, writePlainly));
  alone.push(await rate(1, commit));
  crowd.push(await rate(CROWD, inCrowd));
}
await file.close();
await store.end();
rmSync(folder, { recursive: true });
const rates = { plain: median(plain), alone: median(alone), crowd: median(crowd) };
console.log(JSON.stringify({ driver: sqlDriver().name, crowdOf: CROWD, ...rates }));
