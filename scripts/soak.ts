/**
 * A site under random faults: `npm run soak -- --minutes 60`. Forty simulated chargers on five breakers, a fault every 20 s, and the
 * packed product in a real Node-RED. It prints what happens, and at last one JSON line; the exit code says whether all went well.
 * `--seed` repeats a run, `--pace 5` lets it run five times as fast.
 */
import { parseArgs } from "node:util";
import { soak } from "../test/drills/soak/soak.ts";
import { packOnce } from "../test/e2e/package.ts";

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "60" },
    chargers: { type: "string", default: "40" },
    seed: { type: "string", default: String(Date.now() % 2 ** 31) },
    pace: { type: "string", default: "1" },
  },
});

/** More than this is growth: heap in MB, and sockets of one kind, timers, listeners. */
const MOST_HEAP_MB = 20;
const MOST_RESOURCES = 20;
const MOST_TIMERS = 50;
const MOST_LISTENERS = 200;

const seed = Number(values.seed);
console.log(`seed ${seed}`);
const removePackage = await packOnce();
try {
  const report = await soak({
    minutes: Number(values.minutes),
    chargers: Number(values.chargers),
    pace: Number(values.pace),
    seed,
    say: (line) => console.log(line),
  });
  const { violations, tripped, crashes, books, unfounded, growth } = report;
  const grown =
    growth.heapMb > MOST_HEAP_MB ||
    growth.timers > MOST_TIMERS ||
    growth.listeners > MOST_LISTENERS ||
    Object.values(growth.resources).some((more) => more > MOST_RESOURCES);
  const harm =
    violations.length + tripped.length + crashes + books.lost.length + books.doubled.length + unfounded.length;
  console.log(JSON.stringify({ seed, ...report }));
  process.exitCode = harm > 0 || grown ? 1 : 0;
} finally {
  removePackage();
}
