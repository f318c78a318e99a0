/** Many charge points at once: raw sockets in one process, all of ours that answers them in another. */
import { strict as assert } from "node:assert";
import { Clients, Server } from "../../bench/ocpp/contestants.ts";
import { isFull } from "../full.ts";
import { isLong, pick } from "./scale.ts";

describe("drill of load: many charge points", function () {
  this.timeout(0);

  let server: Server;
  let clients: Clients;
  const open = async (chargePoints: number): Promise<void> => {
    server = await Server.start("phasewise", chargePoints);
    clients = new Clients();
  };
  afterEach(async () => {
    await clients?.end();
    await server?.end();
  });

  if (isFull || isLong)
    it("5,000 connect and report at once, and each gets its answer", async () => {
      const count = 5000;
      await open(count);
      await clients.connect(server, count, "hour", 500);
      for (let round = 0; round < pick(3, 30); round++) {
        const { calls } = await clients.report(server);
        assert.equal(calls, count);
      }
    });

  it("run at load, come and go, and leave nothing behind", async () => {
    const count = pick(100, 1000);
    const rounds = pick(3, 60);
    const roundMs = pick(400, 30_000);
    await open(count + 2);
    await clients.connect(server, count);
    const round = async (): Promise<void> => {
      await clients.annoy(server, count, "flood");
      await clients.annoy(server, count + 1, "freeze");
      const { calls } = await clients.run(server, roundMs, pick(20, 100));
      assert.ok(calls > 0);
      await clients.annoy(server, count, "leave");
      await clients.annoy(server, count + 1, "leave");
    };
    // What fills up by design is full then: logs, compiled code.
    for (let warmUp = 0; warmUp < pick(2, 6); warmUp++) await round();
    const before = await server.usage(true);
    for (let turn = 0; turn < rounds; turn++) await round();
    const after = await server.usage(true);
    assert.deepEqual(after.warnings, []);
    for (const kind of ["Timeout", "Immediate", "TCPSocketWrap", "TCPServerWrap"]) {
      const more = (after.handles[kind] ?? 0) - (before.handles[kind] ?? 0);
      assert.ok(more <= 5, `${more} more of ${kind}: ${JSON.stringify(after.handles)}`);
    }
    const grownMB = (after.heapBytes - before.heapBytes) / 1e6;
    if (isLong)
      console.log(`        memory in use grew by ${grownMB.toFixed(1)} MB in ${(rounds * roundMs) / 60_000} min`);
    if (isLong) assert.ok(grownMB < 20, `${grownMB} MB more in use`);
  });
});
