/**
 * The product on a small machine, with 20 simulated chargers and 10 meters beside it: `npm run small -- --minutes 60`. It runs on a
 * quarter of one core with 512 MB, and prints how that is done and one JSON line for each figure; the exit code says whether all aims
 * are met. `--major 4.1` takes Node-RED 4.1, on Node.js 20.19 where `npm ci --prefix test/floor` has brought it; `--lease 600 --refresh 300` renews limits less often. Linux only.
 */
import { parseArgs } from "node:util";
import { floorNode } from "./floor.ts";

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "60" },
    major: { type: "string", default: "5" },
    seed: { type: "string", default: "1" },
    lease: { type: "string", default: "180" },
    refresh: { type: "string", default: "75" },
  },
});
const { major } = values;
if (major !== "5" && major !== "4.1") throw new Error("--major must be 5 or 4.1");
const floor = floorNode();
if (floor !== null) process.env["FLOOR_NODE"] = floor;

const { measureSmall } = await import("../bench/small/measure.ts");
const { figures } = await measureSmall({
  minutes: Number(values.minutes),
  major,
  seed: Number(values.seed),
  leaseS: Number(values.lease),
  refreshS: Number(values.refresh),
  say: (line) => console.log(line),
});
for (const figure of figures) console.log(JSON.stringify(figure));
process.exitCode = figures.some(({ value, aim }) => aim !== null && value > aim) ? 1 : 0;
