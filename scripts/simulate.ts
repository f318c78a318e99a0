/**
 * Runs simulated charge points in a process of their own:
 * `node scripts/simulate.ts --url ws://127.0.0.1:9000 --count 6 --json`
 * With `--json` it prints one JSON line per second, `{ts, totalA, chargePoints: {<identity>: state}}`, else a readable line.
 * It takes JSON lines on stdin: `{"identity":"CP1","plugged":false}`, with the fields of `Control`; without an identity all of
 * them are meant. A line that is not understood is answered on stderr and changes nothing.
 */
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { isoTime } from "../lib/clock.ts";
import type { Rotation } from "../lib/dlm/types.ts";
import { messageOf } from "../lib/errors.ts";
import { SimulatedChargePoint } from "../lib/simulator/charge-point.ts";
import { readControl } from "../lib/simulator/control.ts";
import { drawOf } from "../lib/simulator/draws.ts";
import { isBehaviour } from "../lib/simulator/presets.ts";
import { round } from "../lib/units.ts";

const ROTATIONS: readonly Rotation[] = ["RST", "STR", "TRS"];

const { values } = parseArgs({
  options: {
    url: { type: "string", default: "ws://127.0.0.1:9000" },
    count: { type: "string", default: "1" },
    /** Identities are this and a number from 1; `--identities` names them one by one instead. */
    prefix: { type: "string", default: "CP" },
    identities: { type: "string" },
    password: { type: "string" },
    phases: { type: "string", default: "3" },
    "max-a": { type: "string", default: "16" },
    "meter-interval-s": { type: "string", default: "10" },
    /** One or several with commas between them; they hold on top of those of `--model`. */
    behaviour: { type: "string", default: "normal" },
    /** Ids of simulated models, the first for the first charge point and so on; the last for all that follow. */
    model: { type: "string", default: "" },
    unplugged: { type: "boolean", default: false },
    /** All wired RST instead of each the next of RST, STR, TRS. */
    "same-rotation": { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  },
});

const chargePoints = new Map(identities().map((identity, index) => [identity, build(identity, index)]));
for (const chargePoint of chargePoints.values()) chargePoint.start();

createInterface({ input: process.stdin }).on("line", obey);
const printing = setInterval(print, 1000);
process.stdout.on("error", stop);
process.once("SIGINT", stop);
process.once("SIGTERM", stop);

function identities(): string[] {
  if (values.identities) return values.identities.split(",").map((identity) => identity.trim());
  return Array.from({ length: Number(values.count) }, (_, index) => `${values.prefix}${index + 1}`);
}

function build(identity: string, index: number): SimulatedChargePoint {
  const phases = Number(values.phases);
  const { behaviour } = values;
  const models = values.model.split(",").map((id) => id.trim());
  if (phases !== 1 && phases !== 2 && phases !== 3) throw new Error("--phases must be 1, 2 or 3");
  if (!isBehaviour(behaviour)) throw new Error(`--behaviour ${behaviour} is not known`);
  return new SimulatedChargePoint({
    url: values.url,
    identity,
    ...(values.password !== undefined && { password: values.password }),
    phases,
    rotation: values["same-rotation"] ? "RST" : ROTATIONS[index % ROTATIONS.length]!,
    maxA: Number(values["max-a"]),
    meterIntervalS: Number(values["meter-interval-s"]),
    plugged: !values.unplugged,
    behaviour,
    vendorModel: models[Math.min(index, models.length - 1)] ?? "",
  });
}

function obey(line: string): void {
  if (line.trim() === "") return;
  try {
    const command: unknown = JSON.parse(line);
    const control = readControl(command);
    for (const chargePoint of meant((command as { identity?: unknown }).identity)) chargePoint.command(control);
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n`);
  }
}

function meant(identity: unknown): SimulatedChargePoint[] {
  if (identity === undefined) return [...chargePoints.values()];
  const chargePoint = chargePoints.get(String(identity));
  if (!chargePoint) throw new Error(`there is no charge point ${String(identity)}`);
  return [chargePoint];
}

function print(): void {
  const totalA = drawOf(["*"]).map((currentA) => round(currentA, 2));
  const states = [...chargePoints].map(([identity, { state }]) => [identity, state] as const);
  if (values.json) {
    process.stdout.write(
      `${JSON.stringify({ ts: isoTime(Date.now()), totalA, chargePoints: Object.fromEntries(states) })}\n`,
    );
    return;
  }
  const each = states.map(
    ([identity, { status, siteCurrentA, limitA }]) => `${identity} ${status} ${siteCurrentA.join("/")} of ${limitA} A`,
  );
  process.stdout.write(`${totalA.join("/")} A  ·  ${each.join("  ·  ")}\n`);
}

function stop(): void {
  clearInterval(printing);
  void Promise.all([...chargePoints.values()].map((chargePoint) => chargePoint.close())).then(() => process.exit(0));
}
