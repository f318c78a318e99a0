import { strict as assert } from "node:assert";
import fc from "fast-check";
import type { EvError } from "../../lib/errors.ts";
import type { ModbusBus } from "../../lib/modbus/bus.ts";
import { openLine, TRANSPORTS } from "../../lib/modbus/line.ts";
import type { ModbusException, ReadRequest } from "../../lib/modbus/transport.ts";
import { type Act, FaultServer, rightly, whyNot } from "./fault-server.ts";
import { wordsOf } from "./serial-line.ts";

const BLOCK: ReadRequest = { unitId: 1, functionCode: 3, address: 100, count: 12 };
const OTHER: ReadRequest = { ...BLOCK, address: 300 };
const TIMEOUT_MS = 120;
const LATE_MS = 180;
/** Where nothing is to be waited for. */
const PATIENT = { timeoutMs: 5000 };

const late: Act = (asked, send, server) => send(server.reply(asked), LATE_MS);
const silent: Act = () => {};
const split: Act = (asked, send, server) => {
  const bytes = server.reply(asked);
  for (const [at, part] of [bytes.subarray(0, 1), bytes.subarray(1, 5), bytes.subarray(5)].entries())
    send(part, 2 * at);
};
const wrongUnit: Act = (asked, send, server) => send(server.reply({ ...asked, unitId: 2 }));
const wrongId: Act = (asked, send, server) => send(server.reply({ ...asked, transactionId: asked.transactionId + 77 }));
const wrongCount: Act = (asked, send, server) => send(server.reply({ ...asked, count: asked.count - 1 }));
const spoilt: Act = (asked, send, server) => {
  const bytes = Buffer.from(server.reply(asked));
  bytes[9] = (bytes[9] as number) ^ 1;
  send(bytes);
};
const noise: Act = (_asked, send) => send(Buffer.from("login: "));
/** The reply and, in the same segment, one that nobody asked for. */
const merged: Act = (asked, send, server) =>
  send(Buffer.concat([server.reply({ ...asked, address: 0, count: 2, unitId: 3 }), server.reply(asked)]));
const hole: Act = (asked, send, server) => send(server.exception(asked, 2));

