import { strict as assert } from "node:assert";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import fc from "fast-check";
import { MOST_REQUEST_BYTES, readControls } from "../../../lib/managers/semp/control.ts";
import { FakeClock } from "../../fake-clock.ts";
import { cases } from "../../full.ts";
import { CHARGING, MadeUpSite } from "../site.ts";
import { em2Device, openDoor } from "./open-door.ts";

const ID = "F-12345678-ABCDEF123456-00";
const control = (fields: string) => `<EM2Device><DeviceControl>${fields}</DeviceControl></EM2Device>`;

describe("hostile clients of an SEMP server", () => {
  let site: MadeUpSite;
  let opened: Awaited<ReturnType<typeof openDoor>>;
  const sockets: Socket[] = [];

  beforeEach(async () => {
    site = new MadeUpSite(new FakeClock(), ["CP1", "CP2"]);
    site.reported.set("CP1/1", CHARGING).set("CP2/1", CHARGING);
    opened = await openDoor(site);
  });

  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    await opened.door.close();
  });

  async function stranger(): Promise<Socket> {
    const socket = connect(opened.port, "127.0.0.1");
    socket.on("error", () => {});
    sockets.push(socket);
    await once(socket, "connect");
    return socket;
  }

  it("send XML that is none, or more than SEMP holds: all of it is refused", () => {
    const refused = [
      "",
      "text",
      "<EM2Device>",
      "<EM2Device></EM2Devic>",
      "<Device2EM/>",
      `<!DOCTYPE EM2Device [<!ENTITY a "true">]>${control(`<DeviceId>${ID}</DeviceId><On>&a;</On>`)}`,
      '<!DOCTYPE EM2Device SYSTEM "file:///etc/passwd"><EM2Device/>',
      `<?php x?>${control("")}`,
      control(`<DeviceId>${ID}</DeviceId><On>&true;</On>`),
      control(`<DeviceId>${ID}</DeviceId><On><![CDATA[true]]></On>`),
      control(`<DeviceId>${ID}</DeviceId><On>yes</On>`),
      control(`<DeviceId>${ID}</DeviceId><On>toString</On>`),
      control(`<DeviceId>${ID}</DeviceId>`),
      control("<On>true</On>"),
      control(`<DeviceId>${ID}</DeviceId><DeviceId>${ID}</DeviceId><On>true</On>`),
      control(`<DeviceId>${"F".repeat(200)}</DeviceId><On>true</On>`),
      ...["-1", "NaN", "Infinity", "", "1e300", "0x", "6 kW"].map((power) =>
        control(
          `<DeviceId>${ID}</DeviceId><On>true</On><RecommendedPowerConsumption>${power}</RecommendedPowerConsumption>`,
        ),
      ),
      "<a>".repeat(2000),
      `<EM2Device>${"<DeviceControl/>".repeat(300)}</EM2Device>`,
    ];
    for (const text of refused) assert.throws(() => readControls(text), RangeError, text.slice(0, 100));
    assert.deepEqual(readControls("<EM2Device/>"), []);
    const foreign = `<EM2Device xmlns:o="o"><o:x><On>false</On></o:x><DeviceControl><o:On>false</o:On><DeviceId> ${ID}\n</DeviceId><On>1</On></DeviceControl></EM2Device>`;
    assert.deepEqual(readControls(foreign), [{ deviceId: ID, on: true, powerW: null }]);
  });

  it("send any text: it is read or refused in time that goes with its length", () => {
    const piece = fc.constantFrom(
      "<",
      ">",
      "/",
      "EM2Device",
      "DeviceControl",
      "On",
      "true",
      "&amp;",
      "&",
      "!--",
      "--",
      '="',
      "xmlns:a",
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string()), { maxLength: 60 }), (pieces) => {
        try {
          readControls(pieces.join(""));
        } catch (error) {
          assert.ok(error instanceof RangeError);
        }
      }),
      { numRuns: cases(300, 5000) },
    );
    const longest = (unit: string, open = "<EM2Device>", end = "") =>
      open + unit.repeat((MOST_REQUEST_BYTES - 100) / unit.length) + end;
    const slow = [
      longest("<a/>"),
      longest("&amp;"),
      longest("x"),
      longest(" ", "<EM2Device "),
      longest('a="', "<EM2Device "),
      longest("<!---"),
      longest("-", "<EM2Device><!--"),
      longest('<a xmlns:b="c"/>'),
      longest("x", "<EM2Device><DeviceControl><On>"),
      longest("x", "<"),
    ];
    const tookMs = (text: string): number => {
      const sinceMs = performance.now();
      assert.throws(() => readControls(text), RangeError);
      return performance.now() - sinceMs;
    };
    // The least of three: what else the machine does is no part of it.
    for (const text of slow) assert.ok(Math.min(tookMs(text), tookMs(text), tookMs(text)) < 500, text.slice(0, 40));
  });

  it("send anything as a recommendation: no connector may have more than without them", async () => {
    const ids = ["CP1/1", "CP2/1"].map((id) => opened.door.deviceId(id));
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...ids, ID), fc.boolean(), fc.option(fc.double()), async (id, on, power) => {
        await opened.post(em2Device(id, on, power ?? undefined));
      }),
      { numRuns: cases(60, 200) },
    );
    for (const { limitA } of site.managers.all()) assert.ok(limitA === null || limitA >= 0);
    site.clock.advance(120_000);
    assert.deepEqual(site.managers.all(), [], "and it ends by itself");
  });

  it("send bodies without an end, or one that is announced as huge: they are cut off", async () => {
    for (const length of ["Content-Length: 99999999", "Transfer-Encoding: chunked"]) {
      const socket = await stranger();
      const closed = new Promise((resolve) => socket.once("close", resolve));
      let answer = "";
      socket.on("data", (part) => {
        answer += part;
      });
      socket.write(`POST /semp HTTP/1.1\r\nHost: x\r\n${length}\r\n\r\n`);
      const chunk = length.startsWith("T") ? `4000\r\n${"<".repeat(0x4000)}\r\n` : "<".repeat(0x4000);
      const flooding = setInterval(() => socket.writable && socket.write(chunk), 1);
      await closed;
      clearInterval(flooding);
      assert.ok(answer === "" || answer.startsWith("HTTP/1.1 413"), answer);
    }
    assert.deepEqual(site.managers.all(), []);
  });

  it("send what is no HTTP, or ask without a pause: they lose their connection", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 300 }), async (bytes) => {
        const socket = await stranger();
        socket.end(Buffer.from(bytes));
        await once(socket.resume(), "close");
      }),
      { numRuns: cases(30, 200) },
    );
    const socket = await stranger();
    const closed = once(socket.resume(), "close");
    socket.write("GET /semp HTTP/1.1\r\nHost: x\r\n\r\n".repeat(1000));
    await closed;
    // Who floods takes what all writers together may have within a second.
    await new Promise((resolve) => setTimeout(resolve, 1100));
    assert.ok((await opened.get("/semp")).includes("Device2EM"));
  });

  it("come while nothing is left of a second: they wait unread, and are answered", async () => {
    const told = new Set<string>();
    for (let i = 0; i < 320; i++) {
      const socket = await stranger();
      const parts: Buffer[] = [];
      socket.on("data", (part: Buffer) => void parts.push(part));
      socket.write("GET /semp/nothing HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
      await once(socket, "close");
      told.add(Buffer.concat(parts).toString("latin1").split("\r\n")[0]!);
    }
    assert.deepEqual([...told], ["HTTP/1.1 404 Not Found"]);
  });

  it("dial without an end: few are served, and the one that may write gets in", async () => {
    for (let i = 0; i < cases(300, 3000); i++) await stranger();
    assert.ok(opened.door.clients <= 32, `${opened.door.clients}`);
    assert.equal(await opened.post(em2Device(opened.door.deviceId("CP1/1"), false)), 200);
  });
});
