import { strict as assert } from "node:assert";
import { once } from "node:events";
import { connect as dial, type Socket } from "node:net";
import fc from "fast-check";
import { FakeClock } from "../../fake-clock.ts";
import { cases } from "../../full.ts";
import { CHARGING, MadeUpSite } from "../site.ts";
import { connect, registers } from "./client.ts";
import { openDoor } from "./open-door.ts";

const MAPS = ["phasewise", "victron", "bender"] as const;

function frame(pdu: Buffer, unitId = 1): Buffer {
  const bytes = Buffer.alloc(7 + pdu.length);
  bytes.writeUInt16BE(pdu.length + 1, 4);
  bytes[6] = unitId;
  pdu.copy(bytes, 7);
  return bytes;
}

describe("hostile clients of a server for managers", () => {
  let site: MadeUpSite;
  let opened: Awaited<ReturnType<typeof openDoor>>;
  const sockets: Socket[] = [];

  async function open(more: Parameters<typeof openDoor>[1]): Promise<void> {
    site = new MadeUpSite(new FakeClock(), ["CP1", "CP2"]);
    site.reported.set("CP1/1", CHARGING).set("CP2/1", CHARGING);
    opened = await openDoor(site, more);
  }

  async function stranger(): Promise<Socket> {
    const socket = dial(opened.port, "127.0.0.1");
    socket.on("error", () => {});
    sockets.push(socket);
    await once(socket, "connect");
    return socket;
  }

  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    await opened.door.close();
  });

  for (const map of MAPS)
    it(`send any request to the map ${map}: each is answered or cut off, and nothing but what may be written changes`, async () => {
      await open({ map, writable: false });
      const client = await connect(opened.port);
      await fc.assert(
        fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 40 }), async (pdu) => {
          const socket = await stranger();
          socket.write(frame(Buffer.from(pdu)));
          const [answer] = (await once(socket, "data")) as [Buffer];
          assert.ok(answer.length >= 9);
          socket.destroy();
        }),
        { numRuns: cases(100, 500) },
      );
      await fc.assert(
        fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 300 }), async (bytes) => {
          const socket = await stranger();
          socket.end(Buffer.from(bytes));
          await once(socket.resume(), "close");
        }),
        { numRuns: cases(30, 200) },
      );
      assert.deepEqual(site.managers.all(), []);
      assert.equal((await registers(client, map === "victron" ? 5000 : 100)).length, 1);
      await new Promise<void>((resolve) => client.close(() => resolve()));
    });

  it("write anything where they may write: no connector may have more than without them", async () => {
    await open({ map: "phasewise" });
    const client = await connect(opened.port);
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 1200 }),
        fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 1, maxLength: 6 }),
        async (address, words) => {
          await client.writeRegisters(address, words).catch(() => {});
        },
      ),
      { numRuns: cases(200, 2000) },
    );
    for (const { limitA, powerW } of site.managers.all()) {
      assert.ok(limitA === null || limitA >= 0);
      assert.ok(powerW === null || powerW >= 0);
    }
    site.clock.advance(120_000);
    assert.deepEqual(site.managers.all(), [], "and it ends by itself");
    await new Promise<void>((resolve) => client.close(() => resolve()));
  });

  it("dial without an end: few are served, and the one that may write gets in", async () => {
    await open({ map: "phasewise" });
    for (let i = 0; i < cases(300, 10_000); i++) await stranger();
    assert.ok(opened.door.clients <= 32, `${opened.door.clients}`);
    const client = await connect(opened.port);
    assert.deepEqual(await registers(client, 0), [1]);
    await new Promise<void>((resolve) => client.close(() => resolve()));
  });

  it("ask much at once: others have their turn in between, and each is answered", async () => {
    await open({ map: "phasewise" });
    const clients = 30;
    const asks = 100;
    const bytes = asks * (9 + 2 * 3);
    const all = Buffer.concat(Array.from({ length: asks }, () => frame(Buffer.from([3, 0, 0, 0, 3]))));
    let longestMs = 0;
    let lastMs = performance.now();
    const looking = setInterval(() => {
      longestMs = Math.max(longestMs, performance.now() - lastMs);
      lastMs = performance.now();
    }, 5);
    const answered = async (): Promise<number> => {
      const socket = await stranger();
      let got = 0;
      socket.on("data", (chunk: Buffer) => {
        got += chunk.length;
        if (got >= bytes) socket.destroy();
      });
      socket.write(all);
      await once(socket, "close");
      return got;
    };
    const got = await Promise.all(Array.from({ length: clients }, answered));
    clearInterval(looking);
    assert.deepEqual(new Set(got), new Set([bytes]));
    assert.ok(longestMs < 500, `${longestMs} ms`);
  });

  it("ask without reading: they are cut off before much is kept for them", async () => {
    await open({ map: "phasewise" });
    const socket = await stranger();
    socket.pause();
    const asks = Buffer.concat(Array.from({ length: 2000 }, () => frame(Buffer.from([3, 0x03, 0xe8, 0, 50]))));
    const closed = new Promise((resolve) => socket.once("close", resolve));
    const flooding = setInterval(() => socket.writable && socket.write(asks), 5);
    setTimeout(() => socket.resume(), 2000);
    await closed;
    clearInterval(flooding);
  });
});
