/**
 * Runs simulated charge points in a process of their own:
 * `node scripts/simulate.ts --url ws://127.0.0.1:9000 --count 6 --json`
 * or a whole building, breakers and meters included, from a plan (`SitePlan` as JSON):
 * `node scripts/simulate.ts --site plan.json --json`
 * With `--json` it prints one JSON line per second, `{ts, totalA, chargePoints: {<identity>: state}, breakers}`, else a readable
 * line. It takes JSON lines on stdin, as `obeySite` describes them: `{"identity":"CP1","plugged":false}`. A line that is not
 * understood is answered on stderr and changes nothing.
 */
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { isoTime, systemClock } from "../lib/clock.ts";
import type { Rotation } from "../lib/dlm/types.ts";
import { messageOf } from "../lib/errors.ts";
import { drawOf } from "../lib/simulator/charger/car/draws.ts";
import { isBehaviour } from "../lib/simulator/charger/presets.ts";
import type { ChargePointPlan, SitePlan } from "../lib/simulator/site/plan.ts";
import { SimulatedSite } from "../lib/simulator/site/simulated-site.ts";
import { obeySite } from "../lib/simulator/site/site-commands.ts";
import { round } from "../lib/units.ts";

const ROTATIONS: readonly Rotation[] = ["RST", "STR", "TRS"];

const { values } = parseArgs({
  options: {
    /** File with the plan of a building; the options about charge points are then without meaning. */
    site: { type: "string" },
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
    "every-ms": { type: "string", default: "1000" },
  },
});

const plan: SitePlan = values.site
  ? (JSON.parse(readFileSync(values.site, "utf8")) as SitePlan)
  : { chargePoints: identities().map(described) };
const site = new SimulatedSite(plan, systemClock);
await site.start();

let obeyed: Promise<void> = Promise.resolve();
createInterface({ input: process.stdin }).on("line", (line) => {
  obeyed = obeyed.then(() => obey(line));
});
const printing = setInterval(print, Number(values["every-ms"]));
process.stdout.on("error", stop);
process.once("SIGINT", stop);
process.once("SIGTERM", stop);

function identities(): string[] {
  if (values.identities) return values.identities.split(",").map((identity) => identity.trim());
  return Array.from({ length: Number(values.count) }, (_, index) => `${values.prefix}${index + 1}`);
}

function described(identity: string, index: number): ChargePointPlan {
  const phases = Number(values.phases);
  const { behaviour } = values;
  const models = values.model.split(",").map((id) => id.trim());
  if (phases !== 1 && phases !== 2 && phases !== 3) throw new Error("--phases must be 1, 2 or 3");
  if (!isBehaviour(behaviour)) throw new Error(`--behaviour ${behaviour} is not known`);
  return {
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
  };
}

async function obey(line: string): Promise<void> {
  if (line.trim() === "") return;
  try {
    const answer = await obeySite(site, JSON.parse(line));
    if (answer) process.stdout.write(`${JSON.stringify(answer)}\n`);
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n`);
  }
}

function print(): void {
  const totalA = drawOf(["*"]).map((currentA) => round(currentA, 2));
  const { states, breakers } = site;
  if (values.json) {
    const line = { ts: isoTime(Date.now()), totalA, chargePoints: states, ...(plan.zones && { breakers }) };
    process.stdout.write(`${JSON.stringify(line)}\n`);
    return;
  }
  const flows = Object.entries(breakers).map(
    ([name, { currentA, overS }]) =>
      `${name} ${currentA.map(Math.round).join("/")} A${overS ? ` (over for ${overS} s)` : ""}`,
  );
  const each = Object.entries(states).map(
    ([identity, { status, siteCurrentA, limitA }]) => `${identity} ${status} ${siteCurrentA.join("/")} of ${limitA} A`,
  );
  process.stdout.write(`${[`${totalA.join("/")} A`, ...flows, ...each].join("  ·  ")}\n`);
}

function stop(): void {
  clearInterval(printing);
  void site.close().then(() => process.exit(0));
}
