import { once } from "node:events";
import { createServer } from "node:net";

/** The pictures show the ports of the example. @throws Error when another program listens on one of them */
export async function mustBeFree(port: number): Promise<void> {
  const probe = createServer().listen(port);
  await once(probe, "listening").catch(() => {
    throw new Error(`port ${port} is used by another program`);
  });
  probe.close();
  await once(probe, "close");
}
