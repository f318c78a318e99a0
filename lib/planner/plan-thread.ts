/** Plans are played in a thread of their own, one after the other: a year takes seconds, and breakers do not wait. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { PlantTree } from "../dlm/topology/plant.ts";
import { EvError, messageOf } from "../errors.ts";
import type { DayPlan, PlanRequest } from "./plan-types.ts";

export interface PlanJob {
  tree: PlantTree;
  root: string;
  request: PlanRequest;
}

export type PlanAnswer = { plan: DayPlan } | { failed: string };

/** Longer than any plan that is taken, on a slow machine, ms. */
const LONGEST_MS = 300_000;
const MOST_WAITING = 4;
/** Megabytes. A year with a visit every five minutes takes a tenth of it. */
const MEMORY_MB = 256;

let last: Promise<unknown> = Promise.resolve();
let waiting = 0;

/** @throws EvError EV_MESSAGE_INVALID while too many wait, or where it cannot be played */
export async function planInThread(job: PlanJob): Promise<DayPlan> {
  if (waiting >= MOST_WAITING)
    throw new EvError(
      "EV_MESSAGE_INVALID",
      `${MOST_WAITING} plans are being made already; ask again when they are done`,
      {
        field: "planBusy",
      },
    );
  waiting++;
  const turn = last.then(() => run(job));
  last = turn.catch(() => {});
  try {
    return await turn;
  } finally {
    waiting--;
  }
}

function run(job: PlanJob): Promise<DayPlan> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(threadFile(), {
      workerData: job,
      execArgv: ["--no-warnings"],
      resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB },
    });
    const fail = (why: string): void => {
      reject(
        new EvError("EV_MESSAGE_INVALID", `the days cannot be played: ${why}`, {
          field: "planFailed",
          values: { why },
        }),
      );
    };
    const timer = setTimeout(() => {
      fail("it takes too long; ask for fewer days");
      void worker.terminate();
    }, LONGEST_MS);
    worker.on("message", (answer: PlanAnswer) => {
      if ("plan" in answer) resolve(answer.plan);
      else fail(answer.failed);
    });
    worker.on("error", (error) => fail(messageOf(error)));
    worker.on("exit", () => {
      clearTimeout(timer);
      fail("its thread ended");
    });
  });
}

/** What is built is CommonJS and knows where it lies; anything else is run from the package's folder. */
function threadFile(): string {
  if (typeof __dirname === "string") return join(__dirname, "plan-worker.js");
  const source = join(process.cwd(), "lib/planner/plan-worker.ts");
  return existsSync(source) ? source : source.replace(/ts$/, "js");
}
