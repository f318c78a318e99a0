import { strict as assert } from "node:assert";
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { openLine } from "../../lib/modbus/line.ts";

const BLOCK = { unitId: 1, functionCode: 3, address: 100, count: 1 } as const;
/** Far longer than any time-out here. */
const HELD_UP_MS = 400;

/** A device that answers at once, also while this thread does not run. It counts requests. */
const DEVICE = `
  const { createServer } = require("node:net");
  const { parentPort } = require("node:worker_threads");
  let requests = 0;
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.on("data", (bytes) => {
      requests++;
      if (bytes.readUInt16BE(8) === 100)
        socket.write(Buffer.from([bytes[0], bytes[1], 0, 0, 0, 5, bytes[6], 3, 2, 0, 7]));
    });
  });
  server.listen(0, "127.0.0.1", () => parentPort.postMessage(server.address().port));
  parentPort.on("message", () => parentPort.postMessage(requests));
`;

describe("A Modbus line whose process was held up", () => {
  let device: Worker;
  let port: number;

  const requests = async (): Promise<number> => {
    device.postMessage("how many");
    const [count] = (await once(device, "message")) as [number];
    return count;
  };
  const holdUp = (): void => {
    const endMs = performance.now() + HELD_UP_MS;
    while (performance.now() < endMs);
  };

  beforeEach(async () => {
    device = new Worker(DEVICE, { eval: true });
    [port] = (await once(device, "message")) as [number];
  });
  afterEach(() => device.terminate());

  it("takes the answer that came in time, and asks for nothing again", async () => {
    const bus = openLine({ transport: "tcp", host: "127.0.0.1", port, timeoutMs: 50 });
    for (let n = 0; n < 5; n++) await bus.read(BLOCK);
    for (let n = 0; n < 3; n++) {
      const read = bus.read(BLOCK);
      holdUp();
      assert.deepEqual(await read, [7]);
    }
    const { timeouts, retries, lateFrames, latencyP99Ms } = bus.statistics();
    assert.ok(latencyP99Ms! < HELD_UP_MS, "how long it was held up tells nothing of the device");
    assert.deepEqual({ timeouts, retries, lateFrames }, { timeouts: 0, retries: 0, lateFrames: 0 });
    assert.equal(await requests(), 8);
    bus.close();
  });

  it("still finds out that no answer came", async () => {
    const bus = openLine({ transport: "tcp", host: "127.0.0.1", port, timeoutMs: 50 });
    const read = bus.read({ ...BLOCK, address: 5 });
    holdUp();
    await assert.rejects(read, { code: "EV_MODBUS_TIMEOUT" });
    bus.close();
  });
});
