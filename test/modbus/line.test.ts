import { strict as assert } from "node:assert";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "../../lib/clock.ts";
import { type LineSettings, lineKey, openLine, TRANSPORTS } from "../../lib/modbus/line.ts";
import { connectRtu } from "../../lib/modbus/rtu-lines.ts";
import { FakeClock } from "../fake-clock.ts";
import { freePort } from "../free-port.ts";
import { FakeDevice, registersOf } from "./fake-device.ts";

const BLOCK = { unitId: 1, functionCode: 3, address: 0, count: 2 } as const;

describe("A Modbus line", () => {
  it("has one key, under whichever name it is given", () => {
    const same: [LineSettings, LineSettings][] = [
      [
        { transport: "tcp", host: "Meter.local", port: 502 },
        { transport: "tcp", host: "meter.local", timeoutMs: 3000 },
      ],
      [
        { transport: "rtu", serialPort: "/dev/ttyUSB7", baudRate: 9600 },
        { transport: "rtu", serialPort: "/dev/ttyUSB7", host: "x", port: 1 },
      ],
    ];
    for (const [one, other] of same) assert.equal(lineKey(one), lineKey(other));
  });

  it("has another key for another port, host or transport", () => {
    const keys = TRANSPORTS.map((transport) => lineKey({ transport, host: "a", port: 502, serialPort: "/dev/a" }));
    keys.push(lineKey({ transport: "tcp", host: "a", port: 503 }), lineKey({ transport: "tcp", host: "b" }));
    assert.equal(new Set(keys).size, keys.length);
  });

  it("knows a serial port by all the names that lead to it", () => {
    const folder = mkdtempSync(join(tmpdir(), "port-"));
    try {
      writeFileSync(join(folder, "ttyUSB0"), "");
      symlinkSync(join(folder, "ttyUSB0"), join(folder, "by-id"));
      const [port, link] = ["ttyUSB0", "by-id"].map((name) =>
        lineKey({ transport: "rtu", serialPort: join(folder, name) }),
      );
      assert.equal(port, link);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("has the format of its wire where it is serial, 19200 8N1 unless told", () => {
    const formats = TRANSPORTS.map((transport) => openLine({ transport, host: "a", serialPort: "b" }).format);
    const usual = { baudRate: 19_200, bitsPerCharacter: 10 };
    assert.deepEqual(formats, [null, usual, usual, null]);
    const { format } = openLine({ transport: "rtu", serialPort: "b", baudRate: 9600, parity: "even" });
    assert.deepEqual(format, { baudRate: 9600, bitsPerCharacter: 11 });
  });

  it("says what to do where the package for serial ports is missing", async () => {
    const settings = { serialPort: "/dev/ttyUSB0", baudRate: 9600, parity: "none", stopBits: 1 } as const;
    const missing = () => Promise.reject(new Error("Cannot find package 'serialport'"));
    await assert.rejects(connectRtu(settings, systemClock, missing), {
      code: "EV_MODBUS_SERIAL",
      message: "the package serialport cannot be loaded; install it beside this one: npm install serialport",
    });
  });

  it("names the serial port that cannot be opened", async () => {
    const bus = openLine({ transport: "rtu", serialPort: "/dev/there-is-none" });
    await assert.rejects(bus.read(BLOCK), (error: Error & { code: string }) => {
      assert.equal(error.code, "EV_MODBUS_CONNECT");
      return error.message.startsWith("/dev/there-is-none: ");
    });
    bus.close();
  });

  it("names the peer that nobody listens at, over UDP too", async () => {
    const port = await freePort();
    const bus = openLine({ transport: "udp", host: "127.0.0.1", port });
    await assert.rejects(bus.read(BLOCK), (error: Error & { code: string }) => {
      assert.equal(error.code, "EV_MODBUS_CONNECT");
      return error.message.startsWith(`127.0.0.1:${port}: `);
    });
    bus.close();
  });

  it("survives a thousand reconnects and leaves no socket behind", async () => {
    const device = await FakeDevice.start((request, socket) => socket.end(registersOf(request)));
    // The device hears one request on each connection: on a busy machine a short time-out would send a second one.
    const bus = openLine({ transport: "tcp", host: "127.0.0.1", port: device.port }, { clock: new FakeClock() });
    const sockets = () => process.getActiveResourcesInfo().filter((kind) => kind === "TCPSocketWrap").length;
    const before = sockets();
    for (let n = 0; n < 1000; n++) {
      assert.deepEqual(await bus.read({ ...BLOCK, address: n }), [n, n + 1]);
      while (bus.isConnected) await new Promise((resolve) => setImmediate(resolve));
    }
    assert.equal(bus.statistics().connects, 1000);
    bus.close();
    await device.stop();
    while (sockets() > before) await new Promise((resolve) => setImmediate(resolve));
  });

  it("has up to four requests on their way to a TCP device that can", async () => {
    const held: (() => void)[] = [];
    const device = await FakeDevice.start((request, socket) => {
      held.push(() => socket.write(registersOf(request)));
      if (held.length === 4) for (const reply of held.splice(0).reverse()) reply();
    });
    const bus = openLine({ transport: "tcp", host: "127.0.0.1", port: device.port, inFlight: 9 });
    const addresses = [0, 10, 20, 30, 40, 50, 60, 70];
    const replies = await Promise.all(addresses.map((address) => bus.read({ ...BLOCK, address })));
    assert.deepEqual(
      replies.map(([first]) => first),
      addresses,
    );
    bus.close();
    await device.stop();
  });
});

describe("The statistics of a line", () => {
  it("tell what happened on it", async () => {
    const device = await FakeDevice.start((request, socket) => socket.write(registersOf(request)));
    const bus = openLine({ transport: "tcp", host: "127.0.0.1", port: device.port });
    assert.deepEqual(bus.statistics().cycleMs, null);
    for (let n = 0; n < 20; n++) await Promise.all([1, 2].map((unitId) => bus.read({ ...BLOCK, unitId })));
    const { latencyP50Ms, latencyP99Ms, cycleMs, utilisationPercent, units, ...rest } = bus.statistics();
    assert.deepEqual(rest, {
      isConnected: true,
      queued: 0,
      requests: 40,
      retries: 0,
      coalesced: 0,
      timeouts: 0,
      exceptions: 0,
      crcErrors: 0,
      lateFrames: 0,
      drops: 0,
      refused: 0,
      connects: 1,
      skipped: 0,
      idealCycleMs: null,
    });
    assert.ok((latencyP50Ms as number) > 0 && (latencyP50Ms as number) <= (latencyP99Ms as number));
    assert.ok((cycleMs as number) >= 1.5 * (latencyP50Ms as number), "a round is both units");
    assert.ok(utilisationPercent > 0 && utilisationPercent <= 100);
    assert.deepEqual(
      units.map(({ unitId, failures, restMs }) => [unitId, failures, restMs]),
      [
        [1, 0, 0],
        [2, 0, 0],
      ],
    );
    bus.close();
    await device.stop();
  });
});
