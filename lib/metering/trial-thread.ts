/** Expressions on trial run in a thread of their own, which is ended when it takes too long. */
import { Worker } from "node:worker_threads";
import { EvError } from "../errors.ts";
import { ownRequire } from "../own-require.ts";
import type { PrepareExpression } from "./mapping.ts";

/** Time for all messages of a trial together, ms. */
const DEADLINE_MS = 2000;

/** Trials that wait for their turn. */
const MOST_WAITING = 4;

/** What an expression may take of the memory, MB. */
const MOST_MB = 64;

type Answer = { result: string | null } | { thrown: { code?: string; position?: number; message?: string } };

let last: Promise<unknown> = Promise.resolve();
let waiting = 0;

/**
 * Runs `work` with a JSONata expression that sees nothing of this process: no environment, no context, no credentials. Once the time is
 * used up, the thread is gone, and each further evaluation fails with JSONata's code for it.
 * @throws EvError EV_MESSAGE_INVALID when too many are tried at once
 */
export async function withTrial<T>(text: string, work: (prepare: PrepareExpression) => Promise<T>): Promise<T> {
  if (waiting > MOST_WAITING)
    throw new EvError("EV_MESSAGE_INVALID", "several expressions are being tried already; try again in a moment");
  waiting += 1;
  const turn = last.then(() => run(text, work));
  last = turn.catch(() => {});
  try {
    return await turn;
  } finally {
    waiting -= 1;
  }
}

async function run<T>(text: string, work: (prepare: PrepareExpression) => Promise<T>): Promise<T> {
  const worker = new Worker(`(${serve.toString()})(require)`, {
    eval: true,
    env: {},
    execArgv: ["--no-warnings"],
    workerData: { jsonataPath: ownRequire.resolve("jsonata"), text },
    resourceLimits: { maxOldGenerationSizeMb: MOST_MB, maxYoungGenerationSizeMb: MOST_MB / 4 },
  });
  const ended = new Promise<never>((_, reject) => {
    // JSONata's own code for an expression that takes too long. It stands for too much memory, too.
    worker.once("exit", () => reject({ code: "D1012" }));
    worker.once("error", () => reject({ code: "D1012" }));
  });
  ended.catch(() => {});
  const timer = setTimeout(() => void worker.terminate(), DEADLINE_MS);
  /** The first call compiles alone. */
  const call = async (message: string | null): Promise<unknown> => {
    const answered = new Promise<Answer>((resolve) => worker.once("message", resolve));
    worker.postMessage(message);
    const answer = await Promise.race([answered, ended]);
    if ("thrown" in answer) throw answer.thrown;
    return answer.result === null ? undefined : JSON.parse(answer.result);
  };
  try {
    const fault = await call(null).then(
      () => null,
      (thrown: unknown) => ({ thrown }),
    );
    return await work(() => {
      if (fault) throw fault.thrown;
      return { evaluate: (message) => call(JSON.stringify(message ?? null)) };
    });
  } finally {
    clearTimeout(timer);
    await worker.terminate();
  }
}

/** The thread's side. It is run as text: it uses nothing of this file. */
function serve(load: NodeJS.Require): void {
  const { parentPort, workerData } = load("node:worker_threads") as typeof import("node:worker_threads");
  const { jsonataPath, text } = workerData as { jsonataPath: string; text: string };
  const jsonata = load(jsonataPath) as (
    text: string,
    options: object,
  ) => { evaluate(input: unknown): Promise<unknown>; registerFunction(name: string, body: unknown): void };
  const say = (answer: Answer): void => parentPort?.postMessage(answer);
  const compiled = () => {
    const expression = jsonata(text, { timeout: 200, stack: 200 });
    for (const name of ["env", "flowContext", "globalContext", "moment"]) {
      expression.registerFunction(name, () => {
        throw {
          message: `$${name} gives nothing here: trials see neither the environment nor the context; deploy to try it`,
        };
      });
    }
    expression.registerFunction("clone", (value: unknown) => JSON.parse(JSON.stringify(value ?? null)));
    return expression;
  };
  let expression: ReturnType<typeof compiled> | undefined;
  parentPort?.on("message", async (message: string | null) => {
    try {
      expression ??= compiled();
      const result = message === null ? undefined : await expression.evaluate(JSON.parse(message));
      say({ result: result === undefined ? null : JSON.stringify(result) });
    } catch (error) {
      const { code, position, message: why = "" } = (error ?? {}) as Record<string, unknown>;
      const where = typeof position === "number" ? { position } : {};
      say({ thrown: { ...(typeof code === "string" && { code }), ...where, message: String(why) } });
    }
  });
}
