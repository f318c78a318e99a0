import { strict as assert } from "node:assert";
import type { ModbusBus } from "../../lib/modbus/bus.ts";
import { openLine } from "../../lib/modbus/line.ts";
import type { ModbusException } from "../../lib/modbus/transport.ts";
import { FakeDevice, frame, refusal, registersOf } from "./fake-device.ts";

const BLOCK = { unitId: 1, functionCode: 3, address: 100, count: 3 } as const;
const SHORT = { timeoutMs: 40 };

describe("ModbusBus on a real socket", () => {
  let device: FakeDevice;
  let bus: ModbusBus;

  afterEach(async () => {
    bus.close();
    await device.stop();
  });

  function busTo(port: number): ModbusBus {
    return openLine({ transport: "tcp", host: "127.0.0.1", port }, { random: () => 0.5 });
  }

  async function start(answer: ConstructorParameters<typeof FakeDevice>[0]): Promise<void> {
    device = await FakeDevice.start(answer);
    bus = busTo(device.port);
  }

  it("reads holding and input registers", async () => {
    await start((request, socket) => socket.write(registersOf(request)));
    assert.deepEqual(await bus.read(BLOCK), [100, 101, 102]);
    assert.deepEqual(await bus.read({ ...BLOCK, functionCode: 4, unitId: 7, count: 1 }), [100]);
    assert.deepEqual(
      device.requests.map(({ unitId, functionCode, address, count }) => [unitId, functionCode, address, count]),
      [
        [1, 3, 100, 3],
        [7, 4, 100, 1],
      ],
    );
  });

  it("has one request in flight, on one connection, however many ask", async () => {
    let inFlight = 0;
    let most = 0;
    await start((request, socket) => {
      most = Math.max(most, ++inFlight);
      setImmediate(() => {
        inFlight--;
        socket.write(registersOf(request));
      });
    });
    const addresses = Array.from({ length: 20 }, (_, index) => index * 10);
    const replies = await Promise.all(
      addresses.map((address) => bus.read({ ...BLOCK, unitId: 1 + (address % 3), address })),
    );
    assert.deepEqual(
      replies.map(([first]) => first),
      addresses,
    );
    assert.equal(most, 1);
    assert.equal(device.connections, 1);
  });

  it("puts a reply together however it is cut", async () => {
    await start((request, socket) => {
      for (const byte of registersOf(request)) socket.write(Buffer.from([byte]));
    });
    assert.deepEqual(await bus.read(BLOCK), [100, 101, 102]);
  });

  it("names the device, the registers and the time when nothing answers", async () => {
    await start(() => {});
    await assert.rejects(bus.read(BLOCK, SHORT), (error: Error & { code: string }) => {
      assert.equal(error.code, "EV_MODBUS_TIMEOUT");
      assert.match(
        error.message,
        /^127\.0\.0\.1:\d+: unit 1, function 3, registers 100 to 102: no answer within 40 ms$/,
      );
      return true;
    });
  });

  it("asks once more when nothing answers, drops the late reply and takes the new one", async () => {
    let held: Buffer | null = null;
    await start((request, socket) => {
      if (!held) held = registersOf({ ...request, address: 9 });
      else {
        socket.write(held);
        socket.write(registersOf(request));
      }
    });
    assert.deepEqual(await bus.read(BLOCK, SHORT), [100, 101, 102]);
    assert.equal(bus.statistics().retries, 1);
    assert.equal(bus.statistics().lateFrames, 1);
    assert.equal(device.connections, 1);
  });

  it("takes no late reply for that of a later request, however many requests on", async () => {
    let answerLate: (() => void) | null = null;
    await start((request, socket) => {
      if (!answerLate) {
        answerLate = () => socket.write(registersOf({ ...request, address: 9 }));
        return;
      }
      if (request.id % 256 === 1) answerLate();
      socket.write(registersOf(request));
    });
    await bus.read({ ...BLOCK, count: 1 }, SHORT);
    for (let n = 0; n < 300; n++)
      assert.deepEqual(await bus.read({ ...BLOCK, address: 1000 + n, count: 1 }), [1000 + n]);
    assert.equal(device.connections, 1);
    assert.ok(bus.statistics().lateFrames >= 1);
  });

  it("passes an exception on and stays connected", async () => {
    await start((request, socket) => socket.write(refusal(request, 2)));
    await assert.rejects(bus.read(BLOCK), (error: ModbusException) => {
      assert.equal(error.code, "EV_MODBUS_EXCEPTION");
      assert.equal(error.exceptionCode, 2);
      assert.match(error.message, /exception 2 \(no such register\)/);
      return error.isAddressing;
    });
    await assert.rejects(bus.read(BLOCK), { code: "EV_MODBUS_EXCEPTION" });
    assert.equal(device.connections, 1);
  });

  const unframed: [string, (id: number) => Buffer][] = [
    ["bytes that are no frame", () => Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n")],
    ["an empty frame", (id) => frame(id, [])],
  ];
  for (const [what, bytes] of unframed) {
    it(`closes a connection that brings ${what}, and recovers on a new one`, async () => {
      await start((request, socket) =>
        socket.write(device.requests.length === 1 ? bytes(request.id) : registersOf(request)),
      );
      await assert.rejects(bus.read(BLOCK), { code: "EV_MODBUS_FRAME" });
      bus.close();
      bus = busTo(device.port);
      assert.deepEqual(await bus.read(BLOCK), [100, 101, 102]);
      assert.equal(device.connections, 2);
    });
  }

  const wrong: [string, (id: number) => Buffer, RegExp][] = [
    ["a frame of another unit", (id) => frame(id, [2, 3, 6, 0, 1, 0, 2, 0, 3]), /was answered by unit 2$/],
    ["an exception of another unit", (id) => frame(id, [2, 0x83, 2]), /was answered by unit 2$/],
    ["a frame of another function", (id) => frame(id, [1, 4, 6, 0, 1, 0, 2, 0, 3]), /was answered by function 4$/],
    ["too few registers", (id) => frame(id, [1, 3, 4, 0, 1, 0, 2]), /was answered with 2 registers instead of 3$/],
    ["a byte count that lies", (id) => frame(id, [1, 3, 4, 0, 1, 0, 2, 0, 3]), /was answered with 3 registers/],
  ];
  for (const [what, bytes, message] of wrong) {
    it(`drops ${what} and takes the right one behind it`, async () => {
      await start((request, socket) => {
        socket.write(bytes(request.id));
        socket.write(registersOf(request));
      });
      assert.deepEqual(await bus.read(BLOCK), [100, 101, 102]);
      assert.equal(bus.statistics().lateFrames, 1);
    });

    it(`says so when nothing but ${what} comes`, async () => {
      await start((request, socket) => socket.write(bytes(request.id)));
      await assert.rejects(bus.read(BLOCK, SHORT), (error: Error & { code: string }) => {
        assert.equal(error.code, "EV_MODBUS_FRAME");
        return message.test(error.message);
      });
      assert.equal(device.connections, 1);
    });
  }

  it("ignores a frame with a foreign transaction id", async () => {
    await start((request, socket) => {
      socket.write(registersOf({ ...request, id: request.id + 4000, address: 9 }));
      socket.write(registersOf(request));
    });
    assert.deepEqual(await bus.read(BLOCK), [100, 101, 102]);
    assert.equal(bus.statistics().lateFrames, 1);
  });

  it("rejects what is pending when the device hangs up", async () => {
    await start((_request, socket) => socket.destroy());
    await assert.rejects(bus.read(BLOCK), { code: "EV_MODBUS_CONNECT" });
  });

  it("connects again after the device hung up in silence", async () => {
    await start((request, socket) => socket.write(registersOf(request)));
    await bus.read(BLOCK);
    for (const socket of device.sockets) socket.end();
    while (bus.isConnected) await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(await bus.read(BLOCK), [100, 101, 102]);
    assert.equal(device.connections, 2);
  });

  it("gives a connection up that answers nobody any more, and connects anew", async () => {
    await start((request, socket) => {
      if (device.connections === 2) socket.write(registersOf(request));
    });
    await assert.rejects(bus.read(BLOCK, SHORT), { code: "EV_MODBUS_TIMEOUT" });
    assert.deepEqual(await bus.read(BLOCK), [100, 101, 102]);
  });

  it("says what is wrong when nobody listens", async () => {
    await start(() => {});
    const { port } = device;
    await device.stop();
    await assert.rejects(bus.read(BLOCK), (error: Error & { code: string }) => {
      assert.equal(error.code, "EV_MODBUS_CONNECT");
      assert.equal(error.message, `127.0.0.1:${port}: connection refused; nothing listens there`);
      return true;
    });
  });

  it("rejects everything when it is closed, also what is asked later", async () => {
    await start(() => {});
    const pending = [bus.read(BLOCK), bus.read(BLOCK)].map((read) =>
      assert.rejects(read, { code: "EV_MODBUS_CONNECT" }),
    );
    await device.received(1);
    bus.close();
    await Promise.all(pending);
    await assert.rejects(bus.read(BLOCK), { code: "EV_MODBUS_CONNECT" });
  });
});
