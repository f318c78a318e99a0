/**
 * Steps a recorded stretch of load management again, with other settings, and prints both outcomes:
 * `node scripts/replay.ts recording.json --change '{"zones":{"Garage":{"limitA":[40,40,40]}}}' --step`
 * The recording is the payload of the answer to `recording` (docs/messages.md), or the whole message. `--from` and `--to` narrow it,
 * `--step` prints every decision in which both differ, `--json` prints the report as JSON.
 */
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { isoTime } from "../lib/clock.ts";
import { readRecording } from "../lib/dlm/decision-log/recording.ts";
import { type ReplayStep, replay } from "../lib/dlm/decision-log/replay.ts";
import { readChange } from "../lib/dlm/decision-log/replay-change.ts";
import { ReplaySum } from "../lib/dlm/decision-log/replay-report.ts";
import { messageOf } from "../lib/errors.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    change: { type: "string", default: "{}" },
    from: { type: "string" },
    to: { type: "string" },
    step: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  },
});

try {
  run();
} catch (error) {
  console.error(messageOf(error));
  process.exitCode = 1;
}

function run(): void {
  const [file] = positionals;
  if (!file) throw new Error("which recording? node scripts/replay.ts <file>");
  const read = JSON.parse(readFileSync(file, "utf8")) as { payload?: unknown };
  const change = readChange(JSON.parse(values.change), "--change");
  const fromWallMs = values.from ? Date.parse(values.from) : Number.NEGATIVE_INFINITY;
  const toWallMs = values.to ? Date.parse(values.to) : Number.POSITIVE_INFINITY;
  const sum = new ReplaySum();
  for (const step of replay(readRecording(read.payload ?? read), change)) {
    if (!(step.wallMs >= fromWallMs && step.wallMs <= toWallMs)) continue;
    sum.add(step);
    if (values.step) print(step);
  }
  const report = sum.report();
  if (values.json) console.log(JSON.stringify(report, null, 2));
  else console.log(`${report.from} to ${report.to}, ${report.steps} decisions\n${report.text}`);
}

/** One line for a decision in which a connector fares otherwise. */
function print({ wallMs, was, would }: ReplayStep): void {
  const differing = Object.keys(was.setpoints).filter((id) => was.setpoints[id] !== would.setpoints[id]);
  if (differing.length === 0) return;
  const words = differing.map((id) => `${id} ${was.setpoints[id]} -> ${would.setpoints[id] ?? "?"} A`);
  console.log(`${isoTime(wallMs)}  ${words.join(", ")}`);
}