for (const transport of TRANSPORTS) {
  const missing = whyNot(transport);

  describe(`Modbus ${transport} with a faulty device${missing}`, () => {
    let server: FaultServer;
    let bus: ModbusBus;

    beforeEach(async function () {
      if (missing) this.skip();
      server = await FaultServer.start(transport);
      bus = openLine({ ...server.settings, timeoutMs: TIMEOUT_MS }, { random: () => 0.5 });
    });

    afterEach(async () => {
      bus?.close();
      await server?.stop();
    });

    const isSerial = transport === "rtu" || transport === "rtu-over-tcp";

    async function isRead(request: ReadRequest): Promise<void> {
      assert.deepEqual(await bus.read(request, PATIENT), wordsOf(request));
    }

    /** As `isRead`, asked only once: a probe gets all that time, also of a unit that answered quickly before. */
    async function isReadAtOnce(request: ReadRequest): Promise<void> {
      assert.deepEqual(await bus.read(request, { ...PATIENT, priority: "probe" }), wordsOf(request));
    }

    /** Every read ends rightly or with an error of ours. */
    async function isHonest(request: ReadRequest): Promise<EvError | null> {
      return bus.read(request).then(
        (words) => {
          assert.deepEqual(words, wordsOf(request));
          return null;
        },
        (error: EvError) => {
          assert.match(error.code, /^EV_MODBUS_/);
          return error;
        },
      );
    }

    it("reads rightly from several units", async () => {
      for (const unitId of [1, 2, 3]) await isReadAtOnce({ ...BLOCK, unitId });
      await isReadAtOnce({ ...BLOCK, functionCode: 4, count: 1 });
      await isReadAtOnce({ ...BLOCK, count: 125 });
      assert.equal(bus.statistics().requests, 5);
    });

    it("takes no late reply for another block's, of the same size or not", async () => {
      await isRead(BLOCK);
      server.acts.push(late, rightly, rightly, late);
      const errors = [];
      for (let n = 0; n < 12; n++) errors.push(await isHonest(n % 2 ? { ...BLOCK, address: 10 * n } : OTHER));
      assert.ok(bus.statistics().lateFrames >= 1);
      assert.ok(bus.statistics().timeouts >= 1);
      assert.equal(errors.at(-1), null);
    });

    it("never mixes up the answers of a device that is always several time-outs behind", async () => {
      server.otherwise = (asked, send) => send(server.reply(asked), 5 * TIMEOUT_MS);
      for (let n = 0; n < 6; n++) await isHonest({ ...BLOCK, address: 20 * n });
      assert.ok(bus.statistics().timeouts >= 1);
    });

    it("puts a reply together however it is cut", async () => {
      server.otherwise = transport === "udp" ? rightly : split;
      for (let n = 0; n < 5; n++) await isReadAtOnce({ ...BLOCK, address: 20 * n });
      assert.equal(bus.statistics().retries, 0);
    });

    it("finds the reply among others in one piece", async () => {
      server.otherwise = merged;
      for (let n = 0; n < 5; n++) await isReadAtOnce({ ...BLOCK, address: 20 * n });
      assert.equal(bus.statistics().lateFrames, 5);
    });

    for (const [what, act] of [
      ["another unit", wrongUnit],
      ["another size", wrongCount],
      ...(isSerial ? [] : [["another transaction", wrongId] as const]),
    ] as const) {
      it(`drops replies of ${what}, counts them and asks once more`, async () => {
        server.acts.push(act);
        assert.deepEqual(await bus.read(BLOCK), wordsOf(BLOCK));
        assert.equal(bus.statistics().retries, 1);
        assert.equal(bus.statistics().lateFrames, 1);
      });
    }

    // TCP and UDP have check sums of their own; what is spoilt before them is spoilt for everybody.
    if (isSerial)
      it("never tells a word of a spoilt frame", async () => {
        server.acts.push(spoilt);
        await isRead(BLOCK);
        assert.equal(bus.statistics().crcErrors, 1);
      });

    it("recovers from bytes that are no frame", async () => {
      server.acts.push(noise);
      await isHonest(BLOCK);
      bus.close();
      bus = openLine({ ...server.settings, timeoutMs: TIMEOUT_MS });
      await isRead(BLOCK);
    });

    it("passes exceptions on, and goes on reading", async () => {
      server.otherwise = (asked, send) => (asked.address === 300 ? hole : rightly)(asked, send, server);
      for (let n = 0; n < 3; n++) {
        await isRead(BLOCK);
        await assert.rejects(bus.read(OTHER), (error: ModbusException) => error.isAddressing);
      }
    });

    it("reads the others at full rate beside a dead unit", async () => {
      server.otherwise = (asked, send) => (asked.unitId === 9 ? silent : rightly)(asked, send, server);
      await isRead(BLOCK);
      for (let n = 0; n < 40; n++) {
        const dead = isHonest({ ...BLOCK, unitId: 9 });
        await Promise.all([1, 2, 3].map((unitId) => isRead({ ...BLOCK, unitId })));
        await dead;
      }
      const toDead = server.asked.filter(({ unitId }) => unitId === 9).length;
      assert.ok(toDead <= 4, `${toDead} requests to the dead unit`);
      if (!isSerial && transport !== "udp") assert.equal(server.connections, 1);
    });

    if (transport === "tcp" || transport === "rtu-over-tcp")
      it("gives a half-open connection up and reads on a new one", async () => {
        await isRead(BLOCK);
        server.otherwise = (asked, send) => (server.connections === 1 ? silent : rightly)(asked, send, server);
        for (let n = 0; n < 3 && server.connections === 1; n++) await isHonest(BLOCK);
        await isRead({ ...BLOCK, address: 7 });
        assert.equal(server.connections, 2);
      });

    it("never tells a wrong word, whatever the device does", async () => {
      const acts = {
        rightly,
        late,
        silent,
        split,
        wrongUnit,
        wrongId,
        wrongCount,
        merged,
        hole,
        ...(isSerial && { spoilt, noise }),
      };
      const name = fc.constantFrom(...(Object.keys(acts) as (keyof typeof acts)[]));
      const property = fc.asyncProperty(
        fc.array(name, { minLength: 4, maxLength: 8 }),
        fc.boolean(),
        async (names, together) => {
          server.acts.splice(0, server.acts.length, ...names.map((one) => acts[one] as Act));
          const requests = names.map((_, index) => ({ ...BLOCK, unitId: 1 + (index % 2), address: 50 * index }));
          if (together) await Promise.all(requests.map(isHonest));
          else for (const request of requests) await isHonest(request);
        },
      );
      await fc.assert(property, { numRuns: 3, endOnFailure: true });
    });
  });
}
