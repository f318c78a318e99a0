import { connect } from "node:net";

export { freePort } from "../free-port.ts";

/** Waits until a program listens: a flow counts as started before its servers have opened their ports. */
export async function listening(port: number, withinMs = 20_000): Promise<void> {
  const opens = () =>
    new Promise<boolean>((resolve) => {
      const socket = connect(port, "127.0.0.1", () => {
        socket.destroy();
        resolve(true);
      });
      socket.on("error", () => resolve(false));
    });
  await until(`somebody listens on port ${port}`, opens, withinMs);
}

/** Waits until something holds, looking every 25 ms: for what has no event of its own. */
export async function until(what: string, holds: () => boolean | Promise<boolean>, withinMs = 30_000): Promise<void> {
  const endMs = performance.now() + withinMs;
  while (!(await holds())) {
    if (performance.now() > endMs) throw new Error(`not within ${withinMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
