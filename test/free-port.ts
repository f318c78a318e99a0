import { createServer } from "node:net";

/** Ports of one test process. */
const SHARE = 400;
/** Below what systems hand out by themselves (32768 and up): no outgoing connection takes a port between its choice and its use. */
const FIRST = 20_000;
/** Test processes that run side by side get shares of their own. */
const share = process.env["MOCHA_WORKER_ID"] ?? (process.env["NODE_RED"] === "node-red-4" ? 21 : 20);
/** So do suites that run side by side. */
const suite = process.env["PORT_SHARE"] ?? 0;
const first = FIRST + SHARE * (Number(share) + Number(suite));
let next = 0;

/** A port that nobody listens on, and that no other test process will choose. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < SHARE; tries++) {
    const port = first + (next++ % SHARE);
    if (await isFree(port)) return port;
  }
  throw new Error(`no port from ${first} to ${first + SHARE - 1} is free`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, () => server.close(() => resolve(true)));
  });
}
