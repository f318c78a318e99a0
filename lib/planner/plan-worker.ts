/** The thread's side of `plan-thread.ts`. */
import { parentPort, workerData } from "node:worker_threads";
import { messageOf } from "../errors.ts";
import { plan } from "./plan.ts";
import type { PlanAnswer, PlanJob } from "./plan-thread.ts";

function answer(): PlanAnswer {
  const { tree, root, request } = workerData as PlanJob;
  try {
    return { plan: plan(tree, root, request) };
  } catch (error) {
    return { failed: messageOf(error) };
  }
}

parentPort?.postMessage(answer());
